"""Noting that somebody is at a meeting, once, whatever the way. Never commits."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from portal.core import secrets
from portal.core.db import db, insert_or, keep_once
from portal.core.errors import Refused
from portal.core.scope import require_village
from portal.meetings import rules
from portal.meetings.convening import hold
from portal.meetings.models import (
    Arrival,
    Attendance,
    Meeting,
    MeetingMember,
)
from portal.meetings.rules import Proof, Refusal
from portal.people.models import Account

CODE_LENGTH = 20


def door_code(meeting_id: int, *, now: datetime) -> str:
    """Return the code that the door shows now: signed, and old in a few minutes."""
    return _code(meeting_id, rules.window(now))


def _code(meeting_id: int, window: int) -> str:
    return secrets.digest("meeting door", f"{meeting_id} {window}")[:CODE_LENGTH]


def is_good_code(meeting_id: int, code: str, *, now: datetime) -> bool:
    """Tell whether a code was at the door just now."""
    if not code.isascii():
        return False
    known = [_code(meeting_id, window) for window in rules.good_windows(now)]
    return any([secrets.same(one, code) for one in known])  # all of them: tells nothing by time


def why_not(
    meeting: Meeting, resident_id: int | None, proof: Proof, *, now: datetime
) -> Refusal | None:
    """Say why somebody cannot be noted as there in this way, or None."""
    if refusal := why_not_now(meeting, proof, now=now):
        return refusal
    return None if resident_id and is_member(meeting.id, resident_id) else Refusal.NOT_A_MEMBER


def why_not_now(meeting: Meeting, proof: Proof, *, now: datetime) -> Refusal | None:
    """Say why nobody can be noted as there in this way now, or None."""
    return rules.why_not_attend(
        state=meeting.state_at(now),
        proof=proof,
        is_online=meeting.is_online,
        held_at=meeting.held_at,
        ended_at=meeting.closed_at or meeting.ends_at,
        now=now,
        is_settled=meeting.is_settled,
    )


def is_member(meeting_id: int, resident_id: int) -> bool:
    """Tell whether somebody is on the list of a meeting."""
    query = select(MeetingMember.id).where(
        MeetingMember.meeting_id == meeting_id, MeetingMember.resident_id == resident_id
    )
    return db.session.scalar(query) is not None


def is_waiting(meeting_id: int, resident_id: int) -> bool:
    """Tell whether somebody came in by the poster."""
    query = select(Arrival.id).where(
        Arrival.meeting_id == meeting_id, Arrival.resident_id == resident_id
    )
    return db.session.scalar(query) is not None


def come_in(
    meeting_id: int, resident_id: int | None, *, code: str, account_id: int, now: datetime
) -> None:
    """Note by the door's code that somebody is there. Raises Refused."""
    if not is_good_code(meeting_id, code, now=now):
        raise Refused(Refusal.CODE_OLD)
    _note(meeting_id, resident_id, Proof.CODE, account_id=account_id, now=now)


def join_online(
    meeting_id: int, resident_id: int | None, *, account_id: int, now: datetime
) -> None:
    """Note that somebody takes part from where they are. Raises Refused."""
    _note(meeting_id, resident_id, Proof.ONLINE, account_id=account_id, now=now)


def tick(meeting_id: int, resident_id: int, *, account_id: int, now: datetime) -> None:
    """Let the staff note that somebody is there: whoever waits by the poster, or has no phone.

    Nobody ticks themselves: they use the code, or somebody else sees them. Raises Refused.
    """
    if own_resident(account_id) == resident_id:
        raise Refused(Refusal.NOT_SELF)
    proof = Proof.POSTER if is_waiting(meeting_id, resident_id) else Proof.STAFF
    _note(meeting_id, resident_id, proof, account_id=account_id, now=now)


def wait_at_door(meeting_id: int, resident_id: int | None, *, now: datetime) -> None:
    """Keep that somebody came in by the poster and waits to be seen. Raises Refused."""
    meeting = db.session.get_one(Meeting, meeting_id)
    refusal = why_not(meeting, resident_id, Proof.POSTER, now=now)
    if refusal or resident_id is None:
        raise Refused(refusal or Refusal.NOT_A_MEMBER)
    row = Arrival(meeting_id=meeting_id, resident_id=resident_id, came_at=now)
    keep_once(row, twice=Refusal.ALREADY_THERE)


def _note(
    meeting_id: int, resident_id: int | None, proof: Proof, *, account_id: int, now: datetime
) -> None:
    meeting = hold(meeting_id)
    refusal = why_not(meeting, resident_id, proof, now=now)
    if refusal or resident_id is None:
        raise Refused(refusal or Refusal.NOT_A_MEMBER)
    if not write(meeting_id, [resident_id], proof, account_id=account_id, now=now):
        raise Refused(Refusal.ALREADY_THERE)


def write(
    meeting_id: int,
    resident_ids: Sequence[int],
    proof: Proof,
    *,
    account_id: int | None,
    now: datetime,
    sheet: int | None = None,
) -> int:
    """Write presences that are not there yet, whoever comes at once; return how many were new."""
    rows = [
        {
            "village_id": require_village(),
            "meeting_id": meeting_id,
            "resident_id": resident_id,
            "channel": rules.CHANNEL_OF[proof],
            "proof": proof,
            "sheet_id": sheet,
            "noted_by": account_id,
            "noted_at": now,
        }
        for resident_id in resident_ids
    ]
    insert = insert_or(Attendance).on_conflict_do_nothing()
    return len(db.session.scalars(insert.returning(Attendance.id), rows).all())


def own_resident(account_id: int) -> int | None:
    """Return whom of the residents an account stands for."""
    return db.session.scalar(select(Account.resident_id).where(Account.id == account_id))
