"""The outer form of a file of votes: unpacked, decoded; a .pb cut into sections and columns."""

import csv
import gzip
import io
import zlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

SIZE_LIMIT = 64 * 1024 * 1024
SECTIONS = ("META", "PROJECTS", "VOTES")
NEEDED = {
    "META": ("key", "value"),
    "PROJECTS": ("project_id", "cost", "name"),
    "VOTES": ("voter_id", "vote"),
}


class Reason(StrEnum):
    """Why a file of votes is refused; fault_words.py has the words."""

    NOT_GZIP = "not-gzip"
    DAMAGED = "damaged"
    TOO_LARGE = "too-large"
    NOT_UTF8 = "not-utf8"
    NOT_CSV = "not-csv"
    MISSING_SECTION = "missing-section"
    UNEXPECTED_SECTION = "unexpected-section"
    MISSING_COLUMN = "missing-column"
    COLUMN_TWICE = "column-twice"
    COLUMN_COUNT = "column-count"
    MISSING_META = "missing-meta"
    META_TWICE = "meta-twice"
    NOT_A_NUMBER = "not-a-number"
    NUMBER_TOO_LARGE = "number-too-large"
    NOT_A_DATE = "not-a-date"
    YEAR_OUT_OF_RANGE = "year-out-of-range"
    ENDS_BEFORE_IT_BEGINS = "ends-before-it-begins"
    VOTE_TYPE = "vote-type"
    NO_PROJECTS = "no-projects"
    NO_VOTES = "no-votes"
    NAMELESS = "nameless"
    TOO_LONG = "too-long"
    PROJECT_TWICE = "project-twice"
    UNKNOWN_PROJECT = "unknown-project"
    CHOSEN_TWICE = "chosen-twice"
    EMPTY_VOTE = "empty-vote"
    TOO_MANY_CHOSEN = "too-many-chosen"
    TOO_FEW_CHOSEN = "too-few-chosen"
    VOTER_TWICE = "voter-twice"
    UNKNOWN_SEX = "unknown-sex"
    UNKNOWN_METHOD = "unknown-method"
    COUNT_DISAGREES = "count-disagrees"
    LEAST_ABOVE_MOST = "least-above-most"
    POINTS_COUNT = "points-count"
    POINTS_OUT_OF_RANGE = "points-out-of-range"
    TOO_MANY_POINTS = "too-many-points"
    TOO_FEW_POINTS = "too-few-points"
    OVER_BUDGET = "over-budget"
    UNKNOWN_FORM = "unknown-form"
    OTHER_FORM = "other-form"
    HEAD_LINE = "head-line"
    NO_ALTERNATIVES = "no-alternatives"
    ALTERNATIVE_TWICE = "alternative-twice"
    UNKNOWN_ALTERNATIVE = "unknown-alternative"
    RANKED_TWICE = "ranked-twice"
    NOT_AN_ORDER = "not-an-order"
    EMPTY_PLACE = "empty-place"
    TIE_IN_STRICT = "tie-in-strict"
    NOT_COMPLETE = "not-complete"
    TOO_MANY_CATEGORIES = "too-many-categories"


class Fault(Exception):
    """What is wrong with the file, and in which line of it (counted from 1)."""

    def __init__(self, line: int, reason: Reason, **facts: object) -> None:
        super().__init__(f"{line}: {reason.value} {facts}")
        self.line = line
        self.reason = reason
        self.facts = facts


@dataclass(frozen=True)
class Row:
    """One line below the head of its section."""

    line: int
    section: str
    cells: dict[str, str]


def unpacked(name: str, content: bytes) -> bytes:
    """Return the content of a .pb.gz, at most SIZE_LIMIT of it, or of a .pb as it is."""
    is_packed = content[:2] == b"\x1f\x8b"
    if name.lower().endswith(".gz") and not is_packed:
        raise Fault(1, Reason.NOT_GZIP)
    if is_packed:
        try:
            with gzip.GzipFile(fileobj=io.BytesIO(content)) as packed:
                content = packed.read(SIZE_LIMIT + 1)
        except (OSError, EOFError, zlib.error) as error:
            raise Fault(1, Reason.DAMAGED) from error
    if len(content) > SIZE_LIMIT:
        raise Fault(1, Reason.TOO_LARGE, megabytes=SIZE_LIMIT // 1024 // 1024)
    return content


def decoded(content: bytes) -> str:
    """Return the text, or raise Fault with the line of the first byte that is not UTF-8."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Fault(content.count(b"\n", 0, error.start) + 1, Reason.NOT_UTF8) from error


def rows(text: str) -> Iterator[Row]:
    """Yield the lines below the head of each section, cells by column name."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=";", strict=True)
    awaited = list(SECTIONS)
    section, head = "", list[str]()
    try:
        for cells in reader:
            line = reader.line_num
            if not any(cell.strip() for cell in cells):
                continue
            if len(cells) == 1 and cells[0].strip().upper() in SECTIONS:
                section, head = cells[0].strip().upper(), []
                if not awaited or section != awaited.pop(0):
                    raise Fault(line, Reason.UNEXPECTED_SECTION, section=section)
            elif not section:
                raise Fault(line, Reason.MISSING_SECTION, section="META")
            elif not head:
                head = _head(line, section, cells)
            elif len(cells) != len(head):
                raise Fault(line, Reason.COLUMN_COUNT, expected=len(head), found=len(cells))
            else:
                stripped = (cell.strip() for cell in cells)
                yield Row(line, section, dict(zip(head, stripped, strict=True)))
    except csv.Error as error:
        raise Fault(reader.line_num, Reason.NOT_CSV) from error
    if awaited:
        raise Fault(max(reader.line_num, 1), Reason.MISSING_SECTION, section=awaited[0])


def _head(line: int, section: str, cells: list[str]) -> list[str]:
    head = [cell.strip().lower() for cell in cells]
    for column in NEEDED[section]:
        if column not in head:
            raise Fault(line, Reason.MISSING_COLUMN, column=column, section=section)
    for column, count in Counter(head).items():
        if count > 1:
            raise Fault(line, Reason.COLUMN_TWICE, column=column, section=section)
    return head
