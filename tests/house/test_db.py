"""What the database refuses, in SQLite as in PostgreSQL."""

from datetime import date, datetime

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError, StatementError

from portal.core.db import db, has_wal_fault, sqlite, transaction
from portal.people.models import Household, Resident, VillagerGroup
from portal.people.rules import Sex
from portal.sign_in.models import AccountSession


def test_a_time_without_zone_is_refused(cast):
    naive = datetime(2030, 1, 1)  # noqa: DTZ001 -- the very thing under test
    db.session.add(
        AccountSession(account_id=cast.vera.id, token_digest="x", began_at=naive, expires_at=naive)
    )
    with pytest.raises(StatementError, match="must know its zone"):
        db.session.flush()


def test_a_household_needs_its_group(cast):
    db.session.add(Household(number="77", group_id=404))
    with pytest.raises(IntegrityError):
        db.session.flush()


def test_a_household_has_one_representative(cast, village, race):
    household = db.session.execute(
        select(Household.id, Household.group_id).where(Household.number == "001")
    ).one()

    def add(index):
        db.session.add(
            Resident(
                household_id=household.id,
                group_id=household.group_id,
                name=f"N{index}",
                sex=Sex.UNKNOWN,
                born_on=date(1990, 1, 1),
                is_representative=True,
            )
        )
        db.session.flush()

    assert all(isinstance(result, IntegrityError) for result in race(2, add))


def test_what_fails_leaves_nothing_behind(village):
    with pytest.raises(LookupError), transaction():
        db.session.add(VillagerGroup(number=8, name="?"))
        db.session.flush()
        raise LookupError
    assert db.session.scalar(select(func.count()).select_from(VillagerGroup)) == 0


def test_writing_outside_of_a_transaction_is_a_fault(village):
    db.session.add(VillagerGroup(number=8, name="?"))
    with pytest.raises(RuntimeError, match="outside of a transaction"), transaction():
        pass


def test_two_writers_wait_for_each_other(village, race):
    """Each reads, then writes one more: without the lock at the beginning, one would be lost."""

    def add(_index):
        highest = db.session.scalar(select(func.max(VillagerGroup.number))) or 0
        if db.engine.dialect.name == "postgresql":
            db.session.execute(text("SELECT pg_advisory_xact_lock(7)"))
            highest = db.session.scalar(select(func.max(VillagerGroup.number))) or 0
        db.session.add(VillagerGroup(number=highest + 1, name="?"))
        db.session.flush()

    assert race(8, add) == [None] * 8
    assert db.session.scalar(select(func.max(VillagerGroup.number))) == 8


@pytest.mark.parametrize(
    ("version", "faulty"),
    [
        ((3, 6, 23), False),
        ((3, 7, 0), True),
        ((3, 40, 1), True),
        ((3, 51, 2), True),
        ((3, 51, 3), False),
        ((3, 53, 4), False),
    ],
)
def test_the_versions_of_sqlite_that_may_lose_data(version, faulty):
    assert has_wal_fault(version) is faulty


@pytest.mark.parametrize("database", ["sqlite"])
def test_sqlite_is_told_what_it_must_know(app):
    connection = db.session.connection()
    facts = [
        connection.exec_driver_sql(f"PRAGMA {name}").scalar()
        for name in ("foreign_keys", "synchronous", "journal_mode")
    ]
    assert facts == [1, 2, "delete" if has_wal_fault(sqlite.sqlite_version_info) else "wal"]
