"""The rows of the tables with figures: indicators and land-use structure. Pure."""

import re
from collections.abc import Sequence
from decimal import Decimal, InvalidOperation

from portal.intake.cells import AREAS, MOST, MOST_HECTARES, PARTS, narrow, words_of
from portal.intake.columns import plain
from portal.intake.drafts import IndicatorRow, StructureRow
from portal.intake.faults import Fault, Note
from portal.intake.sheets import Found, Row
from portal.intake.vocabulary import (
    AT_MOST,
    DIRECTIONS,
    INDICATOR_KINDS,
    NO,
    YES,
    code_named,
)
from portal.maps.landuse import CLASSES
from portal.plans.rules import Direction, IndicatorKind

_WEIGHT = re.compile(r"(.+?)\s*[:：=]\s*([0-9.]+%?)$")
_CODE = re.compile(r"[A-Za-z0-9_.\-]{1,40}")
HECTARES = ("公顷", "ha", "hm2", "hm²")
SQUARE_METRES = ("平方米", "m2", "m²", "㎡", "平米")
"""Small areas, such as a homestead's, stay in square metres."""
RATES = ("%", "‰", "百分点", "千分点", "percentage point")
"""What is counted in these may fall, and is then less than nothing: a growth, a change."""

# Classes that older editions have otherwise: code -> (its old name, what to write instead). Some
# of the codes are in use again, so the name decides (domain.md §2.3).
OLD_CLASSES = {
    "060102": ("村庄内部道路用地", "1207"),
    "0602": ("种植设施建设用地", "060201"),
    "0603": ("畜禽养殖设施建设用地", "060202"),
    "0604": ("水产养殖设施建设用地", "060203"),
    "0204": ("其他园地", "0205"),
}


def read_indicators(found: Found) -> list[IndicatorRow]:
    """Return the indicators; a code that is not there comes from the name, or is made."""
    rows: list[IndicatorRow] = []
    known: dict[str, int] = {}
    for row in found.rows():
        name = found.reader(row.number, "name").text(row.cells.get("name"), most=120, needed=True)
        code = _indicator_code(found, row, name, len(rows) + 1)
        if code in known:
            place = found.place(row.number, "code")
            found.findings.refuse(Fault.CODE_TWICE, place, code, first=str(known[code]))
        known.setdefault(code, row.number)
        rows.append(_indicator(found, row, code, name))
    return rows


def _indicator_code(found: Found, row: Row, name: str, number: int) -> str:
    place = found.place(row.number, "code")
    code = found.reader(row.number, "code").text(row.cells.get("code"), most=40)
    if code:
        return code
    if by_name := code_named(name):
        found.findings.tell(Note.CODE_BY_NAME, place, name)
        return by_name
    found.findings.tell(Note.CODE_MADE, place, name)
    return f"i{number}"


def _indicator(found: Found, row: Row, code: str, name: str) -> IndicatorRow:
    unit = found.reader(row.number, "unit").text(row.cells.get("unit"), most=20, needed=True)
    kind = found.word(row, "kind", INDICATOR_KINDS)
    if not words_of(row.cells.get("kind")):
        found.findings.refuse(Fault.MISSING, found.place(row.number, "kind"))
    direction = found.word(row, "direction", DIRECTIONS)
    if direction is None:
        direction = Direction.AT_MOST if code in AT_MOST else Direction.AT_LEAST
    unit, values = _values(found, row, unit)
    low, high = values["lower_limit"], values["upper_limit"]
    if low is not None and high is not None and low > high:
        place = found.place(row.number, "lower_limit")
        found.findings.refuse(Fault.LIMITS_CROSSED, place, str(low), upper=str(high))
    return IndicatorRow(
        place=found.place(row.number),
        code=code,
        name=name,
        unit=unit,
        kind=kind or IndicatorKind.EXPECTED,
        direction=direction,
        base=values["base"],
        target=values["target"],
        current=values["current"],
        lower_limit=low,
        upper_limit=high,
        goals=_goals(found, row),
        links=found.place(row.number, "goals"),
    )


def _values(found: Found, row: Row, unit: str) -> tuple[str, dict[str, Decimal | None]]:
    """Return the values, areas in hectares, and the unit they then have."""
    given = AREAS.get(unit.lower()) if unit not in SQUARE_METRES else None
    values = {
        key: found.reader(row.number, key).figure(
            row.cells.get(key),
            units=AREAS if given else {unit: AREAS["公顷"]} if unit else None,
            given=given,
            least=-MOST if _is_rate(unit) else Decimal(0),
            most=MOST_HECTARES if given else MOST,
        )
        for key in ("base", "target", "current", "lower_limit", "upper_limit")
    }
    return (unit if given is None or unit.lower() in HECTARES else "公顷"), values


