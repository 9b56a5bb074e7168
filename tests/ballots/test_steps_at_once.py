"""Two people who take the same step of a ballot at once take it once."""

from contextlib import contextmanager
from datetime import timedelta

import pytest

from portal.ballots import closing, life, published, service, steps
from portal.ballots.states import Step
from portal.core import clock
from portal.core.db import db, transaction
from portal.core.errors import Refused
from tests.tampering import drop_key

REASONED = {"reason": "暴雨停电"}
TAKEN = {
    "suspend": (service.suspend_ballot, Step.SUSPENDED, REASONED),
    "resume": (service.resume_ballot, Step.RESUMED, {}),
    "cancel": (service.cancel_ballot, Step.CANCELLED, REASONED),
    "discard": (service.discard_draft, Step.CANCELLED, {}),
    "ask": (service.ask_early_close, Step.EARLY_CLOSE_ASKED, REASONED),
    "close early": (service.close_early, Step.CLOSED_EARLY, {}),
    "archive": (service.archive_ballot, Step.ARCHIVED, {}),
}
LATER = {"archive": timedelta(days=60)}
"""How long after the other steps one is taken: here, when the days on the board are over."""


def ready(name, make_ballot, cast, version):
    """Return a ballot with which this can be done now."""
    now, maxs = clock.now(), {"now": clock.now(), "account_id": cast.max.account_id}
    if name == "discard":
        running = make_ballot()
        facts = {"opens_at": running.opens_at, "closes_at": running.closes_at}
        made = service.Draft(
            version_id=version.id,
            question="?",
            kind=running.kind,
            profile_code="consultative",
            **facts,
        )
        with transaction():
            return service.draft_ballot(made, now=now).id
    if name == "archive":
        over = make_ballot(closes=-0.5)
        with transaction():
            closing.settle_named(over.id, now=now)
            return service.disclose_ballot(over.id, now=now).id
    ballot_id = make_ballot().id
    with transaction():
        if name == "resume":
            service.suspend_ballot(ballot_id, reason="?", **maxs)
        if name == "close early":
            service.ask_early_close(ballot_id, reason="?", **maxs)
    return ballot_id


def four(race, name, ballot_id, cast):
    deed, _step, facts = TAKEN[name]
    people, later = (cast.sun, cast.vera), LATER.get(name, timedelta())

    def take(i):
        now = clock.now() + later
        return deed(ballot_id, now=now, account_id=people[i % 2].account_id, **facts).id

    return race(4, take)


def taken(name, ballot_id):
    db.session.rollback()
    return [line.step for line in service.list_steps(ballot_id)].count(TAKEN[name][1])


@pytest.mark.parametrize("name", TAKEN)
def test_a_step_at_once_is_one(make_ballot, cast, version, race, name):
    ballot_id = ready(name, make_ballot, cast, version)
    results = four(race, name, ballot_id, cast)
    assert results.count(ballot_id) == 1, results
    assert sum(isinstance(result, Refused) for result in results) == 3
    assert taken(name, ballot_id) == 1


@contextmanager
def nobody_waits(monkeypatch):
    """Let a step be taken without a lock, whatever state the ballot is in.

    Nor does anybody see the other's step when they count how often it was taken.
    """
    with monkeypatch.context() as patch:
        for module in (steps, published):
            patch.setattr(module, "locked", service.get_written)
            patch.setattr(module, "expect", lambda *_args, **_facts: None)
        patch.setattr(life, "AGAIN", ())
        yield


ONCE = ["suspend", "resume", "cancel", "discard", "close early", "archive"]


@pytest.mark.parametrize("name", ONCE)
def test_the_key_is_the_last_judge_of_a_step(make_ballot, cast, version, race, monkeypatch, name):
    ballot_id = ready(name, make_ballot, cast, version)
    with nobody_waits(monkeypatch):
        four(race, name, ballot_id, cast)
    assert taken(name, ballot_id) == 1


@pytest.mark.last_judge
@pytest.mark.parametrize("name", ["suspend", "cancel", "archive"])
def test_a_step_stands_on_its_key(make_ballot, cast, version, race, monkeypatch, name):
    """Without the key it is taken more than once: the test above would be red."""
    ballot_id = ready(name, make_ballot, cast, version)
    drop_key("ballot_step", "ballot_id", "step", "turn")
    with nobody_waits(monkeypatch):
        four(race, name, ballot_id, cast)
    assert taken(name, ballot_id) > 1
