"""A generated village of two thousand parcels, wriggling borders and all, as files for the import."""

import json
import math
import random
from functools import cache

import numpy as np
import shapely
from shapely.geometry import MultiPoint, Polygon, mapping

from portal.maps.projection import Projection
from portal.maps.rules import LayerKind

MIDDLE = (118.6215, 29.0378)
CLASSES = ("0101", "0101", "0103", "0201", "0202", "0301", "0301", "0302", "0403", "0601", "0703",
           "0703", "0704", "080403", "1207", "1301", "1701", "1704")  # fmt: skip
CHANGES = {"0403": "0301", "0103": "0101", "0202": "0201", "0704": "0703"}


def _wriggle(points: np.ndarray) -> np.ndarray:
    """Move points by what only their place decides, so that shared borders stay shared."""
    x, y = points[:, 0], points[:, 1]
    east = 3.1 * np.sin(x / 17.0 + y / 23.0) + 1.9 * np.sin(y / 7.3) + 0.7 * np.sin(x / 3.1)
    north = 2.7 * np.cos(y / 19.0 - x / 29.0) + 1.7 * np.sin(x / 8.9) + 0.8 * np.cos(y / 2.7)
    return np.column_stack([x + east, y + north])


def parcels(count: int = 2000, *, seed: int = 4) -> list[Polygon]:
    """Return parcels in metres that fit together without gap or overlap; many points each."""
    rng = random.Random(seed)
    side = math.sqrt(count) * 62  # about 3 850 m² each
    seeds = MultiPoint([(rng.uniform(0, side), rng.uniform(0, side)) for _ in range(count)])
    area = shapely.box(-20, -20, side + 20, side + 20)
    cells = shapely.get_parts(shapely.voronoi_polygons(seeds, extend_to=area))
    cells = shapely.intersection(cells, area)
    edges = shapely.get_parts(shapely.node(shapely.union_all(shapely.boundary(cells))))
    dense = shapely.transform(shapely.segmentize(shapely.line_merge(edges), 6.0), _wriggle)
    faces = shapely.get_parts(shapely.polygonize(list(dense)))
    return [shapely.transform(face, lambda p: p - side / 2) for face in faces.tolist()]


def _class_at(spot, rng: random.Random) -> str:
    """Return a class as it grows: alike where the ground is alike, with single parcels between."""
    if rng.random() < 0.3:
        return rng.choice(CLASSES)
    wave = math.sin(spot.x / 210) + math.cos(spot.y / 260) + math.sin((spot.x + spot.y) / 140)
    return CLASSES[int((wave + 3) / 6 * len(CLASSES)) % len(CLASSES)]


@cache
def files(count: int = 2000, *, groups: int = 4, seed: int = 4) -> dict[LayerKind, bytes]:
    """Return the layers as GeoJSON: land use with base codes, areas of groups, control lines."""
    rng = random.Random(seed)
    plane = Projection(*MIDDLE)
    ground = parcels(count, seed=seed)
    land = []
    for shape in ground:
        code = _class_at(shape.centroid, rng)
        base = CHANGES.get(code, code) if rng.random() < 0.5 else code
        land.append((shape, {"code": code, "base_code": base}))
    west, south, east, north = shapely.total_bounds(ground).tolist()
    wide = (east - west) / groups
    strips = [
        (shapely.box(west + n * wide, south, west + (n + 1) * wide, north), {"code": str(n + 1)})
        for n in range(groups)
    ]
    farmland = shapely.union_all([g for g, p in land if p["code"] == "0101"]).buffer(-2)
    redline = shapely.union_all([g for g, p in land if p["code"].startswith("03")]).buffer(-2)
    things = {
        LayerKind.LAND_USE: land,
        LayerKind.GROUP_AREA: strips,
        LayerKind.PERMANENT_BASIC_FARMLAND: [(g, {}) for g in _big(farmland)],
        LayerKind.ECOLOGICAL_REDLINE: [(g, {}) for g in _big(redline)],
        LayerKind.CONTROL_ZONE: [
            (shapely.box(west, south, 0, north), {"code": "0202"}),
            (shapely.box(0, south, east, north), {"code": "0301"}),
        ],
        LayerKind.PLACE: [(shapely.Point(0, 0), {"name": "里村"})],
    }
    return {kind: _file(plane, features) for kind, features in things.items()}


def _big(shape) -> list[Polygon]:
    return [p for p in shapely.get_parts(shape).tolist() if p.area > 2000]


def _file(plane: Projection, things) -> bytes:
    features = [
        {
            "type": "Feature",
            "properties": properties,
            "geometry": mapping(
                shapely.transform(plane.unflatten(shape), lambda points: points.round(7))
            ),
        }
        for shape, properties in things
    ]
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()
