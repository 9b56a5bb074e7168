"""Runs the migrations on the portal's own engine, all of them in one transaction."""

from alembic import context
from flask import current_app

from portal.core.scope import all_villages

migrate = current_app.extensions["migrate"]

with migrate.db.engine.connect() as connection:
    is_sqlite = connection.dialect.name == "sqlite"
    raw = connection.connection.dbapi_connection
    if is_sqlite:  # a table that is built anew is dropped for a moment: others refer to it
        raw.execute("PRAGMA foreign_keys = OFF")
    context.configure(
        connection=connection,
        target_metadata=migrate.db.metadata,
        transaction_per_migration=False,
        **migrate.configure_args,
    )
    try:
        with all_villages("tables belong to every village"), context.begin_transaction():
            context.run_migrations()
            if is_sqlite and (strays := raw.execute("PRAGMA foreign_key_check").fetchall()):
                raise RuntimeError(f"rows that refer to nothing: {strays[:5]}")
    finally:
        if is_sqlite:
            raw.execute("PRAGMA foreign_keys = ON")
