"""The money goes to the most wanted project first, then to the next, as far as it lasts."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    """What became of a project when its turn came."""

    FUNDED = "funded"
    TOO_FEW_VOTES = "too-few-votes"
    NO_MONEY_LEFT = "no-money-left"
    AFTER_THE_STOP = "after-the-stop"


@dataclass(frozen=True)
class Turn:
    """A project's turn: what it got, what it costs, what was left, and what became of it.

    `tied` are the others with the same votes; the earlier one on the paper came first.
    """

    option: int
    score: int
    cost: int
    left: int
    verdict: Verdict
    tied: tuple[int, ...]


@dataclass(frozen=True)
class Greedy:
    """The turns in their order, and what was funded."""

    turns: tuple[Turn, ...]
    budget: int
    min_votes: int
    is_skipping: bool

    @property
    def funded(self) -> tuple[int, ...]:
        """Return the funded projects in the order of their turns."""
        return tuple(turn.option for turn in self.turns if turn.verdict is Verdict.FUNDED)

    @property
    def tied_at_the_edge(self) -> tuple[int, ...]:
        """Return the projects whose fate hung on the order among equals (V17: a run-off)."""
        fate = {turn.option: turn.verdict for turn in self.turns}
        return tuple(t.option for t in self.turns if {fate[i] for i in t.tied} - {t.verdict})

    @property
    def spent(self) -> int:
        """Return what the funded projects cost together."""
        return sum(turn.cost for turn in self.turns if turn.verdict is Verdict.FUNDED)


def fund_most_wanted(
    scores: Sequence[int],
    costs: Sequence[int],
    budget: int,
    *,
    min_votes: int = 0,
    is_skipping: bool = True,
) -> Greedy:
    """Fund by score. A project that no longer fits is skipped, or everything stops with it.

    A project with fewer than `min_votes`, or with none, is not funded and stops nothing.
    """
    order = sorted(range(len(scores)), key=lambda i: (-scores[i], i))
    left, is_stopped = budget, False
    turns = []
    for option in order:
        verdict = Verdict.FUNDED
        if scores[option] < max(min_votes, 1):
            verdict = Verdict.TOO_FEW_VOTES
        elif is_stopped:
            verdict = Verdict.AFTER_THE_STOP
        elif costs[option] > left:
            verdict, is_stopped = Verdict.NO_MONEY_LEFT, not is_skipping
        tied = tuple(i for i in order if i != option and scores[i] == scores[option])
        turns.append(Turn(option, scores[option], costs[option], left, verdict, tied))
        left -= costs[option] if verdict is Verdict.FUNDED else 0
    return Greedy(tuple(turns), budget, min_votes, is_skipping)
