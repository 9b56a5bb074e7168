"""The public record on disk: rows are added, never changed, never deleted."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, String, Table, UniqueConstraint
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


class LogLeaf(VillageRow):
    """One leaf of a log beside the record, such as the urn of a sealed ballot.

    It knows no time and no person: whoever is in an urn must not be told from when.
    """

    __tablename__ = "log_leaf"
    __table_args__ = (
        UniqueConstraint("village_id", "log", "idx"),
        CheckConstraint("idx >= 0", name="counts_from_zero"),
        CheckConstraint("length(leaf_sha256) = 64", name="leaf_is_a_digest"),
    )

    log: Mapped[str] = mapped_column(String(64))
    idx: Mapped[int]
    leaf_sha256: Mapped[str] = mapped_column(String(64))


class LogNode(VillageRow):
    """The hash of a whole subtree, so that a proof does not read every leaf again."""

    __tablename__ = "log_node"
    __table_args__ = (UniqueConstraint("village_id", "log", "level", "idx"),)

    log: Mapped[str] = mapped_column(String(64))
    level: Mapped[int]
    idx: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))


class Checkpoint(VillageRow):
    """What the house signed: so many leaves, this root. One for each size of a log."""

    __tablename__ = "checkpoint"
    __table_args__ = (
        UniqueConstraint("village_id", "log", "size"),
        CheckConstraint("size >= 1", name="holds_something"),
        CheckConstraint("length(root) = 64", name="root_is_a_digest"),
        CheckConstraint("length(signature) = 128", name="signature_is_whole"),
    )

    log: Mapped[str] = mapped_column(String(64))
    size: Mapped[int]
    root: Mapped[str] = mapped_column(String(64))
    origin: Mapped[str] = mapped_column(String(200))
    signature: Mapped[str] = mapped_column(String(128))
    made_at: Mapped[datetime]


class CheckpointSlip(VillageRow):
    """When a checkpoint was first printed for the notice board."""

    __tablename__ = "checkpoint_slip"
    __table_args__ = (
        ForeignKeyConstraint(
            ["village_id", "log", "size"],
            ["checkpoint.village_id", "checkpoint.log", "checkpoint.size"],
        ),
        UniqueConstraint("village_id", "log", "size"),
    )

    log: Mapped[str] = mapped_column(String(64))
    size: Mapped[int]
    printed_at: Mapped[datetime]


class RosterSeal(VillageRow):
    """The roster as it stood after a change: its digest, and the secret that salts it.

    Without the secret nobody can try out who is on the roster, and how.
    """

    __tablename__ = "roster_seal"
    __table_args__ = (
        UniqueConstraint("village_id", "last_change_id"),
        UniqueConstraint("village_id", "record_number"),
        CheckConstraint("length(root) = 64", name="root_is_a_digest"),
    )

    last_change_id: Mapped[int]
    key: Mapped[str] = mapped_column(String(64))
    root: Mapped[str] = mapped_column(String(64))
    record_number: Mapped[int]


for _row in (RecordEntry, LogLeaf, LogNode, Checkpoint, CheckpointSlip, RosterSeal):
    _table = _row.__table__
    assert isinstance(_table, Table)  # noqa: S101 -- for the type checker
    append_only(_table)
