"""The common frame of the village's documents, and the door to the kit: `render`.

Page one carries a red masthead, the document's number, date, title and period; every page carries a
footer with the digest of the content, the address that confirms it, and its QR code; the last page
how to object, whom to ask, and room for the seal. The same frame and blocks give the same bytes.
"""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from io import BytesIO
from typing import Any

from babel.dates import format_date
from reportlab.platypus import BaseDocTemplate, KeepTogether, PageTemplate, Spacer
from reportlab.platypus import Frame as Column

from portal.core.pdf import margins
from portal.core.pdf.blocks import Block, Facts, Section, Text
from portal.core.pdf.fonts import BOLD, REGULAR, clean, missing, register
from portal.core.pdf.grids import grid
from portal.core.pdf.layout import flow
from portal.core.pdf.letters import break_lines, width_of
from portal.core.pdf.pages import Pages
from portal.core.pdf.paragraphs import heading, words
from portal.core.pdf.shapes import Rules, SigningLine
from portal.core.pdf.style import (
    INK,
    LARGE,
    LINE,
    MARGIN,
    NORMAL,
    PAGE_HEIGHT,
    RED,
    SOFT,
    SUNK,
    WIDTH,
    Scale,
)

Gettext = Callable[[str], str]
one_at_a_time = threading.Lock()


@dataclass(frozen=True)
class Frame:
    """What every document says about itself. All of it is shown as text, never as markup.

    `language` is a locale's name (zh_Hans, en); `watermark` is printed across a page that is not
    yet a document, such as a preview; `record_size` is how many entries the public record had;
    `is_masked` says that something of persons was left out or hidden.
    """

    village: str
    township: str
    kind: str
    number: str
    title: str
    issued_on: date
    period: str
    unit: str
    reviewer: str
    contact: tuple[tuple[str, str], ...]
    objection: str
    verify_url: str
    content_sha256: str
    language: str = "zh_Hans"
    large: bool = False
    watermark: str = ""
    record_size: int | None = None
    is_masked: bool = False


def render(
    frame: Frame, blocks: Sequence[Block], gettext: Gettext, *, tail: Sequence[Block] = ()
) -> bytes:
    """Return the PDF. `gettext` gives the kit's own words in the frame's language.

    `tail` are blocks that stand behind the seal, such as a slip to cut off.

    ReportLab's fonts hold a reading position, so documents are made one at a time.
    """
    with one_at_a_time:
        register()
        return _Document(frame, blocks, gettext, tail=tail).make()


