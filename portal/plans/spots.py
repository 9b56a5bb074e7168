"""A spot on the map of a plan that something can be said about: exact to about ten metres."""

import re
from dataclasses import dataclass
from decimal import Decimal

from portal.maps.detail import Detail
from portal.plans.grounds import ground_of
from portal.plans.models import PlanVersion

SPOT = "at-"
"""How the key of a spot begins; longitude and latitude follow."""
EXACT = Decimal("0.0001")
"""Degrees: about ten metres. Nobody has to tell on which doorstep they stand."""
_KEY = re.compile(rf"\A{SPOT}(\d{{1,3}}(?:\.\d{{1,9}})?),(\d{{1,2}}(?:\.\d{{1,9}})?)\Z")


@dataclass(frozen=True, slots=True)
class Spot:
    """A place on the map in degrees (CGCS2000)."""

    longitude: Decimal
    latitude: Decimal

    @property
    def key(self) -> str:
        """Return what an address calls the spot."""
        return f"{SPOT}{self.longitude},{self.latitude}"


def spot_at(longitude: Decimal | float, latitude: Decimal | float) -> Spot:
    """Return the spot that these degrees lie on."""
    degrees = (Decimal(str(value)).quantize(EXACT) for value in (longitude, latitude))
    return Spot(*degrees)


def read_spot(key: str) -> Spot | None:
    """Return the spot that a key means, or None if it is no key of one."""
    found = _KEY.match(key)
    return spot_at(Decimal(found[1]), Decimal(found[2])) if found else None


def frame_of(version: PlanVersion) -> Detail | None:
    """Return where the version's full map lies, or None if it has no map."""
    return None if version.map_sheet_id is None else ground_of(version).frame


def is_on(frame: Detail, spot: Spot) -> bool:
    """Tell whether a spot lies within the frame of a map."""
    return (
        frame.west <= spot.longitude <= frame.east and frame.south <= spot.latitude <= frame.north
    )


def place_on(frame: Detail, spot: Spot) -> tuple[float, float]:
    """Return where a spot lies in the map's picture, in its units from the left and the top."""
    return (
        round((float(spot.longitude) - frame.west) / (frame.east - frame.west) * frame.width, 1),
        round((frame.north - float(spot.latitude)) / (frame.north - frame.south) * frame.height, 1),
    )


def spot_on(frame: Detail, x: float, y: float) -> Spot:
    """Return the spot at a place of the map's picture."""
    return spot_at(
        frame.west + x / frame.width * (frame.east - frame.west),
        frame.north - y / frame.height * (frame.north - frame.south),
    )


def spot_title(version: PlanVersion, spot: Spot) -> str | None:
    """Return what an opinion calls a spot: the parcel it lies on; None beside the map."""
    frame = frame_of(version)
    if frame is None or not is_on(frame, spot):
        return None
    atlas = ground_of(version).atlas
    parcel = atlas.parcel_at(float(spot.longitude), float(spot.latitude)) if atlas else None
    where = f"地块{parcel.number} {parcel.name}".strip() if parcel else spot.key[len(SPOT) :]
    return f"图上一点({where})"
