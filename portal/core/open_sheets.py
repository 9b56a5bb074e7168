"""A table that somebody keeps, as the portal sees it: sheets and cells, or why it is unread."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

Cell = str | int | float | bool | date | datetime | None


class Unread(StrEnum):
    """Why a file is not a table that we can read."""

    EMPTY = "empty"
    NOT_A_TABLE = "not-a-table"
    NOT_A_WORKBOOK = "not-a-workbook"
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
    """How much a file may ask for: bytes, rows, columns, seconds of processor.

    `whole`: of a workbook that unpacks to more than this, some rows are opened at a time.
    """

    size: int
    unpacked: int
    rows: int
    columns: int = 1000
    memory: int = 1 << 30
    seconds: int = 60
    whole: int = 32 << 20


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
