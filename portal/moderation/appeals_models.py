"""Appeals on disk: one for each decision, with its answer."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db import VillageRow
from portal.moderation.appeals_rules import Outcome


class ModerationAppeal(VillageRow):
    """An author's appeal against one decision, once; `answer` is the reason of who decided it."""

    __tablename__ = "moderation_appeal"
    __table_args__ = (
        UniqueConstraint("decision_id"),
        CheckConstraint("(outcome IS NULL) = (answered_at IS NULL)", name="answered"),
        CheckConstraint("length(line) <= 500 AND length(answer) <= 500", name="lengths"),
        Index("ix_moderation_appeal_open", "village_id", "outcome"),
    )

    decision_id: Mapped[int] = mapped_column(ForeignKey("moderation_decision.id"))
    resident_id: Mapped[int] = mapped_column(ForeignKey("resident.id"), index=True)
    line: Mapped[str] = mapped_column(String(500))
    appealed_at: Mapped[datetime]
    outcome: Mapped[Outcome | None]
    answer: Mapped[str] = mapped_column(String(500), default="")
    answered_at: Mapped[datetime | None]
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
