"""Opening tables that people keep: what a file really is, and its rows one after the other."""

import codecs
import csv
import io
import json
import re
import signal
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path, PurePath
from typing import IO, Any, BinaryIO

from portal.core.html_tables import TooManyCells, read_html

Cell = str | int | float | bool | date | datetime | None


class Unread(StrEnum):
    """Why a file is not a table that we can read."""

    EMPTY = "empty"
    NOT_A_TABLE = "not-a-table"
    PDF = "pdf"
    WORD = "word"
    PICTURE = "picture"
    ARCHIVE = "archive"
    OPEN_DOCUMENT = "open-document"
    XML = "xml"
    ENCRYPTED = "encrypted"
    BROKEN = "broken"
    BAD_ENCODING = "bad-encoding"
    BAD_QUOTES = "bad-quotes"
    TOO_LARGE = "too-large"
    TOO_MANY_ROWS = "too-many-rows"
    TOO_FAR = "too-far"


class Unreadable(Exception):
    """The file is not a table that we can read. `row`: where in a text it went wrong, or 0."""

    NOT_A_TABLE, BROKEN, TOO_LARGE = Unread.NOT_A_TABLE, Unread.BROKEN, Unread.TOO_LARGE

    def __init__(self, reason: Unread, row: int = 0) -> None:
        super().__init__(reason)
        self.reason, self.row = reason, row


@dataclass(frozen=True, kw_only=True)
class Limits:
    """How much a file may ask for: bytes, rows, columns, seconds of processor."""

    size: int
    unpacked: int
    rows: int
    columns: int = 1000
    memory: int = 1 << 30
    seconds: int = 60


VILLAGE = Limits(size=16 << 20, unpacked=200 << 20, rows=100_000)
COUNTY = Limits(size=1 << 30, unpacked=4 << 30, rows=1_048_576, memory=3 << 30, seconds=600)


@dataclass(kw_only=True)
class OpenSheet:
    """One sheet: `rows` from row 1 and column A on, to be read before the next sheet is asked for.

    `merged`: ranges as (first row, first column, last row, last column), all from 0. `height`: how
    many rows there are, None where that shows at the end only. `share` tells of a text how much of
    it was read.
    """

    name: str
    rows: Iterator[list[Cell]]
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    is_hidden: bool = False
    height: int | None = None


_STARTS = (
    (b"%PDF", Unread.PDF),
    (b"{\\rtf", Unread.WORD),
    (b"\x89PNG", Unread.PICTURE),
    (b"\xff\xd8\xff", Unread.PICTURE),
    (b"GIF8", Unread.PICTURE),
    (b"BM", Unread.PICTURE),
    (b"II*\0", Unread.PICTURE),
    (b"MM\0*", Unread.PICTURE),
    (b"Rar!", Unread.ARCHIVE),
    (b"7z\xbc\xaf", Unread.ARCHIVE),
    (b"\x1f\x8b", Unread.ARCHIVE),
)
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_TEXT_SUFFIXES = frozenset({"", ".csv", ".tsv", ".txt", ".xls", ".xlsx", ".et", ".htm", ".html"})
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f]")
OPENER = Path(__file__).with_name("opening.py")
DELIMITERS = (",", "\t", ";", "，", "|")


def open_table(
    filename: str, source: bytes | BinaryIO, *, limits: Limits = VILLAGE
) -> Iterator[OpenSheet]:
    """Give the sheets of a CSV, TSV, XLSX or XLS file one after the other, or raise Unreadable.

    What the file is, its content says; old .xls that are web pages or texts are read as such.
    """
    file = io.BytesIO(source) if isinstance(source, bytes) else source
    size = file.seek(0, io.SEEK_END)
    file.seek(0)
    if size > limits.size:
        raise Unreadable(Unread.TOO_LARGE)
    head = file.read(4096)
    file.seek(0)
    if not head.strip():
        raise Unreadable(Unread.EMPTY)
    for start, reason in _STARTS:
        if head.startswith(start) and not (start == b"BM" and b"\0" not in head[:64]):
            raise Unreadable(reason)
    if head.startswith(b"PK"):
        _look_into_zip(file, limits)
    elif head.startswith(_OLE):
        _look_into_ole(file)
    else:
        yield from _open_text(PurePath(filename), file, limits)
        return
    yield from _open_workbook(file, limits)


