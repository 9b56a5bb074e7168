"""How far an indicator is, what is overdue, what is refused: by tables."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.implementation import rules
from portal.implementation.rules import DutyState, Light, Refusal

D = Decimal


@pytest.mark.parametrize(
    ("day", "value"),
    [
        (date(2024, 6, 1), D(100)),
        (date(2025, 12, 31), D(100)),
        (date(2030, 12, 31), D(150)),
        (date(2035, 12, 31), D(200)),
        (date(2040, 1, 1), D(200)),
    ],
)
def test_the_way_from_base_to_target_is_straight(day, value):
    found = rules.expected_on(base=D(100), target=D(200), base_year=2025, target_year=2035, day=day)
    assert abs(found - value) < D("0.05")


@pytest.mark.parametrize(
    ("base", "target", "current", "at_most", "share"),
    [
        ("100", "200", "150", False, "0.5"),
        ("100", "200", "250", False, "1"),
        ("100", "200", "90", False, "0"),
        ("200", "100", "150", True, "0.5"),
        ("50", "50", "50", True, "1"),
        ("50", "50", "51", True, "0"),
        ("50", "50", "49", False, "0"),
    ],
)
def test_attainment(base, target, current, at_most, share):
    found = rules.attainment(base=D(base), target=D(target), current=D(current), at_most=at_most)
    assert found == D(share)


@given(
    st.decimals(0, 10**6, places=2),
    st.decimals(0, 10**6, places=2),
    st.decimals(0, 10**6, places=2),
)
def test_attainment_is_a_share(base, target, current):
    found = rules.attainment(base=base, target=target, current=current, at_most=base > target)
    assert 0 <= found <= 1


@pytest.mark.parametrize(
    ("base", "target", "current", "at_most", "is_binding", "expected", "light"),
    [
        ("100", "200", "150", False, False, "150", Light.ON_TRACK),
        ("100", "200", "140", False, False, "150", Light.ON_TRACK),
        ("100", "200", "139", False, False, "150", Light.BEHIND),
        ("100", "200", "99", False, True, "150", Light.BREACH),
        ("100", "200", "99", False, False, "150", Light.BEHIND),
        ("50", "50", "50", True, True, "50", Light.ON_TRACK),
        ("50", "50", "50.01", True, True, "50", Light.BREACH),
        ("50", "50", "50.01", True, False, "50", Light.BREACH),
        ("50", None, "50", True, True, None, Light.UNKNOWN),
        ("50", "60", None, True, True, None, Light.UNKNOWN),
    ],
)
def test_lights(base, target, current, at_most, is_binding, expected, light):
    found = rules.light_of(
        base=base and D(base),
        target=target and D(target),
        current=current and D(current),
        at_most=at_most,
        is_binding=is_binding,
        expected=expected and D(expected),
    )
    assert found is light


TODAY = date(2026, 11, 21)


@pytest.mark.parametrize(
    ("due_on", "done_on", "state"),
    [
        (None, None, DutyState.NO_DEADLINE),
        (date(2026, 11, 20), None, DutyState.OVERDUE),
        (date(2026, 11, 21), None, DutyState.DUE_SOON),
        (date(2026, 12, 5), None, DutyState.DUE_SOON),
        (date(2026, 12, 6), None, DutyState.RUNNING),
        (date(2026, 11, 1), date(2026, 11, 19), DutyState.DONE),
    ],
)
def test_the_last_day_still_belongs_to_a_duty(due_on, done_on, state):
    assert rules.duty_state(due_on=due_on, done_on=done_on, today=TODAY) is state


def test_owners_are_listed_with_the_most_overdue_first():
    lines = rules.by_owner(
        [
            ("A", date(2026, 11, 1), None),
            ("B", date(2026, 10, 1), None),
            ("B", date(2026, 11, 20), None),
            ("B", None, None),
            ("C", date(2026, 10, 1), date(2026, 10, 2)),
            ("D", date(2026, 12, 1), None),
        ],
        TODAY,
    )
    assert [(line.owner, line.open, line.overdue, line.oldest) for line in lines] == [
        ("B", 3, 2, date(2026, 10, 1)),
        ("A", 1, 1, date(2026, 11, 1)),
        ("D", 1, 0, None),
    ]


@pytest.mark.parametrize(
    ("before", "percent", "paid", "cost", "refusal"),
    [
        (10, 10, None, None, None),
        (10, 9, None, None, Refusal.BACKWARDS),
        (0, 50, 101, 100, Refusal.OVER_BUDGET),
        (0, 50, 100, 100, None),
    ],
)
def test_progress_only_goes_forward_and_within_its_budget(before, percent, paid, cost, refusal):
    found = rules.why_not_progress(before=before, percent=percent, paid_yuan=paid, cost_yuan=cost)
    assert found is refusal


def test_a_year_is_evaluated_once_and_when_it_is_over():
    assert rules.why_not_evaluate(year=2026, today=TODAY, is_taken=False) is Refusal.YEAR_NOT_OVER
    assert rules.why_not_evaluate(year=2025, today=TODAY, is_taken=True) is Refusal.YEAR_TAKEN
    assert rules.why_not_evaluate(year=2025, today=TODAY, is_taken=False) is None
    last = date(2026, 12, 31)
    assert rules.why_not_evaluate(year=2026, today=last, is_taken=False) is None
