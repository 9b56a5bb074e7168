"""The monthly table of moderation, for everybody: as a page, and as the file of the record."""

from flask import Response, render_template, request
from flask_babel import lazy_gettext as _l

from portal.core import clock
from portal.core.access import Part, requires
from portal.core.pages import download, village_blueprint
from portal.core.slots import Link
from portal.moderation import months
from portal.moderation.months_rules import FEW, HIDDEN_FOR
from portal.moderation.months_words import words_of

bp = village_blueprint("months", __name__, "/moderation/months")

VILLAGE_LINKS = (Link(_l("Moderation in figures"), "months.index", (Part.ANYONE,)),)


@bp.get("")
@requires(Part.ANYONE)
def index() -> str:
    """Show a month that is closed as its file says, or the present one so far."""
    wanted = request.args.get("month", "")
    closed = months.get_month(wanted) if wanted else None
    now = clock.now()
    this_month = clock.today(now).replace(day=1)
    return render_template(
        "moderation/months.html",
        lines=months.lines_of(closed) if closed else months.gather(this_month, now=now),
        month=closed.begins_on if closed else this_month,
        closed=closed,
        months=months.list_months(),
        words_of=words_of,
        for_a_reason=HIDDEN_FOR,
        few=FEW,
    )


@bp.get("/<month>.csv")
@requires(Part.ANYONE)
def file(month: str) -> Response:
    """Hand out the file of a closed month, byte for byte as the record has its digest."""
    found = months.get_month(month)
    name = f"moderation-{found.begins_on:%Y-%m}.csv"
    return download(months.file_of(found), name, "text/csv; charset=utf-8")
