"""What can be asked of the roster, and done about one resident. Never commits."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select

from portal.core import clock
from portal.core.db import db
from portal.core.errors import Refused
from portal.core.sheets import Cell
from portal.people import rules as people_rules
from portal.people.models import Household, Resident, VillagerGroup
from portal.roster import known, rules
from portal.roster.comparing import compare
from portal.roster.imports import names_of
from portal.roster.models import RosterChange, RosterImport
from portal.roster.person import Person
from portal.roster.rows import RosterRow
from portal.roster.rules import Action, ChangeKind, ImportState, Refusal
from portal.roster.staging import propose
from portal.roster.writing import Source, write

EXPORTED = (
    *("household", "group", "name", "sex", "born_on", "phone", "second_contact", "id_last4"),
    *("head", "registered", "away", "admitted_on"),
)
SEXES = {people_rules.Sex.MALE: "男", people_rules.Sex.FEMALE: "女", people_rules.Sex.UNKNOWN: ""}


# --- in and out, by whoever runs the house -------------------------------------------------------


@dataclass(frozen=True)
class Imported:
    """What an import did."""

    added: int
    updated: int


def import_roster(rows: Iterable[RosterRow], *, now: datetime) -> Imported:
    """Put a roster in without asking anybody: for demonstrations and tests."""
    known.lock()
    people = [known.person_of(row, has_heads=True) for row in rows]
    done = compare(known.read_known(), people, day=clock.today(now))
    write(done, Source(now=now))
    return Imported(added=len(done.added), updated=len(people) - len(done.added))


def roster_rows() -> list[list[Cell]]:
    """Return whoever is here in the columns `EXPORTED`; of an ID number only the last four."""
    query = (
        select(Resident, Household.number, VillagerGroup.number)
        .join(Household, Household.id == Resident.household_id)
        .join(VillagerGroup, VillagerGroup.id == Resident.group_id)
        .where(Resident.left_on.is_(None))
        .order_by(VillagerGroup.number, Household.number, Resident.id)
    )
    return [
        [
            *(household, group, r.name, SEXES[r.sex], _day(r.born_on), r.phone or ""),
            *(r.second_contact or "", r.id_last4 or "", _yes_no(r.is_representative)),
            *(_yes_no(r.is_registered), _yes_no(r.is_away), _day(r.admitted_on)),
        ]
        for r, household, group in db.session.execute(query)
    ]


def _yes_no(value: bool) -> str:
    return "是" if value else "否"


def _day(value: date | None) -> str:
    return value.isoformat() if value else ""


# --- one resident --------------------------------------------------------------------------------


def stamp_of(person: Person) -> str:
    """Return what stands for a resident's row as somebody saw it."""
    return hashlib.sha256(repr(known.pack(person)).encode()).hexdigest()


@dataclass(frozen=True, kw_only=True)
class Deed:
    """Who changes the row of a resident, why, and when."""

    account_id: int
    reason: str
    now: datetime


Done = tuple[RosterImport, ImportState]


def add(person: Person, group: int | None, deed: Deed) -> Done:
    """Add a resident; a household that is here already keeps its group."""
    known.lock()
    return _propose(Action.ADD, _at_home(person, person.household, group), None, deed)


def correct(resident_id: int, facts: Mapping[str, Any], deed: Deed, *, stamp: str) -> Done:
    """Write other facts over those that were seen (`stamp`); refused where they changed since."""
    known.lock()
    person = known.read_one(resident_id)
    if stamp != stamp_of(person):
        raise Refused(Refusal.ROSTER_CHANGED)
    return _propose(Action.CORRECT, replace(person, **facts), resident_id, deed)


def move(resident_id: int, household: str, group: int | None, deed: Deed) -> Done:
    """Let a resident belong to another household; `group` is needed where that one is new."""
    person = replace(_take(Action.MOVE, resident_id), is_representative=None)
    return _propose(Action.MOVE, _at_home(person, household, group), resident_id, deed)


