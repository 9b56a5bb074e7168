"""Charts, maps and what their signs mean, as flowables."""

from typing import Any

from reportlab.platypus import CondPageBreak, KeepTogether, Spacer

from portal.core.pdf.blocks import Bars, Legend, Pairs, Plate
from portal.core.pdf.fonts import REGULAR
from portal.core.pdf.grids import grid
from portal.core.pdf.letters import width_of
from portal.core.pdf.paragraphs import Words, words
from portal.core.pdf.shapes import Rod, Rods, Scaled
from portal.core.pdf.style import LARGE, LINE, SOFT, WIDTH, Scale
from portal.core.pdf.table import PAD

SHORT = 24
"""Up to so many signs a name stands beside its bar; a longer one stands above it."""


def bars(block: Bars, scale: Scale) -> list[Any]:
    """Return a row for each bar: its name, the bar, its value."""
    is_short = all(len(item.label) <= SHORT for item in block.items)
    left = WIDTH * 0.3 if is_short else 0.0
    right = WIDTH * 0.3
    middle = WIDTH - left - right
    rules = [("VALIGN", (0, 0), (-1, -1), "MIDDLE"), ("LEFTPADDING", (0, 0), (0, -1), 0)]
    story: list[Any] = []
    for item in block.items:
        rod = Rod(
            width=middle - 2 * PAD,
            height=scale.body * 0.85,
            share=item.value / item.whole if item.whole else 0,
        )
        said = words(item.words, size=scale.body, leading=1.35)
        name = words(item.label, size=scale.body, leading=1.35)
        if is_short:
            story.append(grid([[name, rod, said]], [left, middle, right], rules))
        else:
            story += [name, grid([[rod, said]], [middle, right], rules)]
    return story


def plate(block: Plate, scale: Scale, *, title: Words | None) -> KeepTogether:
    """Return a drawing with its heading and caption, all on one page."""
    caption = words(block.caption, size=scale.body, color=SOFT, side="center", before=5)
    drawing = Scaled(
        block.draw(WIDTH, scale.tallest, scale.body), most=scale.tallest, alt=block.caption
    )
    return KeepTogether([*([title] if title else []), drawing, caption])


def pairs(block: Pairs, scale: Scale) -> list[Any]:
    """Return a row for each thing: its name, its two bars, their values; rows may part pages."""
    values = [said for item in block.items for said in item.words]
    right = max(width_of(said, REGULAR, scale.body) for said in values) + 2 * PAD + 1
    left = WIDTH * 0.3
    rows = [
        [
            words(item.label, size=scale.body, leading=1.35),
            Rods(
                width=WIDTH - left - right - 2 * PAD,
                step=scale.body * 1.35,
                shares=(item.first, item.second),
                colour=item.colour,
            ),
            words("\n".join(item.words), size=scale.body, leading=1.35),
        ]
        for item in block.items
    ]
    rules = [("LINEBELOW", (0, 0), (-1, -1), 0.4, LINE), ("LEFTPADDING", (0, 0), (0, -1), 0)]
    title = words(block.caption, bold=True, size=scale.body, side="center", after=4)
    table = grid(rows, [left, WIDTH - left - right, right], rules)
    return [CondPageBreak(scale.body * 10), title, table, Spacer(0, scale.body * 0.7)]


def legend(block: Legend, scale: Scale) -> list[Any]:
    """Return signs and names in two columns, or in one where a name is too long for that."""
    left = WIDTH / 2 if scale is not LARGE else WIDTH
    columns = round(WIDTH / left)
    cells: list[list[Any]] = []
    for number, (sign, name) in enumerate(block.items):
        if number % columns == 0:
            cells.append([])
        sample = Scaled(sign, most=scale.body * 1.1, alt="", widest=scale.body * 2.2)
        cells[-1] += [sample, words(name, size=scale.body, leading=1.3)]
    while len(cells[-1]) < 2 * columns:
        cells[-1].append("")
    sample_width = scale.body * 2.2 + 2 * PAD
    widths = [sample_width, left - sample_width] * columns
    rules = [("BOTTOMPADDING", (0, 0), (-1, -1), 3), ("TOPPADDING", (0, 0), (-1, -1), 3)]
    title = words(block.title, bold=True, size=scale.body, after=3)
    title.keepWithNext = 1
    return [CondPageBreak(scale.body * 6), title, grid(cells, widths, rules), Spacer(0, scale.body)]
