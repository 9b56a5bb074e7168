"""The roster: its list, its record and its way out."""

from datetime import datetime

from flask import g, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.core import audit, clock, pages
from portal.core.access import may, requires
from portal.core.audit import Look
from portal.core.db import transaction
from portal.core.sheets import csv_bytes, xlsx_bytes
from portal.core.slots import Card, Link
from portal.people import residents
from portal.people import service as people
from portal.roster import (
    import_views,  # noqa: F401 -- more pages of the blueprint
    imports,
    labels,
    resident_views,  # noqa: F401 -- more pages of the blueprint
    service,
)
from portal.roster.blueprint import KEEPERS, bp, page_of
from portal.roster.columns import COLUMNS
from portal.roster.forms import ExportForm

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PER_PAGE = 50
DESK_LINKS = (Link(_l("Roster"), "roster.index", KEEPERS),)
ID_LAST4 = "身份证后四位"


def desk_cards(*, now: datetime, **_facts: object) -> list[Card]:
    """Offer the roster on the desk, and first what waits for a second person."""
    if not may(*KEEPERS):
        return []
    cards = []
    waiting = imports.find_waiting()
    if waiting is not None:
        cards.append(
            Card(
                _("A change of the roster waits"),
                _("A ballot is under way, so a second person must agree to it."),
                url_for("roster.show_import", import_id=waiting.id),
                _("Look at it"),
                chip=_("waits for a second person"),
                chip_kind="warn",
                rank=5,
            )
        )
    adults, residents, households = people.count_roster(day=clock.today(now))
    line = _(
        "%(residents)s residents, %(adults)s of them electors, in %(households)s households",
        residents=residents,
        adults=adults,
        households=households,
    )
    return [*cards, Card(_("Roster"), line, url_for("roster.index"), _("Open the roster"))]


@bp.get("/roster")
@requires(*KEEPERS)
def index() -> str:
    """List the residents, with a search; phones and birthdays are masked."""
    search = request.args.get("q", "").strip()
    page = max(request.args.get("page", 1, type=int), 1)
    group_id = request.args.get("group", type=int)
    with_left = request.args.get("left") == "1"
    lines, total = residents.list_residents(
        search=search, group_id=group_id, page=page, per_page=PER_PAGE, with_left=with_left
    )
    electors, here, households = people.count_roster(day=clock.today(clock.now()))
    return render_template(
        "roster/index.html",
        lines=lines,
        page=page_of(list(lines), total, page=page, per_page=PER_PAGE),
        search=search,
        group_id=group_id,
        with_left=with_left,
        groups=people.group_names(),
        waiting=imports.find_waiting(),
        roster_counts=(here, households, electors),
        labels=labels,
    )


@bp.get("/roster/log")
@requires(*KEEPERS)
def log() -> str:
    """Show every change of the roster: who, when, why, before and after."""
    page = max(request.args.get("page", 1, type=int), 1)
    entries, total = service.list_changes(page=page, per_page=PER_PAGE)
    return render_template(
        "roster/log.html",
        entries=entries,
        page=page_of(list(entries), total, page=page, per_page=PER_PAGE),
        labels=labels,
    )


@bp.get("/roster/export")
@requires(*KEEPERS)
def export_page(form: ExportForm | None = None) -> str:
    """Ask what the roster is taken out for."""
    return render_template("roster/export.html", form=form or ExportForm(formdata=None))


@bp.post("/roster/export")
@requires(*KEEPERS)
def export() -> ResponseReturnValue:
    """Hand out the roster for the village's own use; everybody on it can read who took it."""
    form = ExportForm()
    if not form.validate_on_submit():
        return export_page(form), 422
    with transaction():
        audit.note(Look.EXPORTED, "roster", now=clock.now(), reason=form.reason.data)
        rows = service.roster_rows()
    heads = [ID_LAST4 if key == "id_last4" else COLUMNS[key][0] for key in service.EXPORTED]
    name = _("Roster of %(village)s", village=g.village.name)
    if form.kind.data == "csv":
        return pages.download(csv_bytes(heads, rows), f"{name}.csv", "text/csv")
    return pages.download(xlsx_bytes([("名册", heads, rows)]), f"{name}.xlsx", XLSX)


def me_cards(*, now: datetime, **_facts: object) -> list[Card]:
    """Offer nothing on "me": what is kept of somebody stands with the privacy pages."""
    return []
