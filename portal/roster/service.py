"""The roster goes in and out of the house. Never commits."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from portal.core.db import db
from portal.core.sheets import Cell
from portal.people import rules
from portal.people.models import Household, Resident, VillagerGroup
from portal.people.service import list_groups
from portal.roster.reading import RosterRow


def roster_rows() -> list[list[Cell]]:
    """Return the roster as it can be imported again: the columns of `roster.COLUMNS`."""
    sexes = {rules.Sex.MALE: "男", rules.Sex.FEMALE: "女", rules.Sex.UNKNOWN: ""}
    query = (
        select(Resident, Household.number, VillagerGroup.number)
        .join(Household, Household.id == Resident.household_id)
        .join(VillagerGroup, VillagerGroup.id == Resident.group_id)
        .where(Resident.left_on.is_(None))
        .order_by(VillagerGroup.number, Household.number, Resident.id)
    )
    return [
        [
            household,
            group,
            r.name,
            sexes[r.sex],
            r.born_on.isoformat() if r.born_on else "",
            r.phone or "",
            *("是" if yes else "否" for yes in (r.is_representative, r.is_registered, r.is_away)),
        ]
        for r, household, group in db.session.execute(query)
    ]


@dataclass(frozen=True)
class Imported:
    """What an import did."""

    added: int
    updated: int
    households: int


def import_roster(rows: Iterable[RosterRow], *, now: datetime) -> Imported:
    """Add the residents that are new, and bring those up to date that are here already.

    Whoever has the same household number, name and birth date is the same person. A first
    named head stays the household's representative where the rows name none.
    """
    groups = {g.number: g for g in list_groups()}
    households = {h.number: h for h in db.session.scalars(select(Household))}
    known = {(r.household_id, r.name, r.born_on): r for r in db.session.scalars(select(Resident))}
    added = updated = 0
    before = len(households)
    wanted = list(rows)
    for number in sorted({row.group for row in wanted} - set(groups)):
        groups[number] = VillagerGroup(number=number, name=f"第{number}组")
        db.session.add(groups[number])
    db.session.flush()
    for row in wanted:
        if row.household not in households:
            households[row.household] = Household(
                number=row.household, group_id=groups[row.group].id
            )
            db.session.add(households[row.household])
    db.session.flush()
    with_head = {households[row.household].id for row in wanted if row.is_head}
    for resident in known.values():  # first, so that no moment has two of one household
        if resident.household_id in with_head:
            resident.is_representative = False
    db.session.flush()
    for row in wanted:
        household = households[row.household]
        found = known.get((household.id, row.name, row.born_on))
        resident = found or Resident(household_id=household.id, name=row.name, born_on=row.born_on)
        if found is None:
            db.session.add(resident)
            added += 1
        else:
            updated += 1
        resident.group_id = household.group_id
        resident.sex = row.sex
        resident.phone = row.phone
        resident.is_representative = row.is_head
        resident.is_registered = row.is_registered
        resident.is_away = row.is_away
        resident.left_on = None
    db.session.flush()
    return Imported(added=added, updated=updated, households=len(households) - before)
