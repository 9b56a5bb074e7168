"""How figures are counted: periods, ages for queries, rates. Pure: no Flask, no database."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

MONTHS = 12
"""Every period is as long as this, so none lies inside another one.

Otherwise the difference of two periods would tell who acted in the days between (trust.md T22).
"""

PILOT_PERMILLE = 780
DECISION_ALERT_PERMILLE = 150
"""Benchmarks that the literature claims (domain.md §1.4); nobody has verified them."""


class FigureId(StrEnum):
    """The figures, under the names that files and pages use (domain.md §6)."""

    PARTICIPATION = "participation_rate"
    DECISION = "decision_rate"
    TURNOUT = "turnout"


class By(StrEnum):
    """What the people are divided by."""

    ALL = "all"
    GROUP = "group"
    SEX = "sex"
    AGE = "age"


class Act(StrEnum):
    """The acts that count as taking part."""

    COMMENT = "comment"
    SURVEY = "survey"
    VOTE = "vote"
    POINTS = "points"


@dataclass(frozen=True, order=True)
class Period:
    """Whole months, both days included."""

    first: date
    last: date


def period_until(year: int, month: int) -> Period:
    """Return the twelve months that end with this one."""
    last = _first_of(year, month + 1) - timedelta(days=1)
    return Period(_first_of(year, month + 1 - MONTHS), last)


def recent_periods(today: date) -> Iterator[Period]:
    """Yield the periods that end with the present month and with each of the eleven before."""
    for back in range(MONTHS):
        first = _first_of(today.year, today.month - back)
        yield period_until(first.year, first.month)


def snapshot_day(period: Period, today: date) -> date:
    """Return the day on which the roster is counted: the period's last, or today if it runs on."""
    return min(period.last, today)


def permille(numerator: int, denominator: int) -> int | None:
    """Return the rate in thousandths, halves rounded up; None where there is nobody to count."""
    if denominator <= 0:
        return None
    return (2000 * numerator + denominator) // (2 * denominator)


def is_alert(figure: FigureId, rate: int | None) -> bool:
    """Tell whether the figure is below the line at which it should worry (domain.md §6 no. 9)."""
    return figure is FigureId.DECISION and rate is not None and rate < DECISION_ALERT_PERMILLE


def _first_of(year: int, month: int) -> date:
    """Return the first day of a month; months before 1 and after 12 lead to other years."""
    return date(year + (month - 1) // 12, (month - 1) % 12 + 1, 1)
