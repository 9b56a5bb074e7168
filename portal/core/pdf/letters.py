"""How wide signs are, and where a line of Chinese and Latin text may break."""

from functools import cache
from typing import Any

from reportlab.pdfbase import pdfmetrics

from portal.core.pdf.fonts import BOLD, GETA, REGULAR, register

OPENERS = frozenset("（《〈「『【〔［｛“‘(")
CLOSERS = frozenset("，。、；：？！）》〉」』】〕］｝”’…～·％%‰℃,.;:?!)]}")
COUNTED = frozenset("年月日号天人户票条项元亩")
DATED = frozenset("年月")

OPENS, CLOSES, LATIN, DIGIT, COUNTS = 1, 2, 4, 8, 16


class _Traits(dict[str, int]):
    """What a sign is for the breaking of lines, found once and remembered."""

    def __missing__(self, sign: str) -> int:
        found = (
            (OPENS if sign in OPENERS else 0)
            | (CLOSES if sign in CLOSERS or sign == " " else 0)
            | (LATIN if "!" <= sign < "\u2000" or sign in "—–" else 0)
            | (DIGIT if sign.isdigit() else 0)
            | (COUNTS if sign in COUNTED else 0)
        )
        self[sign] = found
        return found


class Widths(dict[str, float]):
    """The widths of signs at a size of one point, each looked up once.

    What the bold cut lacks is set in the regular one; what that lacks is as wide as the 〓 drawn.
    """

    def __init__(self, font: str) -> None:
        super().__init__()
        register()
        self.faces = [pdfmetrics.getFont(name).face for name in dict.fromkeys((font, REGULAR))]

    def __missing__(self, sign: str) -> float:
        code = ord(sign)
        widths: Any = next((f.charWidths for f in self.faces if code in f.charToGlyph), None)
        thousandths = widths[code] if widths else self.faces[-1].charWidths[ord(GETA)]
        self[sign] = thousandths / 1000
        return self[sign]


_traits = _Traits()
widths_of = cache(Widths)


def width_of(text: str, font: str, size: float) -> float:
    """Return how long a line of text is, in points."""
    widths = widths_of(font)
    return sum([widths[sign] for sign in text]) * size


def may_break(before: str, after: str) -> bool:
    """Tell whether a line may end between two signs.

    Latin words, dates and spans such as 2026—2035年 stay whole; closing signs stay with what they
    close, opening signs with what they open; a space ends the line before it.
    """
    left, right = _traits[before], _traits[after]
    if left & OPENS or left & right & LATIN or (right & DIGIT and before in DATED):
        return False
    return before == " " or not (right & CLOSES or (right & COUNTS and left & DIGIT))


def break_lines(text: str, room: list[float], font: str, size: float) -> list[tuple[float, str]]:
    """Return lines as pairs of the width left over and the text; `room` is each line's width."""
    widths, traits = widths_of(font), _traits
    lines: list[tuple[float, str]] = []
    start, length = 0, 0.0  # of the line so far
    cut, kept = 0, 0.0  # where it may end, and its length there
    before, left = "", 0
    whole = room[0] / size

    def end(at: int, long: float) -> None:
        nonlocal start, length, cut, kept, whole
        line = text[start:at].rstrip(" ")
        spaces = (at - start - len(line)) * widths[" "]
        lines.append(((whole - long + spaces) * size, line))
        start, length, cut, kept = at, length - long, at, 0.0
        whole = room[min(len(lines), len(room) - 1)] / size

    for at, sign in enumerate(text):
        right = traits[sign]
        if at > start and (not (left or right) or may_break(before, sign)):
            cut, kept = at, length
        wide = widths[sign]
        while length + wide > whole and at > start and sign != " ":
            if cut > start:
                end(cut, kept)
            else:
                end(at, length)
        length += wide
        before, left = sign, right
    if start < len(text) or not lines:
        end(len(text), length)
    return lines


__all__ = ["BOLD", "REGULAR", "Widths", "break_lines", "may_break", "width_of", "widths_of"]
