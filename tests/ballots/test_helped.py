"""Votes that a helper enters: whose they are, who may, and what the helper sees of them."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from portal.assisting import counting
from portal.ballots import helped, service
from portal.ballots.models import BallotChoice, Turnout
from portal.core import clock
from portal.core.db import db, transaction
from portal.people.models import AssistedSitting
from portal.people.rules import Channel
from portal.sign_in.models import AccountSession
from tests.tampering import without_triggers

from .conftest import options_of


@pytest.fixture
def enter_for(cast, browse):
    """Return a browser in which somebody enters for Wang before Sun."""

    def _enter(helper, witness=None):
        browser, now = browse(helper), clock.now()
        with transaction():
            sitting = AssistedSitting(
                helper_id=helper.account_id,
                witness_id=(witness or cast.sun).account_id,
                resident_id=cast.wang.resident_id,
                reason="away",
                channel=Channel.ASSISTED,
                asked_at=now,
                witnessed_at=now,
                began_at=now,
                expires_at=now + timedelta(minutes=30),
            )
            db.session.add(sitting)
            db.session.flush()
            session = db.session.scalars(
                select(AccountSession)
                .where(AccountSession.account_id == helper.account_id)
                .order_by(AccountSession.id.desc())
            ).first()
            session.sitting_id = sitting.id
            return browser, sitting.id

    return _enter


def paper(ballot, *chosen, key="a" * 40):
    return {"chosen": [str(c) for c in chosen], "key": key}


def turnouts():
    db.session.remove()
    return db.session.scalars(select(Turnout)).all()


def test_a_vote_counts_as_the_persons_and_names_the_sitting(cast, ballot, enter_for, at):
    helper, sitting_id = enter_for(cast.vera)
    yes = options_of(ballot)[0]
    assert helper.get(at(f"/ballots/{ballot.id}/vote")).status_code == 200
    sent = helper.post(at(f"/ballots/{ballot.id}/cast"), data=paper(ballot, yes))
    assert sent.status_code == 303
    [turnout] = turnouts()
    assert (turnout.resident_id, turnout.channel, turnout.sitting_id) == (
        cast.wang.resident_id,
        Channel.ASSISTED,
        sitting_id,
    )
    assert "您的选择" in helper.get(sent.location).get_data(as_text=True)


def test_the_committee_enters_nobodys_vote(cast, ballot, enter_for, at):
    helper, _ = enter_for(cast.max)
    yes = options_of(ballot)[0]
    page = helper.get(at(f"/ballots/{ballot.id}")).get_data(as_text=True)
    assert "村委会成员不能替别人投票" in page
    sent = helper.post(at(f"/ballots/{ballot.id}/cast"), data=paper(ballot, yes))
    assert sent.status_code == 409
    assert turnouts() == []


def test_a_statutory_vote_is_cast_in_the_meeting(cast, make_ballot, enter_for, at):
    """Help at home is as remote as a phone is (domain.md V24)."""
    ballot = make_ballot(profile="village-meeting")
    helper, _ = enter_for(cast.vera)
    sent = helper.post(at(f"/ballots/{ballot.id}/cast"), data=paper(ballot, options_of(ballot)[0]))
    assert sent.status_code == 409
    assert turnouts() == []


def test_one_person_one_vote_on_whatever_channel(cast, ballot, enter_for, browse, at):
    """domain.md V21: the first one is final, and the helper does not see what it was."""
    yes, no = options_of(ballot)[:2]
    own = browse(cast.wang).post(at(f"/ballots/{ballot.id}/cast"), data=paper(ballot, no))
    assert own.status_code == 303
    helper, _ = enter_for(cast.vera)
    asked = helper.get(at(f"/ballots/{ballot.id}/vote"))
    page = helper.get(asked.location).get_data(as_text=True)
    assert "您的选择" not in page
    sent = helper.post(at(f"/ballots/{ballot.id}/cast"), data=paper(ballot, yes, key="b" * 40))
    assert sent.location == asked.location
    assert [t.sitting_id for t in turnouts()] == [None]
    assert db.session.scalars(select(BallotChoice.option_id)).all() == [no]


def test_the_person_sees_what_was_entered_for_them(cast, ballot, enter_for, browse, at):
    helper, _ = enter_for(cast.vera)
    sent = helper.post(at(f"/ballots/{ballot.id}/cast"), data=paper(ballot, options_of(ballot)[0]))
    assert "您的选择" in browse(cast.wang).get(sent.location).get_data(as_text=True)
    assert "您的选择" not in browse(cast.vera).get(sent.location).get_data(as_text=True)


def test_the_result_says_how_many_helpers_entered(cast, ballot, enter_for, close, browse, at):
    helper, sitting_id = enter_for(cast.vera)
    helper.post(at(f"/ballots/{ballot.id}/cast"), data=paper(ballot, options_of(ballot)[0]))
    with transaction():
        db.session.get_one(AssistedSitting, sitting_id).objected_at = clock.now()
    assert helped.count_of(ballot.id) == (1, 1)
    close(ballot)
    page = browse(None).get(at(f"/ballots/{ballot.id}/result")).get_data(as_text=True)
    assert "见证人代填 1 票" in page
    assert "1 票本人事后提出异议" in page
    assert "其中一名代填人填得超过了通常的份额：5×1=5 &gt; 1" in page


def test_shares_of_helpers(cast, ballot, approval, enter_for, at):
    helper, _ = enter_for(cast.vera)
    helper.post(at(f"/ballots/{ballot.id}/cast"), data=paper(ballot, options_of(ballot)[0]))
    with transaction():
        for who in (cast.vera, cast.max, cast.sun):
            service.cast_vote(
                ballot.id,
                who.resident_id,
                options_of(ballot)[:1],
                key=f"key {who.name}",
                now=clock.now(),
            )
    [share] = helped.shares()
    assert (share.title, share.total, share.by_helper) == (
        ballot.question,
        4,
        {cast.vera.account_id: 1},
    )
    assert counting.shares() == [(share, 25)]
    flags = [h.flags for h in counting.helpers(since=clock.today(clock.now()))]
    assert [[flag.value for flag in found] for found in flags] == [["share-of-votes"]]
    assert db.session.scalar(select(func.count(Turnout.id))) == 4


def test_of_a_secret_vote_nothing_is_told_before_the_count(cast, ballot, enter_for, at):
    helper, _ = enter_for(cast.vera)
    helper.post(at(f"/ballots/{ballot.id}/cast"), data=paper(ballot, options_of(ballot)[0]))
    db.session.rollback()
    assert len(helped.shares()) == 1
    secret = "UPDATE ballot SET secrecy = 'sealed'"
    with transaction(), without_triggers("ballot"):
        db.session.connection().exec_driver_sql(secret)
    assert helped.shares() == []
