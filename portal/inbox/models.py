"""Messages, how they are brought, and what each person wishes."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db import JsonDict, VillageRow
from portal.inbox.rules import DeliveryState, Way


class InboxMessage(VillageRow):
    """Something one person is told. Its words are made when it is read, in the reader's language.

    `kind` names the words, `facts` fill them, `path` leads to what happened. The key of event,
    account and kind lets an event that is handled twice tell it once.
    """

    __tablename__ = "inbox_message"
    __table_args__ = (
        UniqueConstraint("event_id", "account_id", "kind"),
        Index(
            "ix_inbox_message_unread",
            "account_id",
            sqlite_where=text("read_at IS NULL"),
            postgresql_where=text("read_at IS NULL"),
        ),
    )

    event_id: Mapped[int] = mapped_column(ForeignKey("outbox_event.id"))
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    kind: Mapped[str] = mapped_column(String(60))
    facts: Mapped[JsonDict]
    path: Mapped[str] = mapped_column(String(300), default="")
    made_at: Mapped[datetime]
    read_at: Mapped[datetime | None]


class Delivery(VillageRow):
    """One message on one way to one address, tried until it arrives or is given up.

    `target` is a phone or the id of a push subscription. SMS of a village count against its
    budget of the day by `sent_at`.
    """

    __tablename__ = "delivery"
    __table_args__ = (
        UniqueConstraint("message_id", "way", "target"),
        Index(
            "ix_delivery_waiting",
            "next_at",
            sqlite_where=text("state = 'waiting'"),
            postgresql_where=text("state = 'waiting'"),
        ),
    )

    message_id: Mapped[int] = mapped_column(ForeignKey("inbox_message.id"))
    way: Mapped[Way]
    target: Mapped[str] = mapped_column(String(60))
    state: Mapped[DeliveryState]
    tries: Mapped[int] = mapped_column(default=0)
    next_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    fault: Mapped[str] = mapped_column(String(200), default="")


class Wish(VillageRow):
    """What a person wishes about one kind of message on one way, where it is not the default."""

    __tablename__ = "inbox_wish"
    __table_args__ = (UniqueConstraint("account_id", "topic", "way"),)

    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    topic: Mapped[str] = mapped_column(String(40))
    way: Mapped[Way]
    is_wanted: Mapped[bool]


class PushSubscription(VillageRow):
    """A browser that a person allowed to show messages, at one of the known push services."""

    __tablename__ = "push_subscription"
    __table_args__ = (UniqueConstraint("endpoint_digest"),)

    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    endpoint: Mapped[str] = mapped_column(String(1000))
    endpoint_digest: Mapped[str] = mapped_column(String(64))
    p256dh: Mapped[str] = mapped_column(String(200))
    auth: Mapped[str] = mapped_column(String(60))
    made_at: Mapped[datetime]
