"""The rules of points, as tables. No app, no database."""

from datetime import date, timedelta

import pytest

from portal.points.rules import (
    ItemRules,
    Refusal,
    is_balanced,
    why_not_award,
    why_not_reverse,
)

TODAY = date(2026, 3, 10)
AWARD = {
    "item": ItemRules(10),
    "is_in_force": True,
    "is_villager": True,
    "age": 40,
    "is_own_household": False,
    "reason": "清理",
    "times": 1,
    "done_on": TODAY,
    "today": TODAY,
    "times_that_day": 0,
    "points_that_year": 0,
}


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({}, None),
        ({"is_in_force": False}, Refusal.NOT_IN_FORCE),
        ({"is_villager": False}, Refusal.NOT_A_VILLAGER),
        ({"is_own_household": True}, Refusal.OWN_HOUSEHOLD),
        ({"age": 13}, Refusal.CHILD),
        ({"age": 14}, None),
        ({"age": None}, None),
        ({"reason": " 清 "}, Refusal.NO_REASON),
        ({"times": 0}, Refusal.TIMES),
        ({"item": ItemRules(5), "times": 6}, None),
        ({"item": ItemRules(5), "times": 7}, Refusal.TIMES),
        ({"times": 3}, None),
        ({"times": 4}, Refusal.TOO_MANY_POINTS),
        ({"item": ItemRules(31)}, Refusal.TOO_MANY_POINTS),
        ({"done_on": TODAY + timedelta(days=1)}, Refusal.DAY_AHEAD),
        ({"done_on": TODAY - timedelta(days=60)}, None),
        ({"done_on": TODAY - timedelta(days=61)}, Refusal.DAY_TOO_OLD),
        ({"item": ItemRules(5, times_per_day=6), "times_that_day": 5}, None),
        ({"item": ItemRules(5, times_per_day=6), "times_that_day": 6}, Refusal.CAP_OF_DAY),
        ({"item": ItemRules(10, points_per_year=50), "points_that_year": 40}, None),
        ({"item": ItemRules(10, points_per_year=50), "points_that_year": 41}, Refusal.CAP_OF_YEAR),
    ],
)
def test_why_not_award(facts, expected):
    assert why_not_award(**(AWARD | facts)) is expected


REVERSAL = {
    "is_reversed": False,
    "is_awarder": False,
    "is_own_household": False,
    "reason": "重复登记",
    "points": 10,
    "available": 10,
}


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({}, None),
        ({"is_reversed": True}, Refusal.ALREADY_REVERSED),
        ({"is_awarder": True}, Refusal.SAME_PERSON),
        ({"is_own_household": True}, Refusal.OWN_HOUSEHOLD),
        ({"reason": " "}, Refusal.NO_REASON),
        ({"available": 9}, Refusal.NOT_ENOUGH),
    ],
)
def test_why_not_reverse(facts, expected):
    assert why_not_reverse(**(REVERSAL | facts)) is expected


@pytest.mark.parametrize(
    ("movements", "expected"),
    [([5, -5], True), ([5, -4], False), ([0, 0], False), ([], False), ([3, 2, -5], True)],
)
def test_a_transfer_adds_up_to_zero(movements, expected):
    assert is_balanced(movements) is expected
