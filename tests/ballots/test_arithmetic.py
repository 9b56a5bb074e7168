"""The vote arithmetic of domain.md V2 to V19: both edges of each rule, and what is printed."""

from collections import Counter
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.ballots.arithmetic import (
    Count,
    Outcome,
    assisted_too_much,
    at_least,
    judge,
    majority,
    more_than,
    outcome,
    quorum,
)
from portal.ballots.papers import Frame, why_not_paper
from portal.ballots.profiles import PRESETS, Base, LegalEffect, Params, Unit
from portal.ballots.rules import Kind
from portal.ballots.tallies.scores import add_up

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


# rule, electors, households, attendees, households present, yes → outcome, lines as printed
TABLE = [
    # V2 and V3: over half of the adults, or two thirds of the households; over half of those present
    ("village-meeting", 1200, 400, 600, 266, 600, "no-quorum", "2×600=1200 ≤ 1200"),
    ("village-meeting", 1200, 400, 601, 266, 301, "passed", "2×301=602 > 601"),
    ("village-meeting", 1200, 400, 601, 266, 300, "failed", "2×300=600 ≤ 601"),
    ("village-meeting", 1200, 400, 300, 267, 151, "passed", "3×267=801 ≥ 2×400=800"),
    ("village-meeting", 1200, 300, 300, 200, 151, "passed", "3×200=600 ≥ 2×300=600"),
    ("village-meeting", 1200, 400, 700, 400, 350, "failed", "2×350=700 ≤ 700"),  # V17: a tie
    ("village-meeting", 1200, 400, 0, 0, 0, "no-quorum", "2×0=0 ≤ 0"),
    ("village-meeting", 0, 0, 0, 0, 0, "no-quorum", "2×0=0 ≤ 0"),
    # V4: one vote per household; persons count nothing
    ("village-meeting-households", 1200, 400, 266, 0, 266, "no-quorum", "3×266=798 < 2×400=800"),
    ("village-meeting-households", 1200, 400, 267, 0, 134, "passed", "2×134=268 > 267"),
    ("village-meeting-households", 1200, 400, 267, 0, 133, "failed", "2×133=266 ≤ 267"),
    # V5: two thirds of the members, over half of those present
    ("representatives", 45, 0, 29, 0, 29, "no-quorum", "3×29=87 < 2×45=90"),
    ("representatives", 45, 0, 30, 0, 16, "passed", "3×30=90 ≥ 2×45=90"),
    ("representatives", 45, 0, 30, 0, 15, "failed", "2×15=30 ≤ 30"),
    ("representatives", 50, 0, 33, 0, 33, "no-quorum", "3×33=99 < 2×50=100"),
    ("representatives", 50, 0, 34, 0, 18, "passed", "2×18=36 > 34"),
    ("representatives", 50, 0, 34, 0, 17, "failed", "2×17=34 ≤ 34"),
    # V7: two thirds of the group's adults, not half of them, or of its households
    ("group-meeting", 90, 30, 59, 19, 59, "no-quorum", "3×59=177 < 2×90=180"),
    ("group-meeting", 90, 30, 60, 19, 31, "passed", "3×60=180 ≥ 2×90=180"),
    ("group-meeting", 90, 30, 46, 20, 24, "passed", "3×20=60 ≥ 2×30=60"),
    ("group-meeting", 90, 30, 60, 30, 30, "failed", "2×30=60 ≤ 60"),
    # V9: two thirds attend, two thirds of ALL members agree; the absent count against
    ("collective", 300, 0, 199, 0, 199, "no-quorum", "3×199=597 < 2×300=600"),
    ("collective", 300, 0, 200, 0, 200, "passed", "3×200=600 ≥ 2×300=600"),
    ("collective", 300, 0, 200, 0, 199, "failed", "3×199=597 < 2×300=600"),
    ("collective", 300, 0, 299, 0, 199, "failed", "3×199=597 < 2×300=600"),
    # V10: two thirds of all consent, however many attend
    ("land", 300, 100, 200, 0, 200, "passed", "3×200=600 ≥ 2×300=600"),
    ("land", 300, 100, 300, 100, 199, "failed", "3×199=597 < 2×300=600"),
    ("land-representatives", 40, 0, 27, 0, 27, "passed", "3×27=81 ≥ 2×40=80"),
    ("land-representatives", 40, 0, 40, 0, 26, "failed", "3×26=78 < 2×40=80"),
    # V11: over half of the adults or two thirds of the households answer; over half of the answers
    ("written-shanghai", 1200, 400, 600, 266, 600, "no-quorum", "2×600=1200 ≤ 1200"),
    ("written-shanghai", 1200, 400, 601, 0, 301, "passed", "2×301=602 > 601"),
    ("written-shanghai", 1200, 400, 400, 267, 201, "passed", "2×201=402 > 400"),
    ("written-shanghai", 1200, 400, 601, 267, 300, "failed", "2×300=600 ≤ 601"),
    # V13: two thirds of the members attend; half of those who should attend is enough
    ("party-meeting", 30, 0, 19, 0, 19, "no-quorum", "3×19=57 < 2×30=60"),
    ("party-meeting", 30, 0, 20, 0, 15, "passed", "2×15=30 ≥ 30"),
    ("party-meeting", 30, 0, 20, 0, 14, "failed", "2×14=28 < 30"),
    ("party-meeting", 31, 0, 21, 0, 15, "failed", "2×15=30 < 31"),
    # nobody is no quorum and no majority, of nobody either
    ("representatives", 0, 0, 0, 0, 0, "no-quorum", "3×0=0 ≥ 2×0=0"),
    ("land", 0, 0, 0, 0, 0, "failed", "3×0=0 ≥ 2×0=0"),
    # V24: a consultation never passes
    ("consultative", 1200, 400, 1200, 400, 1200, "heard", None),
]


