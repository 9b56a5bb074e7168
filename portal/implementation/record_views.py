"""Pages for evaluations, what lies idle, who is concerned, and the planner's visits."""

from flask import flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from wtforms import SelectChoice

from portal.core import clock
from portal.core.access import Part, requires
from portal.core.db import transaction
from portal.core.errors import Refused
from portal.implementation import evaluating, forms, idle, service, visiting, words
from portal.implementation.form_pages import form_page, save_form
from portal.implementation.rules import Refusal
from portal.implementation.words import REFUSALS
from portal.people import service as people

EDITORS = (Part.COMMITTEE, Part.PLANNER, Part.ADMIN)


# --- evaluations -------------------------------------------------------------------------------


@requires(*EDITORS)
def new_evaluation(form: forms.BeginForm | None = None) -> str:
    """Ask for the year to evaluate."""
    year = clock.today(clock.now()).year - 1
    form = form or forms.BeginForm(formdata=None, year=year)
    return form_page(form, _("Evaluation of a year"), back=url_for(".desk"))


@requires(*EDITORS)
def begin_evaluation() -> ResponseReturnValue:
    """Begin the evaluation of a year."""
    form = forms.BeginForm()
    version = service.find_followed()
    if version is None:
        form.form_errors.append(str(REFUSALS[Refusal.NOT_FOLLOWED]))
        return new_evaluation(form), 409
    version_id = version.id
    return save_form(
        form,
        lambda: new_evaluation(form),
        lambda now: evaluating.begin(
            version_id, form.year.data or 0, made_by=g.viewer.account_id, now=now
        ),
        after=url_for(".desk"),
    )


@requires(*EDITORS)
def write_page(evaluation_id: int, form: forms.EvaluationForm | None = None) -> str:
    """Show an evaluation, ready to be written."""
    found = service.get_evaluation(evaluation_id)
    lines = service.list_lines(evaluation_id)
    return render_template(
        "implementation/write.html",
        evaluation=found,
        lines=lines,
        actions=service.actions_of(lines, today=clock.today(clock.now())),
        form=form or forms.EvaluationForm(formdata=None, obj=found),
        words=words,
    )


@requires(*EDITORS)
def write_evaluation(evaluation_id: int) -> ResponseReturnValue:
    """Keep the words of an evaluation."""
    service.get_evaluation(evaluation_id)
    form = forms.EvaluationForm()
    return save_form(
        form,
        lambda: write_page(evaluation_id, form),
        lambda _now: evaluating.write(
            evaluation_id,
            findings=str(form.findings.data),
            outlook=form.outlook.data or "",
        ),
        after=url_for(".write_page", evaluation_id=evaluation_id),
    )


@requires(*EDITORS)
def finish_evaluation(evaluation_id: int) -> ResponseReturnValue:
    """Finish an evaluation; from then on everybody reads it."""
    service.get_evaluation(evaluation_id)
    try:
        with transaction():
            evaluating.finish(evaluation_id, now=clock.now())
    except Refused as refused:
        flash(REFUSALS[refused.reason], "error")
        return redirect(url_for(".write_page", evaluation_id=evaluation_id), 303)
    flash(_("The evaluation is finished. Everybody can read it now."), "success")
    return redirect(url_for(".evaluation", evaluation_id=evaluation_id), 303)


@requires(*EDITORS)
def action_page(line_id: int, form: forms.ActionForm | None = None) -> str:
    """Ask for a deviation's cause, and what is done about it."""
    line = evaluating.get_line(line_id)
    back = url_for(".write_page", evaluation_id=line.evaluation_id)
    form = form or forms.ActionForm(formdata=None, cause=line.cause)
    return form_page(form, _("Cause and correction"), back=back, lead=line.name)


@requires(*EDITORS)
def add_action(line_id: int) -> ResponseReturnValue:
    """Keep a deviation's cause, and what is done about it."""
    line = evaluating.get_line(line_id)
    form = forms.ActionForm()
    return save_form(
        form,
        lambda: action_page(line_id, form),
        lambda now: evaluating.add_action(
            line_id,
            cause=str(form.cause.data),
            what=str(form.what.data),
            owner=str(form.owner.data),
            helper=form.helper.data or "",
            supervisor=form.supervisor.data or "",
            due_on=form.due_on.data,
            now=now,
        ),
        after=url_for(".write_page", evaluation_id=line.evaluation_id),
    )


