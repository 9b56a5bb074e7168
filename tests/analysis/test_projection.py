"""Scenarios: the formulas against values computed by hand and with fractions."""

from decimal import Decimal
from fractions import Fraction
from math import ceil

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.analysis.projection import (
    RANGES,
    Facts,
    Parameters,
    digest,
    facts_from,
    out_of_range,
    parameters_from,
    plain,
    preset,
    project,
)
from portal.analysis.rules import Preset

D = Decimal
FACTS = Facts(people=D(1500), cap_ha=D("18.00"), farmland_ha=D("80.00"))
BASE = Parameters(
    growth_percent=D("-1.2"), migration=D(-120), household_size=D("2.8"), land_m2=D(100),
    occupied_ha=D("1.20"), reclaimed_ha=D("0.80"), build_cost=D(300), reclaim_cost=D(60),
)  # fmt: skip


def test_the_target_year_is_as_computed_by_hand():
    # 1500 · 0.988^10 = 1329.42 ; − 120 = 1209.42 -> 1209 ; ⌈1209 / 2.8⌉ = ⌈431.79⌉
    years = project(FACTS, BASE, base_year=2025, target_year=2035)
    end = years[-1]
    assert [y.year for y in years] == list(range(2025, 2036))
    assert (end.people, end.homes) == (1209, 432)
    assert (end.land_ha, end.balance_ha) == (D("12.09"), D("5.91"))
    assert (end.farmland_ha, end.cost) == (D("79.60"), D("408.00"))


def test_the_base_year_is_the_plan_itself():
    start = project(FACTS, BASE, base_year=2025, target_year=2035)[0]
    assert (start.people, start.homes, start.land_ha) == (1500, 536, D("15.00"))
    assert (start.farmland_ha, start.cost) == (D("80.00"), D("0.00"))


def test_half_of_the_way_has_half_of_the_migration():
    flat = Parameters(**{**{n: getattr(BASE, n) for n in RANGES}, "growth_percent": D(0)})
    years = project(FACTS, flat, base_year=2025, target_year=2035)
    assert [years[n].people for n in (0, 5, 10)] == [1500, 1440, 1380]


def test_what_is_not_known_stays_unknown():
    facts = Facts(people=D(10), cap_ha=None, farmland_ha=None)
    end = project(facts, BASE, base_year=2025, target_year=2026)[-1]
    assert (end.balance_ha, end.farmland_ha) == (None, None)
    assert (end.people, end.homes) == (0, 0)  # more leave than there are


@given(
    people=st.integers(1, 20_000),
    growth=st.integers(-1000, 1000),
    migration=st.integers(-500, 500),
    size=st.integers(10, 80),
    term=st.integers(1, 20),
)
def test_every_year_follows_from_the_formulas(people, growth, migration, size, term):
    facts = Facts(people=D(people), cap_ha=D(20), farmland_ha=D(80))
    p = Parameters(
        growth_percent=D(growth) / 100, migration=D(migration), household_size=D(size) / 10,
        land_m2=D(95), occupied_ha=D("1.5"), reclaimed_ha=D("0.5"), build_cost=D(300),
        reclaim_cost=D(60),
    )  # fmt: skip
    for t, year in enumerate(project(facts, p, base_year=2025, target_year=2025 + term)):
        exact = people * (1 + Fraction(growth, 10_000)) ** t + Fraction(migration * t, term)
        expected = max(int(exact + Fraction(1, 2)) if exact >= 0 else 0, 0)
        assert year.people == expected
        assert year.homes == ceil(Fraction(expected * 10, size))
        assert abs(Fraction(year.land_ha) - Fraction(expected * 95, 10_000)) <= Fraction(1, 200)
        assert year.balance_ha == 20 - year.land_ha
        left = 80 - Fraction(3, 2) * t / term + Fraction(1, 2) * t / term
        assert abs(Fraction(year.farmland_ha) - left) <= Fraction(1, 200)


@pytest.mark.parametrize(
    ("which", "expected"),
    [
        (Preset.URBANISATION, ("-1.2", "-120", "2.8", "100", "1.20", "0.80")),
        (Preset.ECOLOGY, ("-0.5", "0", "3.0", "90", "0.16", "0.64")),
        (Preset.INDUSTRY, ("0.3", "75", "3.0", "115", "0.80", "0.40")),
        (Preset.OWN, ("0", "0", "3.0", "100", "0.00", "0.00")),
    ],
)
def test_presets_are_shares_of_what_there_is(which, expected):
    p = preset(which, FACTS)
    names = ("growth_percent", "migration", "household_size", "land_m2", "occupied_ha")
    assert tuple(str(getattr(p, n)) for n in (*names, "reclaimed_ha")) == expected
    assert out_of_range(p) == []


def test_what_nobody_would_believe_is_named():
    wild = Parameters(**{**{n: getattr(BASE, n) for n in RANGES}, "growth_percent": D(11),
                         "household_size": D(0)})  # fmt: skip
    assert out_of_range(wild) == ["growth_percent", "household_size"]


def test_what_is_kept_is_read_back_exactly():
    assert facts_from(plain(FACTS)) == FACTS
    assert parameters_from(plain(BASE)) == BASE
    assert facts_from(plain(Facts(people=D(1), cap_ha=None, farmland_ha=None))).cap_ha is None


def test_the_digest_is_of_everything_and_nothing_else():
    said = {
        "title": "甲", "preset_": Preset.OWN, "base_year": 2025, "target_year": 2035,
        "facts": plain(FACTS), "parameters": plain(BASE), "formula": 1,
    }  # fmt: skip
    first = digest(**said)
    changes = [
        {"title": "乙"}, {"preset_": Preset.ECOLOGY}, {"base_year": 2024}, {"target_year": 2036},
        {"facts": {**plain(FACTS), "people": "1501"}},
        {"parameters": {**plain(BASE), "migration": "1"}}, {"formula": 2},
    ]  # fmt: skip
    assert len({first, *(digest(**{**said, **change}) for change in changes)}) == 8
    assert digest(**said) == first
