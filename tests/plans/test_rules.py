"""The clock of notices (domain.md T1 to T5) and who may change what, as tables."""

from datetime import UTC, date, datetime, timedelta

import pytest

from portal.core import clock
from portal.plans import rules
from portal.plans.calendar import DEFAULTS, RestDays
from portal.plans.rules import Missing, Refusal, State

WEEKENDS = RestDays()
NOW = datetime(2026, 1, 31, 4, 0, tzinfo=UTC)
ALL = set(State)


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


@pytest.mark.parametrize(
    ("away", "state"),
    [
        (timedelta(seconds=-1), State.ON_NOTICE),
        (timedelta(0), State.NOTICE_CLOSED),
        (timedelta(seconds=1), State.NOTICE_CLOSED),
    ],
)
def test_the_end_itself_is_outside(away, state):
    """T2: 23:59:59 counts, 00:00:00 does not."""
    end = clock.midnight_after(date(2026, 3, 2))
    assert end == datetime(2026, 3, 2, 16, 0, tzinfo=UTC)
    assert rules.state_at(State.ON_NOTICE, ends_at=end, now=end + away) is state


def test_only_a_notice_is_moved_by_the_clock():
    end = NOW - timedelta(days=1)
    for state in ALL - {State.ON_NOTICE}:
        assert rules.state_at(state, ends_at=end, now=NOW) is state
    assert rules.state_at(State.ON_NOTICE, ends_at=None, now=NOW) is State.ON_NOTICE


@pytest.mark.parametrize("state", State)
def test_who_may_comment_when(state):
    refusal = rules.why_not_comment(state=state)
    if state is State.ON_NOTICE:
        assert refusal is None
    elif state in (State.DRAFT, State.COMMITTEE_REVIEW, State.SCHEDULED):
        assert refusal is Refusal.NOT_YET_ON_NOTICE
    else:
        assert refusal is Refusal.NOTICE_OVER


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("is_frozen", [False, True])
def test_what_may_be_changed(state, is_frozen):
    refusal = rules.why_not_edit(state=state, is_frozen=is_frozen)
    if is_frozen:
        assert refusal is Refusal.FROZEN
    elif state in rules.BEFORE_NOTICE:
        assert refusal is None
    else:
        assert refusal is Refusal.NOT_A_DRAFT


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({}, None),
        ({"board_at": NOW}, None),
        ({"state": State.SCHEDULED}, None),
        ({"state": State.ON_NOTICE}, Refusal.ALREADY_ON_NOTICE),
        ({"state": State.REPLYING}, Refusal.NOT_A_DRAFT),
        ({"missing": [Missing.MAP]}, Refusal.INCOMPLETE),
        ({"board_evidence": " \n"}, Refusal.NO_BOARD_EVIDENCE),
        ({"board_at": NOW + timedelta(seconds=1)}, Refusal.BOARD_IN_FUTURE),
    ],
)
def test_a_notice_opens_only_with_every_channel_up(change, refusal):
    facts = {
        "state": State.DRAFT,
        "missing": [],
        "board_evidence": "照片",
        "board_at": NOW - timedelta(hours=1),
        "now": NOW,
    }
    assert rules.why_not_open_notice(**{**facts, **change}) is refusal
