"""Answers to opinions on disk: the work on each, every step of it, and what was said in the end."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Table, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.access import Part
from portal.core.append_only import append_only
from portal.core.db import VillageRow
from portal.discussion.answer_rules import Alarm, AnswerState, AnswerStep, Decision, Form


class AnswerCase(VillageRow):
    """The work on the answer to one opinion, for the office alone. `revision` counts its steps.

    `together` names one joint draft of several opinions: the first step that it took. It is never
    used again.
    """

    __tablename__ = "answer_case"
    __table_args__ = (
        UniqueConstraint("comment_id"),
        Index("ix_answer_case_version_state", "version_id", "state"),
        CheckConstraint("revision >= 1", name="counts_from_one"),
    )

    comment_id: Mapped[int] = mapped_column(ForeignKey("comment.id"))
    version_id: Mapped[int] = mapped_column(ForeignKey("plan_version.id"))
    state: Mapped[AnswerState]
    revision: Mapped[int]
    due_on: Mapped[date]
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), index=True)
    decision: Mapped[Decision | None]
    reason: Mapped[str] = mapped_column(Text, default="")
    expert: Mapped[str] = mapped_column(Text, default="")
    place: Mapped[str] = mapped_column(String(120), default="")
    before: Mapped[str] = mapped_column(Text, default="")
    after: Mapped[str] = mapped_column(Text, default="")
    drafted_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"), index=True)
    drafted_as: Mapped[Part | None]
    together: Mapped[int | None]


class AnswerMove(VillageRow):
    """One step about an answer: who, as what, when, and how it stood then. Never changed.

    Two who take a step at once ask for the same number, and the key refuses one.
    """

    __tablename__ = "answer_move"
    __table_args__ = (UniqueConstraint("case_id", "number"),)

    case_id: Mapped[int] = mapped_column(ForeignKey("answer_case.id"))
    number: Mapped[int]
    step: Mapped[AnswerStep]
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    part: Mapped[Part]
    taken_at: Mapped[datetime]
    decision: Mapped[Decision | None]
    reason: Mapped[str] = mapped_column(Text, default="")
    note: Mapped[str] = mapped_column(String(500), default="")


class AnswerReply(VillageRow):
    """An answer as everybody reads it. The second is the last one. Never changed."""

    __tablename__ = "answer_reply"
    __table_args__ = (
        UniqueConstraint("comment_id", "number"),
        CheckConstraint("number BETWEEN 1 AND 2", name="at_most_two"),
        CheckConstraint("drafted_by <> checked_by", name="by_two_people"),
        Index("ix_answer_reply_version", "version_id"),
    )

    comment_id: Mapped[int] = mapped_column(ForeignKey("comment.id"))
    version_id: Mapped[int] = mapped_column(ForeignKey("plan_version.id"))
    number: Mapped[int]
    decision: Mapped[Decision]
    reason: Mapped[str] = mapped_column(Text)
    expert: Mapped[str] = mapped_column(Text)
    place: Mapped[str] = mapped_column(String(120))
    before: Mapped[str] = mapped_column(Text)
    after: Mapped[str] = mapped_column(Text)
    together: Mapped[int | None]
    drafted_by: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    checked_by: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    replied_at: Mapped[datetime]
    due_on: Mapped[date]


class AnswerDoubt(VillageRow):
    """The author asks for another look at the answer, once, and says why: to the office alone."""

    __tablename__ = "answer_doubt"
    __table_args__ = (UniqueConstraint("comment_id"),)

    comment_id: Mapped[int] = mapped_column(ForeignKey("comment.id"))
    resident_id: Mapped[int] = mapped_column(ForeignKey("resident.id"), index=True)
    words: Mapped[str] = mapped_column(String(500))
    doubted_at: Mapped[datetime]


class AnswerAlarm(VillageRow):
    """The clock has told that an answer is due soon or overdue: once for each answer owed.

    `number`: of the answer, as in `AnswerReply`.
    """

    __tablename__ = "answer_alarm"
    __table_args__ = (UniqueConstraint("comment_id", "number", "alarm"),)

    comment_id: Mapped[int] = mapped_column(ForeignKey("comment.id"))
    number: Mapped[int]
    alarm: Mapped[Alarm]
    told_at: Mapped[datetime]


class Hearing(VillageRow):
    """Opinions were sought in another way than by the notice (domain.md O1). Never changed."""

    __tablename__ = "opinion_hearing"
    __table_args__ = (
        UniqueConstraint("version_id", "client_key"),
        CheckConstraint("people >= 1", name="somebody_came"),
    )

    version_id: Mapped[int] = mapped_column(ForeignKey("plan_version.id"))
    form: Mapped[Form]
    held_on: Mapped[date]
    place: Mapped[str] = mapped_column(String(120))
    people: Mapped[int]
    said: Mapped[str] = mapped_column(Text)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    entered_at: Mapped[datetime]
    client_key: Mapped[str] = mapped_column(String(64))


for _table in (AnswerMove.__table__, AnswerReply.__table__, Hearing.__table__):
    assert isinstance(_table, Table)  # noqa: S101 -- for the type checker
    append_only(_table)
