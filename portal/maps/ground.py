"""Invented ground: cutting it into parcels that fit together, and shapes that look grown."""

import math
import random
from dataclasses import dataclass, field
from itertools import pairwise

import shapely
from shapely.geometry import LineString, MultiPoint, Point, Polygon
from shapely.geometry.base import BaseGeometry

Parcel = tuple[str, str, Polygon]
"""A land-use code, a name or nothing, and the ground."""


@dataclass
class Land:
    """One village area, and who wants which piece of it: the first wish for a spot wins."""

    area: Polygon
    wishes: list[tuple[str, str, BaseGeometry]] = field(default_factory=list)

    def take(self, code: str, name: str, wanted: BaseGeometry) -> None:
        """Wish for a piece."""
        self.wishes.append((code, name, wanted))

    def parcels(self) -> list[Parcel]:
        """Cut the area along all borders at once and hand every face to its first wish."""
        borders = [self.area.boundary, *(wanted.boundary for _, _, wanted in self.wishes)]
        faces = shapely.get_parts(
            shapely.polygonize([shapely.union_all(borders, grid_size=0.1)])
        ).tolist()
        faces = [face for face in faces if self.area.contains(face.representative_point())]
        owners = [self._owner(face.representative_point()) for face in faces]
        _give_crumbs_away(faces, owners)
        parcels: list[Parcel] = []
        for owner in sorted(set(owners)):
            mine = [face for face, whose in zip(faces, owners, strict=True) if whose == owner]
            code, name, _ = self.wishes[owner]
            for part in shapely.get_parts(shapely.coverage_union_all(mine)):
                parcels.append((code, name, part))
                name = ""
        return parcels

    def _owner(self, point: Point) -> int:
        return next(n for n, (_, _, wanted) in enumerate(self.wishes) if wanted.covers(point))


def _give_crumbs_away(faces: list[Polygon], owners: list[int], least: float = 160) -> None:
    """Let crumbs of ground join the neighbour with whom they share the longest border."""
    tree = shapely.STRtree(faces)
    for index, face in enumerate(faces):
        if face.area >= least:
            continue
        others = [int(n) for n in tree.query(face) if n != index and faces[n].area >= least]
        shared = [(face.intersection(faces[n]).length, n) for n in others]
        if shared:
            owners[index] = owners[max(shared)[1]]


def wave(rng: random.Random, count: int, strength: float) -> list[float]:
    """Return a smooth closed run of random numbers around 0."""
    tones = [(k, rng.uniform(0, math.tau), strength / k) for k in range(2, 8)]
    return [
        sum(s * math.sin(k * math.tau * i / count + p) for k, p, s in tones) for i in range(count)
    ]


def smooth(points: list[tuple[float, float]]) -> LineString:
    """Round the corners of a line by cutting them four times."""
    for _ in range(4):
        cut = [points[0]]
        for (ax, ay), (bx, by) in pairwise(points):
            cut += [(0.75 * ax + 0.25 * bx, 0.75 * ay + 0.25 * by)]
            cut += [(0.25 * ax + 0.75 * bx, 0.25 * ay + 0.75 * by)]
        points = [*cut, points[-1]]
    return LineString(points).simplify(0.6)


def blob(rng: random.Random, middle: Point, radius: float, strength: float = 0.16) -> Polygon:
    """Return a round patch with a grown edge; ``radius`` in metres."""
    count = 22
    run = wave(rng, count, strength)
    ring = [
        (
            middle.x + radius * (1 + run[i]) * math.cos(math.tau * i / count),
            middle.y + radius * (1 + run[i]) * math.sin(math.tau * i / count),
        )
        for i in range(count)
    ]
    return Polygon(ring).buffer(0)


def cells(seeds: list[tuple[float, float]], within: BaseGeometry) -> list[BaseGeometry]:
    """Part the ground among seeds: each gets what is nearest to it. In order from the west."""
    parted = shapely.voronoi_polygons(MultiPoint(seeds), extend_to=within.envelope)
    return sorted(shapely.get_parts(parted), key=lambda c: (c.centroid.x, c.centroid.y))
