"""Plain sums: single choice, approval, points, and points for places."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from portal.ballots.papers import Paper


@dataclass(frozen=True)
class Sums:
    """What each option got, and from how many."""

    sums: tuple[int, ...]
    voters: tuple[int, ...]
    valid: int

    @property
    def order(self) -> tuple[tuple[int, ...], ...]:
        """Return the options by their sums, the greatest first, equal ones together."""
        return in_order(self.sums)

    @property
    def first(self) -> tuple[int, ...]:
        """Return who is in front: one option, or those that share the place (V17: a run-off)."""
        return self.order[0] if any(self.sums) else ()


def in_order(values: Sequence[int]) -> tuple[tuple[int, ...], ...]:
    """Return indices by value, the greatest first, equal ones together."""
    return tuple(
        tuple(i for i, value in enumerate(values) if value == wanted)
        for wanted in sorted(set(values), reverse=True)
    )


def add_up(papers: Mapping[Paper, int], options: int) -> Sums:
    """Add up the values of the papers: ticks as 1, points as they were given."""
    sums, voters = [0] * options, [0] * options
    for paper, count in papers.items():
        for index, value in enumerate(paper):
            if value:
                sums[index] += value * count
                voters[index] += count
    return Sums(tuple(sums), tuple(voters), sum(papers.values()))


def points_for_places(papers: Mapping[Paper, int], options: int, places: int) -> Sums:
    """Give `places` points for a first place, one less for each next, else none (Borda)."""
    points: dict[Paper, int] = {}
    for paper, count in papers.items():
        given = tuple(max(places - place + 1, 0) if place else 0 for place in paper)
        points[given] = points.get(given, 0) + count
    return add_up(points, options)
