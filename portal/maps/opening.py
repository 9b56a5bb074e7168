"""A file of any format opened, in the confined process: its layers as plain values, its faults."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import shapely

from portal.maps import geojson
from portal.maps.building import Building
from portal.maps.datasets import FORMATS, MOST_LAYERS, layers_of
from portal.maps.raw_layer import RawLayer
from portal.maps.rfc7946 import Stop
from portal.maps.rules import MAX_POSITIONS, Fault
from portal.maps.sources import AUTO, CHOICES
from portal.maps.unpacking import SINGLE, Found, unpack

NAMES = {
    ".geojson": "GeoJSON",
    ".json": "GeoJSON",
    ".gpkg": "GeoPackage",
    ".kml": "KML",
    ".dxf": "DXF",
    ".shp": "Shapefile",
    ".gdb": "File Geodatabase",
}


def open_map(
    path: Path, folder: Path, *, filename: str, crs: dict[str, str], is_bundle: bool
) -> dict[str, Any]:
    """Return what is in a file. ``crs``: the chosen coordinate system by layer; "" is for all."""
    told: dict[str, Any] = {"format": "", "sources": [], "others": [], "faults": []}
    try:
        maps, told["others"] = _maps(path, folder, filename, is_bundle)
        if not maps and not is_bundle:
            raise Stop(Fault.NO_LAYERS)
    except Stop as stop:
        told["faults"].append([stop.reason, stop.detail, ""])
        return told
    told["format"] = ", ".join(dict.fromkeys(NAMES[found.path.suffix] for found in maps))
    budget = MAX_POSITIONS
    for found in maps:
        try:
            for layer in _layers(found, crs):
                if layer.shapes or layer.faults:
                    budget = _build(told["sources"], layer, crs, budget)
        except Stop as stop:
            told["faults"].append([stop.reason, stop.detail, found.name])
        except shapely.errors.GEOSException as bad:
            told["faults"].append([Fault.BROKEN, str(bad)[:80], found.name])
    if not told["sources"] and not told["faults"] and not is_bundle:
        told["faults"].append([Fault.NO_FEATURES, "", ""])
    return told


def _build(sources: list[dict[str, Any]], layer: RawLayer, crs: dict[str, str], budget: int) -> int:
    """Add what a layer holds to the sources; return how many positions the file may still have."""
    key = f"{layer.file}|{layer.name}"
    while any(source["key"] == key for source in sources):
        key += "'"
    choice = CHOICES.get(crs.get(key) or crs.get("") or "", AUTO)
    building = Building(layer, choice, budget=budget)
    sources.extend({"key": key, "format": layer.format, **source} for source in building.run())
    if len(sources) > MOST_LAYERS:
        raise Stop(Fault.TOO_MANY_LAYERS, str(MOST_LAYERS))
    return building.budget


def _maps(
    path: Path, folder: Path, filename: str, is_bundle: bool
) -> tuple[list[Found], list[str]]:
    ending = Path(filename).suffix.lower()
    with path.open("rb") as file:
        head = file.read(4)
    if head[:2] == b"PK" or ending in (".zip", ".kmz"):
        return unpack(path, folder, is_bundle=is_bundle)
    if ending == ".shp":
        raise Stop(Fault.INCOMPLETE_SHAPEFILE)
    if ending not in SINGLE:
        raise Stop(Fault.UNKNOWN_FORMAT, ending[:20])
    here = folder / f"map{ending}"
    path.rename(here)
    return [Found(filename, here)], []


def _layers(found: Found, crs: dict[str, str]) -> Iterator[RawLayer]:
    if found.path.suffix in FORMATS:
        yield from layers_of(found)
        return
    yield geojson.raw_layer(found.path.read_bytes(), found.name, is_degrees=not any(crs.values()))
