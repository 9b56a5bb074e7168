"""Minutes of meetings on disk: written, signed by two who were there, then frozen for good.

What turns out to be wrong is corrected by a row beside.
"""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Table, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.core.append_only import append_only
from portal.core.db import VillageRow
from portal.core.frozen import frozen_with


class Minutes(VillageRow):
    """The minutes of a meeting. `revision` counts how often they were written.

    A new text is signed anew. With the second signature they are frozen and in the public record.
    """

    __tablename__ = "minutes"
    __table_args__ = (
        UniqueConstraint("meeting_id"),
        CheckConstraint("first_by <> second_by", name="two_people"),
        CheckConstraint("second_at IS NULL OR first_at IS NOT NULL", name="first_before_second"),
        CheckConstraint(
            "(second_at IS NULL) = (record_number IS NULL)"
            " AND (second_at IS NULL) = (content_sha256 IS NULL)",
            name="frozen_whole",
        ),
    )

    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id"))
    text: Mapped[str] = mapped_column(Text)
    revision: Mapped[int] = mapped_column(default=1)
    written_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    written_at: Mapped[datetime]
    first_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    first_at: Mapped[datetime | None]
    second_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    second_at: Mapped[datetime | None]
    content_sha256: Mapped[str | None] = mapped_column(String(64))
    record_number: Mapped[int | None]

    items: Mapped[list["MinutesItem"]] = relationship(
        lazy="selectin", order_by="MinutesItem.position", viewonly=True
    )

    @property
    def is_frozen(self) -> bool:
        """Tell whether both have signed: nothing of it changes any more."""
        return self.second_at is not None


class MinutesItem(VillageRow):
    """What was decided on one point of the agenda."""

    __tablename__ = "minutes_item"
    __table_args__ = (UniqueConstraint("minutes_id", "position"),)

    minutes_id: Mapped[int] = mapped_column(ForeignKey("minutes.id"))
    position: Mapped[int]
    title: Mapped[str] = mapped_column(String(200))
    decision: Mapped[str] = mapped_column(String(400), default="")


class MinutesCorrection(VillageRow):
    """What is wrong in frozen minutes, and how it was really: beside them, for good."""

    __tablename__ = "minutes_correction"
    __table_args__ = (
        UniqueConstraint("minutes_id", "position"),
        UniqueConstraint("village_id", "record_number"),
        CheckConstraint("text <> ''", name="has_text"),
    )

    minutes_id: Mapped[int] = mapped_column(ForeignKey("minutes.id"))
    position: Mapped[int]
    text: Mapped[str] = mapped_column(String(400))
    written_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    written_at: Mapped[datetime]
    content_sha256: Mapped[str] = mapped_column(String(64))
    record_number: Mapped[int]


for _table, _held in ((Minutes.__table__, "{id}"), (MinutesItem.__table__, "{minutes_id}")):
    assert isinstance(_table, Table)  # noqa: S101 -- for the type checker
    frozen_with(_table, "minutes", f"id IN ({_held})", since="second_at")
assert isinstance(MinutesCorrection.__table__, Table)  # noqa: S101 -- for the type checker
append_only(MinutesCorrection.__table__)
