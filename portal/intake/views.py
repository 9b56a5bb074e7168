"""Pages by which a plan comes in: handed in, looked at, agreed to; and the templates for it."""

from collections.abc import Callable
from typing import Any

from flask import Response, abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale
from flask_babel import gettext as _
from wtforms import SelectChoice

from portal.core import clock
from portal.core.access import Part, requires
from portal.core.db import transaction
from portal.core.errors import Refused
from portal.core.pages import download, village_blueprint
from portal.core.sheets import csv_bytes
from portal.intake import rules, service, template
from portal.intake.columns import LAYOUTS, Table
from portal.intake.forms import HandInForm
from portal.intake.layers import LEAVE_OUT, Choice
from portal.intake.models import PlanImport
from portal.intake.rules import Target
from portal.intake.tabling import rows_of
from portal.intake.telling import untell
from portal.intake.words import (
    CHIPS,
    PARTS,
    REFUSALS,
    STATES,
    crs_words,
    explain,
    place_words,
    refusal_words,
)
from portal.maps.remarks import LAYERS
from portal.plans import service as plans
from portal.plans.words import area_words, money_words

__all__ = ["REFUSALS", "bp"]

bp = village_blueprint("intake", __name__, "/intake")
EDITORS = (Part.COMMITTEE, Part.PLANNER, Part.ADMIN)
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
EDITION = "<any(zh,en):edition>"


@bp.get("/")
@requires(*EDITORS)
def index(form: HandInForm | None = None) -> str:
    """Show how a plan is handed in, the templates, and what was handed in before."""
    now = clock.now()
    form = form or _form(blank=True)
    imports = service.list_imports()
    return render_template(
        "intake/index.html",
        form=form,
        imports=imports,
        names=service.names_of(one.prepared_by_id for one in imports),
        states=STATES,
        chips=CHIPS,
        tables=[(table, LAYOUTS[table]) for table in template.csv_tables()],
        versions=plans.list_versions(public_only=False, now=now),
    )


def _form(*, blank: bool) -> HandInForm:
    form = HandInForm(formdata=None) if blank else HandInForm()
    choices = [SelectChoice(Target.NEW.value, _("It becomes a new plan"))]
    for place in service.list_places(now=clock.now()):
        words = (
            _("It replaces what the draft of %(title)s says (version %(number)s)",
              title=place.title, number=place.number)
            if place.target is Target.DRAFT
            else _("It becomes version %(number)s of %(title)s",
                   title=place.title, number=place.number)
        )  # fmt: skip
        choices.append(SelectChoice(place.key, words))
    form.place.choices = choices
    if blank:
        wanted = request.args.get("place", "")
        known = [choice.value for choice in choices]
        form.place.data = wanted if wanted in known else (known[0] if len(known) == 1 else None)
    return form


@bp.post("/")
@requires(*EDITORS)
def hand_in() -> ResponseReturnValue:
    """Take a file and look what is in it. Nothing of the plan is written."""
    form = _form(blank=False)
    if not form.validate_on_submit():
        return index(form), 422
    data, name = form.file.data.read(), form.file.data.filename or ""
    try:
        with transaction():
            handed = service.prepare(
                form.place.data, name, data, account_id=g.viewer.account_id, now=clock.now()
            )
            handed_id = handed.id
    except Refused as refused:
        form.form_errors.append(refusal_words(refused))
        return index(form), 409
    return redirect(url_for(".show", handed_id=handed_id), 303)


@bp.get("/<int:handed_id>")
@requires(*EDITORS)
def show(handed_id: int, refusal: str = "") -> str:
    """Show what was understood, what was repaired, and what is refused and why."""
    handed = service.get(handed_id)
    said = handed.said
    remarks: dict[str, list[Any]] = {"fault": [], "note": [], "warning": []}
    for kind, told in (
        *(("fault", one) for one in said.get("faults", [])),
        *((one["kind"], one) for one in said.get("notes", [])),
    ):
        remark = untell(told)
        remarks[kind].append((remark, place_words(remark.place), explain(remark)))
    return render_template(
        "intake/show.html",
        handed=handed,
        said=said,
        remarks=remarks,
        is_open=handed.state in rules.OPEN,
        is_fresh=handed.state not in rules.OPEN or not said or service.is_fresh(handed),
        draft=_draft(handed),
        state=STATES[handed.state],
        chip=CHIPS[handed.state],
        names=service.names_of((handed.prepared_by_id, handed.ended_by_id)),
        refusal=refusal,
        unsettled=sum(not layer["is_settled"] for layer in said.get("layers", [])),
        parts=PARTS,
        layer_words=LAYERS,
        leave_out=LEAVE_OUT,
        crs_words=crs_words,
        money_words=money_words,
        area_words=area_words,
    )


def _draft(handed: PlanImport) -> str:
    return "" if handed.version_id is None else plans.get_version(handed.version_id).title


