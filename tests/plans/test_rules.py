"""Who may change what of a plan, and when, as tables."""

from datetime import UTC, date, datetime, timedelta

import pytest

from portal.core import clock
from portal.plans import life, rules
from portal.plans.rules import Missing, Refusal, State

NOW = datetime(2026, 1, 31, 4, 0, tzinfo=UTC)
ALL = set(State)


def state_at(state, *, ends_at, now, in_force_on=None, target_year=2035):
    return life.state_at(
        state, ends_at=ends_at, in_force_on=in_force_on, target_year=target_year, now=now,
        today=clock.today(now),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("away", "state"),
    [
        (timedelta(seconds=-1), State.ON_NOTICE),
        (timedelta(0), State.NOTICE_CLOSED),
        (timedelta(seconds=1), State.NOTICE_CLOSED),
    ],
)
def test_the_end_itself_is_outside(away, state):
    """T2: 23:59:59 counts, 00:00:00 does not."""
    end = clock.midnight_after(date(2026, 3, 2))
    assert end == datetime(2026, 3, 2, 16, 0, tzinfo=UTC)
    assert state_at(State.ON_NOTICE, ends_at=end, now=end + away) is state


def test_only_a_notice_is_moved_by_the_clock():
    end = NOW - timedelta(days=1)
    for state in ALL - {State.ON_NOTICE}:
        assert state_at(state, ends_at=end, now=NOW) is state
    assert state_at(State.ON_NOTICE, ends_at=None, now=NOW) is State.ON_NOTICE


def test_days_move_what_is_published_and_what_is_in_force():
    """The day it comes into force is the first, the last of its target year the last."""
    today = clock.today(NOW)
    facts = {"ends_at": None, "now": NOW}
    published, in_force = State.PUBLISHED, State.IN_FORCE
    assert state_at(published, in_force_on=today, **facts) is in_force
    assert state_at(published, in_force_on=today + timedelta(days=1), **facts) is published
    for state in (in_force, State.AMENDING):
        assert state_at(state, target_year=2026, **facts) is state
        assert state_at(state, target_year=2025, **facts) is State.EXPIRED
    assert state_at(published, in_force_on=today, target_year=2025, **facts) is State.EXPIRED


@pytest.mark.parametrize("state", State)
def test_who_may_comment_when(state):
    refusal = rules.why_not_comment(state=state)
    if state is State.ON_NOTICE:
        assert refusal is None
    elif state in (State.DRAFT, State.COMMITTEE_REVIEW, State.SCHEDULED):
        assert refusal is Refusal.NOT_YET_ON_NOTICE
    else:
        assert refusal is Refusal.NOTICE_OVER


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("is_frozen", [False, True])
def test_what_may_be_changed(state, is_frozen):
    refusal = rules.why_not_edit(state=state, is_frozen=is_frozen)
    if is_frozen:
        assert refusal is Refusal.FROZEN
    elif state is State.DRAFT:
        assert refusal is None
    elif state in (State.COMMITTEE_REVIEW, State.SCHEDULED):
        assert refusal is Refusal.IN_REVIEW
    else:
        assert refusal is Refusal.NOT_A_DRAFT


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({}, None),
        ({"state": State.SCHEDULED}, None),
        ({"state": State.ON_NOTICE}, Refusal.ALREADY_ON_NOTICE),
        ({"state": State.REPLYING}, Refusal.NOT_A_DRAFT),
        ({"missing": [Missing.MAP]}, Refusal.INCOMPLETE),
    ],
)
def test_a_notice_opens_only_when_the_papers_are_complete(change, refusal):
    facts = {"state": State.DRAFT, "missing": []}
    assert rules.why_not_open_notice(**{**facts, **change}) is refusal
