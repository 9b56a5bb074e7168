"""Instant run-off: whoever has the fewest first places leaves, until somebody has over half.

Ties for the last place are not broken by lot. Every way of breaking them is followed: who wins in
all of them has won; if several can win, they are tied and there is a run-off among them
(domain.md V17). The rounds show one way, in which the later one on the paper leaves first.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from portal.ballots.papers import Paper, chosen_of

MOST_WAYS = 5000
"""More sets of remaining options than this are not followed; then the rounds' own way decides."""


@dataclass(frozen=True)
class Round:
    """One round: the votes of those still in (None: out already), and who leaves after it.

    `tied` are those that shared the last place where only some of them leave. `exhausted` papers
    rank nobody who is still in.
    """

    votes: tuple[int | None, ...]
    exhausted: int
    out: tuple[int, ...]
    tied: tuple[int, ...]


@dataclass(frozen=True)
class Runoff:
    """The rounds, and who can win, however ties are broken."""

    rounds: tuple[Round, ...]
    winners: tuple[int, ...]
    valid: int
    is_every_way_followed: bool

    @property
    def winner(self) -> int | None:
        """Return the one winner, or None if several are tied."""
        return self.winners[0] if len(self.winners) == 1 else None


def run_off(papers: Mapping[Paper, int], options: int) -> Runoff:
    """Count ranked papers."""
    rankings = [(chosen_of(paper), count) for paper, count in papers.items()]
    everybody = frozenset(range(options))
    rounds, last = _rounds(rankings, everybody, options)
    winners = _every_winner(rankings, everybody)
    return Runoff(
        tuple(rounds),
        tuple(sorted(last if winners is None else winners)),
        sum(papers.values()),
        winners is not None,
    )


Rankings = list[tuple[tuple[int, ...], int]]


def _votes(rankings: Rankings, still_in: frozenset[int]) -> dict[int, int]:
    votes = dict.fromkeys(still_in, 0)
    for ranking, count in rankings:
        for option in ranking:
            if option in still_in:
                votes[option] += count
                break
    return votes


def _decided(votes: dict[int, int]) -> frozenset[int]:
    """Return who has over half of the votes of this round; all of them if nobody has any."""
    live = sum(votes.values())
    if not live or len(votes) == 1:
        return frozenset(votes)
    return frozenset(option for option, count in votes.items() if 2 * count > live)


def _leaving(votes: dict[int, int]) -> tuple[tuple[int, ...], bool]:
    """Return who is last, and whether they are tied.

    Those who together have fewer votes than the next one leave together: in whatever order they
    went, each would be last again.
    """
    fewest = min(votes.values())
    last = tuple(sorted(option for option, count in votes.items() if count == fewest))
    above = [count for count in votes.values() if count > fewest]
    return last, len(last) > 1 and (not above or len(last) * fewest >= min(above))


def _rounds(
    rankings: Rankings, still_in: frozenset[int], options: int
) -> tuple[list[Round], frozenset[int]]:
    valid = sum(count for _, count in rankings)
    rounds = []
    while True:
        votes = _votes(rankings, still_in)
        shown = tuple(votes.get(option) for option in range(options))
        exhausted = valid - sum(votes.values())
        winners = _decided(votes)
        if winners:
            rounds.append(Round(shown, exhausted, (), ()))
            return rounds, winners
        last, is_tied = _leaving(votes)
        out = last[-1:] if is_tied else last
        rounds.append(Round(shown, exhausted, out, last if is_tied else ()))
        still_in -= set(out)


def _every_winner(rankings: Rankings, everybody: frozenset[int]) -> set[int] | None:
    """Return who wins in at least one way of breaking the ties; None if the ways are too many."""
    winners: set[int] = set()
    seen, to_do = {everybody}, [everybody]
    while to_do:
        if len(seen) > MOST_WAYS:
            return None
        still_in = to_do.pop()
        votes = _votes(rankings, still_in)
        decided = _decided(votes)
        winners |= decided
        if not decided:
            last, is_tied = _leaving(votes)
            for out in [{option} for option in last] if is_tied else [set(last)]:
                if (rest := still_in - out) not in seen:
                    seen.add(rest)
                    to_do.append(rest)
    return winners
