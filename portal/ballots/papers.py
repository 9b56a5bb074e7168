"""A paper: what one elector hands in, as one small integer for each option, and when it is valid.

The integers stand in the order of the options. Yes/no, single choice: one 1. Approval, budget:
1 for each chosen option. Ranked: 1 for the first place, 2 for the second, 0 for what is not ranked.
Score: 0 up to the greatest score. Whatever counts papers counts equal ones once, with how many.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from portal.ballots.rules import Kind, Refusal

Paper = tuple[int, ...]

ONE_TICK = (Kind.YES_NO, Kind.SINGLE)
TICKS = (*ONE_TICK, Kind.APPROVAL, Kind.BUDGET)
GREATEST_SCORE = 100


@dataclass(frozen=True, kw_only=True)
class Frame:
    """What a paper of a ballot may hold. A bound of None does not bind."""

    kind: Kind
    options: int
    max_choices: int | None = None
    min_choices: int = 1
    max_score: int | None = None
    points_total: int | None = None
    budget_yuan: int | None = None
    costs: tuple[int | None, ...] = ()

    @property
    def most(self) -> int:
        """Return how many options may be chosen, ranked or given points."""
        if self.kind in ONE_TICK:
            return 1
        return self.options if self.max_choices is None else self.max_choices

    @property
    def greatest(self) -> int:
        """Return the greatest value that one option may have."""
        if self.kind in TICKS:
            return 1
        if self.kind is Kind.RANKED:
            return self.most
        return self.max_score or self.points_total or 0

    def cost_of(self, paper: Paper) -> int:
        """Return what the chosen projects cost together."""
        return sum(cost or 0 for cost, value in zip(self.costs, paper, strict=True) if value)


def why_not_frame(frame: Frame) -> Refusal | None:
    """Judge a ballot's bounds before it is announced; only what fits its kind may be bounded."""
    if frame.options < 1:
        return Refusal.NO_OPTIONS
    if not 1 <= frame.most <= frame.options or not 1 <= frame.min_choices <= frame.most:
        return Refusal.CHOICES_OUT_OF_RANGE
    if frame.kind is Kind.SCORE:
        if not 1 <= frame.greatest <= GREATEST_SCORE:
            return Refusal.SCORES_OUT_OF_RANGE
        if frame.points_total is not None and frame.points_total < frame.min_choices:
            return Refusal.SCORES_OUT_OF_RANGE
    return _why_not_costs(frame) if frame.kind is Kind.BUDGET else None


def _why_not_costs(frame: Frame) -> Refusal | None:
    if not frame.budget_yuan or frame.budget_yuan < 0:
        return Refusal.NO_BUDGET
    costs = [cost for cost in frame.costs if cost is not None and cost > 0]
    if len(costs) != frame.options:
        return Refusal.NO_COSTS
    return Refusal.NOTHING_AFFORDABLE if min(costs) > frame.budget_yuan else None


def why_not_paper(frame: Frame, paper: Paper) -> Refusal | None:
    """Return the first reason why a paper is invalid, or None (domain.md V16)."""
    if len(paper) != frame.options:
        return Refusal.UNKNOWN_OPTION
    if any(not 0 <= value <= frame.greatest for value in paper):
        return Refusal.SCORE_OUT_OF_RANGE if frame.kind is Kind.SCORE else Refusal.UNKNOWN_VALUE
    chosen = sum(1 for value in paper if value)
    if not chosen:
        return Refusal.NOTHING_CHOSEN
    if chosen > frame.most:
        return Refusal.TOO_MANY_CHOSEN
    if chosen < frame.min_choices:
        return Refusal.TOO_FEW_CHOSEN
    return _why_not_sum(frame, paper)


def _why_not_sum(frame: Frame, paper: Paper) -> Refusal | None:
    """Judge what the values of a paper say together."""
    if frame.kind is Kind.RANKED:
        places = sorted(value for value in paper if value)
        if len(set(places)) < len(places):
            return Refusal.PLACE_TWICE
        return None if places[-1] == len(places) else Refusal.PLACE_SKIPPED
    if frame.kind is Kind.SCORE and frame.points_total is not None:
        return Refusal.TOO_MANY_POINTS if sum(paper) > frame.points_total else None
    if frame.kind is Kind.BUDGET and frame.budget_yuan is not None:
        return Refusal.OVER_BUDGET if frame.cost_of(paper) > frame.budget_yuan else None
    return None


def paper_of(options: int, values: Mapping[int, int]) -> Paper:
    """Write a paper from the values that are not 0, by index of the option."""
    return tuple(values.get(index, 0) for index in range(options))


def chosen_of(paper: Paper) -> tuple[int, ...]:
    """Return the indices of the options with a value, a ranked paper's best first."""
    return tuple(sorted((i for i, value in enumerate(paper) if value), key=lambda i: (paper[i], i)))
