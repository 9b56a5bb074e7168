"""What happens in rooms that others are told of."""

from dataclasses import dataclass
from typing import ClassVar

from portal.core.outbox import Event


@dataclass(frozen=True, kw_only=True)
class Mentioned(Event):
    """A message called people by their names."""

    kind: ClassVar[str] = "rooms.mentioned"
    message_id: int
    resident_ids: tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class Announced(Event):
    """The committee announced something in a room."""

    kind: ClassVar[str] = "rooms.announced"
    message_id: int


@dataclass(frozen=True, kw_only=True)
class OpinionSuggested(Event):
    """Somebody who answers for the plan would like a message as an opinion."""

    kind: ClassVar[str] = "rooms.opinion-suggested"
    message_id: int
