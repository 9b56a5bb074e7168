"""Turn blocks into ReportLab flowables."""

from collections.abc import Sequence
from itertools import zip_longest
from typing import Any

from reportlab.lib.colors import HexColor
from reportlab.platypus import CondPageBreak, KeepTogether, Spacer

from portal.core.pdf.blocks import (
    Bars,
    Block,
    Facts,
    Figures,
    Legend,
    Pairs,
    Plate,
    Section,
    Slip,
    Statement,
    Steps,
    Table,
    Text,
    Tone,
)
from portal.core.pdf.fonts import REGULAR, markup
from portal.core.pdf.grids import Grid, grid
from portal.core.pdf.layout_charts import bars, legend, pairs, plate
from portal.core.pdf.letters import break_lines, width_of
from portal.core.pdf.paragraphs import Words, heading, words
from portal.core.pdf.style import (
    AMBER,
    AMBER_TINT,
    GREEN,
    GREEN_TINT,
    INK,
    LINE,
    RED,
    SOFT,
    SUNK,
    WHITE,
    WIDTH,
    Scale,
    is_cjk,
    style,
)
from portal.core.pdf.table import PAD, Sheet

TONES: dict[Tone, tuple[HexColor, HexColor]] = {
    Tone.PLAIN: (SUNK, INK),
    Tone.GOOD: (GREEN_TINT, GREEN),
    Tone.WARN: (AMBER_TINT, AMBER),
}
COUNTING = "一二三四五六七八九十"


def flow(blocks: Sequence[Block], scale: Scale, *, counted: bool) -> list[Any]:
    """Return the flowables of a document's body; `counted` numbers sections 一、二、三、."""
    story: list[Any] = []
    sections = 0
    held: Words | None = None
    for block, following in zip_longest(blocks, blocks[1:]):
        if isinstance(block, Section):
            sections += block.counted
            title = _section(block, scale, number=sections, counted=counted)
            if isinstance(following, Plate):
                held = title
            else:
                story += [CondPageBreak(scale.body * 14), title]
        elif isinstance(block, Plate):
            story += [plate(block, scale, title=held), Spacer(0, scale.body * 0.6)]
            held = None
        else:
            story.extend(_block(block, scale))
    return story


def _section(block: Section, scale: Scale, *, number: int, counted: bool) -> Words:
    sign = f"{_count(number)}、" if counted else f"{number}. "
    return heading(
        (sign if block.counted else "") + block.title,
        size=scale.heading,
        before=scale.body * 1.1,
        after=scale.body * 0.45,
        leading=1.4,
    )


def _count(number: int) -> str:
    """Return 1 to 39 in Chinese."""
    tens, ones = divmod(number, 10)
    if tens == 0:
        return COUNTING[ones - 1]
    return (COUNTING[tens - 1] if tens > 1 else "") + "十" + (COUNTING[ones - 1] if ones else "")


def _block(block: Block, scale: Scale) -> list[Any]:
    if isinstance(block, Text):
        return [_text(part, block, scale) for part in block.words.split("\n") if part.strip()]
    if isinstance(block, Table):
        return _table(block, scale)
    if isinstance(block, Pairs):
        return pairs(block, scale)
    if isinstance(block, Legend):
        return legend(block, scale)
    if isinstance(block, Slip):
        return [_slip(block, scale)]
    return [*_whole(block, scale), Spacer(0, scale.body * 0.6)]


def _whole(block: Block, scale: Scale) -> list[Any]:
    """Return a block that is followed by some room."""
    if isinstance(block, Facts):
        return [_facts(block, scale)]
    if isinstance(block, Figures):
        return [KeepTogether([_figures(block, scale)])]
    if isinstance(block, Statement):
        return [KeepTogether([_statement(block, scale)])]
    if isinstance(block, Bars):
        return bars(block, scale)
    if isinstance(block, Steps):
        return [_steps(block, scale)]
    raise TypeError(f"{type(block).__name__} is no block of a document")


def _text(part: str, block: Text, scale: Scale) -> Words:
    return words(
        part,
        size=scale.body,
        leading=1.62,
        indent=scale.body * 2 if is_cjk(part) else 0,
        color=SOFT if block.soft else INK,
        after=scale.body * 0.35,
    )


