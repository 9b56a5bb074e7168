"""Read the bytes of an XLSForm (.xlsx, .xls, .csv, .md) into plain sheets, within bounds."""

import csv
import io
import re
import warnings
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import zip_longest
from typing import Any

import xlrd
from openpyxl import load_workbook
from openpyxl.utils import get_column_letter
from pyxform.constants import SUPPORTED_SHEET_NAMES, SURVEY
from pyxform.xls2json_backends import xls_value_to_unicode, xlsx_value_to_str

from portal.surveys.faults import Fault, FormRefused, Reason, Remark
from portal.surveys.rules import FILE_LIMIT

UNPACKED_LIMIT = 30 * 1024 * 1024  # bytes of all parts of an .xlsx together
PARTS_LIMIT = 500
SHEETS_LIMIT = 20
ROWS_LIMIT = 3000
COLUMNS_LIMIT = 300
CELL_LIMIT = 4000  # characters
ENDINGS = (".xlsx", ".xlsm", ".xls", ".csv", ".md")

RawRow = tuple[int, Sequence[str]]
"""Row number as a spreadsheet program (or an editor) shows it, and the texts of its cells."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: its head line and the rows under it that are not empty."""

    title: str
    head: tuple[str, ...]
    rows: tuple[RawRow, ...]
    first_column: int = 1
    head_row: int = 1

    @property
    def name(self) -> str:
        """Return the title in lower case, as XLSForm compares it."""
        return self.title.strip().lower()

    def column(self, index: int) -> str:
        """Name a column as people find it: its head, else its letter."""
        head = self.head[index] if index < len(self.head) else ""
        return head or get_column_letter(index + self.first_column)


@dataclass(frozen=True, slots=True)
class Book:
    """The sheets of a form that XLSForm knows, by name, and remarks on the others."""

    sheets: dict[str, Sheet]
    remarks: list[Fault] = field(default_factory=list)


def read_book(filename: str, content: bytes) -> Book:
    """Read a form file, or raise FormRefused with what is wrong with the file."""
    if not content.strip():
        raise FormRefused([Fault(Reason.FILE_EMPTY)])
    if len(content) > FILE_LIMIT:
        raise FormRefused([Fault(Reason.FILE_TOO_LARGE)])
    ending = "." + filename.rpartition(".")[2].lower()
    if ending not in ENDINGS:
        raise FormRefused([Fault(Reason.FILE_KIND, said=filename)])
    if content.startswith(b"PK"):
        read = _read_xlsx
    elif content.startswith(b"\xd0\xcf\x11\xe0"):
        read = _read_xls
    elif ending in {".csv", ".md"}:
        read = _read_csv if ending == ".csv" else _read_md
    else:
        raise FormRefused([Fault(Reason.FILE_KIND, said=filename)])
    try:
        sheets = list(read(content))
    except FormRefused:
        raise
    except Exception as error:  # a foreign parser on foreign bytes may raise anything
        said = f"{type(error).__name__}: {error}"[:200]
        raise FormRefused([Fault(Reason.FILE_UNREADABLE, said=said)]) from error
    return _known(sheets)


def _known(sheets: list[Sheet]) -> Book:
    """Keep the sheets XLSForm knows; one sheet alone is the survey, whatever its name."""
    if len(sheets) == 1 and sheets[0].name not in SUPPORTED_SHEET_NAMES:
        only = sheets[0]
        return Book({SURVEY: replace(only, title=SURVEY)})
    book = Book({})
    twice = []
    for sheet in sheets:
        if sheet.name not in SUPPORTED_SHEET_NAMES:
            if sheet.head and not sheet.name.startswith("_"):
                book.remarks.append(Fault(Remark.SHEET_IGNORED, sheet=sheet.title))
        elif sheet.name in book.sheets:
            twice.append(Fault(Reason.SHEET_TWICE, sheet=sheet.title))
        else:
            book.sheets[sheet.name] = sheet
    if twice:
        raise FormRefused(twice)
    return book


def _sheet(title: str, lines: Iterable[RawRow], *, first_column: int = 1) -> Sheet:
    """Make a sheet of its lines, the head line first; raise FormRefused beyond the bounds."""
    faults: list[Fault] = []
    head: tuple[str, ...] | None = None
    head_row = 1
    rows: list[RawRow] = []
    for number, cells in lines:
        kept = [cell.replace("\xa0", " ").strip() for cell in cells]
        while kept and not kept[-1]:
            kept.pop()
        if len(kept) > COLUMNS_LIMIT:
            raise FormRefused([Fault(Reason.TOO_MANY_COLUMNS, sheet=title, row=number)])
        if head is None:
            head = tuple(" ".join(cell.split()) for cell in kept)
            head_row = number
        elif kept:
            rows.append((number, kept))
        if len(rows) > ROWS_LIMIT:
            raise FormRefused([Fault(Reason.TOO_MANY_ROWS, sheet=title, row=number)])
        faults += [
            Fault(Reason.CELL_TOO_LONG, title, number, get_column_letter(at + first_column))
            for at, cell in enumerate(kept)
            if len(cell) > CELL_LIMIT
        ]
    if faults:
        raise FormRefused(faults)
    return Sheet(title, head or (), tuple(rows), first_column, head_row)


