"""How often something may be done: counted in the database, so that a restart forgets nothing.

A count belongs to a key (a phone, a person, a household, an address) and a span of time. The key is
kept as a digest; nobody can read phones or addresses from the table.
"""

import enum
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from flask import request
from sqlalchemy import String, UniqueConstraint, delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, mapped_column

from portal.core import secrets
from portal.core.db import VillageRow, db, transaction
from portal.core.scope import require_village


class Per(enum.StrEnum):
    """Whose doings are counted together."""

    PERSON = "person"
    PHONE = "phone"
    HOUSEHOLD = "household"
    ADDRESS = "address"
    VILLAGE = "village"


@dataclass(frozen=True)
class Limit:
    """At most `count` in each span of `span`, per what."""

    what: str
    per: Per
    count: int
    span: timedelta


class RateCount(VillageRow):
    """How often something was done within one span."""

    __tablename__ = "rate_count"
    __table_args__ = (UniqueConstraint("village_id", "key", "begins_at"),)

    key: Mapped[str] = mapped_column(String(64))
    begins_at: Mapped[datetime]
    ends_at: Mapped[datetime] = mapped_column(index=True)
    count: Mapped[int]


def span_of(limit: Limit, now: datetime) -> tuple[datetime, datetime]:
    """Return the begin and the end of the span that a moment falls into."""
    seconds = int(limit.span.total_seconds())
    begin = int(now.timestamp()) // seconds * seconds
    begins_at = datetime.fromtimestamp(begin, UTC)
    return begins_at, begins_at + limit.span


def take(limit: Limit, who: str | int, *, now: datetime) -> bool:
    """Count one more, and tell whether it is still within the limit. One statement: no race.

    Writes in the transaction that is open; what is refused is counted too.
    """
    begins_at, ends_at = span_of(limit, now)
    insert = (sqlite if db.engine.dialect.name == "sqlite" else postgresql).insert
    statement = insert(RateCount).values(
        village_id=require_village(),
        key=_key(limit, who),
        begins_at=begins_at,
        ends_at=ends_at,
        count=1,
    )
    counted = db.session.execute(
        statement.on_conflict_do_update(
            index_elements=["village_id", "key", "begins_at"],
            set_={"count": RateCount.count + 1},
        ).returning(RateCount.count)
    ).scalar_one()
    return counted <= limit.count


def take_all(limits: tuple[tuple[Limit, str | int], ...], *, now: datetime) -> Limit | None:
    """Count each in a transaction of its own; return the first limit that is passed, or None."""
    with transaction():
        passed = [limit for limit, who in limits if not take(limit, who, now=now)]
    return passed[0] if passed else None


def used(limit: Limit, who: str | int, *, now: datetime) -> int:
    """Return how often it was done in this span."""
    begins_at, _ = span_of(limit, now)
    return (
        db.session.scalar(
            select(RateCount.count).where(
                RateCount.key == _key(limit, who), RateCount.begins_at == begins_at
            )
        )
        or 0
    )


def address() -> str:
    """Return the address that the request came from, as the trusted proxies tell it."""
    return request.remote_addr or ""


def _key(limit: Limit, who: str | int) -> str:
    return secrets.digest(f"limit {limit.what} {limit.per}", str(who))


def prune(*, now: datetime) -> int:
    """Forget counts of spans that are over; return how many."""
    gone = db.session.execute(
        delete(RateCount).where(RateCount.ends_at < now).returning(RateCount.id)
    )
    return len(gone.all())
