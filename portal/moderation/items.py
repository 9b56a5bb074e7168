"""What waits in the committee's queue: put there once, closed by a decision. Never commits."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import exists, func, select, update
from sqlalchemy.exc import IntegrityError

from portal.core.db import db
from portal.moderation.models import ModerationCase, ModerationItem
from portal.moderation.reports_models import ModerationReport
from portal.moderation.rules import Why

_PRESSING = list(Why)


def put(
    kind: str, subject_id: int, number: int, *, why: Why, now: datetime, detail: str = ""
) -> ModerationItem:
    """Put something into the queue; what waits there already stays, with the more pressing why."""
    item = find_open(kind, subject_id)
    if item is None:
        item = ModerationItem(
            subject_kind=kind,
            subject_id=subject_id,
            subject_number=number,
            why=why,
            detail=detail[:200],
            opened_at=now,
        )
        try:
            with db.session.begin_nested():
                db.session.add(item)
        except IntegrityError:  # somebody else was first: the key is the last judge
            item = find_open(kind, subject_id)
            if item is None:
                raise
    if _PRESSING.index(item.why) < _PRESSING.index(why):
        item.why, item.detail = why, detail[:200]
        db.session.flush()
    return item


def find_open(kind: str, subject_id: int) -> ModerationItem | None:
    """Return what waits about this thing, or None."""
    return db.session.scalar(
        select(ModerationItem).where(
            ModerationItem.subject_kind == kind,
            ModerationItem.subject_id == subject_id,
            ModerationItem.closed_at.is_(None),
        )
    )


def find_newest_report(kind: str, subject_id: int) -> int:
    """Return the id of the newest report on this thing that no decision has answered, or 0."""
    newest = select(func.max(ModerationReport.id)).where(
        ModerationReport.subject_kind == kind,
        ModerationReport.subject_id == subject_id,
        ModerationReport.outcome.is_(None),
    )
    return db.session.scalar(newest) or 0


def close(kind: str, subject_id: int, *, decision_id: int, now: datetime) -> None:
    """Take something that was decided about out of the queue."""
    db.session.execute(
        update(ModerationItem)
        .where(
            ModerationItem.subject_kind == kind,
            ModerationItem.subject_id == subject_id,
            ModerationItem.closed_at.is_(None),
        )
        .values(closed_at=now, decision_id=decision_id)
    )


def list_open(*, kinds: Collection[str], limit: int) -> list[tuple[ModerationItem, int, bool]]:
    """Return what waits, each with how often it was decided about, and whether reports wait too.

    Whoever has waited longest comes first.
    """
    is_reported = exists().where(
        ModerationReport.subject_kind == ModerationItem.subject_kind,
        ModerationReport.subject_id == ModerationItem.subject_id,
        ModerationReport.outcome.is_(None),
    )
    rows = db.session.execute(
        select(ModerationItem, func.coalesce(ModerationCase.revision, 0), is_reported)
        .outerjoin(
            ModerationCase,
            (ModerationCase.subject_kind == ModerationItem.subject_kind)
            & (ModerationCase.subject_id == ModerationItem.subject_id),
        )
        .where(ModerationItem.closed_at.is_(None), ModerationItem.subject_kind.in_(kinds))
        .order_by(ModerationItem.opened_at, ModerationItem.id)
        .limit(limit)
    )
    return [(item, revision, has_reports) for item, revision, has_reports in rows]


def count_open(*, kinds: Collection[str]) -> int:
    """Return how many things of these kinds wait."""
    return (
        db.session.scalar(
            select(func.count())
            .select_from(ModerationItem)
            .where(ModerationItem.closed_at.is_(None), ModerationItem.subject_kind.in_(kinds))
        )
        or 0
    )