@pytest.mark.parametrize(
    ("code", "electors", "households", "attendees", "here", "yes", "expected", "text"), TABLE
)
def test_the_vote_arithmetic(code, electors, households, attendees, here, yes, expected, text):
    found = judge(
        Count(
            electors=electors,
            households=households,
            attendees=attendees,
            households_present=here,
            cast=attendees,
            yes=yes,
        ),
        PRESETS[code].params,
    )
    assert found.outcome == expected
    reached = [found.quorum.by_persons, found.quorum.by_households] if found.quorum else []
    lines = [line.text for line in (*reached, found.majority) if line]
    assert text in lines if text else not lines


@pytest.mark.parametrize(
    ("cast", "attendees", "expected"),
    [(600, 601, "passed"), (601, 601, "passed"), (602, 601, "void"), (1, 0, "void")],
)
def test_more_papers_than_people_void_the_whole(cast, attendees, expected):
    """V15; who attends and casts nothing is in the denominator all the same."""
    count = Count(
        electors=1200, households=1, attendees=attendees, households_present=0, cast=cast, yes=301
    )
    assert judge(count, LAW).outcome == expected
    free = Params(majority=None)
    assert judge(count, free).outcome == ("void" if expected == "void" else "heard")


def test_a_ballot_can_declare_households_itself():
    count = Count(
        electors=300, households=100, attendees=60, households_present=60, cast=60, yes=60
    )
    assert judge(count, LAW, Unit.HOUSEHOLD).quorum.by_persons is None
    assert judge(count, LAW, Unit.HOUSEHOLD).outcome is Outcome.NO_QUORUM
    enough = Count(**{**vars(count), "attendees": 67, "cast": 67})
    assert judge(enough, LAW, Unit.HOUSEHOLD).outcome is Outcome.PASSED
    assert judge(enough, LAW).outcome is Outcome.NO_QUORUM


@pytest.mark.parametrize("code", ["representatives", "collective", "party-meeting"])
def test_a_quorum_that_households_cannot_reach_is_not_left_out(code):
    count = Count(electors=45, households=45, attendees=45, households_present=45, cast=45, yes=45)
    assert judge(count, PRESETS[code].params).outcome is Outcome.PASSED
    assert judge(count, PRESETS[code].params, Unit.HOUSEHOLD).outcome is Outcome.NO_QUORUM


