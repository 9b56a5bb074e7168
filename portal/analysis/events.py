"""What happened in the planners' checks."""

from dataclasses import dataclass
from typing import ClassVar

from portal.core.outbox import Event


@dataclass(frozen=True, kw_only=True)
class LightChanged(Event):
    """A measure of a version stands otherwise against its cap than it was last seen."""

    kind: ClassVar[str] = "analysis.light-changed"

    version_id: int
    measure: str
    light: str
    before: str
