"""One cell of a table into one value, with what was repaired on the way. Pure."""

import re
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation

from portal.intake.faults import Fault, Findings, Note, Place

Cell = str | int | float | bool | date | datetime | None

PARTS = re.compile(r"[、，,;；\n]+")
"""What stands between the parts of a list in one cell."""
_WIDE = str.maketrans("０１２３４５６７８９．，－＋％（）：；／＝＿　", "0123456789.,-+%():;/=_ ")
_DIGITS = 30
_NUMBER = re.compile(r"([+-]?[0-9][0-9,]*\.?[0-9]*|[+-]?\.[0-9]+)\s*(.*)", re.DOTALL)
_THOUSANDS = re.compile(r"[+-]?[0-9]{1,3}(,[0-9]{3})+(\.[0-9]*)?$")
_ERRORS = frozenset({"#REF!", "#N/A", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!"})
_EMPTY = frozenset({"", "-", "--", "—", "——", "/", "无", "n/a", "none"})
_YEAR = r"(19[5-9][0-9]|20[0-9]{2}|2100)"
_YEAR_MONTH = re.compile(_YEAR + r"((0[1-9]|1[0-2])([0-2][0-9]|3[01])?)?")
_SPAN = re.compile(r"([0-9]+)[0-9年月日./\s-]*?[-–—~～至到]+\s*([0-9]{4,})")
_DATE = re.compile(r"([0-9]{4})\s*[-/.年]\s*([0-9]{1,2})\s*(?:[-/.月]\s*([0-9]{1,2})\s*日?|月)?$")


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit we can convert from: its factor is a fraction, and the note that says so."""

    times: Decimal
    by: Decimal = Decimal(1)
    note: Note | None = None


AREAS = {
    **dict.fromkeys(("公顷", "ha", "hm2", "hm²", "hectare", "hectares"), Unit(Decimal(1))),
    **dict.fromkeys(("亩", "mu"), Unit(Decimal(1), Decimal(15), Note.MU)),
    **dict.fromkeys(
        ("平方米", "m2", "m²", "㎡", "平米"), Unit(Decimal(1), Decimal(10_000), Note.SQUARE_METRES)
    ),
    **dict.fromkeys(
        ("平方公里", "平方千米", "km2", "km²", "k㎡"),
        Unit(Decimal(100), Decimal(1), Note.SQUARE_KILOMETRES),
    ),
}
"""Areas come in as hectares. 15 mu are one hectare; one square kilometre is 100 hectares."""
MONEY = {
    **dict.fromkeys(("元", "yuan", "rmb", "cny", "人民币元"), Unit(Decimal(1))),
    **dict.fromkeys(("万元", "万", "10,000 yuan"), Unit(Decimal(10_000), Decimal(1), Note.WAN)),
    **dict.fromkeys(("亿元", "亿"), Unit(Decimal(100_000_000), Decimal(1), Note.YI)),
}
MOST_HECTARES = Decimal(10_000_000)
MOST = Decimal(100_000_000_000)
LEAST = Decimal("0.000001")
"""A figure that is not nothing is at least this: an area of one square decimetre in hectares."""
SHARE = Decimal("0.0001")
"""What an area in mu is rounded to in hectares: one square metre."""


def words_of(cell: Cell) -> str:
    """Return a cell as a text without blanks at its ends."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, float):
        return _plain(cell)
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == datetime.min.time() else cell.isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    return str(cell).strip()


def narrow(text: str) -> str:
    """Return the text with full-width digits and marks as plain ones."""
    return text.translate(_WIDE)


def _plain(number: float) -> str:
    """Return a number of a spreadsheet with the digits that the spreadsheet shows."""
    text = format(Decimal(format(number, ".15g")), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


@dataclass(slots=True)
class Reader:
    """Reads the cells of one row; what is wrong or repaired is said at its place."""

    findings: Findings
    place: Place

    def number(
        self, cell: Cell, *, units: dict[str, Unit] | None = None, given: Unit | None = None
    ) -> Decimal | None:
        """Return a decimal, in the unit we keep; ``given`` is the unit that the column says."""
        text = self._written(cell)
        if text is None:
            return None
        found = _NUMBER.match(text)
        if found is None or not any(c.isdigit() for c in found[1]):
            self.findings.refuse(Fault.NOT_A_NUMBER, self.place, words_of(cell))
            return None
        digits, tail = found[1], found[2].strip()
        if "," in digits:
            if not _THOUSANDS.match(digits):
                self.findings.refuse(Fault.NOT_A_NUMBER, self.place, words_of(cell))
                return None
            self.findings.tell(Note.THOUSANDS, self.place, words_of(cell))
            digits = digits.replace(",", "")
        try:
            value = Decimal(digits)
        except InvalidOperation:
            self.findings.refuse(Fault.NOT_A_NUMBER, self.place, words_of(cell))
            return None
        if len(digits.lstrip("+-")) > _DIGITS:
            self.findings.refuse(Fault.TOO_MANY_DIGITS, self.place, words_of(cell))
            return None
        unit = given
        if tail:
            unit = (units or {}).get(tail.lower())
            if unit is None:
                self.findings.refuse(Fault.OTHER_UNIT, self.place, words_of(cell), unit=tail)
                return None
            self.findings.tell(Note.UNIT_IN_CELL, self.place, words_of(cell))
        return self._convert(value, unit, words_of(cell))

    def _written(self, cell: Cell) -> str | None:
        raw = words_of(cell)
        if raw.upper() in _ERRORS:
            self.findings.refuse(Fault.CELL_ERROR, self.place, raw)
            return None
        text = narrow(raw).strip()
        if text.lower() in _EMPTY:
            return None
        if text != raw and any(character.isdigit() for character in text):
            self.findings.tell(Note.FULL_WIDTH, self.place, raw)
        return text[1:] if text[:1] in ("'", "\u2018") else text

    def _convert(self, value: Decimal, unit: Unit | None, raw: str) -> Decimal:
        if unit is None or (unit.times == 1 and unit.by == 1):
            return value
        if unit.note is not None:
            self.findings.tell(unit.note, self.place, raw)
        product = value * unit.times
        if unit.by == 1:
            return _short(product)
        shared = product / unit.by
        rounded = shared.quantize(SHARE) if unit.note is Note.MU else shared
        return _short(rounded)

    def amount(self, cell: Cell, *, given: Unit | None = None) -> Decimal | None:
        """Return an area in hectares that is not negative."""
        return self.figure(cell, units=AREAS, given=given, most=MOST_HECTARES)

    def figure(
        self,
        cell: Cell,
        *,
        units: dict[str, Unit] | None,
        given: Unit | None,
        most: Decimal,
        least: Decimal = Decimal(0),
    ) -> Decimal | None:
        """Return a decimal that is not out of all proportion, and negative only where it may be."""
        value = self.number(cell, units=units, given=given)
        if value is None:
            return None
        if value < least:
            fault = Fault.TOO_LITTLE if least else Fault.NEGATIVE
            self.findings.refuse(fault, self.place, words_of(cell))
        elif value > most:
            self.findings.refuse(Fault.TOO_MUCH, self.place, words_of(cell))
        elif 0 < abs(value) < LEAST:
            self.findings.refuse(Fault.TOO_LITTLE, self.place, words_of(cell))
        else:
            return value
        return None

    def yuan(self, cell: Cell, *, given: Unit | None) -> int | None:
        """Return whole yuan, exactly."""
        value = self.number(cell, units=MONEY, given=given)
        if value is None:
            return None
        if value < 0:
            self.findings.refuse(Fault.NEGATIVE, self.place, words_of(cell))
        elif value != value.to_integral_value():
            self.findings.refuse(Fault.NOT_WHOLE_YUAN, self.place, words_of(cell))
        elif value > 100_000_000_000:
            self.findings.refuse(Fault.TOO_MUCH, self.place, words_of(cell))
        else:
            return int(value)
        return None

    def whole(self, cell: Cell, *, units: tuple[str, ...] = ()) -> int | None:
        """Return a whole number that is not negative, such as people or metres."""
        value = self.number(cell, units={unit: Unit(Decimal(1)) for unit in units})
        if value is None:
            return None
        if value < 0:
            self.findings.refuse(Fault.NEGATIVE, self.place, words_of(cell))
        elif value != value.to_integral_value():
            self.findings.refuse(Fault.NOT_WHOLE, self.place, words_of(cell))
        elif value > 2_000_000_000:
            self.findings.refuse(Fault.TOO_MUCH, self.place, words_of(cell))
        else:
            return int(value)
        return None

    def year(self, cell: Cell) -> int | None:
        """Return a year such as 2026."""
        text = narrow(words_of(cell)).removesuffix("年").strip()
        if not text:
            return None
        if not re.fullmatch(_YEAR, text):
            self.findings.refuse(Fault.NOT_A_YEAR, self.place, words_of(cell))
            return None
        return int(text)

    def check_years(self, said: str) -> None:
        """Refuse years of building that are none, or that end before they begin."""
        text = narrow(said)
        span = _SPAN.search(text)
        years = {n for n in re.findall(r"[0-9]+", text) if len(n) > 2} | set(
            span.groups() if span else ()
        )
        if not all(_YEAR_MONTH.fullmatch(year) for year in years):
            self.findings.refuse(Fault.NOT_A_YEAR, self.place, said)
        elif span and span[2][:4] < span[1][:4]:
            self.findings.refuse(Fault.BUILT_IN_ORDER, self.place, said)

    def day(self, cell: Cell) -> date | None:
        """Return a day; a month alone stands for its last day."""
        if isinstance(cell, datetime):
            return cell.date()
        if isinstance(cell, date):
            return cell
        text = narrow(words_of(cell))
        if text.lower() in _EMPTY:
            return None
        if found := _DATE.match(text):
            year, month = int(found[1]), int(found[2])
            try:
                if found[3]:
                    return date(year, month, int(found[3]))
                following = date(year + month // 12, month % 12 + 1, 1)
                return date.fromordinal(following.toordinal() - 1)
            except ValueError:
                pass
        self.findings.refuse(Fault.NOT_A_DATE, self.place, words_of(cell))
        return None

    def text(self, cell: Cell, *, most: int, needed: bool = False, exact: bool = False) -> str:
        """Return a text; ``exact`` keeps the blanks at its ends, as a chapter needs them."""
        raw = words_of(cell)
        if raw.upper() in _ERRORS:
            self.findings.refuse(Fault.CELL_ERROR, self.place, raw)
            return ""
        if not raw:
            if needed:
                self.findings.refuse(Fault.MISSING, self.place)
            return ""
        if exact and isinstance(cell, str):
            raw = cell
        if len(raw) > most:
            self.findings.refuse(Fault.TOO_LONG, self.place, raw, most=str(most))
            return ""
        return raw


def _short(value: Decimal) -> Decimal:
    """Return a computed number without zeros that nobody wrote."""
    text = format(value, "f")
    return Decimal(text.rstrip("0").rstrip(".") if "." in text else text)
