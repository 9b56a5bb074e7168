"""A roster comes in: handed in, compared with what is here, answered, agreed to."""

import hashlib
from collections.abc import Sequence
from typing import Any

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.core import clock, pages
from portal.core.access import requires
from portal.core.db import transaction
from portal.core.errors import Refused
from portal.roster import imports, labels, ports, reading, staging
from portal.roster.blueprint import KEEPERS, bp, page_of
from portal.roster.faults import Note
from portal.roster.forms import LEFT, RosterForm
from portal.roster.known import GIVEN, person_of
from portal.roster.rules import ChangeKind, ImportState, Refusal
from portal.roster.template import template_csv, template_xlsx
from portal.roster.words import NOTES, explain

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PER_PAGE = 50
SHOWN = ("likely", "added", "changed", "removed")


@bp.get("/roster/import")
@requires(*KEEPERS)
def import_page(form: RosterForm | None = None, found: reading.Reading | None = None) -> str:
    """Show how a roster is handed in, or what is wrong with the one that was."""
    return render_template(
        "roster/import.html",
        form=form or RosterForm(formdata=None),
        faults=found.faults if found else [],
        fault_count=found.fault_count if found else 0,
        explain=explain,
        columns=reading.COLUMNS,
        required=reading.REQUIRED_COLUMNS,
        handed_in=imports.list_imports(limit=10),
        labels=labels,
    )


@bp.get("/roster/template.xlsx")
@requires(*KEEPERS)
def template() -> ResponseReturnValue:
    """Hand out an empty roster with examples and a sheet on its columns."""
    content = template_xlsx(is_english=g.look.language == "en")
    return pages.download(content, "名册模板.xlsx", XLSX)


@bp.get("/roster/template.csv")
@requires(*KEEPERS)
def template_text() -> ResponseReturnValue:
    """Hand out the same empty roster as CSV."""
    return pages.download(template_csv(), "名册模板.csv", "text/csv")


@bp.post("/roster/import")
@requires(*KEEPERS)
def import_roster() -> ResponseReturnValue:
    """Take a roster and compare it: every fault is named, and nothing is written."""
    form = RosterForm()
    if not form.validate_on_submit():
        return import_page(form), 422
    content = form.file.data.read()
    filename = form.file.data.filename or ""
    now = clock.now()
    found = reading.read_file(filename, content, day=clock.today(now), village_code=g.village.code)
    if found.faults:
        return import_page(form, found), 422
    has_heads = "is_head" in found.given
    with transaction():
        staged = staging.prepare(
            staging.Handed(
                filename=filename,
                sha256=hashlib.sha256(content).hexdigest(),
                people=[person_of(row, has_heads=has_heads) for row in found.rows],
                places=[(row.sheet, row.row) for row in found.rows],
                given=found.given & GIVEN,
                notes=[[n.sheet, n.row, n.column, n.note.value, n.count] for n in found.notes],
                is_removing=form.missing.data == LEFT,
            ),
            account_id=g.viewer.account_id,
            now=now,
        )
        import_id = staged.id
    return redirect(url_for(".show_import", import_id=import_id), 303)


