"""How many must sign, and which step may follow which: both edges of every rule."""

import pytest

from portal.meetings.bodies import find_convening, needed
from portal.meetings.rules import Kind
from portal.proposals import rules
from portal.proposals.rules import Refusal, State
from portal.proposals.words import REFUSALS, STATES, STEPS
from tests.meetings.test_councils import TODAY


@pytest.mark.parametrize(
    ("electors", "signers"), [(0, 1), (1, 1), (20, 1), (21, 2), (1200, 60), (1201, 61)]
)
def test_five_in_a_hundred_electors_rounded_up(electors, signers):
    assert rules.needs(electors=electors, convening=None).signers == signers


@pytest.mark.parametrize(
    ("signers", "households", "met"),
    [(59, 9, False), (60, 1, True), (10, 10, True), (59, 10, True), (0, 0, False)],
)
def test_persons_or_ten_households_suffice(signers, households, met):
    needs = rules.needs(electors=1200, convening=120)
    assert rules.is_met(needs, signers=signers, households=households) is met


def test_120_of_1200_must_be_convened_for():
    """V8: a tenth of the electors, not one less."""
    law = find_convening(Kind.VM, "330523102201", on=TODAY)
    convening = needed(law, electors=1200, representatives=0).electors
    needs = rules.needs(electors=1200, convening=convening)
    assert not rules.must_convene(needs, signers=119)
    assert rules.must_convene(needs, signers=120)
    assert not rules.must_convene(rules.needs(electors=9, convening=None), signers=9)


def signing(**changes):
    facts = {
        "state": State.COLLECTING,
        "is_over": False,
        "is_shown": True,
        "is_elector": True,
        "has_signed": False,
    }
    return rules.why_not_sign(**facts | changes)


def test_who_can_sign():
    assert signing() is None
    assert signing(state=State.COUNCIL_LISTED) is None
    for state in set(State) - rules.SIGNABLE:
        assert signing(state=state) is Refusal.NOT_COLLECTING
    assert signing(is_over=True) is Refusal.NOT_COLLECTING
    assert signing(is_shown=False) is Refusal.NOT_SHOWN
    assert signing(is_elector=False) is Refusal.NOT_AN_ELECTOR
    assert signing(has_signed=True) is Refusal.ALREADY_SIGNED


@pytest.mark.parametrize(
    ("state", "is_author", "has_signed", "refusal"),
    [
        (State.COLLECTING, False, True, None),
        (State.COLLECTING, True, True, Refusal.OWN_PROPOSAL),
        (State.COLLECTING, False, False, Refusal.NOT_SIGNED),
        (State.THRESHOLD_MET, False, True, Refusal.NOT_COLLECTING),
    ],
)
def test_a_signature_is_taken_back_only_while_it_collects(state, is_author, has_signed, refusal):
    found = rules.why_not_unsign(state=state, is_author=is_author, has_signed=has_signed)
    assert found is refusal


def hand_in(**changes):
    facts = {"title": "灯", "place": "", "is_elector": True, "open_count": 0}
    return rules.why_not_hand_in(**facts | changes)


def test_what_can_be_handed_in():
    assert hand_in() is None
    assert hand_in(title="灯" * 60, place="桥" * 80, open_count=2) is None
    assert hand_in(is_elector=False) is Refusal.NOT_AN_ELECTOR
    assert hand_in(title="") is Refusal.NO_TITLE
    assert hand_in(title="灯" * 61) is Refusal.TITLE_TOO_LONG
    assert hand_in(place="桥" * 81) is Refusal.PLACE_TOO_LONG
    assert hand_in(open_count=3) is Refusal.TOO_MANY_OPEN


def test_no_step_leads_out_of_an_end_and_each_end_is_reached():
    reached = {after for found in rules.NEXT.values() for after in found}
    assert reached == set(State) - {State.COLLECTING}
    assert {State.DONE, State.DECLINED, State.WITHDRAWN, State.EXPIRED} == rules.ENDED


def test_a_step_is_refused_when_stale_impossible_or_without_a_reason():
    facts = {"before": State.DELIBERATED, "after": State.DECLINED, "position": 4}
    assert rules.why_not_step(**facts, seen=4, reason="x") is None
    assert rules.why_not_step(**facts, seen=3, reason="x") is Refusal.STALE
    assert rules.why_not_step(**facts, seen=4, reason=" ") is Refusal.NO_REASON
    wrong = facts | {"after": State.DONE}
    assert rules.why_not_step(**wrong, seen=4, reason="x") is Refusal.NOT_NOW


def test_everything_has_words():
    assert set(STATES) == set(STEPS) == set(State)
    assert set(Refusal) <= set(REFUSALS)
