"""Who may enter for whom, before whom, and when an objection comes in time."""

from datetime import UTC, datetime, timedelta

import pytest

from portal.assisting import rules, vouching
from portal.assisting.rules import Flag, Refusal, SittingState
from portal.assisting.vouching import RequestState, VouchRefusal
from portal.assisting.words import (
    CHANNELS,
    FLAGS,
    REASONS,
    REFUSALS,
    REQUEST_STATES,
    STATE_KINDS,
    STATES,
)
from portal.people.rules import AssistanceReason

NOW = datetime(2026, 11, 21, 4, 0, tzinfo=UTC)
TICK = timedelta(microseconds=1)


def test_everything_has_words():
    assert set(REFUSALS) == set(Refusal) | set(VouchRefusal)
    assert set(REASONS) == set(AssistanceReason)
    assert set(CHANNELS) == set(rules.CHANNELS)
    assert set(STATES) == set(STATE_KINDS) == set(SittingState)
    assert set(REQUEST_STATES) == set(RequestState)
    assert set(FLAGS) == set(Flag)


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({}, SittingState.ASKED),
        ({"expires_at": NOW + TICK}, SittingState.ASKED),
        ({"expires_at": NOW}, SittingState.OVER),
        ({"witnessed_at": NOW}, SittingState.READY),
        ({"witnessed_at": NOW, "expires_at": NOW}, SittingState.OVER),
        ({"witnessed_at": NOW, "began_at": NOW}, SittingState.OPEN),
        ({"witnessed_at": NOW, "began_at": NOW, "expires_at": NOW}, SittingState.OVER),
        ({"witnessed_at": NOW, "began_at": NOW, "ended_at": NOW}, SittingState.OVER),
        ({"declined_at": NOW, "ended_at": NOW}, SittingState.DECLINED),
    ],
)
def test_where_a_sitting_stands(facts, expected):
    none = dict.fromkeys(("witnessed_at", "began_at", "ended_at", "declined_at"))
    known = {"expires_at": NOW + rules.ASK_TIME} | none | facts
    assert rules.state(now=NOW, **known) is expected


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ((True, False, False), True),
        ((False, True, True), True),
        ((False, True, False), False),
        ((False, False, True), False),
    ],
)
def test_who_can_help(facts, expected):
    is_staff, is_resident, is_grown = facts
    assert (
        rules.is_helper(is_staff=is_staff, is_resident=is_resident, is_grown=is_grown) is expected
    )


HELP = {
    "is_helper": True,
    "is_staff": False,
    "is_self": False,
    "is_same_household": False,
    "has_left": False,
    "age": 80,
    "is_unwanted": False,
    "helper_today": 0,
    "person_today": 0,
    "household_today": 0,
}


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({}, None),
        ({"is_helper": False}, Refusal.NOT_A_HELPER),
        ({"is_self": True, "is_same_household": True}, Refusal.HIMSELF),
        ({"is_same_household": True}, Refusal.OWN_HOUSEHOLD),
        ({"has_left": True}, Refusal.HAS_LEFT),
        ({"age": 13}, Refusal.TOO_YOUNG),
        ({"age": 14}, None),
        ({"age": None}, None),
        ({"is_unwanted": True}, Refusal.NOT_WANTED),
        ({"helper_today": 4}, None),
        ({"helper_today": 5}, Refusal.TOO_MANY_BY_HELPER),
        ({"helper_today": 5, "is_staff": True}, None),
        ({"helper_today": 19, "is_staff": True}, None),
        ({"helper_today": 20, "is_staff": True}, Refusal.TOO_MANY_BY_HELPER),
        ({"person_today": 2}, None),
        ({"person_today": 3}, Refusal.TOO_MANY_FOR_PERSON),
        ({"household_today": 5}, None),
        ({"household_today": 6}, Refusal.TOO_MANY_FOR_HOUSEHOLD),
    ],
)
def test_why_not_help(facts, expected):
    assert rules.why_not_help(**HELP | facts) is expected


WITNESS = {
    "is_helper": False,
    "is_person": False,
    "is_of_helpers_household": False,
    "is_of_persons_household": False,
    "is_known": True,
    "is_grown": True,
}


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({}, None),
        ({"is_helper": True}, Refusal.WITNESS_IS_HELPER),
        ({"is_person": True, "is_of_persons_household": True}, Refusal.WITNESS_IS_PERSON),
        ({"is_known": False}, Refusal.WITNESS_UNKNOWN),
        ({"is_of_helpers_household": True}, Refusal.WITNESS_OF_HELPER),
        ({"is_of_persons_household": True}, Refusal.WITNESS_OF_PERSON),
        ({"is_grown": False}, Refusal.WITNESS_TOO_YOUNG),
    ],
)
def test_why_not_witness(facts, expected):
    assert rules.why_not_witness(**WITNESS | facts) is expected


