"""Quorum and majority with the numbers of domain.md V2 and V3, both edges, and their print."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.ballots.arithmetic import Outcome, at_least, majority, more_than, outcome, quorum
from portal.ballots.profiles import PRESETS, Params

LAW = PRESETS["village-meeting"].params


@pytest.mark.parametrize(
    ("present", "adults", "met", "text"),
    [
        (600, 1200, False, "2×600=1200 ≤ 1200"),
        (601, 1200, True, "2×601=1202 > 1200"),
        (600, 1199, True, "2×600=1200 > 1199"),
        (0, 0, False, "2×0=0 ≤ 0"),
    ],
)
def test_quorum_by_persons(present, adults, met, text):
    reached = quorum(
        present=present, adults=adults, households_present=0, households=400, params=LAW
    )
    assert (reached.by_persons.met, reached.by_persons.text) == (met, text)
    assert reached.met is met


@pytest.mark.parametrize(
    ("present", "households", "met", "text"),
    [
        (266, 400, False, "3×266=798 < 2×400=800"),
        (267, 400, True, "3×267=801 ≥ 2×400=800"),
        (200, 300, True, "3×200=600 ≥ 2×300=600"),
        (199, 300, False, "3×199=597 < 2×300=600"),
    ],
)
def test_quorum_by_households(present, households, met, text):
    reached = quorum(
        present=0, adults=1200, households_present=present, households=households, params=LAW
    )
    assert (reached.by_households.met, reached.by_households.text) == (met, text)
    assert reached.met is met


def test_no_household_is_no_quorum():
    reached = quorum(present=0, adults=0, households_present=0, households=0, params=LAW)
    assert reached.by_households is None
    assert reached.met is False


@pytest.mark.parametrize(
    ("yes", "attendees", "met", "text"),
    [
        (300, 600, False, "2×300=600 ≤ 600"),
        (301, 600, True, "2×301=602 > 600"),
        (301, 601, True, "2×301=602 > 601"),
        (300, 601, False, "2×300=600 ≤ 601"),
        (0, 0, False, "2×0=0 ≤ 0"),
        (1, 1, True, "2×1=2 > 1"),
    ],
)
def test_majority(yes, attendees, met, text):
    line = majority(yes=yes, attendees=attendees, params=LAW)
    assert (line.met, line.text) == (met, text)


def test_a_consultation_asks_for_neither():
    assert quorum(present=1, adults=9, households_present=1, households=9, params=Params()) is None
    assert majority(yes=1, attendees=9, params=Params()) is None


GOOD = {
    "params": LAW,
    "cast": 601,
    "attendees": 601,
    "quorum_met": True,
    "majority_met": True,
    "content_unchanged": True,
}


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({}, Outcome.PASSED),
        ({"majority_met": False}, Outcome.FAILED),
        ({"quorum_met": False}, Outcome.NO_QUORUM),
        ({"quorum_met": False, "majority_met": False}, Outcome.NO_QUORUM),
        ({"cast": 602}, Outcome.VOID),
        ({"content_unchanged": False}, Outcome.VOID),
        ({"params": Params(), "quorum_met": None, "majority_met": None}, Outcome.HEARD),
        ({"params": Params(), "majority_met": True}, Outcome.HEARD),
    ],
)
def test_outcome(facts, expected):
    assert outcome(**(GOOD | facts)) is expected


@given(st.integers(0, 10**6), st.integers(0, 10**6), st.integers(1, 9), st.integers(1, 9))
def test_the_inequality_is_exact(part, whole, numerator, denominator):
    share = (numerator, denominator)
    assert more_than(part, whole, share).met is (denominator * part > numerator * whole)
    assert at_least(part, whole, share).met is (denominator * part >= numerator * whole)
    assert (
        more_than(part, whole, share).met is not at_least(whole, part, (denominator, numerator)).met
    )
