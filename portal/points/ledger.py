"""The ledger's own work: accounts, posting, and proof from zero that nothing drifted."""

from dataclasses import dataclass

from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError

from portal.core.db import db
from portal.core.errors import Refused
from portal.points import rules
from portal.points.models import PointsAccount, PointsEntry, PointsTransfer
from portal.points.rules import AccountKind


@dataclass(frozen=True)
class Drift:
    """Something in the ledger that does not add up: what, which row, and both numbers."""

    what: str
    row_id: int
    kept: int
    recomputed: int


def lock_issue_account() -> PointsAccount:
    """Return the village's issue account, locked until the transaction ends.

    Whoever moves points takes this lock first, so that caps are counted and keys are looked up
    while nobody else moves any.
    """
    account = _find_issue_account()
    if account is None:
        try:
            with db.session.begin_nested():
                db.session.add(PointsAccount(kind=AccountKind.ISSUE, balance=0))
        except IntegrityError:  # another first award was faster
            pass
        account = _find_issue_account()
    if account is None:
        raise RuntimeError("the village has no issue account")
    return account


def _find_issue_account() -> PointsAccount | None:
    return db.session.scalar(
        select(PointsAccount)
        .where(PointsAccount.kind == AccountKind.ISSUE)
        .with_for_update()
        .execution_options(populate_existing=True)
    )


def household_account(household_id: int) -> PointsAccount:
    """Return the household's account, opened when it first earns. Needs the issue lock."""
    account = find_household_account(household_id)
    if account is None:
        account = PointsAccount(kind=AccountKind.HOUSEHOLD, household_id=household_id, balance=0)
        db.session.add(account)
        db.session.flush()
    return account


def find_household_account(household_id: int) -> PointsAccount | None:
    """Return the household's account as it is now, or None before its first points."""
    return db.session.scalar(
        select(PointsAccount)
        .where(PointsAccount.household_id == household_id)
        .execution_options(populate_existing=True)
    )


def post(transfer: PointsTransfer, movements: dict[int, int]) -> None:
    """Write a transfer and move its points: account id to signed points, their sum zero.

    Raises Refused(NOT_ENOUGH) where a household would be overdrawn: the CHECK is the last judge.
    """
    if not rules.is_balanced(list(movements.values())):
        raise ValueError(f"not a transfer: {movements}")
    db.session.add(transfer)
    db.session.flush()
    for account_id, points in sorted(movements.items()):
        try:
            balance = db.session.execute(
                update(PointsAccount)
                .where(PointsAccount.id == account_id)
                .values(balance=PointsAccount.balance + points)
                .returning(PointsAccount.balance)
                .execution_options(synchronize_session=False)
            ).scalar_one()
        except IntegrityError as overdrawn:
            raise Refused(rules.Refusal.NOT_ENOUGH) from overdrawn
        db.session.add(
            PointsEntry(
                transfer_id=transfer.id,
                account_id=account_id,
                points=points,
                balance_after=balance,
            )
        )
    db.session.flush()


def why_drifted() -> list[Drift]:
    """Recompute the village's ledger from zero; return what differs, nothing if all is right.

    Three promises of trust.md §5.7: the entries of a transfer add up to zero and move its points
    (I1), the balances of all accounts add up to zero (I2), each balance is the sum of its entries
    and what its last entry says (I12).
    """
    return [*_unbalanced_transfers(), *_unbalanced_village(), *_drifted_accounts()]


def _unbalanced_transfers() -> list[Drift]:
    total = func.coalesce(func.sum(PointsEntry.points), 0)
    moved = func.coalesce(func.sum(func.abs(PointsEntry.points)), 0)
    rows = db.session.execute(
        select(PointsTransfer.id, PointsTransfer.points, total, moved)
        .outerjoin(PointsEntry, PointsEntry.transfer_id == PointsTransfer.id)
        .group_by(PointsTransfer.id, PointsTransfer.points)
        .having((total != 0) | (moved != 2 * PointsTransfer.points))
        .order_by(PointsTransfer.id)
    )
    return [
        Drift("transfer", row_id, 2 * points, int(turned) if not added else int(added))
        for row_id, points, added, turned in rows
    ]


def _unbalanced_village() -> list[Drift]:
    total = db.session.scalar(select(func.coalesce(func.sum(PointsAccount.balance), 0)))
    return [Drift("village", 0, int(total), 0)] if total else []


def _drifted_accounts() -> list[Drift]:
    total = func.coalesce(func.sum(PointsEntry.points), 0)
    newest = (
        select(PointsEntry.balance_after)
        .where(PointsEntry.account_id == PointsAccount.id)
        .order_by(PointsEntry.id.desc())
        .limit(1)
        .correlate(PointsAccount)
        .scalar_subquery()
    )
    last = func.coalesce(newest, 0)
    rows = db.session.execute(
        select(PointsAccount.id, PointsAccount.balance, total, last)
        .outerjoin(PointsEntry, PointsEntry.account_id == PointsAccount.id)
        .group_by(PointsAccount.id, PointsAccount.balance)
        .having((total != PointsAccount.balance) | (last != PointsAccount.balance))
        .order_by(PointsAccount.id)
    )
    return [
        Drift("account", row_id, balance, int(added) if added != balance else int(newest_kept))
        for row_id, balance, added, newest_kept in rows
    ]
