"""What the columns of a layer say, and what is changed or refused for it."""

import json
import math
import sqlite3
import struct
from contextlib import closing

import pytest
import shapely
from shapely.geometry import mapping

from portal.maps.attributes import check_areas, find, is_area, suggest
from portal.maps.fitting import group_number
from portal.maps.formats import read_file
from portal.maps.overlay import with_base_codes
from portal.maps.remarks import FAULTS, KNOWN, LAYERS, REPAIRS, crs_words, explain
from portal.maps.rules import Family, Fault, Feature, LayerKind, Remark, Repair
from portal.maps.service import layers_in
from portal.maps.sources import CHOICES, Known
from portal.maps.words import layer_names
from tests.maps.mapfiles import geodesic, geojson, grid, written, zipped

PARCELS = grid(rows=1, columns=3)


def read(name="规划用地.geojson", shapes=PARCELS, kinds=None, **table):
    shapes = shapes[: len(next(iter(table.values())))]
    data = geojson(shapes, table)
    if kinds is not None:
        key = f"{name}|{name.removesuffix('.geojson')}|area"
        kinds = {key: kinds}
    (source,) = read_file(name, data, kinds=kinds).sources
    return source


def codes(source):
    return [feature.code for feature in source.features]


def said(remarks):
    return [(r.reason, r.feature, r.detail, r.column) for r in remarks]


def test_every_remark_kind_and_system_has_words(app):
    assert set(FAULTS) == set(Fault) and set(REPAIRS) == set(Repair)
    assert set(LAYERS) == set(LayerKind) == set(layer_names()) and set(KNOWN) == set(Known)
    with app.test_request_context():
        names = [crs_words(key) for key in CHOICES]
        assert len(set(names)) == len(CHOICES) == 46
        assert crs_words("epsg-4528") != "epsg-4528"
        assert crs_words("Xian 1980") == "Xian 1980"


def test_remarks_are_told_together_with_layer_column_and_numbers(app):
    remarks = [Remark(Repair.DOUBLE, n, "", "DLTB") for n in range(1, 11)]
    remarks.append(Remark(Repair.AREA_UNIT, None, "ha → mu (亩), ×15", "DLTB", "面积(公顷)"))
    remarks.append(Remark(Fault.NOT_A_ZIP))
    with app.test_request_context(headers={"Accept-Language": "zh"}):
        told = [str(one) for one in explain(remarks)]
    assert len(told) == 3
    assert "DLTB" in told[0] and "1, 2, 3, 4, 5, 6, 7, 8" in told[0] and "2" in told[0]
    assert "面积(公顷)" in told[1] and "×15" in told[1]


@pytest.mark.parametrize(
    ("given", "becomes"),
    [
        ("0101", "0101"),
        ("101", "0101"),
        (101, "0101"),
        (703.0, "0703"),
        ("0703.0", "0703"),
        ("60201", "060201"),
        (1207, "1207"),
    ],
)
def test_a_code_gets_the_zero_back_that_a_spreadsheet_took(given, becomes):
    source = read(YDDLDM=[given])
    assert source.faults == () and codes(source) == [becomes]
    was = str(given).removesuffix(".0")
    expected = [] if was == becomes else [(Repair.SHORT_CODE, 1, f"{was} → {becomes}", "YDDLDM")]
    assert said(source.repairs) == expected


@pytest.mark.parametrize(
    ("table", "becomes", "changed"),
    [
        ({"code": ["0603", "0101"]}, ["060202", "0101"], 1),
        ({"code": ["0604"]}, ["060203"], 1),
        ({"code": ["0603", "0602", "060102", "0204"]}, ["060202", "060201", "1207", "0205"], 4),
        ({"code": ["0602"], "DLMC": ["种植设施建设用地"]}, ["060201"], 1),
        ({"code": ["060102"], "DLMC": ["村庄内部道路用地"]}, ["1207"], 1),
        ({"code": ["0204"], "DLMC": ["其他园地"]}, ["0205"], 1),
        ({"code": ["0204"], "DLMC": ["油料园地"]}, ["0204"], 0),
        ({"code": ["060102", "0204", "0602"]}, ["060102", "0204", "0602"], 0),
        ({"code": ["0603", "0204"], "DLMC": ["", "油料园地"]}, ["060202", "0204"], 1),
    ],
)
def test_codes_of_the_older_edition_become_new_ones_where_it_is_the_older_edition(
    table, becomes, changed
):
    """060102, 0204 and 0602 mean something else today: a name, or a code that is gone, decides."""
    source = read(shapes=grid(), **table)
    assert source.faults == () and codes(source) == becomes
    repairs = [r for r in source.repairs if r.reason is Repair.OLD_CODE]
    assert len(repairs) == changed
    assert all(" → " in r.detail and r.column == "code" for r in repairs)