@pytest.mark.parametrize(
    ("state", "answers", "begins"),
    [
        (SittingState.ASKED, None, Refusal.NOT_WITNESSED),
        (SittingState.READY, Refusal.OVER, None),
        (SittingState.OPEN, Refusal.OVER, Refusal.OVER),
        (SittingState.DECLINED, Refusal.DECLINED, Refusal.DECLINED),
        (SittingState.OVER, Refusal.OVER, Refusal.OVER),
    ],
)
def test_when_a_witness_answers_and_a_helper_begins(state, answers, begins):
    assert rules.why_not_answer(state=state, is_witness=True) is answers
    assert rules.why_not_answer(state=state, is_witness=False) is Refusal.NOT_YOURS
    assert rules.why_not_begin(state=state, is_helper=True) is begins
    assert rules.why_not_begin(state=state, is_helper=False) is Refusal.NOT_YOURS


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({}, None),
        ({"is_person": False}, Refusal.NOT_YOURS),
        ({"began_at": None}, Refusal.NOTHING_TO_OBJECT),
        ({"objected_at": NOW}, Refusal.OBJECTED_ALREADY),
        ({"began_at": NOW - rules.OBJECTION_TIME + TICK}, None),
        ({"began_at": NOW - rules.OBJECTION_TIME}, Refusal.OBJECTION_TOO_LATE),
    ],
)
def test_why_not_object(facts, expected):
    known = {"is_person": True, "began_at": NOW, "objected_at": None} | facts
    assert rules.why_not_object(now=NOW, **known) is expected


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({}, ()),
        ({"votes": [(20, 100), (1, 5)]}, ()),
        ({"votes": [(0, 100), (21, 100)]}, (Flag.SHARE_OF_VOTES,)),
        ({"persons": 9, "all_persons": 9}, ()),
        ({"persons": 10, "all_persons": 20}, ()),
        ({"persons": 10, "all_persons": 19}, (Flag.MANY_PERSONS,)),
        ({"objections": 1}, ()),
        ({"objections": 2}, (Flag.OBJECTIONS,)),
        (
            {"votes": [(1, 4)], "persons": 30, "all_persons": 30, "objections": 9},
            (Flag.SHARE_OF_VOTES, Flag.MANY_PERSONS, Flag.OBJECTIONS),
        ),
    ],
)
def test_what_is_flagged(facts, expected):
    known = {"votes": [], "persons": 1, "all_persons": 1, "objections": 0} | facts
    assert rules.flags(**known) == expected


def test_own_interest():
    assert rules.has_interest(owners=[1, 2], own=[2])
    assert not rules.has_interest(owners=[1, 2], own=[3])
    assert not rules.has_interest(owners=[], own=[3])


CLAIM = {"is_known": False, "has_left": False, "age": 40, "has_phone": False, "asked_lately": 0}


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({}, None),
        ({"is_known": True}, VouchRefusal.KNOWN_ALREADY),
        ({"has_left": True}, VouchRefusal.HAS_LEFT),
        ({"age": 13}, VouchRefusal.TOO_YOUNG),
        ({"age": 14}, None),
        ({"age": None}, None),
        ({"has_phone": True}, VouchRefusal.HAS_PHONE),
        ({"asked_lately": 2}, None),
        ({"asked_lately": 3}, VouchRefusal.TOO_OFTEN),
    ],
)
def test_why_not_recognise(facts, expected):
    assert vouching.why_not_recognise(**CLAIM | facts) is expected


VOUCH = {
    "now": NOW,
    "state": RequestState.OPEN,
    "expires_at": NOW + TICK,
    "is_named": True,
    "has_left": False,
    "is_too_young": False,
    "voucher": 1,
    "voucher_resident_id": 11,
    "voucher_household_id": 21,
    "voucher_group_id": 31,
    "resident_id": 99,
    "household_id": 89,
    "earlier": [],
    "vouched_lately": 0,
    "replaces": False,
    "is_replacing": False,
}


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({}, None),
        ({"state": RequestState.DONE}, VouchRefusal.CLOSED),
        ({"state": RequestState.REFUSED}, VouchRefusal.CLOSED),
        ({"state": RequestState.EXPIRED}, VouchRefusal.CLOSED),
        ({"expires_at": NOW}, VouchRefusal.EXPIRED),
        ({"is_named": False}, VouchRefusal.NOBODY_NAMED),
        ({"has_left": True}, VouchRefusal.HAS_LEFT),
        ({"is_too_young": True}, VouchRefusal.TOO_YOUNG),
        ({"voucher_resident_id": None}, VouchRefusal.NOT_A_RESIDENT),
        ({"resident_id": 11}, VouchRefusal.HIMSELF),
        ({"household_id": 21}, VouchRefusal.OWN_HOUSEHOLD),
        ({"earlier": [(1, 20, 30)]}, VouchRefusal.VOUCHED_ALREADY),
        ({"earlier": [(2, 21, 30)]}, VouchRefusal.SAME_HOUSEHOLD),
        ({"earlier": [(2, 20, 31)]}, VouchRefusal.SAME_GROUP),
        ({"earlier": [(2, 20, 30)]}, None),
        ({"vouched_lately": 29}, None),
        ({"vouched_lately": 30}, VouchRefusal.TOO_MANY),
        ({"replaces": True}, VouchRefusal.REPLACES),
        ({"replaces": True, "is_replacing": True}, None),
    ],
)
def test_why_not_vouch(facts, expected):
    assert vouching.why_not_vouch(**VOUCH | facts) is expected
