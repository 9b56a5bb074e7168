"""Shapes as the short path text of SVG: relative steps on a grid, without any drift."""

import itertools
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from portal.maps.patterns import Pattern

POINT = 0
POLYGON = 3


def path_of(shape: BaseGeometry, *, step: int = 1) -> str:
    """Return polygons and lines as one path, on a grid of so many tenths of a unit."""
    return paths_of([shape], step=step)[0]


def paths_of(shapes: Sequence[BaseGeometry], *, step: int = 1, scale: int = 1) -> list[str]:
    """Return each shape as one path, enlarged to scale, on a grid of so many tenths of a unit."""
    parts, of = shapely.get_parts(np.asarray(shapes, dtype=object), return_index=True)
    kinds = shapely.get_type_id(parts)
    polygons, lines = kinds == POLYGON, (kinds != POLYGON) & (kinds != POINT)
    rings, of_ring = shapely.get_rings(parts[polygons], return_index=True)
    paths = [""] * len(shapes)
    for strokes, owners, closed in (
        (rings, of[polygons][of_ring], True),
        (parts[lines], of[lines], False),
    ):
        for owner, stroke in zip(
            owners.tolist(), _strokes(strokes, closed, step, scale), strict=True
        ):
            paths[owner] += stroke
    return paths


def open_path(points: Iterable[tuple[float, float]]) -> str:
    """Return one open stroke."""
    return path_of(shapely.LineString(list(points)))


def pattern(identity: str, tile: Pattern, colour: str, *, scale: int = 1) -> str:
    """Return a pattern to fill areas with, under a name of this document."""
    larger = f' patternTransform="scale({scale})"' if scale != 1 else ""
    path = "".join(open_path(points) for points in tile.paths)
    return (
        f'<pattern id="{identity}" width="{number(tile.width)}" height="{number(tile.height)}"'
        f' patternUnits="userSpaceOnUse"{larger}><path d="{path}" fill="none" stroke="{colour}"'
        f' stroke-width="{number(tile.stroke)}" stroke-linecap="round"/></pattern>'
    )


def number(value: float) -> str:
    """Return a number with two decimals at most."""
    return f"{value:.2f}".rstrip("0").rstrip(".")


def _strokes(lines: NDArray[np.object_], closed: bool, step: int, scale: int) -> Iterator[str]:
    """Write each line as steps on the grid; nothing, where the grid leaves no room for it."""
    points, line = shapely.get_coordinates(lines, return_index=True)
    places = np.rint(points * scale * 10 / step).astype(int) * step
    moves = np.diff(places, axis=0, prepend=places[:1])
    begins = np.diff(line, prepend=-1) > 0
    kept = begins | moves.any(axis=1)
    texts = [_pair(x, y) for x, y in np.where(begins[:, None], places, moves)[kept].tolist()]
    ends = np.searchsorted(line[kept], np.arange(len(lines) + 1)).tolist()
    for start, end in itertools.pairwise(ends):
        steps = texts[start + 1 : end - closed]  # a ring comes back by itself
        if len(steps) < 1 + closed:
            yield ""
        else:
            yield f"M{texts[start].strip()}l{''.join(steps).lstrip()}{'z' if closed else ''}"


@lru_cache(maxsize=20_000)
def _pair(x: int, y: int) -> str:
    """Write two numbers given in tenths; a sign is separator enough."""
    return _part(x) + _part(y)


def _part(value: int) -> str:
    whole, rest = divmod(abs(value), 10)
    sign = "-" if value < 0 else " "
    if rest == 0:
        return f"{sign}{whole}"
    return f"{sign}{whole or ''}.{rest}"
