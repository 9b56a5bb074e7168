"""Papers that were entered before the close, and whose witnesses agree after it or never."""

from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import select

from portal.ballots import (
    archive,
    batch_lists,
    batches,
    ceremony,
    closing,
    late_papers,
    service,
    urn,
    urn_closing,
)
from portal.ballots.models import Turnout
from portal.ballots.rules import Refusal, State
from portal.ballots.states import Step
from portal.ballots.urn_rules import UrnRefusal
from portal.core import clock
from portal.core.db import db, transaction
from portal.core.errors import Refused
from tests.ballots.conftest import vote
from tests.ballots.sealed_village import add_people, open_sealed
from tests.ballots.test_batches import YES, agree, enter, entry, refused, said_of


@pytest.fixture
def late(ballot, cast):
    """An open vote in which Max voted, and papers of Vera and Wang that Sun alone agreed to."""
    with transaction():
        vote(ballot, cast.max, 2)
    sheet_id = enter(ballot, cast, entry(cast, cast.vera, cast.wang))
    agree(sheet_id, cast.sun)
    return sheet_id


def settle(app, ballot, *, now):
    """Let the job come round; return the ballot and where it stands."""
    closing.close_due(app, now=now)
    db.session.rollback()
    db.session.expire_all()
    found = service.get_ballot(ballot.id)
    return found, service.state_of(found, now=now)


def test_the_count_waits_for_papers_that_were_entered_in_time(
    ballot, cast, late, app, browse, at, monkeypatch
):
    after = ballot.closes_at + timedelta(minutes=1)
    found, state = settle(app, ballot, now=after)
    assert (state, found.closed_at, found.counted_at) == (State.CLOSED, None, None)
    with pytest.raises(Refused):
        service.result_of(found, now=after)
    monkeypatch.setattr(clock, "now", lambda: after)
    shown = browse(cast.wang).get(at(f"/ballots/{ballot.id}"))
    assert "等待见证人" in shown.text
    assert refused(partial(batches.withdraw, late, now=after)) is Refusal.STAYS_AFTER_THE_CLOSE
    new = entry(cast, cast.sun, station="二组", papers=1, counts=((YES, 1),))
    assert refused(partial(enter, ballot, cast, new, now=after)) is Refusal.NOT_OPEN
    agree(late, cast.vera, now=after)
    found, state = settle(app, ballot, now=after)
    assert state is State.COUNTED
    result = service.result_of(found, now=after)
    assert [tally.count for tally in result.tallies] == [2, 1, 0]
    assert max(db.session.scalars(select(Turnout.done_at))) < ballot.closes_at
    assert "fits together" in said_of(archive.contents(found))


def test_what_nobody_agreed_to_in_two_days_is_left_out_in_public(ballot, cast, late, app):
    end = ballot.closes_at + late_papers.WITNESSES_HAVE
    assert settle(app, ballot, now=end - timedelta(seconds=1))[1] is State.CLOSED
    found, state = settle(app, ballot, now=end)
    assert state is State.COUNTED
    assert service.result_of(found, now=end).cast == 1
    assert refused(partial(agree, late, cast.vera, now=end)) is Refusal.WRONG_STATE
    told = archive.contents(found)["counting"]
    left_out = [line for line in told["steps"] if line["step"] == Step.PAPERS_LEFT_OUT]
    assert [line["reason"] for line in left_out] == ["三组祠堂 (2)"]
    assert "fits together" in said_of(archive.contents(found))


def test_nothing_is_entered_once_it_is_counted(ballot, cast, app):
    """By a clock that was read before the close, and a lock that was had after the count."""
    settle(app, ballot, now=ballot.closes_at)
    assert refused(partial(enter, ballot, cast, entry(cast, cast.vera, cast.wang))) is (
        Refusal.NOT_OPEN
    )


def test_the_links_of_a_secret_vote_wait_for_no_witness(cast, version, village, app, monkeypatch):
    now, swept = clock.now(), []
    sweep = urn_closing.sweep
    monkeypatch.setattr(urn_closing, "sweep", lambda: swept.append(sweep()))
    people = add_people(24, now=now)
    times = {"opens_at": now - timedelta(hours=1), "closes_at": now + timedelta(hours=1)}
    sealed = open_sealed(version, village, **times, now=now - timedelta(days=1))
    for resident_id in people[10:22]:
        with transaction():
            sealed.cast(resident_id, sealed.envelope(1, 0, 0))
    made = entry(cast, electors=people[:10], papers=10, counts=None)
    sheet_id = enter(sealed.ballot, cast, made)
    agree(sheet_id, cast.sun)
    after = now + timedelta(hours=2)
    for _round in range(3):
        assert urn_closing.close_due(app, now=after) == 0
        db.session.rollback()
        assert not urn.has_links(sealed.ballot_id)
        assert not urn_closing.is_settled(sealed.ballot_id)
    assert len(swept) == 1  # tables are written anew once, not every other second for two days
    assert ceremony.why_not_open(sealed.ballot, now=after) is UrnRefusal.PAPERS_WAIT
    agree(sheet_id, cast.vera, now=after)
    urn_closing.close_due(app, now=after)
    db.session.rollback()
    assert urn_closing.is_settled(sealed.ballot_id)
    assert len(db.session.scalars(select(Turnout)).all()) == 22
    assert batch_lists.count_uncounted(sealed.ballot_id) == 10
