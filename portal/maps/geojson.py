"""GeoJSON in (RFC 7946, degrees, CGCS2000 or WGS 84) and out: read all, say every fault."""

import json
from collections.abc import Sequence
from pathlib import PurePosixPath
from typing import Any

import shapely
from shapely.errors import GEOSException
from shapely.geometry import mapping, shape
from shapely.geometry.base import BaseGeometry

from portal.maps.attributes import BASE_CODE
from portal.maps.landuse import find_class
from portal.maps.mending import Mended, mend
from portal.maps.projection import around
from portal.maps.raw_layer import RawLayer
from portal.maps.rfc7946 import Stop, check_crs, check_feature, check_geometry, features_of, parse
from portal.maps.rules import (
    FAMILIES,
    MAX_EXTENT_M,
    MAX_POSITIONS,
    MAX_TEXT,
    Fault,
    Feature,
    Geometry,
    LayerKind,
    Reading,
    Remark,
    Repair,
)

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
        root = parse(data)
        check_crs(root)
        members = features_of(root)
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
            if kind in (LayerKind.LAND_USE, LayerKind.LAND_USE_BASE):
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
    return _measure(shapes, repairs, kind)


def raw_layer(data: bytes, filename: str, *, is_degrees: bool) -> RawLayer:
    """Read a file as it stands, in whatever coordinates it is. Raises Stop."""
    root = parse(data)
    members = features_of(root)
    layer = RawLayer(filename, PurePosixPath(filename).stem, "GeoJSON", _said(root))
    columns: dict[str, None] = {}
    budget = MAX_POSITIONS
    is_degrees = is_degrees and layer.crs is None and not _is_metres(members)
    for number, member in enumerate(members, start=1):
        try:
            properties, geometry = check_feature(member)
            built = None
            if geometry is not None:
                budget -= check_geometry(geometry, None, budget, is_degrees=is_degrees)
                built = _shape(geometry)
        except Stop as stop:
            layer.faults.append(Remark(stop.reason, number, stop.detail))
            if stop.reason is Fault.TOO_MANY_POSITIONS:
                break
            continue
        columns.update(dict.fromkeys(str(name)[:60] for name in properties))
        layer.numbers.append(number)
        layer.shapes.append(built)
        layer.rows.append({str(name)[:60]: _plain(value) for name, value in properties.items()})
    layer.columns = list(columns)[:300]
    return layer


def _said(root: dict[str, Any]) -> str | None:
    """Return the coordinate system that a file says it is in, in the way of before RFC 7946."""
    crs = root.get("crs")
    if not isinstance(crs, dict) or not isinstance(crs.get("properties"), dict):
        return None
    name = crs["properties"].get("name")
    return None if not isinstance(name, str) or "CRS84" in name else name[:2000]


def _is_metres(members: list[Any]) -> bool:
    """Say whether the first number of the file is too great for any degree."""
    for member in members:
        inner = member.get("geometry") if isinstance(member, dict) else None
        inner = inner.get("coordinates") if isinstance(inner, dict) else None
        while isinstance(inner, list) and inner:
            inner = inner[0]
        if isinstance(inner, int | float):
            return abs(inner) > 1000
    return False


def _plain(value: Any) -> str | int | float | None:
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return int(value)
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    return value[:300] if isinstance(value, str) else value


def write(features: Sequence[Feature]) -> bytes:
    """Return a layer as a GeoJSON file, which ``read`` understands again."""
    collection = {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "properties": {
                    key: value
                    for key, value in (
                        ("name", f.name),
                        ("code", f.code),
                        ("base_code", f.base_code),
                        ("ref", f.ref),
                    )
                    if value
                },
                "geometry": f.geometry,
            }
            for f in features
        ],
    }
    return json.dumps(collection, ensure_ascii=False, separators=(",", ":")).encode()


def _build(geometry: dict[str, Any]) -> Mended:
    """Make the shape, valid, flat, rounded and with its rings the right way round."""
    return mend(_shape(geometry), FAMILIES[geometry["type"]])


def _shape(geometry: dict[str, Any]) -> BaseGeometry:
    try:
        return shape(geometry)
    except (GEOSException, ValueError, TypeError) as bad:
        raise Stop(Fault.BAD_GEOMETRY, geometry["type"]) from bad


def _check_class(properties: dict[str, Any]) -> None:
    code = _text(properties, _CODE_KEYS)
    if not code:
        raise Stop(Fault.NO_CLASS)
    for said in (code, _text(properties, BASE_CODE)):
        if said and find_class(said) is None:
            raise Stop(Fault.UNKNOWN_CLASS, said[:20])


def _text(properties: dict[str, Any], keys: Sequence[str]) -> str:
    for key in keys:
        value = properties.get(key)
        if value is not None and isinstance(value, str | int):
            return "".join(c for c in str(value) if c.isprintable()).strip()
    return ""


def _measure(
    shapes: list[tuple[int, dict[str, Any], BaseGeometry]],
    repairs: list[Remark],
    kind: LayerKind | None,
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
            Feature(
                order,
                name[:MAX_TEXT],
                code[:20],
                ref[:20],
                geometry,
                round(flat.area),
                _text(properties, BASE_CODE)[:20] if kind is LayerKind.LAND_USE else "",
            )
        )
    return Reading(tuple(features), (), tuple(repairs))
