"""Who hears of a ballot: its electors, at the right moment, and nothing of how anybody voted."""

from datetime import date, timedelta

from sqlalchemy import func, select

from portal.ballots import service
from portal.core import clock, outbox
from portal.core.db import db, transaction
from portal.inbox.models import InboxMessage
from portal.people import service as people
from portal.people.models import Account, Resident
from portal.people.rules import Sex

from .conftest import vote

EVERYBODY = ("max", "sun", "vera", "wang")


def names(told):
    return [(name, path) for name, _, path in told]


def test_electors_hear_of_opening_and_result_and_nobody_else(make_ballot, cast, told, at):
    ballot = make_ballot(opened=-1, closes=30)
    path = at(f"/ballots/{ballot.id}")
    first = told()
    assert names(first) == [(name, path) for name in EVERYBODY]
    assert "同意修建老年活动中心吗?" in first[0][1]
    assert told() == []
    assert names(told(ballot.closes_at)) == [(name, path + "/result") for name in EVERYBODY]


def test_only_those_who_have_not_voted_are_reminded(make_ballot, cast, told):
    ballot = make_ballot(opened=-1, closes=100)
    told()
    with transaction():
        vote(ballot, cast.vera, 1)
    last_day = ballot.closes_at - timedelta(days=1)
    assert told(last_day - timedelta(minutes=1)) == []
    assert [name for name, _, _ in told(last_day)] == ["max", "sun", "wang"]


def test_a_short_ballot_reminds_nobody(make_ballot, cast, told):
    ballot = make_ballot(opened=-1, closes=30)
    told()
    assert told(ballot.closes_at - timedelta(minutes=1)) == []


def test_no_message_tells_how_anybody_voted(make_ballot, cast, told):
    ballot = make_ballot(opened=-1, closes=100)
    with transaction():
        vote(ballot, cast.vera, 1)
    told()
    told(ballot.closes_at - timedelta(hours=1))
    told(ballot.closes_at)
    allowed = {"question", "closes_at"}
    for message in db.session.query(InboxMessage).filter(InboxMessage.kind.like("ballots.%")):
        assert set(message.facts) == allowed
    kinds = {message.kind for message in db.session.query(InboxMessage)}
    assert {"ballots.opened", "ballots.closes", "ballots.closed"} <= kinds


def test_what_is_long_over_is_no_news(make_ballot, cast, told):
    ballot = make_ballot(opened=-200, closes=-100)  # as an import brings them
    assert told() == []
    assert service.get_ballot(ballot.id).closes_at < clock.now()


def test_somebody_too_young_hears_nothing(make_ballot, cast, told, village):
    with transaction():
        resident = db.session.get_one(Resident, cast.wang.resident_id)
        resident.born_on = clock.today(clock.now()) - timedelta(days=17 * 365)
    make_ballot()
    assert "wang" not in [name for name, _, _ in told()]


def test_two_thousand_electors_are_told_in_few_statements(
    make_ballot, cast, told, village, count_queries
):
    grown = {"sex": Sex.UNKNOWN, "born_on": date(1980, 1, 1), "village_id": village.id}
    vera = people.get_resident(cast.vera.resident_id)
    with transaction():
        home = {"household_id": vera.household_id, "group_id": vera.group_id}
        residents = [Resident(name=f"R{n}", **grown, **home) for n in range(2000)]
        db.session.add_all(residents)
        db.session.flush()
        db.session.add_all(
            Account(name=r.name, resident_id=r.id, village_id=village.id) for r in residents
        )
    make_ballot()
    with count_queries() as counted:
        outbox.handle_now()
    assert db.session.scalar(select(func.count(InboxMessage.id))) >= 2004
    assert counted.n < 100
