"""The migrations build the very tables that the models speak of, and take them away again."""

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask_migrate import check, downgrade, upgrade
from sqlalchemy import inspect, text

from portal import demo
from portal.core import clock
from portal.core.db import Base, db


@pytest.fixture
def bare(database, make_app, request):
    """A portal on a database without any table."""
    app = make_app(database, create=False)
    with app.app_context(), app.test_request_context():
        if database == "postgresql":
            with db.engine.begin() as connection:
                connection.execute(text("DROP SCHEMA public CASCADE"))
                connection.execute(text("CREATE SCHEMA public"))
        yield app
        db.session.remove()


def test_migrations_match_models(bare):
    upgrade(directory="migrations")
    check(directory="migrations")  # ends the process where they differ
    assert differences() == []
    with db.engine.begin() as connection:  # and it can: a column that no model speaks of is seen
        connection.execute(text("ALTER TABLE region ADD COLUMN planted INTEGER"))
    assert [(kind, column.name) for kind, _schema, _table, column in differences()] == [
        ("remove_column", "planted")
    ]


def differences() -> list:
    """Return what a new migration would change."""
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection)
        return compare_metadata(context, Base.metadata)


def triggers(connection) -> set[str]:
    kind = connection.dialect.name
    query = (
        "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        if kind == "sqlite"
        else "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"
    )
    return set(connection.execute(text(query)).scalars())


def test_migrations_make_the_triggers_of_the_models(bare):
    db.create_all()
    with db.engine.begin() as connection:
        wanted = triggers(connection)
    db.drop_all()
    upgrade(directory="migrations")
    with db.engine.begin() as connection:
        assert triggers(connection) == wanted
    assert wanted


def test_migrations_go_down_and_up_with_data(bare):
    upgrade(directory="migrations")
    demo.load(bare.extensions["demo_loaders"], now=clock.now())
    db.session.remove()
    downgrade(directory="migrations", revision="base")
    assert set(inspect(db.engine).get_table_names()) <= {"alembic_version"}
    upgrade(directory="migrations")
    check(directory="migrations")
