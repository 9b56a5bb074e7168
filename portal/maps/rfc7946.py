"""What RFC 7946 allows in a GeoJSON file, member by member; the first breach stops the reading."""

import json
from math import isfinite
from typing import Any

from portal.maps.rules import (
    ALLOWED,
    FAMILIES,
    MAX_BYTES,
    MAX_FEATURES,
    MAX_POSITIONS,
    Family,
    Fault,
    LayerKind,
)

_NESTING = {"Point": 0, "MultiPoint": 1, "LineString": 1, "MultiLineString": 2, "Polygon": 2}
_NESTING["MultiPolygon"] = 3
_KNOWN_CRS = ("CRS84", "EPSG::4326", "EPSG:4326", "EPSG::4490", "EPSG:4490")


class Stop(Exception):
    """Nothing more can be read of a feature, or of the file."""

    def __init__(self, reason: Fault, detail: str = "") -> None:
        super().__init__(reason.value)
        self.reason = reason
        self.detail = detail


def parse(data: bytes) -> Any:
    """Return what the JSON says, or raise Stop."""
    if len(data) > MAX_BYTES:
        raise Stop(Fault.TOO_BIG, f"{MAX_BYTES // 1_000_000} MB")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as bad:
        raise Stop(Fault.NOT_UTF8) from bad
    try:
        return json.loads(text, object_pairs_hook=_without_doubles, parse_constant=_refuse)
    except RecursionError as deep:
        raise Stop(Fault.TOO_DEEP) from deep
    except json.JSONDecodeError as bad:
        raise Stop(Fault.NOT_JSON, f"{bad.lineno}:{bad.colno}") from bad
    except ValueError as bad:  # an integer of thousands of digits
        raise Stop(Fault.NOT_FINITE) from bad