def _look_into_zip(file: BinaryIO, limits: Limits) -> None:
    try:
        with zipfile.ZipFile(file) as packed:
            entries = packed.infolist()
            names = {entry.filename for entry in entries}
            kind = packed.read("mimetype")[:80] if "mimetype" in names else b""
    except Exception as error:  # zipfile raises whatever its parsers raise
        raise Unreadable(Unread.BROKEN) from error
    finally:
        file.seek(0)
    if any(entry.flag_bits & 1 for entry in entries):
        raise Unreadable(Unread.ENCRYPTED)
    if sum(entry.file_size for entry in entries) > limits.unpacked:
        raise Unreadable(Unread.TOO_LARGE)
    if any(name.lower().startswith("xl/") for name in names):
        return
    if any(name.startswith("word/") for name in names):
        raise Unreadable(Unread.WORD)
    raise Unreadable(Unread.OPEN_DOCUMENT if b"opendocument" in kind else Unread.ARCHIVE)


_BOOK_BEGINS = b"\x09\x08\x10\x00\x00\x06\x05\x00"
_FILE_PASS = 0x002F


def _look_into_ole(file: BinaryIO) -> None:
    content = file.read()
    file.seek(0)
    for name, reason in (
        ("EncryptedPackage", Unread.ENCRYPTED),
        ("WordDocument", Unread.WORD),
        ("PowerPoint Document", Unread.NOT_A_TABLE),
    ):
        if name.encode("utf-16-le") in content:
            raise Unreadable(reason)
    at = content.find(_BOOK_BEGINS)
    for _record in range(6 if at >= 0 else 0):  # a password stands among the first records
        kind = int.from_bytes(content[at : at + 2], "little")
        if kind == _FILE_PASS:
            raise Unreadable(Unread.ENCRYPTED)
        at += 4 + int.from_bytes(content[at + 2 : at + 4], "little")


# --- workbooks: another process opens them ------------------------------------------------------


def _from_json(value: dict[str, Any]) -> Any:
    if "d" in value:
        return date.fromisoformat(value["d"])
    if "t" in value:
        return datetime.fromisoformat(value["t"])
    return value.get("s", value)


def _open_workbook(file: BinaryIO, limits: Limits) -> Iterator[OpenSheet]:
    command = [sys.executable, "-I", str(OPENER), str(limits.memory), str(limits.seconds)]
    with tempfile.TemporaryFile() as given, tempfile.TemporaryFile() as complaints:
        while chunk := file.read(1 << 20):
            given.write(chunk)
        given.seek(0)
        process = subprocess.Popen(  # noqa: S603 -- our own interpreter and script
            command, stdin=given, stdout=subprocess.PIPE, stderr=complaints
        )
        try:
            workbook = _Workbook(process.stdout or io.BytesIO(), limits)
            yield from workbook.sheets()
            process.wait()
            if not workbook.is_whole:
                complaints.seek(0)
                raise Unreadable(_why_ended(process.returncode, complaints.read(65536)))
        finally:
            process.kill()
            process.wait()
            if process.stdout is not None:
                process.stdout.close()


class _Workbook:
    """What the other process says: a line for each sheet, and after it lines of its rows."""

    def __init__(self, pipe: IO[bytes], limits: Limits) -> None:
        self.pipe, self.limits = pipe, limits
        self.told: dict[str, Any] = {}
        self.is_whole = False

    def sheets(self) -> Iterator[OpenSheet]:
        """Return the sheets; what nobody read of one is passed over."""
        self._skip(self._rows(0))
        while "name" in self.told:
            told, self.told = self.told, {}
            rows = self._rows(told["first_column"])
            merged = [(top, left, low, right) for (top, left), (low, right) in told["merged"]]
            yield OpenSheet(
                name=told["name"],
                rows=rows,
                merged=merged,
                is_hidden=told["is_hidden"],
                height=told["height"],
            )
            self._skip(rows)
        if "reason" in self.told:
            raise Unreadable(Unread(self.told["reason"]))
        self.is_whole = "end" in self.told

    def _skip(self, rows: Iterator[list[Cell]]) -> None:
        for _row in rows:
            pass

    def _rows(self, first_column: int) -> Iterator[list[Cell]]:
        pad: list[Cell] = [None] * first_column
        number = 0
        for line in self.pipe:
            batch = json.loads(line, object_hook=_from_json)
            if isinstance(batch, dict):
                self.told = batch
                return
            number += len(batch)
            if number > self.limits.rows:
                raise Unreadable(Unread.TOO_MANY_ROWS)
            if first_column + len(batch[0]) > self.limits.columns:
                raise Unreadable(Unread.TOO_FAR)
            for row in batch:
                yield pad + row if pad else row


def _why_ended(code: int, complaint: bytes) -> Unread:
    """Say why the process ended before its work: no memory left, no time left, or a bad file."""
    if b"memory allocation" in complaint or code == -signal.SIGKILL:
        return Unread.TOO_FAR
    return Unread.TOO_LARGE if code == -signal.SIGXCPU else Unread.BROKEN


# --- texts ---------------------------------------------------------------------------------------


def _open_text(name: PurePath, file: BinaryIO, limits: Limits) -> Iterator[OpenSheet]:
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