def _facts(block: Facts, scale: Scale) -> Grid:
    widest = max(sum(2 if is_cjk(s) else 1.1 for s in label) for label, _ in block.rows)
    left = min(WIDTH * 0.42, max(WIDTH * 0.18, widest * scale.body / 2 + 2.5 * PAD))
    rows = [
        [words(label, size=scale.body, color=SOFT), words(value or "—", size=scale.body)]
        for label, value in block.rows
    ]
    rules = [("LINEBELOW", (0, 0), (-1, -1), 0.4, LINE), ("LEFTPADDING", (0, 0), (0, -1), 0)]
    return grid(rows, [left, WIDTH - left], rules, splitInRow=1)


def _table(block: Table, scale: Scale) -> list[Any]:
    story: list[Any] = [CondPageBreak(scale.body * 8)]
    if block.caption:
        story.append(words(block.caption, bold=True, size=scale.body, side="center", after=4))
    return [*story, Sheet(block, scale), Spacer(0, scale.body * 0.7)]


def _figures(block: Figures, scale: Scale) -> Grid:
    top, below = [], []
    for item in block.items:
        line = markup(item.number, bold=True)
        unit = f'<font size="{scale.body}"> {markup(item.unit)}</font>'
        top.append(
            Words(line + unit, style(item.number, size=scale.figure, bold=True, side="center"))
        )
        below.append(words(item.caption, size=scale.body, color=SOFT, side="center", leading=1.3))
    count = len(block.items)
    rules = [
        ("BACKGROUND", (0, 0), (-1, -1), SUNK),
        ("INNERGRID", (0, 0), (-1, -1), 0, SUNK),
        ("LINEBEFORE", (1, 0), (-1, -1), 0.6, LINE),
        ("TOPPADDING", (0, 0), (-1, 0), 8),
        ("BOTTOMPADDING", (0, 0), (-1, 0), 0),
        ("BOTTOMPADDING", (0, 1), (-1, 1), 10),
    ]
    return grid([top, below], [WIDTH / count] * count, rules)


def _statement(block: Statement, scale: Scale) -> Grid:
    tint, color = TONES[block.tone]
    rows = [[words(block.words, bold=True, size=scale.heading, color=color, leading=1.4)]]
    if block.detail:
        rows.append([words(block.detail, size=scale.body, leading=1.55)])
    rules = [
        ("BACKGROUND", (0, 0), (-1, -1), tint),
        ("LINEBEFORE", (0, 0), (0, -1), 3, color),
        ("LEFTPADDING", (0, 0), (-1, -1), 14),
        ("TOPPADDING", (0, 0), (-1, 0), 9),
        ("BOTTOMPADDING", (0, -1), (-1, -1), 11),
    ]
    return grid(rows, [WIDTH], rules, splitInRow=1)


def _steps(block: Steps, scale: Scale) -> Grid:
    left = scale.body * 2.4
    rows = [
        [words(f"{number}.", bold=True, size=scale.body), words(item, size=scale.body)]
        for number, item in enumerate(block.items, start=1)
    ]
    rules = [("BOTTOMPADDING", (0, 0), (-1, -1), 3)]
    return grid(rows, [left, WIDTH - left], rules, splitInRow=1)


def _slip(block: Slip, scale: Scale) -> KeepTogether:
    rows: list[list[Any]] = [[words(block.title, bold=True, size=scale.heading, side="center"), ""]]
    rows += [[words(label, size=scale.body, color=SOFT), ""] for label in block.labels]
    rows += [["", ""] for _ in range(block.lines)]
    height = scale.line * 1.35
    rules = [
        ("SPAN", (0, 0), (-1, 0)),
        ("LINEABOVE", (0, 0), (-1, 0), 0.9, RED, 1, (4, 3)),
        ("LINEBELOW", (1, 1), (1, len(block.labels)), 0.5, LINE),
        ("LINEBELOW", (0, len(block.labels) + 1), (-1, -1), 0.5, LINE),
        ("VALIGN", (0, 1), (-1, -1), "BOTTOM"),
        ("BACKGROUND", (0, 0), (-1, -1), WHITE),
        ("TOPPADDING", (0, 0), (-1, 0), 14),
    ]
    left = max(width_of(label, REGULAR, scale.body) for label in block.labels) + 2.2 * PAD
    left = min(left, WIDTH * 0.55)
    lines = [len(break_lines(x, [left - 2 * PAD], REGULAR, scale.body)) for x in block.labels]
    heights = [None, *(height + (n - 1) * scale.body * 1.5 for n in lines)]
    heights += [height] * block.lines
    table = grid(rows, [left, WIDTH - left], rules, rowHeights=heights)
    return KeepTogether([Spacer(0, scale.body), table])
