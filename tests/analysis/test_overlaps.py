"""Overlaps of boundaries: found, measured, tolerated, and found again."""

from decimal import Decimal

import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import box

from portal.analysis.boundaries import CONSTRUCTION, KEYS, keys_on
from portal.analysis.overlaps import Known, Tolerance, check_pairs, find_again, survey
from portal.analysis.rules import Refusal
from portal.analysis.words import boundary_words
from portal.core.errors import Refused
from portal.maps.rules import LayerKind
from tests.analysis.conftest import feature, layer, sheet

REDLINE, VILLAGE = LayerKind.ECOLOGICAL_REDLINE, LayerKind.VILLAGE_BOUNDARY
PAIR = [("ecological_redline", "village_boundary")]
NONE = Tolerance(0, Decimal(0))
D = Decimal


def two(first, second):
    return sheet(
        layer(REDLINE, *(feature(n, *r) for n, r in enumerate(first, 1))),
        layer(VILLAGE, *(feature(n, *r) for n, r in enumerate(second, 1))),
    )


def test_overlaps_are_measured_as_by_hand():
    found = survey(
        two([(0, 0, 200, 100), (300, 0, 400, 100)], [(150, 0, 250, 100), (390, 0, 490, 50)]),
        PAIR,
        NONE,
    )
    assert [(o.area_m2, o.smaller_m2, o.share) for o in found.overlaps] == [
        (5000, 10_000, D("50.00")),
        (500, 5000, D("10.00")),
    ]
    assert (found.patches, found.conflicting, found.ratio) == (4, 4, D("100.00"))
    assert (found.checked_m2, found.overlap_m2) == (20_000 + 10_000 + 10_000 + 5000 - 5500, 5500)


def test_a_shared_border_is_no_conflict():
    found = survey(two([(0, 0, 100, 100)], [(100, 0, 200, 100)]), PAIR, NONE)
    assert (found.overlaps, found.conflicting, found.patches) == ((), 0, 2)


@pytest.mark.parametrize(
    ("area", "percent", "left"),
    [
        (500, "0", 2), (501, "0", 1), (0, "10", 2), (0, "10.01", 1), (5001, "0", 0), (0, "51", 0),
        (501, "51", 0),
    ],
)  # fmt: skip
def test_what_is_too_small_by_area_or_by_share_is_passed_over(area, percent, left):
    found = survey(
        two([(0, 0, 200, 100), (300, 0, 400, 100)], [(150, 0, 250, 100), (390, 0, 490, 50)]),
        PAIR,
        Tolerance(area, D(percent)),
    )
    assert (len(found.overlaps), found.tolerated) == (left, 2 - left)


def test_a_patch_in_two_sets_counts_once_and_is_not_held_against_itself():
    ground = sheet(
        layer(LayerKind.LAND_USE, feature(1, 0, 0, 100, 100, code="0703")),
        layer(REDLINE, feature(1, 50, 0, 150, 100)),
    )
    pairs = [("ecological_redline", CONSTRUCTION), (CONSTRUCTION, "ecological_redline")]
    found = survey(ground, pairs, NONE)
    assert (found.patches, found.conflicting, len(found.overlaps)) == (2, 2, 2)
    assert found.overlap_m2 == 5000  # the ground counts once
    assert keys_on(ground) == ["ecological_redline", "land_use:construction"]


def test_a_conflict_keeps_its_key_when_the_file_is_in_another_order():
    first, second = [(0, 0, 200, 100), (300, 0, 400, 100)], [(150, 0, 350, 100)]
    one = survey(two(first, second), PAIR, NONE)
    other = survey(two(first[::-1], second), PAIR, NONE)
    assert {o.key: o.area_m2 for o in one.overlaps} == {o.key: o.area_m2 for o in other.overlaps}


def test_equal_twins_get_keys_of_their_own():
    found = survey(two([(0, 0, 100, 100), (0, 0, 100, 100)], [(50, 0, 150, 100)]), PAIR, NONE)
    assert len({o.key for o in found.overlaps}) == 2


@pytest.mark.parametrize(
    ("pairs", "reason"),
    [
        ([], Refusal.NO_PAIRS),
        ([("road", "building")], Refusal.UNKNOWN_BOUNDARIES),
        ([("ecological_redline", "")], Refusal.UNKNOWN_BOUNDARIES),
        ([("building", "building")], Refusal.SAME_BOUNDARIES),
    ],
)
def test_pairs_that_cannot_be_compared(pairs, reason):
    with pytest.raises(Refused) as refused:
        check_pairs(pairs)
    assert refused.value.reason is reason


def test_every_set_of_boundaries_has_a_name(make_app):
    app = make_app(create=False)
    with app.test_request_context():
        names = [boundary_words(key) for key in KEYS]
    assert len(set(names)) == len(KEYS)


def row(row_id, key, *bounds):
    return Known(row_id, key, "a", "b", box(*bounds))


def test_what_is_still_there_is_found_again_by_key_then_by_its_ground():
    known = [row(1, "k1", 0, 0, 10, 10), row(2, "k2", 20, 0, 30, 10), row(3, "k3", 50, 0, 60, 10)]
    new = [
        ("k1", "a", "b", box(90, 90, 91, 91)),  # the same patches, elsewhere
        ("n2", "a", "b", box(21, 0, 31, 10)),  # drawn anew: 9 of 11
        ("n3", "a", "b", box(56, 0, 66, 10)),  # another one: 4 of 16
        ("n4", "b", "a", box(50, 0, 60, 10)),  # other sets
    ]
    assert find_again(known, new) == {"k1": 1, "n2": 2}
    assert find_again([], new) == {}
    assert find_again(known, []) == {}


def test_of_two_that_lie_on_the_same_ground_the_nearer_one_is_it():
    known = [row(1, "k1", 0, 0, 10, 10)]
    new = [("n1", "a", "b", box(0, 0, 10, 9)), ("n2", "a", "b", box(0, 0, 10, 10))]
    assert find_again(known, new) == {"n2": 1}


@st.composite
def coverages(draw):
    """Patches that do not lie on each other: some cells of a grid, of sides drawn at random."""
    edges = draw(st.lists(st.integers(5, 60), min_size=2, max_size=5))
    east, start = [], draw(st.integers(-80, 80))
    for step in edges:
        east.append((start, start + step))
        start += step
    rows = draw(st.lists(st.integers(5, 60), min_size=1, max_size=4))
    north, low = [], draw(st.integers(-80, 80))
    for step in rows:
        north.append((low, low + step))
        low += step
    cells = [(w, s, e, n) for w, e in east for s, n in north]
    return draw(st.lists(st.sampled_from(cells), min_size=1, unique=True))


@settings(max_examples=60, deadline=None)
@given(coverages(), coverages())
def test_the_overlaps_are_what_inclusion_and_exclusion_leaves(first, second):
    """|A ∩ B| = |A| + |B| − |A ∪ B|, computed in the plane without the code under test."""
    one = shapely.union_all([box(*r) for r in first])
    other = shapely.union_all([box(*r) for r in second])
    expected = one.area + other.area - one.union(other).area
    found = survey(two(first, second), PAIR, NONE)
    assert sum(o.area_m2 for o in found.overlaps) == pytest.approx(expected, abs=1 + len(first))
    hit = {r for r in first if box(*r).intersection(other).area > 0}
    met = {r for r in second if box(*r).intersection(one).area > 0}
    assert found.conflicting == len(hit) + len(met)
    assert found.patches == len(first) + len(second)