def test_a_name_finds_the_code_that_is_missing_and_a_wrong_pair_is_refused():
    source = read(YDDLMC=["水田", "农村宅基地"])
    assert codes(source) == ["0101", "0703"]
    assert said(source.repairs)[0] == (Repair.CODE_BY_NAME, 1, "水田 → 0101", "YDDLMC")
    wrong = read(code=["0702"], DLMC=["农村宅基地"])
    assert said(wrong.faults) == [
        (Fault.CLASS_NAME, 1, "0702 = 城镇社区服务设施用地, 农村宅基地 = 0703", "code")
    ]
    assert said(read(YDDLMC=["无此地类"]).faults) == [(Fault.NO_CLASS, 1, "", "")]
    assert said(read(code=["9999"]).faults) == [(Fault.UNKNOWN_CLASS, 1, "9999", "code")]


def test_what_a_parcel_is_now_comes_from_its_table():
    source = read(GHYDDM=["0703", "0101"], JQDLBM=["0101", None])
    assert [(f.code, f.base_code) for f in source.features] == [("0703", "0101"), ("0101", "")]
    assert said(read(GHYDDM=["0703"], JQDLBM=["9999"]).faults)[0][:3] == (
        Fault.UNKNOWN_CLASS,
        1,
        "9999",
    )


def parcel(number, shape_, code, base_code=""):
    geometry = json.loads(json.dumps(mapping(shape_)))
    return Feature(number, "", code, "", geometry, round(geodesic(shape_)), base_code)


def test_what_a_parcel_is_now_comes_from_the_land_under_it():
    west, middle, east = PARCELS
    planned = [
        parcel(1, west, "0703"),
        parcel(2, shapely.union(middle, east), "0301", "0201"),
        parcel(3, shapely.box(119, 29, 119.001, 29.001), "0101", "0103"),
    ]
    base = [parcel(1, west, "0101"), parcel(2, middle, "0201"), parcel(3, east, "0202")]
    told = with_base_codes(planned, base)
    assert told[0].base_code == "0101"
    assert told[1].base_code in ("0201", "0202")  # half and half
    assert told[2].base_code == "0103"  # nothing lies under it: what its table said
    assert with_base_codes(planned, []) == tuple(planned)


def test_control_zones_and_groups():
    zones = read("管控边界.geojson", GKQDM=["0102", "202", "9999"])
    assert zones.kind is LayerKind.CONTROL_ZONE
    assert said(zones.faults) == [(Fault.UNKNOWN_ZONE, 3, "9999", "GKQDM")]
    good = read("管控边界.geojson", GKQDM=["0102", "202", "0900"])
    assert codes(good) == ["0102", "0202", "0900"]
    groups = read("村民小组.geojson", ZMC=["第三村民小组", "十二组", "5"])
    assert groups.kind is LayerKind.GROUP_AREA and codes(groups) == ["3", "12", "5"]
    assert said(read("村民小组.geojson", ZMC=["东组"]).faults) == [
        (Fault.NO_GROUP, 1, "东组", "ZMC")
    ]


@pytest.mark.parametrize(
    ("words", "number"),
    [("3", 3), ("第10组", 10), ("三组", 3), ("十", 10), ("十二组", 12), ("二十组", 20),
     ("二十一村民小组", 21), ("东组", None), ("0", None), ("", None)],
)  # fmt: skip
def test_numbers_of_groups(words, number):
    assert group_number(words) == number


