"""The council and its proposals: put on a session's list, talked over, recommended. Never commits.

The quorum is a fact of who was there: it is counted from the session's list of those present.
"""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from sqlalchemy import select

from portal.core.db import db, insert_or, keep_once
from portal.core.errors import Refused
from portal.core.outbox import publish
from portal.core.scope import require_village
from portal.meetings import council_rules, presence
from portal.meetings import service as meetings
from portal.meetings.minutes_models import Minutes
from portal.meetings.models import Meeting
from portal.meetings.presence import Present
from portal.meetings.rules import Kind
from portal.meetings.rules import State as MeetingState
from portal.proposals import rules, service
from portal.proposals.events import OpinionAdvised
from portal.proposals.models import ConveningTask, CouncilItem, Recommendation
from portal.proposals.rules import Outcome, Refusal, State, Votes
from portal.proposals.service import Line


@dataclass(frozen=True)
class Session:
    """A session of the council: when it is, whether enough came, whether two signed its minutes."""

    meeting: Meeting
    state: MeetingState
    has_minutes: bool

    @cached_property
    def present(self) -> Present:
        """Return how many of those called were there."""
        return presence.count(self.meeting.id)

    @property
    def is_over(self) -> bool:
        """Tell whether it was held, or will not be."""
        return self.state not in (MeetingState.CONVENED, MeetingState.OPEN)

    @property
    def could_recommend(self) -> bool:
        """Tell whether it was held with its quorum."""
        return self.state is MeetingState.CLOSED and self.has_quorum

    @property
    def has_quorum(self) -> bool:
        """Tell whether two thirds of those called were there."""
        return council_rules.has_quorum(members=self.present.members, present=self.present.present)


def list_to_come(*, now: datetime) -> list[Meeting]:
    """Return the sessions that a proposal can still be listed for, the next one first."""
    held = meetings.list_meetings(since=now, kind=Kind.COUNCIL)
    return [m for m in held[::-1] if m.state_at(now) is MeetingState.CONVENED]


def put_on_list(
    proposal_id: int, meeting_id: int, *, seen: int, account_id: int | None, now: datetime
) -> None:
    """Put a proposal on the list of a session that is still to come. Raises Refused."""
    proposal = service.get_proposal(proposal_id, locked=True)
    meeting = db.session.get(Meeting, meeting_id)
    is_session = meeting is not None and meeting.kind is Kind.COUNCIL
    if meeting is None or not is_session or meeting.state_at(now) is not MeetingState.CONVENED:
        raise Refused(Refusal.NOT_A_SESSION)
    service.step(proposal, State.COUNCIL_LISTED, seen=seen, account_id=account_id, now=now)
    item = insert_or(CouncilItem).values(
        village_id=require_village(),
        proposal_id=proposal.id,
        meeting_id=meeting.id,
        listed_by=account_id,
        listed_at=now,
    )
    db.session.execute(item.on_conflict_do_nothing())


def session_of(proposal_id: int, *, now: datetime) -> Session | None:
    """Return the session that a proposal was listed for last, or None."""
    row = db.session.execute(
        select(Meeting, Minutes.second_at)
        .join(CouncilItem, CouncilItem.meeting_id == Meeting.id)
        .outerjoin(Minutes, Minutes.meeting_id == Meeting.id)
        .where(CouncilItem.proposal_id == proposal_id)
        .order_by(CouncilItem.id.desc())
        .limit(1)
    ).first()
    if row is None:
        return None
    meeting, signed_at = row
    return Session(meeting, meeting.state_at(now), signed_at is not None)


def put_off(
    proposal_id: int, *, reason: str = "", seen: int, account_id: int | None, now: datetime
) -> None:
    """Let a proposal wait for another session, as this one recommended nothing. Raises Refused."""
    proposal = service.get_proposal(proposal_id, locked=True)
    session = session_of(proposal_id, now=now)
    if session is None:
        raise Refused(Refusal.NOT_NOW)
    refusal = rules.why_not_put_off(
        is_over=session.is_over, could_recommend=session.could_recommend, reason=reason
    )
    if refusal:
        raise Refused(refusal)
    after = State.THRESHOLD_MET
    service.step(proposal, after, seen=seen, account_id=account_id, now=now, reason=reason)


