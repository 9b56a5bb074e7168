"""Pages of the spatial conflicts: the register with its map, one conflict, files, a new check."""

from collections.abc import Sequence

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from markupsafe import Markup

from portal.analysis import forms, service
from portal.analysis.guarding import EDITORS, Opened, content_of, opened, text_size
from portal.analysis.listing import PAGE, Line
from portal.analysis.pictures import draw_conflicts
from portal.analysis.rules import BENCHMARK
from portal.analysis.words import REFUSALS, STATES, boundary_words
from portal.core import clock
from portal.core.access import Part, requires
from portal.core.db import transaction
from portal.core.errors import Refused
from portal.core.pages import Page, download
from portal.core.sheets import Cell, csv_bytes, xlsx_bytes
from portal.maps import svg
from portal.maps.words import words as map_words

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def register(bp: Blueprint) -> None:
    """Hang these pages onto the blueprint of the checks."""
    for rule, view, method in (
        ("/<int:version_id>/conflicts", conflicts, "GET"),
        ("/<int:version_id>/conflicts", check, "POST"),
        ("/<int:version_id>/conflicts.csv", csv_file, "GET"),
        ("/<int:version_id>/conflicts.xlsx", xlsx_file, "GET"),
        ("/conflicts/<int:conflict_id>", conflict, "GET"),
        ("/conflicts/<int:conflict_id>", settle, "POST"),
    ):
        bp.add_url_rule(rule, endpoint=view.__name__, view_func=view, methods=[method])


@requires(Part.ANYONE, on_behalf=True)
def conflicts(version_id: int) -> str:
    """Show the register: how many patches, each conflict with its owner, and the map."""
    seen = opened(version_id)
    page = max(request.args.get("page", 1, int), 1)
    found = service.find_register(version_id)
    counts = service.count_conflicts(version_id)
    total = sum(counts.values())
    lines = service.list_conflicts(version_id, offset=(page - 1) * PAGE, limit=PAGE)
    if page > 1 and not lines:
        abort(404)
    return render_template(
        "analysis/conflicts.html",
        seen=seen,
        version=seen.version,
        register=found,
        is_of_this_map=found is not None and service.is_of_this_map(version_id, found),
        counts=counts,
        total=total,
        page=Page(items=lines, total=total, page=page, per_page=PAGE, error_out=False),
        drawing=_drawing(seen) if found and page == 1 else None,
        benchmark=BENCHMARK,
    )


def _drawing(seen: Opened) -> Markup | None:
    sheet = content_of(seen).map
    if sheet is None:
        return None
    picture = draw_conflicts(
        sheet,
        service.shapes_of(seen.version.id),
        title=_("Overlapping boundaries"),
        text=text_size(),
        words=map_words(),
    )
    return Markup(svg.write(picture))  # noqa: S704 -- our own writer, escaped there


@requires(*EDITORS)
def check(version_id: int) -> ResponseReturnValue:
    """Check the boundaries anew: measured first, then kept in one short transaction."""
    seen = opened(version_id)
    try:
        found = service.look(version_id, seen.settings)
        with transaction():
            service.keep(version_id, found, now=clock.now())
    except Refused as refused:
        flash(REFUSALS[refused.reason], "error")
    else:
        flash(
            _(
                "%(patches)s patches were checked; %(conflicting)s of them are in conflict.",
                patches=found.patches,
                conflicting=found.conflicting,
            ),
            "success",
        )
    return redirect(url_for(".conflicts", version_id=version_id), 303)


@requires(*EDITORS)
def conflict(conflict_id: int, form: forms.ConflictForm | None = None) -> str:
    """Show one conflict, and who sees to it."""
    row = service.get_conflict(conflict_id)
    return render_template(
        "analysis/conflict.html",
        seen=opened(row.version_id),
        conflict=row,
        form=form or forms.ConflictForm(formdata=None, obj=row),
    )


@requires(*EDITORS)
def settle(conflict_id: int) -> ResponseReturnValue:
    """Keep who sees to a conflict, what is to be done, and how far it is."""
    version_id = service.get_conflict(conflict_id).version_id
    form = forms.ConflictForm()
    if not form.validate_on_submit():
        return conflict(conflict_id, form), 422
    try:
        with transaction():
            service.settle(
                conflict_id,
                owner=form.owner.data or "",
                proposal=form.proposal.data or "",
                state=form.state.data,
                revision=form.revision.data,
                now=clock.now(),
            )
    except Refused as refused:
        form.form_errors.append(str(REFUSALS[refused.reason]))
        form.revision.data = form.revision.raw_data = None
        form.revision.data = service.get_conflict(conflict_id).revision
        return conflict(conflict_id, form), 422
    flash(_("Saved."), "success")
    return redirect(url_for(".conflicts", version_id=version_id), 303)


@requires(Part.ANYONE)
def csv_file(version_id: int) -> Response:
    """Hand out the register as CSV."""
    seen = opened(version_id)
    return download(csv_bytes(_headers(), _rows(version_id)), _name(seen, "csv"), "text/csv")


@requires(Part.ANYONE)
def xlsx_file(version_id: int) -> Response:
    """Hand out the register as a workbook."""
    seen = opened(version_id)
    sheets = [(_("Overlapping boundaries"), _headers(), _rows(version_id))]
    return download(xlsx_bytes(sheets), _name(seen, "xlsx"), XLSX)


def _name(seen: Opened, ending: str) -> str:
    return f"{seen.version.title}-{_('Overlapping boundaries')}.{ending}"


def _headers() -> list[str]:
    return [
        _("No."),
        _("First set"),
        _("Patch"),
        _("Second set"),
        _("Patch"),
        _("Area (m²)"),
        _("Share of the smaller patch (per cent)"),
        _("Still on the map"),
        _("Unit that sees to it"),
        _("What is to be done"),
        _("State"),
    ]


def _rows(version_id: int) -> list[Sequence[Cell]]:
    return [_row(line) for line in service.list_conflicts(version_id)]


def _row(line: Line) -> Sequence[Cell]:
    return [
        line.number,
        boundary_words(line.first_set),
        line.first_patch,
        boundary_words(line.second_set),
        line.second_patch,
        line.area_m2,
        float(line.share_percent),
        _("yes") if line.is_present else _("no"),
        line.owner,
        line.proposal,
        str(STATES[line.state]),
    ]
