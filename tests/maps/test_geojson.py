"""GeoJSON in: every fault has its number and reason, and nothing is half-read."""

import json

import pytest
from shapely.geometry import shape

from portal.maps import geojson, rfc7946
from portal.maps.rules import MAX_BYTES, Fault, LayerKind, Remark, Repair

SQUARE = [[118.0, 29.0], [118.001, 29.0], [118.001, 29.001], [118.0, 29.001], [118.0, 29.0]]


def polygon(ring=SQUARE, **properties):
    geometry = {"type": "Polygon", "coordinates": [ring]}
    return {"type": "Feature", "properties": {"code": "0101", **properties}, "geometry": geometry}


def file_of(*features, **members):
    return json.dumps({"type": "FeatureCollection", "features": features, **members}).encode()


def read(data, kind=LayerKind.LAND_USE):
    return geojson.read(data, kind)


def test_a_good_file_is_read_whole():
    reading = read(file_of(polygon(name="前畈"), polygon(SQUARE, code="1701")))
    assert reading.faults == () and reading.repairs == ()
    assert [(f.number, f.name, f.code) for f in reading.features] == [
        (1, "前畈", "0101"),
        (2, "", "1701"),
    ]
    assert reading.features[0].area_m2 == 10800
    assert reading.features[0].geometry["coordinates"] == [SQUARE]


@pytest.mark.parametrize(
    ("ring", "reason", "detail"),
    [
        (SQUARE[:-1], Fault.RING_NOT_CLOSED, ""),
        (SQUARE[:3], Fault.RING_TOO_SHORT, "3"),
        ([[118.0, 29.0]] * 4, Fault.NO_AREA, ""),
        ([*SQUARE[:2], [118.0, 129.0], *SQUARE[3:]], Fault.OUT_OF_RANGE, "118, 129"),
        ([[y, x] for x, y in SQUARE], Fault.SWAPPED, "29, 118"),
        ([*SQUARE[:2], ["118", 29.0], *SQUARE[3:]], Fault.BAD_POSITION, '["118", 29.0]'),
        ([*SQUARE[:2], [True, 29.0], *SQUARE[3:]], Fault.BAD_POSITION, "[true, 29.0]"),
        ([*SQUARE[:2], [118.0], *SQUARE[3:]], Fault.BAD_POSITION, "[118.0]"),
        ([*SQUARE[:2], 118.0, *SQUARE[3:]], Fault.BAD_POSITION, "118.0"),
        ([], Fault.BAD_POSITION, ""),
        (
            [[118.0, 29.0], [119.5, 29.0], [119.5, 29.1], [118.0, 29.0]],
            Fault.TOO_FAR_APART,
            "120 km",
        ),
    ],
)
def test_a_bad_ring_is_named_with_its_feature(ring, reason, detail):
    reading = read(file_of(polygon(), polygon(ring)))
    number = 1 if reason is Fault.TOO_FAR_APART else 2
    assert reading.faults[0].reason is reason
    assert reading.faults[0].detail == detail
    assert reading.faults[0].feature in (number, 2)
    assert reading.features == ()


def test_every_fault_is_said_not_only_the_first():
    bad = polygon(SQUARE[:-1])
    faults = read(file_of(bad, polygon(), polygon(code="9999"), {"type": "Punkt"})).faults
    assert faults == (
        Remark(Fault.RING_NOT_CLOSED, 1),
        Remark(Fault.UNKNOWN_CLASS, 3, "9999"),
        Remark(Fault.NOT_A_FEATURE, 4),
    )


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"\xff\xfe", Fault.NOT_UTF8),
        (b'{"type": ', Fault.NOT_JSON),
        (b"[]", Fault.NOT_GEOJSON),
        (b'"text"', Fault.NOT_GEOJSON),
        (b'{"type": "Topology"}', Fault.NOT_GEOJSON),
        (b'{"type": "FeatureCollection", "features": {}}', Fault.NOT_GEOJSON),
        (b'{"type": "FeatureCollection", "features": []}', Fault.NO_FEATURES),
        (b'{"type": "FeatureCollection", "type": "Feature"}', Fault.DUPLICATE_MEMBER),
        (b'{"type": "GeometryCollection", "geometries": []}', Fault.COLLECTION),
        (b"[" * 200_000, Fault.TOO_DEEP),
        (b" " * (MAX_BYTES + 1), Fault.TOO_BIG),
        (file_of(polygon(), bbox=["a", 1, 2, 3]), Fault.BAD_BBOX),
        (file_of(polygon(), crs={"properties": {"name": "EPSG:4547"}}), Fault.OTHER_CRS),
        (b'{"type": "Point", "coordinates": [NaN, 1]}', Fault.NOT_FINITE),
    ],
    ids=lambda value: str(value)[:40],
)
def test_a_bad_file_is_refused_as_a_whole(data, reason):
    reading = read(data)
    assert [fault.reason for fault in reading.faults] == [reason]
    assert reading.faults[0].feature is None
    assert reading.features == ()


