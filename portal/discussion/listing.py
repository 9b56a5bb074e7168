"""How opinions are listed: about what, in which order, page by page; and marked on the map."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import request
from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.discussion import reading
from portal.discussion.models import Comment
from portal.discussion.rules import SPOT, WHOLE, Order
from portal.maps.detail import Detail
from portal.plans import spots
from portal.plans.models import PlanVersion

PAGE_LENGTH = 30
ORDERS: dict[Order, LazyString] = {
    Order.NEWEST: _l("Newest first"),
    Order.OLDEST: _l("Oldest first"),
}


@dataclass(frozen=True)
class Marks:
    """Opinions on spots of the map: where its picture lies, and number, x and y of each."""

    frame: Detail
    marks: Sequence[tuple[int, float, float]]


@dataclass(frozen=True)
class Listed:
    """One page of opinions, and the ways to others. `parts`: key, title and count of each."""

    opinions: Sequence[reading.Opinion]
    about: str | None
    about_title: str
    order: Order
    parts: Sequence[tuple[str, str, int]]
    tally: reading.Tally
    marks: Marks | None
    more: dict[str, int | str] | None


def listed(version: PlanVersion, anchors: Mapping[str, str]) -> Listed:
    """Return the page of opinions that is asked for."""
    about, order = _about(anchors), _order()
    beyond = "before" if order is Order.NEWEST else "after"
    found = reading.list_opinions(
        version.id,
        limit=PAGE_LENGTH + 1,
        about=about,
        order=order,
        **{beyond: request.args.get(beyond, type=int)},
    )
    shown = found[:PAGE_LENGTH]
    more: dict[str, int | str] | None = None
    if len(found) > PAGE_LENGTH:
        more = {beyond: shown[-1].comment.number, "order": order.value}
        more |= {} if about is None else {"about": about or WHOLE}
    titles = {**anchors, "": _("The whole plan"), SPOT: _("Spots on the map")}
    counts = reading.tallies_of_parts(version.id)
    return Listed(
        opinions=shown,
        about=about,
        about_title="" if about is None else titles.get(about, about),
        order=order,
        parts=[(key or WHOLE, titles[key], counts[key].total) for key in titles if key in counts],
        tally=reading.Tally(
            total=sum(part.total for part in counts.values()),
            hidden=sum(part.hidden for part in counts.values()),
            answered=sum(part.answered for part in counts.values()),
            changed=sum(part.changed for part in counts.values()),
        ),
        marks=_marks(version) if about == SPOT else None,
        more=more,
    )


def spots_of(version: PlanVersion, comment: Comment) -> Marks | None:
    """Return where the spot lies that one opinion is about."""
    return _marks(version, number=comment.number) if comment.about == SPOT else None


def _marks(version: PlanVersion, *, number: int | None = None) -> Marks | None:
    frame = spots.frame_of(version)
    if frame is None:
        return None
    found = reading.list_spots(version.id, number=number)
    return Marks(frame, [(n, *spots.place_on(frame, spot)) for n, spot in found])


def _about(anchors: Mapping[str, str]) -> str | None:
    about = request.args.get("about")
    if about == WHOLE:
        return ""
    if about and (about == SPOT or spots.read_spot(about)):
        return SPOT
    return about if about in anchors else None


def _order() -> Order:
    wanted = request.args.get("order")
    return Order(wanted) if wanted in set(Order) else Order.NEWEST
