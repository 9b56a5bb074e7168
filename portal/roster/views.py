"""The roster: its list, its way in and its way out."""

from datetime import datetime

from flask import (
    flash,
    g,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_sqlalchemy.pagination import Pagination

from portal.core import (
    audit,  # noqa: F401 -- the table must be known
    clock,
    pages,
)
from portal.core.access import Part, may, requires
from portal.core.db import transaction
from portal.core.sheets import csv_bytes
from portal.core.slots import Card, Link
from portal.people import rules
from portal.people import service as people
from portal.roster import (
    models,  # noqa: F401 -- the tables must be known
    reading,
    service,
)
from portal.roster.forms import RosterForm
from portal.roster.template import OWN_COLUMNS, heads, template_xlsx
from portal.roster.words import explain

bp = pages.village_blueprint("roster", __name__, "/desk")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PER_PAGE = 50
DESK_LINKS = (Link(_l("Roster"), "roster.index", (Part.COMMITTEE, Part.ADMIN)),)


class Page(Pagination):
    """One page of a list that the service has cut already."""

    def _query_items(self) -> list[object]:
        return list(self._query_args["items"])

    def _query_count(self) -> int:
        return int(self._query_args["total"])


def desk_cards(*, now: datetime, **_facts: object) -> list[Card]:
    """Offer the roster on the desk."""
    if not may(Part.COMMITTEE, Part.ADMIN):
        return []
    adults, residents, households = people.count_roster(day=clock.today(now))
    line = _(
        "%(residents)s residents, %(adults)s of them adults, in %(households)s households",
        residents=residents,
        adults=adults,
        households=households,
    )
    return [Card(_("Roster"), line, url_for("roster.index"), _("Open the roster"))]


@bp.get("/roster")
@requires(Part.COMMITTEE, Part.ADMIN)
def index() -> str:
    """List the residents, with a search."""
    search = request.args.get("q", "").strip()
    page = request.args.get("page", 1, type=int)
    group_id = request.args.get("group", type=int)
    lines, total = people.list_residents(
        search=search, group_id=group_id, page=max(page, 1), per_page=PER_PAGE
    )
    return render_template(
        "roster/index.html",
        lines=lines,
        page=Page(items=lines, total=total, page=max(page, 1), per_page=PER_PAGE, error_out=False),
        search=search,
        group_id=group_id,
        groups=people.group_names(),
        sexes={
            rules.Sex.MALE: _("male"),
            rules.Sex.FEMALE: _("female"),
            rules.Sex.UNKNOWN: _("unknown"),
        },
    )


@bp.get("/roster/import")
@requires(Part.COMMITTEE, Part.ADMIN)
def import_page(
    form: RosterForm | None = None, faults: list[reading.RowFault] | None = None
) -> str:
    """Show how a roster is handed in, or what is wrong with the one that was."""
    return render_template(
        "roster/import.html",
        form=form or RosterForm(formdata=None),
        faults=faults or [],
        explain=explain,
        columns=reading.COLUMNS,
        required=reading.REQUIRED_COLUMNS,
    )


@bp.get("/roster/template.xlsx")
@requires(Part.COMMITTEE, Part.ADMIN)
def template() -> ResponseReturnValue:
    """Hand out an empty roster with examples and a sheet on its columns."""
    content = template_xlsx()
    return pages.download(content, "名册模板.xlsx", XLSX)


@bp.post("/roster/import")
@requires(Part.COMMITTEE, Part.ADMIN)
def import_roster() -> ResponseReturnValue:
    """Take a roster: all of it, or none and the list of what is wrong."""
    form = RosterForm()
    if not form.validate_on_submit():
        return import_page(form), 422
    now = clock.now()
    found = reading.read_file(
        form.file.data.filename or "",
        form.file.data.read(),
        day=clock.today(now),
        village_code=g.village.code,
    )
    if found.faults:
        return import_page(form, found.faults), 422
    with transaction():
        done = service.import_roster(found.rows, now=now)
    flash(
        _(
            "%(added)s residents were added and %(updated)s brought up to date.",
            added=done.added,
            updated=done.updated,
        ),
        "success",
    )
    return redirect(url_for(".index"), 303)


@bp.get("/roster.csv")
@requires(Part.COMMITTEE, Part.ADMIN)
def csv() -> ResponseReturnValue:
    """Hand out the roster, in the columns in which it can be imported again."""
    rows = service.roster_rows()
    return pages.download(
        csv_bytes(heads(OWN_COLUMNS), rows), f"{g.village.name}名册.csv", "text/csv"
    )


def me_cards(*, now: datetime, **_facts: object) -> list[Card]:
    """Offer what belongs on "me"."""
    return []
