"""The full map: every parcel a path of its own, for the eye and for the finger (`plan_map.js`).

Only the ground, without title and legend: it is laid on coordinates, and the page has the words.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import quoteattr

import shapely
from shapely.geometry import Point
from shapely.geometry.base import BaseGeometry

from portal.maps.canvas import INK, Canvas, open_canvas
from portal.maps.drawing import area_of, draw_names, merge
from portal.maps.furniture import CONTROL_STYLES, HOUSE
from portal.maps.landuse import CLASSES
from portal.maps.patterns import PATTERNS
from portal.maps.picture import Area, Item, Line
from portal.maps.rules import LayerKind, Sheet
from portal.maps.simplifying import Coverage, until_it_fits
from portal.maps.strokes import number, paths_of, pattern
from portal.maps.svg import FONT, item_of, stroke_of

LIMIT = 50_000
"""How many bytes the picture may take, compressed as it travels."""
FINEST = 0.1
"""How far borders may move at least, in units of the picture."""
FINE = 5
"""How many steps of the drawing's grid a unit of the picture has."""

Patterns = dict[tuple[str, str], str]


@dataclass(frozen=True, slots=True)
class Detail:
    """The picture, and the degrees between which it lies."""

    svg: str
    south: float
    west: float
    north: float
    east: float
    width: float
    height: float


def frame_of(sheet: Sheet) -> Detail:
    """Return where the full map lies, without drawing it."""
    return _framed(open_canvas(sheet, width=360, top=0, text=1), "")


def draw(sheet: Sheet, *, changed: Collection[int] = (), limit: int = LIMIT) -> Detail:
    """Return the full map; borders are simplified, and stay shared, until it fits the limit.

    ``changed`` are the numbers of the parcels that become something else.
    """
    canvas = open_canvas(sheet, width=360, top=0, text=1)
    land = sheet.layer(LayerKind.LAND_USE)
    cover = Coverage(canvas.place_all(land), FINEST)
    above = _above(canvas, sheet)
    draw_names(canvas, sheet)
    names, canvas.items = canvas.items, []

    def simplify(tolerance: float) -> int:
        cover.simplify(tolerance)
        above[:] = [_simpler(item, tolerance) for item in above]
        everything = [*cover.shapes, *(item.shape for item in above)]
        return int(shapely.get_num_coordinates(everything).sum())

    def write() -> str:
        return _write(canvas, sheet, cover.shapes, above, names, changed)

    return _framed(canvas, until_it_fits(simplify, write, tolerance=FINEST, limit=limit))


def _framed(canvas: Canvas, drawn: str) -> Detail:
    wide, high = canvas.width / canvas.scale / 2, canvas.height / canvas.scale / 2
    east, north = canvas.centre
    low = canvas.plane.unflatten(Point(east - wide, north - high))
    top = canvas.plane.unflatten(Point(east + wide, north + high))
    return Detail(drawn, low.y, low.x, top.y, top.x, canvas.width, canvas.height)


def _above(canvas: Canvas, sheet: Sheet) -> list[Area | Line]:
    """Return what lies above the parcels, from the lowest to the topmost."""
    items: list[Area | Line] = []
    houses = canvas.place_all(sheet.layer(LayerKind.BUILDING))
    if houses:
        items.append(Area(merge(houses), HOUSE))
    roads = canvas.place_all(sheet.layer(LayerKind.ROAD))
    if roads:
        items.append(Line(shapely.union_all(roads), "#77777A", 0.8))
    for kind in (LayerKind.VILLAGE_AREA, LayerKind.GROUP_AREA):
        rims = [canvas.place(feature).boundary for feature in sheet.layer(kind)]
        if rims:
            items.append(Line(shapely.union_all(rims), INK, 0.7, (5, 1.5, 1, 1.5), 0.7))
    for kind, style in CONTROL_STYLES.items():
        placed = canvas.place_all(sheet.layer(kind))
        if placed:
            items.append(style(merge(placed)))
    return items


def _simpler(item: Area | Line, tolerance: float) -> Area | Line:
    shape = item.shape.simplify(tolerance)
    if isinstance(item, Line):
        return Line(shape, item.stroke, item.width, item.dash, item.opacity)
    return Area(
        shape, item.fill, item.pattern, item.mark, item.stroke, item.width, item.dash, item.opacity
    )


def _write(
    canvas: Canvas,
    sheet: Sheet,
    grounds: Sequence[BaseGeometry],
    above: Sequence[Area | Line],
    names: Sequence[Item],
    changed: Collection[int],
) -> str:
    by_code: dict[str, list[tuple[int, BaseGeometry]]] = {}
    for feature, ground in zip(sheet.layer(LayerKind.LAND_USE), grounds, strict=True):
        by_code.setdefault(feature.code, []).append((feature.number, ground))
    looks = {code: area_of(CLASSES[code], Point()) for code in sorted(by_code)}
    used = {(a.pattern, a.mark) for a in (*looks.values(), *above) if isinstance(a, Area)}
    patterns = {key: f"fp{n}" for n, key in enumerate(sorted(used)) if key[0] in PATTERNS}
    wide, high = number(canvas.width), number(canvas.height)
    marked = " ".join(str(n) for n in sorted(changed))
    return "".join(
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide} {high}" width="{wide}"'
            f' height="{high}" role="img" aria-label={quoteattr(sheet.title)}'
            f' stroke-linejoin="round" font-family={quoteattr(FONT)}'
            f' data-changed="{marked}"><defs>',
            *(pattern(n, PATTERNS[k[0]], k[1], scale=FINE) for k, n in patterns.items()),
            f'</defs><rect width="{wide}" height="{high}" fill="#F1EEE6"/>',
            f'<g transform="scale({number(1 / FINE)})" fill-rule="evenodd"><g id="parcels">',
            *(_class(code, looks[code], by_code[code], patterns) for code in looks),
            '</g><g pointer-events="none">',
            *(_over(item, patterns) for item in above),
            '</g></g><g id="names" pointer-events="none">',
            *(item_of(item, {}, place) for place, item in enumerate(names)),
            "</g></svg>",
        )
    )


def _class(
    code: str, look: Area, parcels: Sequence[tuple[int, BaseGeometry]], patterns: Patterns
) -> str:
    """Return the parcels of a class: each a path, in the order of the numbers in ``data-n``."""
    numbers = " ".join(str(n) for n, _ in parcels)
    paths = "".join(f'<path d="{path}"/>' for path in _fine([ground for _, ground in parcels]))
    found = patterns.get((look.pattern, look.mark))
    over = f'<use href="#c{code}" fill="url(#{found})" stroke="none"/>' if found else ""
    return (
        f'<g fill="{look.fill}" stroke="{look.stroke}" stroke-width="1.5">'
        f'<g id="c{code}" data-n="{numbers}">{paths}</g></g>{over}'
    )


def _over(item: Area | Line, patterns: Patterns) -> str:
    larger = Line(
        item.shape, item.stroke or "", item.width * FINE, tuple(d * FINE for d in item.dash)
    )
    found = patterns.get((item.pattern, item.mark)) if isinstance(item, Area) else None
    fill = (item.fill if isinstance(item, Area) else None) or (
        f"url(#{found})" if found else "none"
    )
    opacity = f' opacity="{number(item.opacity)}"' if item.opacity < 1 else ""
    return f'<path d="{_fine([item.shape])[0]}" fill="{fill}"{stroke_of(larger)}{opacity}/>'


def _fine(shapes: Sequence[BaseGeometry]) -> list[str]:
    """Return shapes as paths in whole steps of the grid."""
    return paths_of(shapes, scale=FINE, step=10)
