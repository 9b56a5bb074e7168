"""A month of the ledger that is over is a line of the record; whoever rewrites it is found."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError, IntegrityError

from portal.core.db import db, transaction
from portal.core.jobs import run_chores
from portal.points import months, service
from portal.points.models import PointsMonth
from portal.transparency import service as record
from portal.transparency.rules import Break, Fault
from tests.points.conftest import NOW
from tests.tampering import without_triggers

CHORE = (months.close_over,)
NAME = "portal.points.months.close_over"
MAY = datetime(2026, 5, 2, 4, tzinfo=UTC)


def close(app, now):
    db.session.rollback()
    return run_chores(app, CHORE, now=now)[NAME]


@pytest.fixture
def given(cast, wish, give, lin):
    """Two awards in March, one of them taken back in April."""
    with transaction():
        kept = give(wish())
        wrong = give(wish(on=date(2026, 3, 9)))
    with transaction():
        service.reverse(
            wrong,
            account_id=lin.account_id,
            own_household_id=None,
            reason="记错了",
            key="back" * 4,
            now=NOW + timedelta(30),
        )
    return kept


def test_months_are_closed_when_they_are_over(app, given):
    end_of_march = datetime(2026, 3, 31, 16, tzinfo=UTC)
    assert close(app, end_of_march + timedelta(minutes=59)) == 0
    assert close(app, end_of_march + timedelta(hours=1)) == 1
    assert close(app, end_of_march + timedelta(hours=2)) == 0
    assert close(app, MAY) == 1
    assert close(app, MAY + timedelta(days=90)) == 0
    db.session.rollback()
    subjects = [(entry.number, entry.subject) for entry in record.list_entries().items]
    assert subjects == [(2, "2026-04积分流水：1笔"), (1, "2026-03积分流水：2笔")]
    assert record.files_broken() == []


@pytest.mark.parametrize(
    ("table", "statement", "number"),
    [
        ("points_transfer", "UPDATE points_transfer SET reason = '别的' WHERE kind = 'earn'", 1),
        ("points_transfer", "UPDATE points_transfer SET done_on = '2026-03-01' WHERE kind = 'reverse'", 2),
        ("points_entry", "UPDATE points_entry SET points = points * 2, balance_after = 0"
         " WHERE transfer_id = (SELECT min(transfer_id) FROM points_entry)", 1),
        ("points_transfer", "UPDATE points_transfer SET posted_at = '2026-05-01 00:00:00'"
         " WHERE kind = 'reverse'", 2),
    ],
)  # fmt: skip
def test_a_month_written_anew_is_found(app, given, table, statement, number):
    assert close(app, MAY) == 2
    with transaction(), without_triggers(table):
        db.session.connection().exec_driver_sql(statement)
    assert record.files_broken() == [Break(number, Fault.FILE_CHANGED)]


def test_the_digest_cannot_be_guessed(app, given):
    close(app, MAY)
    db.session.rollback()
    closed = db.session.scalars(select(PointsMonth).order_by(PointsMonth.id)).first()
    assert (
        months.digest_of(closed.begins_on, "0" * 64)[0]
        != months.digest_of(closed.begins_on, closed.key)[0]
    )
    assert len(closed.key) == 64


def test_the_chore_asks_the_same_for_few_and_for_many(app, given, wish, give, count_queries):
    close(app, MAY)
    counts = []
    for more in (1, 5):
        with transaction():
            for _ in range(more):
                give(wish(times=1), now=MAY)
        db.session.rollback()
        with count_queries() as counted:
            assert run_chores(app, CHORE, now=MAY) == {NAME: 0}
        counts.append(counted.n)
    assert counts[0] == counts[1]


def test_a_month_is_closed_once(race, app, given):
    def keep(index):
        db.session.add(PointsMonth(begins_on=date(2026, 3, 1), key="0" * 64, record_number=index))
        db.session.flush()

    db.session.rollback()
    assert sum(isinstance(one, IntegrityError) for one in race(4, keep)) == 3
    with pytest.raises(DBAPIError, match="append-only"), transaction():
        db.session.connection().exec_driver_sql("UPDATE points_month SET record_number = 9")
