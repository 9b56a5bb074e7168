"""Whom a ballot is put to: read off the roster, copied when it opens."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, and_, func, insert, literal, select

from portal.ballots.models import BallotElector
from portal.ballots.profiles import Electorate, Params
from portal.core import scope
from portal.core.db import db
from portal.meetings.models import MeetingMember
from portal.people import electorate
from portal.people.models import Household, Resident, VillagerGroup


def is_elector(ballot_id: int, resident_id: int) -> bool:
    """Tell whether somebody is on the list of electors of a ballot."""
    found = select(BallotElector.id).where(
        BallotElector.ballot_id == ballot_id, BallotElector.resident_id == resident_id
    )
    return db.session.scalar(found) is not None


@dataclass(frozen=True)
class Expected:
    """Who would be on the list of electors today."""

    electors: int
    households: int
    age_unknown: int


def expect_electors(params: Params, *, on: date, meeting_id: int | None = None) -> Expected:
    """Count who would be an elector on that day, and whom a missing birth date keeps off."""
    if meeting_id is not None:
        called = select(func.count(), func.count(MeetingMember.household_id.distinct())).where(
            MeetingMember.meeting_id == meeting_id
        )
        return Expected(*db.session.execute(called).one(), 0)
    electors, households, unknown = db.session.execute(
        select(
            func.count().filter(_is_elector(params, on)),
            func.count(Resident.household_id.distinct()).filter(_is_elector(params, on)),
            func.count().filter(_is_of_roster(params, on), Resident.born_on.is_(None)),
        ).select_from(Resident)
    ).one()
    return Expected(electors, households, unknown if params.min_age is not None else 0)


@dataclass(frozen=True)
class Named:
    """An elector by name, with the group and the household's number, as a printed slip has them."""

    name: str
    group: str
    number: str


def list_expected(params: Params, *, on: date) -> list[Named]:
    """Return who would be an elector on that day, house by house: to hand something to each."""
    rows = db.session.execute(
        select(Resident.name, VillagerGroup.name, Household.number)
        .join(VillagerGroup, VillagerGroup.id == Resident.group_id)
        .join(Household, Household.id == Resident.household_id)
        .where(_is_elector(params, on))
        .order_by(VillagerGroup.number, Household.number, Resident.id)
    )
    return [Named(*row) for row in rows]


def _is_of_roster(params: Params, on: date) -> ColumnElement[bool]:
    here = electorate.is_here(on)
    if params.electorate is Electorate.ROSTER:
        return here
    return and_(here, electorate.has_basis(on))


def _is_elector(params: Params, on: date) -> ColumnElement[bool]:
    if params.min_age is None:
        return _is_of_roster(params, on)
    return and_(_is_of_roster(params, on), electorate.is_of_age(on, params.min_age))


def list_electors(
    ballot_id: int, params: Params, *, on: date, meeting_id: int | None = None
) -> None:
    """Copy the electors of that day into the ballot's own list, in one statement (V22).

    At a meeting they are those who were called to it: its list was frozen when it was convened.
    """
    village_id = scope.require_village()
    listed = select(
        literal(village_id),
        literal(ballot_id),
        Resident.id,
        Resident.household_id,
        Resident.group_id,
        Resident.sex,
        electorate.age_band_on(on),
        Resident.born_on,
    ).where(Resident.village_id == village_id)
    if meeting_id is None:
        listed = listed.where(_is_elector(params, on))
    else:
        called = select(MeetingMember.resident_id).where(
            MeetingMember.village_id == village_id, MeetingMember.meeting_id == meeting_id
        )
        listed = listed.where(Resident.id.in_(called))
    columns = ["village_id", "ballot_id", "resident_id", "household_id", "group_id"]
    db.session.execute(
        insert(BallotElector).from_select([*columns, "sex", "age_band", "born_on"], listed)
    )
