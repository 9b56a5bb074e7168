"""What every map carries besides the map: title, frame, north arrow, scale bar, legend."""

from collections.abc import Callable, Mapping
from functools import partial

from shapely.geometry import MultiLineString, MultiPolygon, Polygon, box
from shapely.geometry.base import BaseGeometry

from portal.maps.canvas import INK, PAPER, Canvas, round_length
from portal.maps.landuse import CLASSES, LandUseClass
from portal.maps.patterns import mix
from portal.maps.picture import Area, Item, Label, Line, Picture, text_width
from portal.maps.rules import LayerKind, Sheet
from portal.maps.words import Words

SOFT = "#55605B"
HOUSE = "#7A5A46"
SIDE = 12.0
"""Distance of words from the edge of the picture."""
GAP = 12.0
"""Distance of two columns of the legend."""
TIGHTEST = 0.76
"""How much a long name in the legend may shrink to keep another column."""


def _control(
    shape: BaseGeometry, *, pattern: str, colour: str, width: float, dash: tuple[float, ...]
) -> Area:
    return Area(shape, None, pattern, colour, colour, width, dash, 0.9)


CONTROL_STYLES: Mapping[LayerKind, Callable[[BaseGeometry], Area]] = {
    LayerKind.PERMANENT_BASIC_FARMLAND: partial(
        _control, pattern="hatch", colour="#9A7B10", width=0.7, dash=()
    ),
    LayerKind.ECOLOGICAL_REDLINE: partial(
        _control, pattern="plain", colour="#C22A1F", width=1.7, dash=(6, 2.5)
    ),
    LayerKind.URBAN_BOUNDARY: partial(
        _control, pattern="plain", colour="#234A84", width=1.6, dash=(2, 2)
    ),
    LayerKind.VILLAGE_BOUNDARY: partial(
        _control, pattern="plain", colour="#7A1F86", width=1.3, dash=()
    ),
}
"""How each control line is drawn, from the lowest to the topmost."""


def title_height(sheet: Sheet, text: float) -> float:
    """Return the room the title takes above the map."""
    return (44.0 if sheet.source else 30.0) * text


def furnish(canvas: Canvas, sheet: Sheet, words: Words, *, has_legend: bool = True) -> Picture:
    """Put everything around the map and return the finished picture."""
    ground: list[Item] = [
        Area(box(0, 0, canvas.width, 10_000), PAPER),
        Area(box(0, canvas.top, canvas.width, canvas.bottom), "#F1EEE6"),
    ]
    above = [*_title(canvas, sheet), *_north(canvas, words), *_scale_bar(canvas, words)]
    legend, height = _legend(canvas, sheet, words) if has_legend else ([], canvas.bottom)
    ground[0] = Area(box(0, 0, canvas.width, height), PAPER)
    entries = [name for name, _ in legend_entries(sheet, words)]
    return Picture(
        canvas.width,
        height,
        sheet.title,
        "; ".join(entries),
        (*ground, *canvas.items, *above, *legend),
    )


def _title(canvas: Canvas, sheet: Sheet) -> list[Item]:
    size = 15 * canvas.text
    room = canvas.width - 2 * SIDE
    size = min(size, size * room / max(text_width(sheet.title, size), 1))
    items: list[Item] = [Label(SIDE, 20 * canvas.text, sheet.title, size, INK, "start", bold=True)]
    if sheet.source:
        small = 10 * canvas.text
        small = min(small, small * room / text_width(sheet.source, small))
        items.append(Label(SIDE, 36 * canvas.text, sheet.source, small, SOFT))
    return items


def _north(canvas: Canvas, words: Words) -> list[Item]:
    x, y = canvas.width - 22, canvas.top + 14
    dark = Polygon([(x, y), (x, y + 20), (x - 6, y + 25)])
    light = Polygon([(x, y), (x, y + 20), (x + 6, y + 25)])
    size = 10 * canvas.text
    return [
        Area(dark, INK, stroke=INK, width=0.8),
        Area(light, PAPER, stroke=INK, width=0.8),
        Label(x, y + 27 + size, words.north, size, INK, "middle", True, PAPER),
    ]


def _scale_bar(canvas: Canvas, words: Words) -> list[Item]:
    metres = round_length(canvas.width * 0.27 / canvas.scale)
    long = metres * canvas.scale
    x, y, size = SIDE, canvas.bottom - 12, 10 * canvas.text
    said = words.length(metres)
    wide = text_width(said, size)
    has_zero = long > wide + size  # a short bar under large letters has its length alone
    back = box(x - 6, y - size - 8, x + max(long, wide) + 12, y + 7)
    half = long / 2
    return [
        Area(back, PAPER, opacity=0.82),
        Area(box(x, y - 3, x + half, y), INK, stroke=INK, width=0.7),
        Area(box(x + half, y - 3, x + long, y), "#FFFFFF", stroke=INK, width=0.7),
        *([Label(x, y - 6, "0", size, INK)] if has_zero else []),
        Label(x + long, y - 6, said, size, INK, "end")
        if has_zero
        else Label(x, y - 6, said, size, INK),
    ]