@pytest.mark.parametrize(
    ("name", "columns", "kind"),
    [
        ("DLTB", [], LayerKind.LAND_USE_BASE),
        ("YJJBNT", [], LayerKind.PERMANENT_BASIC_FARMLAND),
        ("STBHHX", [], LayerKind.ECOLOGICAL_REDLINE),
        ("规划用地", [], LayerKind.LAND_USE),
        ("建设边界", [], LayerKind.VILLAGE_BOUNDARY),
        ("CZKFBJ", [], LayerKind.URBAN_BOUNDARY),
        ("现状用地图斑", [], LayerKind.LAND_USE_BASE),
        ("XZQ", [], LayerKind.VILLAGE_AREA),
        ("村民小组范围", [], LayerKind.GROUP_AREA),
        ("GKBJ", [], LayerKind.CONTROL_ZONE),
        ("地质灾害隐患点", [], LayerKind.HAZARD),
        ("公共设施", [], LayerKind.FACILITY),
        ("近期建设项目", [], LayerKind.PROJECT),
        ("生态廊道", [], LayerKind.CORRIDOR),
        ("古树名木", [], LayerKind.HERITAGE),
        ("图层1", ["OBJECTID", "YDYHFLDM"], LayerKind.LAND_USE),
        ("图层1", ["DLBM", "DLMC"], LayerKind.LAND_USE_BASE),
        ("图层1", ["GZQDM"], LayerKind.CONTROL_ZONE),
        ("图层1", ["abc"], None),
    ],
)
def test_what_a_layer_seems_to_be(name, columns, kind):
    assert suggest(name, columns, Family.AREA) is kind


def test_a_column_is_found_whatever_its_case_and_even_cut():
    assert find(["objectid", "dlbm"], ("DLBM",)) == "dlbm"
    assert find(["规划用"], ("规划用地代码",)) == "规划用"  # ten bytes of UTF-8
    assert find(["地类"], ("地类编码",)) is None


AREAS = [geodesic(g) for g in PARCELS]


@pytest.mark.parametrize(
    ("column", "size", "detail"),
    [
        ("TBMJ", 1, None),
        ("面积(公顷)", 1e4, None),
        ("面积_亩", 2000 / 3, None),
        ("面积km2", 1e6, None),
        ("面积(公顷)", 2000 / 3, "ha → mu (亩), ×15"),
        ("面积(亩)", 1e4, "mu (亩) → ha, ×0.06667"),
        ("面积(平方公里)", 1e5, "×10"),
        ("TBMJ", 2000 / 3, "? → mu (亩), ×0.0015"),
        ("面积(平方米)", 1e4, "m² → ha, ×0.0001"),
        ("TBMJ", 0.5, "×2"),
    ],
)
def test_areas_in_a_wrong_unit_are_said_with_the_factor(column, size, detail):
    source = read(code=["0101"] * 3, **{column: [area / size for area in AREAS]})
    found = [(r.detail, r.column, r.feature) for r in source.repairs]
    assert found == ([(detail, column, None)] if detail else [])
    assert [f.area_m2 for f in source.features] == [round(area) for area in AREAS]


def test_a_single_wrong_area_is_named():
    wrong = [AREAS[0], AREAS[1], AREAS[2] * 1.2]
    source = read(code=["0101"] * 3, MJ=wrong)
    assert said(source.repairs) == [(Repair.AREA_DIFFERS, 3, "", "MJ")]
    assert not is_area("Shape_Area") and not is_area("AREANAME") and is_area("YDMJ")
    assert check_areas("MJ", []) is None


def test_doubles_are_taken_once():
    west = PARCELS[0]
    source = read(shapes=[west, west.reverse(), west], code=["0101", "0101", "0703"])
    assert codes(source) == ["0101", "0703"]
    assert [f.number for f in source.features] == [1, 2]
    assert (Repair.DOUBLE, 2, "", "") in said(source.repairs)


