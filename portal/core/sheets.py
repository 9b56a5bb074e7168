"""Tables that people keep in CSV and XLSX: reading theirs, writing ours."""

import csv
import io
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import PurePath

import openpyxl
import xlsxwriter

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
MAX_UNPACKED = 200 * 1024 * 1024
MAX_ROWS = 100_000

Cell = str | int | float | bool | date | datetime | None


class Unreadable(Exception):
    """The file is not a table that we can read; `reason` is one of the words below."""

    NOT_A_TABLE = "not-a-table"
    BROKEN = "broken"
    TOO_LARGE = "too-large"

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class Sheet:
    """One sheet: its name, and its rows as they stand (row 1 first)."""

    name: str
    rows: list[list[Cell]]


def read_table(filename: str, content: bytes) -> list[Sheet]:
    """Return the sheets of a CSV (UTF-8 or GB18030) or XLSX file, or raise Unreadable."""
    kind = PurePath(filename).suffix.lower()
    if kind == ".csv":
        return [Sheet(PurePath(filename).stem, _read_csv(content))]
    if kind == ".xlsx":
        return _read_xlsx(content)
    raise Unreadable(Unreadable.NOT_A_TABLE)


def _read_csv(content: bytes) -> list[list[Cell]]:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        try:
            rows: list[list[Cell]] = [list(row) for row in csv.reader(io.StringIO(text))]
        except csv.Error as error:
            raise Unreadable(Unreadable.BROKEN) from error
        if len(rows) > MAX_ROWS:
            raise Unreadable(Unreadable.TOO_LARGE)
        return rows
    raise Unreadable(Unreadable.BROKEN)


def _read_xlsx(content: bytes) -> list[Sheet]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            if sum(entry.file_size for entry in packed.infolist()) > MAX_UNPACKED:
                raise Unreadable(Unreadable.TOO_LARGE)
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        sheets = []
        for sheet in book.worksheets:
            rows: list[list[Cell]] = []
            for row in sheet.iter_rows(values_only=True):
                rows.append(list(row))
                if len(rows) > MAX_ROWS:
                    raise Unreadable(Unreadable.TOO_LARGE)
            sheets.append(Sheet(sheet.title, rows))
        book.close()
    except Unreadable:
        raise
    except Exception as error:  # openpyxl raises whatever its parsers raise
        raise Unreadable(Unreadable.BROKEN) from error
    return sheets


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
