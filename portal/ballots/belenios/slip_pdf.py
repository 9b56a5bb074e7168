"""The sealed slips as a PDF: four on a page of A4, each to be cut, folded and glued. Pure.

A slip has three parts side by side: whose it is, the credential, and a flap. The flap is printed
full of a pattern; folded over the credential and glued, it hides it against the light too.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from reportlab.pdfbase.pdfmetrics import stringWidth

from portal.core.pdf.fonts import BOLD, REGULAR, is_in_bold, shown
from portal.core.pdf.letters import break_lines
from portal.core.pdf.margins import draw_code
from portal.core.pdf.sheets import drawn
from portal.core.pdf.style import INK, LINE, PAGE_HEIGHT, PAGE_WIDTH, RED, SOFT

PER_PAGE = 4
HEIGHT = PAGE_HEIGHT / PER_PAGE
FLAP = PAGE_WIDTH * 0.36
NAMED = PAGE_WIDTH - 2 * FLAP
INSET = 14.0
SIDE = 88.0
"""All in points. A slip is 210 by 74 mm, its QR code 31 mm wide."""


@dataclass(frozen=True)
class Words:
    """What is the same on every slip."""

    title: str
    question: str
    days: str
    spare: str
    place: str
    secret: str
    use: str
    fold: str
    language: str


@dataclass(frozen=True)
class Slip:
    """One slip: whose (nothing on a spare one), the credential, the address behind the QR code."""

    name: str
    home: str
    credential: str
    address: str


def render(slips: Sequence[Slip], words: Words) -> bytes:
    """Return the PDF."""

    def draw(canvas: Any) -> None:
        for first in range(0, len(slips), PER_PAGE):
            for place, slip in enumerate(slips[first : first + PER_PAGE]):
                _draw(canvas, slip, words, top=PAGE_HEIGHT - place * HEIGHT)
            canvas.showPage()

    return drawn(draw, title=words.title, language=words.language)


def _draw(canvas: Any, slip: Slip, words: Words, *, top: float) -> None:
    _draw_lines(canvas, top)
    _draw_pattern(canvas, top)
    room = NAMED - 2 * INSET
    y = _put(canvas, words.title, INSET, top - 30, room, size=11, font=BOLD, color=RED)
    y = _put(canvas, slip.name or words.spare, INSET, y - 12, room, size=17, font=BOLD)
    y = _put(canvas, slip.home, INSET, y - 2, room, size=10, color=SOFT)
    y = _put(canvas, words.question, INSET, y - 10, room, size=9.5, lines=3)
    _put(canvas, words.days, INSET, y - 4, room, size=9, color=SOFT, lines=2)
    _put(canvas, words.fold, INSET, top - HEIGHT + 12, room, size=7.5, color=SOFT)
    left, room = NAMED + INSET, FLAP - 2 * INSET
    draw_code(canvas, slip.address, left, top - 20, SIDE)
    beside = left + SIDE + 8
    _put(canvas, words.use, beside, top - 30, room - SIDE - 8, size=8.5, lines=8)
    y = _put(canvas, words.secret, left, top - 20 - SIDE - 14, room, size=8.5, color=SOFT)
    y = _put(canvas, slip.credential, left, y - 8, room, size=17, font=BOLD)
    _put(canvas, words.place, left, y - 2, room, size=7.5, color=SOFT, lines=2)


def _draw_lines(canvas: Any, top: float) -> None:
    """Draw where to cut (dashes across) and where to fold (dots down)."""
    canvas.setStrokeColor(LINE)
    canvas.setLineWidth(0.6)
    canvas.setDash(3, 3)
    if top < PAGE_HEIGHT:
        canvas.line(0, top, PAGE_WIDTH, top)
    canvas.setDash(1, 3)
    for x in (NAMED, NAMED + FLAP):
        canvas.line(x, top - HEIGHT, x, top)
    canvas.setDash()


def _draw_pattern(canvas: Any, top: float) -> None:
    """Fill the flap with crossing lines, so that nothing is read through it."""
    canvas.saveState()
    flap = canvas.beginPath()
    left, bottom = NAMED + FLAP + 6, top - HEIGHT + 8
    wide, high = FLAP - 12, HEIGHT - 16
    flap.rect(left, bottom, wide, high)
    canvas.clipPath(flap, stroke=0, fill=0)
    canvas.setStrokeColor(INK)
    canvas.setLineWidth(1.1)
    lines = []
    for step in range(-int(high), int(wide), 5):
        lines.append((left + step, bottom, left + step + high, bottom + high))
        lines.append((left + step, bottom + high, left + step + high, bottom))
    canvas.lines(lines)
    canvas.restoreState()


def _put(
    canvas: Any,
    text: str,
    x: float,
    y: float,
    room: float,
    *,
    size: float,
    font: str = REGULAR,
    color: Any = INK,
    lines: int = 1,
) -> float:
    """Draw a text in so many lines, smaller where it is too long; return where the next begins."""
    plain = shown(text)
    if font == BOLD and not is_in_bold(plain):
        font = REGULAR
    while size > 7 and lines == 1 and stringWidth(plain, font, size) > room:
        size -= 0.5
    broken = [line for _space, line in break_lines(plain, [room], font, size)] if plain else []
    if len(broken) > lines:
        broken = [*broken[: lines - 1], broken[lines - 1][:-1] + "…"]
    canvas.setFillColor(color)
    canvas.setFont(font, size)
    for line in broken:
        canvas.drawString(x, y, line)
        y -= size * 1.35
    return y
