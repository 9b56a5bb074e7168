"""Pages of those who put a plan in: step by step, up to opening its notice."""

from datetime import datetime

from flask import Blueprint, abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.core import clock
from portal.core.access import Part, requires
from portal.core.db import transaction
from portal.core.errors import Refused
from portal.notices import service as notices
from portal.plans import difference_views, forms, life_views, service
from portal.plans.cards import EDITORS
from portal.plans.form_pages import form_page, save_form
from portal.plans.layer_views import (
    add_layer,
    decide_upload,
    layer_file,
    layer_upload,
    layers,
)
from portal.plans.notice_views import notice, open_notice
from portal.plans.part_views import add_part, change, parts, remove, save_change
from portal.plans.words import MISSING, REFUSALS, refuse

PART = "<any(section,goal,indicator,project,structure,facility,control):part>"


def register(bp: Blueprint) -> None:
    """Hang the pages of the staff onto the blueprint of plans."""
    life_views.register(bp)
    difference_views.register(bp)
    for rule, view, method in (
        ("/desk", desk, "GET"),
        ("/desk/new", new, "GET"),
        ("/desk/new", create, "POST"),
        ("/desk/<int:version_id>", workbench, "GET"),
        ("/desk/<int:version_id>/head", head, "GET"),
        ("/desk/<int:version_id>/head", save_head, "POST"),
        ("/desk/<int:version_id>/summary", summary, "GET"),
        ("/desk/<int:version_id>/summary", save_summary, "POST"),
        (f"/desk/<int:version_id>/{PART}", parts, "GET"),
        (f"/desk/<int:version_id>/{PART}", add_part, "POST"),
        (f"/desk/<int:version_id>/{PART}/<int:part_id>", change, "GET"),
        (f"/desk/<int:version_id>/{PART}/<int:part_id>", save_change, "POST"),
        ("/desk/<int:version_id>/remove", remove, "POST"),
        ("/desk/<int:version_id>/layers", layers, "GET"),
        ("/desk/<int:version_id>/layers", add_layer, "POST"),
        ("/desk/<int:version_id>/layers/<int:upload_id>", layer_upload, "GET"),
        ("/desk/<int:version_id>/layers/<int:upload_id>", decide_upload, "POST"),
        ("/desk/<int:version_id>/layers/<kind>.geojson", layer_file, "GET"),
        ("/desk/<int:version_id>/notice", notice, "GET"),
        ("/desk/<int:version_id>/notice", open_notice, "POST"),
        ("/desk/<int:version_id>/go-on", go_on, "POST"),
    ):
        bp.add_url_rule(rule, endpoint=view.__name__, view_func=view, methods=[method])


@requires(*EDITORS)
def desk() -> str:
    """List every version with its state, drafts among them."""
    versions = service.list_versions(public_only=False, now=clock.now())
    return render_template("plans/desk.html", versions=versions)


@requires(*EDITORS)
def new(form: forms.NewPlanForm | None = None) -> str:
    """Show the first step of a new plan."""
    year = clock.today(clock.now()).year
    form = form or forms.NewPlanForm(formdata=None, base_year=year - 1, target_year=year + 9)
    return render_template("plans/new.html", form=form)


@requires(*EDITORS)
def create() -> ResponseReturnValue:
    """Start a plan."""
    form = forms.NewPlanForm()
    if not form.validate_on_submit():
        return new(form), 422
    try:
        with transaction():
            version = service.create_plan(
                name=form.title.data.strip(),
                kind=form.kind.data,
                base_year=form.base_year.data,
                target_year=form.target_year.data,
                compiled_by=form.compiled_by.data or "",
                now=clock.now(),
            )
    except Refused as refused:
        refuse(form, refused)
        return new(form), 422
    return redirect(url_for(".workbench", version_id=version.id), 303)


@requires(*EDITORS)
def workbench(version_id: int) -> str:
    """Show how far a version is, and what to do next."""
    version = service.get_version(version_id)
    now = clock.now()
    running = service.notice_of(version_id)
    content = service.content_of(version)
    return render_template(
        "plans/workbench.html",
        version=version,
        content=content,
        missing=[] if service.is_public(version) else service.missing_in(content),
        missing_words=MISSING,
        notice=running,
        boards=notices.boards_of(running.id) if running else [],
        state=service.state_of(version, running, now=now),
        is_draft=not service.is_public(version),
    )


@requires(*EDITORS)
def head(version_id: int, form: forms.HeadForm | None = None) -> str:
    """Show the name and years of a version."""
    version = service.get_version(version_id)
    if form is None:
        names = (
            "title",
            "base_year",
            "target_year",
            "compiled_by",
            "population",
            "area_ha",
            "scope",
        )
        facts = {name: getattr(version, name) for name in names}
        basis = "\n".join(version.legal_basis)
        form = forms.HeadForm(formdata=None, data={**facts, "legal_basis": basis})
    return form_page(version_id, form, _("Name and years"))


@requires(*EDITORS)
def save_head(version_id: int) -> ResponseReturnValue:
    """Keep the name and years."""
    form = forms.HeadForm()

    def write(now: datetime) -> None:
        service.change_version(
            version_id,
            title=form.title.data.strip(),
            base_year=form.base_year.data,
            target_year=form.target_year.data,
            compiled_by=form.compiled_by.data or "",
            now=now,
        )
        service.describe(version_id, **form.description(), now=now)

    return save_form(version_id, form, head, write)


@requires(*EDITORS)
def summary(version_id: int, form: forms.SummaryForm | None = None) -> str:
    """Show the summary: five sentences, three figures."""
    version = service.get_version(version_id)
    form = form or forms.SummaryForm(
        formdata=None,
        sentences="\n".join(version.sentences),
        figures="\n".join(" | ".join(figure) for figure in version.figures),
    )
    return form_page(version_id, form, _("The plan in 60 seconds"))


@requires(*EDITORS)
def save_summary(version_id: int) -> ResponseReturnValue:
    """Keep the summary."""
    form = forms.SummaryForm()
    return save_form(
        version_id,
        form,
        summary,
        lambda now: service.write_summary(
            version_id, sentences=form.sentence_lines(), figures=form.figure_lines(), now=now
        ),
    )


@requires(Part.COMMITTEE, Part.PLANNER, Part.ADMIN)
def go_on(version_id: int) -> ResponseReturnValue:
    """Go on after a notice: answer its opinions, or start the next version."""
    now, back = clock.now(), url_for(".workbench", version_id=version_id)
    try:
        with transaction():
            if request.form.get("step") == "replying":
                service.start_replying(version_id, by=g.viewer.account_id, now=now)
            elif request.form.get("step") == "next-version":
                next_version = service.start_new_version(
                    version_id, by=g.viewer.account_id, now=now
                )
                back = url_for(".workbench", version_id=next_version.id)
            else:
                service.get_version(version_id)
                abort(400)
    except Refused as refused:
        flash(REFUSALS[refused.reason], "error")
    return redirect(back, 303)