def legend_entries(sheet: Sheet, words: Words) -> list[tuple[str, Callable[[Polygon], list[Item]]]]:
    """Return each line of the legend with the way to draw its sample."""
    entries: list[tuple[str, Callable[[Polygon], list[Item]]]] = []
    for name, found in _looks(sheet, words.language):
        mark, line = mix(found.colour, INK, 0.38), mix(found.colour, INK, 0.45)
        sample = partial(
            Area, fill=found.colour, pattern=found.pattern, mark=mark, stroke=line, width=0.6
        )
        entries.append((name, partial(_sampled, sample)))
    for kind, style in CONTROL_STYLES.items():
        if sheet.layer(kind):
            name = words.layers[kind]
            entries.append((name, partial(_outlined, style)))
    if sheet.layer(LayerKind.VILLAGE_AREA):
        entries.append((words.layers[LayerKind.VILLAGE_AREA], _rim_sample))
    if sheet.layer(LayerKind.ROAD):
        entries.append((words.layers[LayerKind.ROAD], _road_sample))
    if sheet.layer(LayerKind.BUILDING):
        entries.append((words.layers[LayerKind.BUILDING], _house_sample))
    if sheet.layer(LayerKind.PROJECT):
        entries.append((words.layers[LayerKind.PROJECT], _pin_sample))
    return entries


def _sampled(sample: Callable[[BaseGeometry], Area], at: Polygon) -> list[Item]:
    return [sample(at)]


def _outlined(style: Callable[[BaseGeometry], Area], at: Polygon) -> list[Item]:
    return [style(MultiPolygon([at]))]


def _looks(sheet: Sheet, language: str) -> list[tuple[str, LandUseClass]]:
    """Return the classes on the map; those that look alike share one line, by their parent."""
    alike: dict[tuple[str, str], list[LandUseClass]] = {}
    for code in sorted({feature.code for feature in sheet.layer(LayerKind.LAND_USE)}):
        found = CLASSES[code]
        alike.setdefault((found.colour, found.pattern), []).append(found)
    looks = []
    for group in alike.values():
        parents = {found.code[:2] for found in group}
        shared = len(group) > 1 and len(parents) == 1
        named = [CLASSES[parents.pop()]] if shared else group
        words = " / ".join(f"{found.code} {found.name(language)}" for found in named)
        looks.append((words, group[0]))
    return looks


def _middle(at: Polygon) -> MultiLineString:
    west, south, east, north = at.bounds
    return MultiLineString([[(west, (south + north) / 2), (east, (south + north) / 2)]])


def _rim_sample(at: Polygon) -> list[Item]:
    line = _middle(at)
    return [Line(line, INK, 6, opacity=0.1), Line(line, INK, 1.1, (7, 2, 1.2, 2))]


def _road_sample(at: Polygon) -> list[Item]:
    return [Line(_middle(at), "#77777A", 1.9), Line(_middle(at), "#FFFFFF", 1.0)]


def _house_sample(at: Polygon) -> list[Item]:
    middle = at.centroid
    houses = [box(middle.x + d - 2, middle.y - 2, middle.x + d + 2, middle.y + 2) for d in (-4, 3)]
    return [Area(MultiPolygon(houses), HOUSE)]


def _pin_sample(at: Polygon) -> list[Item]:
    return [Area(at.centroid.buffer(5, quad_segs=4), "#1B6B47", stroke=PAPER, width=1)]


def _legend(canvas: Canvas, sheet: Sheet, words: Words) -> tuple[list[Item], float]:
    """Return the legend under the map, in columns that fit its longest line, and its lower end."""
    entries = legend_entries(sheet, words)
    size = 11 * canvas.text
    step, swatch = size * 1.75, 20 * canvas.text
    if not entries:
        return [], canvas.bottom + SIDE
    room = canvas.width - 2 * SIDE
    widest = max(text_width(name, size) for name, _ in entries) * TIGHTEST + swatch + 6
    columns = max(1, min(4, int((room + GAP) // (widest + GAP))))
    column = (room + GAP) / columns
    rows = -(-len(entries) // columns)
    top = canvas.bottom + 20 * canvas.text
    items: list[Item] = [Label(SIDE, top, words.legend, size, INK, bold=True)]
    for index, (name, sample) in enumerate(entries):
        x = SIDE + (index // rows) * column
        y = top + step * (index % rows + 1)
        items += sample(box(x, y - size * 0.95, x + swatch, y + size * 0.2))
        fitting = (column - GAP - swatch - 6) / text_width(name, size)
        items.append(Label(x + swatch + 6, y, name, size * min(1, fitting), INK))
    return items, top + step * rows + SIDE
