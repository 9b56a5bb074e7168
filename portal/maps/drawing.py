"""From a sheet to a picture: projected, simplified, coloured, labelled, with its furniture."""

from collections.abc import Sequence

import shapely
from shapely.geometry import MultiPolygon
from shapely.geometry.base import BaseGeometry

from portal.maps.canvas import INK, PAPER, Canvas, open_canvas
from portal.maps.furniture import CONTROL_STYLES, HOUSE, furnish, title_height
from portal.maps.landuse import CLASSES, LandUseClass
from portal.maps.patterns import mix
from portal.maps.picture import Area, Label, Line, Picture, text_width
from portal.maps.rules import LayerKind, Sheet
from portal.maps.simplifying import simplify
from portal.maps.words import Words, words

SIMPLER = 0.3
"""How far a border may move while it is simplified: less than a third of a pixel."""


def compose(
    sheet: Sheet,
    *,
    width: float = 360,
    text: float = 1.0,
    words_: Words | None = None,
    has_legend: bool = True,
    simpler: float = SIMPLER,
) -> Picture:
    """Return the picture of a sheet. ``text`` makes the words larger (elder mode: 1.3).

    ``simpler`` is how far borders may move; 0 draws them as they are.
    """
    canvas = open_canvas(sheet, width=width, top=title_height(sheet, text), text=text)
    _draw_land_use(canvas, sheet, simpler=simpler)
    _draw_lines(canvas, sheet)
    _draw_controls(canvas, sheet, simpler=simpler)
    draw_names(canvas, sheet)
    return furnish(canvas, sheet, words_ or words(), has_legend=has_legend)


def area_of(found: LandUseClass, geometry: BaseGeometry) -> Area:
    """Return polygons in the colours of their class, with its pattern and a hairline."""
    mark = mix(found.colour, INK, 0.38)
    line = mix(found.colour, INK, 0.2)
    return Area(geometry, found.colour, found.pattern, mark, line, 0.3)


def _draw_land_use(canvas: Canvas, sheet: Sheet, *, simpler: float) -> None:
    features = sheet.layer(LayerKind.LAND_USE)
    if not features:
        return
    by_code: dict[str, list[BaseGeometry]] = {}
    placed = canvas.place_all(features)
    if simpler:
        placed = simplify(placed, simpler)
    for feature, geometry in zip(features, placed, strict=True):
        by_code.setdefault(feature.code, []).append(geometry)
    for code in sorted(by_code):
        canvas.items.append(area_of(CLASSES[code], merge(by_code[code])))


def merge(geometries: Sequence[BaseGeometry]) -> BaseGeometry:
    """Return all polygons among these as one geometry."""
    parts = [p for g in geometries for p in shapely.get_parts(g) if p.geom_type == "Polygon"]
    return MultiPolygon(parts)


def _draw_lines(canvas: Canvas, sheet: Sheet) -> None:
    houses = canvas.place_all(sheet.layer(LayerKind.BUILDING))
    if houses:
        canvas.items.append(Area(merge(houses), HOUSE))
    lines = [canvas.place(f).simplify(SIMPLER) for f in sheet.layer(LayerKind.ROAD)]
    if lines:
        roads = shapely.union_all(lines)
        canvas.items.append(Line(roads, "#77777A", 1.9))
        canvas.items.append(Line(roads, "#FFFFFF", 1.0))


def _draw_controls(canvas: Canvas, sheet: Sheet, *, simpler: float) -> None:
    for feature in sheet.layer(LayerKind.VILLAGE_AREA):
        rim = canvas.place(feature).simplify(SIMPLER).boundary
        canvas.items.append(Line(rim, INK, 6, opacity=0.1))
        canvas.items.append(Line(rim, INK, 1.1, (7, 2, 1.2, 2)))
    for kind, style in CONTROL_STYLES.items():
        placed = [ground.simplify(simpler) for ground in canvas.place_all(sheet.layer(kind))]
        if placed:
            canvas.items.append(style(merge(placed)))


def draw_names(canvas: Canvas, sheet: Sheet) -> None:
    """Put pins of projects and names of hamlets and parcels where there is room."""
    size = 10.5 * canvas.text
    for feature in sheet.layer(LayerKind.PROJECT):
        at = canvas.place(feature).representative_point()
        radius = 6.5 * canvas.text
        pin = at.buffer(radius, quad_segs=4)
        canvas.items.append(Area(pin, "#1B6B47", stroke=PAPER, width=1.2))
        canvas.taken.append(pin)
        number = feature.ref or str(feature.number)
        small = size * (0.86 if len(number) < 3 else 0.6)
        base = at.y + small * 0.36
        canvas.items.append(Label(at.x, base, number, small, "#FFFFFF", "middle", True))
    for feature in sheet.layer(LayerKind.PLACE):
        at = canvas.place(feature).representative_point()
        canvas.label(at, feature.name, size=size, colour=INK, bold=True, away=5)
    for feature in sheet.layer(LayerKind.LAND_USE):
        if feature.name:
            ground = canvas.place(feature)
            roomy = ground.area > text_width(feature.name, size) * size * 1.5
            colour = mix(CLASSES[feature.code].colour, INK, 0.72)
            canvas.label(
                ground.representative_point(),
                feature.name,
                size=size * 0.88,
                colour=colour,
                away=0 if roomy else 3,
            )
