"""The small map of a page: first-level classes, borders as simple as its bytes ask for."""

from collections.abc import Sequence
from dataclasses import replace

import shapely
from shapely.geometry import mapping, shape
from shapely.geometry.base import BaseGeometry

from portal.maps import svg
from portal.maps.drawing import compose
from portal.maps.projection import Projection, around
from portal.maps.rules import Feature, Layer, LayerKind, Sheet
from portal.maps.simplifying import Coverage, until_it_fits
from portal.maps.words import Words

LIMIT = 16_000
"""How many bytes the picture may take, compressed as it travels."""
WIDTH = 360
GRID = 5
"""The grid of the drawing, in tenths of a unit."""
SHOWN = (
    LayerKind.LAND_USE,
    LayerKind.VILLAGE_AREA,
    LayerKind.PERMANENT_BASIC_FARMLAND,
    LayerKind.ECOLOGICAL_REDLINE,
    LayerKind.URBAN_BOUNDARY,
    LayerKind.VILLAGE_BOUNDARY,
    LayerKind.PROJECT,
    LayerKind.PLACE,
)
"""What an overview shows; all else is on the full map."""
HOMESTEAD = "0703"
NAMED = (LayerKind.PROJECT, LayerKind.PLACE)


Grounds = dict[LayerKind, tuple[Sequence[str], Sequence[BaseGeometry]]]
"""What is drawn of each layer: a class and a ground for each of its features."""


def draw(sheet: Sheet, *, text: float = 1.0, words: Words | None = None, limit: int = LIMIT) -> str:
    """Return a sheet as an SVG small enough to stand in a page."""
    shapes = {
        kind: [shape(feature.geometry) for feature in sheet.layer(kind)]
        for kind in SHOWN
        if kind not in NAMED and sheet.layer(kind)
    }
    if not shapes:
        return svg.draw(sheet, text=text, words=words)
    plane = around(tuple(shapely.total_bounds([g for gs in shapes.values() for g in gs]).tolist()))
    flat = {kind: plane.flatten_all(grounds) for kind, grounds in shapes.items()}
    west, _, east, _ = shapely.total_bounds([g for gs in flat.values() for g in gs]).tolist()
    pixel = max(east - west, 100.0) / WIDTH
    land = Coverage(flat.pop(LayerKind.LAND_USE, []), 0.5 * pixel)
    codes = land.merge([_class(feature.code) for feature in sheet.layer(LayerKind.LAND_USE)])
    above = {kind: shapely.union_all(grounds) for kind, grounds in flat.items()}

    def simplify(tolerance: float) -> int:
        land.simplify(tolerance)
        for kind, ground in above.items():
            above[kind] = _simpler(ground, tolerance, least=6 * pixel * pixel)
        return int(shapely.get_num_coordinates([*land.shapes, *above.values()]).sum())

    def write() -> str:
        grounds: Grounds = {kind: ([""], [ground]) for kind, ground in above.items()}
        grounds[LayerKind.LAND_USE] = (codes, land.shapes)
        picture = compose(_sheet(sheet, grounds, plane), text=text, words_=words, simpler=0)
        return svg.write(picture, step=GRID)

    return until_it_fits(simplify, write, tolerance=0.5 * pixel, limit=limit)


def _class(code: str) -> str:
    """Return the class that stands for this one: its first level; homesteads stay homesteads."""
    return HOMESTEAD if code.startswith(HOMESTEAD) else code[:2]


def _simpler(ground: BaseGeometry, tolerance: float, *, least: float) -> BaseGeometry:
    """Return a simpler ground of those that lie above the land; its crumbs go."""
    simple = shapely.get_parts(ground.simplify(tolerance))
    kept = [part for part in simple if part.area > least]
    return shapely.MultiPolygon(kept) if kept else ground


def _sheet(sheet: Sheet, grounds: Grounds, plane: Projection) -> Sheet:
    layers = [layer for layer in sheet.layers if layer.kind in NAMED]
    for kind, (codes, parts) in grounds.items():
        features = tuple(
            Feature(number, "", code, "", mapping(ground), 0)
            for number, (code, ground) in enumerate(
                zip(codes, plane.unflatten_all(parts), strict=True), start=1
            )
        )
        layers.append(Layer(kind, features))
    return replace(sheet, layers=tuple(layers))
