"""Rows that stay as they are once the thing they belong to is frozen: triggers refuse late writes.

`holder` is the table whose rows have a `frozen_at` (or the column named `since`); `held` is the
condition that finds the rows of it to which a row belongs, with that row's columns in braces:
`id IN ({version_id})`. PostgreSQL holds the row that it looked at until the end, so a late edit
waits for a freezing that goes on and is refused, and a freezing waits for the edit and has it.
SQLite has one writer at a time.
"""

import re
from collections.abc import Iterable

from sqlalchemy import DDL, Table, event

_SQLITE = (
    "CREATE TRIGGER {table}_frozen_{verb} BEFORE {verb}{of} ON {table} WHEN EXISTS"
    " (SELECT 1 FROM {holder} WHERE {held} AND {since} IS NOT NULL)"
    " BEGIN SELECT RAISE(ABORT, '{table} is frozen'); END"
)
_FUNCTION = (
    "CREATE OR REPLACE FUNCTION {table}_frozen() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN"
    " IF (SELECT bool_or({since} IS NOT NULL)"
    " FROM (SELECT {since} FROM {holder} WHERE {held} FOR SHARE) AS held) THEN"
    " RAISE EXCEPTION USING MESSAGE = ''{table} is frozen'', ERRCODE = ''restrict_violation'';"
    " END IF; IF TG_OP = ''DELETE'' THEN RETURN OLD; END IF; RETURN NEW; END'"
)
_POSTGRESQL = (
    "CREATE TRIGGER {table}_frozen_{verb} BEFORE {verb}{of} ON {table}"
    " FOR EACH ROW EXECUTE FUNCTION {table}_frozen()"
)
_ROWS = {"insert": ("NEW",), "update": ("OLD", "NEW"), "delete": ("OLD",)}


def statements(
    table: str,
    dialect: str,
    *,
    holder: str,
    held: str,
    columns: Iterable[str],
    since: str = "frozen_at",
) -> list[str]:
    """Return the SQL that freezes these columns of a table, and lets no row come or go."""
    made = []
    if dialect != "sqlite":
        both = _of_rows(held, "OLD", "NEW")
        made.append(_FUNCTION.format(table=table, holder=holder, held=both, since=since))
    template = _SQLITE if dialect == "sqlite" else _POSTGRESQL
    for verb, rows in _ROWS.items():
        of = f" OF {', '.join(columns)}" if verb == "update" else ""
        found = _of_rows(held, *rows)
        facts = {"table": table, "verb": verb, "of": of, "holder": holder, "since": since}
        made.append(template.format(held=found, **facts))
    return made


def _of_rows(held: str, *rows: str) -> str:
    """Name the columns of the rows that a trigger is given: what was, what is to be, or both."""
    return re.sub(r"{(\w+)}", lambda name: ", ".join(f"{row}.{name[1]}" for row in rows), held)


def frozen_with(
    table: Table,
    holder: str,
    held: str,
    *,
    free: frozenset[str] = frozenset(),
    since: str = "frozen_at",
) -> None:
    """Freeze every new copy of this table with its holder, but for the columns that are free."""
    columns = [f'"{column.name}"' for column in table.columns if column.name not in free]
    for dialect in ("sqlite", "postgresql"):
        made = statements(
            table.name, dialect, holder=holder, held=held, columns=columns, since=since
        )
        for statement in made:
            event.listen(table, "after_create", DDL(statement).execute_if(dialect=dialect))  # type: ignore[no-untyped-call]
