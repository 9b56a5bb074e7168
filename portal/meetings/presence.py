"""Who was at a meeting: what was noted, and over it what was corrected. The one definition."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, case, func, select
from sqlalchemy.orm import aliased

from portal.core.db import db
from portal.meetings.models import Attendance, AttendanceCorrection, MeetingMember
from portal.meetings.rules import Channel

_SAID, _LATER = aliased(AttendanceCorrection), aliased(AttendanceCorrection)
_IS_OVERTAKEN = (
    select(_LATER.id)
    .where(
        _LATER.meeting_id == _SAID.meeting_id,
        _LATER.resident_id == _SAID.resident_id,
        _LATER.position > _SAID.position,
        _LATER.is_confirmed.is_(True),
    )
    .exists()
)
CHANNEL = case((_SAID.id.is_not(None), _SAID.channel), else_=Attendance.channel)
"""How a member took part: NULL for who did not. The last confirmed correction says it, if any."""

IN_THE_ROOM = (Channel.ON_SITE, Channel.PAPER)


@dataclass(frozen=True, kw_only=True)
class Present:
    """How many were at a meeting, in which way, and of how many who were called."""

    members: int
    households: int
    present: int
    households_present: int
    households_in_the_room: int
    by_channel: dict[Channel, int]

    @property
    def in_the_room(self) -> int:
        """Return how many were there without those online."""
        return self.present - self.by_channel[Channel.ONLINE]


def of_members(query: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    """Let a query read of `MeetingMember`, with what tells how each took part (`CHANNEL`)."""
    return (
        query.select_from(MeetingMember)
        .outerjoin(
            Attendance,
            (Attendance.meeting_id == MeetingMember.meeting_id)
            & (Attendance.resident_id == MeetingMember.resident_id),
        )
        .outerjoin(
            _SAID,
            (_SAID.meeting_id == MeetingMember.meeting_id)
            & (_SAID.resident_id == MeetingMember.resident_id)
            & _SAID.is_confirmed.is_(True)
            & ~_IS_OVERTAKEN,
        )
    )


def is_present() -> Any:
    """Return the criterion of those who took part."""
    return CHANNEL.is_not(None)


def attendees(meeting_id: int, *, with_online: bool = True) -> frozenset[int]:
    """Return the residents who were there: on site, on a signed sheet, and online if it counts."""
    query = of_members(select(MeetingMember.resident_id)).where(
        MeetingMember.meeting_id == meeting_id, is_present()
    )
    if not with_online:
        query = query.where(CHANNEL.in_(IN_THE_ROOM))
    return frozenset(db.session.scalars(query))


def count(meeting_id: int) -> Present:
    """Count who was called and who was there, in one statement."""
    return count_all([meeting_id])[meeting_id]


def count_all(meeting_ids: list[int]) -> dict[int, Present]:
    """Count it for several meetings at once."""
    there = is_present()
    query = of_members(
        select(
            MeetingMember.meeting_id,
            func.count(),
            func.count(MeetingMember.household_id.distinct()),
            func.count().filter(there),
            func.count(MeetingMember.household_id.distinct()).filter(there),
            func.count(MeetingMember.household_id.distinct()).filter(CHANNEL.in_(IN_THE_ROOM)),
            *(func.count().filter(CHANNEL.in_([channel])) for channel in Channel),
        )
    )
    rows = db.session.execute(
        query.where(MeetingMember.meeting_id.in_(meeting_ids)).group_by(MeetingMember.meeting_id)
    )
    found = {meeting_id: _present(*counts) for meeting_id, *counts in rows}
    nobody = _present(*[0] * (5 + len(Channel)))
    return {meeting_id: found.get(meeting_id, nobody) for meeting_id in meeting_ids}


def _present(
    members: int,
    households: int,
    present: int,
    households_present: int,
    households_in_the_room: int,
    *channels: int,
) -> Present:
    return Present(
        members=members,
        households=households,
        present=present,
        households_present=households_present,
        households_in_the_room=households_in_the_room,
        by_channel=dict(zip(Channel, channels, strict=True)),
    )


def present_in(meeting_ids: list[int], resident_id: int) -> dict[int, bool]:
    """Return in which of these meetings somebody is called, with whether they are there."""
    query = of_members(select(MeetingMember.meeting_id, is_present())).where(
        MeetingMember.meeting_id.in_(meeting_ids), MeetingMember.resident_id == resident_id
    )
    return {meeting_id: bool(there) for meeting_id, there in db.session.execute(query)}
