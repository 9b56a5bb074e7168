"""The ledger on disk: accounts, transfers and their entries, which nobody changes or deletes."""

from datetime import date, datetime

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.core.append_only import append_only
from portal.core.db import VillageRow
from portal.people.models import Account, Deed, Household, Resident
from portal.points.rules import AccountKind, TransferKind


class PointsScheme(VillageRow):
    """One version of the rules that the village adopted. A change is a new version."""

    __tablename__ = "points_scheme"
    __table_args__ = (UniqueConstraint("village_id", "number"),)

    number: Mapped[int]
    adopted_on: Mapped[date]
    in_force_from: Mapped[date]
    adopted_by: Mapped[str] = mapped_column(String(200))

    items: Mapped[list["PointsItem"]] = relationship(
        back_populates="scheme", order_by="PointsItem.id"
    )


class PointsItem(VillageRow):
    """One deed of the catalogue and what it is worth."""

    __tablename__ = "points_item"
    __table_args__ = (
        UniqueConstraint("scheme_id", "code"),
        CheckConstraint("points > 0", name="worth_something"),
    )

    scheme_id: Mapped[int] = mapped_column(ForeignKey("points_scheme.id"))
    code: Mapped[str] = mapped_column(String(32))
    name: Mapped[str] = mapped_column(String(100))
    unit: Mapped[str] = mapped_column(String(20))
    points: Mapped[int]
    times_per_day: Mapped[int | None]
    points_per_year: Mapped[int | None]

    scheme: Mapped[PointsScheme] = relationship(back_populates="items")


class PointsAccount(VillageRow):
    """A household's available points, or the village's issue account that they come from."""

    __tablename__ = "points_account"
    __table_args__ = (
        UniqueConstraint("household_id"),
        Index(
            "uq_points_account_issue",
            "village_id",
            unique=True,
            sqlite_where=text("kind = 'issue'"),
            postgresql_where=text("kind = 'issue'"),
        ),
        CheckConstraint("kind <> 'household' OR balance >= 0", name="never_overdrawn"),
        CheckConstraint("(kind = 'household') = (household_id IS NOT NULL)", name="owner"),
    )

    kind: Mapped[AccountKind]
    household_id: Mapped[int | None] = mapped_column(ForeignKey("household.id"))
    balance: Mapped[int] = mapped_column(default=0)

    household: Mapped[Household | None] = relationship()


class PointsTransfer(Deed, VillageRow):
    """Points that moved at once, why, and who acted: the facts frozen as they were at the deed.

    A reversal carries the facts and the year of what it takes back.
    """

    __tablename__ = "points_transfer"
    __table_args__ = (
        UniqueConstraint("village_id", "idempotency_key"),
        UniqueConstraint("reverses_id"),
        CheckConstraint("points > 0", name="moves_something"),
        CheckConstraint("(kind = 'reverse') = (reverses_id IS NOT NULL)", name="reverses"),
        Index("ix_points_transfer_village_id_kind_done_at", "village_id", "kind", "done_at"),
    )

    kind: Mapped[TransferKind]
    idempotency_key: Mapped[str] = mapped_column(String(64))
    item_id: Mapped[int] = mapped_column(ForeignKey("points_item.id"))
    times: Mapped[int]
    points: Mapped[int]
    reason: Mapped[str] = mapped_column(String(200))
    done_on: Mapped[date]
    honour_year: Mapped[int]
    posted_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    posted_at: Mapped[datetime]
    reverses_id: Mapped[int | None] = mapped_column(ForeignKey("points_transfer.id"))

    item: Mapped[PointsItem] = relationship()
    resident: Mapped[Resident] = relationship(foreign_keys="PointsTransfer.resident_id")
    posted_by: Mapped[Account] = relationship()
    reverses: Mapped["PointsTransfer | None"] = relationship(
        remote_side="PointsTransfer.id", back_populates="reversal"
    )
    reversal: Mapped["PointsTransfer | None"] = relationship(
        back_populates="reverses", uselist=False
    )
    entries: Mapped[list["PointsEntry"]] = relationship(back_populates="transfer")


class PointsEntry(VillageRow):
    """One account's side of a transfer, and what the account held after it."""

    __tablename__ = "points_entry"
    __table_args__ = (
        UniqueConstraint("transfer_id", "account_id"),
        CheckConstraint("points <> 0", name="moves_something"),
        Index("ix_points_entry_account_id_id", "account_id", "id"),
    )

    transfer_id: Mapped[int] = mapped_column(ForeignKey("points_transfer.id"))
    account_id: Mapped[int] = mapped_column(ForeignKey("points_account.id"))
    points: Mapped[int]
    balance_after: Mapped[int]

    transfer: Mapped[PointsTransfer] = relationship(back_populates="entries")
    account: Mapped[PointsAccount] = relationship()


class PointsMonth(VillageRow):
    """A month of the ledger that is over, in the public record: its digest is salted by `key`."""

    __tablename__ = "points_month"
    __table_args__ = (
        UniqueConstraint("village_id", "begins_on"),
        UniqueConstraint("village_id", "record_number"),
    )

    begins_on: Mapped[date]
    key: Mapped[str] = mapped_column(String(64))
    record_number: Mapped[int]


for ledger in (PointsTransfer, PointsEntry, PointsMonth):
    append_only(ledger.__table__)  # type: ignore[arg-type]  # a mapped class's table is a Table
