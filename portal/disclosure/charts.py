"""Charts as vectors: bars whose names and values also stand in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from reportlab.graphics.shapes import Drawing, Line, Rect, String
from reportlab.lib.colors import HexColor

from portal.core.pdf.blocks import Draw
from portal.core.pdf.fonts import REGULAR, shown
from portal.core.pdf.letters import break_lines, width_of
from portal.core.pdf.style import INK, SOFT
from portal.maps.patterns import mix

LEADING = 1.35


@dataclass(frozen=True)
class Pair:
    """Two values of one thing: then and now, or now and later."""

    label: str
    first: Decimal
    second: Decimal
    colour: str


def summed(values: Sequence[str]) -> Decimal:
    """Return the sum of numbers as they are written in tables; what is not known adds nothing."""
    return sum((Decimal(v) for v in values if v and v != "—"), Decimal(0))


def pairs(items: Sequence[Pair], *, first: str, second: str) -> Draw:
    """Return how to draw two bars for each item, the first pale and the second in its colour."""

    def draw(width: float, _height: float, size: float) -> Drawing:
        left = width * 0.3
        values = [f"{first} {pair.first:,f}" for pair in items]
        values += [f"{second} {pair.second:,f}" for pair in items]
        right = max(width_of(value, REGULAR, size) for value in values) + 6
        room = width - left - right
        most = max(max(pair.first, pair.second) for pair in items) or Decimal(1)
        broken = [
            [line for _space, line in break_lines(shown(p.label), [left - 8], REGULAR, size)]
            for p in items
        ]
        step = size * LEADING
        heights = [max(2, len(lines)) * step + size * 0.7 for lines in broken]
        drawing = Drawing(width, sum(heights))
        top = sum(heights)
        for pair, lines, height in zip(items, broken, heights, strict=True):
            for number, line in enumerate(lines):
                y = top - size - number * step
                drawing.add(String(0, y, line, fontName=REGULAR, fontSize=size, fillColor=INK))
            pale = mix(pair.colour, "#FFFFFF", 0.6)
            for number, (year, value, fill) in enumerate(
                ((first, pair.first, pale), (second, pair.second, pair.colour))
            ):
                y = top - size - number * step
                long = max(float(value / most) * room, 0.5)
                bar = Rect(left, y - size * 0.12, long, size * 0.95)
                bar.fillColor, bar.strokeColor, bar.strokeWidth = HexColor(fill), SOFT, 0.4
                drawing.add(bar)
                said = String(left + long + 6, y, f"{year} {value:,f}")
                said.fontName, said.fontSize, said.fillColor = REGULAR, size, INK
                drawing.add(said)
            top -= height
            rule = Line(0, top + size * 0.2, width, top + size * 0.2)
            rule.strokeColor, rule.strokeWidth = HexColor("#E0DBCF"), 0.4
            drawing.add(rule)
        return drawing

    return draw
