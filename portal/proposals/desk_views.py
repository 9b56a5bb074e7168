"""Pages of the committee: what waits with the proposals, and each step that it takes."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from wtforms import SelectChoice

from portal.core import clock
from portal.core.access import Part, requires
from portal.core.db import transaction
from portal.core.errors import Refused
from portal.core.words import start_words
from portal.meetings.models import Meeting
from portal.meetings.words import STATES as MEETING_STATES
from portal.proposals import carrying_out, deliberating, outcomes, service
from portal.proposals.blueprint import bp
from portal.proposals.forms import AdviceForm, CarryForm, PutOffForm, SessionForm, StepForm
from portal.proposals.models import Proposal
from portal.proposals.rules import Outcome, Refusal, State, Votes
from portal.proposals.words import OUTCOMES, REFUSALS, STATES, STEPS

EDITORS = (Part.COMMITTEE,)
WAITING = (State.THRESHOLD_MET, State.COUNCIL_LISTED, State.DELIBERATED)
UNDER_WAY = (State.TO_BALLOT, State.TO_PLAN, State.TO_PROJECT, State.DECIDED, State.IMPLEMENTING)
FIELDS = {
    Refusal.NO_REASON: "reason",
    Refusal.VOTES_DO_NOT_ADD_UP: "yes",
    Refusal.NO_MAJORITY: "yes",
    Refusal.NO_OWNER: "owner",
    Refusal.NOT_A_SESSION: "meeting_id",
    Refusal.NOT_THAT_MEETING: "meeting_id",
}


@bp.get("/desk")
@requires(*EDITORS)
def desk() -> str:
    """List what waits for the committee: meetings to convene, proposals to bring further."""
    waiting, _more = service.list_lines(WAITING, per_page=100)
    under_way, _rest = service.list_lines(UNDER_WAY, per_page=100)
    return render_template(
        "proposals/desk.html",
        tasks=deliberating.list_tasks(now=clock.now()),
        waiting=waiting,
        under_way=under_way,
        states=STATES,
        title_of=service.title_of,
    )


@bp.get("/<int:proposal_id>/desk")
@requires(*EDITORS)
def handle(proposal_id: int) -> str:
    """Show a proposal with the step that is due, as the committee takes it."""
    return _page(proposal_id)


@bp.post("/<int:proposal_id>/list")
@requires(*EDITORS)
def put_on_list(proposal_id: int) -> ResponseReturnValue:
    """Put a proposal on the list of a session of the council."""
    form = SessionForm()
    form.meeting_id.choices = _meetings(deliberating.list_to_come(now=clock.now()))
    return _done(
        proposal_id,
        form,
        partial(deliberating.put_on_list, meeting_id=form.meeting_id.data or 0),
        _("It is on the council's list."),
    )


@bp.post("/<int:proposal_id>/put-off")
@requires(*EDITORS)
def put_off(proposal_id: int) -> ResponseReturnValue:
    """Let a proposal wait for another session."""
    form = PutOffForm()
    deed = partial(deliberating.put_off, reason=form.reason.data or "")
    return _done(proposal_id, form, deed, _("It waits for another session."))


@bp.post("/<int:proposal_id>/recommend")
@requires(*EDITORS)
def recommend(proposal_id: int) -> ResponseReturnValue:
    """Write down what the session of the council recommends."""
    form = AdviceForm()

    def deed(proposal_id: int, **facts: Any) -> None:
        votes = Votes(form.yes.data or 0, form.no.data or 0, form.abstain.data or 0)
        outcome, reason = Outcome(form.outcome.data), form.reason.data or ""
        deliberating.recommend(proposal_id, outcome, votes=votes, reason=reason, **facts)

    return _done(proposal_id, form, deed, _("The council's recommendation is written down."))


@bp.post("/<int:proposal_id>/carry-out")
@requires(*EDITORS)
def carry_out(proposal_id: int) -> ResponseReturnValue:
    """Do what the council recommended."""
    form = CarryForm()

    def deed(proposal_id: int, **facts: Any) -> None:
        owner, due_on = form.owner.data or "", form.due_on.data
        carrying_out.carry_out(proposal_id, owner=owner, due_on=due_on, **facts)

    return _done(proposal_id, form, deed, _("It is under way."))


@bp.post("/<int:proposal_id>/step")
@requires(*EDITORS)
def take_step(proposal_id: int) -> ResponseReturnValue:
    """Say how it went on: decided, being carried out, done, or declined after all."""
    form = StepForm()
    form.state.choices = _steps(service.get_proposal(proposal_id))

    def deed(proposal_id: int, **facts: Any) -> None:
        reason = form.reason.data or ""
        outcomes.say(proposal_id, State(form.state.data), reason=reason, **facts)

    return _done(proposal_id, form, deed, _("Its author and all who signed are being told."))


@bp.post("/<int:proposal_id>/convened")
@requires(*EDITORS)
def name_meeting(proposal_id: int) -> ResponseReturnValue:
    """Name the meeting that so many asked for."""
    task = deliberating.find_task(proposal_id)
    form = SessionForm()
    found = deliberating.list_convened(task, now=clock.now()) if task else []
    form.meeting_id.choices = _meetings(found)

    def deed(proposal_id: int, **facts: Any) -> None:
        facts.pop("seen")
        if task is None:
            raise Refused(Refusal.NOT_NOW)
        deliberating.name_meeting(proposal_id, form.meeting_id.data or 0, **facts)

    return _done(proposal_id, form, deed, _("The meeting is named."))


def _done(
    proposal_id: int, form: Any, deed: Callable[..., object], said: str
) -> ResponseReturnValue:
    """Take a step and say so; if it is refused, say why where it was asked for."""
    service.get_proposal(proposal_id)
    if form is not None and not form.validate_on_submit():
        return _page(proposal_id, form), 422
    try:
        with transaction():
            deed(
                proposal_id,
                seen=request.form.get("seen", 0, type=int),
                account_id=g.viewer.account_id,
                now=clock.now(),
            )
    except Refused as refused:
        words = REFUSALS[refused.reason]
        field = getattr(form, FIELDS.get(refused.reason, ""), None)  # type: ignore[call-overload]
        if field is None:
            return _page(proposal_id, form, reason=str(words)), 409
        field.errors = [words]
        return _page(proposal_id, form), 409
    flash(said, "success")
    return redirect(url_for(".handle", proposal_id=proposal_id), 303)


def _page(proposal_id: int, sent: Any = None, *, reason: str | None = None) -> str:
    now, line = clock.now(), service.get_line(proposal_id)
    proposal = line.proposal
    news = outcomes.news_of(proposal, now=now)
    forms = {form: form(formdata=None) for form in (AdviceForm, PutOffForm, CarryForm, StepForm)}
    listing, naming = SessionForm(formdata=None), SessionForm(formdata=None)
    if isinstance(sent, SessionForm):
        is_naming = request.endpoint == "proposals.name_meeting"
        listing, naming = (listing, sent) if is_naming else (sent, naming)
    elif sent is not None:
        forms[type(sent)] = sent
    listing.meeting_id.choices = _meetings(deliberating.list_to_come(now=now))
    convened = deliberating.list_convened(news.task, now=now) if news.task else []
    naming.meeting_id.choices = _meetings(convened)
    forms[StepForm].state.choices = _steps(proposal)
    return render_template(
        "proposals/handle.html",
        line=line,
        proposal=proposal,
        reason=reason,
        title=service.title_of(line),
        news=news,
        why_not=_why_not_carry_out(line, news, now=now),
        listing=listing,
        naming=naming,
        advising=forms[AdviceForm],
        putting_off=forms[PutOffForm],
        carrying=forms[CarryForm],
        stepping=forms[StepForm],
        states=STATES,
        meeting_states=MEETING_STATES,
        outcomes=OUTCOMES,
    )


def _why_not_carry_out(line: service.Line, news: outcomes.News, *, now: datetime) -> str | None:
    """Say why the committee cannot do what the council recommended, or None."""
    if line.proposal.state is not State.DELIBERATED or news.advice is None:
        return None
    refusal = carrying_out.why_not_repeat(line)
    if refusal is None and news.advice.outcome is Outcome.PLAN:
        refusal = carrying_out.why_not_opinion(line.proposal, resident_id=None, now=now)
    return str(REFUSALS[refusal]) if refusal else None


def _meetings(found: list[Meeting]) -> list[SelectChoice]:
    now = clock.now()
    return [
        SelectChoice(meeting.id, f"{meeting.title} · {start_words(meeting.held_at, now)}")
        for meeting in found
    ]


def _steps(proposal: Proposal) -> list[SelectChoice]:
    """Return the steps that the committee takes by hand from here."""
    states = outcomes.by_hand(proposal, now=clock.now())
    return [SelectChoice(state.value, STEPS[state]) for state in states]
