"""Indicators against limits and direction; lights; what a conflict needs to be settled."""

from decimal import Decimal
from types import SimpleNamespace

import pytest

from portal.analysis.rules import (
    ConflictState,
    Light,
    Refusal,
    light_of,
    ratio,
    why_not_settle,
)
from portal.analysis.targets import Miss, check_indicators
from portal.plans.rules import Direction, IndicatorKind

D = Decimal
MOST, LEAST = Direction.AT_MOST, Direction.AT_LEAST
OPEN, AGREED = ConflictState.OPEN, ConflictState.AGREED
RESOLVED, ACCEPTED = ConflictState.RESOLVED, ConflictState.ACCEPTED


def indicator(direction, base, target, *, low=None, high=None, kind=IndicatorKind.BINDING):
    numbers = {"base": base, "target": target, "lower_limit": low, "upper_limit": high}
    return SimpleNamespace(
        code="x", name="指标", unit="公顷", kind=kind, direction=direction,
        **{name: None if value is None else D(value) for name, value in numbers.items()},
    )  # fmt: skip


@pytest.mark.parametrize(
    ("one", "miss", "expected"),
    [
        (indicator(MOST, "20", "20"), None, None),
        (indicator(MOST, "20", "19.99"), None, None),
        (indicator(MOST, "20", "20.01"), Miss.AGAINST_DIRECTION, "20"),
        (indicator(MOST, "20", "20.01", high="21"), None, None),
        (indicator(MOST, "20", "21", high="21"), None, None),
        (indicator(MOST, "20", "21.01", high="21"), Miss.ABOVE_LIMIT, "21"),
        (indicator(MOST, "22", "21.5", high="21"), Miss.ABOVE_LIMIT, "21"),
        (indicator(LEAST, "20", "20"), None, None),
        (indicator(LEAST, "20", "19.99"), Miss.AGAINST_DIRECTION, "20"),
        (indicator(LEAST, "20", "19.99", low="19"), None, None),
        (indicator(LEAST, "20", "18.99", low="19"), Miss.BELOW_LIMIT, "19"),
        (indicator(LEAST, None, "18.99", low="19"), Miss.BELOW_LIMIT, "19"),
        (indicator(LEAST, None, "1"), None, None),
        (indicator(LEAST, "20", None), Miss.NO_TARGET, None),
        (indicator(LEAST, "20", "20", low="30", high="10"), Miss.LIMITS_CROSSED, "10"),
    ],
)
def test_a_target_is_held_against_the_limit_else_against_the_base(one, miss, expected):
    found = check_indicators([one])
    assert [(m.miss, m.expected) for m in found] == (
        [(miss, expected and D(expected))] if miss else []
    )


def test_a_binding_miss_stops_and_an_expected_one_warns():
    both = [indicator(MOST, "1", "2"), indicator(MOST, "1", "2", kind=IndicatorKind.EXPECTED)]
    assert [m.stops for m in check_indicators(both)] == [True, False]


@pytest.mark.parametrize(
    ("value", "cap", "light"),
    [
        ("89.99", "100", Light.GREEN),
        ("90", "100", Light.YELLOW),
        ("100", "100", Light.YELLOW),
        ("100.01", "100", Light.RED),
        ("0", "0", Light.GREEN),
        ("0.01", "0", Light.RED),
        ("5", None, Light.GREY),
        (None, "5", Light.GREY),
    ],
)
def test_lights_against_a_cap(value, cap, light):
    assert light_of(value and D(value), cap and D(cap)) is light


@pytest.mark.parametrize(
    ("state", "owner", "proposal", "is_present", "reason"),
    [
        (OPEN, "", "", True, None),
        (AGREED, "", "改线", True, Refusal.NO_OWNER),
        (AGREED, "林业站", " ", True, Refusal.NO_PROPOSAL),
        (AGREED, "林业站", "改线", True, None),
        (RESOLVED, "林业站", "改线", True, Refusal.STILL_THERE),
        (RESOLVED, "林业站", "改线", False, None),
        (ACCEPTED, "林业站", "维持", True, None),
    ],
)
def test_what_a_conflict_needs_for_a_state(state, owner, proposal, is_present, reason):
    found = why_not_settle(state=state, owner=owner, proposal=proposal, is_present=is_present)
    assert found is reason


def test_a_ratio_is_rounded_half_up_and_nothing_has_none():
    assert ratio(123, 1000) == D("12.30")
    assert ratio(1, 800) == D("0.13")
    assert ratio(0, 0) is None
