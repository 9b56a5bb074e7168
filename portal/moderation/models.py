"""Moderation on disk: what was decided about what, kept for good."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.access import Part
from portal.core.db import VillageRow
from portal.moderation.rules import Action, Code, Hold, Why


class Written:
    """What every table of things that people write has: may others read it, and why not.

    `held_for`: it waits for the committee. `hidden_code`: the committee hid it. Never both.
    """

    hidden_code: Mapped[Code | None]
    held_for: Mapped[Hold | None]

    @property
    def is_shown(self) -> bool:
        """Tell whether everybody who may come here can read it."""
        return self.hidden_code is None and self.held_for is None


class ModerationCounter(VillageRow):
    """The number last given to a decision; its row lock makes moderators queue."""

    __tablename__ = "moderation_counter"
    __table_args__ = (UniqueConstraint("village_id"),)

    last_number: Mapped[int] = mapped_column(default=0)


class ModerationCase(VillageRow):
    """The decisions about one thing written. `revision` counts them."""

    __tablename__ = "moderation_case"
    __table_args__ = (
        UniqueConstraint("village_id", "subject_kind", "subject_id"),
        CheckConstraint("revision >= 1", name="decided"),
    )

    subject_kind: Mapped[str] = mapped_column(String(32))
    subject_id: Mapped[int]
    subject_number: Mapped[int]
    revision: Mapped[int]
    author_resident_id: Mapped[int | None] = mapped_column(ForeignKey("resident.id"), index=True)


class ModerationDecision(VillageRow):
    """One decision. The log shows number, time, code and part, never who or whom."""

    __tablename__ = "moderation_decision"
    __table_args__ = (
        UniqueConstraint("village_id", "number"),
        UniqueConstraint("case_id", "revision"),
        UniqueConstraint("village_id", "record_number"),
        CheckConstraint("(action = 'hide') = (code IS NOT NULL)", name="hiding_has_a_code"),
        CheckConstraint("length(note) <= 500", name="note_length"),
    )

    case_id: Mapped[int] = mapped_column(ForeignKey("moderation_case.id"), index=True)
    number: Mapped[int]
    revision: Mapped[int]
    action: Mapped[Action]
    code: Mapped[Code | None]
    note: Mapped[str] = mapped_column(String(500), default="")
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    part: Mapped[Part]
    decided_at: Mapped[datetime]
    record_number: Mapped[int | None]


class ModerationItem(VillageRow):
    """Something that waits in the committee's queue, until a decision closes it.

    `detail` tells what brought it here: the reason of a hold, or the lists that flagged it.
    """

    __tablename__ = "moderation_item"
    __table_args__ = (
        Index(
            "uq_moderation_item_waiting",
            "village_id",
            "subject_kind",
            "subject_id",
            unique=True,
            sqlite_where=text("closed_at IS NULL"),
            postgresql_where=text("closed_at IS NULL"),
        ),
        CheckConstraint("(closed_at IS NULL) = (decision_id IS NULL)", name="closed_by_a_decision"),
    )

    subject_kind: Mapped[str] = mapped_column(String(32))
    subject_id: Mapped[int]
    subject_number: Mapped[int]
    why: Mapped[Why]
    detail: Mapped[str] = mapped_column(String(200), default="")
    opened_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    decision_id: Mapped[int | None] = mapped_column(
        ForeignKey("moderation_decision.id"), index=True
    )
