"""Where a map lies within its picture, and what has been drawn on it so far."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import floor, log10

import numpy as np
import shapely
from shapely.geometry import Point, box, shape
from shapely.geometry.base import BaseGeometry

from portal.maps.picture import Item, Label, text_width
from portal.maps.projection import Points, Projection, around
from portal.maps.rules import Feature, Sheet

INK = "#1C2421"
PAPER = "#FBF9F4"
MARGIN = 10.0
"""Empty margin around the map inside its frame."""
TALLEST = 1.35
"""How high a map may be beside its width."""


@dataclass
class Canvas:
    """A frame on the picture (left, top, width, height) that shows a piece of the plane.

    ``centre`` is what stands in the middle, in metres; ``scale`` is units of the picture a metre.
    """

    plane: Projection
    centre: tuple[float, float]
    scale: float
    left: float
    top: float
    width: float
    height: float
    text: float
    items: list[Item] = field(default_factory=list)
    taken: list[BaseGeometry] = field(default_factory=list)

    @property
    def bottom(self) -> float:
        """Return the lower edge of the frame."""
        return self.top + self.height

    def place(self, feature: Feature) -> BaseGeometry:
        """Return the shape of a feature in units of the picture."""
        return self.place_all([feature])[0]

    def place_all(self, features: Sequence[Feature]) -> list[BaseGeometry]:
        """Return the shapes of many features in units of the picture, in one go."""
        shapes = np.array([shape(feature.geometry) for feature in features], dtype=object)
        return list(shapely.transform(shapes, self._to_picture))

    def _to_picture(self, degrees: Points) -> Points:
        metres = self.plane.to_metres(degrees) - self.centre
        middle = (self.left + self.width / 2, self.top + self.height / 2)
        return metres * (self.scale, -self.scale) + middle

    def label(
        self, at: Point, text: str, *, size: float, colour: str, bold: bool = False, away: float = 0
    ) -> None:
        """Write a name at a point, or ``away`` from it on a side that is free, or not at all."""
        wide, high = text_width(text, size) / 2, size / 2
        inside = box(self.left, self.top, self.left + self.width, self.bottom)
        sides = ((0, -1), (0, 1), (1, 0), (-1, 0)) if away else ((0, 0),)
        for right, down in sides:
            x = at.x + right * (away + wide)
            y = at.y + down * (away + high)
            frame = box(x - wide, y - high, x + wide, y + high)
            if not inside.contains(frame) or any(frame.intersects(it) for it in self.taken):
                continue
            self.taken.append(frame)
            base = y + size * 0.36
            self.items.append(Label(x, base, text, size, colour, "middle", bold, PAPER))
            return


def open_canvas(sheet: Sheet, *, width: float, top: float, text: float) -> Canvas:
    """Return an empty canvas, as wide as the picture, that fits everything on the sheet."""
    shapes = [shape(f.geometry) for layer in sheet.layers for f in layer.features]
    if not shapes:
        return Canvas(Projection(0, 0), (0, 0), 1, 0, top, width, width / 2, text)
    plane = around(tuple(shapely.total_bounds(shapes).tolist()))
    west, south, east, north = shapely.total_bounds(plane.flatten_all(shapes)).tolist()
    wide, high = max(east - west, 100.0), max(north - south, 100.0)
    inner = width - 2 * MARGIN
    scale = min(inner / wide, inner * TALLEST / high)
    centre = ((west + east) / 2, (south + north) / 2)
    return Canvas(plane, centre, scale, 0, top, width, high * scale + 2 * MARGIN, text)


def round_length(metres: float) -> int:
    """Return the longest of 1, 2, 5, 10, 20, 50 … metres that fits into a length."""
    longest = max(metres, 1.0)
    power = 10 ** floor(log10(longest))
    return int(max(step for step in (1, 2, 5) if step * power <= longest) * power)
