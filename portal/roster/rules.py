"""When the roster may be changed, and when a second person must agree. Pure."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class ChangeKind(StrEnum):
    """What happened to a resident's row."""

    ADDED = "added"
    CHANGED = "changed"
    REMOVED = "removed"
    RETURNED = "returned"
    MOVED = "moved"
    ADMITTED = "admitted"
    DIED = "died"


class Action(StrEnum):
    """What was handed in: a whole file, or one thing about one resident, made on their page."""

    FILE = "file"
    ADD = "add"
    CORRECT = "correct"
    MOVE = "move"
    ADMIT = "admit"
    LEAVE = "leave"
    DIE = "die"
    RETURN = "return"


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
    UNANSWERED = "unanswered"
    REMOVES = "removes"
    NEW_HOUSEHOLD = "new-household"
    NOT_HERE = "not-here"
    STILL_HERE = "still-here"
    REGISTERED = "registered"
    DAY_TO_COME = "day-to-come"
    BEFORE_BIRTH = "before-birth"


@dataclass(frozen=True, kw_only=True)
class Standing:
    """How an import stands to the roster at this moment.

    `is_fresh`: the roster is as it was when somebody last looked at what the import would do.
    """

    state: ImportState
    is_fresh: bool
    is_empty: bool
    has_clash: bool
    unanswered: int
    removed: int


def why_not_apply(standing: Standing, *, agreed_removed: int | None) -> Refusal | None:
    """Say why an import cannot go in now, or None.

    `agreed_removed` is the number of those who leave by it, as whoever sends it agreed to.
    """
    if standing.state is not ImportState.PREPARED:
        return Refusal.OVER
    if not standing.is_fresh:
        return Refusal.ROSTER_CHANGED
    if standing.has_clash:
        return Refusal.CLASH
    if standing.unanswered:
        return Refusal.UNANSWERED
    if standing.is_empty:
        return Refusal.NOTHING_TO_CHANGE
    if standing.removed and agreed_removed != standing.removed:
        return Refusal.REMOVES
    return None


def why_not_confirm(
    *, state: ImportState, is_fresh: bool, prepared_by_id: int | None, account_id: int
) -> Refusal | None:
    """Say why this person cannot be the second one, or None (trust.md P20)."""
    if state is not ImportState.WAITING:
        return Refusal.OVER
    if prepared_by_id == account_id:
        return Refusal.OWN_CHANGE
    return None if is_fresh else Refusal.ROSTER_CHANGED


def why_not_on(day: date, *, today: date, born_on: date | None) -> Refusal | None:
    """Say why a day cannot be the one on which something happened to a resident, or None."""
    if day > today:
        return Refusal.DAY_TO_COME
    return Refusal.BEFORE_BIRTH if born_on is not None and day < born_on else None


def why_not_act(action: Action, *, has_left: bool, is_registered: bool) -> Refusal | None:
    """Say why something cannot be done about a resident, or None.

    Only who is registered elsewhere is admitted by the meeting (domain.md V23).
    """
    if action is Action.RETURN:
        return None if has_left else Refusal.STILL_HERE
    if has_left:
        return Refusal.NOT_HERE
    return Refusal.REGISTERED if action is Action.ADMIT and is_registered else None
