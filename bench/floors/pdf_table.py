"""Tables on paper by the barest means of ReportLab: a bare platypus table, and a bare canvas."""

from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
from xml.sax.saxutils import escape

from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics, ttfonts
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Paragraph, SimpleDocTemplate, Table

FONT, SIZE, LEADING, MARGIN, FOOT = "bare", 12, 16.8, 54, 110
Rows = Sequence[tuple[str, ...]]


def _widths(parts: Sequence[float]) -> list[float]:
    return [(A4[0] - 2 * MARGIN) * part / sum(parts) for part in parts]


def _register(font: Path) -> None:
    if FONT not in pdfmetrics.getRegisteredFontNames():
        pdfmetrics.registerFont(ttfonts.TTFont(FONT, font))


def platypus(head: tuple[str, ...], rows: Rows, parts: Sequence[float], font: Path) -> bytes:
    """Return the table as PDF, made by `platypus.Table` with a paragraph in every cell."""
    _register(font)
    style = ParagraphStyle("cell", fontName=FONT, fontSize=SIZE, leading=LEADING, wordWrap="CJK")
    cells = [[Paragraph(escape(cell), style) for cell in row] for row in (head, *rows)]
    table = Table(cells, colWidths=_widths(parts), repeatRows=1)
    table.setStyle(
        [("LINEBELOW", (0, 0), (-1, -1), 0.4, "grey"), ("VALIGN", (0, 0), (-1, -1), "TOP")]
    )
    out = BytesIO()
    SimpleDocTemplate(
        out, pagesize=A4, leftMargin=MARGIN, rightMargin=MARGIN, topMargin=MARGIN, bottomMargin=FOOT
    ).build([table])
    return out.getvalue()


def _broken(text: str, room: float) -> list[str]:
    lines, line, length = [], "", 0.0
    for sign in text:
        width = pdfmetrics.stringWidth(sign, FONT, SIZE)
        if line and length + width > room:
            lines.append(line)
            line, length = "", 0.0
        line += sign
        length += width
    return [*lines, line]


def canvas(head: tuple[str, ...], rows: Rows, parts: Sequence[float], font: Path) -> bytes:
    """Return the table as PDF, drawn line by line: broken after any sign, no frame, no tags."""
    _register(font)
    widths = _widths(parts)
    out = BytesIO()
    page = Canvas(out, pagesize=A4)

    def draw(row: tuple[str, ...], top: float) -> float:
        cells = [_broken(cell, width - 14) for cell, width in zip(row, widths, strict=True)]
        high = max(len(lines) for lines in cells) * LEADING + 10
        if top - high < FOOT:
            page.showPage()
            page.setFont(FONT, SIZE)
            top = draw(head, A4[1] - MARGIN)
        left = float(MARGIN)
        for lines, width in zip(cells, widths, strict=True):
            for number, line in enumerate(lines):
                page.drawString(left + 7, top - 4 - SIZE - number * LEADING, line)
            left += width
        page.line(MARGIN, top - high, A4[0] - MARGIN, top - high)
        return top - high

    page.setFont(FONT, SIZE)
    top = draw(head, A4[1] - MARGIN)
    for row in rows:
        top = draw(row, top)
    page.save()
    return out.getvalue()
