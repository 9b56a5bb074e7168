"""What happened to plans."""

from dataclasses import dataclass
from typing import ClassVar

from portal.core.outbox import Event


@dataclass(frozen=True, kw_only=True)
class NoticeOpened(Event):
    """A version is on public notice, and everybody can say what they think of it."""

    kind: ClassVar[str] = "plans.notice-opened"

    version_id: int


@dataclass(frozen=True, kw_only=True)
class VersionMoved(Event):
    """A version took a step of its life; `step` and `state` are values of `life.py`, `rules.py`."""

    kind: ClassVar[str] = "plans.version-moved"

    version_id: int
    step: str
    state: str
