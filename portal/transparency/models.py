"""The public record on disk: rows are added, never changed, never deleted."""

from datetime import datetime

from sqlalchemy import CheckConstraint, String, Table, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.append_only import append_only
from portal.core.db import VillageRow


class RecordEntry(VillageRow):
    """One line of a village's public record.

    Two keys keep the chain one chain: a number is given once, and an entry has one successor.
    """

    __tablename__ = "record_entry"
    __table_args__ = (
        UniqueConstraint("village_id", "number"),
        UniqueConstraint("village_id", "previous_sha256"),
        CheckConstraint("number >= 1", name="counts_from_one"),
        CheckConstraint("length(leaf_sha256) = 64", name="leaf_is_a_digest"),
    )

    number: Mapped[int]
    kind: Mapped[str] = mapped_column(String(32))
    subject: Mapped[str] = mapped_column(String(400))
    content_sha256: Mapped[str] = mapped_column(String(64), index=True)
    file_sha256: Mapped[str] = mapped_column(String(64), index=True)
    previous_sha256: Mapped[str] = mapped_column(String(64))
    leaf_sha256: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime]


_table = RecordEntry.__table__
assert isinstance(_table, Table)  # noqa: S101 -- for the type checker
append_only(_table)
