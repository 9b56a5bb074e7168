"""Two thousand parcels: measured, drawn within their bytes, and neighbours still share borders."""

import gzip
import re

import pytest
import shapely
from shapely.geometry import box, mapping

from portal.maps import detail, geojson, overview
from portal.maps.drawing import simplify
from portal.maps.parcels import Atlas
from portal.maps.projection import Projection
from portal.maps.rules import Feature, Layer, LayerKind, Sheet
from portal.maps.words import Words
from tests.maps.large import MIDDLE, files, parcels

WORDS = Words(
    "zh_Hans", "图例", "北", "米", "公里", "公顷", {kind: str(kind) for kind in LayerKind}
)


@pytest.fixture(scope="module")
def large():
    layers = {kind: geojson.read(data, kind) for kind, data in files().items()}
    assert not [reading.faults for reading in layers.values() if reading.faults]
    return Sheet(
        "大村", "2026", tuple(Layer(kind, reading.features) for kind, reading in layers.items())
    )


def packed(text: str) -> int:
    return len(gzip.compress(text.encode()))


def test_the_full_map_of_two_thousand_parcels_fits(large):
    drawn = detail.draw(large, changed=range(1, 2000, 4))
    assert packed(drawn.svg) <= 50_000  # asked for: 80 000
    numbers = [
        int(n) for group in re.findall(r'data-n="([^"]*)"', drawn.svg) for n in group.split()
    ]
    assert sorted(numbers) == list(range(1, 2001))  # each is there to be touched, once
    ground = drawn.svg.split('<g id="parcels">')[1].split("<g pointer-events")[0]
    assert ground.count("<path ") == 2000 and 'd=""' not in ground
    assert drawn.south < MIDDLE[1] < drawn.north and drawn.west < MIDDLE[0] < drawn.east


def test_the_overview_of_two_thousand_parcels_fits_into_a_page(large):
    assert packed(overview.draw(large, words=WORDS)) <= 16_000  # asked for: 20 000
    assert packed(overview.draw(large, words=WORDS, text=1.3)) <= 16_000


def test_simplified_neighbours_share_their_borders():
    """No gap, no overlap: the grounds still tile, and what two share they share point by point."""
    before = parcels(400)
    after = simplify(before, 12.0)
    count = shapely.get_num_coordinates
    assert count(after).sum() < count(before).sum() / 4
    assert shapely.coverage_is_valid(after)
    whole = shapely.union_all(after)
    assert sum(g.area for g in after) == pytest.approx(whole.area, rel=1e-9)
    assert len(shapely.get_parts(whole)) == 1 and not whole.interiors
    for one, other in zip(*shapely.STRtree(after).query(after, "touches"), strict=True):
        line = shapely.intersection(after[one], after[other])
        if line.length:
            shared = {tuple(p) for p in shapely.get_coordinates(line)}
            assert shared <= {tuple(p) for p in shapely.get_coordinates(after[one])}


def test_drawn_neighbours_share_their_points_on_the_grid(large):
    """In the file itself: nearly every point of a parcel is a point of a neighbour too."""
    drawn = detail.draw(large).svg.split('<g id="parcels">')[1].split("<g pointer-events")[0]
    owners: dict[tuple[int, int], int] = {}
    for path in re.findall(r' d="([^"]*)"', drawn):
        for point in set(points_of(path)):
            owners[point] = owners.get(point, 0) + 1
    alone = sum(count == 1 for count in owners.values())
    assert alone / len(owners) < 0.05  # the rim of the village has no neighbour


def points_of(path: str):
    for ring in path.split("M")[1:]:
        numbers = [int(n) for n in re.findall(r"-?\d+", ring)]
        x, y = numbers[:2]
        yield x, y
        for dx, dy in zip(numbers[2::2], numbers[3::2], strict=True):
            x, y = x + dx, y + dy
            yield x, y


def test_slivers_between_neighbours_go_before_simplifying():
    near = [box(0, 0, 100, 100), box(99.6, 0, 200, 100)]  # they overlap a little
    one, other = simplify(near, 2.0)
    assert one.intersection(other).length == pytest.approx(100, abs=1)


PLANE = Projection(118.6, 29.0)


def ground(number, x, y, wide, code, base="", name=""):
    square = PLANE.unflatten(box(x, y, x + wide, y + 100))
    return Feature(number, name, code, "", mapping(square), wide * 100, base)


def sheet_of(**layers):
    return Sheet("t", "", tuple(Layer(LayerKind(kind), tuple(fs)) for kind, fs in layers.items()))


def test_what_a_parcel_is_now_and_what_lies_on_it():
    atlas = Atlas(
        sheet_of(
            land_use=[
                ground(1, 0, 0, 100, "0703", "0101", "老屋边"),
                ground(2, 100, 0, 100, "0101", "0101"),
                ground(3, 200, 0, 100, "0101"),
            ],
            permanent_basic_farmland=[ground(1, 100, 0, 200, "")],
            control_zone=[ground(1, 0, 0, 100, "0301")],
            group_area=[ground(1, 0, 0, 150, "1"), ground(2, 150, 0, 150, "2")],
        )
    )
    one, two, three = atlas.parcels.values()
    assert [(p.code, p.area_m2) for p in one.now] == [("0101", 10_000)]
    assert (one.changes, two.changes, three.changes) == (True, False, False)
    assert (one.is_known, three.is_known) == (True, False)
    assert (one.lines, two.lines) == ((), (LayerKind.PERMANENT_BASIC_FARMLAND,))
    assert (one.zones, two.zones) == (("0301",), ())
    assert (one.groups, two.groups, three.groups) == (("1",), ("1", "2"), ("2",))
    first, second = atlas.groups["1"], atlas.groups["2"]
    [change] = first.changes
    assert (change.before, change.after, change.area_m2) == ("0101", "0703", 10_000)
    assert change.parcels == ((1, "老屋边", 10_000),)
    assert second.changes == () and second.changed_m2 == 0
    assert dict(first.lines)[LayerKind.PERMANENT_BASIC_FARMLAND] == pytest.approx(5000, abs=2)
    assert atlas.parcel_at(*two.middle) is two and atlas.group_at(*one.middle) == "1"


def test_a_present_map_of_its_own_is_laid_over():
    atlas = Atlas(
        sheet_of(
            land_use=[ground(1, 0, 0, 100, "0101")],
            land_use_base=[ground(1, 0, 0, 60, "0101"), ground(2, 60, 0, 40, "0301")],
        )
    )
    assert [(p.code, p.area_m2) for p in atlas.parcels[1].now] == [("0101", 6000), ("0301", 4000)]
    assert atlas.parcels[1].changes


def test_a_border_that_only_touches_lies_on_nothing():
    atlas = Atlas(
        sheet_of(
            land_use=[ground(1, 0, 0, 100, "0101", "0101")],
            ecological_redline=[ground(1, 99.99, 0, 100, "")],
        )
    )
    assert atlas.parcels[1].lines == ()
