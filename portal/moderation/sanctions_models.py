"""Sanctions on disk: who may not write, where, and until when."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db import VillageRow
from portal.moderation.rules import Code

KIND = "sanction"
"""What the log of moderation calls one."""


class ModerationSanction(VillageRow):
    """Somebody may not write for a while, for one thing that was hidden. It ends by itself.

    `place` is that of `screening.screen`; empty: in the whole village. Who decided it, and who
    lifted it, stands with the decisions of its case.
    """

    __tablename__ = "moderation_sanction"
    __table_args__ = (
        UniqueConstraint("village_id", "number"),
        UniqueConstraint("village_id", "subject_kind", "subject_id"),
        CheckConstraint("ends_at > begins_at", name="spans"),
        Index("ix_moderation_sanction_force", "resident_id", "ends_at"),
    )

    number: Mapped[int]
    resident_id: Mapped[int] = mapped_column(ForeignKey("resident.id"))
    place: Mapped[str] = mapped_column(String(64), default="")
    code: Mapped[Code]
    subject_kind: Mapped[str] = mapped_column(String(32))
    subject_id: Mapped[int]
    begins_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    lifted_at: Mapped[datetime | None]

    def is_in_force(self, now: datetime) -> bool:
        """Tell whether the person may not write at this moment."""
        return self.lifted_at is None and self.begins_at <= now < self.ends_at
