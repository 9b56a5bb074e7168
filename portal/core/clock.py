"""The only place that asks what time it is, and what day it is in the village."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")


def now() -> datetime:
    """Return the present moment, in UTC."""
    return datetime.now(UTC)


def today(moment: datetime) -> date:
    """Return the calendar day of this moment in the village (Asia/Shanghai)."""
    return moment.astimezone(SHANGHAI).date()


def midnight_after(day: date) -> datetime:
    """Return the moment at which `day` ends, its 24:00 in Shanghai, in UTC (domain.md T2)."""
    return datetime.combine(day + timedelta(days=1), time(), SHANGHAI).astimezone(UTC)


def midnight_before(day: date) -> datetime:
    """Return the moment at which `day` begins in Shanghai, in UTC."""
    return midnight_after(day - timedelta(days=1))
