"""Convening a meeting, with whom it calls; opening, closing and calling it off. Never commits."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, case, insert, literal, or_, select

from portal.core import clock, scope
from portal.core.db import db, keep_once
from portal.core.errors import Refused
from portal.core.outbox import publish
from portal.meetings import councils, rules
from portal.meetings.events import MeetingCancelled, MeetingConvened, MeetingNears
from portal.meetings.models import Meeting, MeetingMember, MeetingStep, Representative
from portal.meetings.rules import Capacity, Kind, Refusal, State, StepKind
from portal.notices import days
from portal.notices.rules import NoticeType, Span
from portal.people import electorate, posts
from portal.people.models import Account, Resident
from portal.people.rules import Role

NOTICES = {
    Kind.VM: NoticeType.MEETING_VM,
    Kind.VR: NoticeType.MEETING_VR,
    Kind.VG: NoticeType.MEETING_VR,
    Kind.REO: NoticeType.MEETING_REO,
    Kind.COUNCIL: NoticeType.MEETING_VR,
}
"""By which notice each kind is announced; for a group's meeting and the council no law says it, so
the representatives' days are taken."""
COMMITTEE = (Role.COMMITTEE, Role.HEAD)
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class Draft:
    """A meeting as it is to be convened."""

    kind: Kind
    title: str
    agenda: str
    place: str
    held_at: datetime
    group_id: int | None = None
    version_id: int | None = None
    is_online: bool = False


def notice_of(kind: Kind) -> Span:
    """Return how many whole days before its day a meeting is announced here, and by which law."""
    return days.span_of(NOTICES[kind])


def convene(
    draft: Draft, *, account_id: int | None, now: datetime, former_id: int | None = None
) -> Meeting:
    """Convene a meeting and freeze whom it calls; with `former_id` in the place of that one.

    Raises Refused, with the first day on which it could be held where the notice is too short.
    """
    span, today = notice_of(draft.kind), clock.today(now)
    refusal = rules.why_not_convene(
        kind=draft.kind,
        group_id=draft.group_id,
        convened_on=today,
        held_on=clock.today(draft.held_at),
        notice_days=span.length,
    )
    if refusal:
        raise Refused(
            refusal,
            days=span.length,
            first=rules.first_day(convened_on=today, notice_days=span.length),
        )
    if former_id is not None:
        _replace(former_id, account_id=account_id, now=now)
    meeting = Meeting(
        kind=draft.kind,
        title=draft.title,
        agenda=draft.agenda,
        place=draft.place,
        held_at=draft.held_at,
        group_id=draft.group_id,
        version_id=draft.version_id,
        is_online=draft.is_online,
        notice_days=span.length,
        citation=span.citation,
        convened_at=now,
        convened_by=account_id,
        former_id=former_id,
    )
    keep_once(meeting, twice=Refusal.REPLACED_ALREADY)
    _call(meeting)
    publish(MeetingConvened(meeting_id=meeting.id), now=now)
    eve = meeting.held_at - ONE_DAY
    publish(MeetingNears(meeting_id=meeting.id), now=now, at=max(eve, now))
    return meeting


REPLACED = "→"
"""What stands as the reason of a meeting that another one takes the place of."""


def _replace(former_id: int, *, account_id: int | None, now: datetime) -> None:
    """Call the former meeting off, unless that was done or nobody opened it."""
    state = db.session.get_one(Meeting, former_id).state_at(now)
    if state not in (State.CANCELLED, State.NOT_HELD):
        cancel(former_id, reason=REPLACED, account_id=account_id, now=now, is_told=False)


# --- whom it calls -------------------------------------------------------------------------------


def _call(meeting: Meeting) -> None:
    """Copy whom a meeting calls into its own list, in one statement."""
    village_id, day = scope.require_village(), clock.today(meeting.held_at)
    criterion, capacity = _called(meeting, day=day)
    listed = select(
        literal(village_id),
        literal(meeting.id),
        Resident.id,
        Resident.household_id,
        Resident.group_id,
        Resident.sex,
        Resident.is_representative,
        capacity,
    ).where(Resident.village_id == village_id, criterion)
    columns = ["village_id", "meeting_id", "resident_id", "household_id", "group_id", "sex"]
    called = db.session.execute(
        insert(MeetingMember).from_select([*columns, "is_representative", "capacity"], listed)
    )
    if not called.rowcount:  # type: ignore[attr-defined]  # a CursorResult
        raise Refused(Refusal.NO_MEMBERS)


