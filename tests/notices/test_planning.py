"""Planned once, withdrawn, moved to other boards; within days and times that can be meant."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError

from portal.core.db import db, transaction
from portal.core.errors import Refused
from portal.core.outbox import OutboxEvent
from portal.notices import reminding, rules, service
from portal.notices.models import Notice
from portal.notices.rules import FARTHEST, NoticeState, Refusal
from tests.notices.conftest import NOON, TODAY, WEEKENDS, plan, prove, start
from tests.pictures import BOARD

KEY = "one key of one form"


def count() -> int:
    return db.session.scalar(select(func.count()).select_from(Notice))


def state(notice_id):
    return service.state_of(service.get_notice(notice_id), now=NOON)


def refusals(results):
    return [result.reason for result in results if isinstance(result, Refused)]


# --- one form, one notice -----------------------------------------------------------------------


def test_a_form_sent_four_times_at_once_makes_one_notice(village, race):
    [one] = {*race(4, lambda _: plan(key=KEY).id)}
    assert count() == 1
    with transaction():
        assert plan(key=KEY).id == one
        assert plan(key="the key of another").id != one
        assert plan().id != plan().id  # made by the portal itself, without a form
    assert count() == 4


def test_one_form_stands_on_the_key(village, race):
    with transaction():
        plan(key=KEY)
    other = plan_row(client_key=KEY)
    with pytest.raises(IntegrityError), transaction():
        db.session.add(other)


def plan_row(**facts) -> Notice:
    first = db.session.scalars(select(Notice)).first()
    columns = {c.key: getattr(first, c.key) for c in Notice.__table__.columns if c.key != "id"}
    return Notice(**{**columns, "subject_id": 900, **facts})


# --- withdrawn ----------------------------------------------------------------------------------


def test_a_planned_notice_is_withdrawn(planned):
    with transaction():
        prove(planned)
        service.withdraw(planned, withdrawn_by=None, now=NOON)
    assert (state(planned), service.list_planned()) == (NoticeState.WITHDRAWN, [])
    with pytest.raises(Refused, match="not-planned"), transaction():
        start(planned)
    with pytest.raises(Refused, match="not-planned"), transaction():
        service.withdraw(planned, withdrawn_by=None, now=NOON)
    with pytest.raises(Refused, match="not-planned"), transaction():
        service.move_notice(planned, planned_for=TODAY, now=NOON)
    with transaction():
        assert reminding.remind(now=NOON + timedelta(days=9)) == 0
    [line] = service.list_for_compliance(is_rest_day=WEEKENDS, now=NOON)
    assert line.state is NoticeState.WITHDRAWN
    assert not line.is_late(today=TODAY + timedelta(days=400))
    with transaction():
        again = service.restart(
            planned, planned_for=TODAY, made_by=None, is_rest_day=WEEKENDS, now=NOON
        )
        assert (again.round, len(service.missing_ways(again.id))) == (2, 2)


def test_what_runs_cannot_be_withdrawn_and_the_row_says_so(running):
    with pytest.raises(Refused, match="not-planned"), transaction():
        service.withdraw(running, withdrawn_by=None, now=NOON)
    with pytest.raises(IntegrityError), transaction():
        db.session.execute(update(Notice).values(withdrawn_at=NOON))


def test_of_two_who_open_and_withdraw_at_once_one_is_told(planned, race):
    with transaction():
        prove(planned)
    deeds = (
        lambda: start(planned).id,
        lambda: service.withdraw(planned, withdrawn_by=None, now=NOON).id,
    )
    results = race(4, lambda n: deeds[n % 2]())
    assert len(refusals(results)) == 3, results
    db.session.expire_all()
    assert state(planned) in (NoticeState.RUNNING, NoticeState.WITHDRAWN)


def test_of_those_who_declare_it_void_at_once_one_does(running, race):
    """Red on PostgreSQL without the lock of `planning.lock`: each would tell everybody."""
    results = race(4, lambda n: service.void(running, f"第{n}人", voided_by=None, now=NOON).id)
    assert refusals(results) == [Refusal.NOT_RUNNING] * 3
    told = select(func.count()).where(OutboxEvent.kind == "notices.voided")
    assert db.session.scalar(told) == 1


# --- other boards -------------------------------------------------------------------------------


def places(notice_id):
    return [board.place for board in service.boards_of(notice_id)]


def test_boards_named_anew_take_the_place_of_those_that_are_not_up(planned):
    first = service.missing_ways(planned)[0]
    with transaction():
        service.confirm_channel(
            planned, first.id, up_at=NOON, photos=[BOARD], confirmed_by=None, now=NOON
        )
        service.move_notice(planned, planned_for=TODAY, boards=["岭脚", "溪头"], now=NOON)
    assert sorted(places(planned)) == ["岭脚", "村委会", "溪头"]
    with transaction():
        service.move_notice(planned, planned_for=TODAY, boards=["岭脚"], now=NOON)
        service.move_notice(planned, planned_for=TODAY, now=NOON)
    assert sorted(places(planned)) == ["岭脚", "村委会"]
    assert [channel.place for channel in service.missing_ways(planned)] == ["岭脚"]
    with pytest.raises(Refused, match="board-twice"), transaction():
        service.move_notice(planned, planned_for=TODAY, boards=["甲", "甲"], now=NOON)


# --- days and times -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("away", "refusal"),
    [
        (timedelta(0), None),
        (FARTHEST, None),
        (FARTHEST + timedelta(days=1), Refusal.PLANNED_TOO_FAR),
        (timedelta(days=-1), Refusal.PLANNED_IN_PAST),
    ],
)
def test_a_day_to_plan_for(planned, away, refusal):
    assert rules.why_not_day(TODAY + away, today=TODAY) is refusal
    for deed in (
        lambda: plan(planned_for=TODAY + away),
        lambda: service.move_notice(planned, planned_for=TODAY + away, now=NOON),
    ):
        try:
            with transaction():
                deed()
        except Refused as refused:
            assert refused.reason is refusal
        else:
            assert refusal is None


def test_an_end_far_away_is_refused(planned):
    with transaction():
        prove(planned)
    _start, last = service.preview_end(service.get_notice(planned), is_rest_day=WEEKENDS, now=NOON)
    with pytest.raises(Refused, match="end-too-far"), transaction():
        start(planned, typed_last_on=last + FARTHEST + timedelta(days=1))
    with transaction():
        assert start(planned, typed_last_on=last + FARTHEST).last_on == last + FARTHEST


def test_nothing_hangs_long_before_it_was_planned(planned):
    channel = service.missing_ways(planned)[0]

    def confirm(up_at):
        with transaction():
            service.confirm_channel(
                planned, channel.id, up_at=up_at, photos=[BOARD], confirmed_by=None, now=NOON
            )

    with pytest.raises(Refused, match="up-too-early"):
        confirm(NOON - timedelta(days=1, seconds=1))
    confirm(NOON - timedelta(days=1))
