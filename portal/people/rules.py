"""Who counts as what: ages, electorate, posts. Pure: no Flask, no database, no clock."""

import operator
import re
from datetime import date
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


def lineage(code: str) -> tuple[str, ...]:
    """Return the codes from the province down to this place itself."""
    return tuple(code[:n] for n in CODE_LENGTHS if n <= len(code))


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


class AssistanceReason(StrEnum):
    """Why somebody has things entered by somebody else (domain.md V19, A10)."""

    CANNOT_READ = "cannot-read"
    CANNOT_SEE = "cannot-see"
    NO_PHONE = "no-phone"
    ILL = "ill"
    AWAY = "away"
    ASKED = "asked"


class Role(StrEnum):
    """A post that somebody can hold in a village or a region (domain.md section 3)."""

    COMMITTEE = "committee"
    HEAD = "committee-head"
    GRID_WORKER = "grid-worker"
    PLANNER = "planner"
    SUPERVISOR = "supervisor"
    AUDITOR = "auditor"
    ADMIN = "administrator"
    OPERATOR = "operator"


NEEDS_SECOND_FACTOR = frozenset({Role.COMMITTEE, Role.HEAD, Role.ADMIN, Role.OPERATOR})


class Basis(StrEnum):
    """On which ground somebody belongs to the electorate (domain.md V23)."""

    REGISTERED = "registered-resident"
    REGISTERED_AWAY = "registered-away"
    ADMITTED = "admitted"
    NONE = "none"


def electorate_basis(*, is_registered: bool, is_away: bool, admitted_on: date | None) -> Basis:
    """Return the ground on which somebody belongs to the electorate, or `Basis.NONE`.

    domain.md V23; Organic Law Art. 13: registered and living here, registered and away, or
    registered elsewhere, living here for a year, and admitted by the meeting.
    """
    if is_registered:
        return Basis.REGISTERED_AWAY if is_away else Basis.REGISTERED
    return Basis.NONE if admitted_on is None else Basis.ADMITTED


class AgeBand(StrEnum):
    """Ages as statistics group them."""

    UNDER_18 = "<18"
    FROM_18 = "18-29"
    FROM_30 = "30-44"
    FROM_45 = "45-59"
    FROM_60 = "60-74"
    FROM_75 = "75+"
    UNKNOWN = "unknown"


BANDS = (
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
    return next(band for least, band in BANDS if age >= least)


def is_adult(born_on: date | None, day: date) -> bool:
    """Tell whether the 18th birthday has come (the day itself counts). Unknown is not adult."""
    return born_on is not None and birthday(born_on, 18) <= day


def is_minor(born_on: date | None, day: date) -> bool:
    """Tell whether somebody is known to be under 18 (domain.md S11). Unknown is not minor."""
    return born_on is not None and not is_adult(born_on, day)


def born_until(day: date, age: int) -> date:
    """Return the latest birth date whose bearer has this age on that day (domain.md T8).

    For queries. Whoever was born on 29 February has their birthday on the 28th in common years.
    """
    year = day.year - age
    if (day.month, day.day) == (2, 28) and not _is_leap(day.year) and _is_leap(year):
        return date(year, 2, 29)
    if (day.month, day.day) == (2, 29) and not _is_leap(year):
        return date(year, 2, 28)
    return day.replace(year=year)


def _is_leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def plain_phone(text: str) -> str | None:
    """Return the 11 digits of a mainland mobile number, or None.

    Spaces, hyphens, +86 and full-width digits are understood.
    """
    digits = "".join(str(int(c)) for c in text if c.isdigit() and c.isdecimal())
    odd = [c for c in text if not c.isdecimal() and c not in " -+()（）\u3000＋－"]
    if len(digits) == 13 and digits.startswith("86"):
        digits = digits[2:]
    return digits if not odd and re.fullmatch(r"1[3-9]\d{9}", digits) else None


class IdFlaw(StrEnum):
    """What is wrong with an ID number (GB 11643-1999)."""

    OLD = "old"
    LENGTH = "length"
    CHARACTERS = "characters"
    REGION = "region"
    DATE = "date"
    CHECK = "check"


ID_PROVINCES = frozenset(
    map(str, [*range(11, 16), *range(21, 24), *range(31, 38), *range(41, 47), *range(50, 55)])
) | frozenset(map(str, [*range(61, 66), 71, 81, 82, 83]))
_ID_WEIGHTS = tuple(pow(2, 17 - place, 11) for place in range(17))
_ID_PATTERN = re.compile(r"[0-9]{17}[0-9X]")


def id_check_character(digits: str) -> str:
    """Return the 18th character that belongs to the first 17 digits (ISO 7064 MOD 11-2)."""
    total = sum(map(operator.mul, map(int, digits), _ID_WEIGHTS))
    return "10X98765432"[total % 11]


def why_not_id_number(text: str) -> IdFlaw | None:
    """Say what is wrong with an ID number of 18 characters, or None."""
    if _ID_PATTERN.fullmatch(text) is None:
        if len(text) == 15 and text.isascii() and text.isdigit():
            return IdFlaw.OLD
        return IdFlaw.LENGTH if len(text) != 18 else IdFlaw.CHARACTERS
    if text[:2] not in ID_PROVINCES:
        return IdFlaw.REGION
    if id_born_on(text) is None:
        return IdFlaw.DATE
    return None if id_check_character(text[:17]) == text[17] else IdFlaw.CHECK


def id_born_on(id_number: str) -> date | None:
    """Return the birth date that stands in an ID number, or None where it is no day."""
    try:
        return date(int(id_number[6:10]), int(id_number[10:12]), int(id_number[12:14]))
    except ValueError:
        return None


def id_sex(id_number: str) -> Sex:
    """Return the sex that stands in an ID number: the 17th digit is odd for men."""
    return Sex.MALE if int(id_number[16]) % 2 else Sex.FEMALE
