"""Tables that people keep in CSV and XLSX: reading theirs, writing ours."""

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import xlsxwriter

from portal.core.open_sheets import VILLAGE, Cell, Unread, Unreadable
from portal.core.tables import open_table

__all__ = ["Cell", "Sheet", "Unread", "Unreadable", "csv_bytes", "read_table", "xlsx_bytes"]

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")


@dataclass(frozen=True)
class Sheet:
    """One sheet: its name, and its rows as they stand (row 1 first)."""

    name: str
    rows: list[list[Cell]]


def read_table(filename: str, content: bytes) -> list[Sheet]:
    """Return the visible sheets of a CSV, TSV, XLS or XLSX file, or raise Unreadable."""
    return [
        Sheet(sheet.name, list(sheet.rows))
        for sheet in open_table(filename, content, limits=VILLAGE)
        if not sheet.is_hidden
    ]


def formula_safe(cell: Cell) -> Cell:
    """Return the cell so that no spreadsheet takes it for a formula."""
    if isinstance(cell, str) and cell.lstrip(" ").startswith(FORMULA_STARTS):
        return "'" + cell
    return cell


def csv_bytes(headers: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """Return a CSV in UTF-8 with a byte order mark, as Excel and WPS expect it."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow([formula_safe(h) for h in headers])
    writer.writerows([formula_safe(cell) for cell in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def xlsx_bytes(sheets: Iterable[tuple[str, Sequence[str], Iterable[Sequence[Cell]]]]) -> bytes:
    """Return a workbook: for each sheet its title, headers and rows."""
    memory = io.BytesIO()
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(memory, options) as book:
        bold = book.add_format({"bold": True, "bottom": 1})
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        for title, headers, rows in sheets:
            sheet = book.add_worksheet(title[:31])
            sheet.freeze_panes(1, 0)
            for column, header in enumerate(headers):
                sheet.write_string(0, column, str(formula_safe(header)), bold)
            for number, row in enumerate(rows, start=1):
                for column, cell in enumerate(row):
                    safe = formula_safe(cell)
                    if isinstance(safe, str):
                        sheet.write_string(number, column, safe)
                    elif isinstance(safe, date | datetime):
                        sheet.write_string(number, column, safe.isoformat(), day)
                    else:
                        sheet.write(number, column, safe)
    return memory.getvalue()
