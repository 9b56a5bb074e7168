"""Requests to be recognised as a resident, and who vouched."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.assisting.vouching import RequestState
from portal.core.db import VillageRow


class Recognition(VillageRow):
    """Somebody without a phone on the roster is to be recognised as this resident.

    `account_id` is the unverified account that asks; None: the committee asks for somebody who
    has no phone at all, and a printed code is made when two have vouched. `resident_id` stays
    empty until it is clear who on the roster the claimed name and place mean.
    """

    __tablename__ = "recognition"
    __table_args__ = (
        Index(
            "uq_recognition_open",
            "resident_id",
            unique=True,
            sqlite_where=text("state = 'open'"),
            postgresql_where=text("state = 'open'"),
        ),
        Index(
            "uq_recognition_asker",
            "account_id",
            unique=True,
            sqlite_where=text("state = 'open'"),
            postgresql_where=text("state = 'open'"),
        ),
        CheckConstraint("resident_id IS NOT NULL OR account_id IS NOT NULL", name="is_of_somebody"),
        CheckConstraint("state <> 'done' OR resident_id IS NOT NULL", name="done_for_somebody"),
        CheckConstraint("(state = 'open') = (ended_at IS NULL)", name="ends_once"),
    )

    resident_id: Mapped[int | None] = mapped_column(ForeignKey("resident.id"))
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    claimed_name: Mapped[str] = mapped_column(String(60), default="")
    claimed_place: Mapped[str] = mapped_column(String(60), default="")
    state: Mapped[RequestState]
    note: Mapped[str] = mapped_column(String(400), default="")
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    asked_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))


class Vouch(VillageRow):
    """One committee member says who it is. Two of different groups and households are needed."""

    __tablename__ = "vouch"
    __table_args__ = (
        UniqueConstraint("recognition_id", "account_id"),
        UniqueConstraint("recognition_id", "group_id"),
        UniqueConstraint("recognition_id", "household_id"),
    )

    recognition_id: Mapped[int] = mapped_column(ForeignKey("recognition.id"))
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    household_id: Mapped[int] = mapped_column(ForeignKey("household.id"))
    group_id: Mapped[int] = mapped_column(ForeignKey("villager_group.id"))
    done_at: Mapped[datetime]
