"""What happened to villages."""

from dataclasses import dataclass
from typing import ClassVar

from portal.core.outbox import Event


@dataclass(frozen=True, kw_only=True)
class VillageChanged(Event):
    """A village was founded, renamed, closed or opened again; `name` is its name since then."""

    kind: ClassVar[str] = "villages.changed"

    deed: str
    name: str
    account_id: int | None
