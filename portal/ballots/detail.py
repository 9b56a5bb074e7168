"""What comes of the papers of a ballot beyond sums: rounds, pairs, projects funded. Plain values.

The same shape whether it was counted just now, from votes with names, or once, from an opened urn:
it is what the page shows, the archive holds and the observer's script counts again.
"""

from collections.abc import Mapping
from dataclasses import asdict
from enum import StrEnum
from fractions import Fraction
from typing import Any

from portal.ballots.papers import TICKS, Frame, Paper
from portal.ballots.rules import Kind
from portal.ballots.tallies.equal_shares import Completion, share_equally
from portal.ballots.tallies.greedy import fund_most_wanted
from portal.ballots.tallies.pairwise import compare_all
from portal.ballots.tallies.representing import compare, represent
from portal.ballots.tallies.runoff import run_off
from portal.ballots.tallies.scores import add_up, points_for_places

COMPLETIONS = (Completion.STOP_WHEN_EXHAUSTIVE, Completion.UNTIL_OVERSPEND)

Detail = dict[str, Any]


def sums_of(frame: Frame, papers: Mapping[Paper, int]) -> list[int]:
    """Return for each option how many chose it, gave it the first place, or its points."""
    if frame.kind is Kind.RANKED:
        papers = _firsts(papers)
    return list(add_up(papers, frame.options).sums)


def detail_of(
    frame: Frame, papers: Mapping[Paper, int], *, min_votes: int, is_skipping: bool
) -> Detail:
    """Count papers by every rule that fits their kind.

    Keys: `runoff` and `pairwise` of a ranked vote, `scores` of one with points, `greedy`, `shares`
    (by completion), `represented` and `compared` where money is given out.
    """
    found: Detail = {}
    if frame.kind is Kind.RANKED:
        runoff, pairs = run_off(papers, frame.options), compare_all(papers, frame.options)
        found["runoff"] = told(asdict(runoff)) | {"winner": runoff.winner}
        found["pairwise"] = told(asdict(pairs)) | {"winner": pairs.winner}
    if frame.kind is Kind.SCORE:
        found["scores"] = told(asdict(add_up(papers, frame.options)))
    costs = [cost for cost in frame.costs if cost]
    if frame.budget_yuan and len(costs) == frame.options:
        found |= _money(frame, papers, costs, min_votes=min_votes, is_skipping=is_skipping)
    return found


def _money(
    frame: Frame,
    papers: Mapping[Paper, int],
    costs: list[int],
    *,
    min_votes: int,
    is_skipping: bool,
) -> Detail:
    budget = frame.budget_yuan or 0
    scores = sums_of(frame, papers)
    if frame.kind is Kind.RANKED:  # as Pabulib counts places: the first gives the most points
        scores = list(points_for_places(papers, frame.options, frame.most).sums)
    greedy = fund_most_wanted(scores, costs, budget, min_votes=min_votes, is_skipping=is_skipping)
    funded = {"greedy": greedy.funded}
    found: Detail = {
        "greedy": told(asdict(greedy))
        | {
            "funded": list(greedy.funded),
            "spent": greedy.spent,
            "edge": list(greedy.tied_at_the_edge),
        }
    }
    if frame.kind in TICKS:  # Equal Shares counts ticks, not points
        shares = share_equally(papers, costs, budget)
        found["shares"] = {
            kind.value: told(asdict(shares[kind])) | {"funded": list(shares[kind].funded)}
            for kind in COMPLETIONS
        }
        funded |= {kind.value: shares[kind].funded for kind in COMPLETIONS}
        found["compared"] = {
            kind.value: told(asdict(compare(papers, costs, greedy.funded, shares[kind].funded)))
            for kind in COMPLETIONS
        }
    found["represented"] = {}
    for rule, options in funded.items():
        some = represent(papers, costs, options)
        found["represented"][rule] = told(asdict(some)) | {"with_any": some.with_any}
    return found


def _firsts(papers: Mapping[Paper, int]) -> dict[Paper, int]:
    firsts: dict[Paper, int] = {}
    for paper, count in papers.items():
        first = tuple(int(value == 1) for value in paper)
        firsts[first] = firsts.get(first, 0) + count
    return firsts


def told(value: Any) -> Any:
    """Return plain JSON values: fractions as “7/3”, tuples as lists."""
    if isinstance(value, dict):
        return {str(key): told(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [told(part) for part in value]
    if isinstance(value, Fraction):
        return f"{value.numerator}/{value.denominator}"
    return value.value if isinstance(value, StrEnum) else value
