"""Numbers and moments as they are printed: grouped, with one decimal, without any float."""

from datetime import datetime, timedelta
from decimal import Decimal

from babel.dates import format_date

from portal.core.clock import SHANGHAI


def grouped(number: int) -> str:
    """Return 1204 as 1,204."""
    return f"{number:,}"


def percent(part: int, whole: int) -> str:
    """Return part of whole in percent with one decimal, rounded half up; — of nothing."""
    if not whole:
        return "—"
    tenths = (part * 2000 + whole) // (2 * whole)
    return f"{tenths // 10}.{tenths % 10}%"


def cell(number: int | None) -> str:
    """Return a number of a table; a hidden one is <5 or something that would reveal one: *."""
    return "*" if number is None else grouped(number)


def ten_thousands(yuan: int | None) -> str:
    """Return an amount in units of 10,000 yuan, exactly: 125000 is 12.5; — where unknown."""
    if yuan is None:
        return "—"
    whole, rest = divmod(yuan, 10_000)
    return f"{whole:,}" + (f".{rest:04}".rstrip("0") if rest else "")


def moment_words(moment: datetime, language: str, *, is_end: bool) -> str:
    """Return a moment with its day and weekday; an end at midnight is 24:00 of the day before."""
    here = moment.astimezone(SHANGHAI)
    if is_end and here.hour == here.minute == here.second == 0:
        day = here.date() - timedelta(days=1)
        return f"{format_date(day, 'full', locale=language)} 24:00"
    return f"{format_date(here.date(), 'full', locale=language)} {here:%H:%M}"


def number_words(value: Decimal | None) -> str:
    """Return a number as the plan writes it; — where it has none."""
    return "—" if value is None else format(value, "f")


def signed_words(value: Decimal | None) -> str:
    """Return a change with its sign; — where it is not known."""
    if value is None:
        return "—"
    return format(value, "+f") if value else "0"
