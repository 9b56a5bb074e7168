"""Rooms on disk. One counter per room orders all that happens in it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
    false,
)
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.access import Part
from portal.core.db import VillageRow
from portal.moderation.models import Written


class Writer(Protocol):
    """Somebody as a resident, or without one as an account: an author, or whoever is asking."""

    @property
    def resident_id(self) -> int | None:
        """The resident who they are here, if they are one."""

    @property
    def account_id(self) -> int | None:
        """The account with which they signed in."""


@dataclass(frozen=True)
class Author:
    """Whoever writes: a resident, or by their account and name somebody in office who is none.

    During a sitting the resident is the one for whom a helper writes.
    """

    resident_id: int | None
    account_id: int | None = None
    name: str = ""

    @property
    def keys(self) -> dict[str, int | str | None]:
        """Return what a message of theirs keeps of them."""
        return {self.column: self.id} | (
            {"signed_as": self.name} if self.resident_id is None else {}
        )

    @property
    def column(self) -> str:
        """Return the column of a message that names them."""
        return "account_id" if self.resident_id is None else "resident_id"

    @property
    def id(self) -> int | None:
        """Return what stands in that column."""
        return self.account_id if self.resident_id is None else self.resident_id


class Room(VillageRow):
    """Where people of a village chat. Its row lock puts the messages in one order.

    `key` says whose room it is (`rules.Place`): "village", "group:5", "plan:7", "council".
    `slow_seconds` lie between two messages of one person; while `is_read_only`, only the committee
    writes.
    `last_seq` numbers the messages; `last_revision` counts everything readers must be told, so
    that a message hidden while somebody was away reaches him like a new one.
    """

    __tablename__ = "room"
    __table_args__ = (UniqueConstraint("village_id", "key"),)

    key: Mapped[str] = mapped_column(String(32), default="village")
    last_seq: Mapped[int] = mapped_column(default=0)
    last_revision: Mapped[int] = mapped_column(default=0)
    slow_seconds: Mapped[int] = mapped_column(default=0, server_default="0")
    is_read_only: Mapped[bool] = mapped_column(default=False, server_default=false())


class Message(Written, VillageRow):
    """Something said in a room. The client's key makes a second sending the same message.

    It was written by a resident, or by somebody in office who is none here: then `account_id` and
    the name that they signed with. `taken_back_at`: its author took the words away; the number
    stays.
    """

    __tablename__ = "message"
    __table_args__ = (
        UniqueConstraint("room_id", "seq"),
        UniqueConstraint("room_id", "revision"),
        UniqueConstraint("room_id", "resident_id", "client_key"),
        UniqueConstraint("room_id", "account_id", "client_key"),
        CheckConstraint("length(body) BETWEEN 1 AND 1000", name="body_length"),
        CheckConstraint("(resident_id IS NULL) <> (account_id IS NULL)", name="one_author"),
        Index("ix_message_resident_posted", "resident_id", "posted_at"),
    )

    room_id: Mapped[int] = mapped_column(ForeignKey("room.id"))
    seq: Mapped[int]
    revision: Mapped[int]
    resident_id: Mapped[int | None] = mapped_column(ForeignKey("resident.id"))
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), index=True)
    signed_as: Mapped[str] = mapped_column(String(60), default="", server_default="")
    badge: Mapped[Part | None]
    body: Mapped[str] = mapped_column(Text)
    show_name: Mapped[bool] = mapped_column(default=False)
    client_key: Mapped[str] = mapped_column(String(64))
    posted_at: Mapped[datetime]
    reply_to_id: Mapped[int | None] = mapped_column(ForeignKey("message.id"))
    edited_at: Mapped[datetime | None]
    taken_back_at: Mapped[datetime | None]

    def is_by(self, author: Writer) -> bool:
        """Tell whether this person wrote it."""
        if self.resident_id is None:
            return author.resident_id is None and self.account_id == author.account_id
        return self.resident_id == author.resident_id

    @property
    def wording(self) -> int:
        """Return another number whenever the words are others."""
        changed_at = self.taken_back_at or self.edited_at
        return int(changed_at.timestamp() * 1_000_000) if changed_at else 0


class MessageWording(VillageRow):
    """How a message was worded before its author changed it, kept for the committee."""

    __tablename__ = "message_wording"
    __table_args__ = (UniqueConstraint("message_id", "step"),)

    message_id: Mapped[int] = mapped_column(ForeignKey("message.id"))
    step: Mapped[int]
    body: Mapped[str] = mapped_column(Text)
    replaced_at: Mapped[datetime]


class MessagePair(VillageRow):
    """Two neighbouring signs of a message, by which it is found; gone when its words are."""

    __tablename__ = "message_pair"
    __table_args__ = (UniqueConstraint("room_id", "pair", "message_id"),)

    room_id: Mapped[int] = mapped_column(ForeignKey("room.id"))
    pair: Mapped[str] = mapped_column(String(4))
    message_id: Mapped[int] = mapped_column(ForeignKey("message.id"), index=True)


class RoomPin(VillageRow):
    """A message that the committee keeps at the top of its room; an announcement told everybody."""

    __tablename__ = "room_pin"
    __table_args__ = (UniqueConstraint("message_id"),)

    room_id: Mapped[int] = mapped_column(ForeignKey("room.id"), index=True)
    message_id: Mapped[int] = mapped_column(ForeignKey("message.id"))
    is_announcement: Mapped[bool] = mapped_column(default=False)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    pinned_at: Mapped[datetime]


class RoomPointer(VillageRow):
    """How far an account has read in a room; nobody but its owner is ever told."""

    __tablename__ = "room_pointer"
    __table_args__ = (UniqueConstraint("room_id", "account_id"),)

    room_id: Mapped[int] = mapped_column(ForeignKey("room.id"))
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    seq: Mapped[int]


class MessagePromotion(VillageRow):
    """A message that somebody would like as an opinion, and what its author made of that.

    `account_id` asked, once for each version of a plan. Decided without a comment, the author said
    no.
    """

    __tablename__ = "message_promotion"
    __table_args__ = (UniqueConstraint("message_id", "version_id"), UniqueConstraint("comment_id"))

    message_id: Mapped[int] = mapped_column(ForeignKey("message.id"))
    version_id: Mapped[int] = mapped_column(ForeignKey("plan_version.id"))
    comment_id: Mapped[int | None] = mapped_column(ForeignKey("comment.id"))
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    asked_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