def recommend(
    proposal_id: int,
    outcome: Outcome,
    *,
    votes: Votes,
    reason: str,
    seen: int,
    account_id: int | None,
    now: datetime,
) -> Recommendation:
    """Write down what the session recommends; who was there stands from now on. Raises Refused.

    To decline it needs nothing more: that step is taken at once. To the plan it goes as an opinion
    of its author, who is asked where they have not agreed to that yet.
    """
    proposal = service.get_proposal(proposal_id, locked=True)
    if seen != proposal.position:
        raise Refused(Refusal.STALE)
    session = session_of(proposal_id, now=now)
    if session is None:
        raise Refused(Refusal.NOT_NOW)
    meetings.settle(session.meeting.id, now=now)
    counted = presence.count(session.meeting.id)
    refusal = rules.why_not_recommend(
        is_over=session.state is MeetingState.CLOSED,
        has_quorum=session.has_quorum,
        has_minutes=session.has_minutes,
        present=counted.present,
        votes=votes,
        reason=reason,
    )
    if refusal:
        raise Refused(refusal, present=counted.present)
    row = Recommendation(
        proposal_id=proposal.id,
        meeting_id=session.meeting.id,
        outcome=outcome,
        reason=reason.strip(),
        members=counted.members,
        present=counted.present,
        yes=votes.yes,
        no=votes.no,
        abstain=votes.abstain,
        written_by=account_id,
        written_at=now,
    )
    keep_once(row, twice=Refusal.STALE)
    service.step(proposal, State.DELIBERATED, seen=seen, account_id=account_id, now=now)
    if outcome is Outcome.DECLINE:
        service.step(
            proposal,
            State.DECLINED,
            seen=proposal.position,
            account_id=account_id,
            now=now,
            reason=reason,
        )
    elif outcome is Outcome.PLAN and not proposal.agrees_to_opinion:
        publish(OpinionAdvised(proposal_id=proposal.id), now=now)
    return row


def find_recommendation(proposal_id: int) -> Recommendation | None:
    """Return what the council recommended about a proposal, or None."""
    return db.session.scalar(
        select(Recommendation).where(Recommendation.proposal_id == proposal_id)
    )


def list_before(meeting_id: int) -> list[Line]:
    """Return the proposals that a meeting is about: on its list, or the reason to convene it."""
    listed = select(CouncilItem.proposal_id).where(CouncilItem.meeting_id == meeting_id)
    asked = select(ConveningTask.proposal_id).where(ConveningTask.meeting_id == meeting_id)
    found = {*db.session.scalars(listed), *db.session.scalars(asked)}
    return service.list_these(found) if found else []


# --- the meeting that must be convened (V8) ------------------------------------------------------


def find_task(proposal_id: int) -> ConveningTask | None:
    """Return the task to convene the villagers' meeting over a proposal, or None."""
    return db.session.scalar(select(ConveningTask).where(ConveningTask.proposal_id == proposal_id))


def find_named(task: ConveningTask, *, now: datetime) -> Meeting | None:
    """Return the meeting that was named for a task, or None: also where it fell through."""
    meeting = db.session.get(Meeting, task.meeting_id) if task.meeting_id else None
    return meeting if _stands(meeting, now=now) else None


def list_tasks(*, now: datetime) -> list[tuple[ConveningTask, Line]]:
    """Return the meetings that the committee must convene and has not, the oldest first.

    One that was called off, or whose day went by without it, must be convened still.
    """
    rows = db.session.execute(
        select(ConveningTask, Meeting)
        .outerjoin(Meeting, Meeting.id == ConveningTask.meeting_id)
        .order_by(ConveningTask.id)
    ).all()
    tasks = [task for task, meeting in rows if not _stands(meeting, now=now)]
    found = service.list_these([task.proposal_id for task in tasks]) if tasks else []
    lines = {line.proposal.id: line for line in found}
    return [(task, lines[task.proposal_id]) for task in tasks]


def list_convened(task: ConveningTask, *, now: datetime) -> list[Meeting]:
    """Return the villagers' meetings convened since the task was raised, which can fulfil it."""
    return [
        meeting
        for meeting in meetings.list_meetings(since=task.raised_at, kind=Kind.VM)
        if _fulfils(task, meeting, now=now)
    ]


def name_meeting(
    proposal_id: int, meeting_id: int, *, account_id: int | None, now: datetime
) -> None:
    """Say which convened meeting is the one that so many asked for. Raises Refused."""
    task = db.session.scalars(
        select(ConveningTask).where(ConveningTask.proposal_id == proposal_id).with_for_update()
    ).one()
    if find_named(task, now=now) is not None:
        raise Refused(Refusal.MET_ALREADY)
    meeting = db.session.get(Meeting, meeting_id)
    if meeting is None or not _fulfils(task, meeting, now=now):
        raise Refused(Refusal.NOT_THAT_MEETING)
    task.meeting_id, task.met_by, task.met_at = meeting.id, account_id, now
    db.session.flush()


def _fulfils(task: ConveningTask, meeting: Meeting, *, now: datetime) -> bool:
    is_since = meeting.convened_at >= task.raised_at
    return meeting.kind is Kind.VM and is_since and _stands(meeting, now=now)


def _stands(meeting: Meeting | None, *, now: datetime) -> bool:
    """Tell whether there is a meeting and it was held, or is to come."""
    fell_through = (MeetingState.CANCELLED, MeetingState.NOT_HELD)
    return meeting is not None and meeting.state_at(now) not in fell_through
