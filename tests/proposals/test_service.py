"""Handing in, signing, the thresholds and what follows, also when many come at once."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from portal.core import clock
from portal.core.access import Part
from portal.core.db import db, transaction
from portal.core.errors import Refused
from portal.moderation import sanctions, writers, writing
from portal.moderation import service as moderation
from portal.moderation.rules import Action, Code, Hold
from portal.moderation.sanctions_rules import Span
from portal.people.models import Resident
from portal.proposals import handing_in, service, signing
from portal.proposals.models import ConveningTask, Proposal, ProposalStep, ProposalSupport
from portal.proposals.rules import Refusal, State
from tests.ballots.test_keys import drop_key
from tests.proposals.conftest import PAPER

DAY = timedelta(days=1)


def refused(reason, fn, *args, **facts):
    with pytest.raises(Refused) as caught:
        fn(*args, **facts)
    db.session.rollback()
    assert caught.value.reason is reason


def states_of(proposal_id):
    query = select(ProposalStep.state).where(ProposalStep.proposal_id == proposal_id)
    found = list(db.session.scalars(query.order_by(ProposalStep.position)))
    db.session.rollback()
    return found


def test_handing_in_numbers_signs_and_freezes_the_figures(crowd, propose, line, cast):
    crowd(36)
    found = line(propose())
    proposal = found.proposal
    assert (proposal.number, proposal.state, proposal.position) == (1, State.COLLECTING, 1)
    assert (proposal.electors, proposal.needed_signers) == (40, 2)
    assert (proposal.needed_households, proposal.needed_convening) == (10, 4)
    assert (found.signers, found.households, found.author) == (1, 1, "V**a"[:1] + "*" + "a")
    assert 90 * DAY < proposal.expires_at - proposal.done_at <= 91 * DAY
    assert line(proposal.id, cast.vera.resident_id).has_signed


def test_the_same_key_gives_the_first_one_again(crowd, propose, cast):
    crowd(36)
    assert propose() == propose()
    assert propose(key="another-key") != propose()
    with transaction():  # whoever may propose no longer still hears that it was taken
        db.session.get_one(Resident, cast.vera.resident_id).born_on = clock.today(clock.now())
    assert propose() == propose()
    refused(writing.Refusal.MINOR, propose, key="a-third-key")
    assert db.session.scalar(select(func.count(Proposal.id))) == 2


def test_only_electors_propose_and_only_three_at_once(crowd, propose, cast):
    crowd(36)
    refused(writing.Refusal.NOT_A_RESIDENT, propose, cast.otto)
    for number in range(3):
        propose(key=f"key-number-{number}")
    refused(Refusal.TOO_MANY_OPEN, propose, key="key-number-3")


def test_persons_or_households_bring_it_before_the_council(crowd, propose, sign, line):
    ids = crowd(296, one_household=True)
    first = propose()
    sign(first, *ids[:13])
    assert line(first).proposal.state is State.COLLECTING
    sign(first, ids[13])  # the fifteenth of 300
    assert line(first).proposal.state is State.THRESHOLD_MET
    assert states_of(first) == [State.COLLECTING, State.THRESHOLD_MET]


def test_ten_households_suffice(crowd, propose, sign, line):
    ids = crowd(396)
    first = propose()
    sign(first, *ids[:8])
    assert (line(first).proposal.state, line(first).households) == (State.COLLECTING, 9)
    sign(first, ids[8])
    assert line(first).proposal.state is State.THRESHOLD_MET


def test_120_of_1200_demand_a_meeting_once(crowd, propose, sign, told, cast):
    """V8: the committee must convene; it is told once, with the figures of that signature."""
    ids = crowd(1196)
    first = propose()
    sign(first, *ids[:118])
    assert db.session.scalar(select(func.count(ConveningTask.id))) == 0
    db.session.rollback()
    sign(first, *ids[118:121])
    task = db.session.scalars(select(ConveningTask)).one()
    assert (task.electors, task.needed, task.signers) == (1200, 120, 120)
    assert task.meeting_id is None
    assert "村民委员会组织法" in task.citation
    db.session.rollback()
    assert [who for who, words, _path in told() if "必须召集" in words] == ["max"]


def test_a_signature_counts_once_and_goes_while_it_collects(crowd, propose, sign, line, cast):
    crowd(76)
    first = propose()
    sign(first, cast.sun.resident_id)
    refused(Refusal.ALREADY_SIGNED, sign, first, cast.sun.resident_id)
    with transaction():
        signing.take_back(first, resident_id=cast.sun.resident_id, now=clock.now())
    assert line(first).signers == 1
    db.session.rollback()

    def back(person):
        with transaction():
            signing.take_back(first, resident_id=person.resident_id, now=clock.now())

    refused(Refusal.NOT_SIGNED, back, cast.sun)
    refused(Refusal.OWN_PROPOSAL, back, cast.vera)


def test_nobody_signs_what_is_held_hidden_over_or_taken_back(crowd, propose, sign, cast):
    crowd(36)
    first = propose()
    for held, hidden in ((Hold.WORDS, None), (None, Code.SPAM)):
        with transaction():
            service.set_standing(first, held_for=held, hidden_code=hidden)
        refused(Refusal.NOT_SHOWN, sign, first, cast.sun.resident_id)
    with transaction():
        service.set_standing(first, held_for=None, hidden_code=None)
    later = clock.now() + 91 * DAY
    refused(Refusal.NOT_COLLECTING, sign, first, cast.sun.resident_id, now=later)

    def withdraw(person, seen=1):
        with transaction():
            handing_in.withdraw(first, resident_id=person.resident_id, seen=seen, now=clock.now())

    refused(Refusal.NOT_YOURS, withdraw, cast.sun)
    refused(Refusal.STALE, withdraw, cast.vera, seen=0)
    withdraw(cast.vera)
    refused(Refusal.NOT_COLLECTING, sign, first, cast.sun.resident_id)


def test_names_are_shown_only_by_choice(crowd, propose, sign, cast):
    crowd(76)
    first = propose()
    sign(first, cast.sun.resident_id, show_name=True)
    sign(first, cast.wang.resident_id)
    assert signing.names_of(first) == ["Sun"]


def test_groups_of_few_signatures_are_not_counted_out():
    rows = [("一组", 40, 60), ("二组", 2, 90), ("三组", 30, 70), ("四组", 0, 80)]
    found = {group.name: group.signers for group in signing._suppressed(rows)}
    assert found["二组"] is None
    assert list(found.values()).count(None) >= 2  # one alone would follow from the sum
    assert "四组" not in found


# --- at once -------------------------------------------------------------------------------------


def sign_at_once(race, proposal_id, cast):
    facts = {
        "resident_id": cast.sun.resident_id,
        "show_name": False,
        "now": clock.now(),
    }
    race(4, lambda _index: signing.sign(proposal_id, **facts))
    query = select(func.count(ProposalSupport.id)).where(
        ProposalSupport.resident_id == cast.sun.resident_id
    )
    return db.session.scalar(query)


def support_at_once(race, proposal_id, cast):
    """Let four write the same signature, past all rules; return how many are kept."""
    row = db.session.scalars(select(ProposalSupport)).first()
    names = ("household_id", "group_id", "sex", "age_band", "is_away", "channel", "done_at")
    facts = {name: getattr(row, name) for name in names}
    facts |= {"proposal_id": proposal_id, "resident_id": cast.sun.resident_id}
    db.session.rollback()
    race(4, lambda _index: db.session.add(ProposalSupport(**facts)))
    return db.session.scalar(select(func.count(ProposalSupport.id))) - 1


def test_of_four_signatures_at_once_one_counts(crowd, propose, race, cast):
    crowd(76)
    assert sign_at_once(race, propose(), cast) == 1


def test_the_key_keeps_one_signature(crowd, propose, race, cast):
    crowd(76)
    assert support_at_once(race, propose(), cast) == 1


@pytest.mark.last_judge
def test_it_stands_on_its_key(crowd, propose, race, cast):
    crowd(76)
    drop_key("proposal_support", "proposal_id", "resident_id")
    first = propose()
    assert support_at_once(race, first, cast) == 4


def test_of_two_who_sign_last_one_takes_the_step(crowd, propose, race, line):
    ids = crowd(36)
    first = propose()
    db.session.rollback()
    results = race(
        4,
        lambda index: signing.sign(first, resident_id=ids[index], show_name=False, now=clock.now()),
    )
    assert results == [None] * 4
    assert line(first).signers == 5
    assert states_of(first) == [State.COLLECTING, State.THRESHOLD_MET]
    assert db.session.scalar(select(func.count(ConveningTask.id))) == 1


def test_of_four_at_once_three_are_taken(crowd, cast, race):
    crowd(36)

    def hand_in(index):
        return handing_in.hand_in(
            PAPER,
            show_name=False,
            client_key=f"key-number-{index}",
            resident_id=cast.vera.resident_id,
            village_code="330523102201",
            now=clock.now(),
        ).number

    results = race(4, hand_in)
    assert sum(isinstance(result, Refused) for result in results) == 1
    assert db.session.scalar(select(func.count(Proposal.id))) == 3


def test_numbers_have_no_gap_and_no_double_when_four_hand_in(crowd, cast, race):
    crowd(36)
    people = (cast.vera, cast.max, cast.sun, cast.wang)
    paper = handing_in.Paper(title="灯", place="", body="装一盏路灯。")

    def hand_in(index):
        return handing_in.hand_in(
            paper,
            show_name=False,
            client_key=f"key-number-{index}",
            resident_id=people[index].resident_id,
            village_code="330523102201",
            now=clock.now(),
        ).number

    assert sorted(race(4, hand_in)) == [1, 2, 3, 4]


def test_a_stop_of_writing_at_proposals_keeps_nobody_from_a_room_or_from_signing(
    crowd, propose, sign, line, cast
):
    crowd(76)
    first = propose()
    max_ = {"account_id": cast.max.account_id, "resident_id": cast.max.resident_id}
    with transaction():
        moderation.decide(
            kind=service.KIND,
            subject_id=first,
            action=Action.HIDE,
            code=Code.INSULT,
            note="",
            seen_revision=0,
            part=Part.COMMITTEE,
            now=clock.now(),
            **max_,
        )
        stop = sanctions.mute(
            service.KIND,
            first,
            span=Span.DAY,
            is_everywhere=False,
            note="",
            words="",
            now=clock.now(),
            **max_,
        )
    assert stop.place == service.PLACE
    vera = cast.vera.resident_id
    assert writers.why_not(vera, place="room:1", now=clock.now()) is None
    assert handing_in.why_not_write(vera, now=clock.now()) is writing.Refusal.MUTED
    other = propose(cast.sun, key="another-key")
    assert signing.why_not(service.get_line(other), vera, now=clock.now()) is None
    db.session.rollback()
    sign(other, vera)
    assert line(other, vera).has_signed
    db.session.rollback()
    with transaction():
        db.session.get_one(Resident, cast.wang.resident_id).born_on = clock.today(clock.now())
    refused(writing.Refusal.MINOR, sign, other, cast.wang.resident_id)
