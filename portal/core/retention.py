"""How long each kind of personal data is kept: one table, for the privacy notice and the chores."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum


class Kept(StrEnum):
    """A kind of data, as the privacy notice speaks of it."""

    SIGN_INS = "sign-ins"
    SESSIONS = "sessions"
    STAGED_ROSTERS = "staged-rosters"
    RECOGNITIONS = "recognitions"
    MESSAGES = "messages"
    DEPARTED = "departed"
    ROSTER = "roster"
    WRITINGS = "writings"
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
            Kept.SESSIONS: 30,
            Kept.STAGED_ROSTERS: 1,
            Kept.RECOGNITIONS: 180,
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
)
VERSION, KEEP = PROMISED[-1]


def limit_of(kind: Kept, *, now: datetime) -> datetime:
    """Return the moment before which data of this kind are to be gone.

    Raises ValueError for what is kept for good.
    """
    days = KEEP[kind]
    if days is None:
        raise ValueError(f"{kind} is kept for good")
    return now - timedelta(days=days)
