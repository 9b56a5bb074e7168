"""GeoJSON made by others: real village boundaries, and the test files of a GeoJSON linter."""

import json

import pytest
from shapely.geometry import shape

from portal.maps import geojson
from portal.maps.rules import Fault, LayerKind, Repair
from tests.real_data import real_data

# What a linter calls bad, and what we make of it. Where it is read all the same, the reason is said.
BAD = {
    "bad-duplicate-properties": Fault.DUPLICATE_MEMBER,
    "bad-json": Fault.NOT_JSON,
    "bad-polygon-interiorring-rhr": Repair.RING_ORDER,  # RFC 7946 3.1.6: parsers should not reject
    "bad-properties-as-array": Fault.BAD_PROPERTIES,
    "badcoordtype": Fault.BAD_POSITION,
    "badfeatureid": Fault.BAD_ID,
    "bbox-contains-string": Fault.BAD_BBOX,
    "different-first-last": Fault.RING_NOT_CLOSED,
    "excessive_precision_truncated": Fault.TOO_FAR_APART,  # valid GeoJSON, but no village
    "false": Fault.COLLECTION,
    "featurecollection-obj": Fault.NOT_GEOJSON,
    "featurecollection": Fault.NOT_GEOJSON,
    "geometry_changed_semantics": Fault.FOREIGN_MEMBER,
    "geometrycollection_single": Fault.COLLECTION,
    "multipoint-multidimension": Fault.BAD_POSITION,
    "nofeaturetype": Fault.NOT_A_FEATURE,
    "point-labeled-as-a-multipolygon": Fault.BAD_POSITION,
    "point-toofew": Fault.BAD_POSITION,
    "point": Fault.BAD_POSITION,
    "rootstring": Fault.NOT_GEOJSON,
    "short-linearring": Fault.RING_TOO_SHORT,
    "stringcoord": Fault.BAD_POSITION,
}
# What the linter calls good, and no village map can be: other continents in one file, latitudes
# beyond the pole, nothing to draw.
GOOD = {
    "good-featurecollection-bbox3d": Fault.TOO_FAR_APART,
    "good-featurecollection": Fault.TOO_FAR_APART,
    "issue82": Fault.OUT_OF_RANGE,
    "nullgeometry": Fault.NO_FEATURES,
}


def test_bad_files_are_refused_or_repaired_and_said():
    folder = real_data("geo/geojsonhint/bad")
    if folder is None:
        return
    assert {path.stem for path in folder.iterdir()} == set(BAD)
    for name, reason in BAD.items():
        reading = geojson.read((folder / f"{name}.geojson").read_bytes(), LayerKind.PROJECT)
        remarks = [remark.reason for remark in (*reading.faults, *reading.repairs)]
        assert remarks[:1] == [reason], name
        assert bool(reading.features) == isinstance(reason, Repair), name


def test_verdicts_differ_from_the_linter_only_where_it_is_argued():
    """What it refuses is refused; what it only frowns at is put right; but a map is a village's."""
    path = real_data("geo/geojsonhint/expected.json")
    if path is None:
        return
    argued = {"excessive_precision_truncated", *GOOD}
    for name, told in json.loads(path.read_text(encoding="utf-8")).items():
        folder, stem = name.removesuffix(".geojson").split("/")
        is_wrong = any(one.get("level") != "message" for one in told.get("geojsonhint_result", ()))
        ours = BAD[stem] if folder == "bad" else GOOD.get(stem)
        assert (isinstance(ours, Fault) == is_wrong) is (stem not in argued), name


def test_good_files_are_read_unless_they_show_no_village():
    folder = real_data("geo/geojsonhint/good")
    if folder is None:
        return
    for path in sorted(folder.iterdir()):
        faults = [f.reason for f in geojson.read(path.read_bytes(), LayerKind.PROJECT).faults]
        assert faults == ([GOOD[path.stem]] if path.stem in GOOD else []), path.stem


def test_real_villages_have_their_geodesic_areas():
    """The areas were computed on the ellipsoid by others; ours agree to one part in 100 000."""
    folder = real_data("geo")
    if folder is None:
        return
    expected = json.loads((folder / "villages_expected.json").read_text(encoding="utf-8"))
    for name, facts in expected.items():
        reading = geojson.read((folder / name).read_bytes(), LayerKind.VILLAGE_AREA)
        areas = {feature.name: feature.area_m2 for feature in reading.features}
        assert areas == pytest.approx(facts["area_m2_geodesic_wgs84"], rel=1e-5)
        boxes = [shape(feature.geometry).bounds for feature in reading.features]
        west, south = min(box[0] for box in boxes), min(box[1] for box in boxes)
        assert [west, south] == pytest.approx(facts["bbox"][:2], abs=1e-6)


def test_a_bare_feature_of_the_street_map_is_read():
    path = real_data("geo/osm/Salida.geojson")
    if path is None:
        return
    reading = geojson.read(path.read_bytes(), LayerKind.VILLAGE_AREA)
    assert reading.faults == () and len(reading.features) == 1
