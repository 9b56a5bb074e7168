"""Planning, proving, opening, voiding and beginning anew; two at once; each village its own."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError

from portal.core import clock
from portal.core.db import db, transaction
from portal.core.errors import Refused
from portal.core.scope import all_villages, village_scope
from portal.notices import days, general, ports, reminding, service
from portal.notices.models import (
    Notice,
    NoticeChannel,
    NoticePhoto,
    NoticeReminder,
    NoticeSpan,
    RestDay,
)
from portal.notices.opening import NoticeKeeper
from portal.notices.rules import ChannelKind, NoticeState, NoticeType, Refusal, Unit
from portal.notices.timetable import Reminder
from portal.people import service as people
from portal.transparency import service as transparency
from tests.notices.conftest import BOARDS, NOON, TODAY, WEEKENDS, plan, prove, start
from tests.pictures import BOARD, picture

END = clock.midnight_after(date(2026, 3, 2))
LATER = datetime(2027, 1, 31, 4, 0, tzinfo=UTC)  # when the cast hold their posts


def state(notice_id, now=NOON):
    return service.state_of(service.get_notice(notice_id), now=now)


def test_the_end_is_computed_when_it_opens(planned):
    notice = service.get_notice(planned)
    assert service.preview_end(notice, is_rest_day=WEEKENDS, now=NOON) == (
        TODAY,
        date(2026, 3, 2),
    )
    with transaction():
        prove(planned)
        found = start(planned)
        assert (found.started_on, found.last_on, found.ends_at) == (TODAY, date(2026, 3, 2), END)
    run = service.find_opened("general", planned)
    assert (run.days, run.min_length, run.unit, run.round) == (30, 30, Unit.DAYS, 1)
    assert [state(planned, END - timedelta(seconds=1)), state(planned, END)] == [
        NoticeState.RUNNING,
        NoticeState.ENDED,
    ]
    [entry] = transparency.find_by_digest(run.content_sha256)
    assert (entry.number, entry.kind) == (run.record_number, "notice")
    [kept] = NoticeKeeper().hash_files()
    assert (kept.number, kept.content_sha256) == (entry.number, run.content_sha256)


def test_a_late_board_makes_a_later_end(planned):
    """T5: the clock starts with the opening, which waits for the last way."""
    later = NOON + timedelta(days=5)
    with transaction():
        prove(planned)
        found = start(planned, now=later)
        assert (found.started_on, found.last_on) == (date(2026, 2, 5), date(2026, 3, 9))


@pytest.mark.parametrize("left", [1, 2])
def test_it_stays_planned_while_a_board_is_missing(planned, left):
    channels = service.missing_ways(planned)
    with transaction():
        for channel in channels[left:]:
            service.confirm_channel(
                planned, channel.id, up_at=NOON, photos=[BOARD], confirmed_by=None, now=NOON
            )
    with pytest.raises(Refused, match="channels-missing"), transaction():
        start(planned)
    assert len(service.missing_ways(planned)) == left
    assert state(planned) is NoticeState.PLANNED


def test_a_board_without_a_photo_is_not_up(planned):
    channel = service.missing_ways(planned)[0]
    with pytest.raises(Refused, match="no-photo"), transaction():
        service.confirm_channel(planned, channel.id, up_at=NOON, confirmed_by=None, now=NOON)
    with pytest.raises(Refused, match="not-a-picture"), transaction():
        service.confirm_channel(
            planned, channel.id, up_at=NOON, photos=[b"x"], confirmed_by=None, now=NOON
        )
    assert db.session.get(NoticeChannel, channel.id).up_at is None


def test_it_opens_on_its_day_and_not_before(village):
    with transaction():
        notice_id = plan(planned_for=TODAY + timedelta(days=3)).id
        prove(notice_id)
    with pytest.raises(Refused, match="not-yet"), transaction():
        start(notice_id)
    with transaction():
        service.move_notice(notice_id, planned_for=TODAY, now=NOON)
        assert start(notice_id).started_on == TODAY
    with pytest.raises(Refused, match="not-planned"), transaction():
        service.move_notice(notice_id, planned_for=TODAY, now=NOON)


def test_an_earlier_end_is_refused_a_later_one_is_not(planned):
    with transaction():
        prove(planned)
    with pytest.raises(Refused, match="shorter-end") as refused, transaction():
        start(planned, typed_last_on=date(2026, 3, 1))
    assert (refused.value.facts["start"], refused.value.facts["last"]) == (TODAY, date(2026, 3, 2))
    with transaction():
        assert start(planned, typed_last_on=date(2026, 3, 20)).last_on == date(2026, 3, 20)


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"title": " "}, "empty"),
        ({"planned_for": TODAY - timedelta(days=1)}, "planned-in-past"),
        ({"kind": NoticeType.MEETING_VM}, "no-event"),
        ({"kind": NoticeType.PLAN_APPROVED}, "no-event"),
        ({"ways": []}, "no-board"),
        ({"ways": [service.Way(ChannelKind.BOARD, "村委会", is_mandatory=False)]}, "no-board"),
        ({"ways": [*BOARDS, BOARDS[0]]}, "board-twice"),
        ({"length": 29}, "below-floor"),
        ({"kind": NoticeType.MAJOR_DECISION, "length": 10}, "shorter-needs-reason"),
    ],
)
def test_what_cannot_be_planned(village, changes, refusal):
    with pytest.raises(Refused, match=refusal), transaction():
        plan(**changes)
    assert service.list_planned() == []


def test_a_shorter_notice_says_why(village):
    with transaction():
        notice = plan(NoticeType.MAJOR_DECISION, length=10, shorter_reason="防汛")
        prove(notice.id)
        start(notice.id)
    assert (notice.min_length, notice.shorter_reason) == (10, "防汛")
    assert notice.last_on == date(2026, 2, 10)


@pytest.mark.parametrize(
    ("kind", "code", "event_on", "last"),
    [
        (NoticeType.LAND_TAKE_PRE, None, None, date(2026, 2, 13)),  # ten working days
        (NoticeType.POINTS, None, None, date(2026, 2, 5)),
        (NoticeType.MEETING_VR, None, date(2026, 2, 4), date(2026, 2, 4)),  # Zhejiang: three days
    ],
)
def test_other_types_end_by_their_own_rule(village, kind, code, event_on, last):
    with transaction():
        notice = plan(kind, event_on=event_on)
        prove(notice.id)
        assert start(notice.id).last_on == last


def test_it_can_be_too_late_for_a_meeting(village):
    with transaction():
        notice = plan(NoticeType.MEETING_VR, event_on=date(2026, 2, 3))
        assert notice.deadline_on == date(2026, 1, 30)
        prove(notice.id)
    with pytest.raises(Refused, match="too-late"), transaction():
        start(notice.id)


def test_an_approval_sets_a_deadline_and_a_late_notice_still_opens(village):
    with transaction():
        notice = plan(NoticeType.PLAN_APPROVED, event_on=date(2026, 1, 5))
        prove(notice.id)
        start(notice.id)
    assert (notice.deadline_on, notice.last_on) == (date(2026, 1, 26), date(2026, 3, 2))
    [line] = service.list_for_compliance(is_rest_day=WEEKENDS, now=NOON)
    assert (line.is_in_time, line.is_long_enough, line.counted) == (False, True, 30)
    assert line.is_late(today=TODAY)


def test_what_the_figures_are_made_of(running, count_queries):
    service.get_notice(running)
    with count_queries() as one:
        [line] = service.list_for_compliance(is_rest_day=WEEKENDS, now=NOON)
    assert (line.ways, line.ways_up, line.boards, line.boards_with_photo) == (3, 3, 2, 2)
    assert (line.state, line.least, line.counted) == (NoticeState.RUNNING, 30, 30)
    assert line.is_in_time is None
    with transaction():
        for kind in (NoticeType.POINTS, NoticeType.LAND_TAKE_PRE):
            prove(other := plan(kind).id)
            start(other)
    service.get_notice(running)
    with count_queries() as three:
        lines = service.list_for_compliance(is_rest_day=WEEKENDS, now=NOON)
    assert one.n == three.n == 3
    assert [(x.counted, x.unit) for x in lines[1:]] == [(5, Unit.DAYS), (10, Unit.WORKING_DAYS)]


# --- void, and anew (T6) ---------------------------------------------------------------------------


def test_a_changed_notice_is_void_and_begins_anew(running, app):
    with transaction():
        db.session.execute(update(Notice).values(body="改了的正文"))
    with app.app_context(), all_villages("as chores run"), transaction():
        assert reminding.void_changed(now=NOON + timedelta(hours=7)) == 1
    db.session.expire_all()
    notice = service.get_notice(running)
    assert notice.voided_at and notice.void_reason == reminding.CHANGED
    assert service.find_opened("general", running) is None
    later = NOON + timedelta(days=1)
    with transaction():
        again = service.restart(
            running, planned_for=clock.today(later), made_by=None, is_rest_day=WEEKENDS, now=later
        )
    assert (again.round, again.subject_id, again.body) == (2, running, "改了的正文")
    assert {c.place for c in service.missing_ways(again.id)} == {"村委会", "溪头"}
    with transaction():
        prove(again.id, now=later)
        start(again.id, now=later)
    assert service.get_notice(again.id).last_on == date(2026, 3, 3)
    assert [n.round for n in service.list_rounds(notice)] == [1, 2]
    assert service.find_opened("general", running).id == again.id


def test_what_is_unchanged_is_looked_at_and_stays(running, app):
    for hours, looked in ((5, NOON), (7, NOON + timedelta(hours=7))):
        with app.app_context(), all_villages("as chores run"), transaction():
            assert reminding.void_changed(now=NOON + timedelta(hours=hours)) == 0
        db.session.rollback()
        db.session.expire_all()
        assert service.get_notice(running).checked_at == looked
    assert service.is_unchanged(service.get_notice(running))
    assert state(running) is NoticeState.RUNNING


def test_only_what_runs_can_be_void(planned, running):
    with transaction():
        other = plan().id
    with pytest.raises(Refused, match="not-running"), transaction():
        service.void(other, "错了", voided_by=None, now=NOON)
    with pytest.raises(Refused, match="not-running"), transaction():
        service.void(running, "晚了", voided_by=None, now=END)
    with pytest.raises(Refused, match="no-reason"), transaction():
        service.void(running, " ", voided_by=None, now=NOON)
    with pytest.raises(Refused, match="not-running"), transaction():
        service.restart(running, planned_for=TODAY, made_by=None, is_rest_day=WEEKENDS, now=NOON)


def test_an_unanswered_subject_refuses(village):
    with pytest.raises(Refused, match="no-subject"):
        ports.subject("planted")


def test_the_fingerprint_is_of_what_it_says(running):
    notice = service.get_notice(running)
    before = general.sha256_of(notice)
    assert before == notice.content_sha256
    for column in ("title", "body", "what_to_do"):
        kept = getattr(notice, column)
        setattr(notice, column, kept + "x")
        assert general.sha256_of(notice) != before
        setattr(notice, column, kept)
    assert general.sha256_of(notice) == before
    db.session.rollback()


# --- two at once --------------------------------------------------------------------------------


def test_two_who_open_at_once_open_it_once(planned, race):
    with transaction():
        prove(planned)
    results = race(2, lambda _: start(planned).id)
    assert [r.reason for r in results if isinstance(r, Refused)] == [Refusal.ALREADY_RUNNING]
    db.session.expire_all()
    run = service.find_opened("general", planned)
    assert [e.number for e in transparency.find_by_digest(run.content_sha256)] == [
        run.record_number
    ]


def test_two_who_confirm_one_channel_confirm_it_once(planned, race):
    channel = service.missing_ways(planned)[0].id
    photos = [picture(colour=(n, n, n)) for n in (10, 200)]
    results = race(
        2,
        lambda n: service.confirm_channel(
            planned, channel, up_at=NOON, note=f"第{n}人", photos=[photos[n]], confirmed_by=None,
            now=NOON,
        ).note,
    )  # fmt: skip
    assert [r.reason for r in results if isinstance(r, Refused)] == [Refusal.ALREADY_UP]
    db.session.expire_all()
    assert db.session.get(NoticeChannel, channel).note in results
    assert db.session.scalar(select(func.count()).select_from(NoticePhoto)) == 1


def test_two_who_begin_a_notice_of_one_thing_begin_one(village, race):
    results = race(3, lambda _: plan(subject_id=900).round)
    assert [r.reason for r in results if isinstance(r, Refused)] == [Refusal.ALREADY_PLANNED] * 2
    assert db.session.scalar(select(func.count()).select_from(Notice)) == 1


def test_a_span_that_two_set_at_once_is_set_once(village, race):
    facts = {"citation": "《办法》第三条", "set_by": None, "now": NOON}
    results = race(3, lambda n: days.set_span(NoticeType.PLAN_DRAFT, length=40 + n, **facts))
    told = [r.reason for r in results if r is not None]
    assert set(told) <= {Refusal.SET_AT_ONCE}
    assert db.session.scalars(select(NoticeSpan.length)).one() in (40, 41, 42)


def test_a_day_that_two_set_at_once_is_set_once(village, race):
    results = race(
        3, lambda n: service.set_special_day(TODAY, is_rest=bool(n), name=f"第{n}人") and None
    )
    assert {r.reason for r in results if r is not None} <= {Refusal.SET_AT_ONCE}
    assert db.session.scalar(select(func.count()).select_from(RestDay)) == 1


def test_a_photo_is_kept_once(planned, race):
    channel = service.missing_ways(planned)[0].id
    one = picture(colour=(10, 90, 10))
    with transaction():
        service.confirm_channel(
            planned, channel, up_at=NOON, note="", photos=[BOARD], confirmed_by=None, now=NOON
        )
    results = race(3, lambda _: service.add_photo(planned, channel, one, kept_by=None, now=NOON).id)
    assert [r.reason for r in results if isinstance(r, Refused)] == [Refusal.PHOTO_TWICE] * 2
    assert db.session.scalar(select(func.count()).select_from(NoticePhoto)) == 2


def test_two_who_plan_the_next_round_at_once_plan_one(running, race):
    with transaction():
        service.void(running, "改动", voided_by=None, now=NOON)
    results = race(
        2,
        lambda _: (
            service.restart(
                running, planned_for=TODAY, made_by=None, is_rest_day=WEEKENDS, now=NOON
            ).round
        ),
    )
    assert [r.reason for r in results if isinstance(r, Refused)] == [Refusal.ALREADY_PLANNED]
    assert [n.round for n in service.list_rounds(service.get_notice(running))] == [1, 2]


@pytest.mark.parametrize("broken", ["round", "opened", "void", "ends"])
def test_the_database_is_the_last_judge(running, broken):
    notice = service.get_notice(running)
    facts = {c.key: getattr(notice, c.key) for c in Notice.__table__.columns if c.key != "id"}
    change = {
        "round": {},
        "opened": {"round": 2, "ends_at": None},
        "void": {"round": 2, "voided_at": NOON},
        "ends": {"round": 2, "ends_at": NOON},
    }[broken]
    with pytest.raises(IntegrityError), transaction():
        db.session.add(Notice(**{**facts, **change}))
        db.session.flush()


def test_two_who_remind_at_once_remind_once(running, race):
    when = NOON + timedelta(days=16)
    given = race(2, lambda _: reminding.give(running, Reminder.HALF_TIME, now=when))
    assert sorted(given) == [False, True]
    assert db.session.scalar(select(func.count()).select_from(NoticeReminder)) == 1


# --- who hears of it ------------------------------------------------------------------------------


def chore(app, moment: datetime) -> int:
    with app.app_context(), all_villages("as chores run"), transaction():
        return reminding.remind(now=moment)


def test_the_timetable_reaches_the_village_once_each(cast, told, app, at):
    with transaction():
        prove(running := plan(now=LATER).id, now=LATER)
        start(running, now=LATER)
    told(LATER)
    heard = {}
    for day in range(0, 40):
        moment = LATER + timedelta(days=day)
        for _ in range(2):  # the chore comes back every ten minutes
            chore(app, moment)
        for name, words, path in told(moment):
            heard.setdefault(words, (day, path, []))[2].append(name)
    everybody, keepers = ["max", "sun", "vera", "wang"], ["max"]
    assert heard == {
        "公示期已过半，请看看公示还在不在：占地公示": (15, at(f"/notices/desk/{running}"), keepers),
        "公示还剩三天：占地公示": (27, at(f"/notices/{running}"), everybody),
        "明天是公示的最后一天：占地公示": (29, at(f"/notices/{running}"), everybody),
        "公示期已满：占地公示": (31, at(f"/notices/desk/{running}"), keepers),
    }


def test_those_who_look_after_it_hear_that_its_day_has_come(cast, told, app, at):
    with transaction():
        planned = plan(now=LATER).id
    assert chore(app, LATER - timedelta(days=1)) == 0
    assert chore(app, LATER) == 1
    assert told(LATER) == [
        ("max", "今天是排定的公示日，但公示还没有开始：占地公示", at(f"/notices/desk/{planned}"))
    ]


def test_the_village_hears_of_the_opening_and_of_the_void(cast, told, at, running):
    heard = told(NOON)
    assert [name for name, *_ in heard] == ["max", "sun", "vera", "wang"]
    assert heard[0][1] == "正在公示，到3月2日(周一) 24:00为止：占地公示"
    with transaction():
        service.void(running, "日期写错", voided_by=cast.max.account_id, now=NOON)
    assert {words for _, words, _ in told(NOON)} == {"公示已作废，将重新公示：占地公示"}


def test_reminders_of_all_villages_are_each_their_own(running, neighbour, app):
    with village_scope(neighbour.id), transaction():
        other = plan(NoticeType.POINTS).id
        prove(other)
        start(other)
    assert chore(app, NOON + timedelta(days=3)) == 1
    with village_scope(neighbour.id):
        assert db.session.scalars(select(NoticeReminder.notice_id)).all() == [other]


# --- spans ------------------------------------------------------------------------------------------


def test_a_village_and_those_above_it_set_their_own_lengths(village, neighbour):
    county = people.path_of(village.id)[2]
    assert service.span_of(NoticeType.POINTS).length == 5
    with village_scope(county.id), transaction():
        service.set_span(NoticeType.POINTS, length=7, citation="县里规定", set_by=None, now=NOON)
    assert service.span_of(NoticeType.POINTS).citation == "县里规定"
    with transaction():
        service.set_span(NoticeType.POINTS, length=4, citation="村里规定", set_by=None, now=NOON)
        service.set_span(NoticeType.POINTS, length=6, citation="村里规定", set_by=None, now=NOON)
    assert service.span_of(NoticeType.POINTS).length == 6
    with village_scope(neighbour.id):
        assert service.span_of(NoticeType.POINTS).length == 7
    with pytest.raises(Refused, match="below-floor"), transaction():
        service.set_span(NoticeType.PLAN_DRAFT, length=29, citation="快", set_by=None, now=NOON)
    with transaction():
        service.set_span(NoticeType.PLAN_APPROVED, length=10, citation="县", set_by=None, now=NOON)
    span = service.span_of(NoticeType.PLAN_APPROVED)
    assert (span.length, span.within) == (30, 10)


def test_another_village_sees_nothing(running, neighbour):
    with village_scope(neighbour.id):
        assert service.list_notices(is_public=True) == []
        assert service.list_running(now=NOON) == []
        assert service.usual_boards() == []
    assert service.usual_boards() == ["村委会", "溪头"]


def test_photos_are_bounded_and_each_once(running):
    board = service.boards_of(running)[0].id
    with transaction():
        service.add_photo(running, board, BOARD, kept_by=None, now=NOON)
    with pytest.raises(Refused, match="photo-twice"), transaction():
        service.add_photo(running, board, BOARD, kept_by=None, now=NOON)
    with transaction():
        for n in range(4):
            service.add_photo(
                running, board, picture(colour=(0, 50 * n, 0)), kept_by=None, now=NOON
            )
    with pytest.raises(Refused, match="too-many-photos"), transaction():
        service.add_photo(running, board, picture(colour="blue"), kept_by=None, now=NOON)
    with pytest.raises(Refused, match="not-planned"), transaction():
        service.add_photo(running, board, picture(colour="red"), kept_by=None, now=END)
