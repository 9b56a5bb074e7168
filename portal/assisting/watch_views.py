"""Pages of those who watch over the help, and the public totals."""

from datetime import date, datetime, timedelta

from flask import render_template, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from portal.assisting import counting, ports
from portal.assisting.blueprint import bp
from portal.assisting.words import FLAGS
from portal.core import clock
from portal.core.access import Part, may, requires
from portal.core.slots import Card
from portal.core.suppression import THRESHOLD, is_small

WATCHERS = (Part.COMMITTEE, Part.SUPERVISOR, Part.AUDITOR, Part.ADMIN)
OBJECTIONS_SHOWN = timedelta(days=90)


@bp.get("/helpers")
@requires(*WATCHERS)
def helpers() -> str:
    """Show who helped how many, month by month, what to look at, and the objections."""
    now = clock.now()
    return render_template(
        "assisting/helpers.html",
        helpers=counting.helpers(since=_a_year_ago(now)),
        shares=counting.shares(),
        objected=counting.list_objected(now=now, since=now - OBJECTIONS_SHOWN),
        kinds=ports.kinds(),
        flags=FLAGS,
    )


@bp.get("/totals")
@requires(Part.ANYONE, on_behalf=True)
def totals() -> str:
    """Show everybody how much was entered with help. Months with few people say “few”."""
    months = counting.months(since=_a_year_ago(clock.now()))
    return render_template(
        "assisting/totals.html",
        months=[(month, is_small(len(month.persons))) for month in months],
        kinds=ports.kinds(),
        threshold=THRESHOLD,
    )


def desk_cards(*, now: datetime) -> list[Card]:
    """Offer the objections of the last days, and the helpers' list."""
    if not may(*WATCHERS):
        return []
    objected = counting.list_objected(now=now, since=now - timedelta(days=30))
    line = ngettext(
        "%(num)d objection within 30 days", "%(num)d objections within 30 days", len(objected)
    )
    return [
        Card(
            title=_("Help with entering"),
            line=line if objected else _("Who entered how much for others"),
            href=url_for("assisting.helpers"),
            action=_("Look"),
            chip=_("Objection") if objected else "",
            chip_kind="warn",
            rank=30 if objected else -30,
        )
    ]


def _a_year_ago(now: datetime) -> date:
    today = clock.today(now)
    return today.replace(year=today.year - 1, day=1)
