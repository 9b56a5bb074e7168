"""Who sits in the villagers' council (村民议事会), by group and for a term. Never commits.

For those above: `is_councillor`, `list_councillors`.
"""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, func, or_, select

from portal.core import clock
from portal.core.db import db, keep_once
from portal.core.errors import Refused
from portal.meetings import council_rules as rules
from portal.meetings.council_models import Councillor, CouncilSeats
from portal.meetings.rules import Refusal
from portal.people import electorate
from portal.people import service as people
from portal.people.models import Resident, VillagerGroup


@dataclass(frozen=True)
class Line:
    """A councillor as the list shows them: the office is public, and so is the name."""

    id: int
    resident_id: int
    name: str
    group_id: int
    group: str
    seat: int
    begins_on: date
    ends_on: date


@dataclass(frozen=True)
class Group:
    """A group with its seats, and who sits on them now or will."""

    id: int
    name: str
    seats: int
    lines: tuple[Line, ...]

    @property
    def free(self) -> int:
        """Return how many of the seats nobody has."""
        return max(0, self.seats - len(self.lines))


def in_term(day: date) -> ColumnElement[bool]:
    """Return the criterion of those who sit in the council on that day."""
    return (
        (Councillor.begins_on <= day)
        & (Councillor.ends_on >= day)
        & or_(Councillor.ended_on.is_(None), Councillor.ended_on > day)
    )


def seated_on(day: date) -> list[int]:
    """Return the residents who sit in the council on that day."""
    return list(db.session.scalars(select(Councillor.resident_id).where(in_term(day))))


def is_councillor(resident_id: int | None, *, now: datetime) -> bool:
    """Tell whether somebody sits in the council today."""
    day = clock.today(now)
    query = (
        select(Councillor.id)
        .join(Resident, Resident.id == Councillor.resident_id)
        .where(Councillor.resident_id == resident_id, in_term(day), electorate.is_here(day))
    )
    return resident_id is not None and db.session.scalar(query.limit(1)) is not None


def list_councillors(*, now: datetime) -> list[Line]:
    """Return who sits in the council today, by group and seat."""
    return _lines(in_term(clock.today(now)), day=clock.today(now))


def list_groups(*, now: datetime) -> list[Group]:
    """Return every group with its seats, and who has one that is not over."""
    day = clock.today(now)
    lines: dict[int, list[Line]] = {}
    for line in _lines(_has_seat(day), day=day):
        lines.setdefault(line.group_id, []).append(line)
    rows = db.session.execute(
        select(VillagerGroup.id, VillagerGroup.name, func.coalesce(CouncilSeats.seats, 0))
        .outerjoin(CouncilSeats, CouncilSeats.group_id == VillagerGroup.id)
        .order_by(VillagerGroup.number)
    )
    return [Group(*row, tuple(lines.get(row[0], ()))) for row in rows]


def set_seats(group_id: int, seats: int, *, account_id: int | None, now: datetime) -> None:
    """Say how many seats a group has. Raises Refused, also where somebody sits beyond them."""
    if refusal := rules.why_not_seats(seats, taken=()):
        raise Refused(refusal)
    group = db.session.get_one(VillagerGroup, group_id)
    _end_those_over(group.id, today=clock.today(now))
    if refusal := rules.why_not_seats(seats, taken=_taken(group.id)):
        raise Refused(refusal)
    query = select(CouncilSeats).where(CouncilSeats.group_id == group.id).with_for_update()
    row = db.session.scalar(query)
    if row is None:
        row = CouncilSeats(group_id=group.id, seats=seats, set_by=account_id, set_at=now)
        keep_once(row, twice=Refusal.ALREADY_DONE)
    row.seats, row.set_by, row.set_at = seats, account_id, now
    db.session.flush()


def seat(
    resident_id: int, *, begins_on: date, ends_on: date, account_id: int | None, now: datetime
) -> Councillor:
    """Let somebody sit in the council for their group and a term. Raises Refused."""
    resident = people.get_resident(resident_id)
    _end_those_over(resident.group_id, resident.id, today=clock.today(now))
    seats = db.session.scalar(
        select(CouncilSeats.seats)
        .where(CouncilSeats.group_id == resident.group_id)
        .with_for_update()
    )
    free = rules.free_seat(seats or 0, taken=_taken(resident.group_id))
    is_elector = electorate.is_of_electorate(resident, day=begins_on)
    refusal = rules.why_not_seat(
        begins_on=begins_on, ends_on=ends_on, is_elector=is_elector, seat=free
    )
    if refusal or free is None:
        raise Refused(refusal or Refusal.NO_SEAT_FREE)
    row = Councillor(
        resident_id=resident.id,
        group_id=resident.group_id,
        seat=free,
        begins_on=begins_on,
        ends_on=ends_on,
        made_by=account_id,
        made_at=now,
    )
    return keep_once(row, twice=Refusal.COUNCILLOR_ALREADY)


def end(councillor_id: int, *, now: datetime) -> None:
    """End a term today: the seat is free. Raises Refused where it is over."""
    row = db.session.get_one(Councillor, councillor_id)
    if row.ended_on is not None:
        raise Refused(Refusal.ENDED_ALREADY)
    row.ended_on = clock.today(now)
    db.session.flush()


def _end_those_over(group_id: int, resident_id: int | None = None, *, today: date) -> None:
    """Free the seats in a group, and of this person, where the term is over or they have left."""
    rows = db.session.execute(
        select(Councillor, Resident.left_on)
        .join(Resident, Resident.id == Councillor.resident_id)
        .where(
            or_(Councillor.group_id == group_id, Councillor.resident_id == resident_id),
            Councillor.ended_on.is_(None),
            or_(Councillor.ends_on < today, ~electorate.is_here(today)),
        )
    )
    for row, left_on in rows.all():
        row.ended_on = min(row.ends_on, left_on or row.ends_on)
    db.session.flush()


def _taken(group_id: int) -> list[int]:
    query = select(Councillor.seat).where(
        Councillor.group_id == group_id, Councillor.ended_on.is_(None)
    )
    return list(db.session.scalars(query))


def _has_seat(day: date) -> ColumnElement[bool]:
    return Councillor.ended_on.is_(None) & (Councillor.ends_on >= day)


def _lines(criterion: ColumnElement[bool], *, day: date) -> list[Line]:
    rows = db.session.execute(
        select(
            Councillor.id,
            Resident.id,
            Resident.name,
            VillagerGroup.id,
            VillagerGroup.name,
            Councillor.seat,
            Councillor.begins_on,
            Councillor.ends_on,
        )
        .join(Resident, Resident.id == Councillor.resident_id)
        .join(VillagerGroup, VillagerGroup.id == Councillor.group_id)
        .where(criterion, electorate.is_here(day))
        .order_by(VillagerGroup.number, Councillor.seat)
    )
    return [Line(*row) for row in rows]
