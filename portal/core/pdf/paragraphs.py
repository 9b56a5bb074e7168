"""Paragraphs with Chinese line breaking: no lone 。 at the start of a line, no broken number."""

from typing import Any

from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.platypus import Paragraph

from portal.core.pdf.fonts import markup
from portal.core.pdf.style import style

OPENERS = frozenset("（《〈「『【〔［｛“‘(")
CLOSERS = frozenset("，。、；：？！）》〉」』】〕］｝”’…～·％%‰℃,.;:?!)]}")
COUNTED = frozenset("年月日号天人户票条项元亩")


def units(text: str) -> list[str]:
    """Return the parts between which a line may break; a space ends the part before it.

    Latin words and spans such as 2026—2035年 stay whole; closing signs stay with what they close,
    opening signs with what they open.
    """
    parts: list[str] = []
    glued = False
    for sign in text:
        last = parts[-1] if parts else ""
        inside_word = bool(last) and _is_latin(sign) and _is_latin(last[-1])
        counts = sign in COUNTED and last[-1:].isdigit()
        follows = bool(last) and (sign in CLOSERS or sign == " " or counts) and last[-1] != " "
        if last and (glued or inside_word or follows):
            parts[-1] += sign
        else:
            parts.append(sign)
        glued = sign in OPENERS
    return parts


def _is_latin(sign: str) -> bool:
    return "!" <= sign < "\u2000" or sign in "—–"


def break_lines(text: str, room: list[float], font: str, size: float) -> list[tuple[float, str]]:
    """Return lines as pairs of the width left over and the text; `room` is each line's width."""
    lines: list[tuple[float, str]] = []
    line = ""

    def width() -> float:
        return room[min(len(lines), len(room) - 1)]

    def end() -> None:
        nonlocal line
        kept = line.rstrip(" ")
        lines.append((width() - stringWidth(kept, font, size), kept))
        line = ""

    for unit in units(text):
        if line and stringWidth(line + unit.rstrip(" "), font, size) > width():
            end()
        if stringWidth(unit.rstrip(" "), font, size) <= width():
            line += unit
            continue
        for sign in unit:
            if line and stringWidth(line + sign, font, size) > width():
                end()
            line += sign
    if line or not lines:
        end()
    return lines


class Words(Paragraph):  # type: ignore[misc]  # ReportLab carries no types
    """A paragraph; `balanced` makes its lines about equally long, as titles should be."""

    balanced = False

    def breakLinesCJK(self, room: Any) -> Any:  # noqa: N802 -- ReportLab's name
        """Break lines by our rules where all text has one font, by ReportLab's elsewhere."""
        frags = self.frags
        is_split = hasattr(self, "blPara") and getattr(self, "_splitpara", False)
        if len(frags) != 1 or is_split or not hasattr(frags[0], "text"):
            return super().breakLinesCJK(room)
        frag = frags[0]
        self.height = 0
        widths = list(room) if isinstance(room, list | tuple) else [room]
        lines = break_lines(frag.text, widths, frag.fontName, frag.fontSize)
        if self.balanced and len(lines) > 1:
            lines = self._balance(lines, widths, frag)
        return frag.clone(
            kind=0,
            lines=[(space, [line]) for space, line in lines],
            ascent=frag.fontSize,
            descent=-0.2 * frag.fontSize,
        )

    @staticmethod
    def _balance(
        lines: list[tuple[float, str]], widths: list[float], frag: Any
    ) -> list[tuple[float, str]]:
        """Narrow the lines while their number stays, then give back the room at the sides."""
        best, count = lines, len(lines)
        cut = frag.fontSize / 2
        while cut < widths[0] / 2:
            tried = break_lines(
                frag.text, [width - cut for width in widths], frag.fontName, frag.fontSize
            )
            if len(tried) > count:
                break
            best = [(space + cut, line) for space, line in tried]
            cut += frag.fontSize / 2
        return best


def words(text: str, *, bold: bool = False, balanced: bool = False, **facts: Any) -> Words:
    """Return a paragraph of somebody's words; markup in them is shown, never obeyed."""
    paragraph = Words(markup(text, bold=bold), style(text, bold=bold, **facts))
    paragraph.balanced = balanced
    return paragraph


def heading(title: str, **facts: Any) -> Words:
    """Return a paragraph that the document's bookmarks list."""
    paragraph = words(title, bold=True, **facts)
    paragraph.bookmark = title
    return paragraph