# --- what lies idle ----------------------------------------------------------------------------


@requires(*EDITORS)
def new_asset(form: forms.AssetForm | None = None) -> str:
    """Ask what lies idle."""
    form = form or _asset_form(forms.AssetForm(formdata=None))
    return form_page(form, _("Something that lies idle"), back=url_for(".idle_list"))


@requires(*EDITORS)
def add_asset() -> ResponseReturnValue:
    """Enter what lies idle."""
    form = _asset_form(forms.AssetForm())
    return save_form(
        form,
        lambda: new_asset(form),
        lambda now: idle.save_asset(None, entered_by=g.viewer.account_id, now=now, **_facts(form)),
        after=url_for(".idle_list"),
    )


@requires(*EDITORS)
def asset_page(asset_id: int, form: forms.AssetForm | None = None) -> str:
    """Show what lies idle, ready to be changed."""
    found = idle.get_asset(asset_id)
    form = form or _asset_form(forms.AssetForm(formdata=None, obj=found))
    back = url_for(".idle_asset", asset_id=asset_id)
    return form_page(form, _("Something that lies idle"), back=back, lead=found.name)


@requires(*EDITORS)
def change_asset(asset_id: int) -> ResponseReturnValue:
    """Change what is said about it."""
    idle.get_asset(asset_id)
    form = _asset_form(forms.AssetForm())
    return save_form(
        form,
        lambda: asset_page(asset_id, form),
        lambda now: idle.save_asset(
            asset_id, entered_by=g.viewer.account_id, now=now, **_facts(form)
        ),
        after=url_for(".idle_asset", asset_id=asset_id),
    )


def _asset_form(form: forms.AssetForm) -> forms.AssetForm:
    form.group_id.choices = [
        SelectChoice(0, _("the whole village")),
        *(SelectChoice(group_id, name) for group_id, name in people.group_names().items()),
    ]
    if form.group_id.data is None:
        form.group_id.data = 0
    return form


def _facts(form: forms.AssetForm) -> dict[str, object]:
    names = ("kind", "state", "name", "place", "area_m2", "owned_by", "since_year", "plan_words")
    facts = {name: form[name].data for name in names}
    texts = {name: facts[name] or "" for name in ("owned_by", "plan_words")}
    return {**facts, **texts, "group_id": form.group_id.data or None}


# --- the planner -------------------------------------------------------------------------------


@requires(Part.PLANNER)
def new_visit(form: forms.VisitForm | None = None) -> str:
    """Ask what the planner did in the village."""
    form = form or forms.VisitForm(formdata=None, on_day=clock.today(clock.now()))
    return form_page(form, _("What I did in the village"), back=url_for(".planner"))


@requires(Part.PLANNER)
def add_visit() -> ResponseReturnValue:
    """Keep what the planner did in the village."""
    form = forms.VisitForm()
    return save_form(
        form,
        lambda: new_visit(form),
        lambda now: visiting.add_visit(
            account_id=g.viewer.account_id,
            kind=form.kind.data,
            on_day=form.on_day.data,
            minutes=form.minutes.data or 0,
            place=str(form.place.data),
            people_met=form.people_met.data or 0,
            notes=form.notes.data or "",
            today=clock.today(now),
            now=now,
        ),
        after=url_for(".planner"),
    )


@requires(Part.PLANNER)
def new_hour(form: forms.HourForm | None = None) -> str:
    """Ask when the planner can be met."""
    form = form or forms.HourForm(formdata=None)
    return form_page(form, _("When I can be met"), back=url_for(".planner"))


@requires(Part.PLANNER)
def add_hour() -> ResponseReturnValue:
    """Keep when the planner can be met."""
    form = forms.HourForm()
    return save_form(
        form,
        lambda: new_hour(form),
        lambda _now: visiting.add_office_hour(
            account_id=g.viewer.account_id,
            on_day=form.on_day.data,
            begins=form.begins.data,
            ends=form.ends.data,
            place=str(form.place.data),
        ),
        after=url_for(".planner"),
    )
