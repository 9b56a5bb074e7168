"""What can be asked about meetings: by the pages here, and by the ballots above. Never commits.

For those above: `get_meeting`, `list_meetings`, `attendees`, `is_in_the_room`, `count_present`,
`count_households_present`, `present_by_channel`, `members_of`, `is_member`, `hold`, `settle`. A
meeting's own life is in `convening`, presences in `attending`, corrections in `correcting`.
"""

from datetime import datetime, timedelta

from sqlalchemy import select

from portal.core.db import db
from portal.meetings import presence
from portal.meetings.attending import is_member
from portal.meetings.convening import hold, settle
from portal.meetings.models import Meeting, MeetingMember
from portal.meetings.presence import attendees
from portal.meetings.rules import Channel, Kind, State

__all__ = [
    "attendees",
    "count_households_present",
    "count_present",
    "get_meeting",
    "hold",
    "is_in_the_room",
    "is_member",
    "list_meetings",
    "members_of",
    "present_by_channel",
    "settle",
]


def get_meeting(meeting_id: int) -> Meeting:
    """Return a meeting of this village, or raise NoResultFound, which the app shows as 404."""
    return db.session.get_one(Meeting, meeting_id)


def list_meetings(
    *, since: datetime | None = None, kind: Kind | None = None, limit: int = 200
) -> list[Meeting]:
    """Return the meetings, the latest first; `since`: those whose hour is not before that."""
    query = select(Meeting).order_by(Meeting.held_at.desc(), Meeting.id.desc()).limit(limit)
    if since is not None:
        query = query.where(Meeting.held_at >= since)
    if kind is not None:
        query = query.where(Meeting.kind == kind)
    return list(db.session.scalars(query))


def list_recent(*, now: datetime, days: int) -> list[Meeting]:
    """Return the meetings that are to come or were held in the last days."""
    return list_meetings(since=now - timedelta(days=days))


def find_successor(meeting_id: int) -> Meeting | None:
    """Return the meeting that takes the place of this one, or None."""
    return db.session.scalar(select(Meeting).where(Meeting.former_id == meeting_id))


def members_of(meeting_id: int) -> frozenset[int]:
    """Return the residents who were called, as the list was frozen when it was convened."""
    query = select(MeetingMember.resident_id).where(MeetingMember.meeting_id == meeting_id)
    return frozenset(db.session.scalars(query))


def is_in_the_room(meeting_id: int, resident_id: int, *, now: datetime) -> bool:
    """Tell whether somebody is at a meeting that is going on now, in the room and not online."""
    if get_meeting(meeting_id).state_at(now) is not State.OPEN:
        return False
    return resident_id in attendees(meeting_id, with_online=False)


def count_present(meeting_id: int, *, with_online: bool = True) -> int:
    """Return how many were there; without those online where the rule does not count them."""
    counted = presence.count(meeting_id)
    return counted.present if with_online else counted.in_the_room


def count_households_present(meeting_id: int, *, with_online: bool = True) -> int:
    """Return of how many households somebody was there."""
    counted = presence.count(meeting_id)
    return counted.households_present if with_online else counted.households_in_the_room


def present_by_channel(meeting_id: int) -> dict[Channel, int]:
    """Return how many were there on site, online and by a signed sheet."""
    return presence.count(meeting_id).by_channel
