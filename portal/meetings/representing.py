"""Who represents the village's households, and whether they are as the law wants them (V6)."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select

from portal.core import clock
from portal.core.db import db, keep_once
from portal.core.errors import Refused
from portal.meetings.bodies import (
    Composition,
    Convening,
    Lack,
    Needed,
    find_convening,
    find_seating,
    lacks,
    needed,
)
from portal.meetings.convening import committee_residents, in_term
from portal.meetings.models import Representative
from portal.meetings.rules import Kind, Refusal
from portal.people import electorate
from portal.people import service as people
from portal.people.models import Household, Resident, VillagerGroup
from portal.people.rules import Sex


@dataclass(frozen=True)
class Line:
    """A representative as the list shows them."""

    id: int
    resident_id: int
    name: str
    sex: Sex
    group: str
    household: str
    begins_on: date
    ends_on: date
    ended_on: date | None


def add(
    resident_id: int, *, begins_on: date, ends_on: date, account_id: int | None, now: datetime
) -> Representative:
    """Let somebody represent for a term; an earlier one that is over ends first. Refused."""
    if ends_on < begins_on:
        raise Refused(Refusal.TERM_BACKWARDS)
    today = clock.today(now)
    resident = people.get_resident(resident_id)
    if not electorate.is_of_electorate(resident, day=begins_on):
        raise Refused(Refusal.NOT_AN_ELECTOR)
    for row in db.session.scalars(
        select(Representative).where(
            Representative.resident_id == resident_id,
            Representative.ended_on.is_(None),
            Representative.ends_on < today,
        )
    ):
        row.ended_on = row.ends_on
    row = Representative(
        resident_id=resident_id,
        begins_on=begins_on,
        ends_on=ends_on,
        made_by=account_id,
        made_at=now,
    )
    return keep_once(row, twice=Refusal.REPRESENTATIVE_ALREADY)


def end(representative_id: int, *, now: datetime) -> None:
    """End a term today. Raises Refused where it is over."""
    row = db.session.get_one(Representative, representative_id)
    if row.ended_on is not None:
        raise Refused(Refusal.ENDED_ALREADY)
    row.ended_on = clock.today(now)
    db.session.flush()


def list_on(day: date) -> list[Line]:
    """Return who represents on that day, by group and household."""
    rows = db.session.execute(
        select(
            Representative.id,
            Resident.id,
            Resident.name,
            Resident.sex,
            VillagerGroup.name,
            Household.number,
            Representative.begins_on,
            Representative.ends_on,
            Representative.ended_on,
        )
        .join(Resident, Resident.id == Representative.resident_id)
        .join(Household, Household.id == Resident.household_id)
        .join(VillagerGroup, VillagerGroup.id == Resident.group_id)
        .where(in_term(day), electorate.is_here(day))
        .order_by(VillagerGroup.number, Household.number, Resident.id)
    )
    return [Line(*row) for row in rows]


def composition(day: date, *, village_code: str) -> tuple[Composition, list[Lack]]:
    """Return who represents the village in numbers, and what the law wants otherwise."""
    lines = list_on(day)
    chosen = {line.resident_id for line in lines}
    committee = set(committee_residents(day))
    women = {line.resident_id for line in lines if line.sex is Sex.FEMALE}
    _electors, residents, households = people.count_roster(day=day)
    who = Composition(
        representatives=len(chosen),
        women=len(women),
        members=len(chosen | committee),
        households=households,
        people=residents,
        households_twice=len(lines) - len({line.household for line in lines}),
    )
    return who, lacks(who, find_seating(village_code, on=day))


def who_can_ask(day: date, *, village_code: str) -> list[tuple[Convening, Needed]]:
    """Return for each kind of meeting how many must ask for it, so that it must be convened (V8).

    The meeting of a group is not among them: each group has its own number.
    """
    electors, _residents, _households = people.count_roster(day=day)
    representatives = db.session.scalar(
        select(func.count(Representative.id.distinct())).where(in_term(day))
    )
    rules = [find_convening(kind, village_code, on=day) for kind in (Kind.VM, Kind.VR)]
    found = [
        (rule, needed(rule, electors=electors, representatives=representatives or 0))
        for rule in rules
        if rule
    ]
    return [(rule, need) for rule, need in found if need.electors or need.representatives]
