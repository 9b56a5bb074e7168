"""Reports on disk: who found what against which rule, and what became of it."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db import VillageRow
from portal.moderation.reports_rules import Outcome
from portal.moderation.rules import Code


class ModerationReport(VillageRow):
    """One resident's report of one thing, once. Who reported stands on nobody else's page."""

    __tablename__ = "moderation_report"
    __table_args__ = (
        UniqueConstraint("resident_id", "subject_kind", "subject_id"),
        CheckConstraint("(outcome IS NULL) = (answered_at IS NULL)", name="answered"),
        CheckConstraint("length(line) <= 300", name="line_length"),
        Index("ix_moderation_report_subject", "village_id", "subject_kind", "subject_id"),
    )

    resident_id: Mapped[int] = mapped_column(ForeignKey("resident.id"))
    subject_kind: Mapped[str] = mapped_column(String(32))
    subject_id: Mapped[int]
    subject_number: Mapped[int]
    code: Mapped[Code]
    line: Mapped[str] = mapped_column(String(300), default="")
    reported_at: Mapped[datetime]
    outcome: Mapped[Outcome | None]
    answered_at: Mapped[datetime | None]
