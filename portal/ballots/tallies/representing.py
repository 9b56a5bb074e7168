"""Who is represented by what was funded; the same figures for each way of giving the money out."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from portal.ballots.papers import Paper


@dataclass(frozen=True)
class Represented:
    """What the voters got of what they chose. Means are of all voters, as pairs of integers.

    `by_number[k]` voters have k of their projects funded; `yuan` adds up, over all voters, the
    cost of their funded projects, and `chosen_yuan` that of all their projects.
    """

    voters: int
    by_number: tuple[int, ...]
    yuan: int
    chosen_yuan: int
    spent: int

    @property
    def with_any(self) -> int:
        """Return how many voters have at least one of their projects funded."""
        return self.voters - self.by_number[0]

    @property
    def with_none(self) -> int:
        """Return how many voters have none of their projects funded."""
        return self.by_number[0]

    @property
    def mean_number(self) -> tuple[int, int]:
        """Return how many funded projects a voter chose, on average."""
        return sum(k * count for k, count in enumerate(self.by_number)), self.voters

    @property
    def mean_yuan(self) -> tuple[int, int]:
        """Return for how much money funded projects stand that a voter chose, on average."""
        return self.yuan, self.voters


@dataclass(frozen=True)
class Compared:
    """Two outcomes side by side: how many voters have more money in their projects under which."""

    better_first: int
    better_second: int
    same: int


def represent(
    papers: Mapping[Paper, int], costs: Sequence[int], funded: Collection[int]
) -> Represented:
    """Say who is represented by an outcome."""
    numbers: Counter[int] = Counter({0: 0})
    yuan = chosen_yuan = 0
    for paper, count in papers.items():
        chosen = [option for option, value in enumerate(paper) if value]
        numbers[sum(1 for option in chosen if option in funded)] += count
        yuan += count * sum(costs[option] for option in chosen if option in funded)
        chosen_yuan += count * sum(costs[option] for option in chosen)
    return Represented(
        sum(papers.values()),
        tuple(numbers[k] for k in range(max(numbers) + 1)),
        yuan,
        chosen_yuan,
        sum(costs[option] for option in funded),
    )


def compare(
    papers: Mapping[Paper, int],
    costs: Sequence[int],
    first: Collection[int],
    second: Collection[int],
) -> Compared:
    """Count the voters who have more of their projects' cost funded under one outcome."""
    sides: Counter[int] = Counter()
    for paper, count in papers.items():
        gain = sum(
            costs[option] * ((option in first) - (option in second))
            for option, value in enumerate(paper)
            if value
        )
        sides[(gain > 0) - (gain < 0)] += count
    return Compared(sides[1], sides[-1], sides[0])
