"""The roster of a village as plain values: read, compared by digest, packed to wait."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import date
from operator import attrgetter
from typing import Any

from sqlalchemy import select

from portal.core import scope, secrets
from portal.core.db import JsonList, db
from portal.people.models import Household, Region, Resident, VillagerGroup
from portal.people.rules import Sex
from portal.roster.person import FIELDS, Person
from portal.roster.rows import RosterRow

DATES = frozenset({"born_on", "admitted_on", "left_on"})
# What stays as it is where a file has no column for it.
GIVEN = frozenset({"is_registered", "is_away"})
_facts = attrgetter(*FIELDS)
_ROSTER = (
    select(
        Resident.id,
        Household.number,
        VillagerGroup.number,
        *(getattr(Resident, name) for name in FIELDS if name not in ("household", "group")),
    )
    .join(Household, Household.id == Resident.household_id)
    .join(VillagerGroup, VillagerGroup.id == Resident.group_id)
)


def lock() -> None:
    """Let one at a time change this village's roster, until the transaction ends."""
    mine = select(Region.id).where(Region.id == scope.require_village())
    db.session.execute(mine.with_for_update(key_share=True))


def read_known() -> dict[int, Person]:
    """Return everybody who is or was on the roster, by id."""
    rows = db.session.execute(_ROSTER.order_by(Resident.id))
    return {row[0]: Person(*row[1:]) for row in rows}


def read_one(resident_id: int) -> Person:
    """Return one resident, or raise NoResultFound."""
    return Person(*db.session.execute(_ROSTER.where(Resident.id == resident_id)).one()[1:])


def digest_of(known: Mapping[int, Person]) -> str:
    """Return the digest of a roster: another one after whatever change of whomever."""
    digest = hashlib.sha256()
    for resident_id, person in known.items():
        digest.update(f"{resident_id}{_facts(person)!r}".encode())
    return digest.hexdigest()


def digest_id(number: str) -> str:
    """Return the keyed digest of an ID number: another one in each village."""
    return secrets.digest(f"id-number {scope.require_village()}", number.upper())


def person_of(row: RosterRow, *, has_heads: bool) -> Person:
    """Return the resident of a row that was read; the ID number ends here."""
    number = row.id_number
    return Person(
        household=row.household,
        group=row.group,
        name=row.name,
        sex=row.sex,
        born_on=row.born_on,
        born_on_is_exact=row.born_on_is_exact,
        phone=row.phone,
        is_representative=bool(row.is_head) if has_heads else None,
        is_registered=row.is_registered,
        is_away=row.is_away,
        admitted_on=row.admitted_on,
        id_digest=digest_id(number) if number else None,
        id_last4=number[-4:].upper() if number else None,
        second_contact=row.second_contact,
        left_on=row.left_on,
    )


def pack(person: Person) -> JsonList:
    """Return a person as JSON can hold them."""
    return [v.isoformat() if isinstance(v, date) else v for v in _facts(person)]


def unpack(values: Sequence[Any]) -> Person:
    """Return the person that was packed."""
    facts = dict(zip(FIELDS, values, strict=True))
    for name in DATES:
        facts[name] = facts[name] and date.fromisoformat(facts[name])
    return Person(**facts | {"sex": Sex(facts["sex"])})
