"""News of what happened: written in the transaction of the deed, handled afterwards, each once.

A feature publishes an event; higher features subscribe in `features.py`. A handler runs in a
transaction of its own and may run again after a fault: what it does must not double (a key sees to
that). An event whose handler fails is tried again, later and later; nothing is lost while a part is
down.
"""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any, ClassVar

from flask import Flask, current_app
from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, select, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.core import clock, retention
from portal.core.db import JsonDict, VillageRow, db, transaction
from portal.core.retention import Kept, limit_of
from portal.core.scope import all_villages, require_village, village_scope

PAUSES = tuple(timedelta(seconds=s) for s in (5, 30, 120, 600, 3600, 3 * 3600, 12 * 3600, 86400))
BATCH = 200


class OutboxEvent(VillageRow):
    """Something that happened and is to be told to every subscriber."""

    __tablename__ = "outbox_event"
    __table_args__ = (
        Index(
            "ix_outbox_event_waiting",
            "next_at",
            sqlite_where=text("handled_at IS NULL"),
            postgresql_where=text("handled_at IS NULL"),
        ),
    )

    kind: Mapped[str] = mapped_column(String(60))
    facts: Mapped[JsonDict]
    made_at: Mapped[datetime]
    next_at: Mapped[datetime]
    handled_at: Mapped[datetime | None]
    tries: Mapped[int] = mapped_column(default=0)
    fault: Mapped[str] = mapped_column(String(400), default="")


class OutboxHandled(VillageRow):
    """One subscriber has handled one event. The key makes it once."""

    __tablename__ = "outbox_handled"
    __table_args__ = (UniqueConstraint("event_id", "handler"),)

    event_id: Mapped[int] = mapped_column(ForeignKey("outbox_event.id"))
    handler: Mapped[str] = mapped_column(String(120))
    done_at: Mapped[datetime]


@dataclass(frozen=True, kw_only=True)
class Event:
    """Parent of every event: a frozen dataclass of plain values, named in the past tense."""

    kind: ClassVar[str]


@dataclass(frozen=True, kw_only=True)
class Happened:
    """An event as a handler gets it: its number, its kind and its facts."""

    event_id: int
    kind: str
    facts: dict[str, Any]
    made_at: datetime


Handler = Callable[..., None]


def publish(event: Event, *, now: datetime, at: datetime | None = None) -> None:
    """Keep an event with the deed that is being written; it is lost only together with the deed.

    `at`: what the clock will bring then, such as the end of a vote; it is handled not before.
    """
    publish_in(require_village(), event, now=now, at=at)


def publish_in(village_id: int, event: Event, *, now: datetime, at: datetime | None = None) -> None:
    """Keep an event of a village, for chores that look after all of them."""
    row = OutboxEvent(kind=event.kind, facts=asdict(event), made_at=now, next_at=at or now)
    row.village_id = village_id
    db.session.add(row)


def handle_waiting(app: Flask, *, now: datetime, limit: int = BATCH) -> int:
    """Handle the events that wait, oldest first; return how many were done with."""
    with app.app_context(), all_villages("the outbox holds the events of every village"):
        waiting = db.session.execute(
            select(OutboxEvent.id, OutboxEvent.village_id)
            .where(OutboxEvent.handled_at.is_(None), OutboxEvent.next_at <= now)
            .order_by(OutboxEvent.next_at, OutboxEvent.id)
            .limit(limit)
        ).all()
        db.session.rollback()
    return sum(_handle(app, event_id, village_id, now=now) for event_id, village_id in waiting)


def _handle(app: Flask, event_id: int, village_id: int, *, now: datetime) -> bool:
    handlers: dict[str, tuple[Handler, ...]] = app.extensions["handlers"]
    fault = ""
    with app.app_context(), village_scope(village_id):
        with transaction():
            event = db.session.get_one(OutboxEvent, event_id)
            happened = Happened(
                event_id=event.id, kind=event.kind, facts=event.facts, made_at=event.made_at
            )
        for handler in handlers.get(happened.kind, ()):
            name = f"{handler.__module__}.{handler.__name__}"
            try:
                with transaction():
                    _handle_once(handler, name, happened, now=now)
            except Exception as error:
                app.logger.exception("event %s was not handled by %s", event_id, name)
                fault = f"{name}: {error!r}"[:400]
        with transaction():
            event = db.session.get_one(OutboxEvent, event_id)
            event.fault = fault
            if fault:
                event.next_at = now + PAUSES[min(event.tries, len(PAUSES) - 1)]
                event.tries += 1
            else:
                event.handled_at = now
    return not fault


def _handle_once(handler: Handler, name: str, happened: Happened, *, now: datetime) -> None:
    done = select(OutboxHandled.id).where(
        OutboxHandled.event_id == happened.event_id, OutboxHandled.handler == name
    )
    if db.session.scalar(done) is None:
        db.session.add(OutboxHandled(event_id=happened.event_id, handler=name, done_at=now))
        db.session.flush()
        handler(happened, now=now)


def prune(*, now: datetime) -> int:
    """Forget what every subscriber has handled, a bounded number at a time."""
    is_old = OutboxEvent.handled_at < limit_of(Kept.NEWS, now=now)
    batch = select(OutboxEvent.id).where(is_old).order_by(OutboxEvent.id).limit(retention.BATCH)
    old = list(db.session.scalars(batch))
    handled = select(OutboxHandled.id).where(OutboxHandled.event_id.in_(old))
    retention.delete_rows(OutboxHandled, list(db.session.scalars(handled)))
    return retention.delete_rows(OutboxEvent, old)


def subscribe(app: Flask, handlers: dict[str, tuple[Handler, ...]]) -> None:
    """Join events with those who want to hear of them; `features.py` alone calls this."""
    app.extensions["handlers"] = handlers


def handle_within(*, now: datetime) -> int:
    """Handle what is due in this village within the open transaction, as if then; return how much.

    For demonstrations, which tell a story at one go: each event is handled at its own moment.
    """
    due = select(OutboxEvent).where(OutboxEvent.handled_at.is_(None), OutboxEvent.next_at <= now)
    events = db.session.scalars(due.order_by(OutboxEvent.next_at, OutboxEvent.id)).all()
    handlers: dict[str, tuple[Handler, ...]] = current_app.extensions["handlers"]
    for event in events:
        happened = Happened(
            event_id=event.id, kind=event.kind, facts=event.facts, made_at=event.made_at
        )
        for handler in handlers.get(event.kind, ()):
            handler(happened, now=event.next_at)
        event.handled_at = event.next_at
    db.session.flush()
    return len(events)


def joined(*books: Mapping[str, tuple[Handler, ...]]) -> dict[str, tuple[Handler, ...]]:
    """Return the handlers of all features together: one event may be heard by several."""
    handlers: dict[str, tuple[Handler, ...]] = {}
    for book in books:
        for kind, heard_by in book.items():
            handlers[kind] = (*handlers.get(kind, ()), *heard_by)
    return handlers


def handle_now() -> int:
    """Handle what waits at once, for commands and tests."""
    return handle_waiting(current_app._get_current_object(), now=clock.now())  # type: ignore[attr-defined]  # a proxy
