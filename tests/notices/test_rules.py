"""The clock of notices (domain.md T1 to T5, T7), as tables."""

import random
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta, timezone

import pytest

from portal.core import clock
from portal.notices import rules, spans
from portal.notices.calendar import DEFAULTS, RestDays
from portal.notices.rules import (
    ChannelFacts,
    ChannelKind,
    NoticeState,
    NoticeType,
    Refusal,
    Span,
    Unit,
)

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


# --- against an independent reckoning ------------------------------------------------------------

DRAWN = 1000
EPOCH = date(1970, 1, 1)


class Reckoner:
    """Counts days one by one on its own calendar of numbers, as the law's text reads.

    Nothing of it is the portal's: a day is its number since 1970, a year is leap by the rule of
    Gregory, rest days are a set that was drawn up front.
    """

    LENGTHS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)

    def __init__(self, rest: set[int]):
        self.rest = rest

    @classmethod
    def number(cls, year: int, month: int, day: int) -> int:
        days = 0
        for earlier in range(1970, year):
            days += 366 if cls.is_leap(earlier) else 365
        for m in range(1, month):
            days += 29 if m == 2 and cls.is_leap(year) else cls.LENGTHS[m - 1]
        return days + day - 1

    @staticmethod
    def is_leap(year: int) -> bool:
        return year % 400 == 0 or (year % 4 == 0 and year % 100 != 0)

    @staticmethod
    def weekday(number: int) -> int:
        """Count from Thursday, the first of January 1970; Monday is 0."""
        return (number + 3) % 7

    def last(self, start: int, days: int) -> int:
        counted, day = 0, start
        while counted < days:  # the day it starts on is not counted
            day, counted = day + 1, counted + 1
        while day in self.rest:
            day += 1
        return day

    def last_working(self, start: int, days: int) -> int:
        worked = [day for day in range(start + 1, start + 40 + days * 4) if day not in self.rest]
        return worked[days - 1]


def drawn_calendar(rng: random.Random, start: date) -> tuple[RestDays, Reckoner]:
    """Draw holidays and make-up days around a start; give them to the portal and the reckoner."""
    first = (start - EPOCH).days
    special: dict[date, bool] = {}
    for _ in range(rng.randrange(0, 6)):  # holidays of one to nine days
        begins = first + rng.randrange(-5, 120)
        for number in range(begins, begins + rng.randrange(1, 10)):
            special[EPOCH + timedelta(days=number)] = True
    for _ in range(rng.randrange(0, 12)):  # weekends that are worked to make up for them
        number = first + rng.randrange(0, 120)
        if Reckoner.weekday(number) >= 5:
            special[EPOCH + timedelta(days=number)] = False
    rest = {n for n in range(first, first + 800) if Reckoner.weekday(n) >= 5}
    for day, is_rest in special.items():
        number = Reckoner.number(day.year, day.month, day.day)
        (rest.add if is_rest else rest.discard)(number)
    return RestDays(special), Reckoner(rest)


