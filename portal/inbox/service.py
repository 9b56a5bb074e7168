"""Telling people, and reading what one was told. Never commits."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import current_app
from sqlalchemy import ColumnElement, Select, bindparam, func, select, update

from portal.core import retention
from portal.core.db import db, insert_or
from portal.core.scope import all_villages, require_village
from portal.inbox import kinds, ports, push, rules, wishes
from portal.inbox.models import Delivery, InboxMessage, PushSubscription
from portal.inbox.rules import DeliveryState, Way
from portal.people import service as people
from portal.people.models import Account, Region, Resident

BATCH = 500


@dataclass(frozen=True)
class Reader:
    """Somebody who is to be told: the account, and the phone if an SMS can reach them."""

    account_id: int
    phone: str | None


@dataclass(frozen=True, kw_only=True)
class News:
    """What is told to many: the same kind, facts, path and event for all of them."""

    kind: str
    facts: dict[str, Any]
    path: str
    event_id: int
    now: datetime
    ends_at: datetime | None


def tell(
    account_ids: Iterable[int] = (),
    *,
    resident_ids: Iterable[int] = (),
    kind: str,
    facts: Mapping[str, Any],
    event_id: int,
    now: datetime,
    path: str = "",
    sms_to: Sequence[str] = (),
    ends_at: datetime | None = None,
) -> int:
    """Put a message into the inbox of each account, and on the ways that each wishes.

    Told twice for one event it is there once. Residents without an account get one. `sms_to` are
    further phones that hear of it, such as a second contact; `path` (see `path_to`) is where it
    leads; what is not brought by `ends_at` is not brought any more. Returns how many were told
    now: so many that a village is told in batches, of a few statements each. Raises KeyError for
    a kind without words, ValueError for a path that leads elsewhere.
    """
    kinds.get_kind(kind)
    if not rules.is_ours(path):
        raise ValueError(f"{path!r} is no page of ours")
    news = News(
        kind=kind, facts=dict(facts), path=path, event_id=event_id, now=now, ends_at=ends_at
    )
    wanted = {*account_ids, *(people.account_of(r).id for r in sorted(set(resident_ids)))}
    phones: set[str] = set()
    told = 0
    for batch in _batches(sorted(wanted)):
        readers = _readers(batch)
        messages = _write(news, [reader.account_id for reader in readers])
        told += len(messages)
        fresh = [reader for reader in readers if reader.account_id in messages]
        if fresh:
            _plan(news, fresh, messages, phones=phones, sms_to=sms_to)
    return told


def _batches(account_ids: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(account_ids), BATCH):
        yield account_ids[start : start + BATCH]


def _write(news: News, account_ids: Sequence[int]) -> dict[int, int]:
    """Write the messages that are not there yet; return their ids by account."""
    if not account_ids:
        return {}
    rows = [
        {
            "event_id": news.event_id,
            "account_id": account_id,
            "kind": news.kind,
            "facts": news.facts,
            "path": news.path,
            "made_at": news.now,
            "village_id": require_village(),
        }
        for account_id in account_ids
    ]
    insert = insert_or(InboxMessage).on_conflict_do_nothing(
        index_elements=["event_id", "account_id", "kind"]
    )
    written = db.session.execute(insert.returning(InboxMessage.id, InboxMessage.account_id), rows)
    return {account_id: message_id for message_id, account_id in written}


def everybody() -> list[int]:
    """Return the accounts of all residents of the village who have one."""
    query = (
        select(Account.id)
        .join(Resident, Resident.id == Account.resident_id)
        .where(Resident.left_on.is_(None), Account.erased_at.is_(None))
    )
    return list(db.session.scalars(query.order_by(Account.id)))


def accounts_of(resident_ids: Iterable[int] | Select[int]) -> list[int]:
    """Return the accounts of those residents who have one; a query of their ids will do."""
    whose = resident_ids if isinstance(resident_ids, Select) else sorted(set(resident_ids))
    query = select(Account.id).where(Account.resident_id.in_(whose), Account.erased_at.is_(None))
    return list(db.session.scalars(query.order_by(Account.id)))


def path_to(endpoint: str, **values: object) -> str:
    """Return the address of a page of the village we are in, outside of any request."""
    code = db.session.scalars(select(Region.code).where(Region.id == require_village())).one()
    addresses = current_app.url_map.bind("localhost")
    return addresses.build(endpoint, {"village_code": code, **values})


def _readers(account_ids: Sequence[int]) -> list[Reader]:
    """Return those who can be told, by id: nobody whose account was erased."""
    query = select(Account.id, Account.phone, Resident.phone, Account.is_active)
    query = query.outerjoin(Resident, Resident.id == Account.resident_id)
    query = query.where(Account.id.in_(account_ids), Account.erased_at.is_(None))
    with all_villages("whoever holds a post here may have the account in a region above"):
        rows = db.session.execute(query.order_by(Account.id)).all()
    return [
        Reader(account_id, (own or listed) if is_active else None)
        for account_id, own, listed, is_active in rows
    ]


def _plan(
    news: News,
    readers: Sequence[Reader],
    messages: Mapping[int, int],
    *,
    phones: set[str],
    sms_to: Sequence[str],
) -> None:
    """Write down what is to be sent. A phone shared by many gets one SMS of one event."""
    kind = kinds.get_kind(news.kind)
    account_ids = [reader.account_id for reader in readers]
    wished = wishes.of_all(account_ids)
    agreed = {way: ports.with_consent(account_ids, way) for way in Way}
    targets: list[tuple[int, Way, str]] = []

    def is_wanted(account_id: int, way: Way) -> bool:
        mine = wished.get(account_id, {})
        return rules.is_wanted(
            topic=kind.topic,
            way=way,
            matters=kind.matters,
            wishes=mine,
            has_consent=account_id in agreed[way],
        )

    if current_app.extensions["sms"] is not None:
        callees = [(readers[0].account_id, phone) for phone in sms_to]
        callees += [
            (reader.account_id, reader.phone)
            for reader in readers
            if reader.phone and is_wanted(reader.account_id, Way.SMS)
        ]
        for account_id, phone in callees:
            if phone not in phones:
                phones.add(phone)
                targets.append((messages[account_id], Way.SMS, phone))
    if push.find_keys() is not None:
        targets += [
            (messages[account_id], Way.PUSH, str(subscription_id))
            for account_id, subscription_id in _subscriptions(messages)
            if is_wanted(account_id, Way.PUSH)
        ]
    rows = [
        {
            "message_id": message_id,
            "way": way,
            "target": target,
            "state": DeliveryState.WAITING,
            "tries": 0,
            "made_at": news.now,
            "next_at": rules.first_moment(news.now, can_wait=kind.can_wait),
            "ends_at": news.ends_at,
            "can_wait": kind.can_wait,
            "village_id": require_village(),
        }
        for message_id, way, target in targets
    ]
    if rows:
        db.session.execute(insert_or(Delivery), rows)


def _subscriptions(told: Mapping[int, int]) -> Sequence[tuple[int, int]]:
    query = select(PushSubscription.account_id, PushSubscription.id)
    with all_villages("a browser belongs to a person, wherever the account is at home"):
        rows = db.session.execute(query.where(PushSubscription.account_id.in_(list(told)))).all()
    return [(account_id, subscription_id) for account_id, subscription_id in rows]


# --- reading ---------------------------------------------------------------------------------


UNREAD = (
    select(func.count(InboxMessage.id))
    .where(
        InboxMessage.account_id == Account.id,
        InboxMessage.village_id == bindparam("place_id"),
        InboxMessage.read_at.is_(None),
    )
    .correlate(Account)
    .scalar_subquery()
)
"""Counts the unread messages of whoever is asking, inside the statement that finds them."""


def list_messages(account_id: int, *, limit: int, before: int | None = None) -> list[InboxMessage]:
    """Return the newest messages of a person, those with an id under `before` if it is given."""
    query = select(InboxMessage).where(InboxMessage.account_id == account_id)
    if before is not None:
        query = query.where(InboxMessage.id < before)
    return list(db.session.scalars(query.order_by(InboxMessage.id.desc()).limit(limit)))


def list_unread(account_id: int, *, limit: int) -> list[InboxMessage]:
    """Return the newest messages that a person has not opened."""
    query = select(InboxMessage).where(*_unread(account_id))
    return list(db.session.scalars(query.order_by(InboxMessage.id.desc()).limit(limit)))


def open_message(message_id: int, *, account_id: int, now: datetime) -> str:
    """Mark one's own message as read and return where it leads; NoResultFound for another's."""
    message = db.session.scalars(
        select(InboxMessage).where(
            InboxMessage.id == message_id, InboxMessage.account_id == account_id
        )
    ).one()
    message.read_at = message.read_at or now
    db.session.flush()
    return message.path


def read_all(account_id: int, *, until: int, now: datetime) -> int:
    """Mark as read what the person had before them: up to the message `until`, nothing newer."""
    read = db.session.execute(
        update(InboxMessage)
        .where(*_unread(account_id), InboxMessage.id <= until)
        .values(read_at=now)
        .returning(InboxMessage.id)
        .execution_options(synchronize_session=False)
    )
    return len(read.all())


def _unread(account_id: int) -> tuple[ColumnElement[bool], ...]:
    return InboxMessage.account_id == account_id, InboxMessage.read_at.is_(None)


# --- keeping ---------------------------------------------------------------------------------


def prune(*, now: datetime) -> int:
    """Forget what was read long ago, what nobody read for a year, and old deliveries."""
    is_old = (InboxMessage.read_at < now - rules.KEPT_READ) | (
        InboxMessage.made_at < now - rules.KEPT_UNREAD
    )
    gone = retention.forget(Delivery, Delivery.made_at < now - rules.KEPT_DELIVERIES)
    old = db.session.scalars(
        select(InboxMessage.id).where(is_old).order_by(InboxMessage.id).limit(retention.BATCH)
    )
    return gone + retention.delete_rows(InboxMessage, list(old))
