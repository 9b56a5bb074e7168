"""The ledger in the public record: a line for each month that is over, with its digest."""

import hashlib
import json
import secrets
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta

from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy import func, select

from portal.core import clock
from portal.core.db import db
from portal.core.scope import village_scope
from portal.points.ledger import lock_issue_account
from portal.points.models import PointsEntry, PointsMonth, PointsTransfer
from portal.transparency import service as transparency
from portal.transparency.rules import Kept

KIND = "points-month"
LANGUAGE = "zh_Hans"
GRACE = timedelta(hours=1)
"""So long after its end a month is closed: whatever was under way has arrived."""


def close_over(*, now: datetime) -> int:
    """Enter every month that is over, and has entries, into the record. A chore."""
    this_month = clock.today(now - GRACE).replace(day=1)
    ended = select(PointsMonth.village_id, func.max(PointsMonth.begins_on))
    rows = db.session.execute(ended.group_by(PointsMonth.village_id))
    closed = {village_id: month for village_id, month in rows}
    moved = select(PointsTransfer.village_id, func.max(PointsTransfer.posted_at))
    count = 0
    for village_id, newest in db.session.execute(moved.group_by(PointsTransfer.village_id)).all():
        last = closed.get(village_id)
        begin = None if last is None else _next(last)
        if begin is None or _span(begin)[0] <= newest:
            with village_scope(village_id):
                count += _close(begin, this_month, now=now)
    return count


def _close(begin: date | None, this_month: date, *, now: datetime) -> int:
    """Close the months of one village that are over, from this one on (or its first)."""
    count = 0
    while (month := _next_with_entries(begin)) is not None and month < this_month:
        lock_issue_account()
        key = secrets.token_hex(32)
        digest, lines = digest_of(month, key)
        with force_locale(LANGUAGE):
            subject = _(
                "Points of %(month)s: %(count)s entries", month=f"{month:%Y-%m}", count=lines
            )
        number = transparency.append(
            kind=KIND, subject=subject, content_sha256=digest, file_sha256=digest, now=now
        ).number
        db.session.add(PointsMonth(begins_on=month, key=key, record_number=number))
        db.session.flush()
        count, begin = count + 1, _next(month)
    return count


def digest_of(month: date, key: str) -> tuple[str, int]:
    """Return the digest of a month's entries, salted, and how many transfers it has."""
    begin, end = _span(month)
    query = (
        select(PointsTransfer, PointsEntry)
        .join(PointsEntry, PointsEntry.transfer_id == PointsTransfer.id)
        .where(PointsTransfer.posted_at >= begin, PointsTransfer.posted_at < end)
        .order_by(PointsTransfer.id, PointsEntry.id)
    )
    rows = db.session.execute(query.execution_options(populate_existing=True)).all()
    lines = [_plain(transfer, entry) for transfer, entry in rows]
    facts = {"key": key, "month": month.isoformat(), "entries": lines}
    text = json.dumps(facts, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest(), len({line["transfer"] for line in lines})


class MonthKeeper:
    """Answers the public record's question (`transparency.ports.Keeper`) for months of points."""

    def hash_files(self) -> Iterator[Kept]:
        """Hash every closed month as it lies here now."""
        for closed in db.session.scalars(select(PointsMonth).order_by(PointsMonth.id)).all():
            digest, _lines = digest_of(closed.begins_on, closed.key)
            yield Kept(closed.record_number, digest, digest)


def _plain(transfer: PointsTransfer, entry: PointsEntry) -> dict[str, str | int | None]:
    """Return what moved where and why; nothing in it may ever change."""
    return {
        "transfer": transfer.id,
        "kind": transfer.kind.value,
        "item": transfer.item_id,
        "times": transfer.times,
        "reason": transfer.reason,
        "done_on": transfer.done_on.isoformat(),
        "year": transfer.honour_year,
        "resident": transfer.resident_id,
        "household": transfer.household_id,
        "posted_by": transfer.posted_by_id,
        "posted_at": transfer.posted_at.isoformat(timespec="microseconds"),
        "reverses": transfer.reverses_id,
        "account": entry.account_id,
        "points": entry.points,
        "balance_after": entry.balance_after,
    }


def _next_with_entries(begin: date | None) -> date | None:
    """Return the first month from this one on in which something was entered."""
    query = select(func.min(PointsTransfer.posted_at))
    if begin is not None:
        query = query.where(PointsTransfer.posted_at >= _span(begin)[0])
    first = db.session.scalar(query)
    return None if first is None else clock.today(first).replace(day=1)


def _next(month: date) -> date:
    return (month + timedelta(days=31)).replace(day=1)


def _span(month: date) -> tuple[datetime, datetime]:
    """Return the moments between which a month lies in the village."""
    first, last = (
        datetime.combine(day, time(), clock.SHANGHAI).astimezone(UTC)
        for day in (month, _next(month))
    )
    return first, last
