"""From the coordinates of a file to degrees of CGCS2000: what it says, else what its numbers say.

Nothing is moved from one geodetic datum to another: CGCS2000 and WGS 84 are taken as the same
(they differ by centimetres), and any other datum needs parameters that are not public.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError, ProjError

from portal.maps.gcj02 import from_gcj02
from portal.maps.rules import Fault
from portal.maps.sources import AUTO, CGCS2000, GCJ02, MERIDIANS, WGS84, CrsChoice, Known

Points = NDArray[np.float64]
Bounds = tuple[float, float, float, float]
"""Least x, least y, greatest x, greatest y, in the order of the file."""

WEST, SOUTH, EAST, NORTH = 73.0, 3.0, 136.0, 54.0
"""The degrees between which the country lies."""
_OURS = re.compile(
    r"china[ _]2000|cgcs[ _]?2000|coordinate[ _]system[ _]2000|wgs[ _]?(19)?84", re.I
)
_NAMELESS = re.compile(r"^(unknown|not[ _]specified|undefined|d_unknown)", re.I)


@dataclass(frozen=True)
class Understanding:
    """Which system the numbers are in, how we know, and the way from them to degrees.

    With a ``fault`` there is no way. ``is_swapped``: the file has north before east.
    """

    crs: str
    known: Known
    to_degrees: Callable[[Points], Points]
    is_swapped: bool = False
    candidates: tuple[CrsChoice, ...] = ()
    fault: Fault | None = None
    detail: str = ""


def same(points: Points) -> Points:
    """Return the points as they are."""
    return points


def understand(
    bounds: Bounds, said: str | None, choice: CrsChoice, *, may_swap: bool = True
) -> Understanding:
    """Say which system numbers within these bounds are in, and how to turn them into degrees.

    ``said`` is what the file says (WKT or a number of EPSG). A choice counts more than the file,
    the file more than a guess; what does not fit the numbers is refused, not believed.
    """
    if choice is not AUTO:
        crs = None if choice == GCJ02 else CRS.from_epsg(choice.epsg or 4490)
        return _fitting(bounds, crs, choice.key, Known.CHOSEN, may_swap)
    crs = parse(said)
    if crs is None:
        return _guess(bounds, may_swap)
    name = key_of(crs)
    if not is_ours(crs):
        return _refusal(Fault.OTHER_DATUM, name, Known.SAID)
    return _fitting(bounds, crs, name, Known.SAID, may_swap)


def parse(said: str | None) -> CRS | None:
    """Return what a file says of its system; None where it says nothing that can be understood."""
    if not said:
        return None
    try:
        crs = CRS.from_user_input(said)
    except (CRSError, ProjError, UnicodeError):
        return None
    if crs.is_compound:
        crs = crs.sub_crs_list[0]
    if crs.is_bound and crs.source_crs is not None:
        crs = crs.source_crs
    return crs if crs.geodetic_crs is not None else None


def is_ours(crs: CRS) -> bool:
    """Say whether a system is on the datum of CGCS2000 or of WGS 84."""
    base = crs.geodetic_crs
    if base is None:
        return False
    names = f"{base.name} {base.datum.name if base.datum else ''}"
    if _OURS.search(names):
        return True
    body = crs.ellipsoid
    if body is None or base.datum is None or not _NAMELESS.match(base.datum.name):
        return False
    radius, flattening = body.semi_major_metre, body.inverse_flattening
    return abs(radius - 6_378_137) < 1 and abs(flattening - 298.2572) < 0.001


def key_of(crs: CRS) -> str:
    """Return the key of a system among our choices, or else its own name."""
    if crs.is_geographic:
        if not is_ours(crs):
            return crs.name[:60]
        return WGS84.key if re.search(r"wgs", crs.name, re.I) else CGCS2000.key
    facts = _facts(crs)
    meridian = facts.get("Longitude of natural origin", 0.0)
    easting = facts.get("False easting", 0.0)
    names = f"{crs.name} {crs.geodetic_crs.name if crs.geodetic_crs else ''}"
    is_chinese = _OURS.search(names) is not None and not re.search("wgs", names, re.I)
    is_plain = facts.get("Scale factor at natural origin") == 1
    if is_chinese and is_plain and meridian % 3 == 0 and 75 <= meridian <= 135:
        number = int(meridian) // 3
        if easting == 500_000:
            return f"epsg-{4534 + number - 25}"
        if easting == number * 1_000_000 + 500_000:
            return f"epsg-{4488 + number}"
    return crs.name[:60]


def _fitting(
    bounds: Bounds, crs: CRS | None, name: str, known: Known, may_swap: bool
) -> Understanding:
    """Return the way from a known system, if the numbers can be in it, one way or the other."""
    way = from_gcj02 if crs is None else _way(crs)
    swapped = (bounds[1], bounds[0], bounds[3], bounds[2])
    if crs is None or crs.is_geographic:
        if max(map(abs, bounds)) > 1000:  # metres, whatever the file says
            return _refusal(Fault.CRS_DOES_NOT_FIT, name, known, bounds)
        is_swapped = not _in_country(bounds) and _in_country(swapped)
        if is_swapped and not may_swap:
            return _refusal(Fault.SWAPPED, f"{bounds[0]:g}, {bounds[1]:g}", known)
        return Understanding(name, known, way, is_swapped)
    for is_swapped, box in ((False, bounds), (True, swapped)):
        corners = np.array([[box[0], box[1]], [box[2], box[3]]])
        degrees = way(corners)
        is_here = _in_country(tuple(degrees.ravel().tolist()))
        middle = _meridian(crs)
        if is_here and (middle is None or abs(degrees[:, 0] - middle).max() <= 6):
            return Understanding(name, known, way, is_swapped)
        if not may_swap:
            break
    return _refusal(Fault.CRS_DOES_NOT_FIT, name, known, bounds)


def _meridian(crs: CRS) -> float | None:
    """Return the middle of a zone; None for a map of the whole world."""
    facts = _facts(crs)
    return (
        facts.get("Longitude of natural origin") or facts.get("Longitude of false origin") or None
    )


def _facts(crs: CRS) -> dict[str, float]:
    operation = crs.coordinate_operation
    return {p.name: float(p.value) for p in operation.params} if operation else {}


def _way(crs: CRS) -> Callable[[Points], Points]:
    if crs.is_geographic:
        return same
    transformer = Transformer.from_crs(crs, crs.geodetic_crs, always_xy=True)

    def to_degrees(points: Points) -> Points:
        return np.column_stack(transformer.transform(points[:, 0], points[:, 1]))

    return to_degrees


def _in_country(box: tuple[float, ...]) -> bool:
    west, south, east, north = box[:4]
    return west >= WEST and east <= EAST and south >= SOUTH and north <= NORTH


def _guess(bounds: Bounds, may_swap: bool) -> Understanding:
    """Say what the numbers alone tell: degrees, or metres that begin with the number of a zone."""
    for is_swapped, (left, low, right, top) in (
        (False, bounds),
        (True, (bounds[1], bounds[0], bounds[3], bounds[2])),
    ):
        if _in_country((left, low, right, top)):
            if is_swapped and not may_swap:
                return _refusal(Fault.SWAPPED, f"{bounds[0]:g}, {bounds[1]:g}", Known.GUESSED)
            return Understanding(CGCS2000.key, Known.GUESSED, same, is_swapped)
        zone = int(left // 1_000_000)
        is_north = 300_000 <= low <= top <= 6_000_000
        if 25 <= zone <= 45 and zone == int(right // 1_000_000) and is_north:
            choice = CrsChoice(f"epsg-{4488 + zone}")
            way = _way(CRS.from_epsg(4488 + zone))
            return Understanding(choice.key, Known.GUESSED, way, is_swapped)
    if max(map(abs, bounds)) <= 1000:  # degrees of elsewhere, or nonsense: said point by point
        return Understanding(CGCS2000.key, Known.GUESSED, same)
    return _refusal(Fault.CRS_UNKNOWN, "", Known.ASKED, bounds)


def _refusal(fault: Fault, name: str, known: Known, bounds: Bounds | None = None) -> Understanding:
    detail = name
    if bounds is not None:
        detail = f"x {bounds[0]:.0f}–{bounds[2]:.0f}, y {bounds[1]:.0f}–{bounds[3]:.0f}"
    candidates = _candidates(bounds) if bounds else ()
    return Understanding(
        name, Known.ASKED if candidates else known, same, False, candidates, fault, detail
    )


def _candidates(bounds: Bounds) -> tuple[CrsChoice, ...]:
    """Return the systems that the numbers could be in: all zones, where easting has no zone."""
    for left, low, right, top in (bounds, (bounds[1], bounds[0], bounds[3], bounds[2])):
        zone = int(left // 1_000_000)
        if 25 <= zone <= 45 and 300_000 <= low <= top <= 6_000_000:
            return (CrsChoice(f"epsg-{4488 + zone}"),)
        if 100_000 <= left <= right <= 900_000 and 300_000 <= low <= top <= 6_000_000:
            return MERIDIANS
    if _in_country(bounds):
        return (CGCS2000, WGS84, GCJ02)
    return ()
