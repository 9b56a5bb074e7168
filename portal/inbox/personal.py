"""What is kept about whom was told what: shown to them, and forgotten with them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import delete, select

from portal.core import personal
from portal.core.db import VillageRow, db
from portal.core.personal import Fact, Person, Pile, Wish
from portal.core.scope import all_villages
from portal.inbox import models
from portal.inbox.kinds import TOPICS, topic_of, words_of
from portal.inbox.models import Delivery, InboxMessage, PushSubscription
from portal.inbox.rules import DeliveryState, Way

WAYS = {Way.SMS: _l("SMS"), Way.PUSH: _l("Message on the phone's screen")}
STATES = {
    DeliveryState.WAITING: _l("Waiting"),
    DeliveryState.SENT: _l("Arrived"),
    DeliveryState.GIVEN_UP: _l("Given up"),
}


def _topic(row: Mapping[str, Any]) -> str:
    topic = topic_of(row["kind"])
    return str(TOPICS[topic]) if topic else "—"


def _words(row: Mapping[str, Any]) -> str:
    return words_of(row["kind"], row["facts"])


def forget(person: Person, _wish: Wish, *, now: datetime) -> int:
    """Forget every message, wish and browser of this person, and what was still to be sent."""
    mine = select(InboxMessage.id).where(InboxMessage.account_id == person.account_id)
    gone = 0
    with all_villages("whoever works in several villages is forgotten in all of them"):
        db.session.execute(
            delete(Delivery)
            .where(Delivery.message_id.in_(mine))
            .execution_options(synchronize_session=False)
        )
        tables: tuple[type[VillageRow], ...] = (InboxMessage, models.Wish, PushSubscription)
        for table in tables:
            result = db.session.execute(
                delete(table)
                .where(table.account_id == person.account_id)  # type: ignore[attr-defined]  # all three have it
                .returning(table.id)
                .execution_options(synchronize_session=False)
            )
            gone += len(result.all())
    return gone


KEEPER = personal.Keeper(
    "inbox",
    _l("What I was told"),
    (
        Pile(
            InboxMessage,
            _l("My messages"),
            (
                Fact("kind", _l("Kind"), InboxMessage.kind, tell=_topic),
                Fact("facts", _l("What it says"), InboxMessage.facts, tell=_words),
                Fact("made_at", _l("When"), InboxMessage.made_at),
                Fact("read_at", _l("Read on"), InboxMessage.read_at),
            ),
            lambda person: InboxMessage.account_id == person.account_id,
        ),
        Pile(
            Delivery,
            _l("Messages to my phone"),
            (
                Fact("way", _l("Way"), Delivery.way, WAYS),
                Fact("state", _l("How it went"), Delivery.state, STATES),
                Fact("made_at", _l("When"), Delivery.made_at),
                Fact("sent_at", _l("Arrived on"), Delivery.sent_at),
            ),
            lambda person: InboxMessage.account_id == person.account_id,
            joined=((InboxMessage, InboxMessage.id == Delivery.message_id),),
        ),
        Pile(
            models.Wish,
            _l("How I want to be told"),
            (
                Fact("topic", _l("About"), models.Wish.topic, TOPICS),
                Fact("way", _l("Way"), models.Wish.way, WAYS),
                Fact("is_wanted", _l("Wanted"), models.Wish.is_wanted),
            ),
            lambda person: models.Wish.account_id == person.account_id,
        ),
        Pile(
            PushSubscription,
            _l("Browsers that show me messages"),
            (Fact("made_at", _l("When"), PushSubscription.made_at),),
            lambda person: PushSubscription.account_id == person.account_id,
        ),
    ),
    forget,
)
