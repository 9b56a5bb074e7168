"""How often something may be done: counted in the database, so that a restart forgets nothing.

A count belongs to a key (a phone, a person, a household, an address) and a span of time. The key is
kept as a digest; nobody can read phones or addresses from the table.
"""

import enum
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from flask import current_app, request
from sqlalchemy import Executable, String, UniqueConstraint, select, update
from sqlalchemy.orm import Mapped, mapped_column

from portal.core import retention, secrets
from portal.core.db import VillageRow, db, insert_or, transaction
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


NOTICES_SHARE = 70
"""Percent of the SMS budget that notices may use; the rest is kept for sign-in codes."""


def sms_per_village(*, share: int = 100) -> Limit:
    """Return the SMS budget of a village and day (trust.md T15), or a share of it in percent.

    Sign-in codes and notices draw on one count. The day is that of UTC: it begins at 08:00 in
    the village, when nobody minds a message that had to wait.
    """
    per_day: int = current_app.config["SETTINGS"].sms_per_day
    return Limit("sms", Per.VILLAGE, per_day * share // 100, timedelta(days=1))


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
    counted = db.session.execute(_count_one_more(limit, who, now=now)).scalar_one()
    return counted <= limit.count


def take_if_left(limit: Limit, who: str | int, *, now: datetime) -> bool:
    """Count one more only if that stays within the limit, and tell whether it did. No race."""
    statement = _count_one_more(limit, who, now=now, if_left=True)
    return limit.count > 0 and db.session.execute(statement).scalar_one_or_none() is not None


def give_back(limit: Limit, who: str | int, *, taken_at: datetime) -> None:
    """Count one less, for what was taken at that moment and then was not done."""
    begins_at, _ = span_of(limit, taken_at)
    db.session.execute(
        update(RateCount)
        .where(
            RateCount.village_id == require_village(),
            RateCount.key == _key(limit, who),
            RateCount.begins_at == begins_at,
            RateCount.count > 0,
        )
        .values(count=RateCount.count - 1)
        .execution_options(synchronize_session=False)
    )


def _count_one_more(
    limit: Limit, who: str | int, *, now: datetime, if_left: bool = False
) -> Executable:
    begins_at, ends_at = span_of(limit, now)
    statement = insert_or(RateCount).values(
        village_id=require_village(),
        key=_key(limit, who),
        begins_at=begins_at,
        ends_at=ends_at,
        count=1,
    )
    return statement.on_conflict_do_update(
        index_elements=["village_id", "key", "begins_at"],
        set_={"count": RateCount.count + 1},
        where=RateCount.count < limit.count if if_left else None,
    ).returning(RateCount.count)


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
    """Forget counts of spans that are over, a bounded number; return how many."""
    return retention.forget(RateCount, RateCount.ends_at < now)
