"""What may be said about a plan, by whom and when. Pure: no Flask, no database."""

from enum import StrEnum

LONGEST_OPINION = 2000


class Refusal(StrEnum):
    """Why no opinion is taken now; views.py has the words."""

    NOT_OPEN = "not-open"
