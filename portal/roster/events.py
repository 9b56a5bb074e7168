"""What happened to the roster."""

from dataclasses import dataclass
from typing import ClassVar

from portal.core.outbox import Event


@dataclass(frozen=True, kw_only=True)
class RosterChanged(Event):
    """The row of somebody who has an account was changed. `fields` names columns, never values."""

    kind: ClassVar[str] = "roster.changed"

    resident_id: int
    account_id: int
    change: str
    fields: list[str]


@dataclass(frozen=True, kw_only=True)
class RosterChangeWaits(Event):
    """A change of the roster waits for a second person, because a ballot is under way."""

    kind: ClassVar[str] = "roster.change-waits"

    import_id: int
    account_id: int
