"""Sizes, colours and paragraph styles of the kit: one normal edition, one in large print."""

from dataclasses import dataclass

from reportlab.lib.colors import HexColor
from reportlab.lib.enums import TA_CENTER, TA_LEFT, TA_RIGHT
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle

from portal.core.pdf.fonts import BOLD, REGULAR

RED = HexColor("#B5231B")
INK = HexColor("#1C2421")
SOFT = HexColor("#55605B")
GREEN = HexColor("#1B6B47")
AMBER = HexColor("#8A5A00")
LINE = HexColor("#CFC8B8")
SUNK = HexColor("#F6F3EB")
GREEN_TINT = HexColor("#E8F3EC")
AMBER_TINT = HexColor("#FBF1DC")
WHITE = HexColor("#FFFFFF")

PAGE_WIDTH, PAGE_HEIGHT = A4
MARGIN = 54.0
WIDTH = PAGE_WIDTH - 2 * MARGIN


@dataclass(frozen=True)
class Scale:
    """Type sizes of one edition, in points; `body` is also the smallest size in use."""

    body: float
    heading: float
    title: float
    masthead: float
    figure: float
    qr: float
    tallest: float
    """How high a drawing may be, so that its heading and caption stand on the same page."""

    @property
    def line(self) -> float:
        """Height of a line of body text."""
        return self.body * 1.62


NORMAL = Scale(body=12, heading=14.5, title=22, masthead=32, figure=24, qr=66, tallest=530)
LARGE = Scale(body=18, heading=21, title=28, masthead=38, figure=32, qr=84, tallest=430)

SIDES = {"left": TA_LEFT, "center": TA_CENTER, "right": TA_RIGHT}


def is_cjk(text: str) -> bool:
    """Return whether lines of this text may break between any two characters."""
    return any(sign >= "\u2e80" for sign in text)


def style(
    text: str,
    *,
    size: float,
    bold: bool = False,
    color: HexColor = INK,
    side: str = "left",
    leading: float = 1.5,
    indent: float = 0,
    before: float = 0,
    after: float = 0,
    keep_with_next: bool = False,
) -> ParagraphStyle:
    """Return the paragraph style for one text: breaking rules follow its script."""
    return ParagraphStyle(
        "kit",
        fontName=BOLD if bold else REGULAR,
        fontSize=size,
        leading=size * leading,
        textColor=color,
        alignment=SIDES[side],
        firstLineIndent=indent,
        spaceBefore=before,
        spaceAfter=after,
        wordWrap="CJK" if is_cjk(text) else None,
        keepWithNext=1 if keep_with_next else 0,
        splitLongWords=1,
    )
