"""What the tests stand on: the next one finds its database as if it were new."""

import pytest
from sqlalchemy import inspect, text

from portal.core.db import Base, db
from portal.people.models import Resident

pytestmark = pytest.mark.parametrize("database", ["postgresql"])
TRIGGERS = "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal ORDER BY tgrelid, tgname"


def as_it_is():
    """Return what stands in the database: its rows, the next numbers, its keys and triggers."""
    with db.engine.connect() as connection:
        return (
            {t.name: connection.scalar(text(f"SELECT count(*) FROM {t.name}")) for t in TABLES},
            connection.execute(text("SELECT sequencename, last_value FROM pg_sequences")).all(),
            {t.name: inspect(connection).get_indexes(t.name) for t in TABLES},
            connection.scalars(text(TRIGGERS)).all(),
            connection.scalar(text("SELECT sum(pg_relation_size(oid)) FROM pg_class c WHERE"
                                   " relkind = 'r' AND relnamespace = 'public'::regnamespace")),
        )  # fmt: skip


TABLES = Base.metadata.sorted_tables
HARM = (
    "SELECT 1",
    "DROP INDEX ix_resident_group_id",
    "DROP TRIGGER record_entry_no_delete ON record_entry",
    "ALTER TABLE resident DROP COLUMN born_on CASCADE",
    "CREATE TABLE more (id integer)",
)


@pytest.mark.parametrize("harm", HARM)
def test_the_next_test_finds_everything_as_new(app, own_postgresql, request, harm):
    new = as_it_is()
    request.getfixturevalue("cast")
    with db.engine.begin() as connection:
        assert connection.scalar(text("SELECT count(*) FROM resident")) == 5
        connection.execute(text(harm))
    db.session.remove()
    own_postgresql.renew()
    db.engine.dispose()
    assert as_it_is() == new
    assert db.session.scalars(text("SELECT nextval('resident_id_seq')")).one() == 1
    assert Resident.__tablename__ in new[0]
