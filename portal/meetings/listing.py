"""The names of a meeting: who was called, who is there, who waits at the door."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, or_, select

from portal.core.db import db
from portal.meetings import presence
from portal.meetings.models import Arrival, Meeting, MeetingMember
from portal.meetings.rules import Capacity, Channel
from portal.people.models import Household, Resident, VillagerGroup

LAST_DIGITS = 4
PAGE = 40


@dataclass(frozen=True)
class Row:
    """One name of a meeting's list. `channel` is None for who is not there."""

    resident_id: int
    name: str
    group: str
    household: str
    is_representative: bool
    capacity: Capacity
    channel: Channel | None
    came_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """Which names are looked for. `is_there`: only those who are there, or only the others."""

    search: str = ""
    group_id: int | None = None
    is_there: bool | None = None
    is_waiting: bool = False


def names(
    meeting_id: int, wanted: Wanted, *, page: int = 1, per_page: int = PAGE
) -> tuple[list[Row], int]:
    """Return one page of the names, by group and household, and how many there are in all."""
    query = _found(meeting_id, wanted)
    total = db.session.scalar(query.with_only_columns(func.count()).order_by(None))
    rows = db.session.execute(query.limit(per_page).offset((page - 1) * per_page))
    return [Row(*row) for row in rows], total or 0


def all_names(meeting_id: int, wanted: Wanted) -> list[Row]:
    """Return all the names that are looked for: for a sheet of paper."""
    return [Row(*row) for row in db.session.execute(_found(meeting_id, wanted))]


def _found(meeting_id: int, wanted: Wanted) -> Select[*tuple[Any, ...]]:
    query = (
        presence.of_members(
            select(
                Resident.id,
                Resident.name,
                VillagerGroup.name,
                Household.number,
                MeetingMember.is_representative,
                MeetingMember.capacity,
                presence.CHANNEL,
                Arrival.came_at,
            )
        )
        .join(Resident, Resident.id == MeetingMember.resident_id)
        .join(VillagerGroup, VillagerGroup.id == MeetingMember.group_id)
        .join(Household, Household.id == MeetingMember.household_id)
        .outerjoin(
            Arrival,
            (Arrival.meeting_id == MeetingMember.meeting_id)
            & (Arrival.resident_id == MeetingMember.resident_id),
        )
        .where(MeetingMember.meeting_id == meeting_id)
    )
    if wanted.search:
        found = [
            Resident.name.contains(wanted.search, autoescape=True),
            Household.number == wanted.search,
        ]
        if len(wanted.search) == LAST_DIGITS and wanted.search.isdecimal():
            found.append(Resident.phone.endswith(wanted.search, autoescape=True))
        query = query.where(or_(*found))
    if wanted.group_id is not None:
        query = query.where(MeetingMember.group_id == wanted.group_id)
    if wanted.is_there is not None:
        there = presence.is_present()
        query = query.where(there if wanted.is_there else ~there)
    if wanted.is_waiting:
        query = query.where(Arrival.id.is_not(None), ~presence.is_present())
    return query.order_by(VillagerGroup.number, Household.number, Resident.id)


def count_groups(meeting_id: int) -> Sequence[tuple[int, str, int, int]]:
    """Return the groups of those called: id, name, how many were called and are there."""
    query = presence.of_members(
        select(
            VillagerGroup.id,
            VillagerGroup.name,
            func.count(),
            func.count().filter(presence.is_present()),
        )
    ).join(VillagerGroup, VillagerGroup.id == MeetingMember.group_id)
    query = query.where(MeetingMember.meeting_id == meeting_id)
    rows = db.session.execute(
        query.group_by(VillagerGroup.id, VillagerGroup.name).order_by(VillagerGroup.number)
    )
    return [(row[0], row[1], row[2], row[3]) for row in rows]


def find_named(text: str) -> int | None:
    """Return the resident of this name, or of this name and household number; None if unsure."""
    name, _, household = " ".join(text.split()).partition(" ")
    query = select(Resident.id).where(Resident.name == name, Resident.left_on.is_(None))
    if household:
        query = query.join(Household, Household.id == Resident.household_id)
        query = query.where(Household.number == household)
    found = db.session.scalars(query.limit(2)).all()
    return found[0] if len(found) == 1 else None


def called_to(resident_id: int, *, since: datetime) -> list[tuple[Meeting, bool]]:
    """Return the meetings somebody is called to from then on, with whether they are there."""
    query = presence.of_members(select(Meeting, presence.is_present()))
    query = query.join(Meeting, Meeting.id == MeetingMember.meeting_id)
    query = query.where(MeetingMember.resident_id == resident_id, Meeting.held_at >= since)
    rows = db.session.execute(query.order_by(Meeting.held_at))
    return [(meeting, bool(is_there)) for meeting, is_there in rows]
