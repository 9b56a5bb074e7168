"""One cell of a roster, as committees write it: a value, or why it is none. Pure."""

import re
from calendar import monthrange
from datetime import date, datetime, timedelta

from portal.people.rules import IdFlaw, plain_phone, why_not_id_number
from portal.roster.faults import Fault
from portal.roster.vocabulary import NONE_WORDS

NAME_LENGTH = 60
LONGEST_DAY, LONGEST_GROUP, LONGEST_PHONE = 30, 20, 60
HOUSEHOLD_LENGTH = 40

_WIDE: dict[int, int | None] = {c: c - 0xFEE0 for c in range(0xFF01, 0xFF5F)}
_WIDE |= {0x3000: 0x20, 0xA0: 0x20, 0x2212: 0x2D, 0x2013: 0x2D, 0x2014: 0x2D}
_WIDE |= dict.fromkeys([*range(0x200B, 0x2010), *range(0x202A, 0x202F), 0x2060, 0xFEFF])
_QUOTED = re.compile(r'="([^"]*)"')


def clean(cell: object) -> str:
    """Return the text of a cell: half-width, without stray blanks and invisible characters.

    `="…"` and a leading apostrophe are how spreadsheets are told to leave a text alone.
    """
    if isinstance(cell, str):
        text = cell
    elif cell is None:
        return ""
    elif isinstance(cell, bool):
        text = "是" if cell else "否"
    elif isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        text = str(int(cell))
    else:
        text = str(cell)
    if not text.isascii():
        text = text.translate(_WIDE)
    text = text.strip()
    if text[:1] in ("=", "'"):
        if quoted := _QUOTED.fullmatch(text):
            text = quoted[1].strip()
        elif text[0] == "'" and text[1:2] in ("+", "-", "@"):
            text = text[1:].strip()
    return text


# --- names ---------------------------------------------------------------------------------------

_DOTS = str.maketrans(dict.fromkeys("•・‧∙.", "·"))
_LEFT = re.compile(r"已故|亡|去世|死|迁出|迁走|销户|注销")
_BRACKET = re.compile(r"[(（\[【〔].*")


def read_name(text: str) -> tuple[str, Fault | None]:
    """Return the name without the blanks that only fill it up (张　三), or what is wrong."""
    if text.isalpha() and len(text) <= NAME_LENGTH:
        return text, None
    parts = text.split()
    text = " ".join(parts) if any(part.isascii() for part in parts) else "".join(parts)
    if not text.isascii():
        text = text.translate(_DOTS)
    if not text:
        return "", Fault.NO_NAME
    for is_wrong, fault in (
        (any(mark in text for mark in "*某"), Fault.NAME_MASKED),
        (any(mark in text for mark in "?\ufffd□■"), Fault.NAME_LOST_CHARACTER),
        (any(_is_private(c) for c in text), Fault.NAME_PRIVATE_CHARACTER),
        (bool(_BRACKET.search(text) and _LEFT.search(text)), Fault.NAME_SAYS_LEFT),
        (any(c.isdecimal() for c in text), Fault.NAME_WITH_NUMBER),
        (any(mark in text for mark in "、,;/，；"), Fault.TWO_NAMES),
        (len(text) > NAME_LENGTH, Fault.NAME_TOO_LONG),
    ):
        if is_wrong:
            return "", fault
    return text, None


def _is_private(character: str) -> bool:
    return "\ue000" <= character <= "\uf8ff" or character >= "\U000f0000"


def says_left(text: str) -> bool:
    """Tell whether a remark says that somebody died or moved away."""
    return _LEFT.search(text) is not None


# --- groups --------------------------------------------------------------------------------------

_HAN = {c: n for n, c in enumerate("〇一二三四五六七八九")} | {"零": 0, "两": 2, "○": 0}
_GROUP = re.compile(
    r"(?:第\s*)?([0-9]{1,3}|[一二三四五六七八九十百〇零两]{1,5})"
    r"\s*(?:(?:村民小组|小组|组|队|group)(?:\s*\([^()]+\))?)?"
)
_GROUP_WORD = re.compile(r"组|队|group|第", re.IGNORECASE)


