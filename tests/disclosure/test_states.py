"""The life of a document as a table: every state, every step, the days, the clock."""

from datetime import date, timedelta

import pytest

from portal.disclosure import states
from portal.disclosure.rules import Refusal
from portal.disclosure.states import Person, State, Step
from portal.notices.rules import last_day

WHOLE = [
    Step.BEGIN, Step.GENERATE, Step.HAND_IN, Step.APPROVE, Step.PUBLISH, Step.OPEN_OBJECTIONS,
    Step.ANSWER, Step.END, Step.ARCHIVE,
]  # fmt: skip


def never(_day: date) -> bool:
    return False


def weekend(day: date) -> bool:
    return day.weekday() >= 5


def test_the_whole_road() -> None:
    state, passed = State.PLANNED, []
    for step in WHOLE:
        state = states.next_state(state, step)
        passed.append(state.value)
    assert passed == [
        "draft", "generated", "supervision-review", "supervision-review", "published", "objection",
        "answered", "ended", "archived",
    ]  # fmt: skip


def test_every_other_step_is_refused() -> None:
    for state in State:
        for step in Step:
            if (state, step) not in states.ROADS:
                assert states.next_state(state, step) is Refusal.NOT_IN_THIS_STATE
                why_not = states.why_not_step(state, step, reason="x")
                assert why_not is Refusal.NOT_IN_THIS_STATE


def test_nothing_public_goes_back() -> None:
    for (before, _step), after in states.ROADS.items():
        if before in states.PUBLIC:
            assert after in states.PUBLIC
    assert states.steps_from(State.WITHDRAWN) == states.steps_from(State.CORRECTED) == frozenset()


@pytest.mark.parametrize("step", sorted(states.NEEDS_REASON))
def test_some_steps_say_why(step) -> None:
    state = next(before for before, taken in states.ROADS if taken is step)
    assert states.why_not_step(state, step, reason=" ") is Refusal.NO_REASON
    assert states.why_not_step(state, step, reason="有误") is None


def person(*ids, household=None) -> Person:
    return Person(account_ids=frozenset(ids), household_id=household)


@pytest.mark.parametrize(
    ("reviewer", "is_committee", "refusal"),
    [
        (person(3), False, None),
        (person(1), False, Refusal.OWN_DRAFT),
        (person(3, 1), False, Refusal.OWN_DRAFT),  # another account of the same person
        (person(3, household=7), False, Refusal.SAME_HOUSEHOLD),
        (person(3, household=8), False, None),
        (person(3), True, Refusal.OF_THE_COMMITTEE),
    ],
)
def test_who_reviews(reviewer, is_committee, refusal) -> None:
    drafters = [person(1, household=7), person(2)]
    found = states.why_not_review(reviewer, drafters=drafters, is_committee=is_committee)
    assert found is refusal


DAY = date(2026, 3, 2)


@pytest.mark.parametrize(
    ("facts", "refusal"),
    [
        ({}, None),
        ({"is_approved": False}, Refusal.NOT_REVIEWED),
        ({"is_as_reviewed": False}, Refusal.NOT_AS_REVIEWED),
        ({"today": DAY - timedelta(days=1)}, Refusal.DAY_NOT_COME),
        ({"today": DAY + timedelta(days=1)}, Refusal.DAY_PASSED),
        ({"today": DAY + timedelta(days=1), "has_own_period": True}, None),
        ({"today": DAY + timedelta(days=6), "has_own_period": True}, Refusal.NOTICE_OVER),
    ],
)
def test_when_it_is_published(facts, refusal) -> None:
    all_well = {
        "is_approved": True, "is_as_reviewed": True, "today": DAY, "publish_on": DAY,
        "has_own_period": False, "period_end": DAY + timedelta(days=5),
    }  # fmt: skip
    assert states.why_not_publish(**(all_well | facts)) is refusal


@pytest.mark.parametrize(
    ("start", "days", "last"),
    [
        (date(2026, 3, 2), 5, date(2026, 3, 9)),  # the 7th is a Saturday
        (date(2026, 3, 3), 5, date(2026, 3, 9)),  # the 8th is a Sunday
        (date(2026, 3, 4), 5, date(2026, 3, 9)),
        (date(2026, 2, 24), 15, date(2026, 3, 11)),
    ],
)
def test_periods(start, days, last) -> None:
    assert last_day(start, days=days, is_rest_day=weekend) == last
    assert last_day(start, days=days, is_rest_day=never) == start + timedelta(days=days)


def test_until_when_something_has_to_happen() -> None:
    facts = {"is_rest_day": never}
    review = states.due_in(State.REVIEW, DAY, is_sent_back=False, **facts)
    redo = states.due_in(State.DRAFT, DAY, is_sent_back=True, **facts)
    assert (review, redo) == (date(2026, 3, 7), date(2026, 3, 7))
    assert states.due_in(State.DRAFT, DAY, is_sent_back=False, **facts) is None
    assert states.answer_by(DAY, is_complicated=False, is_rest_day=never) == date(2026, 3, 7)
    assert states.answer_by(DAY, is_complicated=True, is_rest_day=never) == date(2026, 3, 17)


@pytest.mark.parametrize(
    ("state", "days", "objections", "unanswered", "step"),
    [
        (State.OBJECTION, 5, 0, 0, None),  # the last day belongs to the period
        (State.OBJECTION, 6, 0, 0, Step.END),
        (State.OBJECTION, 6, 2, 1, None),
        (State.OBJECTION, 6, 2, 0, Step.ANSWER),
        (State.OBJECTION, 5, 2, 0, None),
        (State.ANSWERED, 5, 2, 0, None),
        (State.ANSWERED, 6, 2, 0, Step.END),
        (State.ENDED, 30, 0, 0, None),
        (State.ENDED, 31, 0, 0, Step.ARCHIVE),
        (State.ARCHIVED, 400, 0, 0, None),
        (State.CORRECTED, 400, 0, 0, None),
        (State.REVIEW, 400, 0, 0, None),
    ],
)
def test_the_clock(state, days, objections, unanswered, step) -> None:
    found = states.tick(
        state,
        today=DAY + timedelta(days=days),
        since=DAY,
        period_end=DAY + timedelta(days=5),
        objections=objections,
        unanswered=unanswered,
    )
    assert found is step
