"""Readings, progress, duties, evaluations, what lies idle, who is concerned: on both databases."""

from datetime import date, time, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import func, select

from portal.core import clock, outbox
from portal.core.db import db, transaction
from portal.core.errors import Refused
from portal.implementation import concerned, duties, evaluating, idle, monitoring, service, visiting
from portal.implementation.models import (
    Duty,
    Evaluation,
    IndicatorReading,
    InterestedParty,
    OfficeHour,
)
from portal.implementation.rules import (
    AssetKind,
    DutyKind,
    DutyState,
    Light,
    Refusal,
    VisitKind,
)
from portal.inbox.models import InboxMessage
from portal.plans import service as plans
from portal.plans.models import Indicator
from tests.implementation.conftest import base_year


def today():
    """Return the village's day: a run may go past midnight."""
    return clock.today(clock.now())


def read(indicator_id, value, *, day=None):
    return monitoring.record_reading(
        indicator_id,
        read_on=day or today(),
        value=Decimal(value),
        source="统计员",
        entered_by=None,
        now=clock.now(),
    )


def refusal(call):
    with pytest.raises(Refused) as caught, transaction():
        call()
    return caught.value.reason


def test_the_newest_reading_is_the_current_value(followed, ids):
    with transaction():
        read(ids["sewage"], "50")
        read(ids["sewage"], "30", day=today() - timedelta(days=400))
    line = next(x for x in service.list_followed(plans.get_version(followed), today=today())
                if x.code == "sewage")  # fmt: skip
    assert (line.current, line.read_on, line.light) == (Decimal(50), today(), Light.ON_TRACK)
    assert db.session.get_one(Indicator, ids["sewage"]).current == Decimal(50)
    earlier = service.list_followed(
        plans.get_version(followed), today=today() - timedelta(days=399)
    )
    assert earlier[1].current == Decimal(30)


def test_who_answers_is_told_when_a_binding_limit_is_passed_and_once(followed, ids, cast):
    with transaction():
        read(ids["arable_land_retained"], "76.00", day=today() - timedelta(days=9))
        read(ids["arable_land_retained"], "75.99", day=today() - timedelta(days=5))
        read(ids["arable_land_retained"], "75.90")
    outbox.handle_now()
    told = db.session.scalars(
        select(InboxMessage.account_id).where(InboxMessage.kind == "implementation.indicator-alarm")
    ).all()
    assert sorted(told) == sorted({cast.max.account_id, cast.paula.account_id, cast.sun.account_id})


def test_a_day_is_read_once_and_not_before_it_comes(ids):
    with transaction():
        read(ids["sewage"], "50")
    assert refusal(lambda: read(ids["sewage"], "51")) is Refusal.READ_TWICE
    tomorrow = today() + timedelta(days=1)
    assert refusal(lambda: read(ids["sewage"], "51", day=tomorrow)) is Refusal.IN_THE_FUTURE


def test_of_four_readings_of_one_day_one_stays(ids, race):
    results = race(4, lambda _n: read(ids["sewage"], "50"))
    assert sum(isinstance(result, IndicatorReading) for result in results) == 1
    assert all(
        r.reason is Refusal.READ_TWICE for r in results if not isinstance(r, IndicatorReading)
    )
    assert db.session.scalar(select(func.count()).select_from(IndicatorReading)) == 1


def go(project_id, percent, *, paid=None, day=None):
    return monitoring.record_progress(
        project_id,
        on_day=day or today(),
        percent=percent,
        paid_yuan=paid,
        note="",
        entered_by=None,
        now=clock.now(),
    )


def test_a_project_goes_forward_within_its_budget(followed, ids):
    with transaction():
        go(ids["1"], 20, paid=10_000, day=today() - timedelta(days=3))
    assert refusal(lambda: go(ids["1"], 10)) is Refusal.BACKWARDS
    assert refusal(lambda: go(ids["1"], 30, day=today() - timedelta(days=4))) is Refusal.BACKWARDS
    assert refusal(lambda: go(ids["1"], 30, paid=100_001)) is Refusal.OVER_BUDGET
    with transaction():
        go(ids["1"], 30, paid=100_000)
    assert [(p.code, p.percent, p.paid_yuan) for p in service.list_project_lines(followed)] == [
        ("1", 30, 100_000),
        ("2", 0, None),
    ]


