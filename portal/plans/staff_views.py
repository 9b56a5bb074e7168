"""Pages of those who put a plan in: step by step, up to opening its notice."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from wtforms import SelectChoice

from portal.core import clock
from portal.core.access import Part, requires
from portal.core.db import transaction
from portal.core.errors import Refused
from portal.core.forms import Form
from portal.maps.rules import LayerKind
from portal.plans import forms, service
from portal.plans.cards import EDITORS
from portal.plans.content import Content
from portal.plans.layer_views import add_layer, layer_file, layers
from portal.plans.notice_views import notice, open_notice, rest_days, save_rest_day
from portal.plans.words import MISSING, REFUSALS, refuse


def register(bp: Blueprint) -> None:
    """Hang the pages of the staff onto the blueprint of plans."""
    for rule, view, method in (
        ("/desk", desk, "GET"),
        ("/desk/new", new, "GET"),
        ("/desk/new", create, "POST"),
        ("/desk/<int:version_id>", workbench, "GET"),
        ("/desk/<int:version_id>/head", head, "GET"),
        ("/desk/<int:version_id>/head", save_head, "POST"),
        ("/desk/<int:version_id>/summary", summary, "GET"),
        ("/desk/<int:version_id>/summary", save_summary, "POST"),
        ("/desk/<int:version_id>/<any(section,goal,indicator,project):part>", parts, "GET"),
        ("/desk/<int:version_id>/<any(section,goal,indicator,project):part>", add_part, "POST"),
        ("/desk/<int:version_id>/remove", remove, "POST"),
        ("/desk/<int:version_id>/layers", layers, "GET"),
        ("/desk/<int:version_id>/layers", add_layer, "POST"),
        ("/desk/<int:version_id>/layers/<kind>.geojson", layer_file, "GET"),
        ("/desk/<int:version_id>/notice", notice, "GET"),
        ("/desk/<int:version_id>/notice", open_notice, "POST"),
        ("/desk/<int:version_id>/go-on", go_on, "POST"),
        ("/desk/rest-days", rest_days, "GET"),
        ("/desk/rest-days", save_rest_day, "POST"),
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
        state=service.state_of(version, running, now=now),
        is_draft=not service.is_public(version),
    )


@requires(*EDITORS)
def head(version_id: int, form: forms.HeadForm | None = None) -> str:
    """Show the name and years of a version."""
    version = service.get_version(version_id)
    form = form or forms.HeadForm(formdata=None, obj=version)
    return _form_page(version_id, form, _("Name and years"))


@requires(*EDITORS)
def save_head(version_id: int) -> ResponseReturnValue:
    """Keep the name and years."""
    form = forms.HeadForm()
    facts = {name: form[name].data for name in ("base_year", "target_year")}
    return _save(
        version_id,
        form,
        head,
        lambda now: service.change_version(
            version_id,
            title=form.title.data.strip(),
            compiled_by=form.compiled_by.data or "",
            now=now,
            **facts,
        ),
    )


@requires(*EDITORS)
def summary(version_id: int, form: forms.SummaryForm | None = None) -> str:
    """Show the summary: five sentences, three figures."""
    version = service.get_version(version_id)
    form = form or forms.SummaryForm(
        formdata=None,
        sentences="\n".join(version.sentences),
        figures="\n".join(" | ".join(figure) for figure in version.figures),
    )
    return _form_page(version_id, form, _("The plan in 60 seconds"))


@requires(*EDITORS)
def save_summary(version_id: int) -> ResponseReturnValue:
    """Keep the summary."""
    form = forms.SummaryForm()
    return _save(
        version_id,
        form,
        summary,
        lambda now: service.write_summary(
            version_id, sentences=form.sentence_lines(), figures=form.figure_lines(), now=now
        ),
    )


PART_FORMS: Mapping[str, type[Form]] = {
    "section": forms.SectionForm,
    "goal": forms.GoalForm,
    "indicator": forms.IndicatorForm,
    "project": forms.ProjectForm,
}


@requires(*EDITORS)
def parts(version_id: int, part: str, form: Any = None) -> str:
    """Show the sections, goals, indicators or projects, and the form for one more."""
    version = service.get_version(version_id)
    content = service.content_of(version, with_map=False)
    return render_template(
        "plans/parts.html",
        version=version,
        content=content,
        part=part,
        form=form or _part_form(part, content, blank=True),
        is_draft=not service.is_public(version),
    )


def _part_form(part: str, content: Content, *, blank: bool = False) -> Any:
    form: Any = PART_FORMS[part](**({"formdata": None} if blank else {}))
    if part == "indicator":
        form.goals.choices = [SelectChoice(goal.id, goal.title) for goal in content.goals]
    elif part == "project":
        form.indicators.choices = [SelectChoice(i.id, i.name) for i in content.indicators]
        if blank:
            form.code.data = str(len(content.projects) + 1)
    return form


@requires(*EDITORS)
def add_part(version_id: int, part: str) -> ResponseReturnValue:
    """Add a section, goal, indicator or project."""
    content = service.content_of(service.get_version(version_id), with_map=False)
    form = _part_form(part, content)
    add: Mapping[str, Callable[[datetime], object]] = {
        "section": lambda now: service.add_section(
            version_id, title=form.title.data.strip(), text=form.text.data, now=now
        ),
        "goal": lambda now: service.add_goal(
            version_id, title=form.title.data.strip(), text=form.text.data or "", now=now
        ),
        "indicator": lambda now: service.add_indicator(version_id, **form.facts(), now=now),
        "project": lambda now: service.add_project(version_id, **form.facts(), now=now),
    }
    return _save(
        version_id,
        form,
        lambda vid, shown: parts(vid, part, shown),
        add[part],
        after=url_for(".parts", version_id=version_id, part=part),
    )


@requires(*EDITORS)
def remove(version_id: int) -> ResponseReturnValue:
    """Take one part, or a layer of the map, out of a draft."""
    part, key = request.form.get("part", ""), request.form.get("id", "")
    now = clock.now()
    back = url_for(".workbench", version_id=version_id)
    try:
        with transaction():
            if part in PART_FORMS and key.isdecimal():
                service.remove_part(version_id, part, int(key), now=now)
                back = url_for(".parts", version_id=version_id, part=part)
            elif part == "layer" and key in set(LayerKind):
                service.remove_layer(version_id, LayerKind(key), now=now)
                back = url_for(".layers", version_id=version_id)
        flash(_("It has been taken out."), "success")
    except Refused as refused:
        flash(REFUSALS[refused.reason], "error")
    return redirect(back, 303)


@requires(Part.COMMITTEE, Part.PLANNER, Part.ADMIN)
def go_on(version_id: int) -> ResponseReturnValue:
    """Go on after a notice: answer its opinions, or start the next version."""
    now, back = clock.now(), url_for(".workbench", version_id=version_id)
    try:
        with transaction():
            if request.form.get("step") == "replying":
                service.start_replying(version_id, now=now)
            elif request.form.get("step") == "next-version":
                next_version = service.start_new_version(version_id, now=now)
                back = url_for(".workbench", version_id=next_version.id)
    except Refused as refused:
        flash(REFUSALS[refused.reason], "error")
    return redirect(back, 303)


def _form_page(version_id: int, form: Form, title: str) -> str:
    version = service.get_version(version_id)
    return render_template("plans/form.html", version=version, form=form, title=title)


def _save(
    version_id: int,
    form: Form,
    show: Callable[[int, Any], str],
    write: Callable[[datetime], object],
    *,
    after: str | None = None,
) -> ResponseReturnValue:
    """Check a form, write what it says, and go back; or show it again with what is wrong."""
    if not form.validate_on_submit():
        return show(version_id, form), 422
    try:
        with transaction():
            write(clock.now())
    except Refused as refused:
        refuse(form, refused)
        return show(version_id, form), 422
    flash(_("Saved."), "success")
    return redirect(after or url_for(".workbench", version_id=version_id), 303)
