"""Pages of the committee and the planner: hand in a form, look at it, open it, read results."""

from datetime import timedelta
from enum import StrEnum

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.core import audit, clock
from portal.core.access import Part, requires
from portal.core.audit import Look
from portal.core.db import transaction
from portal.core.errors import Refused
from portal.core.pages import download
from portal.core.sheets import csv_bytes
from portal.surveys import results, sample, service
from portal.surveys.faults import FormRefused
from portal.surveys.forms import OpenForm, PlainForm, UploadForm, reply_form, words_of
from portal.surveys.models import Survey
from portal.surveys.rules import Phase, Refusal, SurveyState
from portal.surveys.wording import in_words

bp = Blueprint("desk", __name__, url_prefix="/desk")

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
USUAL_DAYS = 14
FAULTS_SHOWN = 300

REFUSALS: dict[StrEnum, LazyString] = {
    Refusal.NOT_A_DRAFT: _l("This survey has been opened already; its form stays as it is."),
    Refusal.NOT_RUNNING: _l("This survey is not running, so it cannot be closed."),
    Refusal.ENDS_BEFORE_IT_STARTS: _l("The last day lies before the first one."),
    Refusal.STARTS_IN_THE_PAST: _l("The first day has passed. Choose today or a later day."),
    Refusal.TOO_LONG: _l("A survey can be open for one year at most."),
}
_AT_FIELD = {
    Refusal.STARTS_IN_THE_PAST: "first_day",
    Refusal.ENDS_BEFORE_IT_STARTS: "last_day",
    Refusal.TOO_LONG: "last_day",
}


@bp.get("")
@requires(Part.COMMITTEE, Part.PLANNER)
def index() -> str:
    """List all surveys, drafts too."""
    surveys = service.list_surveys(now=clock.now(), drafts=True)
    return render_template("surveys/desk.html", surveys=surveys, Phase=Phase)


@bp.get("/template.xlsx")
@requires(Part.COMMITTEE, Part.PLANNER)
def template() -> ResponseReturnValue:
    """Hand out a form to start from."""
    return download(sample.template_xlsx(), _("Questionnaire template") + ".xlsx", XLSX)


@bp.get("/new")
@requires(Part.COMMITTEE, Part.PLANNER)
def upload() -> str:
    """Ask for a form."""
    return render_template("surveys/upload.html", form=UploadForm(), faults=[], more=0)


@bp.post("/new")
@requires(Part.COMMITTEE, Part.PLANNER)
def take_in() -> ResponseReturnValue:
    """Check a form: keep it as a draft, or show everything that is wrong and keep nothing."""
    form = UploadForm()
    if not form.validate_on_submit():
        return render_template("surveys/upload.html", form=form, faults=[], more=0), 422
    name = form.file.data.filename or ""
    content = form.file.data.read()
    try:
        with transaction():
            survey_id = service.import_survey(name, content, now=clock.now()).id
    except FormRefused as refused:
        faults = [(fault, in_words(fault)) for fault in refused.faults[:FAULTS_SHOWN]]
        more = len(refused.faults) - len(faults)
        page = render_template(
            "surveys/upload.html", form=form, faults=faults, more=more, filename=name
        )
        return page, 422
    return redirect(url_for(".show", survey_id=survey_id))


@bp.get("/<int:survey_id>")
@requires(Part.COMMITTEE, Part.PLANNER)
def show(survey_id: int) -> str:
    """Show a survey as people will see it, and what can be done with it."""
    return _show(service.get_survey(survey_id, drafts=True))


def _show(survey: Survey, *, form: OpenForm | None = None) -> str:
    now = clock.now()
    today = clock.today(now)
    definition = service.definition_of(survey)
    if form is None:
        form = OpenForm(
            formdata=None,
            title=survey.title,
            lead=survey.lead,
            first_day=today,
            last_day=today + timedelta(days=USUAL_DAYS),
        )
    return render_template(
        "surveys/desk_show.html",
        survey=survey,
        definition=definition,
        questions=reply_form(definition, is_preview=True),
        pick=words_of(definition),
        phase=service.phase_of(survey, now=now),
        Phase=Phase,
        reply_count=service.count_replies(survey.id),
        form=form,
        plain=PlainForm(formdata=None),
        remarks=[(said, in_words(said)) for said in service.remarks_on(survey)[:FAULTS_SHOWN]],
    )


