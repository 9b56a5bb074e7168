"""What happened to people."""

from dataclasses import dataclass
from typing import ClassVar

from portal.core.outbox import Event


@dataclass(frozen=True, kw_only=True)
class PostChanged(Event):
    """Somebody was given a post, or a post ended."""

    kind: ClassVar[str] = "people.post-changed"

    account_id: int
    role: str
    is_given: bool
