"""A checkpoint on paper, for the notice board: two on a page of A4, or one in large print. Pure."""

from dataclasses import dataclass
from typing import Any

from portal.core.pdf.fonts import BOLD, REGULAR, is_in_bold, shown
from portal.core.pdf.letters import break_lines
from portal.core.pdf.margins import draw_code
from portal.core.pdf.sheets import drawn
from portal.core.pdf.style import (
    INK,
    LARGE,
    LINE,
    MARGIN,
    NORMAL,
    PAGE_HEIGHT,
    PAGE_WIDTH,
    RED,
    SOFT,
    WIDTH,
    Scale,
)

SIDE = {NORMAL: 132.0, LARGE: 200.0}
"""How wide the QR code is, in points: 47 and 71 mm."""


@dataclass(frozen=True, kw_only=True)
class Slip:
    """What stands on it, ready to be read; `root`, `signature` and `key` in hexadecimal."""

    village: str
    title: str
    line: str
    root_label: str
    root: str
    use: str
    address: str
    english: str
    facts: tuple[tuple[str, str], ...]
    language: str


def render(slip: Slip, *, is_large: bool) -> bytes:
    """Return the PDF."""

    def draw(canvas: Any) -> None:
        if is_large:
            _Sheet(canvas, LARGE, PAGE_HEIGHT - MARGIN).draw(slip)
        else:
            for top in (PAGE_HEIGHT, PAGE_HEIGHT / 2):
                _Sheet(canvas, NORMAL, top - 26).draw(slip)
            canvas.setStrokeColor(LINE)
            canvas.setDash(3, 3)
            canvas.line(0, PAGE_HEIGHT / 2, PAGE_WIDTH, PAGE_HEIGHT / 2)
        canvas.showPage()

    return drawn(draw, title=f"{slip.village} {slip.title}", language=slip.language)


class _Sheet:
    """One slip, drawn from its top down."""

    def __init__(self, canvas: Any, scale: Scale, top: float) -> None:
        self.canvas, self.scale, self.y = canvas, scale, top

    def draw(self, slip: Slip) -> None:
        body, side = self.scale.body, SIDE[self.scale]
        self.put(f"{slip.village} {slip.title}", size=self.scale.title * 0.86, font=BOLD, color=RED)
        self.y -= body * 0.5
        self.canvas.setStrokeColor(RED)
        self.canvas.setLineWidth(1)
        self.canvas.line(MARGIN, self.y, MARGIN + WIDTH, self.y)
        self.y -= body * 0.3
        self.put(slip.line, size=self.scale.heading, font=BOLD)
        self.y -= body * 0.6
        self.put(slip.root_label, size=body, color=SOFT)
        groups = [slip.root[at : at + 8] for at in range(0, len(slip.root), 8)]
        for half in (groups[:4], groups[4:]):
            self.put(" ".join(half), size=self.scale.title * 0.86, font=BOLD)
        self.y -= body * 1.2
        top = self.y
        draw_code(self.canvas, slip.address, MARGIN, top, side)
        beside = side + body
        self.put(slip.use, size=body, left=beside)
        self.y -= body * 0.4
        self.put(slip.english, size=body, color=SOFT, left=beside)
        self.y = min(self.y, top - side) - body * 0.6
        small = body * (0.8 if self.scale is NORMAL else 1)  # large print has no smaller one
        for label, text in slip.facts:
            self.put(f"{label} {text}", size=small, color=SOFT)

    def put(
        self, text: str, *, size: float, font: str = REGULAR, color: Any = INK, left: float = 0
    ) -> None:
        """Write a text over as many lines as it needs."""
        font = font if font == REGULAR or is_in_bold(shown(text)) else REGULAR
        self.canvas.setFont(font, size)
        self.canvas.setFillColor(color)
        for _space, line in break_lines(shown(text), [WIDTH - left], font, size):
            self.y -= size * 1.35
            self.canvas.drawString(MARGIN + left, self.y, line)