def _to_change(survey_id: int) -> Survey:
    """Return a survey that nobody else can change or answer until we are done."""
    return service.get_survey(survey_id, drafts=True, hold=service.Hold.TO_CHANGE)


@bp.post("/<int:survey_id>/open")
@requires(Part.COMMITTEE, Part.PLANNER)
def open_it(survey_id: int) -> ResponseReturnValue:
    """Open a draft from one day to another."""
    form = OpenForm()
    is_well_formed = form.validate_on_submit()
    title, first, last = form.title.data, form.first_day.data, form.last_day.data
    if is_well_formed and title and first and last:
        try:
            with transaction():
                service.open_survey(
                    _to_change(survey_id),
                    title=title.strip(),
                    lead=(form.lead.data or "").strip(),
                    first_day=first,
                    last_day=last,
                    now=clock.now(),
                )
        except Refused as refused:
            at = _AT_FIELD.get(Refusal(refused.reason))
            if at is None:
                flash(REFUSALS[refused.reason], "error")
                return redirect(url_for(".show", survey_id=survey_id))
            form[at].errors = [REFUSALS[refused.reason]]
            is_well_formed = False
    survey = service.get_survey(survey_id, drafts=True)
    if not is_well_formed and survey.state is SurveyState.DRAFT:
        return _show(survey, form=form), 422
    flash(_("The survey is open to the village."), "success")
    return redirect(url_for(".show", survey_id=survey_id))


@bp.post("/<int:survey_id>/close")
@requires(Part.COMMITTEE, Part.PLANNER)
def close(survey_id: int) -> ResponseReturnValue:
    """End a survey early."""
    if PlainForm().validate_on_submit():
        try:
            with transaction():
                service.close_survey(_to_change(survey_id), now=clock.now())
            flash(_("The survey is closed."), "success")
        except Refused as refused:
            flash(REFUSALS[refused.reason], "error")
    return redirect(url_for(".show", survey_id=survey_id))


@bp.post("/<int:survey_id>/discard")
@requires(Part.COMMITTEE, Part.PLANNER)
def discard(survey_id: int) -> ResponseReturnValue:
    """Throw a draft away."""
    if PlainForm().validate_on_submit():
        try:
            with transaction():
                service.discard_survey(_to_change(survey_id))
            flash(_("The draft is gone."), "success")
        except Refused as refused:
            flash(REFUSALS[refused.reason], "error")
            return redirect(url_for(".show", survey_id=survey_id))
    return redirect(url_for(".index"))


@bp.get("/<int:survey_id>/results")
@requires(Part.COMMITTEE, Part.PLANNER)
def read_results(survey_id: int) -> str:
    """Show the numbers so far, with the free texts."""
    survey = service.get_survey(survey_id)
    definition = service.definition_of(survey)
    return render_template(
        "surveys/desk_results.html",
        survey=survey,
        phase=service.phase_of(survey, now=clock.now()),
        Phase=Phase,
        pick=words_of(definition),
        reply_count=service.count_replies(survey.id),
        tallies=results.tally(survey, definition, with_texts=True),
    )


@bp.get("/<int:survey_id>/replies.csv")
@requires(Part.COMMITTEE, Part.PLANNER)
def export(survey_id: int) -> ResponseReturnValue:
    """Hand out all replies under pseudonyms."""
    survey = service.get_survey(survey_id)
    definition = service.definition_of(survey)
    with transaction():
        audit.note(Look.EXPORTED, "survey-replies", now=clock.now())
    content = csv_bytes(
        results.export_headers(definition), results.export_rows(survey.id, definition)
    )
    return download(content, f"{survey.title}.csv", "text/csv; charset=utf-8")


@bp.get("/<int:survey_id>/form")
@requires(Part.COMMITTEE, Part.PLANNER)
def source(survey_id: int) -> ResponseReturnValue:
    """Hand out the file the survey was made of, byte for byte."""
    survey = service.get_survey(survey_id, drafts=True)
    return download(survey.source, survey.source_name, "application/octet-stream")
