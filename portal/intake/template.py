"""The workbook that the portal offers, empty with examples or filled with a plan; and its CSV."""

import io
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import xlsxwriter

from portal.core.sheets import csv_bytes
from portal.intake import vocabulary
from portal.intake.cells import narrow
from portal.intake.columns import LAYOUTS, Table
from portal.intake.examples import EXAMPLES, HINTS, INTRODUCTION
from portal.intake.tables import OVERVIEW
from portal.intake.tabling import Cell, Rows, head_of, rows_of
from portal.plans.content import Content

EXAMPLE = ("示例", "Example")
LAST = 1000
"""Down to which row the lists of words are offered."""
WIDE = frozenset({"text", "content", "value", "hint", "legal_basis"})
_LISTS: Mapping[tuple[Table, str], Mapping[Any, tuple[str, ...]]] = {
    (Table.INDICATORS, "kind"): vocabulary.INDICATOR_KINDS,
    (Table.INDICATORS, "direction"): vocabulary.DIRECTIONS,
    (Table.PROJECTS, "kind"): vocabulary.PROJECT_KINDS,
    (Table.FACILITIES, "kind"): vocabulary.FACILITY_KINDS,
    (Table.FACILITIES, "status"): vocabulary.STATUSES,
    (Table.CONTROLS, "kind"): vocabulary.SUBJECT_KINDS,
}
YES_NO = (("是", "否"), ("yes", "no"))
_NUMBERS = frozenset(
    {
        *("base", "target", "current", "lower_limit", "upper_limit", "base_ha", "target_ha"),
        *("area_ha", "cost", "radius_m", "longitude", "latitude"),
    }
)


def template_xlsx(*, english: bool) -> bytes:
    """Return the empty workbook with examples that are passed over when it comes back."""
    return _workbook({table: _examples(table, english=english) for table in Table}, english=english)


def export_xlsx(content: Content, *, english: bool) -> bytes:
    """Return a plan as the filled workbook; handed in again it gives the same plan."""
    rows = {table: rows_of(table, content, english=english) for table in Table}
    del rows[Table.TIMETABLE]
    return _workbook(rows, english=english)


def table_csv(table: Table, rows: Rows | None = None, *, english: bool) -> bytes:
    """Return one table as CSV, with its examples or with rows of a plan."""
    rows = _examples(table, english=english) if rows is None else rows
    keys = list(LAYOUTS[table].columns)
    heads = [head_of(table, key, english=english) for key in keys]
    lines = [[_in_csv(row.get(key)) for key in keys] for row in rows]
    return csv_bytes(heads, lines)


def _in_csv(cell: Cell) -> str:
    if cell is None:
        return ""
    return format(cell, "f") if isinstance(cell, Decimal) else str(cell)


def _examples(table: Table, *, english: bool) -> Rows:
    at = 1 if english else 0
    if table is Table.OVERVIEW:
        hints = HINTS[at]
        units = {"area_ha": ("（公顷）", " (ha)")[at]}
        return [
            {"key": names[at] + units.get(key, ""), "value": None, "hint": hints.get(key, "")}
            for key, names in OVERVIEW.items()
        ]
    first = next(iter(LAYOUTS[table].columns))
    return [{**row, first: EXAMPLE[at]} for row in EXAMPLES[table][at]]


def _workbook(tables: Mapping[Table, Rows], *, english: bool) -> bytes:
    memory = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(memory, options) as book:
        book.set_properties({"created": None})
        formats = {
            "head": book.add_format(
                {"bold": True, "bottom": 1, "bg_color": "#E3F1E9", "text_wrap": True}
            ),
            "text": book.add_format({"text_wrap": True, "valign": "top"}),
            "example": book.add_format(
                {"text_wrap": True, "valign": "top", "font_color": "#7A7A7A", "italic": True}
            ),
            "day": book.add_format({"num_format": "yyyy-mm-dd", "valign": "top"}),
        }
        _introduction(book, formats, english=english)
        for table, rows in tables.items():
            _sheet(book, table, rows, formats, english=english)
    return memory.getvalue()


def _introduction(book: Any, formats: Mapping[str, Any], *, english: bool) -> None:
    sheet = book.add_worksheet("How to" if english else "填表说明")
    sheet.set_column(0, 0, 100, formats["text"])
    for row, line in enumerate(INTRODUCTION[1 if english else 0]):
        sheet.write_string(row, 0, line, formats["head"] if row == 0 else formats["text"])


def _sheet(
    book: Any, table: Table, rows: Rows, formats: Mapping[str, Any], *, english: bool
) -> None:
    layout, at = LAYOUTS[table], 1 if english else 0
    sheet = book.add_worksheet(layout.en if english else layout.zh)
    sheet.freeze_panes(1, 0)
    keys = list(layout.columns)
    for column, key in enumerate(keys):
        head = head_of(table, key, english=english)
        sheet.write_string(0, column, head, formats["head"])
        sheet.set_column(column, column, 48 if key in WIDE else max(12, len(narrow(head)) * 2))
        words = _LISTS.get((table, key))
        offered = [names[at] for names in words.values()] if words else None
        if table is Table.STRUCTURE and key == "town":
            offered = list(YES_NO[at])
        if offered:
            sheet.data_validation(
                1, column, LAST, column,
                {"validate": "list", "source": offered, "error_type": "information"},
            )  # fmt: skip
        elif key in _NUMBERS:
            sheet.data_validation(
                1, column, LAST, column,
                {"validate": "decimal", "criteria": ">=", "value": 0, "error_type": "warning"},
            )  # fmt: skip
    for number, row in enumerate(rows, start=1):
        is_example = row.get(keys[0]) in EXAMPLE
        for column, key in enumerate(keys):
            _write(sheet, number, column, row.get(key), formats, is_example=is_example)
    sheet.ignore_errors({"number_stored_as_text": f"A1:Z{LAST}"})


def _write(
    sheet: Any, row: int, column: int, cell: Cell, formats: Mapping[str, Any], *, is_example: bool
) -> None:
    """Write a cell; a number that would lose a digit or a zero is written as text."""
    look = formats["example" if is_example else "text"]
    if cell is None or cell == "":
        return
    if isinstance(cell, date):
        sheet.write_string(row, column, cell.isoformat(), look)
    elif isinstance(cell, int):
        sheet.write_number(row, column, cell, look)
    elif isinstance(cell, Decimal):
        text = format(cell, "f")
        if text == _as_read(float(cell)):
            sheet.write_number(row, column, float(cell), look)
        else:
            sheet.write_string(row, column, text, look)
    else:
        sheet.write_string(row, column, cell, look)


def _as_read(number: float) -> str:
    text = format(Decimal(format(number, ".15g")), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def filename(title: str, *, english: bool, ending: str) -> str:
    """Return the name that a file is handed out under."""
    return f"{title}.{ending}" if title else f"{('规划模板', 'plan-template')[english]}.{ending}"


def csv_name(table: Table, *, english: bool) -> str:
    """Return the name of one table as CSV: by it the table is known again."""
    layout = LAYOUTS[table]
    return f"{layout.en if english else layout.zh}.csv"


def csv_tables() -> Sequence[Table]:
    """Return the tables that are offered as CSV."""
    return tuple(Table)