def test_infinite_and_huge_numbers_are_refused():
    text = file_of(polygon()).decode().replace("118.001", "1e999", 1)
    assert read(text.encode()).faults == (Remark(Fault.NOT_FINITE, 1),)
    text = file_of(polygon()).decode().replace("118.001", "1" + "0" * 400, 1)
    assert read(text.encode()).faults == (Remark(Fault.NOT_FINITE, 1),)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"properties": []}, Fault.BAD_PROPERTIES),
        ({"id": []}, Fault.BAD_ID),
        ({"bbox": [1, 2, 3]}, Fault.BAD_BBOX),
        ({"coordinates": []}, Fault.FOREIGN_MEMBER),
        ({"geometry": []}, Fault.BAD_GEOMETRY),
        ({"geometry": {"type": "Circle", "coordinates": [1, 2]}}, Fault.BAD_GEOMETRY),
        ({"geometry": {"type": "GeometryCollection", "geometries": []}}, Fault.COLLECTION),
        ({"geometry": {"type": "Point", "coordinates": [118, 29]}}, Fault.WRONG_FAMILY),
        ({"properties": {}}, Fault.NO_CLASS),
    ],
)
def test_a_bad_feature_is_refused(change, reason):
    assert [f.reason for f in read(file_of({**polygon(), **change})).faults] == [reason]


def test_a_feature_without_properties_member_is_refused():
    feature = polygon()
    del feature["properties"]
    assert [f.reason for f in read(file_of(feature)).faults] == [Fault.BAD_PROPERTIES]


def test_too_many_positions_stop_the_reading(monkeypatch):
    monkeypatch.setattr(geojson, "MAX_POSITIONS", 7)
    monkeypatch.setattr(rfc7946, "MAX_POSITIONS", 7)
    assert read(file_of(polygon(), polygon())).faults == (Remark(Fault.TOO_MANY_POSITIONS, 2, "7"),)


def test_a_ring_that_crosses_itself_is_repaired_and_said():
    bow = [[118.0, 29.0], [118.001, 29.001], [118.001, 29.0], [118.0, 29.001], [118.0, 29.0]]
    reading = read(file_of(polygon(bow)))
    assert reading.faults == ()
    assert reading.repairs == (Remark(Repair.SELF_CROSSING, 1, "Self-intersection"),)
    repaired = shape(reading.features[0].geometry)
    assert repaired.is_valid and repaired.geom_type == "MultiPolygon"
    assert reading.features[0].area_m2 == 5400


def test_other_repairs_are_said():
    high = [[x, y, 250.0] for x, y in SQUARE]
    nowhere = {**polygon(), "geometry": None}
    reading = read(file_of(polygon(SQUARE[::-1]), polygon(high), nowhere, polygon(name="长" * 121)))
    assert reading.repairs == (
        Remark(Repair.RING_ORDER, 1),
        Remark(Repair.HEIGHT_DROPPED, 2),
        Remark(Repair.NO_PLACE, 3),
        Remark(Repair.TEXT_CUT, 4, "120"),
    )
    assert [f.geometry["coordinates"] for f in reading.features[:2]] == [[SQUARE], [SQUARE]]
    assert reading.features[2].name == "长" * 120


def test_a_bare_feature_and_a_bare_geometry_are_read():
    feature = json.dumps(polygon()).encode()
    assert len(read(feature).features) == 1
    geometry = json.dumps(polygon()["geometry"]).encode()
    assert len(read(geometry, LayerKind.VILLAGE_AREA).features) == 1


def test_what_is_written_is_read_again_the_same():
    reading = read(file_of(polygon(name="前畈", ref="3"), polygon(code="1701")))
    again = read(geojson.write(reading.features))
    assert again == reading
