"""The only place where the roster is written: each change with its line in the record."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from itertools import islice
from typing import Any

from sqlalchemy import Connection, bindparam, func, insert, literal, select, update
from sqlalchemy.exc import DBAPIError

from portal.core import outbox, scope
from portal.core.db import db
from portal.core.masking import mask_phone
from portal.core.scope import all_villages
from portal.people.models import Account, Household, Resident, VillagerGroup
from portal.roster.comparing import Change, Comparison
from portal.roster.events import RosterChanged
from portal.roster.models import RosterChange
from portal.roster.person import Pair, Person
from portal.roster.rules import ChangeKind

CHUNK = 2000
PHONES = frozenset({"phone", "second_contact"})
_resident: Any = Resident.__table__
_household: Any = Household.__table__
_group: Any = VillagerGroup.__table__
_change: Any = RosterChange.__table__


@dataclass(frozen=True, kw_only=True)
class Source:
    """Where a change comes from: who made it, why, and by which import."""

    now: datetime
    account_id: int | None = None
    import_id: int | None = None
    reason: str = ""


def write(comparison: Comparison, source: Source, *, kind: ChangeKind | None = None) -> None:
    """Write what a comparison found, and its record. `kind` names what happened to one resident.

    Call it under the village's lock (`known.lock`), on a comparison made under it.
    """
    village_id = scope.require_village()
    newcomers = [person for _, person in comparison.added]
    people = [*newcomers, *(change.after for change in comparison.changed)]
    homes = _homes({person.household: person.group for person in people}, village_id)
    _change_residents(comparison.changed, homes, village_id)
    _add_residents(newcomers, homes, village_id, source)
    _record(comparison.changed, village_id, source, kind)
    _publish(comparison.changed, source, kind)
    for row in list(db.session):
        if isinstance(row, Resident | Household | VillagerGroup):
            db.session.expire(row)


Homes = Mapping[str, tuple[int, int]]


def _homes(wanted: Mapping[str, int], village_id: int) -> Homes:
    """Return the ids of household and group by household number, adding those that are new."""
    groups = _numbers(_group, village_id)
    if missing := sorted(set(wanted.values()) - groups.keys()):
        rows = [
            {"village_id": village_id, "number": number, "name": f"第{number}组"}
            for number in missing
        ]
        db.session.execute(_group.insert(), rows)
        groups = _numbers(_group, village_id)
    of_group: dict[str, int] = {
        number: group_id
        for number, group_id in db.session.execute(
            select(_household.c.number, _household.c.group_id).where(
                _household.c.village_id == village_id
            )
        )
    }
    new = [number for number in wanted if number not in of_group]
    _insert(
        _household,
        ({"village_id": village_id, "number": n, "group_id": groups[wanted[n]]} for n in new),
    )
    moved = [
        {"that": number, "group_id": groups[group]}
        for number, group in wanted.items()
        if number in of_group and of_group[number] != groups[group]
    ]
    if moved:
        db.session.execute(
            update(_household)
            .where(_household.c.village_id == village_id, _household.c.number == bindparam("that"))
            .values(group_id=bindparam("group_id")),
            moved,
        )
    households = _numbers(_household, village_id)
    return {number: (households[number], groups[group]) for number, group in wanted.items()}


def _numbers(table: Any, village_id: int) -> dict[Any, int]:
    query = select(table.c.number, table.c.id).where(table.c.village_id == village_id)
    return {number: row_id for number, row_id in db.session.execute(query)}


def _insert(table: Any, rows: Iterable[dict[str, Any]]) -> None:
    """Add rows that name every column but the id."""
    connection, rows = db.session.connection(), iter(rows)
    while chunk := list(islice(rows, CHUNK)):
        if connection.dialect.name == "postgresql":
            _stream(connection, table, chunk)
        else:
            db.session.execute(table.insert(), chunk)


def _stream(connection: Connection, table: Any, rows: Sequence[dict[str, Any]]) -> None:
    """Send rows by COPY: PostgreSQL takes them as one statement instead of one each."""
    dialect = connection.dialect
    names = [column.name for column in table.c if column.name != "id"]
    types = {name: table.c[name].type.dialect_impl(dialect) for name in names}
    given = [(name, types[name].bind_processor(dialect)) for name in names]
    statement = f"COPY {table.name} ({', '.join(names)}) FROM STDIN"
    driver: Any = connection.connection.driver_connection
    errors: Any = dialect.dbapi
    try:
        with driver.cursor() as cursor, cursor.copy(statement) as copy:
            for row in rows:
                copy.write_row([put(row[name]) if put else row[name] for name, put in given])
    except errors.Error as error:
        raise DBAPIError.instance(
            statement, None, error, errors.Error, hide_parameters=True, dialect=dialect
        ) from error


def _columns(person: Person, homes: Homes) -> dict[str, Any]:
    household_id, group_id = homes[person.household]
    return {
        "household_id": household_id,
        "group_id": group_id,
        "name": person.name,
        "sex": person.sex,
        "born_on": person.born_on,
        "born_on_is_exact": person.born_on_is_exact,
        "phone": person.phone,
        "is_representative": bool(person.is_representative),
        "is_registered": person.is_registered,
        "is_away": person.is_away,
        "admitted_on": person.admitted_on,
        "id_digest": person.id_digest,
        "id_last4": person.id_last4,
        "second_contact": person.second_contact,
        "left_on": person.left_on,
    }


def _change_residents(changes: Sequence[Change], homes: Homes, village_id: int) -> None:
    """Write changed rows. What must stand once is taken off first, so that two can swap it."""
    if not changes:
        return
    mine = _resident.c.village_id == village_id
    that = _resident.c.id == bindparam("that")
    keys = [
        {"that": change.resident_id}
        for change in changes
        if change.fields.keys() & {"household", "name", "born_on", "is_representative", "id_number"}
    ]
    if keys:
        bare: dict[str, Any] = dict.fromkeys(("born_on", "id_digest", "id_last4"))
        db.session.execute(
            update(_resident).where(mine, that).values(is_representative=False, **bare), keys
        )
    values = [{"that": change.resident_id, **_columns(change.after, homes)} for change in changes]
    names = [name for name in values[0] if name != "that"]
    db.session.execute(
        update(_resident).where(mine, that).values({name: bindparam(name) for name in names}),
        values,
    )


def _add_residents(
    newcomers: Sequence[Person], homes: Homes, village_id: int, source: Source
) -> None:
    if not newcomers:
        return
    with all_villages("ids grow through the whole house"):  # of one village it is a long search
        mark = db.session.scalar(select(func.max(_resident.c.id))) or 0
    _insert(
        _resident,
        (
            {"village_id": village_id, "enters_alone": False, **_columns(person, homes)}
            for person in newcomers
        ),
    )
    facts = {
        "village_id": village_id,
        "kind": ChangeKind.ADDED,
        "import_id": source.import_id,
        "account_id": source.account_id,
        "reason": source.reason,
        "done_at": source.now,
    }
    added = select(
        _resident.c.id, *(literal(value, _change.c[name].type) for name, value in facts.items())
    ).where(_resident.c.village_id == village_id, _resident.c.id > mark)
    db.session.execute(insert(_change).from_select(["resident_id", *facts], added))


def _record(
    changes: Sequence[Change], village_id: int, source: Source, kind: ChangeKind | None
) -> None:
    _insert(
        _change,
        (
            {
                "village_id": village_id,
                "resident_id": change.resident_id,
                "kind": kind or change.kind,
                "fields": recorded(change.fields),
                "import_id": source.import_id,
                "account_id": source.account_id,
                "reason": source.reason,
                "done_at": source.now,
            }
            for change in changes
        ),
    )


def recorded(fields: Mapping[str, Pair]) -> dict[str, list[Any]]:
    """Return before and after as the record keeps them: phones masked, ID numbers only named."""
    return {
        name: [None, None] if name == "id_number" else [_kept(name, value) for value in pair]
        for name, pair in fields.items()
    }


def _kept(name: str, value: Any) -> Any:
    if name in PHONES:
        return value and mask_phone(value)
    if isinstance(value, Enum):
        return value.value
    return value.isoformat() if isinstance(value, date) else value


def _publish(changes: Sequence[Change], source: Source, kind: ChangeKind | None) -> None:
    """Tell everybody who has an account that their row was changed."""
    if not changes:
        return
    query = select(Account.resident_id, Account.id).where(Account.resident_id.is_not(None))
    accounts = {resident_id: account_id for resident_id, account_id in db.session.execute(query)}
    for change in changes:
        if change.resident_id in accounts:
            outbox.publish(
                RosterChanged(
                    resident_id=change.resident_id,
                    account_id=accounts[change.resident_id],
                    change=(kind or change.kind).value,
                    fields=sorted(change.fields),
                ),
                now=source.now,
            )
