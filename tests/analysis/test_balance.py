"""The structure table: groups, subtotals, shares, and each thing that can be wrong with it."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.analysis.balance import Column, Flaw, Found, Group, Line, group_of, make_table, shares
from portal.analysis.ledger import compare_with_map, quota_of
from portal.analysis.rules import hectares, mu, square_kilometres, square_metres
from portal.maps.landuse import CLASSES

D = Decimal


def line(code, base, target, *, is_town=False):
    return Line(code, is_town, D(base), D(target))


# A village of 100 ha, summed by hand.
LINES = (
    line("0101", "30.00", "29.50"),
    line("0103", "10.00", "10.20"),
    line("0301", "40.00", "39.60"),
    line("1701", "5.00", "5.00"),
    line("0703", "8.00", "7.90"),
    line("0804", "0.50", "0.80"),
    line("1207", "1.50", "1.60"),
    line("0901", "1.00", "1.20", is_town=True),
    line("0701", "0.50", "0.50"),
    line("1202", "2.50", "2.70"),
    line("1506", "1.00", "1.00"),
)
EXPECTED = {
    Group.TOTAL: ("100.00", "100.00"),
    Group.NON_CONSTRUCTION: ("85.00", "84.30"),
    Group.CONSTRUCTION: ("15.00", "15.70"),
    Group.URBAN_RURAL: ("11.50", "12.00"),
    Group.VILLAGE: ("10.00", "10.30"),
    Group.TOWN: ("1.50", "1.70"),
    Group.REGIONAL: ("2.50", "2.70"),
    Group.OTHER: ("1.00", "1.00"),
}


@pytest.mark.parametrize(
    ("code", "is_town", "group"),
    [
        ("0101", False, Group.NON_CONSTRUCTION),
        ("06", False, Group.NON_CONSTRUCTION),
        ("0601", True, Group.NON_CONSTRUCTION),
        ("17", False, Group.NON_CONSTRUCTION),
        ("23", False, Group.NON_CONSTRUCTION),
        ("2301", False, Group.VILLAGE),
        ("0703", False, Group.VILLAGE),
        ("0703", True, Group.TOWN),
        ("0704", False, Group.VILLAGE),
        ("0701", False, Group.TOWN),
        ("0702", True, Group.TOWN),
        ("0804", False, Group.VILLAGE),
        ("080403", False, Group.VILLAGE),
        ("0901", True, Group.TOWN),
        ("1001", False, Group.VILLAGE),
        ("1002", False, Group.OTHER),
        ("1003", False, Group.OTHER),
        ("1201", False, Group.REGIONAL),
        ("1206", True, Group.REGIONAL),
        ("1207", False, Group.VILLAGE),
        ("1209", False, Group.VILLAGE),
        ("1310", False, Group.VILLAGE),
        ("1311", False, Group.REGIONAL),
        ("1312", False, Group.VILLAGE),
        ("14", False, Group.VILLAGE),
        ("15", False, Group.OTHER),
        ("16", False, Group.VILLAGE),
        ("07", False, None),
        ("10", False, None),
        ("12", False, None),
        ("13", False, None),
        ("9999", False, None),
    ],
)
def test_each_class_counts_in_its_group(code, is_town, group):
    assert group_of(code, is_town=is_town) is group


def test_every_class_of_the_guide_has_a_group_but_the_four_mixed_ones():
    homeless = {code for code in CLASSES if group_of(code, is_town=False) is None}
    assert homeless == {"07", "10", "12", "13"}


def test_groups_and_subtotals_are_summed_as_by_hand():
    table = make_table(LINES, area_ha=D("100.00"))
    sums = {g: (str(table.row(g).base_ha), str(table.row(g).target_ha)) for g in Group}
    assert sums == EXPECTED
    assert table.found == ()
    assert table.balances
    assert table.row(Group.VILLAGE).change_ha == D("0.30")


def test_rows_stand_below_their_group_and_several_of_one_class_below_its_own_row():
    table = make_table(LINES, area_ha=D("100.00"))
    assert [(row.level, row.code or row.group.value) for row in table.rows] == [
        (0, "total"),
        (1, "non_construction"),
        (2, "01"),
        (3, "0101"),
        (3, "0103"),
        (2, "0301"),
        (2, "1701"),
        (1, "construction"),
        (2, "urban_rural"),
        (3, "village"),
        (4, "0703"),
        (4, "0804"),
        (4, "1207"),
        (3, "town"),
        (4, "0701"),
        (4, "0901"),
        (2, "regional"),
        (3, "1202"),
        (2, "other"),
        (3, "1506"),
    ]
    first = next(row for row in table.rows if row.code == "01")
    assert (first.base_ha, first.target_ha) == (D("40.00"), D("39.70"))


@pytest.mark.parametrize(
    ("lines", "area", "found"),
    [
        ((), "100", [Found(Flaw.NO_LINES, "total")]),
        (LINES, None, [Found(Flaw.AREA_UNKNOWN, "total")]),
        (LINES, "100.01", []),
        (
            LINES,
            "100.02",
            [
                Found(Flaw.NOT_THE_AREA, "total", Column.BASE, D("100.00"), D("100.02")),
                Found(Flaw.NOT_THE_AREA, "total", Column.TARGET, D("100.00"), D("100.02")),
            ],
        ),
        ((line("01", "5", "5.01"), line("03", "5", "5")), "10", []),
        (
            (line("01", "5", "5.02"), line("03", "5", "5")),
            "10",
            [
                Found(Flaw.NOT_THE_AREA, "total", Column.TARGET, D("10.02"), D("10")),
                Found(Flaw.CHANGE_NOT_ZERO, "total", Column.CHANGE, D("0.02"), D(0)),
            ],
        ),
        (
            (line("01", "10", "10"), line("0101", "6", "6"), line("0103", "3.98", "4")),
            "9.99",
            [Found(Flaw.SUBTOTAL, "01", Column.BASE, D("10"), D("9.98")),
             Found(Flaw.CHANGE_NOT_ZERO, "total", Column.CHANGE, D("0.02"), D(0))],
        ),
        ((line("01", "10", "10"), line("0101", "6", "6"), line("0103", "4", "4")), "10", []),
        ((line("99", "1", "1"), line("01", "1", "1")), "1", [Found(Flaw.UNKNOWN_CLASS, "99")]),
        ((line("12", "1", "1"), line("01", "1", "1")), "1", [Found(Flaw.MIXED_CLASS, "12")]),
        (
            (Line("01", False, D(1), None), line("03", "0", "1")),
            "1",
            [Found(Flaw.VALUE_MISSING, "01", Column.TARGET)],
        ),
        (
            (line("01", "2", "1"), line("03", "-1", "0")),
            "1",
            [Found(Flaw.NEGATIVE, "03", Column.BASE, D("-1"), D(0))],
        ),
    ],
)  # fmt: skip
def test_each_flaw_is_said_with_its_line_its_value_and_what_was_expected(lines, area, found):
    assert list(make_table(lines, area_ha=area and D(area)).found) == found


def test_what_is_only_said_stops_nobody():
    assert make_table(LINES, area_ha=None).balances
    assert not make_table((), area_ha=None).balances
    assert not make_table(LINES, area_ha=D(99)).balances


def test_shares_sum_to_exactly_a_hundred():
    assert shares([D(1), D(1), D(1)]) == [D("33.34"), D("33.33"), D("33.33")]
    assert shares([D("0.00004"), D(1)]) == [D("0.00"), D("100.00")]
    assert shares([D(0), D(0)]) == [None, None]
    assert shares([D(2), D(-1)]) == [None, None]
    assert shares([]) == []


@given(st.lists(st.decimals(0, 10_000, places=4), min_size=1, max_size=40))
def test_shares_are_within_a_hundredth_of_the_truth_and_sum_to_a_hundred(values):
    whole = sum(Fraction(value) for value in values)
    found = shares(values)
    if whole == 0:
        assert found == [None] * len(values)
        return
    assert sum(found) == D("100.00")
    for value, share in zip(values, found, strict=True):
        assert abs(Fraction(share) - Fraction(value) * 100 / whole) < Fraction(1, 100)


CODES = sorted(c for c in CLASSES if len(c) == 4 and group_of(c, is_town=False))


@st.composite
def villages(draw):
    """A whole village: the same area parted among classes twice."""
    codes = draw(st.lists(st.sampled_from(CODES), min_size=2, max_size=25, unique=True))
    cents = st.lists(st.integers(0, 500_000), min_size=len(codes), max_size=len(codes))
    base, target = draw(cents), draw(cents)
    gap = sum(base) - sum(target)
    if gap > 0:
        target[0] += gap
    else:
        base[0] -= gap
    towns = draw(st.lists(st.booleans(), min_size=len(codes), max_size=len(codes)))
    rows = zip(codes, towns, base, target, strict=True)
    return [Line(c, town, D(b).scaleb(-4), D(t).scaleb(-4)) for c, town, b, t in rows]


@given(villages())
def test_a_balanced_village_has_no_flaw_and_every_subtotal_is_the_sum_of_its_lines(lines):
    area = sum((item.base_ha for item in lines), D(0))
    table = make_table(lines, area_ha=area)
    assert table.found == ()
    for column in ("base_ha", "target_ha", "base_share", "target_share"):
        for group in Group:
            whole = getattr(table.row(group), column)
            mine = [r for r in leaves(table) if group in ABOVE[r.group]]
            parts = [getattr(row, column) for row in mine]
            if None in parts or whole is None:
                assert area == 0
            else:
                assert whole == sum(parts, D(0))


ABOVE = {
    Group.NON_CONSTRUCTION: {Group.NON_CONSTRUCTION, Group.TOTAL},
    Group.VILLAGE: {Group.VILLAGE, Group.URBAN_RURAL, Group.CONSTRUCTION, Group.TOTAL},
    Group.TOWN: {Group.TOWN, Group.URBAN_RURAL, Group.CONSTRUCTION, Group.TOTAL},
    Group.REGIONAL: {Group.REGIONAL, Group.CONSTRUCTION, Group.TOTAL},
    Group.OTHER: {Group.OTHER, Group.CONSTRUCTION, Group.TOTAL},
}


def leaves(table):
    return [row for row in table.rows if len(row.code) == 4]


@given(villages(), st.integers(0, 24), st.integers(101, 10_000))
def test_whatever_is_moved_by_more_than_the_tolerance_is_found(lines, which, by):
    area = sum((item.base_ha for item in lines), D(0))
    item = lines[which % len(lines)]
    lines[which % len(lines)] = Line(
        item.code, item.is_town, item.base_ha, item.target_ha + D(by).scaleb(-4)
    )
    flaws = {found.flaw for found in make_table(lines, area_ha=area).found}
    assert flaws == {Flaw.NOT_THE_AREA, Flaw.CHANGE_NOT_ZERO}


def test_the_map_is_compared_class_by_class():
    lines = (line("01", "2", "2"), line("0703", "1", "1"), line("0703", "0.5", "0.5", is_town=True))
    measured = {"0101": 12_000, "0103": 8_000, "0703": 15_300, "0301": 777}
    counts = {"0101": 3, "0103": 2, "0703": 200, "0301": 1}
    assert compare_with_map(lines, measured, counts, Column.TARGET) == [
        Found(Flaw.OTHER_ON_MAP, "0301", Column.TARGET, D("0.0777"), D(0)),
        Found(Flaw.NOT_ON_MAP, "0703", Column.TARGET, D("1.5"), D("1.53")),
    ]
    assert compare_with_map(lines, measured | {"0703": 15_200}, counts, Column.TARGET)[1:] == []


def test_the_quota_is_what_was_built_on_and_what_was_linked():
    table = make_table(LINES, area_ha=D(100))
    without, with_quota = quota_of(table, linked_ha=None), quota_of(table, linked_ha=D("0.5"))
    assert (without.left_ha, without.holds) == (D("-0.50"), False)
    assert (with_quota.left_ha, with_quota.holds) == (D("0.00"), True)


def test_units_of_land():
    assert hectares(10_000) == 1
    assert mu(D(1)) == 15
    assert square_kilometres(D(100)) == 1
    assert square_metres(D(1)) == 10_000
    assert mu(D(100)) == 1500  # one square kilometre
    assert square_metres(D(100)) == 1_000_000  # and not 100 000: a public tool's fault
    assert mu(hectares(2000)) == 3  # 亩 of 2000/3 square metres
