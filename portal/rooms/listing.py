"""The rooms as one person finds them: what each is called, what was said last, how much is new."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, String, and_, bindparam, cast, func, literal, or_, select
from sqlalchemy.orm import aliased

from portal.core.db import db
from portal.core.scope import here, within
from portal.people.models import Resident, VillagerGroup
from portal.plans import service as plans
from portal.plans.models import Plan
from portal.rooms import doors, lines, rules
from portal.rooms.models import Message, Room, RoomPointer
from portal.rooms.rules import Kind, Place


@dataclass(frozen=True)
class Seat:
    """A room as one account finds it. `name` is that of its group or plan."""

    room: Room
    place: Place
    name: str
    read_seq: int
    last: lines.Line | None = None

    @property
    def unread(self) -> int:
        """Return how many messages came since this account last read here."""
        return max(0, self.room.last_seq - self.read_seq)


def get_seat(room_id: int, account_id: int) -> Seat:
    """Return a room as this account finds it, or raise NoResultFound; in one query."""
    whose = here(room_id=room_id, account_id=account_id)
    room, name, read_seq = db.session.execute(_SEAT, whose).one()
    return Seat(room, doors.place_of(room), name, read_seq)


def list_seats(person: rules.Person, account_id: int) -> list[Seat]:
    """Return the rooms that this person may read, in one query: the village's first."""
    group = aliased(VillagerGroup)
    query = (
        _SEATS.add_columns(Message, *lines.author_columns(group))
        .outerjoin(Message, Message.id == _newest())
        .outerjoin(Resident, Resident.id == Message.resident_id)
        .outerjoin(group, group.id == Resident.group_id)
        .where(_may_come_in(person))
        .order_by(Room.id)
    )
    seats = [_seat(*row) for row in db.session.execute(query, here(account_id=account_id))]
    order = list(Kind)
    return sorted(seats, key=lambda seat: (order.index(seat.place.kind), seat.room.id))


def list_named() -> list[tuple[Room, Place, str]]:
    """Return every room of the village with the name of its group or plan, in one query."""
    name = func.coalesce(VillagerGroup.name, Plan.name, "")
    rows = db.session.execute(_named(select(Room, name)).order_by(Room.id))
    return [(room, doors.place_of(room), name) for room, name in rows]


def list_unopened(*, now: datetime) -> list[tuple[Place, str]]:
    """Return the places that have no room yet, each with its name: groups, plans on notice."""
    places = [(rules.VILLAGE, "")]
    groups = select(VillagerGroup.id, VillagerGroup.name).order_by(VillagerGroup.number)
    places += [(Place(Kind.GROUP, key), name) for key, name in db.session.execute(groups)]
    versions = plans.list_public_versions(now=now)
    noticed = {v.plan_id: v.title for v in versions if v.is_open}
    places += [(Place(Kind.PLAN, key), name) for key, name in noticed.items()]
    places.append((rules.COUNCIL, ""))
    known = set(db.session.scalars(select(Room.key)))
    return [(place, name) for place, name in places if place.key not in known]


def _named(query: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    return query.outerjoin(VillagerGroup, _key(Kind.GROUP, VillagerGroup.id) == Room.key).outerjoin(
        Plan, _key(Kind.PLAN, Plan.id) == Room.key
    )


def _key(kind: Kind, number: Any) -> Any:
    return literal(f"{kind.value}:") + cast(number, String)


_SEATS = _named(
    select(
        Room, func.coalesce(VillagerGroup.name, Plan.name, ""), func.coalesce(RoomPointer.seq, 0)
    ).outerjoin(
        RoomPointer,
        and_(RoomPointer.room_id == Room.id, RoomPointer.account_id == bindparam("account_id")),
    )
)
_SEAT = within(_SEATS.where(Room.id == bindparam("room_id")))


def _newest() -> Any:
    """Return the number of the last message of a room that everybody there can read."""
    said = aliased(Message)
    return (
        select(said.id)
        .where(said.room_id == Room.id, said.hidden_code.is_(None), said.held_for.is_(None))
        .order_by(said.seq.desc())
        .limit(1)
        .correlate(Room)
        .scalar_subquery()
    )


def _may_come_in(person: rules.Person) -> Any:
    """Return `rules.why_not_read` as a criterion of rooms."""
    wanted = [kind for kind in Kind if kind not in rules.NUMBERED and _may(Place(kind), person)]
    criteria: list[Any] = [Room.key.in_([kind.value for kind in wanted])]
    if _may(Place(Kind.PLAN, 0), person):
        criteria.append(Room.key.startswith(f"{Kind.PLAN.value}:"))
    if _may(Place(Kind.GROUP, -1), person):
        criteria.append(Room.key.startswith(f"{Kind.GROUP.value}:"))
    elif person.group_id is not None and _may(Place(Kind.GROUP, person.group_id), person):
        criteria.append(Room.key == Place(Kind.GROUP, person.group_id).key)
    return or_(*criteria)


def _may(place: Place, person: rules.Person) -> bool:
    return rules.why_not_read(place, person) is None


def _seat(room: Room, name: str, read_seq: int, message: Message | None, *said: Any) -> Seat:
    last = None if message is None else lines.as_line(message, *said)
    return Seat(room, doors.place_of(room), name, read_seq, last)
