"""The clock of notices (domain.md T1 to T5, T7), as tables."""

from datetime import date

import pytest

from portal.notices import rules
from portal.notices.calendar import DEFAULTS, RestDays
from portal.notices.rules import Refusal

WEEKENDS = RestDays()


@pytest.mark.parametrize(
    ("start", "days", "last"),
    [
        (date(2026, 1, 31), 30, date(2026, 3, 2)),  # T1
        (date(2028, 1, 30), 30, date(2028, 2, 29)),  # T1, leap year
        (date(2026, 12, 10), 30, date(2027, 1, 11)),  # T3, Saturday to Monday
        (date(2026, 12, 9), 30, date(2027, 1, 8)),  # a Friday stays
        (date(2026, 12, 11), 30, date(2027, 1, 11)),  # Sunday to Monday
        (date(2025, 9, 17), 30, date(2025, 10, 17)),
    ],
)
def test_the_last_day(start, days, last):
    assert rules.last_day(start, days=days, is_rest_day=WEEKENDS) == last


@pytest.mark.parametrize(
    ("special", "last"),
    [
        ({}, date(2026, 3, 2)),
        ({date(2026, 3, 2): True}, date(2026, 3, 3)),
        ({date(2026, 3, 2): True, date(2026, 3, 3): True}, date(2026, 3, 4)),
    ],
)
def test_a_holiday_moves_the_end(special, last):
    calendar = RestDays(special)
    assert rules.last_day(date(2026, 1, 31), days=30, is_rest_day=calendar) == last


def test_a_weekend_that_is_worked_is_a_working_day():
    calendar = RestDays({date(2027, 1, 9): False})
    assert rules.last_day(date(2026, 12, 10), days=30, is_rest_day=calendar) == date(2027, 1, 9)


def test_the_default_calendar():
    calendar = RestDays({day: special.is_rest for day, special in DEFAULTS.items()})
    assert (
        calendar(date(2026, 10, 1)) and calendar(date(2026, 2, 17)) and calendar(date(2026, 3, 7))
    )
    assert not calendar(date(2026, 10, 10)) and not calendar(date(2026, 3, 2))
    assert all(day.weekday() >= 5 for day, special in DEFAULTS.items() if not special.is_rest)


@pytest.mark.parametrize(
    ("typed", "refusal"),
    [
        (date(2025, 10, 16), Refusal.SHORTER_END),  # T4: announced as 30 days, is 29
        (date(2025, 10, 17), None),
        (date(2025, 10, 31), None),
    ],
)
def test_a_typed_end_is_never_earlier(typed, refusal):
    computed = rules.last_day(date(2025, 9, 17), days=30, is_rest_day=WEEKENDS)
    assert rules.why_not_typed_end(typed, computed=computed) is refusal
    assert rules.days_counted(date(2025, 9, 17), date(2025, 10, 16)) == 29
