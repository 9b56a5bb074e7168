"""Surveys on disk.

The form is kept as one JSON beside the bytes it came from, not as rows of questions: it is frozen
when it is imported, always read whole, and never queried by question. Answers are rows, one per
value, so that the database counts them.
"""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.core import clock
from portal.core.db import JsonDict, VillageRow
from portal.people.models import Deed
from portal.surveys.rules import SurveyState


class Survey(VillageRow):
    """A questionnaire: its frozen form, the file it was made of, and when it may be answered."""

    __tablename__ = "survey"
    __table_args__ = (
        CheckConstraint("opens_at < closes_at", name="opens_before_closing"),
        CheckConstraint(
            "state = 'draft' OR (opens_at IS NOT NULL AND closes_at IS NOT NULL)",
            name="opened_with_dates",
        ),
    )

    title: Mapped[str] = mapped_column(String(200))
    lead: Mapped[str] = mapped_column(String(400), default="")
    state: Mapped[SurveyState] = mapped_column(default=SurveyState.DRAFT)
    opens_at: Mapped[datetime | None]
    closes_at: Mapped[datetime | None]
    form: Mapped[JsonDict]
    source_name: Mapped[str] = mapped_column(String(200))
    source: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    source_sha256: Mapped[str] = mapped_column(String(64))
    made_at: Mapped[datetime]

    @property
    def first_day(self) -> date | None:
        """Return the village's day on which it opens."""
        return self.opens_at and clock.today(self.opens_at)


class Reply(Deed, VillageRow):
    """That one person on the roster has answered. The key lets each person answer once."""

    __tablename__ = "survey_reply"
    __table_args__ = (
        UniqueConstraint("survey_id", "resident_id"),
        UniqueConstraint("survey_id", "number"),
    )

    survey_id: Mapped[int] = mapped_column(ForeignKey("survey.id"), index=True)
    number: Mapped[int]
    """A random number within the survey: it stands for them in exports, tells no order."""
    idempotency_key: Mapped[str] = mapped_column(String(64), unique=True)
    receipt: Mapped[str] = mapped_column(String(12), unique=True)


class Answer(VillageRow):
    """One value of one answer; several chosen answers are several rows, by position."""

    __tablename__ = "survey_answer"
    __table_args__ = (
        UniqueConstraint("reply_id", "question", "position"),
        CheckConstraint("position >= 0", name="position_from_0"),
    )

    reply_id: Mapped[int] = mapped_column(ForeignKey("survey_reply.id", ondelete="CASCADE"))
    question: Mapped[str] = mapped_column(String(100))
    position: Mapped[int] = mapped_column(default=0)
    value: Mapped[str] = mapped_column(Text)
