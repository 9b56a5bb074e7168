"""What came of a recommendation, as pages show it, and how the result of a vote is taken over.

Never commits.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from portal.ballots import service as ballots
from portal.ballots.arithmetic import Outcome as BallotOutcome
from portal.ballots.counting import Result
from portal.ballots.models import Ballot
from portal.ballots.rules import Answer, Kind
from portal.ballots.rules import State as BallotState
from portal.core.db import db
from portal.core.errors import Refused
from portal.implementation.models import Duty
from portal.meetings.models import Meeting
from portal.proposals import deliberating, rules, service
from portal.proposals.deliberating import Session
from portal.proposals.models import (
    CarriedOut,
    ConveningTask,
    Proposal,
    ProposalStep,
    Recommendation,
)
from portal.proposals.rules import Refusal, State

RESULTS = {
    BallotOutcome.PASSED: "表决通过。",
    BallotOutcome.FAILED: "表决未通过。",
    BallotOutcome.NO_QUORUM: "参加人数不够，表决没有结果。",
    BallotOutcome.VOID: "规划已经改动，表决作废。",
    BallotOutcome.HEARD: "意见征询已经结束。",
}
"""What a proposal's way says of a vote; it is in the village's language, whoever reads it."""
COUNTS = "赞成 {yes}，反对 {no}，弃权 {abstain}，共 {valid} 张有效票。"

NO_VOTE = (BallotState.CANCELLED, BallotState.NOT_HELD)


@dataclass(frozen=True)
class News:
    """What the council did with a proposal, what that became, and which meeting was asked for.

    `steps` are its whole way so far; `named` is the meeting for `task`, unless it fell through.
    """

    steps: Sequence[ProposalStep]
    advice: Recommendation | None
    carried: CarriedOut | None
    ballot: Ballot | None
    duty: Duty | None
    task: ConveningTask | None
    named: Meeting | None
    session: Session | None
    now: datetime

    @property
    def is_ballot_public(self) -> bool:
        """Tell whether the vote that the proposal became is announced."""
        return self.ballot is not None and self.ballot.announced_at is not None

    @property
    def is_counted(self) -> bool:
        """Tell whether the result of that vote is there for everybody."""
        return self.ballot is not None and ballots.state_of(self.ballot, now=self.now).is_counted

    @property
    def awaits_vote(self) -> bool:
        """Tell whether the village has been asked and the result is still to come."""
        if self.ballot is None or not self.is_ballot_public:
            return False
        return ballots.state_of(self.ballot, now=self.now) not in NO_VOTE


def news_of(proposal: Proposal, *, now: datetime) -> News:
    """Return what became of a proposal, step by step: all in one statement, and its session."""
    of_it = proposal.id
    rows = db.session.execute(
        select(ProposalStep, Recommendation, CarriedOut, Ballot, Duty, ConveningTask)
        .select_from(ProposalStep)
        .outerjoin(Recommendation, Recommendation.proposal_id == of_it)
        .outerjoin(CarriedOut, CarriedOut.proposal_id == of_it)
        .outerjoin(Ballot, Ballot.id == CarriedOut.ballot_id)
        .outerjoin(Duty, Duty.id == CarriedOut.duty_id)
        .outerjoin(ConveningTask, ConveningTask.proposal_id == of_it)
        .where(ProposalStep.proposal_id == of_it)
        .order_by(ProposalStep.position)
    ).all()
    is_listed = proposal.state is State.COUNCIL_LISTED
    session = deliberating.session_of(proposal.id, now=now) if is_listed else None
    _step, advice, carried, ballot, duty, task = rows[0]
    steps = [row[0] for row in rows]
    named = deliberating.find_named(task, now=now) if task else None
    return News(steps, advice, carried, ballot, duty, task, named, session, now)


def by_hand(proposal: Proposal, *, now: datetime) -> tuple[State, ...]:
    """Return the steps that the committee takes by hand from where the proposal stands."""
    is_voted_on = proposal.state is State.TO_BALLOT
    awaits_vote = is_voted_on and news_of(proposal, now=now).awaits_vote
    return rules.by_hand(proposal.state, awaits_vote=awaits_vote)


def say(
    proposal_id: int, after: State, *, reason: str, seen: int, account_id: int, now: datetime
) -> ProposalStep:
    """Say how it went on, as the committee does by hand. Raises Refused."""
    proposal = service.get_proposal(proposal_id, locked=True)
    if seen == proposal.position and after not in by_hand(proposal, now=now):
        raise Refused(Refusal.NOT_NOW)
    return service.step(proposal, after, seen=seen, account_id=account_id, now=now, reason=reason)


def take_result(ballot_id: int, *, now: datetime) -> bool:
    """Let the proposal behind a vote be decided or declined by its result; once, if it is there."""
    proposal_id = db.session.scalar(
        select(CarriedOut.proposal_id).where(CarriedOut.ballot_id == ballot_id)
    )
    ballot = ballots.get_written(ballot_id)
    if proposal_id is None or not ballots.state_of(ballot, now=now).is_counted:
        return False
    proposal = service.get_proposal(proposal_id, locked=True)
    if proposal.state is not State.TO_BALLOT:
        return False
    result = ballots.result_of(ballot, now=now)
    service.step(
        proposal,
        State.DECIDED if _is_wanted(result) else State.DECLINED,
        seen=proposal.position,
        account_id=None,
        now=now,
        reason=_in_words(result),
    )
    return True


def _is_wanted(result: Result) -> bool:
    """Tell whether the village wants it: a consultation says so with more for it than against."""
    if result.outcome is not BallotOutcome.HEARD:
        return result.outcome is BallotOutcome.PASSED
    if result.kind is not Kind.YES_NO:
        return result.valid > 0
    return result.count_of(Answer.YES) > result.count_of(Answer.NO)


def _in_words(result: Result) -> str:
    if result.kind is not Kind.YES_NO:
        return RESULTS[result.outcome]
    counts = COUNTS.format(
        yes=result.count_of(Answer.YES),
        no=result.count_of(Answer.NO),
        abstain=result.count_of(Answer.ABSTAIN),
        valid=result.valid,
    )
    return RESULTS[result.outcome] + counts
