"""The three shares of a ballot's key as a PDF: one page for each holder, printed once. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from portal.core.pdf.fonts import BOLD, REGULAR, is_in_bold, shown
from portal.core.pdf.letters import break_lines
from portal.core.pdf.margins import draw_code
from portal.core.pdf.sheets import drawn
from portal.core.pdf.style import INK, LINE, MARGIN, PAGE_HEIGHT, PAGE_WIDTH, RED, SOFT

ROOM = PAGE_WIDTH - 2 * MARGIN
COLUMNS = 3
ROW = 25.0
SIDE = 120.0
"""All in points."""


@dataclass(frozen=True)
class Words:
    """What is the same on every page. `use` are the lines how to keep and use a share."""

    village: str
    title: str
    question: str
    of_three: str
    code: str
    use: tuple[str, ...]
    public_key: str
    language: str


@dataclass(frozen=True, repr=False)
class SharePage:
    """One page: the holder, which of the three it is, and the 33 words."""

    position: int
    name: str
    office: str
    words: str


def render(pages: Sequence[SharePage], words: Words) -> bytes:
    """Return the PDF."""

    def draw(canvas: Any) -> None:
        for page in pages:
            _draw(canvas, page, words)
            canvas.showPage()

    return drawn(draw, title=f"{words.village} {words.title}", language=words.language)


def _draw(canvas: Any, page: SharePage, words: Words) -> None:
    y = PAGE_HEIGHT - MARGIN - 12
    y = _lines(canvas, words.village, y, size=11, color=SOFT)
    y = _lines(canvas, f"{words.title} {page.position} / 3", y - 8, size=20, font=BOLD, color=RED)
    y = _lines(canvas, f"{page.name} · {page.office}", y - 4, size=15, font=BOLD)
    y = _lines(canvas, words.question, y - 2, size=12) - 6
    canvas.setStrokeColor(RED)
    canvas.setLineWidth(0.8)
    canvas.line(MARGIN, y, MARGIN + ROOM, y)
    y = _table(canvas, page.words.split(), y - 26) - 4
    draw_code(canvas, page.words, MARGIN, y, SIDE)
    beside = MARGIN + SIDE + 16
    below = _lines(canvas, words.of_three, y - 12, size=11, left=beside)
    _lines(canvas, words.code, below - 4, size=10, color=SOFT, left=beside)
    y -= SIDE + 26
    for number, line in enumerate(words.use, start=1):
        y = _lines(canvas, f"{number}. {line}", y, size=11) - 3
    _lines(canvas, words.public_key, MARGIN + 4, size=7.5, color=SOFT)


def _table(canvas: Any, words: Sequence[str], y: float) -> float:
    """Draw the words with their numbers, down the columns, and return where it ends."""
    rows = -(-len(words) // COLUMNS)
    canvas.setStrokeColor(LINE)
    canvas.setLineWidth(0.5)
    for at, word in enumerate(words):
        left = MARGIN + at // rows * (ROOM / COLUMNS)
        height = y - at % rows * ROW
        canvas.setFont(REGULAR, 9)
        canvas.setFillColor(SOFT)
        canvas.drawRightString(left + 18, height, str(at + 1))
        canvas.setFont(BOLD, 15)
        canvas.setFillColor(INK)
        canvas.drawString(left + 26, height, word)
        canvas.line(left, height - 8, left + ROOM / COLUMNS - 10, height - 8)
    return y - rows * ROW


def _lines(
    canvas: Any,
    text: str,
    y: float,
    *,
    size: float,
    font: str = REGULAR,
    color: Any = INK,
    left: float = MARGIN,
) -> float:
    """Draw a text as wide as the page allows and return where the next line goes."""
    line = shown(text)
    if font == BOLD and not is_in_bold(line):
        font = REGULAR
    canvas.setFillColor(color)
    canvas.setFont(font, size)
    for _space, part in break_lines(line, [MARGIN + ROOM - left], font, size):
        canvas.drawString(left, y, part)
        y -= size * 1.45
    return y
