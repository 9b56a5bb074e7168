"""Tables for the eye only: labels beside values, signs beside names."""

from collections.abc import Sequence
from typing import Any

from reportlab.platypus import Table as PlainGrid

from portal.core.pdf.fonts import REGULAR
from portal.core.pdf.style import LARGE
from portal.core.pdf.table import PAD


class Grid(PlainGrid):  # type: ignore[misc]  # ReportLab carries no types
    """A table for the eye only, such as labels beside values; its lines are nothing to read."""

    def _drawBkgrnd(self) -> None:  # noqa: N802 -- ReportLab's name
        with self.canv.untagged():
            super()._drawBkgrnd()

    def _drawLines(self) -> None:  # noqa: N802 -- ReportLab's name
        with self.canv.untagged():
            super()._drawLines()


def grid(rows: list[list[Any]], widths: Sequence[float], rules: list[Any], **facts: Any) -> Grid:
    """Return a table over the given widths (points) with the house's cell padding."""
    table = Grid(rows, colWidths=list(widths), **facts)
    table.setStyle(
        [
            ("FONT", (0, 0), (-1, -1), REGULAR, LARGE.body),
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ("LEFTPADDING", (0, 0), (-1, -1), PAD),
            ("RIGHTPADDING", (0, 0), (-1, -1), PAD),
            ("TOPPADDING", (0, 0), (-1, -1), 4),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 6),
            *rules,
        ]
    )
    return table
