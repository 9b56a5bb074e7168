"""Requests to be recognised as a resident, and who vouched."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.assisting.rules import RequestState
from portal.core.db import VillageRow


class Recognition(VillageRow):
    """Somebody without a phone on the roster is to be recognised as this resident.

    `account_id` is the unverified account that asks; None: the committee asks for somebody who
    has no phone at all, and a printed code is made when two have vouched.
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
    )

    resident_id: Mapped[int] = mapped_column(ForeignKey("resident.id"))
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    phone: Mapped[str | None] = mapped_column(String(11))
    state: Mapped[RequestState]
    note: Mapped[str] = mapped_column(String(400), default="")
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    asked_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


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
