"""What somebody with the database's password could do: take triggers and keys of a table away."""

from contextlib import contextmanager

from portal.core.db import db

TRIGGERS = {
    "sqlite": "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = '{table}'",
    "postgresql": (
        "SELECT tgname, pg_get_triggerdef(oid) FROM pg_trigger"
        " WHERE NOT tgisinternal AND tgrelid = '{table}'::regclass"
    ),
}


@contextmanager
def without_triggers(*tables: str):
    """Let these tables be changed by anybody for a while, within a transaction."""
    connection = db.session.connection()
    dialect = connection.dialect.name
    made = []
    for table in tables:
        for name, sql in connection.exec_driver_sql(TRIGGERS[dialect].format(table=table)).all():
            on = f" ON {table}" if dialect == "postgresql" else ""
            connection.exec_driver_sql(f"DROP TRIGGER {name}{on}")
            made.append(sql)
    yield
    db.session.flush()
    for sql in made:
        connection.exec_driver_sql(sql)


def drop_key(table: str, *columns: str) -> None:
    """Take a unique key away for good, as a careless migration would."""
    key = f"UNIQUE ({', '.join(columns)})"
    db.session.remove()
    with db.engine.connect() as raw:
        if db.engine.dialect.name == "postgresql":
            name = raw.exec_driver_sql(
                f"SELECT conname FROM pg_constraint WHERE conrelid = '{table}'::regclass"
                f" AND pg_get_constraintdef(oid) = '{key}'"
            ).scalar_one()
            raw.exec_driver_sql(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')
            raw.commit()
            return
        made = raw.exec_driver_sql(
            f"SELECT sql FROM sqlite_master WHERE name = '{table}'"
        ).scalar_one()
        weak = made.replace(table, f"{table}_weak", 1)
        end = weak.index(key) + len(key)
        raw.exec_driver_sql("COMMIT")
        raw.exec_driver_sql("PRAGMA foreign_keys = OFF")
        raw.exec_driver_sql(weak[: weak.rindex(",", 0, end - len(key))] + weak[end:])
        raw.exec_driver_sql(f"DROP TABLE {table}")
        raw.exec_driver_sql(f"ALTER TABLE {table}_weak RENAME TO {table}")
        raw.exec_driver_sql("PRAGMA foreign_keys = ON")
        raw.exec_driver_sql("BEGIN")
