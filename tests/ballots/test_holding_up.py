"""A vote that is held up: the clock does not end it, and it ends as much later."""

import subprocess
import sys
from datetime import timedelta

import pytest

from portal.ballots import archive, closing, service
from portal.ballots.in_use import BallotsUnderWay
from portal.ballots.rules import Refusal, State
from portal.core import clock
from portal.core.db import db, transaction
from portal.core.errors import Refused
from portal.people import posts
from portal.people.rules import Role
from portal.transparency import signing

from .conftest import vote

HOUR = timedelta(hours=1)


@pytest.fixture
def head(cast):
    with transaction():
        posts.give_post(cast.max.account_id, Role.HEAD, now=clock.now() - 24 * HOUR)
    return cast.max


@pytest.fixture
def deed(head):
    """Take a step as the head; return the ballot as it then stands."""

    def _deed(step, ballot, *, now, account=None, **facts):
        with transaction():
            step(ballot.id, now=now, account_id=account or head.account_id, **facts)
        db.session.rollback()
        return service.get_ballot(ballot.id)

    return _deed


@pytest.fixture
def holds(tmp_path):
    """Have the observer's script say that the archive of a ballot holds."""

    def _holds(ballot, now):
        file = tmp_path / "vote.zip"
        file.write_bytes(archive.build(ballot, now=now))
        script = [sys.executable, "-I", "-S", archive.SCRIPT, file, "--key", signing.public_key()]
        done = subprocess.run(script, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout

    return _holds


def state(ballot, now):
    db.session.rollback()
    db.session.expire_all()
    return service.state_of(service.get_ballot(ballot.id), now=now)


def test_the_clock_ends_no_vote_that_one_person_holds_up(make_ballot, cast, deed, app, told, holds):
    ballot = make_ballot(opened=-1, closes=100)
    end = ballot.closes_at
    with transaction():
        vote(ballot, cast.vera, 1)
    told()
    held = deed(service.suspend_ballot, ballot, now=end - 2 * HOUR, reason="停电")
    later = end + 70 * HOUR
    assert closing.close_due(app, now=later) == 0
    with transaction():
        closing.settle_named(ballot.id, now=later)
    assert state(ballot, later) is State.SUSPENDED
    assert told(later) == []
    assert held in service.list_recent(now=later + 100 * 24 * HOUR)
    assert BallotsUnderWay().is_in_use(now=later)
    with pytest.raises(Refused) as refused, transaction():
        vote(ballot, cast.wang, 2, now=later)
    assert refused.value.reason is Refusal.SUSPENDED

    ballot = deed(service.resume_ballot, ballot, now=later)
    assert ballot.ends_at == ballot.due_at == later + 2 * HOUR
    with transaction():
        vote(ballot, cast.wang, 2, now=later + HOUR)
    assert closing.close_due(app, now=later + 2 * HOUR - HOUR / 60) == 0
    assert closing.close_due(app, now=later + 2 * HOUR) == 1
    assert state(ballot, later + 2 * HOUR) is State.COUNTED
    ballot = service.get_ballot(ballot.id)
    assert service.result_of(ballot, now=later + 2 * HOUR).cast == 2
    assert [path.endswith("/result") for _, _, path in told(later + 3 * HOUR)] == [True] * 4
    assert told(later + 4 * HOUR) == []
    holds(service.get_ballot(ballot.id), later + 3 * HOUR)


def test_two_offices_end_a_vote_that_is_held_up(make_ballot, cast, deed, app, holds):
    ballot = make_ballot(opened=-1, closes=1)
    deed(service.suspend_ballot, ballot, now=clock.now(), reason="停电")
    later = ballot.closes_at + HOUR
    deed(service.ask_early_close, ballot, now=later, reason="来电无期")
    closed = deed(service.close_early, ballot, now=later, account=cast.sun.account_id)
    assert (closed.closed_at, closed.suspended_at) == (later, None)
    assert closing.close_due(app, now=later) == 1
    assert state(ballot, later) is State.COUNTED
    holds(service.get_ballot(ballot.id), later)


def test_who_still_has_time_is_reminded_on_the_new_last_day_alone(make_ballot, cast, deed, told):
    ballot = make_ballot(opened=-1, closes=100)
    told()
    deed(service.suspend_ballot, ballot, now=clock.now(), reason="停电")
    deed(service.resume_ballot, ballot, now=clock.now() + 10 * HOUR)
    assert told(ballot.closes_at - 24 * HOUR) == []
    assert len(told(ballot.closes_at - 13 * HOUR)) == 4


def test_the_pages_of_a_vote_that_is_held_up_name_no_end(ballot, deed, browse, at, cast):
    deed(service.suspend_ballot, ballot, now=clock.now(), reason="停电")
    for path in ("/ballots/", f"/ballots/{ballot.id}"):
        page = browse(cast.vera).get(at(path)).text
        assert "暂停中" in page
        assert "还剩" not in page, path
