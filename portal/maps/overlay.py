"""What planned parcels are now: the class of present land use that covers most of each."""

from collections.abc import Sequence
from dataclasses import replace

import shapely
from shapely.geometry import shape

from portal.maps.projection import around
from portal.maps.rules import Feature

LEAST_SHARE = 0.5
"""A parcel is now what half of it is at least; where no class has that much, nothing is said."""


def with_base_codes(planned: Sequence[Feature], base: Sequence[Feature]) -> tuple[Feature, ...]:
    """Return the planned parcels with the class that lies under them in the present land use.

    Where the present land use does not reach, a parcel keeps what its own table said.
    """
    if not planned or not base:
        return tuple(planned)
    degrees = [shape(feature.geometry) for feature in (*planned, *base)]
    plane = around(tuple(shapely.total_bounds(degrees).tolist()))
    flat = [plane.flatten(geometry) for geometry in degrees]
    parcels, ground = flat[: len(planned)], flat[len(planned) :]
    areas: list[dict[str, float]] = [{} for _ in parcels]
    for at, below in shapely.STRtree(ground).query(parcels, predicate="intersects").T.tolist():
        shared = shapely.intersection(parcels[at], ground[below]).area
        code = base[below].code
        areas[at][code] = areas[at].get(code, 0.0) + shared
    found = []
    for feature, parcel, shares in zip(planned, parcels, areas, strict=True):
        code, area = max(shares.items(), key=lambda share: share[1], default=("", 0.0))
        is_enough = area >= LEAST_SHARE * parcel.area
        found.append(replace(feature, base_code=code) if is_enough else feature)
    return tuple(found)
