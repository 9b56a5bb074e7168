"""Small things drawn on a page: bars, rules, a line to sign on, a drawing at the page's width."""

from typing import Any

from reportlab.graphics import renderPDF
from reportlab.lib.colors import HexColor, linearlyInterpolatedColor
from reportlab.platypus import Flowable

from portal.core.pdf.style import GREEN, RED, SOFT, SUNK, WHITE, WIDTH


class Scaled(Flowable):  # type: ignore[misc]  # ReportLab carries no types
    """A Drawing over the page's width, never higher than `most` points; a sample has no words."""

    def __init__(self, drawing: Any, *, most: float, alt: str, widest: float = WIDTH) -> None:
        super().__init__()
        self.alt = alt
        self.drawing = drawing
        self.factor = min(widest / drawing.width, most / drawing.height)
        self.width = drawing.width * self.factor
        self.height = drawing.height * self.factor
        self.hAlign = "CENTER"

    def draw(self) -> None:
        """Draw at the current place of the page."""
        tag = self.canv.tagged("Figure", self.alt) if self.alt else self.canv.untagged()
        with tag:
            self.canv.saveState()
            self.canv.scale(self.factor, self.factor)
            renderPDF.draw(self.drawing, self.canv, 0, 0)
            self.canv.restoreState()


class Rules(Flowable):  # type: ignore[misc]  # ReportLab carries no types
    """The double rule under the masthead of an official paper: one thick line, one thin."""

    width, height = WIDTH, 7.0

    def draw(self) -> None:
        """Draw both lines."""
        self.canv.setStrokeColor(RED)
        for y, thickness in ((5.6, 2.6), (1.6, 0.8)):
            self.canv.setLineWidth(thickness)
            self.canv.line(0, y, WIDTH, y)


class SigningLine(Flowable):  # type: ignore[misc]  # ReportLab carries no types
    """An empty line to sign on."""

    def __init__(self, *, width: float, height: float) -> None:
        super().__init__()
        self.width, self.height = width, height

    def draw(self) -> None:
        """Draw the line."""
        self.canv.setStrokeColor(SOFT)
        self.canv.setLineWidth(0.6)
        self.canv.line(0, 2, self.width, 2)


class Rod(Flowable):  # type: ignore[misc]  # ReportLab carries no types
    """The bar of a bar chart, on a pale track."""

    def __init__(self, *, width: float, height: float, share: float) -> None:
        super().__init__()
        self.width, self.height, self.share = width, height, share

    def draw(self) -> None:
        """Draw the track, then the bar."""
        radius = self.height / 2
        self.canv.setFillColor(SUNK)
        self.canv.roundRect(0, 0, self.width, self.height, radius, stroke=0, fill=1)
        if self.share > 0:
            self.canv.setFillColor(GREEN)
            length = max(self.height, self.width * min(self.share, 1))
            self.canv.roundRect(0, 0, length, self.height, radius, stroke=0, fill=1)


class Rods(Flowable):  # type: ignore[misc]  # ReportLab carries no types
    """Two bars, one above the other, the first in a paler colour; both outlined."""

    def __init__(self, *, width: float, step: float, shares: tuple[float, float], colour: str):
        super().__init__()
        self.width, self.height, self.step = width, 2 * step, step
        self.shares, self.colour = shares, HexColor(colour)

    def draw(self) -> None:
        """Draw both bars, each on the line of its words."""
        with self.canv.untagged():
            self.canv.setStrokeColor(SOFT)
            self.canv.setLineWidth(0.4)
            for number, share in enumerate(self.shares):
                tint = 0.4 if number == 0 else 1.0
                self.canv.setFillColor(linearlyInterpolatedColor(WHITE, self.colour, 0, 1, tint))
                y = self.height - (number + 0.85) * self.step
                long = max(self.width * min(max(share, 0.0), 1.0), 0.5)
                self.canv.rect(0, y, long, self.step * 0.62, stroke=1, fill=1)
