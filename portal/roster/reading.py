"""Reading a roster as committees keep it: residents out, or every fault at its place. Pure."""

import re
from collections.abc import Callable, Sequence
from dataclasses import KW_ONLY, dataclass, field
from datetime import date, datetime
from enum import StrEnum

from portal.people.rules import Sex, plain_phone


class Fault(StrEnum):
    """What can be wrong with a row of a roster; views.py has the words."""

    MISSING_COLUMN = "missing-column"
    UNKNOWN_COLUMN = "unknown-column"
    DUPLICATE_COLUMN = "duplicate-column"
    NO_ROWS = "no-rows"
    NO_HOUSEHOLD = "no-household"
    NO_NAME = "no-name"
    NAME_TOO_LONG = "name-too-long"
    NO_GROUP = "no-group"
    BAD_GROUP = "bad-group"
    TWO_GROUPS = "two-groups"
    BAD_SEX = "bad-sex"
    BAD_DATE = "bad-date"
    FUTURE_DATE = "future-date"
    BAD_PHONE = "bad-phone"
    BAD_YES_NO = "bad-yes-no"
    TWO_HEADS = "two-heads"
    TWICE = "twice"


@dataclass(frozen=True)
class RowFault:
    """One fault: where it stands (sheet, row, column as in the spreadsheet) and what it is."""

    sheet: str
    row: int
    column: str
    fault: Fault
    value: str = ""


@dataclass(frozen=True, slots=True)
class RosterRow:
    """One resident as the roster has them.

    `id_number` (18 characters) is here to be compared and digested: never store it, never log it.
    """

    household: str
    group: int
    name: str
    sex: Sex
    born_on: date | None
    phone: str | None
    is_head: bool
    is_registered: bool
    is_away: bool
    _: KW_ONLY
    admitted_on: date | None = None
    id_number: str | None = field(default=None, repr=False)
    second_contact: str | None = None
    left_on: date | None = None
    born_on_is_exact: bool = True
    village_code: str = ""
    row: int = 0
    sheet: str = ""


COLUMNS: dict[str, tuple[str, ...]] = {
    "household": ("户号", "household"),
    "group": ("组", "村民小组", "group"),
    "name": ("姓名", "name"),
    "sex": ("性别", "sex"),
    "born_on": ("出生日期", "出生年月日", "born"),
    "phone": ("手机", "手机号", "电话", "phone"),
    "head": ("户主", "head"),
    "registered": ("户籍", "户籍在村", "registered"),
    "away": ("外出", "外出务工", "away"),
}
REQUIRED_COLUMNS = ("household", "group", "name")
_SEXES = {"男": Sex.MALE, "m": Sex.MALE, "male": Sex.MALE, "女": Sex.FEMALE, "f": Sex.FEMALE}
_SEXES |= {"female": Sex.FEMALE, "": Sex.UNKNOWN, "未知": Sex.UNKNOWN, "unknown": Sex.UNKNOWN}
_YES_NO = {"是": True, "yes": True, "y": True, "1": True, "true": True, "√": True}
_YES_NO |= {"否": False, "no": False, "n": False, "0": False, "false": False}
_DATE = re.compile(
    r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?|(\d{4})(\d{2})(\d{2})"
)
NAME_LENGTH = 60


