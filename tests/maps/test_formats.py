"""Any format, any coordinate system: the same layers, the same areas."""

import json
import random

import numpy as np
import pytest
import shapely
from shapely.geometry import shape

from portal.maps.formats import read_file
from portal.maps.gcj02 import from_gcj02, to_gcj02
from portal.maps.rules import Fault, LayerKind, Repair
from portal.maps.sources import CHOICES, GCJ02, Known
from tests.maps.mapfiles import esri, geodesic, geojson, grid, moved, written, zipped
from tests.real_data import real_data

pytestmark = pytest.mark.filterwarnings("ignore:'crs' was not provided")
CLOSE = 1e-4
"""The areas must agree to one part in ten thousand."""


def own_villages():
    """Two crooked areas of a square kilometre or two, where no real villages lie beside us."""
    numbers = random.Random(4)
    found = []
    for x, y in ((120.91, 24.55), (120.95, 24.55)):
        radii = [numbers.uniform(0.006, 0.009) for _ in range(60)]
        turns = np.linspace(0, 2 * np.pi, 60, endpoint=False)
        rim = zip(turns, radii, strict=True)
        found.append(shapely.Polygon((x + r * np.cos(a), y + r * np.sin(a)) for a, r in rim))
    return found


def villages():
    folder = real_data("geo")
    if folder is None:
        return {f"村{n}": area for n, area in enumerate(own_villages())}
    found = {}
    for path in sorted(folder.glob("villages_*.geojson")):
        for feature in json.loads(path.read_text(encoding="utf-8"))["features"]:
            properties = feature["properties"]
            name = properties.get("VILLNAME") or properties.get("name")
            found[name] = shape(feature["geometry"])
    return found


def parcels(area, columns=7):
    """Cut an area into parcels by a grid; none so small that whole square metres matter."""
    west, south, east, north = area.bounds
    side = (east - west) / columns
    rows = int((north - south) / side) + 1
    cut = [area.intersection(cell) for cell in grid(west, south, side, rows, columns)]
    pieces = [p for whole in cut for p in shapely.get_parts(whole) if p.geom_type == "Polygon"]
    return [piece for piece in pieces if geodesic(piece) > 20_000]