def admit(resident_id: int, day: date, deed: Deed) -> Done:
    """Note that the villagers' meeting of that day admitted somebody to the electorate (V23)."""
    person = _take(Action.ADMIT, resident_id, day, now=deed.now)
    return _propose(Action.ADMIT, replace(person, admitted_on=day), resident_id, deed)


def leave(resident_id: int, day: date, deed: Deed, *, has_died: bool) -> Done:
    """Note that a resident left the village or died on that day; the row stays."""
    action = Action.DIE if has_died else Action.LEAVE
    person = _take(action, resident_id, day, now=deed.now)
    return _propose(action, replace(person, left_on=day), resident_id, deed)


def come_back(resident_id: int, deed: Deed) -> Done:
    """Note that somebody who had left is here again."""
    person = _take(Action.RETURN, resident_id)
    return _propose(Action.RETURN, replace(person, left_on=None), resident_id, deed)


def _take(
    action: Action, resident_id: int, day: date | None = None, *, now: datetime | None = None
) -> Person:
    known.lock()
    person = known.read_one(resident_id)
    reason = rules.why_not_act(
        action, has_left=person.left_on is not None, is_registered=person.is_registered
    )
    if reason is None and day is not None and now is not None:
        reason = rules.why_not_on(day, today=clock.today(now), born_on=person.born_on)
    if reason:
        raise Refused(reason)
    return person


def _at_home(person: Person, household: str, group: int | None) -> Person:
    found = db.session.scalar(
        select(VillagerGroup.number)
        .join(Household, Household.group_id == VillagerGroup.id)
        .where(Household.number == household)
    )
    number = found if found is not None else group
    if number is None:
        raise Refused(Refusal.NEW_HOUSEHOLD)
    return replace(person, household=household, group=number)


def _propose(action: Action, person: Person, resident_id: int | None, deed: Deed) -> Done:
    return propose(
        action,
        person,
        resident_id=resident_id,
        reason=deed.reason,
        account_id=deed.account_id,
        now=deed.now,
    )


# --- the record ----------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A line of the record: who changed whose row, when, why, and what."""

    resident_id: int
    name: str
    household: str
    kind: ChangeKind
    fields: Mapping[str, tuple[Any, Any]]
    by: str
    confirmed_by: str
    reason: str
    filename: str
    done_at: datetime


def list_changes(
    *, resident_id: int | None = None, import_id: int | None = None, page: int = 1, per_page: int
) -> tuple[list[Entry], int]:
    """Return one page of the record, the newest first, and how many lines it has."""
    query = (
        select(
            RosterChange,
            Resident.name,
            Household.number,
            RosterImport.confirmed_by_id,
            RosterImport.filename,
        )
        .join(Resident, Resident.id == RosterChange.resident_id)
        .join(Household, Household.id == Resident.household_id)
        .outerjoin(RosterImport, RosterImport.id == RosterChange.import_id)
    )
    total = select(func.count(RosterChange.id))
    for column, value in (
        (RosterChange.resident_id, resident_id),
        (RosterChange.import_id, import_id),
    ):
        if value is not None:
            query, total = query.where(column == value), total.where(column == value)
    found = db.session.execute(
        query.order_by(RosterChange.id.desc()).limit(per_page).offset((page - 1) * per_page)
    ).all()
    names = names_of(i for row in found for i in (row[0].account_id, row.confirmed_by_id))
    return [
        Entry(
            resident_id=change.resident_id,
            name=name,
            household=household,
            kind=change.kind,
            fields={key: (old, new) for key, (old, new) in (change.fields or {}).items()},
            by=names.get(change.account_id, ""),
            confirmed_by=names.get(confirmed_by_id, ""),
            reason=change.reason,
            filename=filename or "",
            done_at=change.done_at,
        )
        for change, name, household, confirmed_by_id, filename in found
    ], db.session.scalar(total) or 0
