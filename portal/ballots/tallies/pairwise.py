"""Condorcet's order: each option against each other one, by how many papers rank it higher."""

from collections.abc import Mapping
from dataclasses import dataclass

from portal.ballots.papers import Paper


@dataclass(frozen=True)
class Pairwise:
    """How many papers rank a row's option above a column's, and the order that follows.

    In `tiers` everybody beats everybody further down; inside a tier there is no such split,
    because of a tie or because they beat each other in a circle. `tiers[0]` is the Smith set.
    `circle` is the shortest circle in the first tier that has one: each beats the next.
    """

    above: tuple[tuple[int, ...], ...]
    tiers: tuple[tuple[int, ...], ...]
    circle: tuple[int, ...]
    valid: int

    @property
    def winner(self) -> int | None:
        """Return the option that beats every other one, if there is one (Condorcet's winner)."""
        return self.tiers[0][0] if len(self.tiers[0]) == 1 else None

    def beats(self, one: int, other: int) -> bool:
        """Tell whether more papers rank one above the other than the other way round."""
        return self.above[one][other] > self.above[other][one]


def compare_all(papers: Mapping[Paper, int], options: int) -> Pairwise:
    """Count ranked papers. What is not ranked stands below all that is, level with the rest."""
    above = [[0] * options for _ in range(options)]
    unranked = options + 1
    for paper, count in papers.items():
        places = [place or unranked for place in paper]
        for one, place in enumerate(places):
            if place != unranked:
                row = above[one]
                for other, its in enumerate(places):
                    if place < its:
                        row[other] += count
    tiers = _tiers(above)
    circles = (_circle(above, tier) for tier in tiers)
    return Pairwise(
        tuple(map(tuple, above)),
        tiers,
        next((circle for circle in circles if circle), ()),
        sum(papers.values()),
    )


def _tiers(above: list[list[int]]) -> tuple[tuple[int, ...], ...]:
    """Put together who can reach each other over “is not beaten by” (strong components)."""
    options = range(len(above))
    reach = [
        {one}
        | {other for other in options if other != one and above[one][other] >= above[other][one]}
        for one in options
    ]
    for via in options:
        for one in options:
            if via in reach[one]:
                reach[one] |= reach[via]
    sizes = sorted({len(found) for found in reach}, reverse=True)
    return tuple(tuple(one for one in options if len(reach[one]) == size) for size in sizes)


def _circle(above: list[list[int]], tier: tuple[int, ...]) -> tuple[int, ...]:
    """Return a shortest circle of options each of which beats the next."""
    shortest: tuple[int, ...] = ()
    for start in tier:
        paths: list[tuple[int, ...]] = [(start,)]
        seen = {start}
        while paths and not (shortest and len(paths[0]) >= len(shortest)):
            path, *paths = paths
            for option in tier:
                if above[path[-1]][option] <= above[option][path[-1]]:
                    continue
                if option == start:
                    shortest, paths = path, []
                    break
                if option not in seen:
                    seen.add(option)
                    paths.append((*path, option))
    return shortest
