"""What can be done with map sheets. Never commits."""

from collections.abc import Collection, Mapping
from dataclasses import replace

from sqlalchemy import delete, insert, select, update

from portal.core.db import db
from portal.maps import geojson
from portal.maps.formats import read_file
from portal.maps.models import MapFeature, MapLayer, MapSheet
from portal.maps.overlay import with_base_codes
from portal.maps.rules import Feature, Layer, LayerKind, Reading, Sheet
from portal.maps.sources import FileReading

__all__ = [
    "add_sheet",
    "copy_sheet",
    "find_feature",
    "gather",
    "get_sheet",
    "layers_in",
    "read_file",
    "remove_layer",
    "replace_layer",
    "write_layer",
]


def add_sheet(*, title: str, source: str = "") -> MapSheet:
    """Add an empty sheet."""
    sheet = MapSheet(title=title, source=source)
    db.session.add(sheet)
    db.session.flush()
    return sheet


def get_sheet(sheet_id: int) -> MapSheet:
    """Return the sheet, or raise NoResultFound, which the app shows as 404."""
    return db.session.get_one(MapSheet, sheet_id)


def gather(sheet_id: int) -> Sheet:
    """Return a whole sheet as plain values: layers by kind, features by number.

    Raises NoResultFound, which the app shows as 404.
    """
    sheet = get_sheet(sheet_id)
    features = _by_kind(sheet_id, tuple(LayerKind))
    layers = tuple(Layer(kind, tuple(features[kind])) for kind in LayerKind if kind in features)
    return Sheet(sheet.title, sheet.source, layers)


def _features(sheet_id: int, kind: LayerKind) -> tuple[Feature, ...]:
    return tuple(_by_kind(sheet_id, (kind,)).get(kind, ()))


def _by_kind(sheet_id: int, kinds: Collection[LayerKind]) -> dict[LayerKind, list[Feature]]:
    rows = db.session.execute(
        select(
            MapLayer.kind,
            MapFeature.number,
            MapFeature.name,
            MapFeature.code,
            MapFeature.ref,
            MapFeature.geometry,
            MapFeature.area_m2,
            MapFeature.base_code,
        )
        .join(MapFeature, MapFeature.layer_id == MapLayer.id)
        .where(MapLayer.sheet_id == sheet_id, MapLayer.kind.in_(kinds))
        .order_by(MapFeature.number)
    ).all()
    features: dict[LayerKind, list[Feature]] = {}
    for kind, number, name, code, ref, geometry, area, base_code in rows:
        feature = Feature(number, name, code, ref, geometry, area, base_code)
        features.setdefault(kind, []).append(feature)
    return features


def find_feature(sheet_id: int, kind: LayerKind, number: int) -> MapFeature | None:
    """Return the feature of this number in the layer of this kind."""
    return db.session.scalar(
        select(MapFeature)
        .join(MapLayer, MapFeature.layer_id == MapLayer.id)
        .where(MapLayer.sheet_id == sheet_id, MapLayer.kind == kind, MapFeature.number == number)
    )


def replace_layer(sheet_id: int, kind: LayerKind, data: bytes, *, filename: str = "") -> Reading:
    """Read a GeoJSON file and put it in the place of the layer of this kind.

    With any fault nothing is changed; the reading says which, and what was repaired.
    """
    reading = geojson.read(data, kind)
    if not reading.faults:
        write_layer(sheet_id, kind, reading.features, filename=filename)
    return reading


def write_layer(
    sheet_id: int, kind: LayerKind, features: tuple[Feature, ...], *, filename: str = ""
) -> None:
    """Put features in the place of the layer of this kind.

    Planned parcels are told what they are now by the present land use, where that is on the sheet.
    """
    if kind is LayerKind.LAND_USE:
        features = with_base_codes(features, _features(sheet_id, LayerKind.LAND_USE_BASE))
    remove_layer(sheet_id, kind)
    layer = MapLayer(sheet_id=sheet_id, kind=kind, filename=filename[:200])
    db.session.add(layer)
    db.session.flush()
    rows = [
        {
            "layer_id": layer.id,
            "number": feature.number,
            "name": feature.name,
            "code": feature.code,
            "base_code": feature.base_code,
            "ref": feature.ref,
            "geometry": dict(feature.geometry),
            "area_m2": feature.area_m2,
        }
        for feature in features
    ]
    db.session.execute(insert(MapFeature), rows)
    if kind is LayerKind.LAND_USE_BASE:
        _tell_planned(sheet_id, features)


def _tell_planned(sheet_id: int, base: tuple[Feature, ...]) -> None:
    """Write into the planned parcels of a sheet what they are now."""
    planned = _features(sheet_id, LayerKind.LAND_USE)
    layer_id = _layer_id(sheet_id, LayerKind.LAND_USE)
    numbers: dict[str, list[int]] = {}
    for before, after in zip(planned, with_base_codes(planned, base), strict=True):
        if before.base_code != after.base_code:
            numbers.setdefault(after.base_code, []).append(after.number)
    for code, changed in numbers.items():
        for first in range(0, len(changed), 500):
            db.session.execute(
                update(MapFeature)
                .where(MapFeature.layer_id == layer_id)
                .where(MapFeature.number.in_(changed[first : first + 500]))
                .values(base_code=code)
            )


def layers_in(
    reading: FileReading, *, without: Collection[str] = ()
) -> Mapping[LayerKind, tuple[Feature, ...]]:
    """Return what a reading holds, by kind: sources of one kind together, numbered anew.

    ``without`` names sources, by their keys, that are left out.
    """
    found: dict[LayerKind, list[Feature]] = {}
    for source in reading.sources:
        if source.kind is not None and source.key not in without:
            layer = found.setdefault(source.kind, [])
            for number, feature in enumerate(source.features, start=len(layer) + 1):
                layer.append(replace(feature, number=number))
    return {kind: tuple(features) for kind, features in found.items()}


def remove_layer(sheet_id: int, kind: LayerKind) -> None:
    """Take a layer off the sheet, if it is there."""
    layer_id = _layer_id(sheet_id, kind)
    if layer_id is not None:
        db.session.execute(delete(MapFeature).where(MapFeature.layer_id == layer_id))
        db.session.execute(delete(MapLayer).where(MapLayer.id == layer_id))


def _layer_id(sheet_id: int, kind: LayerKind) -> int | None:
    return db.session.scalar(
        select(MapLayer.id).where(MapLayer.sheet_id == sheet_id, MapLayer.kind == kind)
    )


def copy_sheet(sheet_id: int) -> MapSheet:
    """Return a new sheet with the same content."""
    sheet = gather(sheet_id)
    copy = add_sheet(title=sheet.title, source=sheet.source)
    for layer in sheet.layers:
        write_layer(copy.id, layer.kind, layer.features)
    return copy