def _is_rate(unit: str) -> bool:
    return any(rate in narrow(unit).lower() for rate in RATES)


def _goals(found: Found, row: Row) -> Sequence[tuple[str, Decimal | None]]:
    """Return the goals that an indicator names, with weights where it gives them: 1:0.6；3:0.4."""
    place = found.place(row.number, "goals")
    goals: list[tuple[str, Decimal | None]] = []
    for part in PARTS.split(narrow(words_of(row.cells.get("goals")))):
        text, weight = part.strip(), None
        if not text:
            continue
        if weighed := _WEIGHT.match(text):
            text, weight = weighed[1].strip(), _weight(weighed[2])
            if weight is None or not 0 < weight <= 1:
                found.findings.refuse(Fault.BAD_WEIGHT, place, part)
                continue
        if any(goal == text for goal, _ in goals):
            found.findings.refuse(Fault.LINK_TWICE, place, text)
            continue
        goals.append((text, weight))
    return goals


def _weight(text: str) -> Decimal | None:
    try:
        value = Decimal(text.removesuffix("%"))
    except InvalidOperation:
        return None
    return value / 100 if text.endswith("%") else value


def read_structure(found: Found) -> tuple[list[StructureRow], list[tuple[str, StructureRow]]]:
    """Return the lines of the lowest level, and the sums that the table itself says."""
    lines: list[StructureRow] = []
    sums: list[tuple[str, StructureRow]] = []
    known: dict[tuple[str, bool], int] = {}
    for row in found.rows():
        raw = narrow(words_of(row.cells.get("code")))
        name = words_of(row.cells.get("name"))
        code = _class_code(raw)
        line = _line(found, row, code)
        if not code.isdigit():
            if raw and raw not in ("/", "-", "—") and not name:
                _refuse_class(found, row, raw)
            else:
                found.findings.tell(Note.SUM_LEFT_OUT, found.place(row.number, "name"), name)
                sums.append((name or raw, line))
            continue
        if code not in CLASSES or _is_old(code, name):
            _refuse_class(found, row, raw)
            continue
        key = (code, line.is_town)
        if key in known:
            place = found.place(row.number, "code")
            found.findings.refuse(Fault.CLASS_TWICE, place, raw, first=str(known[key]))
            continue
        known[key] = row.number
        _check_change(found, row, line)
        lines.append(line)
    return _lowest(found, lines, sums)


def _class_code(raw: str) -> str:
    """Return the code of a class; spreadsheets drop the zero it begins with."""
    text = raw.removesuffix(".0")
    if text.isdigit() and text not in CLASSES and "0" + text in CLASSES and len(text) % 2:
        return "0" + text
    return text


def _is_old(code: str, name: str) -> bool:
    old = OLD_CLASSES.get(code)
    return old is not None and bool(name) and plain(name) in (old[0], old[0].removesuffix("用地"))


def _refuse_class(found: Found, row: Row, raw: str) -> None:
    place = found.place(row.number, "code")
    if raw in OLD_CLASSES:
        found.findings.refuse(Fault.OLD_CLASS, place, raw, new=OLD_CLASSES[raw][1])
    else:
        found.findings.refuse(Fault.UNKNOWN_CLASS, place, raw)


def _line(found: Found, row: Row, code: str) -> StructureRow:
    town = words_of(row.cells.get("town")).lower()
    if town and town not in YES + NO:
        place = found.place(row.number, "town")
        found.findings.refuse(Fault.UNKNOWN_WORD, place, town, known="是、否")
    areas = {
        key: found.reader(row.number, key).amount(row.cells.get(key), given=found.units.get(key))
        for key in ("base_ha", "target_ha")
    }
    return StructureRow(place=found.place(row.number), code=code, is_town=town in YES, **areas)


def _check_change(found: Found, row: Row, line: StructureRow) -> None:
    reader = found.reader(row.number, "change_ha")
    said = reader.number(
        row.cells.get("change_ha"), units=AREAS, given=found.units.get("change_ha")
    )
    change = (line.target_ha or Decimal(0)) - (line.base_ha or Decimal(0))
    if said is not None and abs(said - change) > Decimal("0.01"):
        found.findings.tell(Note.CHANGE_DIFFERS, reader.place, str(said), ours=format(change, "f"))


def _lowest(
    found: Found, lines: list[StructureRow], sums: list[tuple[str, StructureRow]]
) -> tuple[list[StructureRow], list[tuple[str, StructureRow]]]:
    """Take out lines whose own classes below them are in the table as well: they are sums."""
    codes = {line.code for line in lines}
    kept = []
    for line in lines:
        if any(code != line.code and code.startswith(line.code) for code in codes):
            found.findings.tell(Note.SUM_LEFT_OUT, line.place, line.code)
            sums.append((line.code, line))
        else:
            kept.append(line)
    return kept, sums
