"""Degrees to metres and back, true to area: the plane every measure and drawing is made in.

Lambert's cylindrical equal-area projection on the WGS 84 ellipsoid (CGCS2000 differs from it by
0.1 mm), with the middle of the sheet as its standard parallel: areas are exact anywhere, and
within 10 km of the middle shapes are true to about one part in a thousand.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from math import atanh, cos, radians, sin, sqrt
from typing import Any

import numpy as np
from numpy.typing import NDArray
from shapely import transform
from shapely.geometry.base import BaseGeometry

_RADIUS = 6_378_137.0
_FLATTENING = 1 / 298.257223563
_E2 = _FLATTENING * (2 - _FLATTENING)
_E = sqrt(_E2)

Points = NDArray[np.float64]


def _authalic(sine: Any) -> Any:
    """Return Snyder's q for a sine of latitude (a number or an array)."""
    return (1 - _E2) * (
        sine / (1 - _E2 * sine * sine) + np.log((1 + _E * sine) / (1 - _E * sine)) / (2 * _E)
    )


@dataclass(frozen=True)
class Projection:
    """The plane around one middle point, given in degrees."""

    longitude: float
    latitude: float

    @cached_property
    def _k0(self) -> float:
        sine = sin(radians(self.latitude))
        return cos(radians(self.latitude)) / sqrt(1 - _E2 * sine * sine)

    @cached_property
    def _q0(self) -> float:
        sine = sin(radians(self.latitude))
        return (1 - _E2) * (sine / (1 - _E2 * sine * sine) + atanh(_E * sine) / _E)

    def to_metres(self, degrees: Points) -> Points:
        """Turn rows of (longitude, latitude) into rows of (east, north) in metres."""
        east = _RADIUS * self._k0 * np.radians(degrees[:, 0] - self.longitude)
        sine = np.sin(np.radians(degrees[:, 1]))
        north = _RADIUS * (_authalic(sine) - self._q0) / (2 * self._k0)
        return np.column_stack([east, north])

    def to_degrees(self, metres: Points) -> Points:
        """Turn rows of (east, north) in metres back into rows of (longitude, latitude)."""
        longitude = self.longitude + np.degrees(metres[:, 0] / (_RADIUS * self._k0))
        wanted = metres[:, 1] * 2 * self._k0 / _RADIUS + self._q0
        sine = wanted / 2
        for _ in range(12):  # Newton: dq/d(sine) = 2 (1 - e²) / (1 - e² sine²)²
            slope = 2 * (1 - _E2) / (1 - _E2 * sine * sine) ** 2
            sine = sine + (wanted - _authalic(sine)) / slope
        return np.column_stack([longitude, np.degrees(np.arcsin(sine))])

    def flatten(self, geometry: BaseGeometry) -> BaseGeometry:
        """Return the geometry with its degrees turned into metres."""
        return transform(geometry, self.to_metres)

    def flatten_all(self, geometries: Sequence[BaseGeometry]) -> list[BaseGeometry]:
        """Return many geometries with their degrees turned into metres, in one go."""
        return list(transform(np.asarray(geometries, dtype=object), self.to_metres))

    def unflatten_all(self, geometries: Sequence[BaseGeometry]) -> list[BaseGeometry]:
        """Return many geometries with their metres turned into degrees, in one go."""
        return list(transform(np.asarray(geometries, dtype=object), self.to_degrees))

    def unflatten(self, geometry: BaseGeometry) -> BaseGeometry:
        """Return the geometry with its metres turned into degrees."""
        return transform(geometry, self.to_degrees)


def around(bounds: tuple[float, float, float, float]) -> Projection:
    """Return the plane around the middle of a box (west, south, east, north) in degrees."""
    west, south, east, north = bounds
    return Projection((west + east) / 2, (south + north) / 2)
