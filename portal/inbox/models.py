"""Messages, how they are brought, and what each person wishes."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db import JsonDict, VillageRow
from portal.inbox.rules import DeliveryState, Fault, Topic, Way


class InboxMessage(VillageRow):
    """Something one person is told. Its words are made when it is read, in the reader's language.

    `kind` names the words, `facts` fill them, `path` leads to what happened. The key of event,
    account and kind lets an event that is handled twice tell it once. `event_id` is no foreign
    key: events are forgotten sooner than messages, and their numbers are never given twice.
    """

    __tablename__ = "inbox_message"
    __table_args__ = (
        UniqueConstraint("event_id", "account_id", "kind"),
        Index("ix_inbox_message_list", "account_id", "village_id", "id"),
        Index(
            "ix_inbox_message_unread",
            "account_id",
            "village_id",
            sqlite_where=text("read_at IS NULL"),
            postgresql_where=text("read_at IS NULL"),
        ),
        CheckConstraint("path = '' OR path LIKE '/v/%'", name="path_is_ours"),
    )

    event_id: Mapped[int]
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    kind: Mapped[str] = mapped_column(String(60))
    facts: Mapped[JsonDict]
    path: Mapped[str] = mapped_column(String(300), default="")
    made_at: Mapped[datetime]
    read_at: Mapped[datetime | None]


class Delivery(VillageRow):
    """One message on one way to one address, tried until it arrives or is given up.

    `target` is a phone or the id of a push subscription. After `ends_at` it would tell old news.
    `can_wait`: not at night, and after whatever cannot wait. `fault` is why it
    was given up, `fault_note` what went wrong at the last try.
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
        CheckConstraint("(state = 'sent') = (sent_at IS NOT NULL)", name="sent_has_a_time"),
        CheckConstraint("(state = 'given-up') = (fault IS NOT NULL)", name="given_up_for_a_reason"),
    )

    message_id: Mapped[int] = mapped_column(ForeignKey("inbox_message.id", ondelete="CASCADE"))
    way: Mapped[Way]
    target: Mapped[str] = mapped_column(String(60))
    state: Mapped[DeliveryState] = mapped_column(default=DeliveryState.WAITING)
    tries: Mapped[int] = mapped_column(default=0)
    made_at: Mapped[datetime]
    next_at: Mapped[datetime]
    ends_at: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    can_wait: Mapped[bool] = mapped_column(default=True)
    fault: Mapped[Fault | None]
    fault_note: Mapped[str] = mapped_column(String(200), default="")


class Wish(VillageRow):
    """What a person wishes about one topic on one way, where it is not the default."""

    __tablename__ = "inbox_wish"
    __table_args__ = (UniqueConstraint("account_id", "topic", "way"),)

    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    topic: Mapped[Topic]
    way: Mapped[Way]
    is_wanted: Mapped[bool]


class PushSubscription(VillageRow):
    """A browser that a person allowed to show messages, at one of the known push services.

    `session_id` (no foreign key: sessions are forgotten) is the session it was allowed in: when
    that is over, the phone may be in other hands, and nothing is shown any more.
    """

    __tablename__ = "push_subscription"
    __table_args__ = (UniqueConstraint("endpoint_digest"),)

    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    session_id: Mapped[int]
    endpoint: Mapped[str] = mapped_column(String(1000))
    endpoint_digest: Mapped[str] = mapped_column(String(64))
    p256dh: Mapped[str] = mapped_column(String(200))
    auth: Mapped[str] = mapped_column(String(60))
    made_at: Mapped[datetime]
