"""What somebody with the database's password could do: take the triggers of a table away."""

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
