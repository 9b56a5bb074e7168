"""Pages of the surveys: read the request, call the service, answer with a page."""

from datetime import datetime
from enum import StrEnum

from flask import flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import LazyString, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.core import clock
from portal.core.access import Part, may, requires
from portal.core.db import transaction
from portal.core.errors import Refused
from portal.core.pages import village_blueprint
from portal.core.slots import Card, Link
from portal.surveys import desk, results, service
from portal.surveys.forms import ReplyForm, reply_form, words_of
from portal.surveys.models import Survey
from portal.surveys.rules import Phase, Refusal

bp = village_blueprint("surveys", __name__, "/surveys")
bp.register_blueprint(desk.bp)

REFUSALS: dict[StrEnum, LazyString] = {
    **desk.REFUSALS,
    Refusal.NOT_OPEN_YET: _l("This survey has not begun yet."),
    Refusal.CLOSED: _l("This survey has ended."),
    Refusal.NOT_ON_ROSTER: _l("Only people on this village's roster can answer."),
    Refusal.TOO_YOUNG: _l("You can answer surveys from the age of 14."),
    Refusal.ALREADY_ANSWERED: _l("You have answered this survey. Thank you!"),
    Refusal.FAULTY_ANSWERS: _l("Some answers need another look."),
    Refusal.NO_ANSWERS: _l("All questions are still empty. Please answer at least one."),
}

DESK_LINKS = (Link(_l("Surveys"), "surveys.desk.index", (Part.COMMITTEE, Part.PLANNER)),)


def _resident_id() -> int | None:
    """Return who is asking, if they are on this village's roster."""
    return g.viewer.resident_id if g.viewer and may(Part.VILLAGER) else None


@bp.get("/")
@requires(Part.ANYONE, on_behalf=True)
def index() -> str:
    """List the surveys of the village."""
    surveys = service.list_surveys(now=clock.now(), resident_id=_resident_id())
    return render_template("surveys/index.html", surveys=surveys, Phase=Phase)


@bp.get("/<int:survey_id>")
@requires(Part.ANYONE, on_behalf=True)
def show(survey_id: int) -> str:
    """Show the questions, or why they cannot be answered."""
    return _page(service.get_survey(survey_id), None)


def _page(survey: Survey, form: ReplyForm | None) -> str:
    now = clock.now()
    resident_id = _resident_id()
    definition = service.definition_of(survey)
    refusal = service.why_not_reply(survey, resident_id, now=now)
    return render_template(
        "surveys/show.html",
        survey=survey,
        definition=definition,
        phase=service.phase_of(survey, now=now),
        Phase=Phase,
        pick=words_of(definition),
        form=form or (None if refusal else reply_form(definition)),
        refusal=refusal and REFUSALS[refusal],
        has_replied=refusal is Refusal.ALREADY_ANSWERED,
        must_sign_in=g.viewer is None and refusal is Refusal.NOT_ON_ROSTER,
    )


@bp.post("/<int:survey_id>")
@requires(Part.VILLAGER, on_behalf=True)
def reply(survey_id: int) -> ResponseReturnValue:
    """Take a filled-in form. Sent twice, it counts once and leads to the same receipt."""
    survey = service.get_survey(survey_id)
    form = reply_form(service.definition_of(survey))
    if not form.validate_on_submit():
        return _page(survey, form), 422
    try:
        with transaction():
            service.reply(
                service.get_survey(survey_id, hold=service.Hold.TO_ANSWER),
                _resident_id(),
                form.given(),
                key=form.key.data or "",
                now=clock.now(),
            )
    except Refused as refused:
        if refused.reason is Refusal.NO_ANSWERS:
            form.form_errors.append(REFUSALS[refused.reason])
            return _page(service.get_survey(survey_id), form), 422
        if refused.reason is not Refusal.ALREADY_ANSWERED:
            flash(REFUSALS[refused.reason], "error")
            return redirect(url_for(".show", survey_id=survey_id))
        flash(_("You had answered this survey before. Your first answers count."), "info")
    return redirect(url_for(".receipt", survey_id=survey_id))


@bp.get("/<int:survey_id>/receipt")
@requires(Part.VILLAGER, on_behalf=True)
def receipt(survey_id: int) -> ResponseReturnValue:
    """Thank a person for their reply."""
    survey = service.get_survey(survey_id)
    resident_id = _resident_id()
    mine = resident_id and service.find_reply(survey.id, resident_id)
    if not mine:
        return redirect(url_for(".show", survey_id=survey_id))
    return render_template("surveys/receipt.html", survey=survey, reply=mine)


@bp.get("/<int:survey_id>/results")
@requires(Part.ANYONE, on_behalf=True)
def show_results(survey_id: int) -> str:
    """Show what the village answered, once the survey has ended."""
    survey = service.get_survey(survey_id)
    phase = service.phase_of(survey, now=clock.now())
    definition = service.definition_of(survey)
    is_closed = phase is Phase.CLOSED
    return render_template(
        "surveys/results.html",
        survey=survey,
        phase=phase,
        Phase=Phase,
        pick=words_of(definition),
        reply_count=service.count_replies(survey.id) if is_closed else 0,
        tallies=results.tally(survey, definition, with_texts=False) if is_closed else [],
    )


# --- places on pages of others ---------------------------------------------------------------


def _open_surveys(now: datetime) -> list[service.Listed]:
    surveys = service.list_surveys(now=now, resident_id=_resident_id())
    return [survey for survey in surveys if survey.phase is Phase.OPEN]


def _card(survey: service.Listed) -> Card:
    count = ngettext("%(num)d question", "%(num)d questions", survey.question_count)
    return Card(
        title=survey.title,
        line=survey.lead or count,
        href=url_for("surveys.show", survey_id=survey.id),
        action=_("See my receipt") if survey.has_replied else _("Fill it in"),
        chip=_("Answered") if survey.has_replied else _("Survey"),
        chip_kind="good" if survey.has_replied else "info",
        closes_at=survey.closes_at,
    )


def home_cards(*, now: datetime, **_facts: object) -> list[Card]:
    """Show on the village's first page which surveys wait for an answer."""
    return [_card(survey) for survey in _open_surveys(now) if not survey.has_replied]


def take_part_cards(*, now: datetime, **_facts: object) -> list[Card]:
    """Show every open survey, and whether I have answered it."""
    return [_card(survey) for survey in _open_surveys(now)]


def me_cards(*, now: datetime, **_facts: object) -> list[Card]:
    """Show what I have answered."""
    resident_id = _resident_id()
    if resident_id is None:
        return []
    return [
        Card(
            title=survey.title,
            line=_("Receipt %(code)s", code=reply.receipt),
            href=url_for("surveys.receipt", survey_id=survey.id),
            action=_("See my receipt"),
            chip=_("Survey answered"),
            chip_kind="good",
        )
        for reply, survey in service.list_replies_of(resident_id)
    ]


def desk_cards(*, now: datetime, **_facts: object) -> list[Card]:
    """Lead the committee and the planner to the surveys."""
    if not may(Part.COMMITTEE, Part.PLANNER):
        return []
    surveys = service.list_surveys(now=now, drafts=True)
    running = [survey for survey in surveys if survey.phase is Phase.OPEN]
    replies = sum(survey.reply_count for survey in running)
    return [
        Card(
            title=_("Surveys"),
            line=_("%(open)s open, %(replies)s replies", open=len(running), replies=replies),
            href=url_for("surveys.desk.index"),
            action=_("Go to the surveys"),
        )
    ]
