"""What one elector may hand in, for every kind of vote, at both edges."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.ballots.papers import (
    Frame,
    chosen_of,
    paper_of,
    why_not_frame,
    why_not_paper,
)
from portal.ballots.rules import Kind, Refusal

YES_NO = Frame(kind=Kind.YES_NO, options=3)
SINGLE = Frame(kind=Kind.SINGLE, options=4)
APPROVAL = Frame(kind=Kind.APPROVAL, options=4, max_choices=3, min_choices=2)
RANKED = Frame(kind=Kind.RANKED, options=4, max_choices=3)
SCORE = Frame(kind=Kind.SCORE, options=4, max_score=5)
POINTS = Frame(kind=Kind.SCORE, options=4, points_total=10)
BUDGET = Frame(kind=Kind.BUDGET, options=3, budget_yuan=100, costs=(60, 40, 41))


@pytest.mark.parametrize(
    ("frame", "paper", "expected"),
    [
        (YES_NO, (1, 0, 0), None),
        (YES_NO, (0, 0, 1), None),
        (YES_NO, (0, 0, 0), Refusal.NOTHING_CHOSEN),
        (YES_NO, (1, 1, 0), Refusal.TOO_MANY_CHOSEN),
        (YES_NO, (2, 0, 0), Refusal.UNKNOWN_VALUE),
        (YES_NO, (-1, 0, 0), Refusal.UNKNOWN_VALUE),
        (YES_NO, (1, 0), Refusal.UNKNOWN_OPTION),
        (YES_NO, (1, 0, 0, 0), Refusal.UNKNOWN_OPTION),
        (SINGLE, (0, 0, 0, 1), None),
        (SINGLE, (0, 1, 0, 1), Refusal.TOO_MANY_CHOSEN),
        (APPROVAL, (1, 1, 0, 0), None),
        (APPROVAL, (1, 1, 1, 0), None),
        (APPROVAL, (1, 1, 1, 1), Refusal.TOO_MANY_CHOSEN),
        (APPROVAL, (1, 0, 0, 0), Refusal.TOO_FEW_CHOSEN),
        (RANKED, (0, 1, 0, 0), None),
        (RANKED, (3, 1, 2, 0), None),
        (RANKED, (1, 1, 0, 0), Refusal.PLACE_TWICE),
        (RANKED, (1, 3, 0, 0), Refusal.PLACE_SKIPPED),
        (RANKED, (2, 0, 0, 0), Refusal.PLACE_SKIPPED),
        (RANKED, (4, 3, 2, 0), Refusal.UNKNOWN_VALUE),
        (SCORE, (5, 0, 1, 5), None),
        (SCORE, (6, 0, 0, 0), Refusal.SCORE_OUT_OF_RANGE),
        (SCORE, (-1, 0, 0, 5), Refusal.SCORE_OUT_OF_RANGE),
        (SCORE, (0, 0, 0, 0), Refusal.NOTHING_CHOSEN),
        (POINTS, (10, 0, 0, 0), None),
        (POINTS, (4, 3, 2, 1), None),
        (POINTS, (4, 3, 2, 2), Refusal.TOO_MANY_POINTS),
        (POINTS, (11, 0, 0, 0), Refusal.SCORE_OUT_OF_RANGE),
        (BUDGET, (1, 1, 0), None),
        (BUDGET, (1, 0, 1), Refusal.OVER_BUDGET),
        (BUDGET, (0, 1, 1), None),
        (BUDGET, (0, 2, 0), Refusal.UNKNOWN_VALUE),
    ],
)
def test_why_not_paper(frame, paper, expected):
    assert why_not_paper(frame, paper) is expected


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"kind": Kind.YES_NO, "options": 3}, None),
        ({"kind": Kind.YES_NO, "options": 0}, Refusal.NO_OPTIONS),
        ({"kind": Kind.APPROVAL, "options": 3, "max_choices": 4}, Refusal.CHOICES_OUT_OF_RANGE),
        ({"kind": Kind.APPROVAL, "options": 3, "max_choices": 0}, Refusal.CHOICES_OUT_OF_RANGE),
        ({"kind": Kind.RANKED, "options": 3, "min_choices": 3}, None),
        (
            {"kind": Kind.RANKED, "options": 3, "min_choices": 3, "max_choices": 2},
            Refusal.CHOICES_OUT_OF_RANGE,
        ),
        ({"kind": Kind.SCORE, "options": 3}, Refusal.SCORES_OUT_OF_RANGE),
        ({"kind": Kind.SCORE, "options": 3, "max_score": 100}, None),
        ({"kind": Kind.SCORE, "options": 3, "max_score": 101}, Refusal.SCORES_OUT_OF_RANGE),
        ({"kind": Kind.SCORE, "options": 3, "points_total": 10}, None),
        (
            {"kind": Kind.SCORE, "options": 3, "points_total": 1, "min_choices": 2},
            Refusal.SCORES_OUT_OF_RANGE,
        ),
        ({"kind": Kind.BUDGET, "options": 1, "costs": (5,)}, Refusal.NO_BUDGET),
        ({"kind": Kind.BUDGET, "options": 1, "costs": (5,), "budget_yuan": 5}, None),
        (
            {"kind": Kind.BUDGET, "options": 1, "costs": (6,), "budget_yuan": 5},
            Refusal.NOTHING_AFFORDABLE,
        ),
        (
            {"kind": Kind.BUDGET, "options": 2, "costs": (5, None), "budget_yuan": 5},
            Refusal.NO_COSTS,
        ),
    ],
)
def test_why_not_frame(facts, expected):
    assert why_not_frame(Frame(**facts)) is expected


def test_a_paper_is_written_from_what_was_chosen():
    assert paper_of(4, {2: 1, 0: 2}) == (2, 0, 1, 0)
    assert chosen_of((2, 0, 1, 0)) == (2, 0)
    assert chosen_of((0, 1, 0, 1)) == (1, 3)


@given(st.data())
def test_every_honest_paper_is_valid_and_any_one_more_is_not(data):
    options = data.draw(st.integers(2, 8))
    most = data.draw(st.integers(1, options - 1))
    order = data.draw(st.permutations(range(options)))
    ranked = Frame(kind=Kind.RANKED, options=options, max_choices=most)
    ticked = Frame(kind=Kind.APPROVAL, options=options, max_choices=most)
    for chosen in (order[:most], order[: most + 1]):
        is_valid = len(chosen) <= most
        places = paper_of(options, {option: place for place, option in enumerate(chosen, 1)})
        ticks = paper_of(options, dict.fromkeys(chosen, 1))
        assert (why_not_paper(ranked, places) is None) is is_valid
        assert (why_not_paper(ticked, ticks) is None) is is_valid
        assert chosen_of(places) == tuple(chosen)
