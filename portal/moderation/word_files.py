"""A committee's file of words, read: what is in it, or at which row something is wrong. Pure."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from portal.moderation.matching import key_of

MOST_ROWS = 20_000
LONGEST_WORD = 60
HEADS = ("word", "词", "词语", "词条")


class Fault(StrEnum):
    """What is wrong with a file or a row of it; word_views.py has the words."""

    NOT_TEXT = "not-text"
    EMPTY = "empty"
    TOO_MANY = "too-many"
    NO_COLUMN = "no-column"
    TOO_SHORT = "too-short"
    TOO_LONG = "too-long"
    TWICE = "twice"


@dataclass(frozen=True)
class Wrong:
    """Something wrong: in a row, counted from one, or in the whole file (row 0)."""

    row: int
    fault: Fault
    word: str = ""


@dataclass(frozen=True)
class WordFile:
    """The words of a file, and everything wrong with it."""

    words: Sequence[str]
    wrong: Sequence[Wrong]


def read(content: bytes, *, is_csv: bool) -> WordFile:
    """Read a text with a word a line, or a table with the words in the column “word” or “词”."""
    text = _decode(content)
    if text is None:
        return WordFile((), (Wrong(0, Fault.NOT_TEXT),))
    rows = _column(text) if is_csv else list(enumerate(text.splitlines(), start=1))
    if rows is None:
        return WordFile((), (Wrong(1, Fault.NO_COLUMN),))
    rows = [(row, word.strip()) for row, word in rows if word.strip()]
    if not rows or len(rows) > MOST_ROWS:
        return WordFile((), (Wrong(0, Fault.TOO_MANY if rows else Fault.EMPTY),))
    seen: dict[str, str] = {}
    wrong = []
    for row, word in rows:
        compared = _compared(word)
        if fault := _why_not(word, compared, seen):
            wrong.append(Wrong(row, fault, word[:LONGEST_WORD]))
        else:
            seen[compared] = word
    return WordFile(tuple(seen.values()), tuple(wrong))


def why_not_word(word: str) -> Fault | None:
    """Return what is wrong with a single word, or None."""
    return _why_not(word, _compared(word), {})


def _compared(word: str) -> str:
    """Return a word as it is compared; of one that is too long only so much is looked at."""
    return key_of(word[:LONGEST_WORD])


def _why_not(word: str, compared: str, seen: dict[str, str]) -> Fault | None:
    if len(word) > LONGEST_WORD:
        return Fault.TOO_LONG
    if len(compared) < 2:
        return Fault.TOO_SHORT
    return Fault.TWICE if compared in seen else None


def _decode(content: bytes) -> str | None:
    """Return the text, in UTF-8 or as older Chinese programs write it."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return None if "\x00" in text else text
    return None


def _column(text: str) -> list[tuple[int, str]] | None:
    table = csv.reader(io.StringIO(text, newline=""))
    try:
        head = [name.strip().lower() for name in next(table, [])]
        column = next((head.index(name) for name in HEADS if name in head), None)
        if column is None:
            return None
        return [(table.line_num, row[column]) for row in table if len(row) > column]
    except csv.Error:
        return None
