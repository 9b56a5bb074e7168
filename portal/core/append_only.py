"""Tables whose rows stay as they were written: triggers refuse every UPDATE and DELETE."""

from sqlalchemy import DDL, Table, event

_SQLITE = (
    "CREATE TRIGGER {table}_no_{verb} BEFORE {verb} ON {table}"
    " BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
)
_POSTGRESQL = (
    "CREATE TRIGGER {table}_no_{verb} BEFORE {verb} ON {table}"
    " FOR EACH ROW EXECUTE FUNCTION refuse_change()"
)
_FUNCTION = (
    "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS"
    " 'BEGIN RAISE EXCEPTION USING MESSAGE = TG_TABLE_NAME || '' is append-only'',"
    " ERRCODE = ''restrict_violation''; END'"
)


def statements(table: str, dialect: str) -> list[str]:
    """Return the SQL that makes a table append-only, for a migration or a new table."""
    if dialect == "sqlite":
        return [_SQLITE.format(table=table, verb=verb) for verb in ("update", "delete")]
    made = [_POSTGRESQL.format(table=table, verb=verb) for verb in ("update", "delete")]
    return [_FUNCTION, *made]


def append_only(table: Table) -> None:
    """Make every new copy of this table append-only, on SQLite and on PostgreSQL."""
    for dialect in ("sqlite", "postgresql"):
        for statement in statements(table.name, dialect):
            event.listen(table, "after_create", DDL(statement).execute_if(dialect=dialect))  # type: ignore[no-untyped-call]
