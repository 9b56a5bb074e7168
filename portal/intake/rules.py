"""When a plan that was handed in may go in. Pure."""

from enum import StrEnum

MOST_OPEN = 20
"""How many files may wait in a village at once; each is up to 20 MB."""
KEPT_DAYS = 7
LARGE = 3_000_000
"""Files from this size on are read by the job process, with a page that waits."""


class ImportState(StrEnum):
    """How far a file is."""

    WAITING = "waiting"
    PREPARED = "prepared"
    DONE = "done"
    DROPPED = "dropped"


OPEN = (ImportState.WAITING, ImportState.PREPARED)


class Target(StrEnum):
    """What becomes of a file: a plan of its own, the content of a draft, or the next version."""

    NEW = "new"
    DRAFT = "draft"
    NEXT = "next"


class Refusal(StrEnum):
    """Why a file does not go in; words.py has the words."""

    OVER = "over"
    NOT_READ_YET = "not-read-yet"
    HAS_FAULTS = "has-faults"
    UNSETTLED = "unsettled"
    STALE = "stale"
    TOO_MANY_OPEN = "too-many-open"
    NO_SUCH_TARGET = "no-such-target"


def why_not_put_in(
    *, state: ImportState, is_fresh: bool, faults: int, unsettled: int
) -> Refusal | None:
    """Say why a file that was looked at cannot go in now."""
    if state is ImportState.WAITING:
        return Refusal.NOT_READ_YET
    if state is not ImportState.PREPARED:
        return Refusal.OVER
    if not is_fresh:
        return Refusal.STALE
    if faults:
        return Refusal.HAS_FAULTS
    return Refusal.UNSETTLED if unsettled else None
