"""Runs the migrations on the portal's own engine, all of them in one transaction."""

from alembic import context
from flask import current_app

migrate = current_app.extensions["migrate"]

with migrate.db.engine.connect() as connection:
    context.configure(
        connection=connection,
        target_metadata=migrate.db.metadata,
        transaction_per_migration=False,
        **migrate.configure_args,
    )
    with context.begin_transaction():
        context.run_migrations()