@bp.post("/<int:handed_id>/choose")
@requires(*EDITORS)
def choose(handed_id: int) -> ResponseReturnValue:
    """Keep what layers show and in which system they are, and look again."""
    layers = service.get(handed_id).said.get("layers", [])
    choices = {
        layer["key"]: Choice(
            kind=request.form.get(f"kind-{number}", ""), crs=request.form.get(f"crs-{number}", "")
        )
        for number, layer in enumerate(layers)
    }
    return _do(handed_id, lambda: service.choose(handed_id, choices, now=clock.now()))


@bp.post("/<int:handed_id>/again")
@requires(*EDITORS)
def look_again(handed_id: int) -> ResponseReturnValue:
    """Compare with the draft as it is now."""
    return _do(handed_id, lambda: service.look_again(handed_id, now=clock.now()))


@bp.post("/<int:handed_id>/drop")
@requires(*EDITORS)
def drop(handed_id: int) -> ResponseReturnValue:
    """Throw a file away."""
    return _do(
        handed_id,
        lambda: service.drop(handed_id, account_id=g.viewer.account_id, now=clock.now()),
        after=url_for(".index"),
    )


@bp.post("/<int:handed_id>/put-in")
@requires(*EDITORS)
def put_in(handed_id: int) -> ResponseReturnValue:
    """Write everything that the file says, or nothing."""
    try:
        with transaction():
            version = service.put_in(handed_id, account_id=g.viewer.account_id, now=clock.now())
            version_id = version.id
    except Refused as refused:
        return show(handed_id, refusal_words(refused)), 409
    flash(_("The plan is in. Look through it, then open its notice."), "success")
    return redirect(url_for("plans.workbench", version_id=version_id), 303)


def _do(
    handed_id: int, deed: Callable[[], object], *, after: str | None = None
) -> ResponseReturnValue:
    try:
        with transaction():
            deed()
    except Refused as refused:
        return show(handed_id, refusal_words(refused)), 409
    return redirect(after or url_for(".show", handed_id=handed_id), 303)


@bp.get("/<int:handed_id>/remarks.csv")
@requires(*EDITORS)
def remarks_file(handed_id: int) -> Response:
    """Hand out everything that was said, in both languages, to be worked through."""
    handed = service.get(handed_id)
    told = [*handed.said.get("faults", []), *handed.said.get("notes", [])]
    rows = []
    for one in told:
        remark = untell(one)
        said = []
        for language in ("zh_Hans", "en"):
            with force_locale(language):
                said.append(explain(remark))
        at = remark.place
        rows.append(
            [
                one["kind"],
                at.file,
                at.sheet,
                at.row or at.feature or "",
                at.column,
                at.head,
                remark.value,
                *said,
            ]
        )
    heads = [
        "类别 Kind",
        "文件 File",
        "工作表 Sheet",
        "行或图形 Row or feature",
        "列 Column",
        "列名 Head",
    ]
    content = csv_bytes([*heads, "内容 Entry", "说明", "In English"], rows)
    return download(content, f"核对结果-{handed_id}.csv", "text/csv")


@bp.get(f"/template-{EDITION}.xlsx")
@requires(*EDITORS)
def template_file(edition: str) -> Response:
    """Hand out the empty workbook."""
    english = edition == "en"
    name = template.filename("", english=english, ending="xlsx")
    return download(template.template_xlsx(english=english), name, XLSX)


@bp.get(f"/template-{EDITION}/<table>.csv")
@requires(*EDITORS)
def template_table(edition: str, table: str) -> Response:
    """Hand out one table of it as CSV."""
    if table not in set(Table):
        abort(404)
    english, which = edition == "en", Table(table)
    content = template.table_csv(which, english=english)
    return download(content, template.csv_name(which, english=english), "text/csv")


@bp.get(f"/export/<int:version_id>-{EDITION}.xlsx")
@requires(*EDITORS)
def export(version_id: int, edition: str) -> Response:
    """Hand out a version as the filled workbook; handed in again it gives the same plan."""
    english = edition == "en"
    content = plans.content_of(plans.get_version(version_id), with_map=False)
    data = template.export_xlsx(content, english=english)
    name = template.filename(f"{content.title}-{content.number}", english=english, ending="xlsx")
    return download(data, name, XLSX)


@bp.get(f"/export/<int:version_id>-{EDITION}/<table>.csv")
@requires(*EDITORS)
def export_table(version_id: int, edition: str, table: str) -> Response:
    """Hand out one table of a version as CSV."""
    if table not in set(Table):
        abort(404)
    english, which = edition == "en", Table(table)
    content = plans.content_of(plans.get_version(version_id), with_map=False)
    rows = rows_of(which, content, english=english)
    data = template.table_csv(which, rows, english=english)
    return download(data, template.csv_name(which, english=english), "text/csv")
