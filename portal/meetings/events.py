"""What happens to a meeting. No event tells who was there."""

from dataclasses import dataclass
from typing import ClassVar

from portal.core.outbox import Event


@dataclass(frozen=True, kw_only=True)
class MeetingConvened(Event):
    """A meeting was convened, perhaps in the place of another one."""

    kind: ClassVar[str] = "meetings.convened"

    meeting_id: int


@dataclass(frozen=True, kw_only=True)
class MeetingNears(Event):
    """It is the day before a meeting."""

    kind: ClassVar[str] = "meetings.nears"

    meeting_id: int


@dataclass(frozen=True, kw_only=True)
class MeetingCancelled(Event):
    """A meeting was called off."""

    kind: ClassVar[str] = "meetings.cancelled"

    meeting_id: int
