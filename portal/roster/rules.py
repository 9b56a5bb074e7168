"""Who is new, who changed, who left; and when a second person must agree. Pure."""

from enum import StrEnum


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