def the_five(folder, areas):
    """Return a bundle of five formats in three coordinate systems, and what is in each layer."""
    names = list(areas)
    first = areas[names[0]]
    planned, now = parcels(first), parcels(first, 5)
    codes = [["0101", "0703", "1701", "0301", "0202"][n % 5] for n in range(len(planned))]
    bases = [["0101", "0301"][n % 2] for n in range(len(now))]
    redline = [shapely.union_all(now[: len(now) // 2])]
    bounds = [shapely.union_all(planned[len(planned) // 2 :])]
    village_file = geojson(list(areas.values()), {"name": names}, epsg=4528)
    use = written(folder, "村域.gpkg", planned, {"GHYDDM": codes}, epsg=4549, layer="规划用地")
    base = written(folder, "现状.gdb", now, {"DLBM": bases}, epsg=4528, layer="DLTB")
    red = written(folder, "STBHHX.kml", redline, {"名称": ["东山"]}, epsg=4326, layer="STBHHX")
    edge = written(
        folder, "建设边界.shp", bounds, {"名称": ["中心村"]}, encoding="GB18030", epsg=4490
    )
    data = zipped(
        base, red, edge, extra=[("村界.geojson", village_file), ("村域.gpkg", use.read_bytes())]
    )
    return data, {
        LayerKind.VILLAGE_AREA: list(areas.values()),
        LayerKind.LAND_USE: planned,
        LayerKind.LAND_USE_BASE: now,
        LayerKind.ECOLOGICAL_REDLINE: redline,
        LayerKind.VILLAGE_BOUNDARY: bounds,
    }


def test_five_formats_in_three_systems_measure_as_the_ellipsoid_does(tmp_path):
    data, expected = the_five(tmp_path, villages())
    reading = read_file("规划.zip", data)
    assert reading.all_faults == ()
    assert {s.format for s in reading.sources} == {
        "GeoJSON", "GeoPackage", "File Geodatabase", "KML", "Shapefile"
    }  # fmt: skip
    assert {s.crs for s in reading.sources} == {"epsg-4528", "epsg-4549", "epsg-4326", "epsg-4490"}
    assert {s.kind for s in reading.sources} == set(expected)
    for source in reading.sources:
        measured = [feature.area_m2 for feature in source.features]
        independent = [geodesic(area) for area in expected[source.kind]]
        assert measured == pytest.approx(independent, rel=CLOSE), source.key
        assert source.area_m2 == pytest.approx(sum(independent), rel=CLOSE)


TABLE = {"DLBM": ["0101", "0703"] * 10, "名称": [f"地块{n}" for n in range(20)]}
SYSTEMS = [4490, 4326, 4528, 4527, 4549, 4548, 32650, 3857]


@pytest.mark.parametrize("epsg", SYSTEMS)
@pytest.mark.parametrize("name", ["a.shp", "a.gpkg", "a.gdb"])
def test_every_format_in_every_system_says_the_same(tmp_path, name, epsg):
    shapes = grid()
    path = written(
        tmp_path, name, shapes, TABLE, epsg=epsg, layer="DLTB" if name != "a.shp" else None
    )
    data = path.read_bytes() if name == "a.gpkg" else zipped(path)
    (source,) = read_file("a.gpkg" if name == "a.gpkg" else "a.zip", data).sources
    assert source.faults == () and source.repairs == ()
    assert source.known is Known.SAID
    assert source.crs == (f"epsg-{epsg}" if f"epsg-{epsg}" in CHOICES else source.crs)
    assert [f.code for f in source.features] == TABLE["DLBM"]
    assert [f.name for f in source.features] == TABLE["名称"]
    for feature, wanted in zip(source.features, shapes, strict=True):
        assert shape(feature.geometry).symmetric_difference(wanted).area / wanted.area < 1e-4
        assert feature.area_m2 == pytest.approx(geodesic(wanted), rel=CLOSE)


@pytest.mark.parametrize("zone", range(25, 46))
def test_every_zone_by_its_number_and_by_its_meridian(tmp_path, zone):
    shapes = grid(west=zone * 3 - 0.01, south=35)
    for epsg in (4488 + zone, 4509 + zone):
        path = written(tmp_path, f"z{epsg}.shp", shapes, TABLE, epsg=epsg)
        path.with_suffix(".prj").write_text(esri(epsg))
        (source,) = read_file("z.zip", zipped(path)).sources
        assert (source.crs, source.known) == (f"epsg-{epsg}", Known.SAID)
        assert source.area_m2 == pytest.approx(sum(map(geodesic, shapes)), rel=CLOSE)


def bare(folder, epsg, shapes=None, **options):
    """A Shapefile without .prj."""
    path = written(folder, "bare.shp", shapes or grid(), TABLE, epsg=epsg, **options)
    path.with_suffix(".prj").unlink(missing_ok=True)
    return zipped(path)


def test_an_easting_that_begins_with_a_zone_tells_the_zone(tmp_path):
    (source,) = read_file("a.zip", bare(tmp_path, 4527)).sources
    assert (source.crs, source.known, source.faults) == ("epsg-4527", Known.GUESSED, ())
    assert source.area_m2 == pytest.approx(sum(map(geodesic, grid())), rel=CLOSE)


def test_degrees_without_a_word_are_degrees(tmp_path):
    (source,) = read_file("a.zip", bare(tmp_path, 4490)).sources
    assert (source.crs, source.known, source.faults) == ("epsg-4490", Known.GUESSED, ())


def test_an_easting_of_six_digits_is_asked_about_and_then_taken(tmp_path):
    data = bare(tmp_path, 4549)
    (source,) = read_file("a.zip", data).sources
    assert source.known is Known.ASKED and source.features == ()
    assert [fault.reason for fault in source.faults] == [Fault.CRS_UNKNOWN]
    chosen = CHOICES["epsg-4549"]
    assert chosen in source.candidates and len(source.candidates) == 21
    (taken,) = read_file("a.zip", data, crs=chosen).sources
    assert (taken.known, taken.faults) == (Known.CHOSEN, ())
    assert taken.area_m2 == pytest.approx(sum(map(geodesic, grid())), rel=CLOSE)
    (by_key,) = read_file("a.zip", data, crs={source.key: chosen}).sources
    assert by_key.features == taken.features


def test_numbers_that_contradict_what_the_file_says_are_not_believed(tmp_path):
    path = written(tmp_path, "a.shp", grid(), TABLE, epsg=4549)
    path.with_suffix(".prj").write_text(esri(4528))
    (source,) = read_file("a.zip", zipped(path)).sources
    assert [fault.reason for fault in source.faults] == [Fault.CRS_DOES_NOT_FIT]
    assert CHOICES["epsg-4549"] in source.candidates


def test_a_choice_that_does_not_fit_is_refused(tmp_path):
    path = written(tmp_path, "a.shp", grid(), TABLE, epsg=4549)
    for key in ("epsg-4490", "epsg-4528", "gcj-02"):
        (source,) = read_file("a.zip", zipped(path), crs=CHOICES[key]).sources
        assert [fault.reason for fault in source.faults] == [Fault.CRS_DOES_NOT_FIT], key


@pytest.mark.parametrize(
    ("epsg", "west", "south"), [(2383, 118.6, 29.0), (2435, 118.6, 29.0), (4214, 118.6, 29.0)]
)
def test_old_datums_are_refused_by_name(tmp_path, epsg, west, south):
    path = written(tmp_path, "a.shp", grid(), TABLE, epsg=4528)
    path.with_suffix(".prj").write_text(esri(epsg))
    (source,) = read_file("a.zip", zipped(path)).sources
    assert [fault.reason for fault in source.faults] == [Fault.OTHER_DATUM]
    assert "Xian" in source.crs or "Beijing" in source.crs


def test_words_that_are_no_system_leave_the_numbers_to_tell(tmp_path):
    path = written(tmp_path, "a.shp", grid(), TABLE, epsg=4528)
    for words in ("", "坐标系不详", 'LOCAL_CS["site",UNIT["Meter",1.0]]', "PROJCS[", "\x00" * 50):
        path.with_suffix(".prj").write_text(words)
        (source,) = read_file("a.zip", zipped(path)).sources
        assert (source.crs, source.known) == ("epsg-4528", Known.GUESSED), words
        assert source.faults == ()


def test_north_before_east_is_put_right_and_said(tmp_path):
    for epsg in (4528, 4549, 4490):
        turned = [shapely.transform(moved(g, epsg), lambda p: p[:, ::-1]) for g in grid()]
        path = written(tmp_path, f"s{epsg}.shp", turned, TABLE)
        path.with_suffix(".prj").unlink()
        (source,) = read_file("a.zip", zipped(path), crs=CHOICES[f"epsg-{epsg}"]).sources
        assert source.faults == ()
        assert Repair.SWAPPED_AXES in [repair.reason for repair in source.repairs]
        assert source.area_m2 == pytest.approx(sum(map(geodesic, grid())), rel=CLOSE)


def test_the_shifted_degrees_of_web_maps_come_back(tmp_path):
    shifted = [shapely.transform(g, to_gcj02) for g in grid()]
    path = written(tmp_path, "amap.kml", shifted, TABLE, epsg=4326, layer="DLTB")
    (source,) = read_file("amap.kml", path.read_bytes(), crs=GCJ02).sources
    assert source.crs == "gcj-02" and source.faults == ()
    for feature, wanted in zip(source.features, grid(), strict=True):
        assert shapely.hausdorff_distance(shape(feature.geometry), wanted) < 2e-7


def test_the_shift_agrees_with_the_published_points():
    path = real_data("geo/gcj02_reference_points.json")
    points = (
        json.loads(path.read_text())["wgs84_to_gcj02"]
        if path
        else [{"wgs_lng": 121.5272106, "wgs_lat": 31.1774276, "gcj_lng": 121.531541859215, "gcj_lat": 31.17530398364597}]
    )  # fmt: skip
    for point in points:
        plain = np.array([[point["wgs_lng"], point["wgs_lat"]]])
        shifted = np.array([[point["gcj_lng"], point["gcj_lat"]]])
        assert abs(to_gcj02(plain) - shifted).max() < 1e-6
        assert abs(from_gcj02(shifted) - plain).max() < 1e-9
    everywhere = np.random.default_rng(7).uniform([73, 18], [135, 53], (20_000, 2))
    assert abs(from_gcj02(to_gcj02(everywhere)) - everywhere).max() < 1e-9


@pytest.mark.parametrize(
    ("written_in", "cpg", "said"),
    [
        ("GB18030", "GB18030", None),
        ("GB18030", None, None),
        ("GB18030", "936", None),
        ("UTF-8", "UTF-8", None),
        ("UTF-8", None, None),
        ("UTF-8", "GBK", "GB18030 → UTF-8"),
        ("GB18030", "UTF-8", "UTF-8 → GB18030"),
    ],
)
def test_words_of_a_shapefile_in_any_encoding(tmp_path, written_in, cpg, said):
    path = written(tmp_path, "dltb.shp", grid(), TABLE, encoding=written_in)
    path.with_suffix(".cpg").unlink()
    table = bytearray(path.with_suffix(".dbf").read_bytes())
    table[29] = 0
    path.with_suffix(".dbf").write_bytes(table)
    if cpg:
        path.with_suffix(".cpg").write_text(cpg)
    (source,) = read_file("a.zip", zipped(path)).sources
    assert [feature.name for feature in source.features] == TABLE["名称"]
    found = [r.detail for r in source.repairs if r.reason is Repair.ENCODING_FOUND]
    assert found == ([said] if said else [])


def test_names_within_a_zip_in_the_old_chinese_way(tmp_path):
    packed = zipped(written(tmp_path, "XXXX.shp", grid(), TABLE))
    packed = packed.replace(b"XXXX", "地类".encode("gb18030"))
    (source,) = read_file("a.zip", packed).sources
    assert (source.file, source.name) == ("地类.shp", "地类")


def test_a_drawing_is_parted_by_its_layers(tmp_path):
    rings = [g.exterior for g in grid()]
    path = written(
        tmp_path, "a.dxf", rings, {"Layer": ["JSBJ"] * 8 + ["YJJBNT"] * 12}, epsg=4528, says=False
    )
    reading = read_file("a.dxf", path.read_bytes())
    assert [(s.name, s.kind, len(s.features)) for s in reading.sources] == [
        ("JSBJ", LayerKind.VILLAGE_BOUNDARY, 8),
        ("YJJBNT", LayerKind.PERMANENT_BASIC_FARMLAND, 12),
    ]
    assert {r.reason for r in reading.repairs} == {Repair.LINE_CLOSED}
    areas = [f.area_m2 for s in reading.sources for f in s.features]
    assert areas == pytest.approx([geodesic(g) for g in grid()], rel=CLOSE)


def test_a_kmz_is_a_kml(tmp_path):
    path = written(tmp_path, "doc.kml", grid(), TABLE, epsg=4326, layer="DLTB")
    (source,) = read_file("a.kmz", zipped(path)).sources
    assert len(source.features) == 20 and source.faults == ()
