"""Photos and recordings on disk, as we wrote them anew; lists never read the bytes."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db import VillageRow
from portal.media.rules import Kind


class MediaFile(VillageRow):
    """A file that somebody sent. Until it is attached, `owner_kind` and `owner_id` are empty.

    `client_key` is the sender's own: sent twice, it is kept once.
    """

    __tablename__ = "media_file"
    __table_args__ = (
        UniqueConstraint("resident_id", "client_key"),
        CheckConstraint("(owner_kind IS NULL) = (owner_id IS NULL)", name="owner_whole"),
        Index("ix_media_file_owner", "owner_kind", "owner_id"),
    )

    resident_id: Mapped[int] = mapped_column(ForeignKey("resident.id"))
    client_key: Mapped[str] = mapped_column(String(64))
    kind: Mapped[Kind]
    sha256: Mapped[str] = mapped_column(String(64))
    size: Mapped[int]
    width: Mapped[int | None]
    height: Mapped[int | None]
    seconds: Mapped[int | None]
    has_place: Mapped[bool] = mapped_column(default=False)
    transcript: Mapped[str] = mapped_column(String(1000), default="")
    owner_kind: Mapped[str | None] = mapped_column(String(32))
    owner_id: Mapped[int | None]
    position: Mapped[int] = mapped_column(default=0)
    uploaded_at: Mapped[datetime] = mapped_column(index=True)
    data: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    thumb: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
