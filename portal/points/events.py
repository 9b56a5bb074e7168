"""What happened to the points of a household."""

from dataclasses import dataclass
from typing import ClassVar

from portal.core.outbox import Event


@dataclass(frozen=True, kw_only=True)
class PointsAwarded(Event):
    """A household was given points."""

    kind: ClassVar[str] = "points.awarded"

    transfer_id: int


@dataclass(frozen=True, kw_only=True)
class PointsReversed(Event):
    """An award was taken back."""

    kind: ClassVar[str] = "points.reversed"

    transfer_id: int
