"""What is frozen and when; the end of a ballot; one vote for each household."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

from portal.ballots import closing, service
from portal.ballots.arithmetic import Outcome
from portal.ballots.models import BallotElector, BallotStep, BallotTally, Turnout
from portal.ballots.rules import Kind, Refusal, State, Unit
from portal.ballots.states import Step
from portal.core import clock
from portal.core.db import db, transaction
from portal.core.errors import Refused
from portal.transparency import service as record
from tests.ballots.conftest import options_of, vote
from tests.tampering import without_triggers


def steps_of(ballot):
    db.session.rollback()
    return [step.step for step in service.list_steps(ballot.id)]


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE ballot SET question = 'other' WHERE id = {ballot}",
        "UPDATE ballot SET closes_at = '2040-01-01 00:00:00' WHERE id = {ballot}",
        "UPDATE ballot SET announced_at = NULL WHERE id = {ballot}",
        "DELETE FROM ballot WHERE id = {ballot}",
        "UPDATE ballot_option SET words = 'other' WHERE ballot_id = {ballot}",
        "DELETE FROM ballot_option WHERE ballot_id = {ballot}",
        "INSERT INTO ballot_option (village_id, ballot_id, position, code, words)"
        " SELECT village_id, id, 99, '', 'one more' FROM ballot WHERE id = {ballot}",
    ],
)
def test_what_was_announced_stays(make_ballot, sql):
    ballot = make_ballot(Kind.SINGLE, words=("东头", "西头"), open=False)
    statement = text(sql.format(ballot=ballot.id))
    with pytest.raises(DBAPIError, match="is frozen"), transaction():
        db.session.execute(statement)
    table = "ballot_option" if "ballot_option" in sql else "ballot"
    if "DELETE FROM ballot WHERE" in sql:
        return  # its options hold it too
    with transaction(), without_triggers(table):  # and it is the trigger that says so
        assert db.session.connection().execute(statement).rowcount


def test_a_draft_can_be_written_anew_and_an_announced_one_cannot(cast, version):
    now = clock.now()
    facts = {
        "version_id": version.id,
        "kind": Kind.SINGLE,
        "profile_code": "consultative",
        "opens_at": now + timedelta(hours=1),
        "closes_at": now + timedelta(hours=2),
    }
    with transaction():
        ballot = service.draft_ballot(
            service.Draft(question="建在哪里?", words=("东头", "西头"), **facts), now=now
        )
    assert service.state_of(ballot, now=now) is State.DRAFT
    assert service.list_ballots() == []
    better = service.Draft(question="食堂建在哪里?", words=("东头", "西头", "不建"), **facts)
    with transaction():
        service.change_draft(ballot.id, better, now=now)
    assert len(options_of(ballot)) == 3
    with transaction():
        service.announce_drafted(ballot.id, now=now)
    with pytest.raises(Refused) as refused, transaction():
        service.change_draft(ballot.id, better, now=now)
    assert refused.value.reason is Refusal.ALREADY_ANNOUNCED


def test_a_ballot_is_closed_and_counted_once(ballot, cast, close, app):
    with transaction():
        vote(ballot, cast.vera, 1)
    close(ballot)
    assert closing.close_due(app, now=clock.now()) == 1
    assert closing.close_due(app, now=clock.now()) == 0
    assert steps_of(ballot) == [
        Step.DRAFTED,
        Step.ANNOUNCED,
        Step.OPENED,
        Step.CLOSED,
        Step.COUNTED,
    ]
    tally = db.session.scalars(select(BallotTally)).one()
    assert tally.content["sums"] == [1, 0, 0]
    db.session.expire_all()
    assert service.get_ballot(ballot.id).outcome is Outcome.HEARD
    assert [entry.kind for entry in record.find_by_number(record.count_entries())] == [
        "ballot-counted"
    ]
    assert record.why_broken() is None
    assert record.files_broken() == []


@pytest.mark.parametrize(
    ("table", "sql"),
    [
        ("ballot_choice", "UPDATE ballot_choice SET value = 2"),
        ("turnout", "UPDATE turnout SET channel = 'paper'"),
        ("ballot", "UPDATE ballot SET question = 'other'"),
        ("ballot_tally", "DELETE FROM ballot_tally"),
    ],
)
def test_the_record_sees_a_changed_vote(ballot, cast, close, app, table, sql):
    with transaction():
        vote(ballot, cast.vera, 1)
    close(ballot)
    closing.close_due(app, now=clock.now())
    with transaction(), without_triggers(table):
        db.session.connection().execute(text(sql))
    db.session.expire_all()
    assert record.files_broken()


def test_a_vote_on_its_way_is_in_or_refused(ballot, cast, race):
    """The close and a cast at the same moment: what is acknowledged is counted, on both sides."""
    closes_at = ballot.closes_at
    answers = race(
        2,
        lambda i: (
            closing.settle_named(ballot.id, now=closes_at)
            if i
            else vote(ballot, cast.vera, 1, now=closes_at - timedelta(seconds=1))
        ),
    )
    db.session.rollback()
    cast_count = db.session.scalar(select(func.count()).select_from(Turnout))
    tally = db.session.scalars(select(BallotTally)).one()
    assert tally.content["valid"] == cast_count
    if isinstance(answers[0], Exception):
        assert answers[0].reason is Refusal.CLOSED
        assert cast_count == 0


@pytest.fixture
def by_household(make_ballot):
    return make_ballot(unit=Unit.HOUSEHOLD)


def test_a_household_has_one_vote(by_household, cast, race, village):
    """Vera's whole household votes at once, each from a phone of their own (domain.md V4)."""
    home = db.session.scalar(
        select(BallotElector.household_id).where(BallotElector.resident_id == cast.vera.resident_id)
    )
    with transaction(), without_triggers("ballot_elector"):
        db.session.connection().execute(text(f"UPDATE ballot_elector SET household_id = {home}"))
    by_household = service.get_ballot(by_household.id)
    everybody = [cast.vera, cast.max, cast.sun]
    answers = race(3, lambda i: vote(by_household, everybody[i], 1))
    refused = [answer.reason for answer in answers if isinstance(answer, Refused)]
    assert refused == [Refusal.HOUSEHOLD_HAS_VOTED] * 2
    db.session.rollback()
    assert db.session.scalar(select(func.count()).select_from(Turnout)) == 1


@pytest.mark.last_judge
def test_the_household_stands_on_its_key(by_household, cast, race, village):
    """Without the key more than one of a household is counted: the test above would be red."""
    db.session.remove()
    with db.engine.begin() as raw:
        raw.exec_driver_sql("DROP INDEX uq_turnout_unit")
    test = test_a_household_has_one_vote
    with pytest.raises(AssertionError):
        test(by_household, cast, race, village)


def test_a_step_is_taken_once(make_ballot, race):
    ballot = make_ballot(open=False)
    answers = race(4, lambda _: service.open_ballot(ballot.id, now=clock.now()))
    refused = [answer.reason for answer in answers if isinstance(answer, Refused)]
    assert refused == [Refusal.ALREADY_OPEN] * 3
    assert steps_of(ballot).count(Step.OPENED) == 1
    assert db.session.scalar(select(func.count()).select_from(BallotStep)) == 3
