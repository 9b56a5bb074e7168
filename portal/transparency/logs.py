"""Logs of a village: the public record itself, and others beside it. Leaves are only ever added."""

from collections.abc import Collection

from sqlalchemy import SQLColumnExpression, func, insert, or_, select, true

from portal.core import scope
from portal.core.db import db
from portal.people.models import Region
from portal.transparency.models import LogLeaf, RecordEntry
from portal.transparency.tree import Span

RECORD = "record"


def append(log: str, leaves: Collection[str]) -> int:
    """Add leaf hashes (hexadecimal) behind the last of a log; return how long it is now.

    The record itself grows by `service.append` alone. Writers of one village queue for its row.
    """
    if log == RECORD:
        raise ValueError("the record is written by service.append")
    lock_village()
    count = size(log)
    rows = [
        {"village_id": scope.require_village(), "log": log, "idx": idx, "leaf_sha256": leaf}
        for idx, leaf in enumerate(leaves, start=count)
    ]
    if rows:
        db.session.execute(insert(LogLeaf), rows)
    return count + len(rows)


def size(log: str) -> int:
    """Return how many leaves a log has: the place behind its last one."""
    place, _, of_log = _columns(log)
    last = db.session.scalar(select(func.max(place)).where(of_log))
    return 0 if last is None else last + 1


def names() -> list[str]:
    """Return the names of all logs of this village, the record first."""
    others = db.session.scalars(select(LogLeaf.log).distinct().order_by(LogLeaf.log))
    return [RECORD, *others]


def leaves(log: str, start: int = 0, end: int | None = None) -> list[str]:
    """Return the leaf hashes of a log in their order, or a span of them."""
    return list(numbered(log, [(start, size(log) if end is None else end)]).values())


def find(log: str, leaf: str) -> int | None:
    """Return the place of a leaf in a log, from zero; None if it is not there."""
    place, hashed, of_log = _columns(log)
    return db.session.scalar(select(place).where(of_log, hashed == leaf).limit(1))


def numbered(log: str, spans: Collection[Span]) -> dict[int, str]:
    """Return the leaf hashes within these spans, by their place, in their order."""
    if not spans:
        return {}
    place, leaf, of_log = _columns(log)
    within = or_(*(place.between(start, end - 1) for start, end in spans))
    rows = db.session.execute(select(place, leaf).where(of_log, within).order_by(place))
    return {row[0]: row[1] for row in rows}


def lock_village() -> str:
    """Wait until nobody else writes into this village's logs; return its code."""
    return db.session.scalars(
        select(Region.code)
        .where(Region.id == scope.require_village())
        .with_for_update(key_share=True)
    ).one()


def _columns(
    log: str,
) -> tuple[SQLColumnExpression[int], SQLColumnExpression[str], SQLColumnExpression[bool]]:
    """Name where the leaves of a log lie: their place from zero, their hash, which rows."""
    if log == RECORD:
        return RecordEntry.number - 1, RecordEntry.leaf_sha256, true()
    return LogLeaf.idx, LogLeaf.leaf_sha256, LogLeaf.log == log
