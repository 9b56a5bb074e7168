"""When the roster may be changed, and when a second person must agree. Pure."""

from datetime import datetime, timedelta
from enum import StrEnum

KEPT_PREPARED = timedelta(days=1)
KEPT_WAITING = timedelta(days=30)


class ChangeKind(StrEnum):
    """What happened to a resident's row."""

    ADDED = "added"
    CHANGED = "changed"
    REMOVED = "removed"
    RETURNED = "returned"


class ImportState(StrEnum):
    """Where an import stands: shown only, waiting for a second person, in, or dropped."""

    PREPARED = "prepared"
    WAITING = "waiting"
    DONE = "done"
    DROPPED = "dropped"


class Refusal(StrEnum):
    """Why the roster is not changed; words.py has the words."""

    OVER = "over"
    ROSTER_CHANGED = "roster-changed"
    ANOTHER_WAITS = "another-waits"
    OWN_CHANGE = "own-change"
    NOTHING_TO_CHANGE = "nothing-to-change"
    CLASH = "clash"
    ID_OF_ANOTHER = "id-of-another"
    ELECTORATE_IN_USE = "electorate-in-use"


def why_not_apply(
    *, state: ImportState, is_fresh: bool, is_empty: bool, has_clash: bool
) -> Refusal | None:
    """Say why an import cannot go in now, or None."""
    if state is not ImportState.PREPARED:
        return Refusal.OVER
    if not is_fresh:
        return Refusal.ROSTER_CHANGED
    if has_clash:
        return Refusal.CLASH
    return Refusal.NOTHING_TO_CHANGE if is_empty else None


def why_not_confirm(
    *, state: ImportState, is_fresh: bool, prepared_by_id: int | None, account_id: int
) -> Refusal | None:
    """Say why this person cannot be the second one, or None (trust.md P20)."""
    if state is not ImportState.WAITING:
        return Refusal.OVER
    if prepared_by_id == account_id:
        return Refusal.OWN_CHANGE
    return None if is_fresh else Refusal.ROSTER_CHANGED


def is_stale(*, state: ImportState, prepared_at: datetime, now: datetime) -> bool:
    """Tell whether a handed in roster lay too long: what it holds of people is dropped then."""
    kept = {ImportState.PREPARED: KEPT_PREPARED, ImportState.WAITING: KEPT_WAITING}
    return state in kept and now - prepared_at > kept[state]
