"""Paragraphs with Chinese line breaking: no lone 。 at the start of a line, no broken number."""

from typing import Any

from reportlab.platypus import Paragraph

from portal.core.pdf.fonts import markup
from portal.core.pdf.letters import break_lines, width_of
from portal.core.pdf.style import style


class Words(Paragraph):  # type: ignore[misc]  # ReportLab carries no types
    """A paragraph; `balanced` makes its lines about equally long, as titles should be."""

    balanced = False
    tag = "P"

    def draw(self) -> None:
        """Draw the lines as one paragraph, title or heading of the document's structure."""
        with self.canv.tagged(self.tag):
            super().draw()

    def breakLinesCJK(self, room: Any) -> Any:  # noqa: N802 -- ReportLab's name
        """Break lines by our rules where all text has one font, by ReportLab's elsewhere."""
        frags = self.frags
        if len(frags) != 1 or not (hasattr(frags[0], "text") or hasattr(frags[0], "words")):
            return super().breakLinesCJK(room)
        frag = frags[0]
        self.height = 0
        widths = list(room) if isinstance(room, list | tuple) else [room]
        if hasattr(frag, "text"):
            lines = break_lines(frag.text, widths, frag.fontName, frag.fontSize)
        else:  # a part of a paragraph that goes on on the next page: its lines are broken already
            wide = widths[-1]
            lines = [(wide - width_of(w, frag.fontName, frag.fontSize), w) for w in frag.words]
        if self.balanced and len(lines) > 1 and hasattr(frag, "text"):
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


def heading(title: str, *, tag: str = "H2", **facts: Any) -> Words:
    """Return a paragraph that the document's bookmarks list."""
    paragraph = words(title, bold=True, **facts)
    paragraph.bookmark, paragraph.tag = title, tag
    return paragraph