def _han_number(text: str) -> int | None:
    """Return 12 for 十二, 120 for 一百二十, or None."""
    total = digit = 0
    for c in text:
        if c in "十百":
            total += (digit or 1) * (10 if c == "十" else 100)
            digit = 0
        elif c in _HAN:
            digit = digit * 10 + _HAN[c]
        else:
            return None
    return total + digit


def read_group(text: str) -> tuple[int, Fault | None]:
    """Return the number of a group: 3, 第3组, 三组, 第三村民小组, 第3组(溪口)."""
    if not text:
        return 0, Fault.NO_GROUP
    if len(text) <= LONGEST_GROUP and (match := _GROUP.fullmatch(text.lower())):
        number = int(match[1]) if match[1].isascii() else _han_number(match[1])
        if number is not None and 1 <= number <= 200:
            return number, None
    return 0, Fault.BAD_GROUP


_GROUP_IN_TITLE = re.compile(
    r"第\s*(?:[0-9]{1,3}|[一二三四五六七八九十百]{1,5})\s*(?:村民小组|小组|组)|[0-9]{1,3}\s*(?:村民小组|小组|组)"
)


def group_of_title(text: str) -> int | None:
    """Return the number of the group that a title names among other words, or None."""
    match = _GROUP_IN_TITLE.search(text[:200])
    return group_of_heading(match[0]) if match else None


def group_of_heading(text: str) -> int | None:
    """Return the number of the group that a heading or the name of a sheet speaks of, or None."""
    number, fault = read_group(text)
    return number if fault is None and _GROUP_WORD.search(text) else None


# --- days ----------------------------------------------------------------------------------------

_MIDNIGHT = re.compile(r"[ T]0?0:00(:00(\.0+)?)?$")
_FULL = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*[日号]?\s*生?")
_PACKED = re.compile(r"(\d{4})(\d{2})(\d{2})")
_MONTH = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*月?\s*生?|([12]\d{3})(0[1-9]|1[0-2])")
_YEAR = re.compile(r"((?:19|20)\d{2})\s*年?\s*生?")
_SHORT = re.compile(r"\d{2}\s*[-/.年]\s*\d{1,2}(\s*[-/.月]\s*\d{1,2}\s*日?)?\s*月?|\d{6}")
_YEAR_LAST = re.compile(r"\d{1,2}\s*[-/.]\s*\d{1,2}\s*[-/.]\s*\d{4}")
_UNCLEAR = re.compile(r"\d{4}\.1")
_LUNAR = re.compile(r".*([农阴]历|正月|腊月|冬月|初[一二三四五六七八九十]|廿|闰).*")

_HAN_DAY = re.compile(
    r"([〇零○一二三四五六七八九]{4})年"
    r"(?:([一二三四五六七八九十]{1,2})月(?:([一二三四五六七八九十]{1,3})[日号])?)?"
)
_SERIAL_START = date(1899, 12, 30)
FIRST_DAY = date(1900, 1, 1)
Day = tuple[date, bool]
_FAULTY = (
    (_LUNAR, Fault.LUNAR_DATE),
    (_UNCLEAR, Fault.UNCLEAR_MONTH),
    (_YEAR_LAST, Fault.YEAR_LAST),
    (_SHORT, Fault.SHORT_YEAR),
)


def parse_day(cell: object, text: str | None = None) -> Day | Fault:
    """Return the day that a cell speaks of and whether it is exact, or what is wrong with it.

    Of a year or month alone it is the last day: so nobody counts as an adult too early.
    """
    if isinstance(cell, date):
        return (cell.date() if isinstance(cell, datetime) else cell), True
    if text is None:
        text = clean(cell)
    if len(text) > LONGEST_DAY:
        return Fault.BAD_DATE
    if ":" in text:
        text = _MIDNIGHT.sub("", text)
    if match := _FULL.fullmatch(text) or _PACKED.fullmatch(text):
        return _make_day(int(match[1]), int(match[2]), int(match[3]))
    return _parse_part_of_day(text)


