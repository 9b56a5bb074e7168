"""Reading tables that are texts: CSV and its kin in any encoding, and web pages."""

import codecs
import csv
import io
import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import PurePath
from typing import BinaryIO

from portal.core.html_tables import TooManyCells, read_html
from portal.core.open_sheets import Cell, Limits, OpenSheet, Unread, Unreadable

_TEXT_SUFFIXES = frozenset({"", ".csv", ".tsv", ".txt", ".xls", ".xlsx", ".et", ".htm", ".html"})
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f]")
DELIMITERS = (",", "\t", ";", "，", "|")


def open_text(name: PurePath, file: BinaryIO, limits: Limits) -> Iterator[OpenSheet]:
    """Give the sheets of a text: one of a CSV, and one for each table of a web page."""
    encoding = _find_encoding(file)
    text = io.TextIOWrapper(file, encoding, newline="")
    try:
        start = text.read(65536)
        if not start.strip("\ufeff \t\r\n\0"):
            raise Unreadable(Unread.EMPTY)
        if start.lstrip().startswith("<"):
            yield from _open_markup(name, start, text, limits)
            return
        if _CONTROL.search(start) or name.suffix.lower() not in _TEXT_SUFFIXES:
            raise Unreadable(Unread.NOT_A_TABLE)
        if name.suffix.lower() == ".xlsx":
            raise Unreadable(Unread.NOT_A_WORKBOOK)
        text.seek(0)
        yield OpenSheet(name=name.stem, rows=_csv_rows(text, _find_delimiter(start), limits))
    finally:
        with suppress(ValueError):
            text.detach()  # the file belongs to whoever gave it


def _find_encoding(file: BinaryIO) -> str:
    start = file.read(4096)
    file.seek(0)
    guesses = [encoding for bom, encoding in _BOMS if start.startswith(bom)]
    if not guesses and b"\0" in start:
        guesses = ["utf-16-le" if start[1::2].count(0) >= start[::2].count(0) else "utf-16-be"]
    for encoding in guesses or ["utf-8", "gb18030"]:
        decoder = codecs.getincrementaldecoder(encoding)()
        try:
            while chunk := file.read(1 << 20):
                decoder.decode(chunk)
            decoder.decode(b"", final=True)
        except UnicodeError:
            continue
        finally:
            file.seek(0)
        return encoding
    is_binary = b"\0" in start and not any(start.startswith(bom) for bom, _ in _BOMS)
    raise Unreadable(Unread.NOT_A_TABLE if is_binary else Unread.BAD_ENCODING)


def _find_delimiter(start: str) -> str:
    lines = start.splitlines()[:10]
    counts = {mark: sum(line.count(mark) for line in lines) for mark in DELIMITERS}
    return max(DELIMITERS, key=lambda mark: counts[mark])


def _csv_rows(text: io.TextIOWrapper, delimiter: str, limits: Limits) -> Iterator[list[Cell]]:
    number = 0
    try:
        for number, row in enumerate(csv.reader(text, delimiter=delimiter, strict=True), start=1):
            if number > limits.rows:
                raise Unreadable(Unread.TOO_MANY_ROWS)
            if len(row) > limits.columns:
                raise Unreadable(Unread.TOO_FAR)
            yield row  # type: ignore[misc]  # texts are cells
    except csv.Error as error:
        raise Unreadable(Unread.BAD_QUOTES, number + 1) from error


def _open_markup(
    name: PurePath, start: str, text: io.TextIOWrapper, limits: Limits
) -> Iterator[OpenSheet]:
    if "urn:schemas-microsoft-com:office:spreadsheet" in start and "<Workbook" in start:
        raise Unreadable(Unread.XML)
    if not re.search(r"<(!doctype\s+html|html|table|head|body|meta)\b", start, re.IGNORECASE):
        raise Unreadable(Unread.NOT_A_TABLE)
    try:
        tables = read_html(start + text.read())
    except TooManyCells as error:
        raise Unreadable(Unread.TOO_FAR) from error
    except Exception as error:  # the parser of broken pages may itself break
        raise Unreadable(Unread.BROKEN) from error
    if not tables:
        raise Unreadable(Unread.NOT_A_TABLE)
    for number, table in enumerate(tables, start=1):
        if len(table.rows) > limits.rows:
            raise Unreadable(Unread.TOO_MANY_ROWS)
        if max(map(len, table.rows)) > limits.columns:
            raise Unreadable(Unread.TOO_FAR)
        title = name.stem if len(tables) == 1 else f"{name.stem} {number}"
        rows: Iterator[list[Cell]] = iter([list(row) for row in table.rows])
        yield OpenSheet(name=title, rows=rows, merged=table.merged, height=len(table.rows))