def _without_doubles(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        names = [name for name, _ in pairs]
        raise Stop(Fault.DUPLICATE_MEMBER, next(n for n in names if names.count(n) > 1)[:40])
    return members


def _refuse(constant: str) -> Any:
    raise Stop(Fault.NOT_FINITE, constant)


def check_crs(root: Any) -> None:
    """Refuse a file that says to be in other coordinates than degrees."""
    crs = root.get("crs") if isinstance(root, dict) else None
    if crs is not None and not any(known in json.dumps(crs) for known in _KNOWN_CRS):
        raise Stop(Fault.OTHER_CRS, json.dumps(crs, ensure_ascii=False)[:80])


def features_of(root: Any) -> list[Any]:
    """Return the features of a collection, or a bare feature or shape as one feature."""
    if not isinstance(root, dict):
        raise Stop(Fault.NOT_GEOJSON)
    _check_bbox(root)
    if root.get("type") == "FeatureCollection":
        members = root.get("features")
        if not isinstance(members, list) or "geometry" in root or "coordinates" in root:
            raise Stop(Fault.NOT_GEOJSON, "features")
        if len(members) > MAX_FEATURES:
            raise Stop(Fault.TOO_MANY_FEATURES, str(MAX_FEATURES))
        if not members:
            raise Stop(Fault.NO_FEATURES)
        return members
    if root.get("type") == "Feature":
        return [root]
    if root.get("type") in FAMILIES:
        return [{"type": "Feature", "properties": None, "geometry": root}]
    if root.get("type") == "GeometryCollection":
        raise Stop(Fault.COLLECTION)
    raise Stop(Fault.NOT_GEOJSON, str(root.get("type"))[:40])


def check_feature(member: Any) -> tuple[dict[str, Any], dict[str, Any] | None]:
    """Refuse a feature that is none; return its properties, and its geometry if it has one."""
    if not isinstance(member, dict) or member.get("type") != "Feature":
        raise Stop(Fault.NOT_A_FEATURE)
    for name in ("coordinates", "geometries", "features"):
        if name in member:
            raise Stop(Fault.FOREIGN_MEMBER, name)
    _check_bbox(member)
    identity = member.get("id", "")
    if isinstance(identity, bool) or not isinstance(identity, str | int | float):
        raise Stop(Fault.BAD_ID)
    properties = member.get("properties", ())
    if properties is None:
        properties = {}
    if not isinstance(properties, dict):
        raise Stop(Fault.BAD_PROPERTIES)
    geometry = member.get("geometry", ())
    if geometry is None:
        return properties, None
    if not isinstance(geometry, dict):
        raise Stop(Fault.BAD_GEOMETRY)
    return properties, geometry


def _check_bbox(member: dict[str, Any]) -> None:
    box = member.get("bbox")
    if box is None:
        return
    numbers = isinstance(box, list) and all(_is_number(value) for value in box)
    if not numbers or len(box) not in (4, 6):
        raise Stop(Fault.BAD_BBOX)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def check_geometry(
    geometry: dict[str, Any], kind: LayerKind | None, budget: int, *, is_degrees: bool = True
) -> int:
    """Refuse what RFC 7946 does not allow; return the number of positions.

    ``is_degrees``: False where the file is in metres, which are looked at later.
    """
    name = geometry.get("type")
    if name == "GeometryCollection":
        raise Stop(Fault.COLLECTION)
    if not isinstance(name, str) or name not in FAMILIES:
        raise Stop(Fault.BAD_GEOMETRY, str(name)[:40])
    if any(foreign in geometry for foreign in ("geometry", "properties", "features")):
        raise Stop(Fault.FOREIGN_MEMBER, name)
    _check_bbox(geometry)
    if kind is not None and FAMILIES[name] not in ALLOWED[kind]:
        raise Stop(Fault.WRONG_FAMILY, name)
    lines: list[list[Any]] = []
    _collect(geometry.get("coordinates"), _NESTING[name], lines)
    count = sum(len(line) for line in lines)
    if count > budget:
        raise Stop(Fault.TOO_MANY_POSITIONS, str(MAX_POSITIONS))
    for line in lines:
        _check_line(line, FAMILIES[name], is_degrees)
    return count


def _check_line(line: list[Any], family: Family, is_degrees: bool) -> None:
    for position in line:
        _check_position(position, is_degrees)
    if family is Family.LINE and len(line) < 2:
        raise Stop(Fault.LINE_TOO_SHORT)
    if family is Family.AREA:
        if len(line) < 4:
            raise Stop(Fault.RING_TOO_SHORT, str(len(line)))
        if line[0][:2] != line[-1][:2]:
            raise Stop(Fault.RING_NOT_CLOSED)


def _collect(coordinates: Any, nesting: int, lines: list[list[Any]]) -> None:
    """Gather the lines of positions: a point as a line of one."""
    if not isinstance(coordinates, list) or not coordinates:
        raise Stop(Fault.BAD_POSITION)
    if nesting == 0:
        lines.append([coordinates])
    elif nesting == 1:
        lines.append(coordinates)
    else:
        for inner in coordinates:
            _collect(inner, nesting - 1, lines)


def _check_position(position: Any, is_degrees: bool) -> None:
    if not isinstance(position, list) or len(position) < 2:
        raise Stop(Fault.BAD_POSITION, json.dumps(position, ensure_ascii=False)[:40])
    if not all(_is_number(value) for value in position):
        raise Stop(Fault.BAD_POSITION, json.dumps(position, ensure_ascii=False)[:40])
    try:
        longitude, latitude = float(position[0]), float(position[1])
    except OverflowError as huge:
        raise Stop(Fault.NOT_FINITE) from huge
    if not (isfinite(longitude) and isfinite(latitude)):
        raise Stop(Fault.NOT_FINITE)
    if is_degrees and (abs(longitude) > 180 or abs(latitude) > 90):
        swapped = 3 <= longitude <= 54 and 73 <= latitude <= 136
        reason = Fault.SWAPPED if swapped else Fault.OUT_OF_RANGE
        raise Stop(reason, f"{longitude:g}, {latitude:g}")
