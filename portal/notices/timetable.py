"""When a notice reminds those who look after it, and those it is for. Pure."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from portal.notices.rules import NoticeState, days_counted

NEAR = timedelta(days=3)
LATE = timedelta(days=7)
"""A notice that ended longer ago reminds nobody any more."""


class Reminder(StrEnum):
    """The marks of a notice's timetable, in their order."""

    DEADLINE_NEAR = "deadline_near"
    DEADLINE_MISSED = "deadline_missed"
    NOT_OPEN = "not_open"
    HALF_TIME = "half_time"
    THREE_DAYS = "three_days"
    ONE_DAY = "one_day"
    OVER = "over"


FOR_EVERYBODY = frozenset({Reminder.THREE_DAYS, Reminder.ONE_DAY})
"""The others are for those who look after the notice."""


@dataclass(frozen=True, kw_only=True)
class Dates:
    """What the timetable must know of a notice."""

    state: NoticeState
    planned_for: date
    deadline_on: date | None
    started_on: date | None
    last_on: date | None
    ends_at: datetime | None


def due(dates: Dates, *, today: date, now: datetime) -> list[Reminder]:
    """Return the marks that the timetable stands at now; what was passed over is not caught up.

    While it is planned: its day has come and it is not open; its deadline is near, or missed. While
    it runs: half of it is over, three days are left, the last day is tomorrow. Then: it is over.
    """
    if dates.state is NoticeState.PLANNED:
        return _before(dates, today)
    if dates.state in (NoticeState.VOID, NoticeState.WITHDRAWN) or dates.ends_at is None:
        return []
    if dates.state is NoticeState.ENDED:
        return [Reminder.OVER] if now < dates.ends_at + LATE else []
    return _during(dates, today)


def _before(dates: Dates, today: date) -> list[Reminder]:
    found = []
    if dates.deadline_on is not None:
        if today > dates.deadline_on:
            found.append(Reminder.DEADLINE_MISSED)
        elif today >= dates.deadline_on - NEAR:
            found.append(Reminder.DEADLINE_NEAR)
    if today >= dates.planned_for:
        found.append(Reminder.NOT_OPEN)
    return found


def _during(dates: Dates, today: date) -> list[Reminder]:
    start, last = dates.started_on, dates.last_on
    if start is None or last is None:
        return []
    marks = (
        (last - timedelta(days=1), Reminder.ONE_DAY),
        (last - timedelta(days=3), Reminder.THREE_DAYS),
        (start + timedelta(days=days_counted(start, last) // 2), Reminder.HALF_TIME),
    )
    for day, reminder in marks:
        if start < day <= today:
            return [reminder]
    return []
