"""Where helping stands on other pages: the first page, "me", the desk, the village's links."""

from datetime import datetime

from flask import g, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from portal.assisting import (
    arrival_views,
    ask_views,
    counting,
    recognition_views,
    sitting_views,
    watch_views,
)
from portal.assisting.blueprint import bp
from portal.core.access import Part, Viewer, may
from portal.core.slots import Card, Link

__all__ = [
    "DESK_LINKS",
    "VILLAGE_LINKS",
    "arrival_views",
    "bp",
    "desk_cards",
    "home_cards",
    "me_cards",
    "sitting_views",
]

DESK_LINKS: tuple[Link, ...] = (
    Link(_l("Help with entering"), "assisting.helpers", watch_views.WATCHERS),
    Link(_l("Recognise residents"), "assisting.requests", recognition_views.VOUCHERS),
)
VILLAGE_LINKS: tuple[Link, ...] = (
    Link(_l("Help with entering"), "assisting.totals", (Part.ANYONE,)),
)


def home_cards(*, now: datetime, **_facts: object) -> list[Card]:
    """Offer what waits for the witness; nothing else belongs on the first page."""
    return _witness_cards(now)


def me_cards(*, now: datetime, **_facts: object) -> list[Card]:
    """Offer helping, what was entered for me, and being recognised."""
    cards = _witness_cards(now) + recognition_views.me_cards(now=now)
    if may(*ask_views.HELPERS):
        cards.append(
            Card(
                title=_("Enter for somebody"),
                line=_("For people who cannot do it themselves, before a witness"),
                href=url_for("assisting.index"),
                action=_("Begin"),
                rank=-20,
            )
        )
    if may(Part.VILLAGER):
        lines = counting.list_for_person(g.viewer.resident_id, now=now)
        new = [line for line in lines if line.may_object]
        cards.append(
            Card(
                title=_("Entered for me"),
                line=ngettext("%(num)d time", "%(num)d times", len(lines))
                if lines
                else _("Nobody has entered anything for you."),
                href=url_for("assisting.mine"),
                action=_("Look"),
                chip=_("new") if new else "",
                chip_kind="warn",
                rank=-21,
            )
        )
    return cards


def desk_cards(*, now: datetime, **_facts: object) -> list[Card]:
    """Offer what waits for staff: objections, and requests to be recognised."""
    return watch_views.desk_cards(now=now) + recognition_views.desk_cards(now=now)


def _witness_cards(now: datetime) -> list[Card]:
    viewer: Viewer | None = g.get("viewer")
    if viewer is None or viewer.sitting_id or not viewer.parts:
        return []
    return [
        Card(
            title=_("You are asked to be a witness"),
            line=_("%(helper)s wants to enter for %(person)s.", helper=x.helper, person=x.person),
            href=url_for("assisting.show", sitting_id=x.id),
            action=_("Answer"),
            chip=_("Waits for you"),
            chip_kind="warn",
            rank=50,
        )
        for x in counting.list_for_witness(viewer.account_id, now=now)
    ]
