"""What people read of the ledger: the household's passbook, the committee's list of awards."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

from sqlalchemy import func, select
from sqlalchemy.orm import contains_eager, joinedload

from portal.core import clock
from portal.core.db import db
from portal.points.ledger import find_household_account
from portal.points.models import PointsEntry, PointsTransfer
from portal.points.rules import TransferKind

PAGE = 20

Line = TypeVar("Line")


@dataclass(frozen=True)
class Standing:
    """Where a household stands: points it can use, and honour earned in this calendar year."""

    available: int
    honour: int
    year: int
    account_id: int | None


@dataclass(frozen=True)
class Lines(Generic[Line]):
    """One page of a list, newest first; its attributes are those that `ui.pager` reads."""

    items: Sequence[Line]
    page: int
    total: int

    @property
    def pages(self) -> int:
        """Return how many pages there are."""
        return -(-self.total // PAGE)

    @property
    def has_prev(self) -> bool:
        """Tell whether there is a newer page."""
        return self.page > 1

    @property
    def has_next(self) -> bool:
        """Tell whether there is an older page."""
        return self.page < self.pages

    @property
    def prev_num(self) -> int:
        """Return the number of the newer page."""
        return self.page - 1

    @property
    def next_num(self) -> int:
        """Return the number of the older page."""
        return self.page + 1


def standing(household_id: int, *, now: datetime) -> Standing:
    """Return what the household has, and its honour of this year (domain.md J3)."""
    year = clock.today(now).year
    account = find_household_account(household_id)
    if account is None:
        return Standing(0, 0, year, None)
    honour = db.session.scalar(
        select(func.coalesce(func.sum(PointsEntry.points), 0))
        .join(PointsTransfer, PointsTransfer.id == PointsEntry.transfer_id)
        .where(PointsEntry.account_id == account.id, PointsTransfer.honour_year == year)
    )
    return Standing(account.balance, int(honour or 0), year, account.id)


def passbook(account_id: int, *, page: int) -> Lines[PointsEntry]:
    """Return the entries of one account, newest first, with what each was for."""
    count = db.session.scalar(
        select(func.count(PointsEntry.id)).where(PointsEntry.account_id == account_id)
    )
    entries = db.session.scalars(
        select(PointsEntry)
        .where(PointsEntry.account_id == account_id)
        .join(PointsEntry.transfer)
        .options(
            contains_eager(PointsEntry.transfer).options(
                joinedload(PointsTransfer.item),
                joinedload(PointsTransfer.resident),
                joinedload(PointsTransfer.posted_by),
            )
        )
        .order_by(PointsEntry.id.desc())
        .limit(PAGE)
        .offset((page - 1) * PAGE)
    ).all()
    return Lines(entries, page, count or 0)


def awards(*, page: int) -> Lines[PointsTransfer]:
    """Return the village's awards, newest first, each with its reversal if there is one."""
    count = db.session.scalar(
        select(func.count(PointsTransfer.id)).where(PointsTransfer.kind == TransferKind.EARN)
    )
    found = db.session.scalars(
        select(PointsTransfer)
        .where(PointsTransfer.kind == TransferKind.EARN)
        .options(
            joinedload(PointsTransfer.item),
            joinedload(PointsTransfer.resident),
            joinedload(PointsTransfer.posted_by),
            joinedload(PointsTransfer.reversal).joinedload(PointsTransfer.posted_by),
        )
        .order_by(PointsTransfer.id.desc())
        .limit(PAGE)
        .offset((page - 1) * PAGE)
    ).all()
    return Lines(found, page, count or 0)
