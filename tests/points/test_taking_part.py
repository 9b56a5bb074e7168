"""Points for taking part: proposed when a vote is over, given once, whoever presses how often."""

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import NoResultFound

from portal.ballots import service as ballots
from portal.ballots.models import BallotChoice
from portal.core import clock
from portal.core.db import db, transaction
from portal.people.models import Resident
from portal.points import ledger, service, taking_part
from portal.points.models import PointsTransfer
from tests.ballots.conftest import ballot, close, make_ballot, version, vote

from .test_views import in_force

__all__ = ["ballot", "close", "in_force", "make_ballot", "version"]


@pytest.fixture
def over(ballot, close, cast, in_force):
    """A vote in which Vera and Wang took part with other choices, just closed; its id."""
    number = ballot.id
    with transaction():
        vote(ballot, cast.vera, 1)
        vote(ballot, cast.wang, 2)
    assert taking_part.list_proposals(now=clock.now()) == []  # nothing while it is open
    close(service_ballot(number))
    return number


def service_ballot(number):
    return ballots.get_ballot(number)


def names():
    db.session.rollback()
    return [sorted(p.name for p in f.people) for f in taking_part.list_proposals(now=clock.now())]


def given():
    db.session.rollback()
    return db.session.scalar(select(func.count(PointsTransfer.id)))


def press(number, by, own=None):
    with transaction():
        return taking_part.give(
            number, account_id=by.account_id, own_household_id=own, now=clock.now()
        )


def test_whoever_took_part_is_proposed_in_the_order_of_keys(over, cast):
    (proposal,) = taking_part.list_proposals(now=clock.now())
    assert [p.key for p in proposal.people] == sorted(
        taking_part.key_of(over, who.resident_id) for who in (cast.vera, cast.wang)
    )
    assert proposal.item.code == taking_part.ITEM


def test_each_is_given_the_same_once_however_often_it_is_pressed(over, cast):
    assert press(over, cast.paula) == taking_part.Given(2, 0)
    assert press(over, cast.paula) == taking_part.Given(0, 0)
    rows = db.session.execute(
        select(PointsTransfer.points, PointsTransfer.done_on, PointsTransfer.reason).distinct()
    ).all()
    assert len(rows) == 1
    assert names() == []
    assert ledger.why_drifted() == []


def test_two_who_press_at_once_give_once(over, cast, race):
    results = race(
        4,
        lambda _: taking_part.give(
            over, account_id=cast.paula.account_id, own_household_id=None, now=clock.now()
        ),
    )
    assert all(isinstance(done, taking_part.Given) for done in results), results
    assert given() == 2
    assert ledger.why_drifted() == []


def test_it_is_the_key_that_makes_it_once(over, cast, monkeypatch):
    """Without it whoever presses twice gives twice: the tests above would be red."""
    numbers = iter(range(10))
    monkeypatch.setattr(taking_part, "key_of", lambda *_who: f"a new key {next(numbers):016d}")
    for _ in range(2):
        press(over, cast.paula)
    assert given() == 4


def test_the_own_household_waits_for_somebody_else(over, cast):
    own = db.session.get_one(Resident, cast.vera.resident_id).household_id
    assert press(over, cast.max, own) == taking_part.Given(1, 1)
    assert names() == [["Vera"]]
    assert press(over, cast.paula).given == 1


def test_nothing_is_given_before_the_close_or_without_an_item(ballot, cast, in_force, close):
    number = ballot.id
    with transaction():
        vote(ballot, cast.vera, 1)
    with pytest.raises(NoResultFound):
        press(number, cast.paula)
    with transaction():
        today = clock.today(clock.now())
        service.adopt_scheme(items=(), adopted_on=today, in_force_from=today, adopted_by="村民会议")
    close(service_ballot(number))
    assert names() == []
    assert given() == 0


def test_the_page_proposes_and_gives_and_tells_no_choice(over, cast, browse, at):
    address = at("/points/taking-part")
    page = browse(cast.max).get(address).text
    assert "Vera" in page
    assert "Sun" not in page
    with transaction():  # another choice behind the same turnout
        choice = db.session.scalars(select(BallotChoice)).first()
        options = (choice.option_id + 1, choice.turnout_id, choice.ballot_id)
        db.session.add(
            BallotChoice(option_id=options[0], turnout_id=options[1], ballot_id=options[2])
        )
    assert browse(cast.max).get(address).text.count("Vera") == page.count("Vera")
    assert "/points/taking-part" in browse(cast.max).get(at("/desk")).text
    assert browse(cast.vera).get(address).status_code == 403
    for sent, status in (({}, 422), ({"ballot": 10**6}, 404), ({"ballot": over}, 303)):
        assert browse(cast.max).post(address, data=sent).status_code == status
    assert given() == 2
    assert "/points/taking-part" not in browse(cast.max).get(at("/desk")).text
