"""Who counts as what: ages, names of parts, codes. Pure: no Flask, no database, no clock."""

import re
from datetime import date, datetime, timedelta
from enum import StrEnum


class Level(StrEnum):
    """A step of the region tree, with the length of its division code."""

    PROVINCE = "province"
    PREFECTURE = "prefecture"
    COUNTY = "county"
    TOWNSHIP = "township"
    VILLAGE = "village"


CODE_LENGTHS = {2: Level.PROVINCE, 4: Level.PREFECTURE, 6: Level.COUNTY}
CODE_LENGTHS |= {9: Level.TOWNSHIP, 12: Level.VILLAGE}


def level_of(code: str) -> Level | None:
    """Return the level that a division code speaks of, or None if it is no code."""
    return CODE_LENGTHS.get(len(code)) if code.isascii() and code.isdigit() else None


def parent_code(code: str) -> str | None:
    """Return the division code one level up: the first 9, 6, 4, 2 digits; None for a province."""
    shorter = [n for n in CODE_LENGTHS if n < len(code)]
    return code[: max(shorter)] if shorter else None


class Sex(StrEnum):
    """Sex on the roster; unknown stays unknown and is counted as such."""

    MALE = "male"
    FEMALE = "female"
    UNKNOWN = "unknown"


class Channel(StrEnum):
    """How a deed reached us."""

    SELF = "self"
    ASSISTED = "assisted"
    PAPER = "paper"
    MEETING = "meeting"
    IMPORT = "import"


class Role(StrEnum):
    """What an account may do beyond being a resident."""

    VILLAGER = "villager"
    COMMITTEE = "committee"
    PLANNER = "planner"
    SUPERVISOR = "supervisor"
    ADMIN = "administrator"


class AgeBand(StrEnum):
    """Ages as statistics group them."""

    UNDER_18 = "<18"
    FROM_18 = "18-29"
    FROM_30 = "30-44"
    FROM_45 = "45-59"
    FROM_60 = "60-74"
    FROM_75 = "75+"
    UNKNOWN = "unknown"


_BANDS = (
    (75, AgeBand.FROM_75),
    (60, AgeBand.FROM_60),
    (45, AgeBand.FROM_45),
    (30, AgeBand.FROM_30),
    (18, AgeBand.FROM_18),
    (0, AgeBand.UNDER_18),
)


def birthday(born_on: date, age: int) -> date:
    """Return the day on which that age is reached; 29 February falls on 28 in common years.

    domain.md T8; Civil Code Art. 202 (no such day: the last of the month).
    """
    try:
        return born_on.replace(year=born_on.year + age)
    except ValueError:
        return date(born_on.year + age, 2, 28)


def age_on(born_on: date | None, day: date) -> int | None:
    """Return the full years of age on that day, or None where the birth date is unknown."""
    if born_on is None:
        return None
    age = day.year - born_on.year
    return age if birthday(born_on, age) <= day else age - 1


def age_band(age: int | None) -> AgeBand:
    """Return the band of an age."""
    if age is None or age < 0:
        return AgeBand.UNKNOWN
    return next(band for least, band in _BANDS if age >= least)


def is_adult(born_on: date | None, day: date) -> bool:
    """Tell whether the 18th birthday has come (the day itself counts). Unknown is not adult."""
    return born_on is not None and birthday(born_on, 18) <= day


def adult_born_until(day: date) -> date:
    """Return the latest birth date whose bearer is an adult on that day, for queries.

    The one day on which this differs from `is_adult` is covered: those born on 29 February are
    adults from 28 February of a common year on.
    """
    if (day.month, day.day) == (2, 28) and not _is_leap(day.year) and _is_leap(day.year - 18):
        return date(day.year - 18, 2, 29)
    try:
        return day.replace(year=day.year - 18)
    except ValueError:  # today is 29 February, and 18 years ago there was none
        return date(day.year - 18, 2, 28)


def _is_leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


# --- signing in ---------------------------------------------------------------------------

CODE_MINUTES = 10
CODE_TRIES = 5
CODES_PER_HOUR = 5
CODE_LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
CODE_LENGTH = 12


class Refusal(StrEnum):
    """Why somebody cannot sign in."""

    BAD_PHONE = "bad-phone"
    TOO_MANY_CODES = "too-many-codes"
    CODE_EXPIRED = "code-expired"
    NO_TRIES_LEFT = "no-tries-left"
    WRONG_CODE = "wrong-code"
    UNKNOWN_SLIP = "unknown-slip"
    NOBODY = "nobody"


def plain_phone(text: str) -> str | None:
    """Return the 11 digits of a mainland mobile number, or None.

    Spaces, hyphens, +86 and full-width digits are understood.
    """
    digits = "".join(str(int(c)) for c in text if c.isdigit() and c.isdecimal())
    odd = [c for c in text if not c.isdecimal() and c not in " -+()（）\u3000＋－"]
    if len(digits) == 13 and digits.startswith("86"):
        digits = digits[2:]
    return digits if not odd and re.fullmatch(r"1[3-9]\d{9}", digits) else None


def plain_slip(text: str) -> str:
    """Return a printed code as it is stored: capitals without gaps; O, I, L read as 0, 1, 1.

    The letters in use leave out what is easily mistaken, so such a reading never fits two codes.
    """
    return re.sub(r"[^0-9A-Z]", "", text.upper())


def grouped(code: str) -> str:
    """Return a code in groups of four, as it is printed."""
    return "-".join(code[i : i + 4] for i in range(0, len(code), 4))


def why_not_send(*, phone: str | None, sent_last_hour: int) -> Refusal | None:
    """Return why no code is sent to this phone, or None."""
    if phone is None:
        return Refusal.BAD_PHONE
    if sent_last_hour >= CODES_PER_HOUR:
        return Refusal.TOO_MANY_CODES
    return None


def why_not_pass(
    *, now: datetime, expires_at: datetime, tries: int, is_right: bool
) -> Refusal | None:
    """Return why a code does not open the door, or None. `tries` counts those made before."""
    if tries >= CODE_TRIES:
        return Refusal.NO_TRIES_LEFT
    if now >= expires_at:
        return Refusal.CODE_EXPIRED
    return None if is_right else Refusal.WRONG_CODE


def code_expires_at(now: datetime) -> datetime:
    """Return until when a code sent now is good."""
    return now + timedelta(minutes=CODE_MINUTES)