def test_two_who_enter_progress_at_once_leave_one_line(ids, race):
    results = race(4, lambda _n: go(ids["1"], 40))
    assert sum(not isinstance(result, Exception) for result in results) == 1


def test_the_duties_of_projects_follow_the_table_and_are_overdue(followed, ids):
    with transaction():
        assert duties.assign_projects(followed, now=clock.now()) == 1
        assert duties.assign_projects(followed, now=clock.now()) == 1
    (line,) = duties.list_duties(today=today())
    assert (line.owner, line.helper, line.supervisor) == ("村委会", "水利站", "村务监督委员会")
    assert line.state is (DutyState.OVERDUE if line.due_on < today() else DutyState.RUNNING)
    assert [owner.owner for owner in duties.list_owners(today=today())] == ["村委会"]
    with transaction():
        duties.finish(line.id, note="做完了", today=today())
    assert duties.list_owners(today=today()) == []
    assert refusal(lambda: duties.finish(line.id, note="", today=today())) is Refusal.DONE_ALREADY


def test_a_project_has_one_duty_however_many_take_it_over(followed, race):
    race(4, lambda _n: duties.assign_projects(followed, now=clock.now()))
    assert db.session.scalar(select(func.count()).select_from(Duty)) == 1


def evaluate(version_id, year):
    return evaluating.begin(version_id, year, made_by=None, now=clock.now())


def test_an_evaluation_keeps_the_year_and_needs_a_correction_for_each_deviation(followed, ids):
    year = base_year() + 1
    with transaction():
        read(ids["arable_land_retained"], "75.00", day=date(year, 11, 1))
        read(ids["arable_land_retained"], "76.00", day=date(year + 1, 11, 1))
        read(ids["sewage"], "60", day=date(year, 12, 1))
        evaluation_id = evaluate(followed, year).id
    lines = service.list_lines(evaluation_id)
    assert [(line.code, line.current, line.light) for line in lines] == [
        ("arable_land_retained", Decimal("75.00"), Light.BREACH),
        ("sewage", Decimal(60), Light.ON_TRACK),
    ]
    with transaction():
        evaluating.write(evaluation_id, findings="总体平稳。", outlook="")
    assert refusal(lambda: evaluating.finish(evaluation_id, now=clock.now())) is Refusal.NO_ACTION
    with transaction():
        evaluating.add_action(
            lines[0].id, cause="修路占用", what="复垦 1 公顷", owner="村委会", helper="",
            supervisor="", due_on=today(), now=clock.now(),
        )  # fmt: skip
        evaluating.finish(evaluation_id, now=clock.now())
    again = lambda: evaluating.write(evaluation_id, findings="改", outlook="")  # noqa: E731
    assert refusal(again) is Refusal.FINISHED
    assert [line.kind for line in duties.list_duties(today=today())] == [DutyKind.CORRECTION]
    assert refusal(lambda: evaluate(followed, year)) is Refusal.YEAR_TAKEN
    assert refusal(lambda: evaluate(followed, today().year)) is Refusal.YEAR_NOT_OVER


def test_of_four_who_begin_one_year_one_does(followed, race):
    results = race(4, lambda _n: evaluate(followed, base_year() + 1))
    assert sum(isinstance(result, Evaluation) for result in results) == 1
    assert db.session.scalar(select(func.count()).select_from(Evaluation)) == 1


def test_a_finished_evaluation_says_what_was_found_whoever_writes_meanwhile(followed, race):
    with transaction():
        evaluation_id = evaluate(followed, base_year() + 1).id
        evaluating.write(evaluation_id, findings="总体平稳。", outlook="")
        for line in evaluating.list_lines(evaluation_id):
            line.light = Light.ON_TRACK
    deeds = (
        lambda: evaluating.finish(evaluation_id, now=clock.now()),
        lambda: evaluating.write(evaluation_id, findings="", outlook=""),
    )
    results = race(2, lambda n: deeds[n]() and None)
    assert [type(r) for r in results if r is not None] == [Refused]
    found = evaluating.get_evaluation(evaluation_id)
    assert (found.finished_at is None) is (found.findings == "")