def collection(*geometries, **properties):
    features = [
        {"type": "Feature", "properties": properties, "geometry": g and mapping(g)}
        for g in geometries
    ]
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()


def test_areas_lines_and_points_are_parted_and_joined_again_by_kind():
    line = shapely.LineString([(118.6, 29.02), (118.61, 29.03)])
    data = collection(PARCELS[0], line, shapely.Point(118.6, 29.02), None)
    reading = read_file("项目.geojson", data)
    assert [source.family for source in reading.sources] == list(Family)
    assert {source.kind for source in reading.sources} == {LayerKind.PROJECT}
    assert said(reading.repairs) == [
        (Repair.NO_PLACE, 4, "", ""),
        (Repair.MIXED, None, "area + line + point", ""),
    ]
    layers = layers_in(reading)
    assert [f.number for f in layers[LayerKind.PROJECT]] == [1, 2, 3]
    without = layers_in(reading, without={reading.sources[1].key})
    assert [f.number for f in without[LayerKind.PROJECT]] == [1, 2]
    roads = read_file("道路.geojson", data)
    assert [f.reason for f in roads.all_faults] == [Fault.WRONG_FAMILY] * 2


def test_curves_become_straight_lines_and_it_is_said(tmp_path):
    """A circle of a hundred metres, drawn as two arcs."""
    path = written(tmp_path, "a.gpkg", [PARCELS[0]], {"code": ["0101"]}, layer="规划用地")
    rim = [(118.6, 29.0), (118.601, 29.001), (118.602, 29.0), (118.601, 28.999), (118.6, 29.0)]
    arcs = struct.pack("<BII", 1, 8, 5) + b"".join(struct.pack("<dd", *point) for point in rim)
    head = b"GP\0\1" + struct.pack("<i", 4490)
    with closing(sqlite3.connect(path)) as file, file:
        file.execute("UPDATE gpkg_geometry_columns SET geometry_type_name = 'CURVEPOLYGON'")
        curve = head + struct.pack("<BII", 1, 10, 1) + arcs
        for (trigger,) in file.execute(
            "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        ).fetchall():
            file.execute(f'DROP TRIGGER "{trigger}"')
        file.execute('UPDATE "规划用地" SET geom = ?', (curve,))
    (source,) = read_file("a.gpkg", path.read_bytes()).sources
    assert [r.reason for r in source.repairs] == [Repair.CURVES] and source.faults == ()
    circle = math.pi * 0.001**2 * (geodesic(PARCELS[0]) / PARCELS[0].area)
    assert source.area_m2 == pytest.approx(circle, rel=0.01)


def test_heights_are_left_out_and_it_is_said(tmp_path):
    high = [shapely.force_3d(g, 250.0) for g in PARCELS]
    path = written(tmp_path, "规划用地.shp", high, {"code": ["0101"] * 3})
    (source,) = read_file("a.zip", zipped(path)).sources
    assert [r.reason for r in source.repairs] == [Repair.HEIGHT_DROPPED] * 3
    assert not any(shapely.from_geojson(json.dumps(f.geometry)).has_z for f in source.features)


@pytest.mark.parametrize("position", [[1e300, 29.0], [118.6, 1e12], [118.6, 95.0], [200.0, 29.0]])
def test_one_wild_point_is_named_and_spoils_no_other(position):
    features = json.loads(collection(*PARCELS))
    features["features"][1]["geometry"]["coordinates"][0][1] = position
    (source,) = read_file("规划用地.geojson", json.dumps(features).encode()).sources
    assert [(f.reason, f.feature) for f in source.faults] == [(Fault.OUT_OF_RANGE, 2)]
    assert source.features == ()


def test_a_bow_tie_in_a_shapefile_is_repaired_and_said(tmp_path):
    bow = shapely.Polygon([(118.6, 29), (118.601, 29.001), (118.601, 29), (118.6, 29.001)])
    path = written(tmp_path, "规划用地.shp", [bow], {"code": ["0101"]})
    (source,) = read_file("a.zip", zipped(path)).sources
    assert [r.reason for r in source.repairs] == [Repair.SELF_CROSSING]
    assert source.area_m2 == 5400
