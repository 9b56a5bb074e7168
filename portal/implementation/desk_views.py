"""Pages of those who follow a plan up: what is overdue, and what is measured."""

from datetime import datetime

from flask import Blueprint, abort, flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from portal.core import clock
from portal.core.access import Part, may, requires
from portal.core.db import transaction
from portal.core.slots import Card
from portal.implementation import duties, forms, monitoring, service, words
from portal.implementation.form_pages import form_page, save_form
from portal.implementation.party_views import name_party, parties
from portal.implementation.record_views import (
    EDITORS,
    action_page,
    add_action,
    add_asset,
    add_hour,
    add_visit,
    asset_page,
    begin_evaluation,
    change_asset,
    finish_evaluation,
    new_asset,
    new_evaluation,
    new_hour,
    new_visit,
    write_evaluation,
    write_page,
)
from portal.implementation.rules import DutyKind
from portal.plans import service as plans
from portal.plans.models import PlanVersion

STAFF = (Part.COMMITTEE, Part.PLANNER, Part.SUPERVISOR, Part.ADMIN)


def register(bp: Blueprint) -> None:
    """Hang the pages of the staff onto the blueprint."""
    for rule, view, method in (
        ("/desk", desk, "GET"),
        ("/desk/duties", add_duty, "POST"),
        ("/desk/duties/new", new_duty, "GET"),
        ("/desk/duties/projects", take_projects, "POST"),
        ("/desk/duties/<int:duty_id>", duty, "GET"),
        ("/desk/duties/<int:duty_id>", finish_duty, "POST"),
        ("/desk/indicators/<int:indicator_id>", indicator, "GET"),
        ("/desk/indicators/<int:indicator_id>", record_reading, "POST"),
        ("/desk/projects/<int:project_id>", progress, "GET"),
        ("/desk/projects/<int:project_id>", record_progress, "POST"),
        ("/desk/evaluations", new_evaluation, "GET"),
        ("/desk/evaluations", begin_evaluation, "POST"),
        ("/desk/evaluations/<int:evaluation_id>", write_page, "GET"),
        ("/desk/evaluations/<int:evaluation_id>", write_evaluation, "POST"),
        ("/desk/evaluations/<int:evaluation_id>/finish", finish_evaluation, "POST"),
        ("/desk/evaluations/lines/<int:line_id>", action_page, "GET"),
        ("/desk/evaluations/lines/<int:line_id>", add_action, "POST"),
        ("/desk/idle/new", new_asset, "GET"),
        ("/desk/idle/new", add_asset, "POST"),
        ("/desk/idle/<int:asset_id>", asset_page, "GET"),
        ("/desk/idle/<int:asset_id>", change_asset, "POST"),
        ("/desk/parties", parties, "GET"),
        ("/desk/parties", name_party, "POST"),
        ("/desk/visits", new_visit, "GET"),
        ("/desk/visits", add_visit, "POST"),
        ("/desk/hours", new_hour, "GET"),
        ("/desk/hours", add_hour, "POST"),
    ):
        bp.add_url_rule(rule, endpoint=view.__name__, view_func=view, methods=[method])


@requires(*STAFF)
def desk() -> str:
    """Show what is overdue by owner, every duty, and the ways to what is to be entered."""
    today, version = clock.today(clock.now()), service.find_followed()
    return render_template(
        "implementation/desk.html",
        version=version,
        owners=duties.list_owners(today=today),
        duties=duties.list_duties(today=today),
        indicators=service.list_followed(version, today=today) if version else [],
        projects=service.list_project_lines(version.id) if version else [],
        evaluations=service.list_evaluations(version.id) if version else [],
        words=words,
        may_write=may(*EDITORS),
        may_visit=may(Part.PLANNER),
    )


def followed() -> PlanVersion:
    """Return the version that is followed up; without one there is no such page."""
    version = service.find_followed()
    if version is None:
        abort(404)
    return version


# --- duties ------------------------------------------------------------------------------------


@requires(*EDITORS)
def new_duty(form: forms.DutyForm | None = None) -> str:
    """Ask who has to do what until when."""
    form = form or forms.DutyForm(formdata=None)
    return form_page(form, _("Who does what until when"), back=url_for(".desk"))


