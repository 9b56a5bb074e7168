"""What was only read keeps its prepared statements; what was written is undone as ever."""

import pytest
from sqlalchemy import func, insert, select, text

from portal.core import postgres
from portal.core.db import db, transaction
from portal.people import service as people
from portal.people.models import VillagerGroup

pytestmark = pytest.mark.parametrize(
    "database", ["postgresql"], indirect=True
)  # the other has none
PREPARED = text("SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE '%region%'")


def read_often(code):
    for _ in range(8):
        people.find_place(code)
        db.session.rollback()


def count_groups():
    return db.session.scalar(select(func.count()).select_from(VillagerGroup))


def test_statements_stay_prepared_while_nothing_is_written(village):
    read_often(village.code)
    assert db.session.scalar(PREPARED) >= 1


def test_they_would_not_without_our_connection(village, monkeypatch):
    monkeypatch.setattr(
        postgres.KeepingConnection, "rollback", postgres.psycopg.Connection.rollback
    )
    db.engine.dispose()
    read_often(village.code)
    assert db.session.scalar(PREPARED) == 0


@pytest.mark.parametrize("writes", ["by statement", "by text", "by driver"])
def test_what_was_written_is_undone(village, writes):
    facts = {"number": 8, "name": "?", "village_id": village.id}
    before = count_groups()
    words = "(number, name, village_id) VALUES (8, '?', :village_id)"
    db.session.rollback()
    if writes == "by statement":  # outside of any transaction(), as nobody should
        db.session.execute(insert(VillagerGroup.__table__), facts)
        db.session.rollback()
    elif writes == "by text":
        db.session.execute(text(f"INSERT INTO villager_group {words}"), facts)
        db.session.rollback()
    else:
        with pytest.raises(LookupError), transaction():
            driver = db.session.connection().connection.driver_connection
            with driver.cursor() as cursor:
                cursor.execute(
                    "INSERT INTO villager_group (number, name, village_id) VALUES (8, '?', %s)",
                    [village.id],
                )
            raise LookupError
    assert count_groups() == before