def _called(meeting: Meeting, *, day: date) -> tuple[ColumnElement[bool], ColumnElement[Capacity]]:
    """Return the criterion of those called, and as what: electors (V23), or who represents them.

    Members of a collective organisation are taken to be the electors until it has a register.
    """
    kind = MeetingMember.capacity.type
    if meeting.kind is Kind.COUNCIL:
        seated = councils.seated_on(day)
        if not seated:
            raise Refused(Refusal.NO_COUNCIL)
        is_seated = electorate.is_here(day) & Resident.id.in_(seated)
        return is_seated, literal(Capacity.COUNCILLOR, kind)
    if meeting.kind is not Kind.VR:
        called = electorate.is_elector(day)
        if meeting.group_id is not None:
            called &= Resident.group_id == meeting.group_id
        return called, literal(Capacity.ELECTOR, kind)
    chosen = list(db.session.scalars(select(Representative.resident_id).where(in_term(day))))
    if not chosen:
        raise Refused(Refusal.NO_REPRESENTATIVES)
    committee = committee_residents(day)
    called = electorate.is_here(day) & or_(Resident.id.in_(chosen), Resident.id.in_(committee))
    return called, case(
        (Resident.id.in_(committee), literal(Capacity.COMMITTEE, kind)),
        else_=literal(Capacity.REPRESENTATIVE, kind),
    )


def in_term(day: date) -> ColumnElement[bool]:
    """Return the criterion of those who represent on that day."""
    return (
        (Representative.begins_on <= day)
        & (Representative.ends_on >= day)
        & or_(Representative.ended_on.is_(None), Representative.ended_on > day)
    )


def committee_residents(day: date) -> list[int]:
    """Return the residents who are on the village's committee on that day."""
    accounts = posts.holders(COMMITTEE, day=day)
    query = select(Account.resident_id).where(
        Account.id.in_(accounts), Account.resident_id.is_not(None)
    )
    return [resident_id for resident_id in db.session.scalars(query) if resident_id is not None]


# --- what becomes of it --------------------------------------------------------------------------


def open_meeting(meeting_id: int, *, chair: str, account_id: int | None, now: datetime) -> None:
    """Open a meeting under its chair. Raises Refused."""
    meeting = db.session.get_one(Meeting, meeting_id)
    refusal = rules.why_not_open(
        state=meeting.state_at(now), held_at=meeting.held_at, chair=chair, now=now
    )
    if refusal:
        raise Refused(refusal, held_at=meeting.held_at)
    _step(meeting, StepKind.OPENED, chair=chair.strip(), account_id=account_id, now=now)


def close_meeting(meeting_id: int, *, account_id: int | None, now: datetime) -> None:
    """Close a meeting that is open. Raises Refused."""
    meeting = db.session.get_one(Meeting, meeting_id)
    if meeting.state_at(now) is not State.OPEN:
        raise Refused(Refusal.NOT_OPEN)
    _step(meeting, StepKind.CLOSED, account_id=account_id, now=now)


def cancel(
    meeting_id: int, *, reason: str, account_id: int | None, now: datetime, is_told: bool = True
) -> None:
    """Call a meeting off, with the reason. Raises Refused."""
    meeting = db.session.get_one(Meeting, meeting_id)
    if refusal := rules.why_not_cancel(state=meeting.state_at(now), reason=reason):
        raise Refused(refusal)
    _step(meeting, StepKind.CANCELLED, reason=reason.strip(), account_id=account_id, now=now)
    if is_told:
        publish(MeetingCancelled(meeting_id=meeting.id), now=now)


def settle(meeting_id: int, *, now: datetime) -> None:
    """Let who was there stand as it does now; nothing where that was done. For those who count."""
    meeting = hold(meeting_id, alone=True)
    if not meeting.is_settled:
        _step(meeting, StepKind.SETTLED, account_id=None, now=now)


def hold(meeting_id: int, *, alone: bool = False) -> Meeting:
    """Return the meeting; whoever notes presences and whoever settles them wait for each other."""
    return db.session.execute(
        select(Meeting)
        .where(Meeting.id == meeting_id)
        .with_for_update(read=not alone, key_share=alone)
        .execution_options(populate_existing=True)
    ).scalar_one()


POSITIONS = {StepKind.CLOSED: 2, StepKind.SETTLED: 3}


def _step(
    meeting: Meeting,
    kind: StepKind,
    *,
    account_id: int | None,
    now: datetime,
    chair: str = "",
    reason: str = "",
) -> None:
    """Write a step down; where somebody else took it at the same time, the key refuses it."""
    step = MeetingStep(
        meeting_id=meeting.id,
        position=POSITIONS.get(kind, 1),
        kind=kind,
        chair=chair,
        reason=reason,
        account_id=account_id,
        done_at=now,
    )
    keep_once(step, twice=Refusal.ALREADY_DONE)
    db.session.expire(meeting, ["steps"])
