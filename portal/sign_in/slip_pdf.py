"""Printed codes as a PDF: eight slips on a page of A4, with lines to cut along. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from reportlab.pdfbase.pdfmetrics import stringWidth

from portal.core.pdf.fonts import BOLD, REGULAR, is_in_bold, shown
from portal.core.pdf.letters import break_lines
from portal.core.pdf.margins import draw_code
from portal.core.pdf.sheets import drawn
from portal.core.pdf.style import INK, LINE, PAGE_HEIGHT, PAGE_WIDTH, RED, SOFT

COLUMNS, ROWS = 2, 4
PER_PAGE = COLUMNS * ROWS
WIDTH, HEIGHT = PAGE_WIDTH / COLUMNS, PAGE_HEIGHT / ROWS
INSET = 20.0
ROOM = WIDTH - 2 * INSET
SIDE = 82.0
DASHES = (3, 3)
"""All in points. A slip is 105 by 74 mm, its QR code 29 mm wide."""


@dataclass(frozen=True)
class Words:
    """What is the same on every slip. `use` are the lines how to use it, `english` one more.

    `address` is the page of the sign-in, for whoever has no camera at hand.
    """

    village: str
    title: str
    until: str
    older_end: str
    use: tuple[str, ...]
    address: str
    english: str
    language: str


@dataclass(frozen=True)
class SlipSheet:
    """One slip: whose it is, the code in groups of four, and the address behind the QR code."""

    place: str
    home: str
    code: str
    address: str


def render(slips: Sequence[SlipSheet], words: Words) -> bytes:
    """Return the PDF."""

    def draw(canvas: Any) -> None:
        for first in range(0, len(slips), PER_PAGE):
            _draw_cuts(canvas)
            for place, slip in enumerate(slips[first : first + PER_PAGE]):
                left = place % COLUMNS * WIDTH + INSET
                top = PAGE_HEIGHT - place // COLUMNS * HEIGHT
                _draw_slip(canvas, slip, words, left=left, top=top)
            canvas.showPage()

    return drawn(draw, title=f"{words.village} {words.title}", language=words.language)


def _draw_cuts(canvas: Any) -> None:
    canvas.setStrokeColor(LINE)
    canvas.setLineWidth(0.6)
    canvas.setDash(*DASHES)
    for column in range(1, COLUMNS):
        canvas.line(column * WIDTH, 0, column * WIDTH, PAGE_HEIGHT)
    for row in range(1, ROWS):
        canvas.line(0, row * HEIGHT, PAGE_WIDTH, row * HEIGHT)
    canvas.setDash()


def _draw_slip(canvas: Any, slip: SlipSheet, words: Words, *, left: float, top: float) -> None:
    y = top - 25
    _put(canvas, f"{words.village} {words.title}", left, y, size=11, font=BOLD, color=RED)
    y -= 5
    canvas.setStrokeColor(RED)
    canvas.setLineWidth(0.8)
    canvas.line(left, y, left + ROOM, y)
    y -= 7
    draw_code(canvas, slip.address, left, y, SIDE)
    beside, room = left + SIDE + 12, ROOM - SIDE - 12
    _put(canvas, slip.home, beside, y - 14, size=15, font=BOLD, room=room)
    _put(canvas, slip.place, beside, y - 29, size=10, color=SOFT, room=room)
    _put(canvas, slip.code, beside, y - 52, size=19, font=BOLD, room=room)
    _put(canvas, words.until, beside, y - 68, size=9, color=SOFT, room=room)
    _put(canvas, words.older_end, beside, y - 81, size=9, color=SOFT, room=room)
    y -= SIDE + 2
    for number, line in enumerate(words.use, start=1):
        y -= 13.5
        _put(canvas, f"{number}. {line}", left, y, size=10)
    y -= 12
    _put(canvas, words.address, left, y, size=8.5)
    y -= 2
    for _space, english in break_lines(words.english, [ROOM], REGULAR, 7):
        y -= 8.5
        _put(canvas, english, left, y, size=7, color=SOFT)


def _put(
    canvas: Any,
    text: str,
    x: float,
    y: float,
    *,
    size: float,
    font: str = REGULAR,
    color: Any = INK,
    room: float = ROOM,
) -> None:
    """Draw one line: smaller where it is too long, cut where that would be too small to read."""
    line = shown(text)
    if font == BOLD and not is_in_bold(line):
        font = REGULAR
    while size > 7 and stringWidth(line, font, size) > room:
        size -= 0.5
    while len(line) > 1 and stringWidth(line, font, size) > room:
        line = line[:-2] + "…"
    canvas.setFillColor(color)
    canvas.setFont(font, size)
    canvas.drawString(x, y, line)
