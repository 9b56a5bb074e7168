"""Handing out what was said in a room, without names, for a purpose that everybody can read."""

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.core import audit, clock
from portal.core.access import Part, requires
from portal.core.audit import Look
from portal.core.db import transaction
from portal.core.pages import download
from portal.core.sheets import csv_bytes
from portal.rooms import exporting
from portal.rooms.blueprint import bp
from portal.rooms.entering import enter
from portal.rooms.forms import ExportForm
from portal.rooms.rules import Kind
from portal.rooms.words import BADGES, title


@bp.get("/<int:room_id>/export")
@requires(Part.COMMITTEE, Part.PLANNER)
def export_page(room_id: int, form: ExportForm | None = None) -> str:
    """Ask what the talk is taken out for."""
    seat, _person = enter(room_id)
    return render_template(
        "rooms/export.html",
        seat=seat,
        title=title(seat.place, seat.name),
        form=form or ExportForm(formdata=None),
    )


@bp.post("/<int:room_id>/export")
@requires(Part.COMMITTEE, Part.PLANNER)
def export(room_id: int) -> ResponseReturnValue:
    """Hand out the talk with its speakers as numbers; the look is noted with its purpose."""
    seat, _person = enter(room_id)
    form = ExportForm()
    if not form.validate_on_submit():
        return export_page(room_id, form), 422
    group_id = seat.place.number if seat.place.kind is Kind.GROUP else None
    with transaction():
        audit.note(
            Look.EXPORTED,
            "room-talk",
            now=clock.now(),
            group_id=group_id,
            reason=form.reason.data or "",
        )
        rows = [_cells(row) for row in exporting.list_rows(room_id)]
    heads = [
        _("Number"),
        _("When"),
        _("Group"),
        _("Speaker"),
        _("Speaks as"),
        _("Replies to number"),
        _("Text"),
    ]
    content = csv_bytes(heads, rows)
    return download(content, f"{title(seat.place, seat.name)}.csv", "text/csv; charset=utf-8")


def _cells(row: exporting.Row) -> list[str | int | None]:
    badge = str(BADGES[row.badge]) if row.badge else ""
    when = f"{row.said_at:%Y-%m-%d %H:%M}"
    return [row.number, when, row.group, row.speaker, badge, row.answers, row.body]
