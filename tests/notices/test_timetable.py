"""When a notice reminds whom, as a table; each mark once, whoever gives it."""

from datetime import UTC, date, datetime, timedelta

import pytest

from portal.core import clock
from portal.notices.rules import NoticeState
from portal.notices.timetable import Dates, Reminder, due

START, LAST = date(2026, 3, 2), date(2026, 4, 1)
END = clock.midnight_after(LAST)


def at(day, hour=4):
    return datetime(day.year, day.month, day.day, hour, tzinfo=UTC)


def dates(state, **changes):
    facts = {
        "state": state, "planned_for": START, "deadline_on": None,
        "started_on": START, "last_on": LAST, "ends_at": END,
    }  # fmt: skip
    return Dates(**{**facts, **changes})


@pytest.mark.parametrize(
    ("day", "marks"),
    [
        (date(2026, 3, 2), []),
        (date(2026, 3, 16), []),
        (date(2026, 3, 17), [Reminder.HALF_TIME]),
        (date(2026, 3, 28), [Reminder.HALF_TIME]),
        (date(2026, 3, 29), [Reminder.THREE_DAYS]),
        (date(2026, 3, 30), [Reminder.THREE_DAYS]),
        (date(2026, 3, 31), [Reminder.ONE_DAY]),
        (date(2026, 4, 1), [Reminder.ONE_DAY]),
    ],
)
def test_the_marks_of_a_running_notice(day, marks):
    assert due(dates(NoticeState.RUNNING), today=day, now=at(day)) == marks


@pytest.mark.parametrize(
    ("day", "deadline_on", "marks"),
    [
        (date(2026, 3, 1), None, []),
        (date(2026, 3, 2), None, [Reminder.NOT_OPEN]),
        (date(2026, 2, 26), date(2026, 3, 2), []),
        (date(2026, 2, 27), date(2026, 3, 2), [Reminder.DEADLINE_NEAR]),
        (date(2026, 3, 2), date(2026, 3, 2), [Reminder.DEADLINE_NEAR, Reminder.NOT_OPEN]),
        (date(2026, 3, 3), date(2026, 3, 2), [Reminder.DEADLINE_MISSED, Reminder.NOT_OPEN]),
    ],
)
def test_the_marks_before_it_is_open(day, deadline_on, marks):
    planned = dates(
        NoticeState.PLANNED, deadline_on=deadline_on, started_on=None, last_on=None, ends_at=None
    )
    assert due(planned, today=day, now=at(day)) == marks


@pytest.mark.parametrize(
    ("state", "since", "marks"),
    [
        (NoticeState.ENDED, timedelta(0), [Reminder.OVER]),
        (NoticeState.ENDED, timedelta(days=7) - timedelta(seconds=1), [Reminder.OVER]),
        (NoticeState.ENDED, timedelta(days=7), []),
        (NoticeState.VOID, timedelta(0), []),
    ],
)
def test_the_mark_of_the_end(state, since, marks):
    assert due(dates(state), today=clock.today(END + since), now=END + since) == marks


def test_a_short_notice_has_no_mark_on_the_day_it_starts():
    short = dates(NoticeState.RUNNING, last_on=START + timedelta(days=3))
    marks = [
        due(short, today=START + timedelta(days=n), now=at(START + timedelta(days=n)))
        for n in range(4)
    ]
    assert marks == [[], [Reminder.HALF_TIME], [Reminder.ONE_DAY], [Reminder.ONE_DAY]]
