"""Borders made simpler until a drawing fits its bytes; those that neighbours share stay shared."""

import gzip
from collections.abc import Callable, Sequence

import shapely
from shapely.geometry.base import BaseGeometry

STEPS = 18
"""How often a drawing is simplified further before it is taken as it is."""
FURTHER = 1.3
"""How much further borders may move each time."""


class Coverage:
    """Grounds side by side, to be made simpler and simpler.

    Where neighbours do not share their borders to begin with, what lies within the first tolerance
    is brought together first; if they still do not, each is simplified by itself, and half as much.
    """

    def __init__(self, shapes: Sequence[BaseGeometry], within: float) -> None:
        """Bring neighbours together that are nearer to each other than half of ``within``."""
        self.shapes = list(shapes)
        self.is_shared = bool(shapely.coverage_is_valid(self.shapes))
        if not self.is_shared:
            cleaned = list(shapely.coverage_clean(self.shapes, snapping_distance=within / 2))
            if len(cleaned) == len(self.shapes) and shapely.coverage_is_valid(cleaned):
                self.shapes, self.is_shared = cleaned, True

    def merge(self, codes: Sequence[str]) -> list[str]:
        """Let the grounds of a code become one; return the codes, ground by ground."""
        by_code: dict[str, list[BaseGeometry]] = {}
        for code, ground in zip(codes, self.shapes, strict=True):
            by_code.setdefault(code, []).append(ground)
        union = shapely.coverage_union_all if self.is_shared else shapely.union_all
        self.shapes = [union(grounds) for grounds in by_code.values()]
        return list(by_code)

    def simplify(self, tolerance: float) -> None:
        """Make the grounds simpler: borders move by about so much."""
        if self.is_shared:
            self.shapes = list(shapely.coverage_simplify(self.shapes, tolerance))
        else:
            self.shapes = [shape.simplify(tolerance / 2) for shape in self.shapes]


def simplify(shapes: Sequence[BaseGeometry], tolerance: float) -> list[BaseGeometry]:
    """Return simpler shapes: borders that neighbours share stay shared."""
    ground = Coverage(shapes, tolerance)
    ground.simplify(tolerance)
    return ground.shapes


def until_it_fits(
    simplify: Callable[[float], int], write: Callable[[], str], *, tolerance: float, limit: int
) -> str:
    """Return what is written as soon as it takes no more than the limit, packed as it travels.

    ``simplify`` says how many corners it has left. Nothing is written while there are too many
    for the limit: more than one for each byte, or as many as a try before showed.
    """
    most = float(limit)
    drawn = ""
    for step in range(STEPS):
        corners = simplify(tolerance * FURTHER**step)
        if corners > most:
            continue
        drawn = write()
        size = len(gzip.compress(drawn.encode(), 6))
        if size <= limit:
            return drawn
        most = corners * limit / size
    return drawn or write()
