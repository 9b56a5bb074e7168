"""An open consultative vote can be changed until the close; every other vote is final (V21)."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select, text

from portal.ballots import changing, closing, papers_in, records, service, strata
from portal.ballots.change_models import BallotChange
from portal.ballots.models import BallotTally, Turnout
from portal.ballots.profiles import Params
from portal.ballots.rules import Kind, Refusal, Secrecy, Unit, may_be_changed
from portal.ballots.states import Step
from portal.core import clock
from portal.core.db import db, transaction
from portal.core.errors import Refused
from portal.people.rules import Channel
from portal.transparency import service as record
from tests.ballots.conftest import options_of, vote
from tests.tampering import drop_key, without_triggers

TICK = timedelta(microseconds=1)


def change(ballot, person, *places, turn=2, key="the key of another paper", now=None):
    options = options_of(ballot)
    return service.change_vote(
        ballot.id,
        person.resident_id,
        [options[place - 1] for place in places],
        turn=turn,
        key=key,
        now=now or clock.now(),
    )


def first(ballot, person, *places, **facts):
    with transaction():
        return vote(ballot, person, *places, **facts)


def sums(ballot):
    """Return what is counted now, and how many have voted and changed."""
    db.session.rollback()
    counted = papers_in.count(ballot, service.list_options(ballot.id))
    people = db.session.scalar(select(func.count()).select_from(Turnout))
    return (
        list(counted.sums),
        people,
        db.session.scalar(select(func.count()).select_from(BallotChange)),
    )


def refused(deed):
    with pytest.raises(Refused) as caught, transaction():
        deed()
    return caught.value.reason


def test_the_last_paper_counts_everywhere(approval, cast, close, app):
    receipt = first(approval, cast.vera, 1, 2)
    first(approval, cast.max, 2)
    with transaction():
        assert change(approval, cast.vera, 3).code == receipt.code
    with transaction():
        change(approval, cast.vera, 2, 3, turn=3, key="the key of the third paper")
    assert sums(approval) == ([0, 2, 1], 2, 2)
    assert [option.position for option, _value in service.chosen_by(receipt)] == [2, 3]
    assert len(service.list_changes(receipt)) == 2
    close(approval)
    closing.close_due(app, now=clock.now())
    now, options = clock.now(), options_of(approval)
    roll = {v.name: [o for o, _ in v.chosen] for v in service.list_votes(approval, now=now, page=1)}
    assert roll == {"Vera": options[1:], "Max": options[1:2]}
    ticks = strata.sums(strata.count_ticks(approval.id, Kind.APPROVAL), lambda row: row.option_id)
    assert [ticks[option] for option in options] == [0, 2, 1]
    assert sorted(paper for _, paper in records.named_lines(approval)) == [[0, 1, 0], [0, 1, 1]]
    ballot = service.get_ballot(approval.id)
    assert records.facts_of(ballot, Step.CLOSED)["changes"] == 2
    assert record.files_broken() == []


def test_the_record_sees_a_change_that_was_taken_away(ballot, cast, close, app):
    first(ballot, cast.vera, 1)
    with transaction():
        change(ballot, cast.vera, 2)
    close(ballot)
    closing.close_due(app, now=clock.now())
    assert record.files_broken() == []
    with transaction(), without_triggers("ballot_change"):
        db.session.connection().execute(text("DELETE FROM ballot_change"))
    db.session.expire_all()
    assert record.files_broken()


def test_the_same_sending_ends_in_the_same_receipt(ballot, cast):
    key = "the key of the first paper"
    receipt = first(ballot, cast.vera, 1, key=key)
    for _again in range(2):
        with transaction():
            assert change(ballot, cast.vera, 2).code == receipt.code
    assert first(ballot, cast.vera, 1, key=key).code == receipt.code  # late, and changes nothing
    assert sums(ballot) == ([0, 1, 0], 1, 1)
    old = [{"turn": 2, "key": "seen on a page of before"}, {"turn": 9, "key": "made up by nobody"}]
    for paper in old:
        assert refused(lambda p=paper: change(ballot, cast.vera, 3, **p)) is (
            Refusal.CHANGED_MEANWHILE
        )
    assert refused(lambda: vote(ballot, cast.vera, 3, key="another")) is Refusal.ALREADY_VOTED
    assert refused(lambda: change(ballot, cast.wang, 3)) is Refusal.CHANGED_MEANWHILE
    assert sums(ballot) == ([0, 1, 0], 1, 1)


CONSULTATIVE = Params()


def test_what_binds_is_secret_or_of_a_household_is_final():
    for facts, may in (
        ({}, True),
        ({"secrecy": Secrecy.SEALED}, False),
        ({"secrecy": Secrecy.BELENIOS}, False),
        ({"unit": Unit.HOUSEHOLD}, False),
        ({"params": Params(unit=Unit.HOUSEHOLD)}, False),
        ({"params": Params(legal_effect="statutory")}, False),
    ):
        asked = {"params": CONSULTATIVE, "secrecy": Secrecy.OPEN, "unit": Unit.PERSON} | facts
        assert may_be_changed(**asked) is may, facts


@pytest.mark.parametrize(
    ("facts", "channel"),
    [
        ({"profile": "village-meeting-remote"}, Channel.SELF),
        ({"unit": Unit.HOUSEHOLD}, Channel.SELF),
        ({}, Channel.PAPER),
        ({}, Channel.IMPORT),
    ],
)
def test_a_final_vote_is_not_changed(make_ballot, cast, facts, channel):
    ballot = make_ballot(**facts)
    receipt = first(ballot, cast.vera, 1, channel=channel)
    assert refused(lambda: change(ballot, cast.vera, 2)) is Refusal.FINAL
    assert service.why_not_change(receipt, now=clock.now()) is Refusal.FINAL
    assert sums(ballot) == ([1, 0, 0], 1, 0)


def test_it_is_changed_until_the_last_moment(ballot, cast):
    first(ballot, cast.vera, 1)
    closes_at = ballot.closes_at
    with transaction():
        change(ballot, cast.vera, 2, now=closes_at - TICK)
    late = {"turn": 3, "key": "too late", "now": closes_at}
    assert refused(lambda: change(ballot, cast.vera, 3, **late)) is Refusal.CLOSED
    assert refused(lambda: change(ballot, cast.vera, turn=3, key="empty")) is Refusal.NOTHING_CHOSEN
    assert sums(ballot) == ([0, 1, 0], 1, 1)


def eight(race, ballot, person):
    return race(8, lambda i: change(ballot, person, 2 + i % 2, key=f"another paper {i}").code)


def test_eight_changes_at_once_make_one(ballot, cast, race):
    receipt = first(ballot, cast.vera, 1)
    results = eight(race, ballot, cast.vera)
    assert results.count(receipt.code) == 1, results
    reasons = [getattr(result, "reason", None) for result in results]
    assert reasons.count(Refusal.CHANGED_MEANWHILE) == 7
    counted, people, changes = sums(ballot)
    assert (sum(counted), counted[0], people, changes) == (1, 0, 1, 1)


@pytest.mark.last_judge
def test_a_change_stands_on_the_key(ballot, cast, race):
    """Without the key more than one takes the place of a paper: the test above would be red."""
    first(ballot, cast.vera, 1)
    drop_key("ballot_change", "turnout_id", "turn")
    eight(race, ballot, cast.vera)
    assert sums(ballot)[2] > 1


def test_a_change_on_its_way_is_in_or_refused(ballot, cast, race):
    """The close and a change at the same moment: what is acknowledged is what is counted."""
    first(ballot, cast.vera, 1)
    closes_at = ballot.closes_at
    answers = race(
        2,
        lambda i: (
            closing.settle_named(ballot.id, now=closes_at)
            if i
            else change(ballot, cast.vera, 2, now=closes_at - TICK)
        ),
    )
    counted, _people, changes = sums(ballot)
    tally = db.session.scalars(select(BallotTally)).one()
    assert tally.content["sums"] == counted == ([0, 1, 0] if changes else [1, 0, 0])
    if not changes:
        assert answers[0].reason is Refusal.CLOSED
    assert record.files_broken() == []


def test_the_way_on_the_pages(approval, cast, browse, at):
    client = browse(cast.vera)
    options = options_of(approval)
    with transaction():
        receipt = vote(approval, cast.vera, 1)
    page = at(f"/ballots/receipts/{receipt.code}")
    assert "/vote/change" in client.get(page).text
    assert "/vote/change" not in browse(cast.max).get(page).text
    paper = client.get(at(f"/ballots/{approval.id}/vote/change")).text
    assert paper.count("checked") == 1  # what stands on the last paper
    key = paper.split('name="key"')[1].split('value="')[1].split('"')[0]
    data = {"key": key, "turn": "2", "chosen": options[2]}
    sure = client.post(at(f"/ballots/{approval.id}/confirm"), data=data)
    assert 'name="turn" value="2"' in sure.text
    for _again in range(2):
        done = client.post(at(f"/ballots/{approval.id}/cast"), data=data)
        assert done.location == page
    assert sums(approval) == ([0, 0, 1], 1, 1)
    assert "最后修改" in client.get(page).text
    assert "最后修改" not in browse(None).get(page).text
    stale = client.post(at(f"/ballots/{approval.id}/cast"), data=data | {"key": key[::-1]})
    assert stale.location == page
    assert sums(approval) == ([0, 0, 1], 1, 1)
    wrong = client.post(at(f"/ballots/{approval.id}/cast"), data=data | {"turn": "0"})
    assert wrong.status_code == 422
    assert changing.may_be_changed(service.get_ballot(approval.id))
