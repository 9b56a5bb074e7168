"""Map files of every format, made for the tests from shapes in degrees."""

import io
import json
import zipfile
from pathlib import Path

import numpy as np
import pyogrio
import shapely
from pyproj import CRS, Geod, Transformer
from shapely.geometry import mapping, shape

ELLIPSOID = Geod(ellps="WGS84")


def geodesic(geometry) -> float:
    """Measure on the ellipsoid, by another library than the portal does."""
    return abs(ELLIPSOID.geometry_area_perimeter(shape(mapping(geometry)))[0])


def moved(geometry, epsg):
    """Turn degrees into the numbers of a coordinate system."""
    if epsg in (4326, 4490):
        return geometry
    way = Transformer.from_crs(4490, epsg, always_xy=True)
    return shapely.transform(
        geometry, lambda points: np.column_stack(way.transform(points[:, 0], points[:, 1]))
    )


def grid(west=118.60, south=29.02, side=0.002, rows=4, columns=5):
    """Parcels side by side that fill a rectangle, in degrees."""
    return [
        shapely.box(
            west + x * side, south + y * side, west + (x + 1) * side, south + (y + 1) * side
        )
        for y in range(rows)
        for x in range(columns)
    ]


def written(folder: Path, name, shapes, table, *, epsg=4490, says=True, layer=None, **options):
    """Write a file by the library's own writer; return its path."""
    path = Path(folder, name)
    driver = {
        ".shp": "ESRI Shapefile", ".gpkg": "GPKG", ".gdb": "OpenFileGDB", ".kml": "LIBKML",
        ".dxf": "DXF",
    }[path.suffix]  # fmt: skip
    fields, values = list(table), [np.array(column, dtype=object) for column in table.values()]
    if layer is not None:
        options["layer"] = layer
    moved_shapes = [None if g is None else moved(g, epsg) for g in shapes]
    families = {g.geom_type for g in moved_shapes if g is not None}
    kind = families.pop() if len(families) == 1 else "Unknown"
    kind += " Z" * any(g is not None and g.has_z for g in moved_shapes)
    pyogrio.raw.write(
        str(path),
        np.array([None if g is None else shapely.to_wkb(g) for g in moved_shapes], dtype=object),
        field_data=values,
        fields=np.array(fields),
        geometry_type=kind,
        crs=f"EPSG:{epsg}" if says else None,
        driver=driver,
        **options,
    )
    return path


def zipped(*paths: Path, extra=()) -> bytes:
    """Pack files, and all that belongs to them, into a zip."""
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in paths:
            members = (
                sorted(path.rglob("*")) if path.is_dir() else path.parent.glob(path.stem + ".*")
            )
            for member in members:
                archive.write(member, member.relative_to(path.parent))
        for name, data in extra:
            archive.writestr(name, data)
    return memory.getvalue()


def geojson(shapes, table, *, epsg=None) -> bytes:
    """Write a GeoJSON file."""
    rows = [dict(zip(table, values, strict=True)) for values in zip(*table.values(), strict=True)]
    collection = {
        "type": "FeatureCollection",
        "features": [
            {"type": "Feature", "properties": row, "geometry": mapping(moved(g, epsg or 4490))}
            for g, row in zip(shapes, rows, strict=True)
        ],
    }
    if epsg:
        name = f"urn:ogc:def:crs:EPSG::{epsg}"
        collection["crs"] = {"type": "name", "properties": {"name": name}}
    return json.dumps(collection, ensure_ascii=False).encode()


def esri(epsg) -> str:
    """Return the words of a .prj file."""
    return CRS.from_epsg(epsg).to_wkt("WKT1_ESRI")
