"""One shape in degrees made fit to be kept: flat, rounded, valid, rings the right way round."""

import numpy as np
import shapely
from shapely.errors import GEOSException
from shapely.geometry import MultiPolygon
from shapely.geometry.base import BaseGeometry

from portal.maps.rfc7946 import Stop
from portal.maps.rules import Family, Fault, Repair

PLACES_OF_DEGREE = 7
"""Decimals kept of a degree: one centimetre on the ground."""

Mended = tuple[BaseGeometry, list[tuple[Repair, str]]]


def mend(built: BaseGeometry, family: Family, *, says_order: bool = True) -> Mended:
    """Make a shape fit, and say what was put right. Raises Stop where nothing is left of it.

    ``says_order``: whether the order of rings means something in the format it comes from.
    """
    mended: list[tuple[Repair, str]] = []
    try:
        if built.has_z:
            built = shapely.force_2d(built)
            mended.append((Repair.HEIGHT_DROPPED, ""))
        built = shapely.transform(built, lambda points: points.round(PLACES_OF_DEGREE))
        if family is not Family.AREA:
            return built, mended
        if not built.is_valid:
            why = shapely.is_valid_reason(built).split("[")[0]
            built = shapely.make_valid(built, method="structure", keep_collapsed=False)
            mended.append((Repair.SELF_CROSSING, why))
        elif says_order and not built.equals_exact(shapely.orient_polygons(built)):
            mended.append((Repair.RING_ORDER, ""))
    except (GEOSException, ValueError, TypeError) as bad:
        is_spent = "bad_alloc" in str(bad)  # no memory left
        raise Stop(
            Fault.TOO_MUCH_WORK if is_spent else Fault.BAD_GEOMETRY, built.geom_type
        ) from bad
    parts = [part for part in shapely.get_parts(built) if part.geom_type == "Polygon"]
    if not parts or built.area == 0:
        raise Stop(Fault.NO_AREA)
    built = parts[0] if len(parts) == 1 else MultiPolygon(parts)
    return shapely.orient_polygons(built), mended


def check_degrees(points: np.ndarray) -> None:
    """Raise Stop where a point is no longitude and latitude."""
    if not np.isfinite(points).all():
        raise Stop(Fault.NOT_FINITE)
    far = (np.abs(points[:, 0]) > 180) | (np.abs(points[:, 1]) > 90)
    if far.any():
        longitude, latitude = points[far][0]
        raise Stop(Fault.OUT_OF_RANGE, f"{longitude:g}, {latitude:g}")
