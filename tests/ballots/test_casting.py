"""One elector, one ballot: whoever hurries, repeats or loses the line."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from portal.ballots import service
from portal.ballots.models import BallotChoice, BallotElector, RuleProfile, Turnout
from portal.ballots.profiles import Params
from portal.ballots.rules import Refusal
from portal.core import clock
from portal.core.db import db, transaction
from portal.core.errors import Refused
from portal.people.models import Resident
from tests.ballots.conftest import options_of, vote

TICK = timedelta(microseconds=1)


def counts():
    db.session.rollback()  # what others have written since
    return [db.session.scalar(select(func.count()).select_from(t)) for t in (Turnout, BallotChoice)]


def refusal_of(error):
    return error.reason if isinstance(error, Refused) else error


def eight(race, ballot, person):
    return race(8, lambda i: vote(ballot, person, 1 + i % 2, key=f"another key number {i}"))


def test_eight_at_once_for_one_elector_make_one_vote(ballot, cast, race):
    results = eight(race, ballot, cast.vera)
    assert [refusal_of(r) for r in results].count(Refusal.ALREADY_VOTED) == 7
    assert counts() == [1, 1]


def drop_the_key():
    """Take the last judge away, as a careless migration would."""
    key = "UNIQUE (ballot_id, resident_id)"
    db.session.remove()
    with db.engine.connect() as raw:
        if db.engine.dialect.name == "postgresql":
            name = raw.exec_driver_sql(
                "SELECT conname FROM pg_constraint WHERE conrelid = 'turnout'::regclass"
                f" AND pg_get_constraintdef(oid) = '{key}'"
            ).scalar_one()
            raw.exec_driver_sql(f'ALTER TABLE turnout DROP CONSTRAINT "{name}"')
            raw.commit()
            return
        made = raw.exec_driver_sql(
            "SELECT sql FROM sqlite_master WHERE name = 'turnout'"
        ).scalar_one()
        weak = made.replace("turnout", "turnout_weak", 1)
        end = weak.index(key) + len(key)
        raw.exec_driver_sql("COMMIT")
        raw.exec_driver_sql("PRAGMA foreign_keys = OFF")
        raw.exec_driver_sql(weak[: weak.rindex(",", 0, end - len(key))] + weak[end:])
        raw.exec_driver_sql("INSERT INTO turnout_weak SELECT * FROM turnout")
        raw.exec_driver_sql("DROP TABLE turnout")
        raw.exec_driver_sql("ALTER TABLE turnout_weak RENAME TO turnout")
        raw.exec_driver_sql("PRAGMA foreign_keys = ON")
        raw.exec_driver_sql("BEGIN")


@pytest.mark.last_judge
def test_the_casting_stands_on_the_key(ballot, cast, race):
    """Without the key more than one is counted: the test above would be red."""
    drop_the_key()
    eight(race, ballot, cast.vera)
    assert counts()[0] > 1


def test_the_same_key_gives_the_same_receipt(ballot, cast, race):
    receipts = race(8, lambda _: vote(ballot, cast.vera, 1, key="one key for all of them").code)
    assert len(set(receipts)) == 1
    assert counts() == [1, 1]


def test_a_vote_counts_until_the_last_moment(ballot, cast):
    closes_at = ballot.closes_at
    with transaction():
        assert vote(ballot, cast.vera, 1, now=closes_at - TICK).code
    with pytest.raises(Refused) as refused, transaction():
        vote(ballot, cast.max, 1, now=closes_at)
    assert refused.value.reason is Refusal.CLOSED


@pytest.mark.parametrize("who", ["nora", "otto", "paula"])
def test_who_is_not_on_the_list_is_refused(ballot, cast, who):
    with pytest.raises(Refused), transaction():
        vote(ballot, getattr(cast, who), 1)
    assert counts() == [0, 0]


def test_an_unknown_choice_refuses_the_whole_vote(approval, cast):
    known = options_of(approval)
    for chosen in ([*known[:1], 10**6], [known[0], known[0]], known, []):
        with pytest.raises(Refused), transaction():
            service.cast_vote(
                approval.id, cast.vera.resident_id, chosen, key="a key", now=clock.now()
            )
    assert counts() == [0, 0]


def test_whoever_moves_out_after_the_opening_still_votes(ballot, cast):
    with transaction():
        db.session.get_one(Resident, cast.vera.resident_id).left_on = clock.today(clock.now())
        assert db.session.scalar(select(func.count()).select_from(BallotElector)) == 4
    with transaction():
        assert vote(ballot, cast.vera, 1).code


@pytest.mark.parametrize("path", ["", "/vote", "/result", "/roll"])
def test_nobody_sees_how_it_stands_before_the_close(ballot, approval, cast, browse, at, path):
    """The same turnout, other choices: while the vote is open every page is the same."""
    with transaction():
        vote(ballot, cast.vera, 1)
        vote(approval, cast.vera, 1)
    for asked, place in ((ballot, 3), (approval, 2)):

        def look(asked=asked):
            answers = [
                browse(p).get(at(f"/ballots/{asked.id}{path}"))
                for p in (cast.max, cast.paula, cast.sun, None)
            ]
            return [
                (a.status_code, a.location, re.sub(r'value="[^"]+"', "", a.text)) for a in answers
            ]

        before = look()
        with transaction():
            choice = db.session.scalars(
                select(BallotChoice).where(BallotChoice.ballot_id == asked.id)
            ).one()
            values = {
                "ballot_id": asked.id,
                "turnout_id": choice.turnout_id,
                "option_id": options_of(asked)[place - 1],
            }
            db.session.add(BallotChoice(**values))  # another choice behind the same turnout
        assert look() == before


def test_the_phone_way_from_question_to_receipt(ballot, cast, browse, at):
    client = browse(cast.vera)
    page = client.get(at(f"/ballots/{ballot.id}/vote")).text
    key = page.split('name="key"')[1].split('value="')[1].split('"')[0]
    data = {"key": key, "chosen": options_of(ballot)[0]}
    assert client.post(at(f"/ballots/{ballot.id}/confirm"), data=data).status_code == 200
    first = client.post(at(f"/ballots/{ballot.id}/cast"), data=data)
    again = client.post(at(f"/ballots/{ballot.id}/cast"), data=data)
    assert first.status_code in (302, 303)
    assert first.location == again.location
    assert counts() == [1, 1]
    stranger = browse(None).get(first.location)
    assert stranger.status_code == 200
    assert "Vera" not in stranger.text
    assert browse(cast.nora).post(at(f"/ballots/{ballot.id}/cast"), data=data).status_code == 403


def test_casting_takes_few_statements(ballot, cast, browse, at, count_queries):
    client = browse(cast.vera)
    client.get(at(f"/ballots/{ballot.id}"))
    data = {"key": "made-before-the-first-sending", "chosen": options_of(ballot)[0]}
    with count_queries() as counted:
        answer = client.post(at(f"/ballots/{ballot.id}/cast"), data=data)
    assert answer.status_code == 303
    assert counted.n <= 12, counted.statements


def test_the_rule_is_data(ballot, village):
    profile = db.session.get_one(RuleProfile, ballot.profile_id)
    assert Params.from_json(profile.params).min_age == 18
    assert profile.citation
