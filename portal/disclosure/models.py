"""Published documents on disk. Neither a document nor a file of one is ever changed."""

from datetime import date, datetime

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    LargeBinary,
    String,
    Table,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.append_only import append_only
from portal.core.db import VillageRow
from portal.disclosure.rules import DocKind, Edition


class DisclosureOffice(VillageRow):
    """Who answers for the village's documents and where they are found; one per village.

    `county_publishes`: the committee lets the county bring out its monthly notices once they are
    reviewed.
    """

    __tablename__ = "disclosure_office"
    __table_args__ = (UniqueConstraint("village_id"),)

    unit: Mapped[str] = mapped_column(String(120))
    address: Mapped[str] = mapped_column(String(200))
    phone: Mapped[str] = mapped_column(String(40))
    email: Mapped[str] = mapped_column(String(120), default="")
    hours: Mapped[str] = mapped_column(String(120))
    county_publishes: Mapped[bool] = mapped_column(default=False)


class DisclosureDoc(VillageRow):
    """A document under its number. `content` is the canonical JSON that `content_sha256` is of.

    `subject_id` is the ballot or plan version it is about. A further issue takes the place of the
    one before; two people who publish at once ask for the same issue, and the key refuses one.
    """

    __tablename__ = "disclosure_doc"
    __table_args__ = (
        UniqueConstraint("village_id", "year", "number"),
        UniqueConstraint("village_id", "kind", "subject_id", "issue"),
        CheckConstraint("number >= 1", name="counts_from_one"),
        CheckConstraint("period_end >= period_start", name="period_in_order"),
    )

    kind: Mapped[DocKind]
    year: Mapped[int]
    number: Mapped[int]
    subject_id: Mapped[int]
    issue: Mapped[int]
    title: Mapped[str] = mapped_column(String(300))
    period_start: Mapped[date]
    period_end: Mapped[date]
    content: Mapped[str] = mapped_column(Text)
    content_sha256: Mapped[str] = mapped_column(String(64), index=True)
    published_at: Mapped[datetime]
    published_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))


class DisclosureFile(VillageRow):
    """One edition of a document as it was published, byte for byte, signed or not.

    The bytes lie in the database: one transaction writes them and records their digest, and every
    backup holds both. They stand in a table of their own, so that lists never read them.
    """

    __tablename__ = "disclosure_file"
    __table_args__ = (
        UniqueConstraint("doc_id", "edition"),
        UniqueConstraint("village_id", "record_number"),
    )

    doc_id: Mapped[int] = mapped_column(ForeignKey("disclosure_doc.id"))
    edition: Mapped[Edition]
    language: Mapped[str] = mapped_column(String(10))
    record_number: Mapped[int]
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    unsigned_sha256: Mapped[str] = mapped_column(String(64), default="")
    signer: Mapped[str] = mapped_column(String(64), default="")
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)


APPEND_ONLY = (DisclosureDoc.__table__, DisclosureFile.__table__)
for _table in APPEND_ONLY:
    assert isinstance(_table, Table)  # noqa: S101 -- for the type checker
    append_only(_table)
