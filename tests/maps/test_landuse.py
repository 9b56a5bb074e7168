"""The land-use classes, and what their areas are worth."""

from math import cos, radians, sin

import pytest
from shapely.geometry import Polygon

from portal.maps.landuse import CLASSES, find_class
from portal.maps.projection import Projection


def test_all_classes_of_the_2023_edition_are_there():
    assert len(CLASSES) == 175
    assert [code for code in CLASSES if len(code) == 2] == [f"{n:02}" for n in range(1, 25)]
    assert all(found.parent is None or found.parent in CLASSES for found in CLASSES.values())
    assert all(found.name_zh and found.name_en for found in CLASSES.values())


@pytest.mark.parametrize(
    ("code", "zh", "colour", "construction", "village"),
    [
        ("0101", "水田", "#F5F8DC", False, False),
        ("0602", "设施农用地", "#D8D79F", False, False),
        ("0703", "农村宅基地", "#FFD380", True, True),
        ("1202", "公路用地", "#ADADAD", True, False),
        ("1207", "城镇村道路用地", "#A3A3A3", True, True),
        ("1701", "河流水面", "#338EC0", False, False),
    ],
)
def test_key_classes(code, zh, colour, construction, village):
    found = find_class(code)
    assert (found.name("zh_Hans"), found.colour) == (zh, colour)
    assert (found.construction, found.village_construction) == (construction, village)


def test_regional_infrastructure_is_not_village_land():
    both = [
        c.code for c in CLASSES.values() if c.regional_infrastructure and c.village_construction
    ]
    assert both == []
    assert find_class("0000") is None
    assert find_class("0101").name("en") == "Paddy field"


def test_areas_agree_with_an_integral_over_the_ellipsoid():
    """A cell of one by one minute, summed up in two thousand strips of latitude."""
    cell = Polygon([(118, 29), (118 + 1 / 60, 29), (118 + 1 / 60, 29 + 1 / 60), (118, 29 + 1 / 60)])
    flattening, strips, minute = 1 / 298.257223563, 2000, radians(1 / 60)
    e2 = flattening * (2 - flattening)
    latitudes = [radians(29) + minute * (n + 0.5) / strips for n in range(strips)]
    ring = sum(cos(at) / (1 - e2 * sin(at) ** 2) ** 2 for at in latitudes)
    area = 6378137.0**2 * (1 - e2) * ring * (minute / strips) * minute
    plane = Projection(118.4, 29.2)  # not the middle: areas are true anywhere
    assert plane.flatten(cell).area == pytest.approx(area, rel=1e-9)


def test_degrees_come_back():
    cell = Polygon([(118, 29), (118.02, 29), (118.02, 29.02), (118, 29.02)])
    plane = Projection(118.01, 29.01)
    assert plane.unflatten(plane.flatten(cell)).equals_exact(cell, 1e-9)