def _parse_part_of_day(text: str) -> Day | Fault:
    if match := _YEAR.fullmatch(text):
        return _make_day(int(match[1]), None, None)
    if text.isascii() and text.isdigit() and len(text) == 5:
        return _SERIAL_START + timedelta(days=int(text)), True
    is_unclear = _UNCLEAR.fullmatch(text) is not None
    if not is_unclear and (match := _MONTH.fullmatch(text)):
        return _make_day(int(match[1] or match[3]), int(match[2] or match[4]), None)
    if match := _HAN_DAY.fullmatch(text):
        year = int("".join(str(_HAN[c]) for c in match[1]))
        month, day = (_han_number(part) if part else None for part in match.groups()[1:])
        return _make_day(year, month, day)
    return next((fault for pattern, fault in _FAULTY if pattern.fullmatch(text)), Fault.BAD_DATE)


def _make_day(year: int, month: int | None, day: int | None) -> Day | Fault:
    try:
        if month is None:
            return date(year, 12, 31), False
        return date(year, month, day or monthrange(year, month)[1]), day is not None
    except ValueError:
        return Fault.IMPOSSIBLE_DATE


def read_date(cell: object) -> date | None:
    """Return the day a cell speaks of exactly: a date, 1980-05-01, 19800501 …; or None."""
    found = parse_day(cell)
    return found[0] if isinstance(found, tuple) and found[1] else None


# --- numbers -------------------------------------------------------------------------------------

_MOBILE = re.compile(r"1[3-9][0-9]{9}")
_SCIENTIFIC = re.compile(r"[0-9](\.[0-9]+)?E\+?[0-9]{1,2}", re.IGNORECASE)
_LANDLINE = re.compile(r"\(?0[0-9]{2,3}\)?[ -]?[0-9]{7,8}|[2-8][0-9]{6,7}")
_ID_FLAWS = {
    IdFlaw.OLD: Fault.OLD_ID,
    IdFlaw.CHARACTERS: Fault.ID_CHARACTERS,
    IdFlaw.REGION: Fault.ID_REGION,
    IdFlaw.DATE: Fault.ID_DATE,
    IdFlaw.CHECK: Fault.ID_CHECK,
}


def read_phone(text: str) -> tuple[str | None, Fault | None]:
    """Return a mobile number of 11 digits, None where none is known, or what is wrong with it."""
    if _MOBILE.fullmatch(text):
        return text, None
    if text.lower() in NONE_WORDS:
        return None, None
    if plain := plain_phone(text):
        return plain, None
    if len(text) > LONGEST_PHONE:
        return None, Fault.BAD_PHONE
    digits = re.sub(r"[^0-9]", "", text)
    for is_wrong, fault in (
        (_SCIENTIFIC.fullmatch(text), Fault.PHONE_AS_NUMBER),
        ("*" in text, Fault.PHONE_MASKED),
        (len(_MOBILE.findall(re.sub(r"[ -]", "", text))) > 1, Fault.TWO_PHONES),
        (_LANDLINE.fullmatch(text), Fault.PHONE_LANDLINE),
        (re.search(r"[^0-9 +()-]", text) or not digits, Fault.BAD_PHONE),
        (len(digits) < 11, Fault.PHONE_TOO_SHORT),
        (len(digits) > 11, Fault.PHONE_TOO_LONG),
    ):
        if is_wrong:
            return None, fault
    return None, Fault.PHONE_START


def read_id_number(cell: object, text: str) -> tuple[str | None, Fault | None]:
    """Return an ID number of 18 characters, None where none is known, or what is wrong with it.

    Spreadsheets keep 15 digits of a number: what came as one has lost its end for good.
    """
    if text.lower() in NONE_WORDS:
        return None, None
    if isinstance(cell, int | float) and abs(cell) >= 1e15:
        return None, Fault.ID_AS_NUMBER
    if len(text) != 18:
        text = re.sub(r"[\s-]", "", text)
    text = text.upper()
    flaw = why_not_id_number(text)
    if flaw is None:
        return text, None
    if "*" in text:
        return None, Fault.ID_MASKED
    if _SCIENTIFIC.fullmatch(text):
        return None, Fault.ID_AS_NUMBER
    if flaw is IdFlaw.CHECK and text.endswith("000"):
        return None, Fault.ID_ROUNDED
    if flaw is IdFlaw.LENGTH:
        return None, Fault.ID_TOO_SHORT if len(text) < 18 else Fault.ID_TOO_LONG
    return None, _ID_FLAWS[flaw]
