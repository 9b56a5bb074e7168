"""Bringing what was told to phones and browsers: claimed by one, sent, written down.

What waits is found every few seconds. Each delivery is claimed by one UPDATE that demands that it
still waits; then it is sent, outside of any transaction; then its outcome is written. Nothing is
lost: if the process dies after the claim, the claim runs out and the delivery is sent again. If it
died after sending and before writing that down, the person hears it twice: at least once is what
can be promised with a telephone network.
"""

from datetime import datetime
from typing import Any

from flask import Flask, current_app
from flask_babel import force_locale
from sqlalchemy import ColumnElement, select, update

from portal.core import limits
from portal.core.db import db, transaction
from portal.core.scope import all_villages, require_village, village_scope
from portal.inbox import kinds, ports, push, rules
from portal.inbox.models import Delivery, InboxMessage
from portal.inbox.rules import DeliveryState, Fault, Outcome, Way
from portal.inbox.sending import Job, Result, send
from portal.people.models import Account, Region

AT_ONCE = 20
"""So many in one go: the same thread handles events, and a slow gateway must not hold them up."""


def deliver_waiting(app: Flask, *, now: datetime, limit: int = AT_ONCE) -> int:
    """Bring what waits, the urgent first; return how many arrived. One process at a time calls it.

    A way that fails again and again is left alone for a while: what waits for it only waits.
    """
    health: Health = app.extensions.setdefault("ways_health", Health())
    with app.app_context(), all_villages("what waits is brought for every village"):
        ways = [way for way in _ways() if not health.is_down(way, now)]
        query = (
            select(Delivery.id, Delivery.village_id, Delivery.way)
            .where(Delivery.state == DeliveryState.WAITING, Delivery.next_at <= now)
            .where(Delivery.way.in_(ways))
            .order_by(Delivery.can_wait, Delivery.next_at, Delivery.id)
            .limit(limit)
        )
        if rules.is_quiet(now):
            query = query.where(Delivery.can_wait.is_(False))
        waiting = db.session.execute(query).all() if ways else []
        db.session.rollback()
    arrived = 0
    for delivery_id, village_id, way in waiting:
        if not health.is_down(way, now):
            outcome = _bring(app, delivery_id, village_id, now=now)
            if health.note(way, outcome, now):
                _wake(app, way, now=now)
            arrived += outcome is Outcome.SENT
    return arrived


class Health:
    """Which ways are down, as far as this process has seen."""

    def __init__(self) -> None:
        self._faults: dict[Way, int] = {}
        self._down_until: dict[Way, datetime] = {}

    def is_down(self, way: Way, now: datetime) -> bool:
        """Tell whether a way is left alone now."""
        return way in self._down_until and now < self._down_until[way]

    def note(self, way: Way, outcome: Outcome | None, now: datetime) -> bool:
        """Count failures in a row (None: nothing was tried); tell whether it is up again."""
        before = self._faults.get(way, 0)
        if outcome is Outcome.LATER:
            self._faults[way] = before + 1
            if before + 1 >= rules.FAULTS_IN_A_ROW:
                self._down_until[way] = now + rules.DOWN
        elif outcome is not None:
            self._faults[way] = 0
            return before > 0
        return False


def _wake(app: Flask, way: Way, *, now: datetime) -> None:
    """Let what failed on a way that is up again not wait for its next try."""
    with app.app_context(), all_villages("a way is the same for every village"), transaction():
        db.session.execute(
            update(Delivery)
            .where(
                Delivery.way == way,
                Delivery.state == DeliveryState.WAITING,
                Delivery.tries > 0,
                Delivery.next_at > now + rules.LEASE,  # what is claimed stays claimed
            )
            .values(next_at=now)
            .execution_options(synchronize_session=False)
        )


def _ways() -> list[Way]:
    """Return the ways that this house has."""
    has = {
        Way.SMS: current_app.extensions["sms"] is not None,
        Way.PUSH: push.find_keys() is not None,
    }
    return [way for way in Way if has[way]]


def _bring(app: Flask, delivery_id: int, village_id: int, *, now: datetime) -> Outcome | None:
    with app.app_context(), village_scope(village_id):
        with transaction():
            job = claim(delivery_id, now=now)
        if job is None:
            return None
        try:
            with force_locale(job.language):
                result = send(job, now=now)
        except Exception as error:  # a fault of ours: said, and tried again
            app.logger.exception("delivery %s could not be sent", job.id)
            result = Result(Outcome.LATER, type(error).__name__)
        with transaction():
            settle(job, result, now=now)
    return result.outcome


