"""How long each kind of personal data is kept: one table, for the privacy notice and the chores."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, delete, select

from portal.core.db import VillageRow, db

BATCH = 5_000
"""How many rows one chore forgets in one go; the next run takes the next ones."""


class Kept(StrEnum):
    """A kind of data, as the privacy notice speaks of it."""

    SIGN_INS = "sign-ins"
    COUNTS = "counts"
    SESSIONS = "sessions"
    STAGED_ROSTERS = "staged-rosters"
    RECOGNITIONS = "recognitions"
    NEWS = "news"
    DELIVERIES = "deliveries"
    MESSAGES = "messages"
    DEPARTED = "departed"
    ROSTER = "roster"
    WRITINGS = "writings"
    REPORTS = "reports"
    REPLIES = "replies"
    VOTES = "votes"
    POINTS = "points"
    CONSENTS = "consents"
    LOOKS = "looks"


# Days by version of the notice, the newest last; None: an archive that the law has kept for good.
# What is in force is what the newest notice promises. A change is a new line and a new notice.
PROMISED: tuple[tuple[str, Mapping[Kept, int | None]], ...] = (
    (
        "2026-11",
        {
            Kept.SIGN_INS: 1,
            Kept.COUNTS: 2,
            Kept.SESSIONS: 30,
            Kept.STAGED_ROSTERS: 7,
            Kept.RECOGNITIONS: 180,
            Kept.NEWS: 30,
            Kept.DELIVERIES: 30,
            Kept.MESSAGES: 365,
            Kept.DEPARTED: 730,
            Kept.ROSTER: None,
            Kept.WRITINGS: None,
            Kept.REPLIES: None,
            Kept.VOTES: None,
            Kept.POINTS: None,
            Kept.CONSENTS: None,
            Kept.LOOKS: None,
        },
    ),
    (
        "2026-12",
        {
            Kept.SIGN_INS: 1,
            Kept.COUNTS: 2,
            Kept.SESSIONS: 30,
            Kept.STAGED_ROSTERS: 7,
            Kept.RECOGNITIONS: 180,
            Kept.NEWS: 30,
            Kept.DELIVERIES: 30,
            Kept.MESSAGES: 365,
            Kept.DEPARTED: 730,
            Kept.ROSTER: None,
            Kept.WRITINGS: None,
            Kept.REPORTS: 365,
            Kept.REPLIES: None,
            Kept.VOTES: None,
            Kept.POINTS: None,
            Kept.CONSENTS: None,
            Kept.LOOKS: None,
        },
    ),
)


def version() -> str:
    """Return the version of the notice that is in force."""
    return PROMISED[-1][0]


def promised(of_version: str) -> Mapping[Kept, int | None]:
    """Return what a version of the notice promises, or raise KeyError."""
    return dict(PROMISED)[of_version]


def limit_of(kind: Kept, *, now: datetime) -> datetime:
    """Return the moment before which data of this kind are to be gone.

    Raises ValueError for what is kept for good.
    """
    days = promised(version())[kind]
    if days is None:
        raise ValueError(f"{kind} is kept for good")
    return now - timedelta(days=days)


def forget(table: type[VillageRow], *criteria: ColumnElement[bool]) -> int:
    """Delete the oldest rows that the criteria name, a bounded number; return how many.

    For chores: it leaves the village, so it runs only where every village may be read.
    """
    batch = select(table.id).where(*criteria).order_by(table.id).limit(BATCH)
    return delete_rows(table, list(db.session.scalars(batch)))


def delete_rows(table: type[VillageRow], ids: list[int]) -> int:
    """Delete these rows; return how many there were."""
    for start in range(0, len(ids), 500):  # fewer than any database's parameters
        some: Any = table.id.in_(ids[start : start + 500])
        db.session.execute(delete(table).where(some).execution_options(synchronize_session=False))
    return len(ids)
