"""What stands around the text of every page: running head, footer, QR code, watermark."""

from functools import lru_cache
from itertools import groupby
from typing import Any

import segno
from reportlab.lib.colors import HexColor

from portal.core.pdf.fonts import BOLD, REGULAR, shown
from portal.core.pdf.letters import break_lines
from portal.core.pdf.style import (
    INK,
    LINE,
    MARGIN,
    PAGE_HEIGHT,
    RED,
    SOFT,
    WIDTH,
    Scale,
)


def digest_lines(sha256: str) -> tuple[str, str]:
    """Return a digest as two lines of four groups, which can be compared by eye."""
    groups = [sha256[start : start + 8] for start in range(0, 64, 8)]
    return " ".join(groups[:4]), " ".join(groups[4:])


@lru_cache(maxsize=64)
def _squares(address: str) -> tuple[int, str]:
    """Return how many squares wide a QR code is, and its dark runs as PDF operators."""
    rows = [list(row) for row in segno.make(address, error="m", micro=False).matrix]
    runs = []
    for y, row in enumerate(rows, start=1):
        start = 0
        for dark, signs in groupby(row):
            long = len(list(signs))
            if dark:
                runs.append(f"{start} {-y} {long} 1 re")
            start += long
    return len(rows), " ".join(runs)


def draw_code(canvas: Any, address: str, left: float, top: float, side: float) -> None:
    """Draw a QR code of an address as squares, `side` points wide."""
    count, runs = _squares(address)
    canvas.saveState()
    canvas.setFillColor(INK)
    canvas.translate(left, top)
    canvas.scale(side / count, side / count)
    canvas._code.append(f"{runs} f")
    canvas.restoreState()


def draw_head(canvas: Any, name: str, scale: Scale) -> None:
    """Draw the running head of the second page and those after it; a long name is cut."""
    size = scale.body
    y = PAGE_HEIGHT - MARGIN + 6
    line = break_lines(shown(name).replace("\n", " "), [WIDTH - 2 * size], REGULAR, size)
    canvas.setFont(REGULAR, size)
    canvas.setFillColor(SOFT)
    canvas.drawString(MARGIN, y - size, line[0][1] + ("…" if len(line) > 1 else ""))
    canvas.setStrokeColor(RED)
    canvas.setLineWidth(0.7)
    canvas.line(MARGIN, y - size - 7, MARGIN + WIDTH, y - size - 7)


def draw_footer(
    canvas: Any, lines: list[tuple[str, HexColor]], *, address: str, top: float, scale: Scale
) -> None:
    """Draw the lines of the footer under a hairline, and the code of the address beside them."""
    canvas.setStrokeColor(LINE)
    canvas.setLineWidth(0.6)
    canvas.line(MARGIN, top, MARGIN + WIDTH, top)
    draw_code(canvas, address, MARGIN + WIDTH - scale.qr, top - 8, scale.qr)
    canvas.setFont(REGULAR, scale.body)
    y = top - 6
    for text, color in lines:
        y -= scale.body * 1.45
        canvas.setFillColor(color)
        canvas.drawString(MARGIN, y + scale.body * 0.35, shown(text))


def draw_watermark(canvas: Any, text: str) -> None:
    """Draw pale words across the page; the footer says the same, for whoever reads the text."""
    canvas.saveState()
    canvas.setFillColor(RED, alpha=0.13)
    canvas.setFont(BOLD, 80)
    canvas.translate(MARGIN + WIDTH / 2, PAGE_HEIGHT / 2)
    canvas.rotate(38)
    canvas.drawCentredString(0, 0, shown(text))
    canvas.restoreState()
