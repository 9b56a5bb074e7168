"""What may be said about a plan, by whom and when. Pure: no Flask, no database."""

from enum import StrEnum

LONGEST_OPINION = 2000
LONGEST_OTHER = 8000
"""So much of what other devices wrote is kept beside a draft, the latest of it."""
WHOLE = "plan"
"""The choice that an opinion is about the whole plan."""
SPOT = "spot"
"""What an opinion on a spot of the map is about; where that is, is kept beside it."""


class Order(StrEnum):
    """In which order opinions are listed."""

    NEWEST = "newest"
    OLDEST = "oldest"


class Refusal(StrEnum):
    """Why no opinion is taken now; views.py has the words."""

    NOT_OPEN = "not-open"


def put_aside(others: str, body: str, *, instead: str) -> str:
    """Return what is kept beside a draft once its words `body` give way to those of `instead`.

    Words that the new ones contain, or that are there already, are not kept twice.
    """
    if not body or body in instead or body in others:
        return others
    return f"{others}\n\n{body}".strip()[-LONGEST_OTHER:]


class GroupRefusal(StrEnum):
    """Why opinions are not bundled, or not taken apart; group_views.py has the words."""

    TOO_FEW = "too-few"
    STALE = "stale"
