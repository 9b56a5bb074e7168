"""Files that GDAL reads: which layers they have, their tables, and their shapes as they stand.

Only in the process of `maps/worker.py`: what a stranger's file does to this library it does there.
"""

import re
import sqlite3
import warnings
from collections.abc import Iterator
from contextlib import closing
from datetime import date, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio  # type: ignore[import-untyped]
import shapely
from numpy.typing import NDArray
from pyogrio import raw
from pyogrio.errors import (  # type: ignore[import-untyped]
    CRSError,
    DataLayerError,
    DataSourceError,
    FeatureError,
    FieldError,
    GeometryError,
)
from shapely.errors import GEOSException
from shapely.geometry.base import BaseGeometry

from portal.maps.dbf import find_encoding
from portal.maps.raw_layer import RawLayer
from portal.maps.rfc7946 import Stop
from portal.maps.rules import MAX_FEATURES, Fault, Remark, Repair
from portal.maps.unpacking import Found

FORMATS = {
    ".gpkg": "GPKG",
    ".shp": "ESRI Shapefile",
    ".kml": "LIBKML",
    ".dxf": "DXF",
    ".gdb": "OpenFileGDB",
}
MOST_LAYERS = 60
MOST_COLUMNS = 300
MOST_CELL = 300
_UNREADABLE = (
    CRSError, DataLayerError, DataSourceError, FeatureError, FieldError, GeometryError,
    GEOSException, ValueError, TypeError, OverflowError, UnicodeError, RuntimeError, OSError,
)  # fmt: skip


_CURVED = {"CURVE", "SURFACE", "COMPOUNDCURVE", "CURVEPOLYGON", "MULTICURVE", "MULTISURFACE"}
_ARCS = re.compile(r"AcDb(Arc|Circle|Spline|Ellipse)")


def layers_of(found: Found) -> Iterator[RawLayer]:
    """Read the layers of one file, one after the other. Raises Stop where it cannot be read."""
    ending = found.path.suffix
    format_ = FORMATS[ending]
    encoding, not_said = "", ""
    if ending == ".shp" and found.path.with_suffix(".dbf").is_file():
        encoding, not_said = find_encoding(
            found.path.with_suffix(".dbf"), found.path.with_suffix(".cpg")
        )
    said = _take_projection(found.path.with_suffix(".prj")) if ending == ".shp" else None
    _check_head(found.path)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            names = [(str(name), kind) for name, kind in pyogrio.list_layers(found.path)]
            if len(names) > MOST_LAYERS:
                raise Stop(Fault.TOO_MANY_LAYERS, str(MOST_LAYERS))
            for name, kind in names:
                if kind is None:  # a table without shapes
                    continue
                layer = _read(found, name, format_, encoding)
                layer.crs = said or layer.crs
                if not_said:
                    change = f"{not_said} → {encoding}"
                    layer.repairs.append(Remark(Repair.ENCODING_FOUND, None, change))
                yield from _parts(layer) if ending == ".dxf" else [layer]
    except _UNREADABLE as bad:
        raise Stop(Fault.BROKEN, _own_words(bad, found)) from bad


def _read(found: Found, name: str, format_: str, encoding: str) -> RawLayer:
    options: dict[str, Any] = {"layer": name} if format_ != "ESRI Shapefile" else {}
    if encoding:
        options["encoding"] = encoding
    info = pyogrio.read_info(found.path, **options)
    if info["driver"] != format_:
        raise Stop(Fault.UNKNOWN_FORMAT, str(info["driver"]))
    if len(info["fields"]) > MOST_COLUMNS:
        raise Stop(Fault.BROKEN, f"{len(info['fields'])} columns")
    if (info["features"] or 0) > MAX_FEATURES:
        raise Stop(Fault.TOO_MANY_FEATURES, str(MAX_FEATURES))
    meta, _, shapes, columns = raw.read(found.path, max_features=MAX_FEATURES + 1, **options)
    if shapes is not None and len(shapes) > MAX_FEATURES:
        raise Stop(Fault.TOO_MANY_FEATURES, str(MAX_FEATURES))
    title = Path(found.name).stem if format_ == "ESRI Shapefile" else name
    layer = RawLayer(found.name, title, format_, meta["crs"], encoding or "UTF-8")
    layer.columns = [str(field) for field in meta["fields"]]
    if format_ == "GPKG" and _is_curved(found.path, name):
        layer.repairs.append(Remark(Repair.CURVES))
    if str(info["geometry_type"]).endswith("M"):
        layer.repairs.append(Remark(Repair.MEASURES_DROPPED))
    for number, well_known in enumerate(shapes if shapes is not None else (), start=1):
        layer.numbers.append(number)
        layer.shapes.append(_shape(layer, number, well_known))
        layer.rows.append({
            column: plain(values[number - 1])
            for column, values in zip(layer.columns, columns, strict=True)
        })  # fmt: skip
    return layer


