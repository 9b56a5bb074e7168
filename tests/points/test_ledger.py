"""The ledger: nothing is minted, doubled, overdrawn, changed or lost, also when two act at once."""

import pytest
from sqlalchemy import delete, func, select, text, update
from sqlalchemy.exc import DBAPIError, IntegrityError

from portal.core.db import db, transaction
from portal.core.errors import Refused
from portal.core.scope import village_scope
from portal.people import service as people
from portal.people.models import Household
from portal.points import ledger, passbook, service
from portal.points.models import PointsAccount, PointsEntry, PointsTransfer
from portal.points.rules import AccountKind, Refusal, TransferKind

from .conftest import NOW, TODAY


def balances():
    rows = db.session.execute(select(PointsAccount.kind, PointsAccount.balance))
    return sorted((kind.value, balance) for kind, balance in rows)


def count_transfers():
    return db.session.scalar(select(func.count(PointsTransfer.id)))


def test_an_award_moves_points_from_the_village_to_the_household(give, wish):
    with transaction():
        give(wish("clean-up", times=2))

    assert balances() == [("household", 20), ("issue", -20)]
    entries = db.session.execute(
        select(PointsEntry.points, PointsEntry.balance_after).order_by(PointsEntry.points)
    ).all()
    assert entries == [(-20, -20), (20, 20)]
    assert ledger.why_drifted() == []


def test_eight_threads_with_one_key_make_one_award(race, give, wish):
    one = wish(key="the-same-key-0001")

    results = race(8, lambda _: give(one))

    assert len(set(results)) == 1
    assert count_transfers() == 1
    assert balances() == [("household", 10), ("issue", -10)]


def test_eight_first_awards_at_once_open_each_account_once(race, give, wish):
    wishes = [wish() for _ in range(8)]

    results = race(8, lambda i: give(wishes[i]))

    assert len(set(results)) == 8
    assert balances() == [("household", 80), ("issue", -80)]
    assert ledger.why_drifted() == []


def test_the_same_key_for_another_wish_is_refused(give, wish):
    with transaction():
        give(wish(key="the-same-key-0001"))

    with pytest.raises(Refused) as refused, transaction():
        give(wish(key="the-same-key-0001", times=2))

    assert refused.value.reason is Refusal.KEY_USED
    assert balances() == [("household", 10), ("issue", -10)]


def test_the_key_is_the_last_judge(give, wish):
    with transaction():
        first = service.get_award(give(wish()))
        copy = {
            c: getattr(first, c) for c in list(PointsTransfer.__table__.columns.keys()) if c != "id"
        }

    with pytest.raises(IntegrityError), transaction():
        db.session.add(PointsTransfer(**copy))
        db.session.flush()


def test_two_reversals_at_once_make_one(race, cast, lin, give, wish):
    with transaction():
        award = give(wish())
        give(wish())

    def take_back(index):
        return service.reverse(
            award,
            reason="重复登记",
            key=f"reversal-key-{index:04d}",
            account_id=lin.account_id,
            own_household_id=None,
            now=NOW,
        ).id

    results = race(2, take_back)

    refused = [r for r in results if isinstance(r, Refused)]
    assert [r.reason for r in refused] == [Refusal.ALREADY_REVERSED]
    assert balances() == [("household", 10), ("issue", -10)]
    assert ledger.why_drifted() == []


def draw(award_id, index, points):
    """Post a transfer that takes points from the household of an award, past all rules."""
    original = service.get_award(award_id)
    ledger.post(
        PointsTransfer(
            kind=TransferKind.EARN,
            idempotency_key=f"draw-{index}",
            item_id=original.item_id,
            times=1,
            points=points,
            reason="test",
            done_on=TODAY,
            honour_year=TODAY.year,
            posted_by_id=original.posted_by_id,
            posted_at=NOW,
            **people.deed_facts(original.resident_id, now=NOW),
        ),
        {
            ledger.household_account(original.household_id).id: -points,
            ledger.lock_issue_account().id: points,
        },
    )
    return "drawn"


def test_nobody_overdraws_an_account_however_many_try(race, give, wish):
    with transaction():
        award = give(wish("repair-accepted"))

    results = race(8, lambda i: draw(award, i, 10))

    assert results.count("drawn") == 3
    assert {r.reason for r in results if r != "drawn"} == {Refusal.NOT_ENOUGH}
    assert balances() == [("household", 0), ("issue", 0)]
    assert ledger.why_drifted() == []


@pytest.mark.parametrize("table", [PointsTransfer, PointsEntry])
def test_no_line_is_changed_or_deleted(give, wish, table):
    with transaction():
        give(wish())

    for statement in (
        update(table).values(points=1000),
        delete(table),
    ):
        with pytest.raises(DBAPIError, match="append-only"), transaction():
            db.session.execute(statement)
    assert balances() == [("household", 10), ("issue", -10)]


def test_a_transfer_that_mints_is_not_posted(give, wish):
    with transaction():
        give(wish())

    with pytest.raises(ValueError, match="not a transfer"), transaction():
        ledger.post(PointsTransfer(), {1: 10, 2: -9})


def test_a_village_has_one_issue_account(give, wish):
    with transaction():
        give(wish())

    with pytest.raises(IntegrityError), transaction():
        db.session.add(PointsAccount(kind=AccountKind.ISSUE, balance=0))
        db.session.flush()


def test_drift_is_found(give, wish, village):
    with transaction():
        give(wish())
    household = db.session.scalar(
        select(PointsAccount.id).where(PointsAccount.kind == AccountKind.HOUSEHOLD)
    )
    with transaction():
        db.session.execute(
            text("UPDATE points_account SET balance = 999 WHERE id = :id"), {"id": household}
        )

    assert ledger.why_drifted() == [
        ledger.Drift("village", 0, 989, 0),
        ledger.Drift("account", household, 999, 10),
    ]


def test_an_unbalanced_transfer_is_found(give, wish, village):
    with transaction():
        award = give(wish())
        other = PointsAccount(
            kind=AccountKind.HOUSEHOLD, household_id=_spare_household(), balance=0
        )
        db.session.add(other)
        db.session.flush()
        db.session.add(
            PointsEntry(transfer_id=award, account_id=other.id, points=5, balance_after=5)
        )

    assert ledger.Drift("transfer", award, 20, 5) in ledger.why_drifted()


def _spare_household():
    taken = select(PointsAccount.household_id).where(PointsAccount.household_id.is_not(None))
    return db.session.scalar(select(Household.id).where(Household.id.not_in(taken)).limit(1))


def test_points_of_the_neighbouring_village_stay_there(give, wish, neighbour, cast):
    with transaction():
        give(wish())

    with village_scope(neighbour.id):
        assert passbook.awards(page=1).total == 0
        assert ledger.why_drifted() == []
        assert balances() == []
