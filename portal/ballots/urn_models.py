"""The sealed urn on disk: envelopes beside nothing that tells whose they are, or when they came."""

from datetime import datetime

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    LargeBinary,
    String,
    Table,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db import VillageRow
from portal.core.frozen import frozen_with


class Urn(VillageRow):
    """One envelope. It has no number, no time and nobody's name; its digest is its only key.

    The key judges last: an envelope that is there already is refused, so nobody hands in a copy of
    another's. SQLite keeps the rows in the order of the key and of nothing else.
    """

    __tablename__ = "urn"
    __table_args__ = (
        CheckConstraint("length(ciphertext) = 176", name="is_an_envelope"),
        CheckConstraint("length(ballot_sha256) = 64", name="key_is_a_digest"),
        {"sqlite_with_rowid": False},
    )

    id = None  # type: ignore[assignment]  # a number would tell the order
    ballot_id: Mapped[int] = mapped_column(ForeignKey("ballot.id"), primary_key=True)
    ballot_sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    ciphertext: Mapped[bytes] = mapped_column(LargeBinary)


class CastKey(VillageRow):
    """Lets a second sending find the first one's receipt while the vote is open; then destroyed.

    It is the one link between an elector and an envelope, and goes before any share of the key is
    brought.
    """

    __tablename__ = "cast_key"
    __table_args__ = (
        ForeignKeyConstraint(
            ["ballot_id", "resident_id"],
            ["ballot_elector.ballot_id", "ballot_elector.resident_id"],
        ),
        {"sqlite_with_rowid": False},
    )

    id = None  # type: ignore[assignment]  # as above
    ballot_id: Mapped[int] = mapped_column(ForeignKey("ballot.id"), primary_key=True)
    resident_id: Mapped[int] = mapped_column(primary_key=True)
    key_sha256: Mapped[str] = mapped_column(String(64))
    ballot_sha256: Mapped[str] = mapped_column(String(64))


class KeyHolder(VillageRow):
    """One of the three people who hold a share of a ballot's key, named before it is made.

    Of the share itself only its digest is kept: 256 bits of chance stand behind it. `proven_at` is
    when the words were last typed in a rehearsal, and opened the test envelope.
    """

    __tablename__ = "ballot_key_holder"
    __table_args__ = (
        UniqueConstraint("ballot_id", "position"),
        UniqueConstraint("share_sha256"),
        CheckConstraint("position BETWEEN 1 AND 3", name="is_one_of_three"),
        CheckConstraint("(share_sha256 IS NULL) = (made_at IS NULL)", name="has_a_share_once_made"),
    )

    ballot_id: Mapped[int] = mapped_column(ForeignKey("ballot.id"))
    position: Mapped[int]
    name: Mapped[str] = mapped_column(String(40))
    office: Mapped[str] = mapped_column(String(60))
    share_sha256: Mapped[str | None] = mapped_column(String(64))
    made_at: Mapped[datetime | None]
    proven_at: Mapped[datetime | None]


_table = KeyHolder.__table__
assert isinstance(_table, Table)  # noqa: S101 -- for the type checker
frozen_with(
    _table, "ballot", "id IN ({ballot_id})", free=frozenset(("proven_at",)), since="announced_at"
)