def _read_xlsx(content: bytes) -> Iterator[Sheet]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = archive.infolist()
    # zipfile never unpacks more of a part than the size said here
    if len(parts) > PARTS_LIMIT or sum(part.file_size for part in parts) > UNPACKED_LIMIT:
        raise FormRefused([Fault(Reason.FILE_UNPACKS_TOO_LARGE)])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl warns of styles and extensions it drops
        written = load_workbook(io.BytesIO(content), read_only=True)
        computed = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        if len(written.worksheets) > SHEETS_LIMIT:
            raise FormRefused([Fault(Reason.TOO_MANY_SHEETS)])
        for sheet, values in zip(written.worksheets, computed.worksheets, strict=True):
            yield _sheet(sheet.title, _xlsx_lines(sheet, values))


def _xlsx_lines(sheet: Any, values: Any) -> Iterator[RawRow]:
    """Yield a sheet's rows; a formula counts as the value Excel last computed for it."""
    both = zip(_bounded(sheet), _bounded(values), strict=True)
    for number, (cells, results) in enumerate(both, start=1):
        texts = []
        for at, (cell, result) in enumerate(zip_longest(cells, results)):
            if cell.data_type == "f" and result.value is None:
                where = get_column_letter(at + 1)
                raise FormRefused([Fault(Reason.FORMULA, sheet.title, number, where)])
            texts.append("" if result.value is None else xlsx_value_to_str(result.value))
        yield number, texts


def _bounded(sheet: Any) -> Iterator[tuple[Any, ...]]:
    """Yield rows of cells; stop after a gap so long that nothing of a form can follow."""
    gap = 0
    for row in sheet.iter_rows(max_col=COLUMNS_LIMIT + 1):
        gap = gap + 1 if all(cell.value is None for cell in row) else 0
        yield row
        if gap > ROWS_LIMIT:
            return


def _read_xls(content: bytes) -> Iterator[Sheet]:
    book = xlrd.open_workbook(file_contents=content, logfile=io.StringIO(), on_demand=True)
    try:
        if book.nsheets > SHEETS_LIMIT:
            raise FormRefused([Fault(Reason.TOO_MANY_SHEETS)])
        for sheet in book.sheets():
            yield _sheet(sheet.name, _xls_lines(sheet, book.datemode))
    finally:
        book.release_resources()


def _xls_lines(sheet: Any, datemode: int) -> Iterator[RawRow]:
    for at in range(sheet.nrows):
        texts = []
        for cell in sheet.row(at):
            empty = cell.ctype in {xlrd.XL_CELL_EMPTY, xlrd.XL_CELL_BLANK, xlrd.XL_CELL_ERROR}
            texts.append("" if empty else xls_value_to_unicode(cell.value, cell.ctype, datemode))
        yield at + 1, texts


def _decode(content: bytes) -> str:
    """Return the text of a file saved as UTF-8 (with or without mark) or by a Chinese Excel."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("gb18030")


def _read_csv(content: bytes) -> Iterator[Sheet]:
    """Yield the sheets of a CSV: first column the sheet's name, the rest its columns."""
    text = _decode(content)
    reader = csv.reader(io.StringIO(text, newline=""), strict=False)
    yield from _blocks(((reader.line_num, row) for row in reader), first_column=2)


_SEPARATOR = re.compile(r"^[\s|:-]+$")
_PIPE = re.compile(r"(?<!\\)\|")


def _read_md(content: bytes) -> Iterator[Sheet]:
    """Yield the sheets of a Markdown table laid out like the CSV."""

    def lines() -> Iterator[RawRow]:
        for number, line in enumerate(_decode(content).split("\n"), start=1):
            shown = line.strip()
            if not shown.startswith("|") or _SEPARATOR.match(shown):
                continue
            inner = shown[1 : shown.rfind("|")] if shown.count("|") > 1 else shown[1:]
            yield number, [cell.replace(r"\|", "|").strip() for cell in _PIPE.split(inner)]

    yield from _blocks(lines(), first_column=2)


def _blocks(lines: Iterable[RawRow], *, first_column: int) -> Iterator[Sheet]:
    """Cut lines into sheets at each name in the first column."""
    title = ""
    block: list[RawRow] = []
    titles = 0
    for number, row in lines:
        name, rest = (row[0].strip(), row[1:]) if row else ("", [])
        if name:
            if title:
                yield _sheet(title, block, first_column=first_column)
            title, block, titles = name, [], titles + 1
            if titles > SHEETS_LIMIT:
                raise FormRefused([Fault(Reason.TOO_MANY_SHEETS, row=number)])
        if any(cell.strip() for cell in rest):
            block.append((number, rest))
    if title:
        yield _sheet(title, block, first_column=first_column)
