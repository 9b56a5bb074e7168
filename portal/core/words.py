"""Moments, spans and names in the words people use; pure display, no decisions."""

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

from babel import Locale
from babel.dates import format_date, format_skeleton
from flask_babel import get_locale, gettext, ngettext

from portal.core.clock import SHANGHAI, now, today

# Day with weekday, within the present year and in another one.
_DAY = {
    "zh": ("M月d日(EEE)", "y年M月d日(EEE)"),
    "en": ("EEE d MMMM", "EEE d MMMM y"),
}
_RARE = re.compile("[\u3400-\u4dbf\U00020000-\U000323af]")


def is_rare(text: str) -> bool:
    """Tell whether a name needs the font for rare characters (extension A and beyond)."""
    return _RARE.search(str(text)) is not None


def day_words(day: date, present: date) -> str:
    """Return a day with its weekday, 3月2日(周一); the year only when it is another one."""
    locale = get_locale() or Locale("zh", "Hans")
    is_other_year = day.year != present.year
    patterns = _DAY.get(locale.language)
    if patterns is None:
        return format_skeleton("yMMMEd" if is_other_year else "MMMEd", day, locale=locale)
    return format_date(day, patterns[is_other_year], locale=locale)


def closing_day(moment: datetime) -> date:
    """Return the village's day that a span ends on: midnight still belongs to the day before."""
    return (moment.astimezone(SHANGHAI) - timedelta(microseconds=1)).date()


def clock_words(moment: datetime) -> str:
    """Return hour and minute in the village; midnight is 24:00 of the day before."""
    here = moment.astimezone(SHANGHAI)
    return "24:00" if (here.hour, here.minute) == (0, 0) else f"{here:%H:%M}"


def moment_words(moment: datetime, present: datetime) -> str:
    """Return a moment as day and time: 3月2日(周一) 24:00."""
    return f"{day_words(closing_day(moment), today(present))} {clock_words(moment)}"


def start_words(moment: datetime, present: datetime) -> str:
    """Return a moment at which something begins: midnight is the day's own 00:00."""
    here = moment.astimezone(SHANGHAI)
    return f"{day_words(here.date(), today(present))} {here:%H:%M}"


def time_words(moment: datetime, present: datetime) -> str:
    """Return when something was said: the time alone today, else with the day."""
    here = moment.astimezone(SHANGHAI)
    age = (today(present) - here.date()).days
    if age == 0:
        return f"{here:%H:%M}"
    if age == 1:
        return gettext("Yesterday %(time)s", time=f"{here:%H:%M}")
    return f"{day_words(here.date(), today(present))} {here:%H:%M}"


def left_words(closes_at: datetime, present: datetime) -> str:
    """Return how long something stays open: in days, on the last day in hours or minutes."""
    left = closes_at - present
    if left <= timedelta(0):
        return gettext("Closed")
    days = (closing_day(closes_at) - today(present)).days
    if days >= 1 and left >= timedelta(days=1):
        return ngettext("%(num)d day left", "%(num)d days left", days)
    if left >= timedelta(hours=1):
        hours = left // timedelta(hours=1)
        return ngettext("%(num)d hour left", "%(num)d hours left", hours)
    minutes = max(1, left // timedelta(minutes=1))
    return ngettext("%(num)d minute left", "%(num)d minutes left", minutes)


def deadline_words(closes_at: datetime, present: datetime) -> str:
    """Return the deadline line: 还剩 12 天 · 3月2日(周一) 24:00 截止."""
    when = moment_words(closes_at, present)
    if closes_at <= present:
        return gettext("Closed on %(when)s", when=when)
    return gettext("%(left)s · closes %(when)s", left=left_words(closes_at, present), when=when)


def is_urgent(closes_at: datetime, present: datetime) -> bool:
    """Tell whether fewer than three days are left."""
    return timedelta(0) < closes_at - present < timedelta(days=3)


def _village_day(day: date) -> date:
    return today(day) if isinstance(day, datetime) else day


# What templates may call; there the present moment is the clock's unless they give one.
GLOBALS: dict[str, Callable[..., Any]] = {
    "is_rare": is_rare,
    "day_words": lambda day, at=None: day_words(_village_day(day), today(at or now())),
    "start_words": lambda moment, at=None: start_words(moment, at or now()),
    "moment_words": lambda moment, at=None: moment_words(moment, at or now()),
    "time_words": lambda moment, at=None: time_words(moment, at or now()),
    "left_words": lambda moment, at=None: left_words(moment, at or now()),
    "deadline_words": lambda moment, at=None: deadline_words(moment, at or now()),
    "is_urgent": lambda moment, at=None: is_urgent(moment, at or now()),
}