def _is_curved(path: Path, name: str) -> bool:
    """Say whether a layer is one of curves, which the library hands on as straight lines."""
    query = "SELECT geometry_type_name FROM gpkg_geometry_columns WHERE table_name = ?"
    try:
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as file:
            kind = file.execute(query, (name,)).fetchone()
    except sqlite3.Error:
        return False
    return bool(kind) and str(kind[0]).upper() in _CURVED


def _shape(layer: RawLayer, number: int, well_known: bytes | None) -> BaseGeometry | None:
    if well_known is None:
        return None
    try:
        return shapely.from_wkb(well_known)
    except GEOSException:
        fixed = shapely.from_wkb(well_known, on_invalid="fix")
        if fixed is None:
            layer.faults.append(Remark(Fault.BAD_GEOMETRY, number))
        else:
            layer.repairs.append(Remark(Repair.RING_CLOSED, number))
        return fixed


def plain(value: Any) -> str | int | float | None:
    """Return a cell as JSON can say it: whole numbers without a point, nothing for nothing."""
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, bool) or value is None or isinstance(value, bytes):
        return None
    if isinstance(value, float):
        if value != value or abs(value) == float("inf"):
            return None
        return int(value) if value.is_integer() and abs(value) < 1e15 else value
    if isinstance(value, datetime | date):
        return value.isoformat()
    return value if isinstance(value, int) else str(value)[:MOST_CELL]


def _parts(layer: RawLayer) -> Iterator[RawLayer]:
    """Part a drawing into its own layers: a closed line of it is meant as an area."""
    parts: dict[str, RawLayer] = {}
    for row, built in zip(layer.rows, layer.shapes, strict=True):
        name = str(row.get("Layer") or "0")
        if name not in parts:
            if len(parts) == MOST_LAYERS:
                raise Stop(Fault.TOO_MANY_LAYERS, str(MOST_LAYERS))
            parts[name] = RawLayer(layer.file, name, layer.format, layer.crs, layer.encoding)
        part = parts[name]
        if built is not None and built.geom_type == "LineString" and _is_ring(built):
            built = shapely.polygons(shapely.get_coordinates(built))
            part.repairs.append(Remark(Repair.LINE_CLOSED, len(part.numbers) + 1))
        part.numbers.append(len(part.numbers) + 1)
        part.shapes.append(built)
        if _ARCS.search(str(row.get("SubClasses"))):
            part.repairs.append(Remark(Repair.CURVES, len(part.numbers) + 1))
        is_label = built is not None and built.geom_type == "Point"
        part.rows.append({"Text": row.get("Text") if is_label else None})
        part.columns = ["Text"]
    yield from parts.values()


def _is_ring(line: BaseGeometry) -> bool:
    points: NDArray[np.float64] = shapely.get_coordinates(line)
    return len(points) >= 4 and bool((points[0] == points[-1]).all())


def _take_projection(file: Path) -> str | None:
    """Take the words of a .prj away: a library that cannot read them would read nothing at all."""
    if not file.is_file():
        return None
    words = file.read_bytes()[:8000].decode("utf-8", "replace").strip("\0 \r\n\t")
    file.unlink()
    return words or None


_HEADS = {
    ".gpkg": re.compile(rb"SQLite format 3\0"),
    ".shp": re.compile(rb"\0\0\x27\x0a"),
    ".kml": re.compile(rb".{0,4000}<(\w+:)?kml", re.DOTALL),
    ".dxf": re.compile(rb"(\xef\xbb\xbf)?\s*(0|999)\s|AutoCAD Binary DXF"),
}
"""How files of each kind begin: what begins otherwise is not even shown to the library."""


def _check_head(path: Path) -> None:
    if path.is_dir():
        return
    data = path.read_bytes()
    if path.suffix == ".kml":  # own entities have brought down many a reader; no map needs them
        if any(mark in data for mark in (b"<!DOCTYPE", b"<!ENTITY", b"<\0!\0", b"\0<\0!")):
            raise Stop(Fault.UNSAFE_XML)
        if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
            return
    if not _HEADS[path.suffix].match(data):
        raise Stop(Fault.BROKEN)


def _own_words(bad: BaseException, found: Found) -> str:
    """Return what the library said, without the place where the file lies here."""
    words = str(bad).replace(str(found.path), found.name).replace(str(found.path.parent), "")
    return " ".join(words.split())[:120]
