"""Pages on which a ballot goes on: opened, held up, closed early by two offices, called off."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from flask import flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from portal.ballots import drafting, published, service
from portal.ballots.arithmetic import Outcome
from portal.ballots.blueprint import bp
from portal.ballots.desk_forms import ReasonForm
from portal.ballots.desk_views import PARTS, WATCHERS, refused_page
from portal.ballots.display import life_lines
from portal.ballots.models import Ballot
from portal.ballots.rules import State
from portal.ballots.states import Step
from portal.ballots.words import STATES, span_words
from portal.core import clock
from portal.core.access import Part, requires
from portal.core.db import transaction
from portal.core.errors import Refused

BEFORE_THE_END = (State.ANNOUNCED, State.OPEN, State.SUSPENDED)


@bp.get("/manage/<int:ballot_id>/life")
@requires(*WATCHERS)
def life(ballot_id: int, form: ReasonForm | None = None) -> str:
    """Show where a vote stands, what was done with it, and what can be done now, by whom."""
    now = clock.now()
    ballot = service.get_ballot(ballot_id)
    state = service.state_of(ballot, now=now)
    asked = service.find_step(ballot.id, Step.EARLY_CLOSE_ASKED)
    days = published.days_of(ballot)
    return render_template(
        "ballots/life.html",
        ballot=ballot,
        state=state,
        states=STATES,
        span=span_words(ballot.opens_at, ballot.ends_at, now=now),
        cast=service.count_cast([ballot.id]).get(ballot.id, 0),
        is_due=state is State.ANNOUNCED and ballot.opens_at <= now,
        may_end=state in BEFORE_THE_END,
        asked=asked,
        is_own_request=asked is not None and asked.account_id == g.viewer.account_id,
        may_repeat=_may_repeat(ballot, state),
        needs_key=drafting.needs_key(ballot),
        steps=life_lines(ballot.id),
        decided_by=published.decided_by(ballot),
        days=days,
        may_put_away=days is not None and days.over_at <= now,
        form=form or ReasonForm(formdata=None),
    )


@bp.post("/manage/<int:ballot_id>/open")
@requires(*PARTS)
def open_now(ballot_id: int) -> ResponseReturnValue:
    """Open a vote whose day has come: from now on the list of electors stands too."""
    return _do(ballot_id, service.open_ballot, _l("The vote is open."))


@bp.post("/manage/<int:ballot_id>/suspend")
@requires(Part.HEAD)
def suspend(ballot_id: int) -> ResponseReturnValue:
    """Hold an open vote up, as the head, for a reason that everybody reads."""
    return _with_reason(ballot_id, service.suspend_ballot, _l("Voting is held up."))


@bp.post("/manage/<int:ballot_id>/resume")
@requires(Part.HEAD)
def resume(ballot_id: int) -> ResponseReturnValue:
    """Let voting go on, as the head."""
    return _do(ballot_id, service.resume_ballot, _l("Voting goes on."))


@bp.post("/manage/<int:ballot_id>/cancel")
@requires(*PARTS)
def cancel(ballot_id: int) -> ResponseReturnValue:
    """Call an announced vote off, for a reason that everybody reads."""
    return _with_reason(ballot_id, service.cancel_ballot, _l("The vote has been called off."))


@bp.post("/manage/<int:ballot_id>/ask-early-close")
@requires(Part.HEAD)
def ask_early_close(ballot_id: int) -> ResponseReturnValue:
    """Ask, as the head, that voting end now; the supervision committee must agree."""
    done = _l("You have asked for it. The supervision committee must agree.")
    return _with_reason(ballot_id, service.ask_early_close, done)


@bp.post("/manage/<int:ballot_id>/close-early")
@requires(Part.SUPERVISOR)
def close_early(ballot_id: int) -> ResponseReturnValue:
    """Agree, as the supervision committee, that voting end now."""
    return _do(ballot_id, service.close_early, _l("Voting has ended."))


@bp.post("/manage/<int:ballot_id>/archive")
@requires(*PARTS)
def archive(ballot_id: int) -> ResponseReturnValue:
    """Put a published vote away."""
    return _do(ballot_id, service.archive_ballot, _l("The vote has been put away."))


def _with_reason(
    ballot_id: int, deed: Callable[..., Ballot], done: LazyString
) -> ResponseReturnValue:
    form = ReasonForm()
    if not form.validate_on_submit():
        service.get_ballot(ballot_id)
        return life(ballot_id, form), 422
    return _do(ballot_id, deed, done, reason=form.reason.data or "")


def _do(
    ballot_id: int, deed: Callable[..., Ballot], done: LazyString, **facts: Any
) -> ResponseReturnValue:
    service.get_ballot(ballot_id)
    now: datetime = clock.now()
    try:
        with transaction():
            deed(ballot_id, now=now, account_id=g.viewer.account_id, **facts)
    except Refused as refused:
        return refused_page(service.get_ballot(ballot_id), refused.reason)
    flash(str(done), "success")
    return redirect(url_for(".life", ballot_id=ballot_id), 303)


def _may_repeat(ballot: Ballot, state: State) -> bool:
    """Tell whether it did not come to a decision, so that it can be announced again."""
    if state in (State.NOT_HELD, State.CANCELLED, State.SET_ASIDE):
        return True
    return state.is_counted and ballot.outcome is Outcome.NO_QUORUM
