"""GeoJSON in (RFC 7946, degrees, CGCS2000 or WGS 84) and out: read all, say every fault."""

import json
from collections.abc import Sequence
from typing import Any

import shapely
from shapely.errors import GEOSException
from shapely.geometry import MultiPolygon, mapping, shape
from shapely.geometry.base import BaseGeometry

from portal.maps.landuse import find_class
from portal.maps.projection import around
from portal.maps.rfc7946 import Stop, check_feature, check_geometry, features_of, parse
from portal.maps.rules import (
    FAMILIES,
    MAX_EXTENT_M,
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


def read(data: bytes, kind: LayerKind | None) -> Reading:
    """Read one file as one layer, and say everything that is wrong with it, or was put right.

    Either every feature is returned and there is no fault, or there are faults and no feature.
    A ring that crosses itself is repaired; a feature without geometry is left out; both are said.
    Without a kind only what holds for every kind is asked.
    """
    faults: list[Remark] = []
    repairs: list[Remark] = []
    try:
        members = features_of(parse(data))
    except Stop as stop:
        return Reading((), (Remark(stop.reason, None, stop.detail),), ())
    shapes: list[tuple[int, dict[str, Any], BaseGeometry]] = []
    budget = MAX_POSITIONS
    for number, member in enumerate(members, start=1):
        try:
            properties, geometry = check_feature(member)
            if geometry is None:
                repairs.append(Remark(Repair.NO_PLACE, number))
                continue
            budget -= check_geometry(geometry, kind, budget)
            built, mended = _build(geometry)
            if kind is LayerKind.LAND_USE:
                _check_class(properties)
            repairs.extend(Remark(reason, number, detail) for reason, detail in mended)
            shapes.append((number, properties, built))
        except Stop as stop:
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
        raise Stop(Fault.BAD_GEOMETRY, geometry["type"]) from bad
    parts = [part for part in shapely.get_parts(built) if part.geom_type == "Polygon"]
    if not parts or built.area == 0:
        raise Stop(Fault.NO_AREA)
    built = parts[0] if len(parts) == 1 else MultiPolygon(parts)
    return shapely.orient_polygons(built), mended


def _check_class(properties: dict[str, Any]) -> None:
    code = _text(properties, _CODE_KEYS)
    if not code:
        raise Stop(Fault.NO_CLASS)
    if find_class(code) is None:
        raise Stop(Fault.UNKNOWN_CLASS, code[:20])


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