class _Document:
    """One document on its way to paper."""

    def __init__(
        self, frame: Frame, blocks: Sequence[Block], gettext: Gettext, *, tail: Sequence[Block]
    ) -> None:
        self.frame, self.blocks, self.gettext = frame, blocks, gettext
        self.tail = tail
        self.scale: Scale = LARGE if frame.large else NORMAL

    def make(self) -> bytes:
        out = BytesIO()
        frame, scale = self.frame, self.scale
        bottom = self.footer_height() + 30
        top = MARGIN - 6
        first = Column(MARGIN, bottom, WIDTH, PAGE_HEIGHT - bottom - top, 0, 0, 0, 0)
        head = scale.body + 16
        later = Column(MARGIN, bottom, WIDTH, PAGE_HEIGHT - bottom - top - head, 0, 0, 0, 0)
        document = _Template(
            out,
            pagesize=(WIDTH + 2 * MARGIN, PAGE_HEIGHT),
            title=clean(frame.title),
            author="",
            subject=clean(frame.number),
            keywords=f"SHA-256 {frame.content_sha256}",
            creator="",
            producer="",
            lang="zh-CN" if frame.language.startswith("zh") else frame.language,
            displayDocTitle=True,
            initialFontName=REGULAR,
            initialFontSize=scale.body,
            invariant=1,
        )
        document.addPageTemplates(
            [
                PageTemplate(
                    "first", [first], onPage=self.draw_first, autoNextPageTemplate="later"
                ),
                PageTemplate("later", [later], onPage=self.draw_later),
            ]
        )
        document.build(
            [
                *self.opening(),
                *flow(
                    [*self.blocks, *self.closing()],
                    scale,
                    counted=frame.language.startswith("zh"),
                ),
                *self.seal(),
                *flow(self.tail, scale, counted=False),
            ],
            canvasmaker=partial(Pages, margins=self.draw_footer),
        )
        return out.getvalue()

    def opening(self) -> list[Any]:
        frame, scale = self.frame, self.scale
        name = frame.village
        size = scale.masthead
        while size > scale.title and width_of(name, BOLD, size) > WIDTH:
            size -= 1
        day = format_date(frame.issued_on, format="long", locale=frame.language)
        ends = grid(
            [
                [
                    words(frame.number, size=scale.body),
                    words(day, size=scale.body, side="right"),
                ]
            ],
            [WIDTH * 0.6, WIDTH * 0.4],
            [
                ("LEFTPADDING", (0, 0), (-1, -1), 0),
                ("RIGHTPADDING", (0, 0), (-1, -1), 0),
                ("TOPPADDING", (0, 0), (-1, -1), 5),
            ],
        )
        story = [
            words(
                frame.township, bold=True, size=scale.heading, color=RED, side="center", leading=1.3
            ),
            words(name, bold=True, size=size, color=RED, side="center", leading=1.35),
            words(frame.kind, size=scale.body, color=RED, side="center", leading=1.4, after=8),
            Rules(),
            ends,
            heading(
                frame.title,
                tag="H1",
                balanced=True,
                size=scale.title,
                side="center",
                leading=1.38,
                before=scale.body * 0.8,
                after=scale.body * 0.8,
            ),
        ]
        if frame.period:
            rules = [
                ("BACKGROUND", (0, 0), (-1, -1), SUNK),
                ("TOPPADDING", (0, 0), (-1, -1), 8),
                ("BOTTOMPADDING", (0, 0), (-1, -1), 10),
            ]
            period = words(
                frame.period, balanced=True, size=scale.body, side="center", leading=1.55
            )
            story += [grid([[period]], [WIDTH], rules), Spacer(0, scale.body * 0.6)]
        return story

    def closing(self) -> list[Block]:
        _ = self.gettext
        blocks: list[Block] = []
        if self.frame.objection:
            blocks += [Section(_("If you do not agree"), counted=False), Text(self.frame.objection)]
        if self.frame.contact:
            blocks += [Section(_("Whom to ask"), counted=False), Facts(self.frame.contact)]
        unknown = missing(self.all_words())
        if unknown:
            named = "、".join(f"{sign} (U+{ord(sign):04X})" for sign in unknown)
            note = _("〓 stands for a character that our fonts lack: %(names)s. Copy it from here.")
            blocks += [Text(note % {"names": named}, soft=True)]
        return blocks

    def all_words(self) -> str:
        """Return everything somebody wrote into this document, to look for missing characters."""
        return _gather((self.frame, list(self.blocks)))

    def seal(self) -> list[Any]:
        _ = self.gettext
        frame, scale = self.frame, self.scale
        day = format_date(frame.issued_on, format="long", locale=frame.language)
        left: list[Any] = []
        if frame.reviewer:
            line = SigningLine(width=WIDTH * 0.42, height=scale.line * 1.8)
            left = [words(frame.reviewer, size=scale.body, color=SOFT), line]
        right = [
            words(frame.unit, bold=True, size=scale.heading, side="center"),
            words(day, size=scale.body, side="center"),
            words(_("(seal)"), size=scale.body, color=SOFT, side="center", before=6),
        ]
        lines = len(break_lines(frame.unit, [WIDTH * 0.5 - 20], BOLD, scale.heading))
        box = max(scale.body * 8, lines * scale.heading * 1.5 + scale.body * 5)
        rules = [
            ("BOX", (1, 0), (1, 0), 0.8, LINE, 1, (3, 3)),
            ("VALIGN", (0, 0), (0, 0), "BOTTOM"),
            ("VALIGN", (1, 0), (1, 0), "MIDDLE"),
            ("LEFTPADDING", (0, 0), (0, 0), 0),
        ]
        table = grid([[left, right]], [WIDTH * 0.5, WIDTH * 0.5], rules, rowHeights=[box])
        return [KeepTogether([Spacer(0, scale.line * 1.2), table])]

    def footer(self, page: int, pages: int) -> list[tuple[str, Any]]:
        """Return the footer's lines with their colours; a long address takes several."""
        _ = self.gettext
        frame, scale = self.frame, self.scale
        room = WIDTH - scale.qr - 12
        address = break_lines(frame.verify_url, [room], REGULAR, scale.body)
        masked = _("Personal data is masked") if frame.is_masked else ""
        paging = _("Page %(page)s of %(pages)s") % {"page": page, "pages": pages}
        size = _("Record size: %(n)s") % {"n": frame.record_size} if frame.record_size else ""
        last = "　·　".join(part for part in (frame.watermark, masked, size, paging) if part)
        return [
            (_("Digest of the content (SHA-256)"), SOFT),
            *((line, INK) for line in margins.digest_lines(frame.content_sha256)),
            *((line, INK) for _space, line in address),
            *((line, SOFT) for _space, line in break_lines(last, [room], REGULAR, scale.body)),
        ]

    def footer_height(self) -> float:
        return max(self.scale.qr, self.scale.body * 1.45 * len(self.footer(999, 999))) + 10

    def draw_first(self, canvas: Any, _document: Any) -> None:
        if self.frame.watermark:
            with canvas.untagged():
                margins.draw_watermark(canvas, self.frame.watermark)

    def draw_later(self, canvas: Any, document: Any) -> None:
        self.draw_first(canvas, document)
        with canvas.untagged():
            margins.draw_head(canvas, f"{self.frame.village}　{self.frame.title}", self.scale)

    def draw_footer(self, canvas: Pages, page: int, pages: int) -> None:
        address, top = self.frame.verify_url, 26 + self.footer_height()
        lines = self.footer(page, pages)
        margins.draw_footer(canvas, lines, address=address, top=top, scale=self.scale)


class _Template(BaseDocTemplate):  # type: ignore[misc]  # ReportLab carries no types
    """A document whose headings become bookmarks."""

    def afterFlowable(self, flowable: Any) -> None:  # noqa: N802 -- ReportLab's name
        """Note a heading in the outline."""
        bookmark = getattr(flowable, "bookmark", None)
        if bookmark:
            key = f"h{self.canv.getPageNumber()}-{self.seq.nextf('heading')}"
            self.canv.bookmarkPage(key)
            self.canv.addOutlineEntry(clean(bookmark), key, 0, closed=False)


def _gather(value: object) -> str:
    """Return all strings within dataclasses and tuples, one after the other."""
    if isinstance(value, str):
        return value
    if isinstance(value, list | tuple):
        return "".join(_gather(item) for item in value)
    fields = getattr(value, "__dataclass_fields__", None)
    return "".join(_gather(getattr(value, name)) for name in fields) if fields else ""
