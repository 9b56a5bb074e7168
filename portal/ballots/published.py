"""What follows the count: published, objected to, set aside or put away (domain.md §4.2).

An objection holds the result up until the supervision committee has decided: it stands, or it is
set aside and the vote is taken again. What was counted stays readable either way.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select

from portal.ballots.life import expect, locked, log_step
from portal.ballots.models import Ballot, BallotStep, RuleProfile
from portal.ballots.profiles import Params
from portal.ballots.rules import Refusal
from portal.ballots.states import State, Step, state
from portal.ballots.steps import reason_of
from portal.core import clock
from portal.core.access import Part
from portal.core.db import db
from portal.core.errors import Refused
from portal.notices.days import rest_days
from portal.notices.rules import last_day

DECIDED_WITHIN = timedelta(days=5)
BOARD = (State.DISCLOSED, State.OBJECTED)


@dataclass(frozen=True)
class Days:
    """The last days on which a published result is on the board, and can be objected to."""

    board: date
    objections: date

    @property
    def over_at(self) -> datetime:
        """Return when both are over: their last day ends at 24:00 (T2)."""
        return clock.midnight_after(max(self.board, self.objections))


def days_of(ballot: Ballot) -> Days | None:
    """Return the days of a published result; None before it is published.

    The day of publication is not counted, and a rest day is no last day (T1, T3): so runs the
    period of the document too, at which one objects.
    """
    if ballot.disclosed_at is None:
        return None
    params = Params.from_json(db.session.get_one(RuleProfile, ballot.profile_id).params)
    day, is_rest_day = clock.today(ballot.disclosed_at), rest_days()
    return Days(
        board=last_day(day, days=params.disclosure_days, is_rest_day=is_rest_day),
        objections=last_day(day, days=params.objection_days, is_rest_day=is_rest_day),
    )


def disclose_ballot(ballot_id: int, *, now: datetime, account_id: int | None = None) -> Ballot:
    """Note that the result was published as a document (公示); nothing where it was before."""
    ballot = locked(ballot_id)
    if state(ballot, now=now) is State.COUNTED:
        ballot.disclosed_at = now
        log_step(ballot, Step.DISCLOSED, now=now, account_id=account_id)
    return ballot


def archive_ballot(ballot_id: int, *, now: datetime, account_id: int) -> Ballot:
    """Put a published ballot away: its result stands, and nothing about it is waited for.

    Not while it is to be on the board, or can be objected to.
    """
    ballot = locked(ballot_id)
    expect(ballot, (State.DISCLOSED,), Refusal.WRONG_STATE, now=now)
    days = days_of(ballot)
    if days is None or now < days.over_at:
        raise Refused(Refusal.ON_THE_BOARD)
    ballot.archived_at = now
    log_step(ballot, Step.ARCHIVED, now=now, account_id=account_id)
    return ballot


def hold_up(ballot_id: int, *, now: datetime, account_id: int | None) -> Ballot:
    """Hold a published result up, since somebody objects to the document that it stands in."""
    ballot = locked(ballot_id)
    if state(ballot, now=now) in BOARD:
        ballot.objected_at = ballot.objected_at or now
        log_step(ballot, Step.OBJECTED, now=now, account_id=account_id)
    return ballot


def decide_objection(
    ballot_id: int, *, is_upheld: bool, reason: str, now: datetime, account_id: int
) -> Ballot:
    """Decide, as the supervision committee, on what was objected: the result stands, or falls.

    Who objected does not decide.
    """
    ballot = locked(ballot_id)
    expect(ballot, (State.OBJECTED,), Refusal.WRONG_STATE, now=now)
    objectors = select(BallotStep.account_id).where(
        BallotStep.ballot_id == ballot.id, BallotStep.step == Step.OBJECTED
    )
    if account_id in db.session.scalars(objectors).all():
        raise Refused(Refusal.OWN_OBJECTION)
    steps = [Step.OBJECTION_DECIDED]
    ballot.objected_at = None
    if is_upheld:
        ballot.set_aside_at = now
        steps.append(Step.SET_ASIDE)
    for step in steps:
        log_step(
            ballot,
            step,
            now=now,
            account_id=account_id,
            part=Part.SUPERVISOR,
            reason=reason_of(reason),
        )
    return ballot


def decided_by(ballot: Ballot) -> date | None:
    """Return the day by which the supervision committee is to decide; None if nobody objects."""
    return clock.today(ballot.objected_at + DECIDED_WITHIN) if ballot.objected_at else None


def list_objected() -> list[Ballot]:
    """Return the ballots with an objection that is not decided yet."""
    query = select(Ballot).where(Ballot.objected_at.is_not(None)).order_by(Ballot.objected_at)
    return list(db.session.scalars(query))
