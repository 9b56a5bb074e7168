"""Which houses lie within the reach of a facility, in a straight line (domain.md §6 no. 43)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

import numpy as np
import shapely
from shapely.geometry import Point, shape
from shapely.geometry.base import BaseGeometry

from portal.analysis.boundaries import plane_of
from portal.analysis.rules import ratio
from portal.maps.rules import LayerKind, Sheet
from portal.plans.content import FacilityFacts
from portal.plans.rules import FacilityStatus
from portal.villages.rules import FacilityKind

RADII: Mapping[FacilityKind, int] = {
    FacilityKind.COMMITTEE: 1000,
    FacilityKind.CLINIC: 1000,
    FacilityKind.SCHOOL: 1000,
    FacilityKind.ELDERLY: 500,
    FacilityKind.CULTURE: 800,
    FacilityKind.SPORTS: 500,
    FacilityKind.SHOP: 500,
    FacilityKind.POST: 1000,
    FacilityKind.TRANSPORT: 500,
    FacilityKind.WATER: 1000,
    FacilityKind.WASTE: 300,
    FacilityKind.OTHER: 1000,
}
"""How far people should have to go, in metres, where the plan does not say: about ten to fifteen
minutes on foot. No national number was found; the plan's own radius comes first."""


class Houses(StrEnum):
    """What stands for the houses of the village on this map."""

    BUILDINGS = "buildings"
    HOMESTEADS = "homesteads"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Reach:
    """How many houses a kind of facility reaches, now and with the plan."""

    kind: FacilityKind
    radius_m: int
    sites_now: int
    sites_planned: int
    without_place: int
    houses: int
    reached_now: int
    reached_planned: int

    @property
    def now(self) -> Decimal | None:
        """Return the share of houses reached now, in per cent."""
        return ratio(self.reached_now, self.houses)

    @property
    def planned(self) -> Decimal | None:
        """Return the share of houses reached once the plan is carried out, in per cent."""
        return ratio(self.reached_planned, self.houses)


@dataclass(frozen=True, slots=True)
class Covered:
    """Coverage by every kind of facility that the plan has."""

    houses_are: Houses
    houses: int
    reaches: tuple[Reach, ...]


def cover(sheet: Sheet | None, facilities: Sequence[FacilityFacts]) -> Covered:
    """Return how many houses each kind of facility reaches.

    Houses are the buildings on the map; where it shows none, the homestead parcels (0703), each by
    a point inside of it. Facilities without a place are counted, and reach nobody.
    """
    spots, what = houses_of(sheet)
    kinds = [kind for kind in FacilityKind if any(f.kind is kind for f in facilities)]
    reaches = tuple(_reach(sheet, spots, kind, facilities) for kind in kinds)
    return Covered(what, len(spots), reaches)


def houses_of(sheet: Sheet | None) -> tuple[list[BaseGeometry], Houses]:
    """Return a point in each house, in metres on the sheet's plane, and what the houses are."""
    if sheet is None or not sheet.layers:
        return [], Houses.NONE
    features, what = list(sheet.layer(LayerKind.BUILDING)), Houses.BUILDINGS
    if not features:
        features = [f for f in sheet.layer(LayerKind.LAND_USE) if f.code.startswith("0703")]
        what = Houses.HOMESTEADS if features else Houses.NONE
    plane = plane_of(sheet)
    parts = [part for f in features for part in shapely.get_parts(shape(f.geometry))]
    return [plane.flatten(part.representative_point()) for part in parts], what


def reached(
    spots: Sequence[BaseGeometry], sites: Sequence[tuple[BaseGeometry, int]]
) -> "np.ndarray[tuple[int], np.dtype[np.bool_]]":
    """Tell of each house whether a site lies within its radius."""
    found = np.zeros(len(spots), dtype=bool)
    for site, radius in sites:
        found |= shapely.distance(np.array(spots, dtype=object), site) <= radius
    return found


def sites_of(
    sheet: Sheet, kind: FacilityKind, facilities: Sequence[FacilityFacts], *, planned: bool
) -> list[tuple[BaseGeometry, int]]:
    """Return where the facilities of a kind stand now, or will stand, with their radii."""
    plane = plane_of(sheet)
    gone = FacilityStatus.PLANNED if not planned else FacilityStatus.REMOVED
    return [
        (plane.flatten(Point(float(f.longitude), float(f.latitude))), f.radius_m or RADII[kind])
        for f in facilities
        if f.kind is kind
        and f.status is not gone
        and f.longitude is not None
        and f.latitude is not None
    ]


def _reach(
    sheet: Sheet | None,
    spots: Sequence[BaseGeometry],
    kind: FacilityKind,
    facilities: Sequence[FacilityFacts],
) -> Reach:
    mine = [f for f in facilities if f.kind is kind]
    now = sites_of(sheet, kind, mine, planned=False) if sheet and sheet.layers else []
    planned = sites_of(sheet, kind, mine, planned=True) if sheet and sheet.layers else []
    return Reach(
        kind,
        max((f.radius_m or RADII[kind] for f in mine), default=RADII[kind]),
        len(now),
        len(planned),
        sum(f.longitude is None for f in mine),
        len(spots),
        int(reached(spots, now).sum()),
        int(reached(spots, planned).sum()),
    )
