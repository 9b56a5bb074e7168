"""The life of a document on disk: where it stands, every step it took, what was said against it."""

from datetime import date, datetime

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    Table,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.append_only import append_only
from portal.core.db import JsonList, VillageRow
from portal.disclosure.rules import DocKind, Edition
from portal.disclosure.states import State, Step
from portal.people.models import Deed


class DisclosureCase(VillageRow):
    """A document from its plan to the archive. What it says of itself follows from its steps.

    It gets its number when it is first generated and keeps it, so the numbers of a village and year
    leave no gap: a number that never came out belongs to a case that was withdrawn. One that is
    generated again for another year gets a number there, if its old one was the last. `content` is
    the canonical JSON of what was generated last, and `body` what the committee wrote by hand.
    """

    __tablename__ = "disclosure_case"
    __table_args__ = (
        UniqueConstraint("village_id", "year", "number"),
        UniqueConstraint("village_id", "kind", "subject_id", "issue"),
        UniqueConstraint("doc_id"),
        CheckConstraint("number >= 1", name="counts_from_one"),
        CheckConstraint("approved_by <> handed_in_by", name="two_people"),
        CheckConstraint("period_end >= period_start", name="period_in_order"),
        Index("ix_disclosure_case_list", "village_id", "state", "published_at"),
    )

    kind: Mapped[DocKind]
    subject_id: Mapped[int]
    issue: Mapped[int]
    year: Mapped[int | None]
    number: Mapped[int | None]
    title: Mapped[str] = mapped_column(String(300))
    state: Mapped[State]
    since: Mapped[datetime]
    due_on: Mapped[date | None]
    steps: Mapped[int] = mapped_column(default=0)
    reason: Mapped[str] = mapped_column(String(500), default="")
    body: Mapped[JsonList] = mapped_column(default=list)
    content: Mapped[str] = mapped_column(Text, default="")
    content_sha256: Mapped[str] = mapped_column(String(64), default="", index=True)
    publish_on: Mapped[date | None]
    period_start: Mapped[date | None]
    period_end: Mapped[date | None]
    handed_in_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    approved_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    approved_digest: Mapped[str] = mapped_column(String(64), default="")
    published_at: Mapped[datetime | None]
    doc_id: Mapped[int | None] = mapped_column(ForeignKey("disclosure_doc.id"))
    replaced_by_id: Mapped[int | None] = mapped_column(ForeignKey("disclosure_case.id"))


class DisclosureStep(VillageRow):
    """One step of a document: who, when, from where to where, why, and which bytes it was about.

    Two people who act at once ask for the same position, and the key refuses one.
    """

    __tablename__ = "disclosure_step"
    __table_args__ = (
        UniqueConstraint("case_id", "position"),
        CheckConstraint("position >= 1", name="counts_from_one"),
    )

    case_id: Mapped[int] = mapped_column(ForeignKey("disclosure_case.id"))
    position: Mapped[int]
    step: Mapped[Step]
    before: Mapped[State]
    after: Mapped[State]
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), index=True)
    part: Mapped[str] = mapped_column(String(32), default="")
    reason: Mapped[str] = mapped_column(String(500), default="")
    digest: Mapped[str] = mapped_column(String(64), default="")
    done_at: Mapped[datetime]


class DisclosureProof(VillageRow):
    """One edition as it was generated. When it is published its bytes move to `disclosure_file`."""

    __tablename__ = "disclosure_proof"
    __table_args__ = (UniqueConstraint("case_id", "edition"),)

    case_id: Mapped[int] = mapped_column(ForeignKey("disclosure_case.id"))
    edition: Mapped[Edition]
    language: Mapped[str] = mapped_column(String(10))
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    unsigned_sha256: Mapped[str] = mapped_column(String(64))
    signer: Mapped[str] = mapped_column(String(64), default="")
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)


class DisclosureObjection(Deed, VillageRow):
    """What a villager has against a published document: one for each person and document.

    The name is kept inside; pages outside mask it. The answer stands beside it, and what the second
    level (the township) said where somebody went there.
    """

    __tablename__ = "disclosure_objection"
    __table_args__ = (
        UniqueConstraint("case_id", "resident_id"),
        UniqueConstraint("case_id", "number"),
    )

    case_id: Mapped[int] = mapped_column(ForeignKey("disclosure_case.id"))
    number: Mapped[int]
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    words: Mapped[str] = mapped_column(String(2000))
    answer_by: Mapped[date]
    complicated_reason: Mapped[str] = mapped_column(String(300), default="")


class DisclosureAnswer(VillageRow):
    """The committee's answer to an objection (level 1), or what the township said (level 2)."""

    __tablename__ = "disclosure_answer"
    __table_args__ = (
        UniqueConstraint("objection_id", "level"),
        CheckConstraint("level IN (1, 2)", name="two_levels"),
    )

    objection_id: Mapped[int] = mapped_column(ForeignKey("disclosure_objection.id"))
    level: Mapped[int]
    words: Mapped[str] = mapped_column(String(2000))
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    done_at: Mapped[datetime]


class DisclosureAllowed(VillageRow):
    """A finding of the privacy scan that the committee lets stand in one document, and why.

    `finding_sha256` is that of its kind and text: the number or name itself is kept nowhere else.
    """

    __tablename__ = "disclosure_allowed"
    __table_args__ = (UniqueConstraint("case_id", "finding_sha256"),)

    case_id: Mapped[int] = mapped_column(ForeignKey("disclosure_case.id"))
    finding_sha256: Mapped[str] = mapped_column(String(64))
    masked: Mapped[str] = mapped_column(String(60))
    reason: Mapped[str] = mapped_column(String(300))
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    done_at: Mapped[datetime]


LIFE_APPEND_ONLY = (
    DisclosureStep.__table__,
    DisclosureAnswer.__table__,
    DisclosureAllowed.__table__,
)
for _table in LIFE_APPEND_ONLY:
    assert isinstance(_table, Table)  # noqa: S101 -- for the type checker
    append_only(_table)
