"""What happens to a ballot. No event tells who voted, or how."""

from dataclasses import dataclass
from typing import ClassVar

from portal.core.outbox import Event


@dataclass(frozen=True, kw_only=True)
class BallotOpened(Event):
    """Votes can be cast."""

    kind: ClassVar[str] = "ballots.opened"

    ballot_id: int


@dataclass(frozen=True, kw_only=True)
class BallotCloses(Event):
    """A day is left to vote."""

    kind: ClassVar[str] = "ballots.closes"

    ballot_id: int


@dataclass(frozen=True, kw_only=True)
class BallotClosed(Event):
    """Voting is over, and the result stands. `is_early`: before it was announced to end."""

    kind: ClassVar[str] = "ballots.closed"

    ballot_id: int
    is_early: bool = False