def test_an_office_hour_is_announced_once(cast, race):
    hour = {"on_day": today(), "begins": time(9), "ends": time(11), "place": "村委会"}
    results = race(3, lambda _: visiting.add_office_hour(account_id=cast.paula.account_id, **hour))
    assert [r.reason for r in results if isinstance(r, Refused)] == [Refusal.ALREADY_NAMED] * 2
    assert db.session.scalar(select(func.count()).select_from(OfficeHour)) == 1


def test_a_second_suggestion_takes_the_place_of_the_first(cast, village):
    with transaction():
        asset = idle.save_asset(
            None,
            entered_by=None,
            now=clock.now(),
            kind=AssetKind.HOUSE,
            name="老粮站",
            place="村口",
        )
        idle.suggest(asset.id, resident_id=cast.vera.resident_id, text="食堂", now=clock.now())
        idle.suggest(asset.id, resident_id=cast.vera.resident_id, text="村史馆", now=clock.now())
        asset_id = asset.id
    assert [s.text for s in idle.list_suggestions(asset_id)] == ["村史馆"]
    ((line,), total) = idle.list_assets()
    assert (line.suggestions, total) == (1, 1)


def test_one_person_suggests_once_even_from_two_phones(cast, race):
    with transaction():
        asset_id = idle.save_asset(
            None,
            entered_by=None,
            now=clock.now(),
            kind=AssetKind.LAND,
            name="晒谷场",
            place="祠堂前",
        ).id
    race(
        4,
        lambda _n: idle.suggest(
            asset_id, resident_id=cast.vera.resident_id, text="留着", now=clock.now()
        ),
    )
    assert len(idle.list_suggestions(asset_id)) == 1


def name(version_id, cast, anchor="project-1"):
    return concerned.name_party(
        version_id,
        anchor=anchor,
        anchor_words="溪堤加固",
        resident_id=cast.vera.resident_id,
        reason="紧挨着院子",
        named_by=cast.max.account_id,
        now=clock.now(),
    )


def test_who_is_concerned_is_told_directly_and_heard_apart(followed, cast):
    with transaction():
        party_id = name(followed, cast).id
    outbox.handle_now()
    assert db.session.scalars(
        select(InboxMessage.account_id).where(InboxMessage.kind == "implementation.party-named")
    ).all() == [cast.vera.account_id]
    (line,) = service.list_parties(followed)
    assert (line.told_at is not None, line.opinion) == (True, "")
    other = cast.max.resident_id or 0
    say = lambda who: concerned.say(party_id, resident_id=who, opinion="别占院子", now=clock.now())  # noqa: E731
    assert refusal(lambda: say(other)) is Refusal.NOT_CONCERNED
    with transaction():
        say(cast.vera.resident_id)
    assert service.list_parties(followed)[0].opinion == "别占院子"
    assert service.is_concerned(cast.vera.resident_id, version_id=followed, anchor="project-1")
    assert not service.is_concerned(cast.vera.resident_id, version_id=followed, anchor="project-2")


def test_nobody_is_named_twice_for_one_thing(followed, cast, race):
    results = race(4, lambda _n: name(followed, cast))
    assert sum(isinstance(result, InterestedParty) for result in results) == 1
    assert db.session.scalar(select(func.count()).select_from(InterestedParty)) == 1


def test_the_year_of_service_is_the_sum_of_the_visits(cast):
    def visit(kind, days, minutes, met):
        visiting.add_visit(
            account_id=cast.paula.account_id, kind=kind, on_day=date(today().year, 1, 1),
            minutes=minutes, place="村委会", people_met=met, notes="",
            today=today(), now=clock.now() - timedelta(days=days),
        )  # fmt: skip

    with transaction():
        visit(VisitKind.VISIT, 1, 90, 5)
        visit(VisitKind.WORKSHOP, 1, 60, 20)
    year = visiting.year_of_service(cast.paula.account_id, today().year)
    assert (year.days, year.minutes, year.people_met) == (1, 150, 25)
    assert dict(year.by_kind) == {
        VisitKind.VISIT: 1, VisitKind.BRIEFING: 0, VisitKind.WORKSHOP: 1, VisitKind.OFFICE_HOUR: 0,
    }  # fmt: skip
