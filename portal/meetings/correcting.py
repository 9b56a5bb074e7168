"""Putting right who was at a meeting: one says so with a reason, a second one confirms it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select, update

from portal.core.db import db, keep_once
from portal.core.errors import Refused
from portal.meetings import presence
from portal.meetings.convening import hold
from portal.meetings.models import AttendanceCorrection, MeetingMember
from portal.meetings.rules import Channel, Refusal, State
from portal.people.models import Account, Resident


def ask(
    meeting_id: int,
    resident_id: int,
    *,
    channel: Channel | None,
    reason: str,
    account_id: int,
    now: datetime,
) -> AttendanceCorrection:
    """Say that somebody was there in this way, or with None that they were not. Raises Refused."""
    meeting = hold(meeting_id)
    if meeting.is_settled:
        raise Refused(Refusal.SETTLED)
    if meeting.state_at(now) not in (State.OPEN, State.CLOSED):
        raise Refused(Refusal.NOT_OPEN)
    if not reason.strip():
        raise Refused(Refusal.NO_REASON)
    query = select(presence.CHANNEL).select_from(MeetingMember)
    rows = db.session.scalars(
        presence.of_members(query).where(
            MeetingMember.meeting_id == meeting_id, MeetingMember.resident_id == resident_id
        )
    ).all()
    if not rows:
        raise Refused(Refusal.NOT_A_MEMBER)
    if rows[0] is channel:
        raise Refused(Refusal.SAME_AS_NOW)
    last = db.session.scalar(
        select(func.max(AttendanceCorrection.position)).where(
            AttendanceCorrection.meeting_id == meeting_id,
            AttendanceCorrection.resident_id == resident_id,
        )
    )
    row = AttendanceCorrection(
        meeting_id=meeting_id,
        resident_id=resident_id,
        position=(last or 0) + 1,
        is_present=channel is not None,
        channel=channel,
        reason=reason.strip(),
        asked_by=account_id,
        asked_at=now,
    )
    return keep_once(row, twice=Refusal.ALREADY_DONE)


def decide(correction_id: int, *, agree: bool, account_id: int, now: datetime) -> None:
    """Confirm it as the second person, so that it counts, or lay it aside. Raises Refused."""
    row = db.session.get_one(AttendanceCorrection, correction_id)
    if agree and account_id == row.asked_by:
        raise Refused(Refusal.SECOND_PERSON)
    if agree and hold(row.meeting_id).is_settled:
        raise Refused(Refusal.SETTLED)
    done = db.session.execute(
        update(AttendanceCorrection)
        .where(AttendanceCorrection.id == row.id, AttendanceCorrection.decided_at.is_(None))
        .values(decided_by=account_id, decided_at=now, is_confirmed=agree)
        .returning(AttendanceCorrection.id)
    ).first()
    if done is None:
        raise Refused(Refusal.DECIDED_ALREADY)


def get(correction_id: int) -> AttendanceCorrection:
    """Return a correction of this village, or raise NoResultFound, which the app shows as 404."""
    return db.session.get_one(AttendanceCorrection, correction_id)


@dataclass(frozen=True)
class Line:
    """A correction as its page shows it."""

    row: AttendanceCorrection
    name: str
    asked_by: str


def list_corrections(meeting_id: int) -> list[Line]:
    """Return the corrections of a meeting, the latest first."""
    rows = db.session.execute(
        select(AttendanceCorrection, Resident.name, Account.name)
        .join(Resident, Resident.id == AttendanceCorrection.resident_id)
        .join(Account, Account.id == AttendanceCorrection.asked_by)
        .where(AttendanceCorrection.meeting_id == meeting_id)
        .order_by(AttendanceCorrection.id.desc())
    )
    return [Line(*row) for row in rows]
