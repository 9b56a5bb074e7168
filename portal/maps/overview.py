"""The small map of a page: first-level classes, borders as simple as its bytes ask for."""

import gzip
from collections.abc import Callable, Sequence
from dataclasses import replace

import shapely
from shapely.geometry import mapping, shape
from shapely.geometry.base import BaseGeometry

from portal.maps import svg
from portal.maps.drawing import compose, simplify
from portal.maps.projection import Projection, around
from portal.maps.rules import Feature, Layer, LayerKind, Sheet
from portal.maps.words import Words

LIMIT = 16_000
"""How many bytes the picture may take, compressed as it travels."""
STEPS = 14
"""How often it is simplified further before it is taken as it is."""
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


def draw(sheet: Sheet, *, text: float = 1.0, words: Words | None = None, limit: int = LIMIT) -> str:
    """Return a sheet as an SVG small enough to stand in a page."""
    shapes = [shape(f.geometry) for layer in sheet.layers for f in layer.features]
    if not shapes:
        return svg.draw(sheet, text=text, words=words)
    west, south, east, north = shapely.total_bounds(shapes).tolist()
    plane = around((west, south, east, north))
    grounds = _merged(sheet, plane)
    west, _, east, _ = shapely.total_bounds([g for _, gs in grounds.values() for g in gs]).tolist()
    pixel = max(east - west, 100.0) / WIDTH
    tolerance, drawn = 0.5 * pixel, ""
    for _ in range(STEPS):
        grounds = {
            kind: (codes, _simpler(kind, parts, tolerance, least=6 * pixel * pixel))
            for kind, (codes, parts) in grounds.items()
        }
        if shapely.get_num_coordinates([g for _, gs in grounds.values() for g in gs]).sum() > limit:
            tolerance *= 1.4  # never fits: a corner takes more than a byte
            continue
        picture = compose(_sheet(sheet, grounds, plane), text=text, words_=words, simpler=0.01)
        drawn = svg.write(picture, step=GRID)
        if len(gzip.compress(drawn.encode())) <= limit:
            break
        tolerance *= 1.4
    return drawn


Grounds = dict[LayerKind, tuple[list[str], Sequence[BaseGeometry]]]


def _merged(sheet: Sheet, plane: Projection) -> Grounds:
    """Return what is shown, in metres: one ground for each class, one for each line."""
    grounds: Grounds = {}
    for kind in SHOWN:
        if kind in NAMED or not sheet.layer(kind):
            continue
        by_code: dict[str, list[BaseGeometry]] = {}
        for feature in sheet.layer(kind):
            ground = plane.flatten(shape(feature.geometry))
            by_code.setdefault(_class(feature.code), []).append(ground)
        union: Callable[..., BaseGeometry] = shapely.union_all
        if shapely.coverage_is_valid([g for parts in by_code.values() for g in parts]):
            union = shapely.coverage_union_all
        grounds[kind] = (list(by_code), [union(parts) for parts in by_code.values()])
    return grounds


def _class(code: str) -> str:
    """Return the class that stands for this one: its first level; homesteads stay homesteads."""
    return HOMESTEAD if code.startswith(HOMESTEAD) else code[:2]


def _simpler(
    kind: LayerKind, parts: Sequence[BaseGeometry], tolerance: float, *, least: float
) -> list[BaseGeometry]:
    """Return simpler grounds; of lines that only lie above, crumbs go altogether."""
    if kind is LayerKind.LAND_USE:
        return simplify(parts, tolerance)
    simple = [
        shapely.MultiPolygon(
            [p for p in shapely.get_parts(g.simplify(tolerance)) if p.area > least]
        )
        for g in parts
    ]
    return [g for g in simple if not g.is_empty] or list(parts)


def _sheet(sheet: Sheet, grounds: Grounds, plane: Projection) -> Sheet:
    layers = [layer for layer in sheet.layers if layer.kind in NAMED]
    for kind, (codes, parts) in grounds.items():
        features = tuple(
            Feature(number, "", code, "", mapping(plane.unflatten(ground)), 0)
            for number, (code, ground) in enumerate(zip(codes, parts, strict=False), start=1)
        )
        layers.append(Layer(kind, features))
    return replace(sheet, layers=tuple(layers))