@requires(*EDITORS)
def add_duty() -> ResponseReturnValue:
    """Keep who has to do what until when."""
    form = forms.DutyForm()
    return save_form(
        form,
        lambda: new_duty(form),
        lambda now: duties.assign(
            DutyKind.OTHER,
            subject_id=None,
            what=str(form.what.data),
            owner=str(form.owner.data),
            helper=form.helper.data or "",
            supervisor=form.supervisor.data or "",
            due_on=form.due_on.data,
            now=now,
        ),
        after=url_for(".desk"),
    )


@requires(*EDITORS)
def take_projects() -> ResponseReturnValue:
    """Make the duties of the plan's projects as its table has them."""
    version = followed()
    with transaction():
        count = duties.assign_projects(version.id, now=clock.now())
    flash(ngettext("%(num)d project", "%(num)d projects", count), "success")
    return redirect(url_for(".desk"), 303)


@requires(*STAFF)
def duty(duty_id: int, form: forms.DoneForm | None = None) -> str:
    """Show a duty, and ask what was done."""
    found = duties.get_duty(duty_id, today=clock.today(clock.now()))
    return render_template(
        "implementation/duty.html",
        duty=found,
        form=form or forms.DoneForm(formdata=None),
        words=words,
        may_write=may(*EDITORS) and found.done_on is None,
    )


@requires(*EDITORS)
def finish_duty(duty_id: int) -> ResponseReturnValue:
    """Keep that a duty is done, and how."""
    today = clock.today(clock.now())
    duties.get_duty(duty_id, today=today)
    form = forms.DoneForm()
    return save_form(
        form,
        lambda: duty(duty_id, form),
        lambda now: duties.finish(duty_id, note=str(form.note.data), today=today),
        after=url_for(".desk"),
    )


# --- what is measured --------------------------------------------------------------------------


@requires(*EDITORS)
def indicator(indicator_id: int, form: forms.ReadingForm | None = None) -> str:
    """Show what was read of an indicator, and ask for the next."""
    today = clock.today(clock.now())
    lines = service.list_followed(followed(), today=today)
    line = next((line for line in lines if line.id == indicator_id), None) or abort(404)
    return render_template(
        "implementation/indicator.html",
        line=line,
        readings=service.list_readings(indicator_id),
        form=form or forms.ReadingForm(formdata=None, read_on=today),
        words=words,
    )


@requires(*EDITORS)
def record_reading(indicator_id: int) -> ResponseReturnValue:
    """Keep what an indicator was on a day."""
    form = forms.ReadingForm()
    indicator(indicator_id, form)
    return save_form(
        form,
        lambda: indicator(indicator_id, form),
        lambda now: monitoring.record_reading(
            indicator_id,
            read_on=form.read_on.data,
            value=form.value.data,
            source=str(form.source.data),
            entered_by=g.viewer.account_id,
            now=now,
        ),
        after=url_for(".indicator", indicator_id=indicator_id),
    )


@requires(*EDITORS)
def progress(project_id: int, form: forms.ProgressForm | None = None) -> str:
    """Ask how far a project is."""
    project = plans.get_project(project_id)
    if project.version_id != followed().id:
        abort(404)
    today = clock.today(clock.now())
    form = form or forms.ProgressForm(formdata=None, on_day=today)
    return form_page(form, _("How far it is"), back=url_for(".desk"), lead=project.name)


@requires(*EDITORS)
def record_progress(project_id: int) -> ResponseReturnValue:
    """Keep how far a project is."""
    form = forms.ProgressForm()
    progress(project_id, form)
    return save_form(
        form,
        lambda: progress(project_id, form),
        lambda now: monitoring.record_progress(
            project_id,
            on_day=form.on_day.data,
            percent=form.percent.data,
            paid_yuan=form.paid_yuan.data,
            note=form.note.data or "",
            entered_by=g.viewer.account_id,
            now=now,
        ),
        after=url_for(".desk"),
    )


def desk_cards(*, now: datetime) -> list[Card]:
    """Tell staff what is overdue."""
    if not may(*STAFF):
        return []
    late = sum(line.overdue for line in duties.list_owners(today=clock.today(now)))
    if not late:
        return []
    return [
        Card(
            title=_("Overdue"),
            line=ngettext("%(num)d thing is overdue", "%(num)d things are overdue", late),
            href=url_for("implementation.desk"),
            action=_("See who answers for it"),
            chip=str(late),
            chip_kind="danger",
            rank=7,
        )
    ]
