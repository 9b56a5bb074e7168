"""The steps of an announced ballot that are not its vote: held up, closed, called off, put away."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select

from portal.ballots import events
from portal.ballots.life import announce_end, expect, locked, log_step
from portal.ballots.models import Ballot, BallotStep
from portal.ballots.rules import Refusal
from portal.ballots.states import Secrecy, State, Step
from portal.core.access import Part
from portal.core.db import db
from portal.core.errors import Refused
from portal.core.outbox import publish


def suspend_ballot(ballot_id: int, *, reason: str, now: datetime, account_id: int) -> Ballot:
    """Hold an open ballot up, for a reason that everybody reads; what was cast stays.

    It stays held up, whatever the clock says, until it goes on, two offices close it or it is
    called off.
    """
    ballot = _locked(ballot_id, (State.OPEN,), Refusal.NOT_OPEN, now=now)
    ballot.suspended_at = now
    log_step(ballot, Step.SUSPENDED, now=now, account_id=account_id, reason=reason_of(reason))
    return ballot


def resume_ballot(ballot_id: int, *, now: datetime, account_id: int) -> Ballot:
    """Let voting go on; it ends as much later as it was held up."""
    ballot = _locked(ballot_id, (State.SUSPENDED,), Refusal.WRONG_STATE, now=now)
    assert ballot.suspended_at  # noqa: S101 -- the state says so
    ballot.prolonged_to = ballot.due_at + (now - ballot.suspended_at)
    ballot.suspended_at = None
    log_step(ballot, Step.RESUMED, now=now, account_id=account_id)
    announce_end(ballot, now=now)
    return ballot


def cancel_ballot(ballot_id: int, *, reason: str, now: datetime, account_id: int) -> Ballot:
    """Call a ballot off before it closes, for a reason that everybody reads."""
    may_be = (State.ANNOUNCED, State.OPEN, State.SUSPENDED)
    ballot = _locked(ballot_id, may_be, Refusal.WRONG_STATE, now=now)
    ballot.cancelled_at = now
    log_step(ballot, Step.CANCELLED, now=now, account_id=account_id, reason=reason_of(reason))
    return ballot


def discard_draft(ballot_id: int, *, now: datetime, account_id: int) -> Ballot:
    """Throw a draft away. Nobody was told of it, so nobody is told why."""
    drafts = (State.DRAFT, State.PARTY_REVIEWED)
    ballot = _locked(ballot_id, drafts, Refusal.ALREADY_ANNOUNCED, now=now)
    ballot.cancelled_at = now
    log_step(ballot, Step.CANCELLED, now=now, account_id=account_id)
    return ballot


def ask_early_close(ballot_id: int, *, reason: str, now: datetime, account_id: int) -> Ballot:
    """Ask, as the head of the committee, that voting end now; another office must agree."""
    ballot = _locked(ballot_id, (State.OPEN, State.SUSPENDED), Refusal.NOT_OPEN, now=now)
    if find_step(ballot.id, Step.EARLY_CLOSE_ASKED):
        raise Refused(Refusal.ALREADY_ASKED)
    log_step(
        ballot,
        Step.EARLY_CLOSE_ASKED,
        now=now,
        account_id=account_id,
        part=Part.HEAD,
        reason=reason_of(reason),
    )
    return ballot


def close_early(ballot_id: int, *, now: datetime, account_id: int) -> Ballot:
    """End voting now, as the supervision committee, where the head asked for it (trust.md T7).

    Two offices and two people: whoever asked cannot agree.
    """
    ballot = _locked(ballot_id, (State.OPEN, State.SUSPENDED), Refusal.NOT_OPEN, now=now)
    if ballot.closed_at is not None:  # by somebody whose clock was a moment ahead of ours
        raise Refused(Refusal.NOT_OPEN)
    asked = find_step(ballot.id, Step.EARLY_CLOSE_ASKED)
    if asked is None:
        raise Refused(Refusal.NOT_ASKED)
    if asked.account_id == account_id:
        raise Refused(Refusal.SAME_PERSON)
    ballot.closed_at, ballot.suspended_at = now, None
    log_step(ballot, Step.CLOSED_EARLY, now=now, account_id=account_id, part=Part.SUPERVISOR)
    if ballot.secrecy is Secrecy.OPEN:
        publish(events.BallotClosed(ballot_id=ballot.id, is_early=True), now=now)
    return ballot


def reason_of(text: str) -> str:
    """Return the reason that was written, or raise Refused."""
    if not text.strip():
        raise Refused(Refusal.NO_REASON)
    return text.strip()


def asked_early(ballot_ids: Collection[int]) -> set[int]:
    """Return for which of these ballots the head asked that voting end."""
    query = select(BallotStep.ballot_id).where(
        BallotStep.ballot_id.in_(ballot_ids), BallotStep.step == Step.EARLY_CLOSE_ASKED
    )
    return set(db.session.scalars(query))


def find_step(ballot_id: int, step: Step) -> BallotStep | None:
    """Return the first step of this kind, or None if it was not taken."""
    query = select(BallotStep).where(BallotStep.ballot_id == ballot_id, BallotStep.step == step)
    return db.session.scalar(query.order_by(BallotStep.turn).limit(1))


def _locked(
    ballot_id: int, states: Collection[State], refusal: Refusal, *, now: datetime
) -> Ballot:
    ballot = locked(ballot_id)
    expect(ballot, states, refusal, now=now)
    return ballot
