"""Who stands before which room: gathers what the rules ask about a place and a person."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select

from portal.core.access import Part
from portal.core.db import db
from portal.meetings import councils
from portal.people.models import Resident, VillagerGroup
from portal.plans import service as plans
from portal.plans.models import PlanVersion
from portal.rooms import rules
from portal.rooms.models import Room


def place_of(room: Room) -> rules.Place:
    """Return whose room it is."""
    place = rules.place_of(room.key)
    if place is None:
        raise ValueError(f"{room.key!r} is no key of a room")
    return place


def check(place: rules.Place) -> None:
    """Raise NoResultFound where the village has no such group, or no such public plan."""
    if place.kind is rules.Kind.GROUP:
        db.session.scalars(select(VillagerGroup.id).where(VillagerGroup.id == place.number)).one()
    elif place.kind is rules.Kind.PLAN:
        is_public = PlanVersion.frozen_at.is_not(None)
        found = select(PlanVersion.plan_id).where(PlanVersion.plan_id == place.number, is_public)
        db.session.scalars(found.distinct()).one()


def person(
    *,
    resident_id: int | None,
    parts: Collection[Part],
    places: Collection[rules.Place],
    group_id: int | None = None,
    council: Collection[int] | None = None,
    now: datetime,
) -> rules.Person:
    """Return somebody as the rules see them before these places.

    Their group and their seat in the council are looked up only where a place asks for it, the
    seat not where it is known who sits in the `council`.
    """
    kinds = {place.kind for place in places}
    if resident_id is not None and group_id is None and rules.Kind.GROUP in kinds:
        group_id = db.session.scalar(select(Resident.group_id).where(Resident.id == resident_id))
    return rules.Person(
        is_resident=resident_id is not None,
        group_id=group_id,
        is_committee=Part.COMMITTEE in parts,
        is_planner=Part.PLANNER in parts,
        is_councillor=rules.Kind.COUNCIL in kinds
        and (
            councils.is_councillor(resident_id, now=now)
            if council is None
            else resident_id in council
        ),
    )


def councillors(*, now: datetime) -> list[int]:
    """Return the residents who sit in the council."""
    return [line.resident_id for line in councils.list_councillors(now=now)]


def why_not_send(room: Room, person: rules.Person, *, now: datetime) -> rules.Refusal | None:
    """Return why this person may say nothing in a room now, or None."""
    place = place_of(room)
    return rules.why_not_send(
        place,
        person,
        is_on_notice=is_on_notice(place, now=now),
        is_read_only=room.is_read_only,
    )


def is_on_notice(place: rules.Place, *, now: datetime) -> bool:
    """Tell whether the place is a plan of which opinions are being collected."""
    if place.kind is not rules.Kind.PLAN or place.number is None:
        return False
    version = plans.find_public_version(place.number)
    return version is not None and plans.is_on_notice(version.id, now=now)
