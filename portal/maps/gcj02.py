"""The shifted degrees of Chinese web maps (GCJ-02), and back from them."""

from math import pi

import numpy as np
from numpy.typing import NDArray

_RADIUS = 6_378_245.0
_E2 = 0.00669342162296594323
"""The ellipsoid of Krassowsky, which the shift was once made for."""

Points = NDArray[np.float64]


def _waves(x: Points, *waves: tuple[float, float]) -> Points:
    return sum((size * np.sin(x * turn) for size, turn in waves), np.zeros_like(x)) * 2 / 3


def _shift(degrees: Points) -> Points:
    """Return how far each point (longitude, latitude) is moved, in degrees."""
    x, y = degrees[:, 0] - 105.0, degrees[:, 1] - 35.0
    both = _waves(x, (20.0, 6 * pi), (20.0, 2 * pi)) + 0.1 * x * y
    north = -100.0 + 2 * x + 3 * y + 0.2 * y * y + 0.2 * np.sqrt(np.abs(x)) + both
    north += _waves(y, (20.0, pi), (40.0, pi / 3), (160.0, pi / 12), (320.0, pi / 30))
    east = 300.0 + x + 2 * y + 0.1 * x * x + 0.1 * np.sqrt(np.abs(x)) + both
    east += _waves(x, (20.0, pi), (40.0, pi / 3), (150.0, pi / 12), (300.0, pi / 30))
    latitude = np.radians(degrees[:, 1])
    bulge = 1 - _E2 * np.sin(latitude) ** 2
    metres_north = _RADIUS * (1 - _E2) / (bulge * np.sqrt(bulge))
    metres_east = _RADIUS / np.sqrt(bulge) * np.cos(latitude)
    return np.degrees(np.column_stack([east / metres_east, north / metres_north]))


def to_gcj02(degrees: Points) -> Points:
    """Turn rows of (longitude, latitude) of WGS 84 into those of the web maps."""
    return degrees + _shift(degrees)


def from_gcj02(degrees: Points) -> Points:
    """Turn rows of the web maps back, by walking until the shifted point is the one given."""
    found = degrees
    for _ in range(8):  # each step leaves about a thousandth of what was wrong
        found = degrees - _shift(found)
    return found
