"""What the pages show of a proposal beside its words: its way, and how far its signatures are."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import LazyString

from portal.proposals.models import ProposalStep
from portal.proposals.rules import ENDED, State
from portal.proposals.service import Line
from portal.proposals.words import STEPS

AHEAD = (State.THRESHOLD_MET, State.COUNCIL_LISTED, State.DELIBERATED, State.DECIDED, State.DONE)
"""The steps that a reader expects, in their order."""


@dataclass(frozen=True)
class Way:
    """A step on the way of a proposal: done, now, or still to come."""

    state: str
    word: LazyString
    when: datetime | None
    reason: str = ""


def way(steps: Sequence[ProposalStep]) -> list[Way]:
    """Return the whole way of a proposal: what was, and what is still to come."""
    found = [
        Way("now" if row is steps[-1] else "done", STEPS[row.state], row.done_at, row.reason)
        for row in steps
    ]
    last = steps[-1].state if steps else State.COLLECTING
    if last in ENDED:
        return found
    met = {row.state for row in steps}
    passed = max((AHEAD.index(state) for state in met if state in AHEAD), default=-1)
    if last in (State.IMPLEMENTING,):
        passed = AHEAD.index(State.DECIDED)
    return found + [Way("next", STEPS[state], None) for state in AHEAD[passed + 1 :]]


def percent(line: Line) -> int:
    """Return how much of the council's threshold is reached, by persons or by households."""
    needs = line.proposal.needs
    reached = max(
        100 * line.signers // max(1, needs.signers),
        100 * line.households // max(1, needs.households),
    )
    return min(100, reached)
