"""The tables of a web page that calls itself a spreadsheet: many old programs export so.

The page is gone through once, from tag to tag: the parser of the standard library needs hours for
a page that was made to hurt it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape

MOST_SPAN = 1000
MOST_CELLS = 4_000_000
_SPAN = re.compile(r"\b(row|col)span\s{0,3}=\s{0,3}[\"']?\s{0,3}([0-9]{1,6})", re.IGNORECASE)
_TAG = re.compile(r"/?[a-zA-Z][a-zA-Z0-9:]{0,20}")


class TooManyCells(Exception):
    """The page claims more cells than any roster has."""


@dataclass
class HtmlTable:
    """One table: rows of texts, and its merged ranges (first row, first column, last, last)."""

    rows: list[list[str]] = field(default_factory=list)
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)


class _Tables:
    """Collects the cells of all outermost tables; what `rowspan` covers stays empty."""

    def __init__(self) -> None:
        self.tables: list[HtmlTable] = []
        self.depth = 0
        self.cells = 0
        self.row: list[str] = []
        self.column = 0
        self.text: list[str] | None = None
        self.place = 0
        self.hidden = ""
        self.taken: dict[int, int] = {}  # column -> rows below that a cell above still covers

    def tag(self, name: str, attributes: str) -> None:
        """Take a tag: what a table consists of counts, everything else is passed over."""
        if self.hidden or name in ("style", "script"):
            if name.startswith("/") or not self.hidden:
                self.hidden = "" if name == "/" + self.hidden else (self.hidden or name)
        elif name == "table":
            self.depth += 1
            if self.depth == 1:
                self.tables.append(HtmlTable())
                self.taken = {}
        elif name == "/table" and self.depth:
            self.end_cell()
            self.depth -= 1
        elif self.depth == 1:
            self._part_of_table(name, attributes)

    def _part_of_table(self, name: str, attributes: str) -> None:
        if name in ("tr", "td", "th", "/tr", "/td", "/th"):
            self.end_cell()
            if name == "tr":
                self._begin_row()
            elif name in ("td", "th"):
                self._begin_cell(attributes[:2000])
        elif name in ("br", "p", "div"):
            self.data(" ")

    def data(self, text: str) -> None:
        """Take the text between two tags."""
        if self.text is not None and not self.hidden:
            self.text.append(text)

    def end_cell(self) -> None:
        """Keep the text of the cell that was open."""
        if self.text is not None:
            self.row[self.place] = " ".join(unescape("".join(self.text)).split())
            self.text = None

    def _begin_row(self) -> None:
        self.row = []
        self.tables[-1].rows.append(self.row)
        self.column = 0
        self._count(len(self.taken))
        self.taken = {column: left - 1 for column, left in self.taken.items() if left > 1}

    def _begin_cell(self, attributes: str) -> None:
        table = self.tables[-1]
        if not table.rows:
            self._begin_row()
        while self.column in self.taken:
            self.column += 1
        spans = {kind.lower(): int(number) for kind, number in _SPAN.findall(attributes)}
        width, height = (min(max(spans.get(kind, 1), 1), MOST_SPAN) for kind in ("col", "row"))
        added = max(self.column + width - len(self.row), 0)
        self._count(added)
        self.row.extend([""] * added)
        if width > 1 or height > 1:
            first = len(table.rows) - 1
            table.merged.append((first, self.column, first + height - 1, self.column + width - 1))
        if height > 1:  # this row counts down too, when the next one begins
            self.taken |= {self.column + n: height for n in range(width)}
        self.place = self.column
        self.text = []
        self.column += width

    def _count(self, added: int) -> None:
        self.cells += added
        if self.cells > MOST_CELLS:
            raise TooManyCells


def _without_comments(page: str) -> Iterator[str]:
    at = 0
    while (begin := page.find("<!--", at)) >= 0:
        yield page[at:begin]
        end = page.find("-->", begin + 4)
        if end < 0:
            return
        at = end + 3
    yield page[at:]


def read_html(page: str) -> list[HtmlTable]:
    """Return the tables of a page that have a row; raise TooManyCells."""
    tables = _Tables()
    for piece in "".join(_without_comments(page)).split("<")[1:]:
        inside, closed, text = piece.partition(">")
        name = _TAG.match(inside)
        if name is not None and closed:
            tables.tag(name[0].lower(), inside[name.end() :])
            tables.data(text)
        else:  # no tag: a sign of comparison
            tables.data("<" + piece)
    tables.end_cell()
    return [table for table in tables.tables if table.rows]
