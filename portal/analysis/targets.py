"""Indicators against what the level above allows and against their own direction. Exact."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Protocol

from portal.plans.rules import Direction, IndicatorKind


class Miss(StrEnum):
    """What is wrong with a target; words.py says it."""

    ABOVE_LIMIT = "above-limit"
    BELOW_LIMIT = "below-limit"
    AGAINST_DIRECTION = "against-direction"
    NO_TARGET = "no-target"
    LIMITS_CROSSED = "limits-crossed"


class IndicatorLike(Protocol):
    """What is asked of an indicator."""

    @property
    def code(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def unit(self) -> str: ...
    @property
    def kind(self) -> IndicatorKind: ...
    @property
    def direction(self) -> Direction: ...
    @property
    def base(self) -> Decimal | None: ...
    @property
    def target(self) -> Decimal | None: ...
    @property
    def lower_limit(self) -> Decimal | None: ...
    @property
    def upper_limit(self) -> Decimal | None: ...


@dataclass(frozen=True, slots=True)
class Missed:
    """One indicator that misses: which, how, what stands there, and what it is measured against."""

    miss: Miss
    code: str
    name: str
    unit: str
    kind: IndicatorKind
    value: Decimal | None
    expected: Decimal | None

    @property
    def stops(self) -> bool:
        """Tell whether the plan cannot be submitted with it: a binding one (约束性) stops it."""
        return self.kind is IndicatorKind.BINDING


def check_indicators(indicators: Sequence[IndicatorLike]) -> list[Missed]:
    """Return every indicator that misses a limit of the level above or its own direction.

    Where the level above set a limit on that side it alone judges. Where it set none, the target
    must not be worse than the base: what is to stay below does not grow, what is to be kept does
    not shrink (domain.md §2.3, §1.2 no. 52).
    """
    found = []
    for i in indicators:
        miss = _miss_of(i)
        if miss is not None:
            how, expected = miss
            found.append(Missed(how, i.code, i.name, i.unit, i.kind, i.target, expected))
    return found


def _miss_of(i: IndicatorLike) -> tuple[Miss, Decimal | None] | None:
    low, high = i.lower_limit, i.upper_limit
    if low is not None and high is not None and low > high:
        return Miss.LIMITS_CROSSED, high
    if i.target is None:
        return Miss.NO_TARGET, None
    if high is not None and i.target > high:
        return Miss.ABOVE_LIMIT, high
    if low is not None and i.target < low:
        return Miss.BELOW_LIMIT, low
    if i.base is None:
        return None
    is_most = i.direction is Direction.AT_MOST
    if is_most and high is None and i.target > i.base:
        return Miss.AGAINST_DIRECTION, i.base
    if not is_most and low is None and i.target < i.base:
        return Miss.AGAINST_DIRECTION, i.base
    return None