@pytest.mark.parametrize("seed", range(10))
def test_a_thousand_drawn_dates_against_an_independent_reckoning(seed):
    rng = random.Random(f"notices {seed}")
    seen = {"leap": 0, "moved": 0, "working": 0, "holiday": 0}
    for turn in range(DRAWN // 10):
        start = date(2024, 1, 1) + timedelta(days=rng.randrange(0, 366 * 9))
        if turn % 10 == 0:  # around the leap day
            start = date(2028, 2, 1) + timedelta(days=rng.randrange(0, 29))
        days = rng.choice((3, 5, 7, 10, 20, 30, rng.randrange(1, 61)))
        calendar, reckoner = drawn_calendar(rng, start)
        number = Reckoner.number(start.year, start.month, start.day)
        assert EPOCH + timedelta(days=number) == start
        for unit, wanted in (
            (Unit.DAYS, reckoner.last(number, days)),
            (Unit.WORKING_DAYS, reckoner.last_working(number, days)),
        ):
            span = Span(length=days, unit=unit, citation="")
            last = rules.end_of(start, span, event_on=None, is_rest_day=calendar)
            assert (last - EPOCH).days == wanted, (start, days, unit)
            assert not calendar(last)
        plain = rules.last_day(start, days=days, is_rest_day=calendar)
        assert rules.days_counted(start, plain) >= days
        assert clock.midnight_after(plain) == datetime.combine(
            plain + timedelta(days=1), time(), timezone(timedelta(hours=8))
        )
        working = rules.last_working_day(start, days=days, is_rest_day=calendar)
        assert rules.working_days_counted(start, working, is_rest_day=calendar) == days
        seen["leap"] += start <= date(start.year, 2, 28) < plain and Reckoner.is_leap(start.year)
        seen["moved"] += plain != start + timedelta(days=days)
        seen["working"] += working != plain
        seen["holiday"] += any(
            reckoner.weekday((start - EPOCH).days + n) < 5 and calendar(start + timedelta(days=n))
            for n in range(days)
        )
    assert min(seen.values()) > 0, seen


@pytest.mark.parametrize(
    ("unit", "start", "length", "special", "last"),
    [
        # T7: working days, the start excluded, one holiday
        (Unit.WORKING_DAYS, date(2026, 3, 2), 10, {}, date(2026, 3, 16)),
        (Unit.WORKING_DAYS, date(2026, 3, 2), 10, {date(2026, 3, 5): True}, date(2026, 3, 17)),
        (Unit.WORKING_DAYS, date(2026, 3, 2), 10, {date(2026, 3, 7): False}, date(2026, 3, 13)),
        (Unit.WORKING_DAYS, date(2026, 3, 6), 1, {}, date(2026, 3, 9)),
        (Unit.WORKING_DAYS, date(2026, 3, 7), 5, {}, date(2026, 3, 13)),
        (Unit.DAYS, date(2026, 1, 31), 30, {}, date(2026, 3, 2)),
        (Unit.DAYS, date(2028, 1, 30), 30, {}, date(2028, 2, 29)),
    ],
)
def test_the_end_by_unit(unit, start, length, special, last):
    span = Span(length=length, unit=unit, citation="")
    end = rules.end_of(start, span, event_on=None, is_rest_day=RestDays(special))
    assert end == last


@pytest.mark.parametrize(
    ("length", "event_on", "deadline"),
    [
        (10, date(2026, 3, 20), date(2026, 3, 9)),  # ten whole days: the 10th to the 19th
        (5, date(2026, 3, 6), date(2026, 2, 28)),
        (3, date(2028, 3, 3), date(2028, 2, 28)),  # a leap year has one day more
    ],
)
def test_whole_days_before_a_meeting(length, event_on, deadline):
    span = Span(length=length, unit=Unit.DAYS_BEFORE, citation="")
    assert rules.deadline_of(span, event_on=event_on, is_rest_day=WEEKENDS) == deadline
    assert rules.end_of(deadline, span, event_on=event_on, is_rest_day=WEEKENDS) == event_on
    between = [deadline + timedelta(days=n) for n in range(1, (event_on - deadline).days)]
    assert len(between) == length


@pytest.mark.parametrize(
    ("unit", "approved_on", "deadline"),
    [
        (Unit.DAYS, date(2026, 3, 2), date(2026, 3, 23)),  # 20 days end on Sunday the 22nd
        (Unit.DAYS, date(2026, 3, 3), date(2026, 3, 23)),
        (Unit.DAYS, date(2026, 3, 5), date(2026, 3, 25)),
        (Unit.WORKING_DAYS, date(2026, 3, 2), date(2026, 3, 30)),
    ],
)
def test_the_deadline_after_an_approval_is_no_length(unit, approved_on, deadline):
    span = Span(length=30, unit=Unit.DAYS, citation="", within=20, within_unit=unit)
    assert rules.deadline_of(span, event_on=approved_on, is_rest_day=WEEKENDS) == deadline
    assert rules.end_of(date(2026, 3, 9), span, event_on=approved_on, is_rest_day=WEEKENDS) == date(
        2026, 4, 8
    )


def test_a_length_alone_has_no_deadline():
    span = Span(length=5, unit=Unit.DAYS, citation="")
    assert rules.deadline_of(span, event_on=None, is_rest_day=WEEKENDS) is None
    assert rules.deadline_of(span, event_on=date(2026, 3, 2), is_rest_day=WEEKENDS) is None


TABLE = {  # domain.md §2.1, the table of notice types, as the portal counts where nobody set another
    NoticeType.PLAN_DRAFT: (30, Unit.DAYS, None),
    NoticeType.PLAN_APPROVED: (30, Unit.DAYS, 20),
    NoticeType.MAJOR_DECISION: (30, Unit.DAYS, None),
    NoticeType.HERITAGE_CORE: (20, Unit.DAYS, None),
    NoticeType.HOMESTEAD: (10, Unit.DAYS, None),
    NoticeType.HOUSING_NEED: (7, Unit.DAYS, None),
    NoticeType.LAND_TAKE_PRE: (10, Unit.WORKING_DAYS, None),
    NoticeType.LAND_TAKE_PLAN: (30, Unit.DAYS, None),
    NoticeType.MEETING_VM: (10, Unit.DAYS_BEFORE, None),
    NoticeType.MEETING_VR: (5, Unit.DAYS_BEFORE, None),
    NoticeType.MEETING_REO: (10, Unit.DAYS_BEFORE, None),
    NoticeType.VOTER_ROLL: (20, Unit.DAYS, None),
    NoticeType.VILLAGE_AFFAIRS: (5, Unit.DAYS, None),
    NoticeType.POINTS: (5, Unit.DAYS, None),
    NoticeType.DESIGN_PLAN: (10, Unit.DAYS, None),
}


def test_every_type_has_its_span_and_source():
    assert set(TABLE) == set(NoticeType) == set(spans.DEFAULTS)
    for kind, span in spans.DEFAULTS.items():
        assert (span.length, span.unit, span.within) == TABLE[kind]
        assert span.citation


@pytest.mark.parametrize(
    ("kind", "code", "length", "unit"),
    [
        (NoticeType.MEETING_VR, "330523102201", 3, Unit.DAYS_BEFORE),
        (NoticeType.MEETING_VR, "110101001001", 3, Unit.DAYS_BEFORE),
        (NoticeType.MEETING_VR, "460101001001", 3, Unit.DAYS_BEFORE),
        (NoticeType.MEETING_VR, "370101001001", 5, Unit.DAYS_BEFORE),
        (NoticeType.MEETING_VR, "310101001001", 10, Unit.DAYS_BEFORE),
        (NoticeType.MEETING_VR, "440101001001", 5, Unit.DAYS_BEFORE),
        (NoticeType.HOMESTEAD, "330523102201", 10, Unit.DAYS),
        (NoticeType.HOMESTEAD, "310101001001", 30, Unit.DAYS),
        (NoticeType.HOMESTEAD, "441502001001", 5, Unit.WORKING_DAYS),
        (NoticeType.DESIGN_PLAN, "370502001001", 7, Unit.DAYS),
        (NoticeType.DESIGN_PLAN, "411002001001", 7, Unit.DAYS),
    ],
)
def test_what_regions_have_otherwise(kind, code, length, unit):
    span = spans.preset(kind, village_code=code)
    assert (span.length, span.unit) == (length, unit)


@pytest.mark.parametrize(
    ("kind", "length", "refusal"),
    [
        (NoticeType.PLAN_DRAFT, 29, Refusal.BELOW_FLOOR),
        (NoticeType.PLAN_DRAFT, 30, None),
        (NoticeType.PLAN_DRAFT, 45, None),
        (NoticeType.POINTS, 2, Refusal.BELOW_FLOOR),
        (NoticeType.POINTS, 3, None),
        (NoticeType.HOUSING_NEED, 1, None),
    ],
)
def test_no_region_goes_below_the_law(kind, length, refusal):
    assert spans.why_not_set(kind, length=length) is refusal


@pytest.mark.parametrize(
    ("kind", "length", "reason", "refusal"),
    [
        (NoticeType.MAJOR_DECISION, 30, "", None),
        (NoticeType.MAJOR_DECISION, 15, " ", Refusal.SHORTER_NEEDS_REASON),
        (NoticeType.MAJOR_DECISION, 15, "防汛", None),
        (NoticeType.PLAN_DRAFT, 29, "着急", Refusal.BELOW_FLOOR),
        (NoticeType.PLAN_DRAFT, 60, "", None),
    ],
)
def test_only_some_may_be_shorter_and_with_a_reason(kind, length, reason, refusal):
    assert spans.why_not_shorter(kind, length=length, least=30, reason=reason) is refusal


NOW = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
UP = NOW - timedelta(hours=1)
ONLINE = ChannelFacts(kind=ChannelKind.ONLINE, is_mandatory=True, up_at=None, photo_count=0)
BOARD = ChannelFacts(kind=ChannelKind.BOARD, is_mandatory=True, up_at=UP, photo_count=1)


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({}, None),
        ({"state": NoticeState.RUNNING}, Refusal.ALREADY_RUNNING),
        ({"state": NoticeState.ENDED}, Refusal.NOT_PLANNED),
        ({"state": NoticeState.VOID}, Refusal.NOT_PLANNED),
        ({"planned_for": date(2026, 3, 3)}, Refusal.NOT_YET),
        ({"deadline_on": date(2026, 3, 1)}, Refusal.TOO_LATE),
        ({"deadline_on": date(2026, 3, 2)}, None),
        ({"deadline_on": date(2026, 3, 1), "is_deadline_strict": False}, None),
        ({"channels": [ONLINE]}, Refusal.NO_BOARD),
        ({"channels": [ONLINE, replace(BOARD, is_mandatory=False)]}, Refusal.NO_BOARD),
        ({"channels": [ONLINE, replace(BOARD, up_at=None)]}, Refusal.CHANNELS_MISSING),
        ({"channels": [ONLINE, replace(BOARD, photo_count=0)]}, Refusal.CHANNELS_MISSING),
        ({"channels": [ONLINE, BOARD, replace(BOARD, up_at=None)]}, Refusal.CHANNELS_MISSING),
        (
            {"channels": [ONLINE, BOARD, replace(BOARD, up_at=None, is_mandatory=False)]},
            None,
        ),
        (
            {
                "channels": [
                    ONLINE,
                    BOARD,
                    replace(BOARD, kind=ChannelKind.BROADCAST, photo_count=0),
                ]
            },
            None,
        ),
    ],
)
def test_the_clock_starts_only_when_every_mandatory_way_is_up(change, refusal):
    """T5."""
    facts = {
        "state": NoticeState.PLANNED,
        "planned_for": date(2026, 3, 2),
        "deadline_on": None,
        "is_deadline_strict": True,
        "channels": [ONLINE, BOARD],
        "today": date(2026, 3, 2),
    }
    assert rules.why_not_open(**{**facts, **change}) is refusal


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({}, None),
        ({"up_at": NOW}, None),
        ({"up_at": UP - timedelta(days=1)}, None),
        ({"up_at": UP - timedelta(days=1, seconds=1)}, Refusal.UP_TOO_EARLY),
        ({"state": NoticeState.WITHDRAWN}, Refusal.NOT_PLANNED),
        ({"up_at": NOW + timedelta(seconds=1)}, Refusal.UP_IN_FUTURE),
        ({"is_up": True}, Refusal.ALREADY_UP),
        ({"photo_count": 0}, Refusal.NO_PHOTO),
        ({"photo_count": 0, "kind": ChannelKind.BROADCAST}, None),
        ({"state": NoticeState.RUNNING}, None),
        ({"state": NoticeState.ENDED}, Refusal.NOT_PLANNED),
        ({"state": NoticeState.VOID}, Refusal.NOT_PLANNED),
    ],
)
def test_what_proves_that_a_way_is_up(change, refusal):
    facts = {
        "state": NoticeState.PLANNED,
        "kind": ChannelKind.BOARD,
        "is_up": False,
        "up_at": UP,
        "photo_count": 1,
        "made_at": UP,
        "now": NOW,
    }
    assert rules.why_not_confirm(**{**facts, **change}) is refusal


@pytest.mark.parametrize("state", NoticeState)
def test_only_what_runs_can_be_void_and_with_a_reason(state):
    runs = state is NoticeState.RUNNING
    assert rules.why_not_void(state=state, reason="错") is (None if runs else Refusal.NOT_RUNNING)
    if runs:
        assert rules.why_not_void(state=state, reason=" \n") is Refusal.NO_REASON


@pytest.mark.parametrize(
    ("away", "state"),
    [
        (timedelta(seconds=-1), NoticeState.RUNNING),
        (timedelta(0), NoticeState.ENDED),
    ],
)
def test_the_end_itself_is_outside(away, state):
    """T2: 23:59:59 counts, 00:00:00 does not."""
    end = clock.midnight_after(date(2026, 3, 2))
    facts = {"opened_at": NOW, "ends_at": end, "now": end + away}
    assert rules.state_at(**facts, voided_at=None) is state
    assert rules.state_at(**facts, voided_at=NOW) is NoticeState.VOID
    nothing = rules.state_at(opened_at=None, ends_at=None, voided_at=None, now=NOW)
    assert nothing is NoticeState.PLANNED
