"""Notice days, states, the code at the door: domain.md T1, V22."""

from datetime import UTC, date, datetime, timedelta

import pytest

from portal.meetings.rules import (
    CODE_SECONDS,
    Kind,
    Proof,
    Refusal,
    State,
    good_windows,
    state_at,
    why_not_attend,
    why_not_convene,
    window,
)

NOON = datetime(2026, 3, 20, 4, tzinfo=UTC)
MIDNIGHT = datetime(2026, 3, 20, 16, tzinfo=UTC)
TICK = timedelta(microseconds=1)


@pytest.mark.parametrize(
    ("held_on", "refusal"),
    [
        (date(2026, 3, 11), Refusal.NOTICE_TOO_SHORT),
        (date(2026, 3, 12), None),
    ],
)
def test_ten_whole_days_lie_between(held_on, refusal):
    facts = {"kind": Kind.VM, "group_id": None, "notice_days": 10}
    assert why_not_convene(**facts, convened_on=date(2026, 3, 1), held_on=held_on) is refusal


@pytest.mark.parametrize(("kind", "group_id"), [(Kind.VG, None), (Kind.VM, 3), (Kind.REO, 3)])
def test_a_group_belongs_to_a_meeting_of_a_group(kind, group_id):
    days = {"convened_on": date(2026, 3, 1), "held_on": date(2026, 4, 1), "notice_days": 10}
    assert why_not_convene(kind=kind, group_id=group_id, **days) is Refusal.NO_GROUP
    assert why_not_convene(kind=Kind.VG, group_id=3, **days) is None


@pytest.mark.parametrize(
    ("opened", "closed", "cancelled", "now", "state"),
    [
        (None, None, None, NOON, State.CONVENED),
        (None, None, None, MIDNIGHT - TICK, State.CONVENED),
        (None, None, None, MIDNIGHT, State.NOT_HELD),
        (NOON, None, None, MIDNIGHT - TICK, State.OPEN),
        (NOON, None, None, MIDNIGHT, State.CLOSED),
        (NOON, NOON, None, NOON, State.CLOSED),
        (None, None, NOON, MIDNIGHT, State.CANCELLED),
    ],
)
def test_where_a_meeting_stands(opened, closed, cancelled, now, state):
    facts = {"opened_at": opened, "closed_at": closed, "cancelled_at": cancelled}
    assert state_at(**facts, ends_at=MIDNIGHT, now=now) is state


@pytest.mark.parametrize(
    ("state", "proof", "now", "refusal"),
    [
        (State.CONVENED, Proof.CODE, NOON - timedelta(hours=2), None),
        (State.CONVENED, Proof.CODE, NOON - timedelta(hours=2) - TICK, Refusal.TOO_EARLY),
        (State.CONVENED, Proof.ONLINE, NOON, Refusal.NOT_OPEN),
        (State.OPEN, Proof.ONLINE, NOON, None),
        (State.CLOSED, Proof.STAFF, NOON, Refusal.OVER),
        (State.CANCELLED, Proof.POSTER, NOON, Refusal.OVER),
        (State.CONVENED, Proof.SHEET, NOON, Refusal.NOT_OPEN),
        (State.CLOSED, Proof.SHEET, MIDNIGHT + timedelta(days=7) - TICK, None),
        (State.CLOSED, Proof.SHEET, MIDNIGHT + timedelta(days=7), Refusal.SHEET_TOO_LATE),
    ],
)
def test_when_somebody_can_be_noted(state, proof, now, refusal):
    facts = {"held_at": NOON, "ended_at": MIDNIGHT, "is_online": True}
    assert why_not_attend(state=state, proof=proof, now=now, **facts) is refusal


def test_nobody_joins_online_where_that_was_not_said():
    facts = {"held_at": NOON, "ended_at": MIDNIGHT, "is_online": False, "now": NOON}
    assert why_not_attend(state=State.OPEN, proof=Proof.ONLINE, **facts) is Refusal.NOT_ONLINE


def test_a_code_is_good_for_three_spans():
    now = datetime.fromtimestamp(window(NOON) * CODE_SECONDS, UTC)
    assert window(now) in good_windows(now + timedelta(seconds=3 * CODE_SECONDS) - TICK)
    assert window(now) not in good_windows(now + timedelta(seconds=3 * CODE_SECONDS))
