"""GeoJSON in (RFC 7946, degrees, CGCS2000 or WGS 84) and out: read all, say every fault."""

import json
from collections.abc import Sequence
from math import isfinite
from typing import Any

import shapely
from shapely.errors import GEOSException
from shapely.geometry import MultiPolygon, mapping, shape
from shapely.geometry.base import BaseGeometry

from portal.maps.landuse import find_class
from portal.maps.projection import around
from portal.maps.rules import (
    ALLOWED,
    FAMILIES,
    MAX_BYTES,
    MAX_EXTENT_M,
    MAX_FEATURES,
    MAX_POSITIONS,
    MAX_TEXT,
    Family,
    Fault,
    Feature,
    Geometry,
    LayerKind,
    Reading,
    Remark,
    Repair,
)

PLACES_OF_DEGREE = 7
"""Decimals kept of a degree: one centimetre on the ground."""

_CODE_KEYS = ("code", "landuse", "DLBM", "YDDLDM", "用地代码", "地类编码")
_NAME_KEYS = ("name", "名称", "MC", "VILLNAME", "XZQMC")
_REF_KEYS = ("ref", "project", "编号")
_NESTING = {"Point": 0, "MultiPoint": 1, "LineString": 1, "MultiLineString": 2, "Polygon": 2}
_NESTING["MultiPolygon"] = 3
_KNOWN_CRS = ("CRS84", "EPSG::4326", "EPSG:4326", "EPSG::4490", "EPSG:4490")


class _Stop(Exception):
    """Nothing more can be read of a feature, or of the file."""

    def __init__(self, reason: Fault, detail: str = "") -> None:
        super().__init__(reason.value)
        self.reason = reason
        self.detail = detail


def read(data: bytes, kind: LayerKind) -> Reading:
    """Read one file as one layer, and say everything that is wrong with it, or was put right.

    Either every feature is returned and there is no fault, or there are faults and no feature.
    A ring that crosses itself is repaired; a feature without geometry is left out; both are said.
    """
    faults: list[Remark] = []
    repairs: list[Remark] = []
    try:
        members = _features_of(_parse(data))
    except _Stop as stop:
        return Reading((), (Remark(stop.reason, None, stop.detail),), ())
    shapes: list[tuple[int, dict[str, Any], BaseGeometry]] = []
    budget = MAX_POSITIONS
    for number, member in enumerate(members, start=1):
        try:
            properties, geometry = _check_feature(member)
            if geometry is None:
                repairs.append(Remark(Repair.NO_PLACE, number))
                continue
            budget -= _check_geometry(geometry, kind, budget)
            built, mended = _build(geometry)
            if kind is LayerKind.LAND_USE:
                _check_class(properties)
            repairs.extend(Remark(reason, number, detail) for reason, detail in mended)
            shapes.append((number, properties, built))
        except _Stop as stop:
            faults.append(Remark(stop.reason, number, stop.detail))
            if stop.reason is Fault.TOO_MANY_POSITIONS:
                break
    if not faults and not shapes:
        faults.append(Remark(Fault.NO_FEATURES))
    if faults:
        return Reading((), tuple(faults), ())
    return _measure(shapes, repairs)


def write(features: Sequence[Feature]) -> bytes:
    """Return a layer as a GeoJSON file, which ``read`` understands again."""
    collection = {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "properties": {
                    key: value
                    for key, value in (("name", f.name), ("code", f.code), ("ref", f.ref))
                    if value
                },
                "geometry": f.geometry,
            }
            for f in features
        ],
    }
    return json.dumps(collection, ensure_ascii=False, separators=(",", ":")).encode()


def _parse(data: bytes) -> Any:
    if len(data) > MAX_BYTES:
        raise _Stop(Fault.TOO_BIG, f"{MAX_BYTES // 1_000_000} MB")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as bad:
        raise _Stop(Fault.NOT_UTF8) from bad
    try:
        return json.loads(text, object_pairs_hook=_without_doubles, parse_constant=_refuse)
    except RecursionError as deep:
        raise _Stop(Fault.TOO_DEEP) from deep
    except json.JSONDecodeError as bad:
        raise _Stop(Fault.NOT_JSON, f"{bad.lineno}:{bad.colno}") from bad
    except ValueError as bad:  # an integer of thousands of digits
        raise _Stop(Fault.NOT_FINITE) from bad


