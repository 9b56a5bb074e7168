"""What happens to proposals. No event tells who signed."""

from dataclasses import dataclass
from typing import ClassVar

from portal.core.outbox import Event


@dataclass(frozen=True, kw_only=True)
class ProposalMoved(Event):
    """A proposal went on to another state."""

    kind: ClassVar[str] = "proposals.moved"

    proposal_id: int
    state: str
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class OpinionAdvised(Event):
    """The council wants a proposal among the opinions on the plan; its author has to agree."""

    kind: ClassVar[str] = "proposals.opinion-advised"

    proposal_id: int


@dataclass(frozen=True, kw_only=True)
class MeetingDemanded(Event):
    """So many signed that the committee must convene the villagers' meeting (V8)."""

    kind: ClassVar[str] = "proposals.meeting-demanded"

    proposal_id: int
