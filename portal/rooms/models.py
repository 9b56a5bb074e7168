"""Rooms on disk. One counter per room orders all that happens in it."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.access import Part
from portal.core.db import VillageRow
from portal.moderation.models import Written


class Room(VillageRow):
    """Where a village chats. Its row lock puts the messages in one order.

    `last_seq` numbers the messages; `last_revision` counts everything readers must be told, so
    that a message hidden while somebody was away reaches him like a new one.
    """

    __tablename__ = "room"
    __table_args__ = (UniqueConstraint("village_id", "key"),)

    key: Mapped[str] = mapped_column(String(32), default="village")
    last_seq: Mapped[int] = mapped_column(default=0)
    last_revision: Mapped[int] = mapped_column(default=0)


class Message(Written, VillageRow):
    """Something said in a room. The client's key makes a second sending the same message."""

    __tablename__ = "message"
    __table_args__ = (
        UniqueConstraint("room_id", "seq"),
        UniqueConstraint("room_id", "revision"),
        UniqueConstraint("room_id", "resident_id", "client_key"),
        CheckConstraint("length(body) BETWEEN 1 AND 1000", name="body_length"),
        Index("ix_message_resident_posted", "resident_id", "posted_at"),
    )

    room_id: Mapped[int] = mapped_column(ForeignKey("room.id"))
    seq: Mapped[int]
    revision: Mapped[int]
    resident_id: Mapped[int] = mapped_column(ForeignKey("resident.id"))
    badge: Mapped[Part | None]
    body: Mapped[str] = mapped_column(Text)
    show_name: Mapped[bool] = mapped_column(default=False)
    client_key: Mapped[str] = mapped_column(String(64))
    posted_at: Mapped[datetime]