def _without_doubles(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        names = [name for name, _ in pairs]
        raise _Stop(Fault.DUPLICATE_MEMBER, next(n for n in names if names.count(n) > 1)[:40])
    return members


def _refuse(constant: str) -> Any:
    raise _Stop(Fault.NOT_FINITE, constant)


def _features_of(root: Any) -> list[Any]:
    if not isinstance(root, dict):
        raise _Stop(Fault.NOT_GEOJSON)
    crs = root.get("crs")
    if crs is not None and not any(known in json.dumps(crs) for known in _KNOWN_CRS):
        raise _Stop(Fault.OTHER_CRS, json.dumps(crs, ensure_ascii=False)[:80])
    _check_bbox(root)
    if root.get("type") == "FeatureCollection":
        members = root.get("features")
        if not isinstance(members, list) or "geometry" in root or "coordinates" in root:
            raise _Stop(Fault.NOT_GEOJSON, "features")
        if len(members) > MAX_FEATURES:
            raise _Stop(Fault.TOO_MANY_FEATURES, str(MAX_FEATURES))
        if not members:
            raise _Stop(Fault.NO_FEATURES)
        return members
    if root.get("type") == "Feature":
        return [root]
    if root.get("type") in FAMILIES:
        return [{"type": "Feature", "properties": None, "geometry": root}]
    if root.get("type") == "GeometryCollection":
        raise _Stop(Fault.COLLECTION)
    raise _Stop(Fault.NOT_GEOJSON, str(root.get("type"))[:40])


def _check_feature(member: Any) -> tuple[dict[str, Any], dict[str, Any] | None]:
    if not isinstance(member, dict) or member.get("type") != "Feature":
        raise _Stop(Fault.NOT_A_FEATURE)
    for name in ("coordinates", "geometries", "features"):
        if name in member:
            raise _Stop(Fault.FOREIGN_MEMBER, name)
    _check_bbox(member)
    identity = member.get("id", "")
    if isinstance(identity, bool) or not isinstance(identity, str | int | float):
        raise _Stop(Fault.BAD_ID)
    properties = member.get("properties", ())
    if properties is None:
        properties = {}
    if not isinstance(properties, dict):
        raise _Stop(Fault.BAD_PROPERTIES)
    geometry = member.get("geometry", ())
    if geometry is None:
        return properties, None
    if not isinstance(geometry, dict):
        raise _Stop(Fault.BAD_GEOMETRY)
    return properties, geometry


def _check_bbox(member: dict[str, Any]) -> None:
    box = member.get("bbox")
    if box is None:
        return
    numbers = isinstance(box, list) and all(_is_number(value) for value in box)
    if not numbers or len(box) not in (4, 6):
        raise _Stop(Fault.BAD_BBOX)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _check_geometry(geometry: dict[str, Any], kind: LayerKind, budget: int) -> int:
    """Refuse what RFC 7946 does not allow; return the number of positions."""
    name = geometry.get("type")
    if name == "GeometryCollection":
        raise _Stop(Fault.COLLECTION)
    if not isinstance(name, str) or name not in FAMILIES:
        raise _Stop(Fault.BAD_GEOMETRY, str(name)[:40])
    if any(foreign in geometry for foreign in ("geometry", "properties", "features")):
        raise _Stop(Fault.FOREIGN_MEMBER, name)
    _check_bbox(geometry)
    if FAMILIES[name] not in ALLOWED[kind]:
        raise _Stop(Fault.WRONG_FAMILY, name)
    lines: list[list[Any]] = []
    _collect(geometry.get("coordinates"), _NESTING[name], lines)
    count = sum(len(line) for line in lines)
    if count > budget:
        raise _Stop(Fault.TOO_MANY_POSITIONS, str(MAX_POSITIONS))
    for line in lines:
        _check_line(line, FAMILIES[name])
    return count


def _check_line(line: list[Any], family: Family) -> None:
    for position in line:
        _check_position(position)
    if family is Family.LINE and len(line) < 2:
        raise _Stop(Fault.LINE_TOO_SHORT)
    if family is Family.AREA:
        if len(line) < 4:
            raise _Stop(Fault.RING_TOO_SHORT, str(len(line)))
        if line[0][:2] != line[-1][:2]:
            raise _Stop(Fault.RING_NOT_CLOSED)


def _collect(coordinates: Any, nesting: int, lines: list[list[Any]]) -> None:
    """Gather the lines of positions: a point as a line of one."""
    if not isinstance(coordinates, list) or not coordinates:
        raise _Stop(Fault.BAD_POSITION)
    if nesting == 0:
        lines.append([coordinates])
    elif nesting == 1:
        lines.append(coordinates)
    else:
        for inner in coordinates:
            _collect(inner, nesting - 1, lines)


def _check_position(position: Any) -> None:
    if not isinstance(position, list) or len(position) < 2:
        raise _Stop(Fault.BAD_POSITION, json.dumps(position, ensure_ascii=False)[:40])
    if not all(_is_number(value) for value in position):
        raise _Stop(Fault.BAD_POSITION, json.dumps(position, ensure_ascii=False)[:40])
    try:
        longitude, latitude = float(position[0]), float(position[1])
    except OverflowError as huge:
        raise _Stop(Fault.NOT_FINITE) from huge
    if not (isfinite(longitude) and isfinite(latitude)):
        raise _Stop(Fault.NOT_FINITE)
    if abs(longitude) > 180 or abs(latitude) > 90:
        swapped = 3 <= longitude <= 54 and 73 <= latitude <= 136
        reason = Fault.SWAPPED if swapped else Fault.OUT_OF_RANGE
        raise _Stop(reason, f"{longitude:g}, {latitude:g}")


def _build(geometry: dict[str, Any]) -> tuple[BaseGeometry, list[tuple[Repair, str]]]:
    """Make the shape, valid, flat, rounded and with its rings the right way round."""
    mended: list[tuple[Repair, str]] = []
    try:
        built = shape(geometry)
        if built.has_z:
            built = shapely.force_2d(built)
            mended.append((Repair.HEIGHT_DROPPED, ""))
        built = shapely.transform(built, lambda points: points.round(PLACES_OF_DEGREE))
        if FAMILIES[geometry["type"]] is not Family.AREA:
            return built, mended
        if not built.is_valid:
            why = shapely.is_valid_reason(built).split("[")[0]
            built = shapely.make_valid(built, method="structure", keep_collapsed=False)
            mended.append((Repair.SELF_CROSSING, why))
        elif not built.equals_exact(shapely.orient_polygons(built)):
            mended.append((Repair.RING_ORDER, ""))
    except (GEOSException, ValueError, TypeError) as bad:
        raise _Stop(Fault.BAD_GEOMETRY, geometry["type"]) from bad
    parts = [part for part in shapely.get_parts(built) if part.geom_type == "Polygon"]
    if not parts or built.area == 0:
        raise _Stop(Fault.NO_AREA)
    built = parts[0] if len(parts) == 1 else MultiPolygon(parts)
    return shapely.orient_polygons(built), mended


def _check_class(properties: dict[str, Any]) -> None:
    code = _text(properties, _CODE_KEYS)
    if not code:
        raise _Stop(Fault.NO_CLASS)
    if find_class(code) is None:
        raise _Stop(Fault.UNKNOWN_CLASS, code[:20])


def _text(properties: dict[str, Any], keys: Sequence[str]) -> str:
    for key in keys:
        value = properties.get(key)
        if value is not None and isinstance(value, str | int):
            return "".join(c for c in str(value) if c.isprintable()).strip()
    return ""


def _measure(
    shapes: list[tuple[int, dict[str, Any], BaseGeometry]], repairs: list[Remark]
) -> Reading:
    """Measure every shape in metres, and refuse a file that is spread over half a country."""
    plane = around(tuple(shapely.total_bounds([built for _, _, built in shapes]).tolist()))
    features = []
    for order, (number, properties, built) in enumerate(shapes, start=1):
        flat = plane.flatten(built)
        if max(abs(edge) for edge in flat.bounds) > MAX_EXTENT_M / 2:
            fault = Remark(Fault.TOO_FAR_APART, number, f"{MAX_EXTENT_M // 1000} km")
            return Reading((), (fault,), ())
        name = _text(properties, _NAME_KEYS)
        if len(name) > MAX_TEXT:
            repairs.append(Remark(Repair.TEXT_CUT, number, str(MAX_TEXT)))
        code, ref = _text(properties, _CODE_KEYS), _text(properties, _REF_KEYS)
        geometry: Geometry = json.loads(json.dumps(mapping(built)))
        features.append(
            Feature(order, name[:MAX_TEXT], code[:20], ref[:20], geometry, round(flat.area))
        )
    return Reading(tuple(features), (), tuple(repairs))