@bp.get("/roster/imports/<int:import_id>")
@requires(*KEEPERS)
def show_import(import_id: int, refusal: Refusal | None = None) -> str:
    """Show what an import would do, or what it did."""
    now = clock.now()
    looked = staging.review(import_id, now=now)
    found = looked.comparison
    piles: dict[str, Sequence[Any]] = {
        "likely": found.likely,
        "added": found.added,
        "changed": [c for c in found.changed if c.kind is not ChangeKind.REMOVED],
        "removed": found.of(ChangeKind.REMOVED),
    }
    order = SHOWN if looked.unanswered else SHOWN[1:]
    first = next((name for name in order if piles[name]), "likely")
    shown = request.args.get("show", first)
    shown = shown if shown in SHOWN else first
    page = max(request.args.get("page", 1, type=int), 1)
    items = piles[shown][(page - 1) * PER_PAGE : page * PER_PAGE]
    staged = looked.handed
    names = imports.names_of((staged.prepared_by_id, staged.confirmed_by_id))
    return render_template(
        "roster/review.html",
        looked=looked,
        staged=staged,
        piles={name: len(pile) for name, pile in piles.items()},
        shown=shown,
        items=items,
        page=page_of(list(items), len(piles[shown]), page=page, per_page=PER_PAGE),
        prepared_by=names.get(staged.prepared_by_id, ""),
        confirmed_by=names.get(staged.confirmed_by_id, ""),
        is_mine=staged.prepared_by_id == g.viewer.account_id,
        is_over=staged.state in (ImportState.DONE, ImportState.DROPPED),
        in_use=ports.is_in_use(now=now),
        refusal=refusal and labels.REFUSALS[refusal],
        labels=labels,
        notes=[(*note[:3], NOTES[Note(note[3])], note[4]) for note in staged.notes],
    )


@bp.post("/roster/imports/<int:import_id>/answer")
@requires(*KEEPERS)
def answer_import(import_id: int) -> ResponseReturnValue:
    """Keep who of the likely persons is the same one."""
    answers = {
        int(name[5:]): value == "same"
        for name, value in request.form.items()
        if name.startswith("same-") and name[5:].isdecimal() and value in ("same", "other")
    }
    try:
        with transaction():
            staging.answer(import_id, answers, all_others="all" in request.form, now=clock.now())
    except Refused as refused:
        return show_import(import_id, Refusal(refused.reason)), 409
    flash(_("Your answers were kept."), "success")
    return redirect(url_for(".show_import", import_id=import_id), 303)


@bp.post("/roster/imports/<int:import_id>/put-in")
@requires(*KEEPERS)
def put_in(import_id: int) -> ResponseReturnValue:
    """Put an import in, or let it wait for a second person while a ballot is under way."""
    try:
        with transaction():
            state = staging.put_in(
                import_id,
                stamp=request.form.get("stamp", ""),
                agreed_removed=request.form.get("removed", type=int),
                account_id=g.viewer.account_id,
                now=clock.now(),
            )
    except Refused as refused:
        return _refused(import_id, Refusal(refused.reason))
    if state is ImportState.WAITING:
        flash(_("A ballot is under way: this waits until a second person agrees."), "warning")
    else:
        flash(_("The roster is up to date."), "success")
    return redirect(url_for(".show_import", import_id=import_id), 303)


@bp.post("/roster/imports/<int:import_id>/agree")
@requires(*KEEPERS)
def agree(import_id: int) -> ResponseReturnValue:
    """Agree as the second person."""
    try:
        with transaction():
            staging.confirm(import_id, account_id=g.viewer.account_id, now=clock.now())
    except Refused as refused:
        return _refused(import_id, Refusal(refused.reason))
    flash(_("The roster is up to date."), "success")
    return redirect(url_for(".show_import", import_id=import_id), 303)


@bp.post("/roster/imports/<int:import_id>/again")
@requires(*KEEPERS)
def compare_again(import_id: int) -> ResponseReturnValue:
    """Compare with the roster as it is now, and answer for the import from here on."""
    try:
        with transaction():
            staging.look_again(import_id, account_id=g.viewer.account_id, now=clock.now())
    except Refused as refused:
        return show_import(import_id, Refusal(refused.reason)), 409
    return redirect(url_for(".show_import", import_id=import_id), 303)


@bp.post("/roster/imports/<int:import_id>/drop")
@requires(*KEEPERS)
def drop_import(import_id: int) -> ResponseReturnValue:
    """Throw an import away."""
    try:
        with transaction():
            staging.drop(import_id, now=clock.now())
    except Refused as refused:
        return show_import(import_id, Refusal(refused.reason)), 409
    flash(_("Thrown away. Nothing of it went in."), "success")
    return redirect(url_for(".import_page"), 303)


def _refused(import_id: int, refusal: Refusal) -> ResponseReturnValue:
    return show_import(import_id, refusal), 409
