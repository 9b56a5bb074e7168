"""What did not arrive, for the operator: how much waits, what was given up and why."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select, update

from portal.core.db import db
from portal.core.masking import mask_phone
from portal.inbox import kinds
from portal.inbox.models import Delivery, InboxMessage
from portal.inbox.rules import DeliveryState, Fault, Topic, Way


@dataclass(frozen=True)
class Lost:
    """A delivery that was given up. The phone is masked; what the message said is not shown."""

    id: int
    way: Way
    target: str
    topic: Topic | None
    made_at: datetime
    tries: int
    fault: Fault
    note: str


def counts() -> dict[tuple[Way, DeliveryState], int]:
    """Return how many deliveries of the village stand where."""
    query = select(Delivery.way, Delivery.state, func.count()).group_by(
        Delivery.way, Delivery.state
    )
    found = {(way, state): count for way, state, count in db.session.execute(query)}
    return {(way, state): found.get((way, state), 0) for way in Way for state in DeliveryState}


def count_given_up() -> int:
    """Return how many were given up for a reason that somebody can do something about."""
    query = select(func.count(Delivery.id)).where(
        Delivery.state == DeliveryState.GIVEN_UP,
        Delivery.fault.in_((Fault.TRIED_ENOUGH, Fault.REFUSED)),
    )
    return db.session.scalar(query) or 0


def list_given_up(*, limit: int) -> list[Lost]:
    """Return what was given up, the latest first."""
    query = (
        select(Delivery, InboxMessage.kind)
        .join(InboxMessage, InboxMessage.id == Delivery.message_id)
        .where(Delivery.state == DeliveryState.GIVEN_UP)
        .order_by(Delivery.id.desc())
        .limit(limit)
    )
    return [
        Lost(
            d.id,
            d.way,
            mask_phone(d.target) if d.way is Way.SMS else "",
            kinds.topic_of(kind),
            d.made_at,
            d.tries,
            d.fault or Fault.TRIED_ENOUGH,
            d.fault_note,
        )
        for d, kind in db.session.execute(query)
    ]


def try_again(delivery_id: int, *, now: datetime) -> bool:
    """Let a delivery that was given up wait again, with all its tries; tell whether it was."""
    woken = db.session.execute(
        update(Delivery)
        .where(Delivery.id == delivery_id, Delivery.state == DeliveryState.GIVEN_UP)
        .values(state=DeliveryState.WAITING, fault=None, tries=0, next_at=now, ends_at=None)
        .returning(Delivery.id)
        .execution_options(synchronize_session=False)
    )
    return woken.scalar_one_or_none() is not None