def claim(delivery_id: int, *, now: datetime) -> Job | None:
    """Take a delivery for this process, or None: another has it, or there is nothing to send."""
    row = db.session.execute(
        update(Delivery)
        .where(
            Delivery.id == delivery_id,
            Delivery.state == DeliveryState.WAITING,
            Delivery.next_at <= now,
        )
        .values(next_at=now + rules.LEASE, tries=Delivery.tries + 1)
        .returning(
            Delivery.message_id,
            Delivery.way,
            Delivery.target,
            Delivery.tries,
            Delivery.can_wait,
            Delivery.ends_at,
        )
        .execution_options(synchronize_session=False)
    ).one_or_none()
    if row is None:
        return None
    if row.ends_at is not None and row.ends_at <= now:
        _give_up(delivery_id, Fault.TOO_OLD)
        return None
    facts = _facts(row.message_id)
    if facts is None or not _may_still(facts, row.way):
        _give_up(delivery_id, Fault.NOBODY)
        return None
    address = None
    if row.way is Way.PUSH:
        address = push.find_address(int(row.target), account_id=facts.account_id, now=now)
        if address is None:
            _give_up(delivery_id, Fault.NOBODY)
            return None
    elif not limits.take_if_left(_budget(), "all", now=now):
        _, tomorrow = limits.span_of(_budget(), now)
        _change(delivery_id, next_at=tomorrow, tries=row.tries - 1, fault_note="budget")
        return None
    return Job(
        id=delivery_id,
        way=row.way,
        target=row.target,
        tries=row.tries,
        can_wait=row.can_wait,
        ends_at=row.ends_at,
        kind=facts.kind,
        facts=facts.facts,
        language=facts.language,
        village=facts.village,
        address=address,
    )


def _may_still(facts: Any, way: Way) -> bool:
    """Tell whether the person has not taken back, meanwhile, that they agreed to this way."""
    if (kinds.topic_of(facts.kind), way) in rules.ALWAYS:
        return True
    return facts.account_id in ports.with_consent([facts.account_id], way)


def settle(job: Job, result: Result, *, now: datetime) -> None:
    """Write down what became of a try."""
    if result.outcome is Outcome.SENT:
        _change(job.id, state=DeliveryState.SENT, sent_at=now, fault_note="")
        return
    if job.way is Way.SMS and result.outcome is Outcome.LATER:
        limits.give_back(_budget(), "all", taken_at=now)
    pause = rules.pause_after(job.tries)
    if result.outcome is Outcome.REFUSED:
        _give_up(job.id, Fault.REFUSED, result.note)
    elif pause is None:
        _give_up(job.id, Fault.TRIED_ENOUGH, result.note)
    else:
        again = rules.first_moment(now + pause, can_wait=job.can_wait)
        _change(job.id, Delivery.tries == job.tries, next_at=again, fault_note=result.note)


def _budget() -> limits.Limit:
    return limits.sms_per_village(share=limits.NOTICES_SHARE)


def _facts(message_id: int) -> Any:
    """Return what is to be said to whom, or None: the person is not here any more."""
    query = (
        select(
            InboxMessage.account_id,
            InboxMessage.kind,
            InboxMessage.facts,
            Account.language,
            Region.name.label("village"),
        )
        .join(Account, Account.id == InboxMessage.account_id)
        .join(Region, Region.id == InboxMessage.village_id)
        .where(InboxMessage.id == message_id, Account.erased_at.is_(None))
    )
    with all_villages("whoever holds a post here may have the account in a region above"):
        return db.session.execute(query).one_or_none()


def _give_up(delivery_id: int, fault: Fault, note: str = "") -> None:
    _change(delivery_id, state=DeliveryState.GIVEN_UP, fault=fault, fault_note=note[:200])


def _change(delivery_id: int, *criteria: ColumnElement[bool], **values: Any) -> None:
    """Change a delivery that still waits; what was sent or given up stays as it is."""
    db.session.execute(
        update(Delivery)
        .where(
            Delivery.id == delivery_id,
            Delivery.village_id == require_village(),
            Delivery.state == DeliveryState.WAITING,
            *criteria,
        )
        .values(**values)
        .execution_options(synchronize_session=False)
    )
