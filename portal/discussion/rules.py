"""What may be said about a plan, by whom and when. Pure: no Flask, no database."""

from enum import StrEnum

LONGEST_OPINION = 2000
SPOT = "spot"
"""What an opinion on a spot of the map is about; where that is, is kept beside it."""


class Order(StrEnum):
    """In which order opinions are listed."""

    NEWEST = "newest"
    OLDEST = "oldest"


class Refusal(StrEnum):
    """Why no opinion is taken now; views.py has the words."""

    NOT_OPEN = "not-open"


class GroupRefusal(StrEnum):
    """Why opinions are not bundled, or not taken apart; group_views.py has the words."""

    TOO_FEW = "too-few"
    STALE = "stale"
