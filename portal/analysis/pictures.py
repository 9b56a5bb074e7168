"""Maps of the checks: where boundaries lie on each other, and whom a facility reaches."""

from collections.abc import Mapping, Sequence
from typing import Any

import shapely
from shapely.affinity import affine_transform
from shapely.geometry import MultiPolygon, Point, shape
from shapely.geometry.base import BaseGeometry

from portal.analysis.boundaries import plane_of
from portal.analysis.coverage import houses_of, reached, sites_of
from portal.maps.canvas import INK, PAPER, Canvas, open_canvas
from portal.maps.furniture import CONTROL_STYLES, furnish, title_height
from portal.maps.picture import Area, Line, Picture
from portal.maps.projection import Projection
from portal.maps.rules import LayerKind, Sheet
from portal.maps.words import Words
from portal.plans.content import FacilityFacts
from portal.villages.rules import FacilityKind

CONFLICT = "#B3261E"
REACHED = "#1B6B47"
UNREACHED = "#8A5A00"
NUMBERED = 40
"""So many conflicts get their number on the map: the largest ones."""
_SHOWN = (LayerKind.VILLAGE_AREA, *CONTROL_STYLES)


def draw_conflicts(
    sheet: Sheet,
    conflicts: Sequence[tuple[int, Mapping[str, Any]]],
    *,
    title: str,
    text: float,
    words: Words,
) -> Picture:
    """Return the map of the conflicts: red, crossed, the largest with the number of the list."""
    shown = _only(sheet, title, _SHOWN)
    canvas = open_canvas(shown if shown.layers else sheet, width=360, top=title_height(shown, text),
                         text=text)  # fmt: skip
    _draw_lines(canvas, shown)
    placed = [(number, _place(canvas, shape(geometry))) for number, geometry in conflicts]
    if placed:
        parts = [p for _, g in placed for p in shapely.get_parts(g) if p.geom_type == "Polygon"]
        canvas.items.append(
            Area(MultiPolygon(parts), CONFLICT, "cross", "#FFFFFF", CONFLICT, 1.2, (), 0.75)
        )
    for number, ground in placed[:NUMBERED]:
        at = ground.representative_point()
        canvas.label(at, str(number), size=10 * text, colour=INK, bold=True, away=4)
    return furnish(canvas, shown, words)


def draw_coverage(
    sheet: Sheet,
    kind: FacilityKind,
    facilities: Sequence[FacilityFacts],
    *,
    title: str,
    text: float,
    words: Words,
) -> Picture:
    """Return the map of one kind of facility.

    Houses reached are full squares, the others hollow ones; what stands is a disc, what is planned
    a triangle, each in the circle of its reach (dashed where it is planned).
    """
    shown = _only(sheet, title, (LayerKind.VILLAGE_AREA, LayerKind.ROAD))
    canvas = open_canvas(shown if shown.layers else sheet, width=360, top=title_height(shown, text),
                         text=text)  # fmt: skip
    _draw_lines(canvas, shown)
    spots, _ = houses_of(sheet)
    sites = sites_of(sheet, kind, facilities, planned=True)
    now = sites_of(sheet, kind, facilities, planned=False)
    is_reached = reached(spots, sites)
    plane = plane_of(sheet)
    squares: dict[bool, list[BaseGeometry]] = {True: [], False: []}
    for spot, is_in in zip(
        [_moved(canvas, plane, spot) for spot in spots], is_reached.tolist(), strict=True
    ):
        squares[is_in].append(shapely.box(spot.x - 1.6, spot.y - 1.6, spot.x + 1.6, spot.y + 1.6))
    for is_in, look in ((False, (None, UNREACHED, 0.9)), (True, (REACHED, None, 0.0))):
        if squares[is_in]:
            fill, stroke, width = look
            canvas.items.append(
                Area(MultiPolygon(squares[is_in]), fill, stroke=stroke, width=width)
            )
    standing = {site.wkb for site, _ in now}
    for site, radius in sites:
        at = _moved(canvas, plane, site)
        circle = at.buffer(radius * canvas.scale, quad_segs=24)
        is_there = site.wkb in standing
        dash = () if is_there else (4.0, 3.0)
        canvas.items.append(Line(circle.exterior, REACHED, 1.2, dash))
        sign = at.buffer(5, quad_segs=6) if is_there else _triangle(at)
        canvas.items.append(Area(sign, INK, stroke=PAPER, width=1.2))
    return furnish(canvas, shown, words)


def _triangle(at: Point) -> BaseGeometry:
    return shapely.Polygon([(at.x, at.y - 6.5), (at.x + 6, at.y + 4.5), (at.x - 6, at.y + 4.5)])


def _only(sheet: Sheet, title: str, kinds: Sequence[LayerKind]) -> Sheet:
    """Return a sheet with these layers alone: the rest would hide what is shown."""
    return Sheet(title, sheet.title, tuple(layer for layer in sheet.layers if layer.kind in kinds))


def _draw_lines(canvas: Canvas, sheet: Sheet) -> None:
    for feature in sheet.layer(LayerKind.VILLAGE_AREA):
        rim = canvas.place(feature).simplify(0.3).boundary
        canvas.items.append(Line(rim, INK, 6, opacity=0.1))
        canvas.items.append(Line(rim, INK, 1.1, (7, 2, 1.2, 2)))
    for feature in sheet.layer(LayerKind.ROAD):
        road = canvas.place(feature).simplify(0.3)
        canvas.items += [Line(road, "#77777A", 1.9), Line(road, "#FFFFFF", 1.0)]
    for kind, style in CONTROL_STYLES.items():
        placed = [canvas.place(feature).simplify(0.3) for feature in sheet.layer(kind)]
        parts = [p for g in placed for p in shapely.get_parts(g) if p.geom_type == "Polygon"]
        if parts:
            canvas.items.append(style(MultiPolygon(parts)))


def _moved(canvas: Canvas, plane: Projection, metres: BaseGeometry) -> Point:
    """Return a point given in metres on the whole sheet's plane in units of the picture."""
    placed = _place(canvas, plane.unflatten(metres))
    return Point(placed.x, placed.y)


def _place(canvas: Canvas, degrees: BaseGeometry) -> BaseGeometry:
    """Return a shape in degrees in units of the picture, as `Canvas.place` does for features."""
    flat = canvas.plane.flatten(degrees)
    k, (east, north) = canvas.scale, canvas.centre
    x = canvas.left + canvas.width / 2 - k * east
    y = canvas.top + canvas.height / 2 + k * north
    return affine_transform(flat, [k, 0, 0, -k, x, y])
