"""The villagers' council on disk: how many seats a group has, and who sits on them how long."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db import VillageRow

_NOT_ENDED = text("ended_on IS NULL")


class CouncilSeats(VillageRow):
    """How many seats a group has in the council, as the committee set it last."""

    __tablename__ = "council_seats"
    __table_args__ = (
        UniqueConstraint("group_id"),
        CheckConstraint("seats >= 0", name="not_negative"),
    )

    group_id: Mapped[int] = mapped_column(ForeignKey("villager_group.id"))
    seats: Mapped[int]
    set_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    set_at: Mapped[datetime]


class Councillor(VillageRow):
    """Somebody sits in the council for a group and a term. A term that is over is kept.

    Nobody sits on two seats, and nobody on a seat that another one has: the keys judge last.
    """

    __tablename__ = "councillor"
    __table_args__ = (
        Index(
            "uq_councillor_resident",
            "resident_id",
            unique=True,
            sqlite_where=_NOT_ENDED,
            postgresql_where=_NOT_ENDED,
        ),
        Index(
            "uq_councillor_seat",
            "group_id",
            "seat",
            unique=True,
            sqlite_where=_NOT_ENDED,
            postgresql_where=_NOT_ENDED,
        ),
        CheckConstraint("begins_on <= ends_on", name="ends_after_it_begins"),
        CheckConstraint("seat >= 1", name="has_a_seat"),
    )

    resident_id: Mapped[int] = mapped_column(ForeignKey("resident.id"), index=True)
    group_id: Mapped[int] = mapped_column(ForeignKey("villager_group.id"))
    seat: Mapped[int]
    begins_on: Mapped[date]
    ends_on: Mapped[date]
    ended_on: Mapped[date | None]
    made_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    made_at: Mapped[datetime]
