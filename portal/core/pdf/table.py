"""A table under a repeated head, laid out and drawn by ourselves: quick with thousands of rows.

Every line is broken once; heights are sums of lines; a page's rows are one text object and one set
of rules. A row that is taller than what a page can spare goes on on the next page.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from reportlab.platypus import Flowable

from portal.core.pdf.blocks import Table
from portal.core.pdf.fonts import BOLD, REGULAR, shown
from portal.core.pdf.letters import break_lines, width_of
from portal.core.pdf.pages import Element, Pages
from portal.core.pdf.style import INK, LINE, SUNK, WIDTH, Scale

PAD = 7.0
INDENT = "　"
"""How many of them a cell begins with says how deep it stands, on each of its lines."""
OVER, UNDER = 4.0, 6.0
LEADING = 1.4
ASCENT = 0.88
"""Where the foot of a line's letters stands below its top, as a part of the type size."""
TALL = 9
"""A row of more lines may be parted between pages; a shorter one stays whole."""
FEWEST = 4
"""So many lines of a parted row stay together at least."""

SHARED = ("widths", "numeric", "size", "leading", "head", "element")
"""What the parts of one table on several pages have in common."""

Lines = tuple[tuple[float, str], ...]


@dataclass(frozen=True, slots=True)
class Row:
    """A row whose lines are broken: for each cell the room left over and the words of each line."""

    cells: tuple[Lines, ...]
    count: int
    bold: bool


class Sheet(Flowable):  # type: ignore[misc]  # ReportLab carries no types
    """A table, or the part of it that stands on one page."""

    def __init__(self, block: Table, scale: Scale) -> None:
        super().__init__()
        whole = sum(block.widths)
        self.widths = [WIDTH * part / whole for part in block.widths]
        self.numeric, self.size = block.numeric, scale.body
        self.leading = scale.body * LEADING
        self.head = self._row(self._unit_below(block.head), bold=True)
        self.rows = [
            self._row(row, bold=number in block.strong) for number, row in enumerate(block.rows)
        ]
        self.element: list[Element] = []

    def _unit_below(self, cells: Sequence[str]) -> list[str]:
        """Let the unit of a column begin a line where its head is too long for one."""
        return [
            cell.replace("（", "\n（", 1)
            if width_of(shown(cell), BOLD, self.size) > width - 2 * PAD
            else cell
            for cell, width in zip(cells, self.widths, strict=True)
        ]

    def _row(self, cells: Sequence[str], *, bold: bool) -> Row:
        font = BOLD if bold else REGULAR
        broken = []
        for cell, width in zip(cells, self.widths, strict=True):
            room = width - 2 * PAD
            lines: list[tuple[float, str]] = []
            for part in shown(cell).split("\n"):
                deep = len(part) - len(part.lstrip(INDENT))
                first, *more = break_lines(part, [room, room - deep * self.size], font, self.size)
                lines += [first, *((left, INDENT * deep + said) for left, said in more)]
            broken.append(tuple(lines))
        return Row(tuple(broken), max(map(len, broken), default=1), bold)

    def height_of(self, row: Row) -> float:
        """Return how high a row is, in points."""
        return row.count * self.leading + OVER + UNDER

    def wrap(self, _width: float, _height: float) -> tuple[float, float]:
        """Return the size of the table."""
        self.width = WIDTH
        lines = sum([row.count for row in self.rows]) + self.head.count
        self.height = lines * self.leading + (len(self.rows) + 1) * (OVER + UNDER)
        return WIDTH, self.height

    def split(self, _width: float, height: float) -> list[Flowable]:
        """Return the part that fits and the rest; nothing where not even one row fits."""
        left = height - self.height_of(self.head)
        fitting = 0
        for row in self.rows:
            if self.height_of(row) > left:
                break
            left -= self.height_of(row)
            fitting += 1
        if fitting == len(self.rows):
            return [self]
        here, rest = self.rows[:fitting], self.rows[fitting:]
        lines = int((left - OVER - UNDER) / self.leading)
        if rest[0].count > TALL and lines >= FEWEST:
            upper, lower = _parted(rest[0], min(lines, rest[0].count - 1))
            here, rest = [*here, upper], [lower, *rest[1:]]
        return [self._part(here), self._part(rest)] if here else []

    def _part(self, rows: list[Row]) -> "Sheet":
        part = Sheet.__new__(Sheet)
        Flowable.__init__(part)
        for name in SHARED:
            setattr(part, name, getattr(self, name))
        part.rows = rows
        return part

    def draw(self) -> None:
        """Draw the part of this page: shade and rules, then all words in one text object."""
        canvas: Pages = self.canv
        rows = [self.head, *self.rows]
        with canvas.untagged():
            self._draw_rules(rows)
        if not self.element:
            self.element.append(canvas.element("Table", canvas.top))
        code = canvas._code
        canvas.begin_words(self.size)
        canvas.setFillColor(INK)
        code.append("BT")
        top = self.height
        for number, row in enumerate(rows):
            self._write(row, top - OVER, is_head=number == 0)
            top -= self.height_of(row)
        code.append("ET")

    def _draw_rules(self, rows: list[Row]) -> None:
        canvas, top = self.canv, self.height
        below = top - self.height_of(rows[0])
        canvas.setFillColor(SUNK)
        canvas.rect(0, below, WIDTH, top - below, stroke=0, fill=1)
        canvas.setStrokeColor(LINE)
        canvas.setLineWidth(0.4)
        y, hairlines = below, []
        for row in rows[1:-1]:
            y -= self.height_of(row)
            hairlines.append((0, y, WIDTH, y))
        canvas.lines(hairlines)
        canvas.setStrokeColor(INK)
        for y, thickness in ((top, 1.1), (below, 0.6), (0, 1.1)):
            canvas.setLineWidth(thickness)
            canvas.line(0, y, WIDTH, y)

    def _write(self, row: Row, top: float, *, is_head: bool) -> None:
        canvas: Pages = self.canv
        code = canvas._code
        line = canvas.element("TR", self.element[0])
        kind = "TH" if is_head else "TD"
        base = top - self.size * ASCENT - (self.leading - self.size) / 2
        left = PAD
        for column, lines in enumerate(row.cells):
            code.append(canvas.open_mark(canvas.element(kind, line)))
            # the words of a head stand at its foot, all others at the top of their row
            y = base - (row.count - len(lines)) * self.leading if is_head else base
            for spare, words in lines:
                x = left + spare if column in self.numeric else left
                code.append(f"1 0 0 1 {x:.2f} {y:.2f} Tm {canvas.words(words, bold=row.bold)}")
                y -= self.leading
            code.append("EMC")
            left += self.widths[column]


def _parted(row: Row, lines: int) -> tuple[Row, Row]:
    """Return a row as two: its first lines, and the others."""
    upper = tuple(cell[:lines] for cell in row.cells)
    lower = tuple(cell[lines:] for cell in row.cells)
    return Row(upper, lines, row.bold), Row(lower, row.count - lines, row.bold)
