"""The sheet that those present sign: names by group in two columns, a box beside each. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from reportlab.pdfbase.pdfmetrics import stringWidth

from portal.core.pdf.fonts import BOLD, REGULAR, is_in_bold, shown
from portal.core.pdf.sheets import drawn
from portal.core.pdf.style import INK, LINE, PAGE_HEIGHT, PAGE_WIDTH, RED, SOFT

MARGIN = 42.0
COLUMNS, ROWS = 2, 16
GAP = 18.0
COLUMN = (PAGE_WIDTH - 2 * MARGIN - (COLUMNS - 1) * GAP) / COLUMNS
ROW, BOX = 38.0, 104.0
"""In points: a row is 13 mm high and its box 37 mm wide, room for a signature or a thumb."""


@dataclass(frozen=True)
class Name:
    """One name of the list."""

    name: str
    group: str
    is_representative: bool


@dataclass(frozen=True)
class Words:
    """What stands around the names. `page` holds %(page)s and %(pages)s."""

    village: str
    title: str
    meeting: str
    when: str
    how: str
    witnesses: tuple[str, str]
    page: str
    language: str


def render(names: Sequence[Name], words: Words) -> bytes:
    """Return the PDF; each group begins on a page of its own."""

    def draw(canvas: Any) -> None:
        parts = list(_parts(names))
        for number, (first, part) in enumerate(parts, start=1):
            _draw_head(canvas, part[0].group, words)
            for place, name in enumerate(part):
                _draw_row(canvas, name, number=first + place, place=place)
            _draw_foot(canvas, words, words.page % {"page": number, "pages": len(parts)})
            canvas.showPage()

    return drawn(draw, title=f"{words.village} {words.title}", language=words.language)


def _parts(names: Sequence[Name]) -> Iterator[tuple[int, list[Name]]]:
    """Yield each page's names with the number of the first one in its group."""
    for group in dict.fromkeys(name.group for name in names):
        mine = [name for name in names if name.group == group]
        for start in range(0, len(mine), COLUMNS * ROWS):
            yield start + 1, mine[start : start + COLUMNS * ROWS]


def _draw_head(canvas: Any, group: str, words: Words) -> None:
    room, y = PAGE_WIDTH - 2 * MARGIN, PAGE_HEIGHT - 50
    _put(canvas, f"{words.village} {words.title}", MARGIN, y, size=17, bold=True, color=RED)
    canvas.setStrokeColor(RED)
    canvas.setLineWidth(1.2)
    canvas.line(MARGIN, y - 9, PAGE_WIDTH - MARGIN, y - 9)
    _put(canvas, words.meeting, MARGIN, y - 29, size=12, bold=True, room=room - 130)
    _put(canvas, group, PAGE_WIDTH - MARGIN - 120, y - 29, size=13, bold=True, room=120)
    _put(canvas, words.when, MARGIN, y - 47, size=10.5, room=room)
    _put(canvas, words.how, MARGIN, y - 63, size=9.5, color=SOFT, room=room)


def _draw_row(canvas: Any, name: Name, *, number: int, place: int) -> None:
    column, row = divmod(place, ROWS)
    left = MARGIN + column * (COLUMN + GAP)
    y = PAGE_HEIGHT - 124 - row * ROW
    canvas.setStrokeColor(LINE)
    canvas.setLineWidth(0.7)
    canvas.line(left, y - ROW + 3, left + COLUMN, y - ROW + 3)
    _put(canvas, str(number), left, y - 21, size=10, color=SOFT, room=24)
    mark = "◆ " if name.is_representative else ""
    room = COLUMN - BOX - 34
    _put(canvas, f"{mark}{name.name}", left + 26, y - 22, size=14, room=room)
    canvas.rect(left + COLUMN - BOX, y - ROW + 7, BOX, ROW - 9)


def _draw_foot(canvas: Any, words: Words, page: str) -> None:
    half = (PAGE_WIDTH - 2 * MARGIN - GAP) / 2
    for place, witness in enumerate(words.witnesses):
        left = MARGIN + place * (half + GAP)
        _put(canvas, f"{witness}：", left, 62, size=11, room=half)
        canvas.setStrokeColor(INK)
        canvas.setLineWidth(0.6)
        canvas.line(left + 86, 58, left + half, 58)
    _put(canvas, page, MARGIN, 34, size=9, color=SOFT)


def _put(
    canvas: Any,
    text: str,
    x: float,
    y: float,
    *,
    size: float,
    bold: bool = False,
    color: Any = INK,
    room: float = 400.0,
) -> None:
    """Draw one line: smaller where it is too long, cut where that would be too small to read."""
    line = shown(text)
    font = BOLD if bold and is_in_bold(line) else REGULAR
    while size > 8 and stringWidth(line, font, size) > room:
        size -= 0.5
    while len(line) > 1 and stringWidth(line, font, size) > room:
        line = line[:-2] + "…"
    canvas.setFillColor(color)
    canvas.setFont(font, size)
    canvas.drawString(x, y, line)
