"""The tables of a web page that calls itself a spreadsheet: many old programs export so."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

MOST_SPAN = 1000
MOST_CELLS = 4_000_000


class TooManyCells(Exception):
    """The page claims more cells than any roster has."""


@dataclass
class HtmlTable:
    """One table: rows of texts, and its merged ranges (first row, first column, last, last)."""

    rows: list[list[str]] = field(default_factory=list)
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)


class _Parser(HTMLParser):
    """Collects the cells of all outermost tables; what `rowspan` covers stays empty."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tables: list[HtmlTable] = []
        self.depth = 0
        self.column = 0
        self.cells = 0
        self.text: list[str] | None = None
        self.hidden = 0
        self.taken: dict[int, int] = {}  # column -> rows below that a cell above still covers

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("style", "script"):
            self.hidden += 1
        elif tag == "table":
            self.depth += 1
            if self.depth == 1:
                self.tables.append(HtmlTable())
                self.taken = {}
        elif self.depth != 1:
            return
        elif tag == "tr":
            self._end_cell()
            self._begin_row()
        elif tag in ("td", "th"):
            self._end_cell()
            self._begin_cell(dict(attrs))
        elif tag in ("br", "p", "div") and self.text is not None:
            self.text.append(" ")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("style", "script"):
            self.hidden = max(0, self.hidden - 1)
        elif tag == "table" and self.depth:
            self._end_cell()
            self.depth -= 1
        elif tag in ("td", "th", "tr") and self.depth == 1:
            self._end_cell()

    def handle_data(self, data: str) -> None:
        if self.text is not None and not self.hidden:
            self.text.append(data)

    def _begin_row(self) -> None:
        self.tables[-1].rows.append([])
        self.column = 0
        self.taken = {column: left - 1 for column, left in self.taken.items() if left > 1}

    def _begin_cell(self, attrs: dict[str, str | None]) -> None:
        table = self.tables[-1]
        if not table.rows:
            self._begin_row()
        row = table.rows[-1]
        while self.column in self.taken:
            self.column += 1
        width, height = (_span(attrs.get(name)) for name in ("colspan", "rowspan"))
        self.cells += self.column + width - len(row)
        if self.cells > MOST_CELLS:
            raise TooManyCells
        row.extend([""] * (self.column + width - len(row)))
        if width > 1 or height > 1:
            first = len(table.rows) - 1
            table.merged.append((first, self.column, first + height - 1, self.column + width - 1))
        if height > 1:  # this row counts down too, when the next one begins
            self.taken |= {self.column + n: height for n in range(width)}
        self.place = (row, self.column)
        self.text = []
        self.column += width

    def _end_cell(self) -> None:
        if self.text is not None:
            row, column = self.place
            row[column] = " ".join("".join(self.text).split())
            self.text = None


def _span(text: str | None) -> int:
    text = (text or "").strip()
    if not (text.isascii() and text.isdigit()):
        return 1
    return min(max(int(text[:6]), 1), MOST_SPAN)


def read_html(text: str) -> list[HtmlTable]:
    """Return the tables of a page that have a row; raise TooManyCells."""
    parser = _Parser()
    parser.feed(text)
    parser.close()
    parser._end_cell()
    return [table for table in parser.tables if table.rows]