def column_letter(index: int) -> str:
    """Return A for 0, B for 1, AA for 26: the column as a spreadsheet names it."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def _text(cell: object) -> str:
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    wide = {c: c - 0xFEE0 for c in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}
    return str(cell).translate(wide).strip()


def read_date(cell: object) -> date | None:
    """Return the day a cell speaks of: a date, or 1980-05-01, 1980年5月1日, 19800501; else None."""
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    if match := _DATE.fullmatch(_text(cell)):
        year, month, day = (int(part) for part in match.groups() if part is not None)
        try:
            return date(year, month, day)
        except ValueError:
            return None
    return None


def read_roster(
    sheet: str, rows: Sequence[Sequence[object]], *, day: date
) -> tuple[list[RosterRow], list[RowFault]]:
    """Return the residents of a sheet, and every fault found in it.

    Row 1 names the columns (`COLUMNS`, in any order); empty rows are passed over.
    """
    faults: list[RowFault] = []
    places = _find_columns(sheet, rows[0] if rows else [], faults)
    if faults:
        return [], faults
    reader = _RosterReader(sheet, places, day, faults)
    found = [
        resident
        for number, row in enumerate(rows[1:], start=2)
        if any(_text(cell) for cell in row) and (resident := reader.read(number, row))
    ]
    if not found and not faults:
        faults.append(RowFault(sheet, 1, "A", Fault.NO_ROWS))
    return found, faults


def _find_columns(sheet: str, heads: Sequence[object], faults: list[RowFault]) -> dict[str, int]:
    known = {alias: key for key, aliases in COLUMNS.items() for alias in aliases}
    places: dict[str, int] = {}
    for index, head in enumerate(heads):
        text = _text(head).lower()
        if not text:
            continue
        if text not in known:
            faults.append(RowFault(sheet, 1, column_letter(index), Fault.UNKNOWN_COLUMN, text))
        elif known[text] in places:
            faults.append(RowFault(sheet, 1, column_letter(index), Fault.DUPLICATE_COLUMN, text))
        else:
            places[known[text]] = index
    for key in REQUIRED_COLUMNS:
        if key not in places:
            faults.append(RowFault(sheet, 1, "–", Fault.MISSING_COLUMN, COLUMNS[key][0]))
    return places


class _RosterReader:
    """Reads row after row and remembers what must not stand twice."""

    def __init__(
        self, sheet: str, places: dict[str, int], day: date, faults: list[RowFault]
    ) -> None:
        self.sheet, self.places, self.day, self.faults = sheet, places, day, faults
        self.groups: dict[str, int] = {}
        self.heads: set[str] = set()
        self.seen: set[tuple[str, str, date | None]] = set()

    def read(  # noqa: C901 -- one column after the other, nothing nested
        self, number: int, row: Sequence[object]
    ) -> RosterRow | None:
        """Return the resident in this row, or None after noting its faults."""
        before = len(self.faults)

        def cell(key: str) -> object:
            place = self.places.get(key)
            return row[place] if place is not None and place < len(row) else None

        def fault(key: str, kind: Fault) -> None:
            place = column_letter(self.places[key]) if key in self.places else "–"
            self.faults.append(RowFault(self.sheet, number, place, kind, _text(cell(key))[:60]))

        def yes_no(key: str, *, default: bool) -> bool:
            text = _text(cell(key)).lower()
            if text and text not in _YES_NO:
                fault(key, Fault.BAD_YES_NO)
            return _YES_NO.get(text, default)

        household, name = _text(cell("household")), str(cell("name") or "").strip()
        if not household:
            fault("household", Fault.NO_HOUSEHOLD)
        if not name:
            fault("name", Fault.NO_NAME)
        elif len(name) > NAME_LENGTH:
            fault("name", Fault.NAME_TOO_LONG)
        group = self._group(household, _text(cell("group")), fault)
        sex = _SEXES.get(_text(cell("sex")).lower())
        if sex is None:
            fault("sex", Fault.BAD_SEX)
        born_on = read_date(cell("born_on"))
        if born_on is None and _text(cell("born_on")):
            fault("born_on", Fault.BAD_DATE)
        elif born_on is not None and not date(1900, 1, 1) <= born_on <= self.day:
            fault("born_on", Fault.FUTURE_DATE)
        phone = plain_phone(_text(cell("phone")))
        if phone is None and _text(cell("phone")):
            fault("phone", Fault.BAD_PHONE)
        is_head = yes_no("head", default=False)
        if is_head and household in self.heads:
            fault("head", Fault.TWO_HEADS)
        if name and (household, name, born_on) in self.seen:
            fault("name", Fault.TWICE)
        is_registered = yes_no("registered", default=True)
        is_away = yes_no("away", default=False)
        if len(self.faults) > before or sex is None:
            return None
        if is_head:
            self.heads.add(household)
        self.seen.add((household, name, born_on))
        return RosterRow(
            household, group, name, sex, born_on, phone, is_head, is_registered, is_away
        )

    def _group(self, household: str, text: str, note: Callable[[str, Fault], None]) -> int:
        digits = re.fullmatch(r"第?\s*(\d{1,3})\s*组?", text)
        if not text:
            note("group", Fault.NO_GROUP)
            return 0
        if digits is None or not 1 <= int(digits[1]) <= 200:
            note("group", Fault.BAD_GROUP)
            return 0
        number = int(digits[1])
        if self.groups.setdefault(household, number) != number:
            note("group", Fault.TWO_GROUPS)
        return number


def read_sheets(
    sheets: Sequence[tuple[str, Sequence[Sequence[object]]]], *, day: date
) -> tuple[list[RosterRow], list[RowFault]]:
    """Read every sheet that is not empty (name, rows) as one roster."""
    found: list[RosterRow] = []
    faults: list[RowFault] = []
    filled = [(name, rows) for name, rows in sheets if any(any(map(_text, r)) for r in rows)]
    for name, rows in filled or sheets[:1]:
        residents, wrong = read_roster(name, rows, day=day)
        found += residents
        faults += wrong
    return found, faults