def test_a_share_of_all_must_know_how_many_all_are():
    with pytest.raises(ValueError, match="all electors"):
        majority(yes=1, attendees=1, params=PRESETS["collective"].params)


@pytest.mark.parametrize(("by_one", "text"), [(20, None), (21, "5×21=105 > 100"), (0, None)])
def test_one_helper_of_too_many_is_told(by_one, text):
    line = assisted_too_much(by_one=by_one, cast=100, params=Params())
    assert (line.text if line else None) == text


PAPERS = {
    "yes": (1, 0, 0),
    "no": (0, 1, 0),
    "abstain": (0, 0, 1),
    "two": (1, 1, 0),
    "blank": (0, 0, 0),
}
FRAME = Frame(kind=Kind.YES_NO, options=3)
people = st.lists(
    st.tuples(st.integers(0, 9), st.sampled_from(["absent", "silent", *PAPERS])),
    min_size=1,
    max_size=60,
)


def counted(electors) -> tuple[Count, int, int]:
    """Count a random electorate of (household, what they do) paper by paper."""
    attending = [(home, deed) for home, deed in electors if deed != "absent"]
    papers = Counter(PAPERS[deed] for _, deed in attending if deed != "silent")
    valid = {paper: n for paper, n in papers.items() if why_not_paper(FRAME, paper) is None}
    sums = add_up(valid, 3)
    cast = papers.total()
    count = Count(
        electors=len(electors),
        households=len({home for home, _ in electors}),
        attendees=len(attending),
        households_present=len({home for home, _ in attending}),
        cast=cast,
        yes=sums.sums[0],
    )
    return count, sum(sums.sums), cast - sums.valid


@given(people, st.sampled_from(sorted(PRESETS)))
def test_no_vote_is_lost_and_the_outcome_follows_from_fractions(electors, code):
    params = PRESETS[code].params
    count, ticks, invalid = counted(electors)
    assert ticks + invalid == count.cast <= count.attendees <= count.electors
    found = judge(count, params)
    if params.legal_effect is LegalEffect.CONSULTATIVE:
        assert found.outcome is Outcome.HEARD
        return

    def reached(part, whole, share, inclusive):
        wanted = Fraction(*share) * whole
        return bool(part) and (part >= wanted if inclusive else part > wanted)

    by_home = params.unit is Unit.HOUSEHOLD
    enough = not (params.quorum or params.household_quorum)
    if params.quorum:
        enough |= reached(count.attendees, count.electors, params.quorum, params.quorum_inclusive)
    if params.household_quorum:
        homes = count.attendees if by_home else count.households_present
        enough |= reached(homes, count.households, params.household_quorum, True)
    everybody = count.households if by_home else count.electors
    whole = everybody if params.majority_of is Base.ALL else count.attendees
    agreed = reached(count.yes, whole, params.majority, params.majority_inclusive)
    wanted = Outcome.PASSED if agreed else Outcome.FAILED
    assert found.outcome is (wanted if enough else Outcome.NO_QUORUM)


@given(people, st.sampled_from(sorted(PRESETS)), st.integers(0, 59))
def test_one_more_yes_never_harms(electors, code, who):
    """Monotony: whoever says yes instead of anything else, or of nothing, cannot undo a yes."""
    home, _ = electors[who % len(electors)]
    more = [*electors]
    more[who % len(electors)] = (home, "yes")
    params = PRESETS[code].params
    before, after = judge(counted(electors)[0], params), judge(counted(more)[0], params)
    if before.outcome is Outcome.PASSED:
        assert after.outcome is Outcome.PASSED
    if before.quorum and before.quorum.met:
        assert after.quorum.met


@given(people, st.sampled_from(sorted(PRESETS)), st.integers(1, 5))
def test_more_cast_than_present_is_void_whatever_else_holds(electors, code, more):
    count, _, _ = counted(electors)
    stuffed = Count(**{**vars(count), "cast": count.attendees + more})
    assert judge(stuffed, PRESETS[code].params).outcome is Outcome.VOID
