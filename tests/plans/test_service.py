"""Drafting, freezing, notices, versions, fingerprints: on both databases."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import NoResultFound

from portal.core.db import db, transaction
from portal.core.errors import Refused
from portal.core.scope import village_scope
from portal.maps import service as maps
from portal.maps.models import MapFeature
from portal.maps.rules import LayerKind
from portal.notices.models import Notice
from portal.notices.rules import Refusal as NoticeRefusal
from portal.plans import service
from portal.plans.content import canonical, sha256
from portal.plans.models import GoalIndicator, Indicator, Plan, PlanVersion, Project
from portal.plans.notices import VersionKeeper
from portal.plans.rules import Direction, IndicatorKind, Missing, Refusal, State
from portal.transparency import service as transparency
from tests.plans.conftest import NOON, WEEKENDS, fill, geojson_file, notice
from tests.tampering import without_triggers

END = datetime(2026, 3, 2, 16, 0, tzinfo=UTC)


def test_a_plan_begins_as_an_empty_draft(village):
    with transaction():
        version = service.create_plan(name="规划", base_year=2025, target_year=2035, now=NOON)
        assert (version.number, version.state, version.title) == (1, State.DRAFT, "规划")
        assert version.content_sha256 is None
        assert service.missing_in(service.content_of(version)) == list(Missing)


def test_a_name_is_given_once_in_a_village(village, neighbour, draft):
    with pytest.raises(Refused, match="name-taken"), transaction():
        service.create_plan(name="青溪村规划", base_year=2025, target_year=2035, now=NOON)
    with village_scope(neighbour.id), transaction():
        service.create_plan(name="青溪村规划", base_year=2025, target_year=2035, now=NOON)


def test_years_stand_in_order(village):
    with pytest.raises(Refused, match="target-before-base"), transaction():
        service.create_plan(name="规划", base_year=2035, target_year=2025, now=NOON)


def test_content_is_what_was_put_in(draft):
    content = service.content_of(service.get_version(draft))
    assert service.missing_in(content) == []
    assert [(s.title, s.text) for s in content.sections] == [("第1章", "正文 **重点**")]
    assert [(g.title, g.indicators) for g in content.goals] == [("目标1", ("i1",))]
    [indicator] = content.indicators
    assert (indicator.base, str(indicator.base)) == (Decimal("12.30"), "12.30")
    assert (indicator.change, indicator.goals, indicator.projects) == (
        Decimal("0.70"),
        (1,),
        ("1",),
    )
    [project] = content.projects
    assert (project.cost_yuan, project.indicators) == (1_860_000, ("i1",))
    assert content.cost_yuan == 1_860_000
    assert [f.name for f in content.map.layer(LayerKind.LAND_USE)] == ["前畈"]


def test_the_fingerprint_is_the_same_on_both_databases(draft):
    content = service.content_of(service.get_version(draft))
    assert canonical(content).startswith(b'{"base_year":2025,"compiled_by":"')
    assert sha256(content) == "ec6a47e1cd877808403ff3b67e59533017b899e3f37b881d571817aa99b3576f"


def test_a_code_is_used_once(draft):
    with pytest.raises(Refused, match="code-taken"), transaction():
        service.add_project(draft, code="1", name="又一个", now=NOON)
    with pytest.raises(Refused, match="code-taken"), transaction():
        service.add_indicator(
            draft, code="i1", name="又一个", unit="处", kind=IndicatorKind.EXPECTED,
            direction=Direction.AT_LEAST, base=None, target=None, now=NOON,
        )  # fmt: skip
    with pytest.raises(Refused, match="code-taken"), transaction():
        service.add_projects(
            draft, [{"code": "7", "name": "a"}, {"code": "7", "name": "b"}], now=NOON
        )
    assert [p.code for p in service.list_projects(draft)] == ["1"]


def test_many_projects_come_in_with_one_statement(draft, count_queries):
    name = "Budowa oświetlenia ulicznego wzdłuż całej ulicy Świętokrzyskiej " * 6
    with transaction():
        with count_queries() as few:
            service.add_projects(draft, [{"code": "a", "name": name}], now=NOON)
        rows = [{"code": f"b{n}", "name": name[:400], "cost_yuan": n} for n in range(200)]
        with count_queries() as many:
            assert service.add_projects(draft, rows, now=NOON) == 200
    assert many.n == few.n
    found = service.list_projects(draft)
    assert len(found) == 202 and found[1].name == name and found[-1].cost_yuan == 199


def test_links_to_goals_of_other_versions_are_left_out(draft):
    with transaction():
        other = service.create_plan(name="另一个", base_year=2025, target_year=2035, now=NOON)
        goal = service.add_goal(other.id, title="别的目标", now=NOON)
        service.add_indicator(
            draft, code="x", name="x", unit="处", kind=IndicatorKind.EXPECTED,
            direction=Direction.AT_LEAST, base=None, target=None, goal_ids=[goal.id], now=NOON,
        )  # fmt: skip
    content = service.content_of(service.get_version(draft))
    assert [i.goals for i in content.indicators] == [(1,), ()]
    links = db.session.execute(select(GoalIndicator.goal_id, GoalIndicator.indicator_id)).all()
    assert links == [(1, 1)]


def test_a_part_of_another_version_is_not_changed(draft):
    with transaction():
        other = service.create_plan(name="另一个", base_year=2025, target_year=2035, now=NOON)
    with pytest.raises(NoResultFound), transaction():
        service.change_part(other.id, "goal", 1, title="偷改", text="", now=NOON)
    with transaction():
        service.add_project(draft, code="2", name="第二个", now=NOON)
    with pytest.raises(Refused, match="code-taken"), transaction():
        service.change_part(draft, "project", 2, code="1", now=NOON)


def test_parts_and_layers_can_be_taken_out(draft):
    with transaction():
        content = service.content_of(service.get_version(draft))
        service.remove_part(draft, "goal", content.goals[0].id, now=NOON)
        service.remove_part(draft, "project", content.projects[0].id, now=NOON)
        service.remove_layer(draft, LayerKind.LAND_USE, now=NOON)
    content = service.content_of(service.get_version(draft))
    assert service.missing_in(content) == [Missing.GOALS, Missing.PROJECTS, Missing.MAP]
    assert content.indicators[0].goals == ()


def test_a_layer_with_a_fault_changes_nothing(draft):
    before = canonical(service.content_of(service.get_version(draft)))
    with transaction():
        reading = service.put_layer(
            draft, LayerKind.LAND_USE, geojson_file(ring=[[1, 2]]), now=NOON
        )
    assert [f.reason.value for f in reading.faults] == ["ring-too-short"]
    assert canonical(service.content_of(service.get_version(draft))) == before


def test_a_layer_replaces_the_one_of_its_kind(draft):
    with transaction():
        service.put_layer(draft, LayerKind.LAND_USE, geojson_file(name="新畈"), now=NOON)
    sheet = maps.gather(service.get_version(draft).map_sheet_id)
    assert [f.name for f in sheet.layer(LayerKind.LAND_USE)] == ["新畈"]
    assert len(db.session.scalars(select(MapFeature)).all()) == 1


def test_opening_a_notice_freezes_and_computes(draft):
    with transaction():
        found = notice(draft)
        assert (found.started_on, found.last_on) == (date(2026, 1, 31), date(2026, 3, 2))
        assert (found.ends_at, found.min_length, found.round) == (END, 30, 1)
    version = service.get_version(draft)
    assert version.state is State.ON_NOTICE
    assert version.content_sha256 == found.content_sha256 == sha256(service.content_of(version))
    assert service.recheck(version)
    assert service.find_current_version().id == draft
    [entry] = transparency.find_by_digest(version.content_sha256)
    assert entry.number == found.record_number
    [kept] = VersionKeeper().hash_files()
    assert (kept.number, kept.content_sha256) == (entry.number, version.content_sha256)


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"photo": b""}, NoticeRefusal.NO_PHOTO),
        ({"photo": b"no picture"}, NoticeRefusal.NOT_A_PICTURE),
        ({"board_at": NOON + timedelta(minutes=1)}, NoticeRefusal.UP_IN_FUTURE),
        ({"typed_last_on": date(2026, 3, 1)}, NoticeRefusal.SHORTER_END),
    ],
)
def test_a_refused_notice_leaves_the_draft_as_it_was(draft, change, refusal):
    with pytest.raises(Refused) as refused, transaction():
        notice(draft, **change)
    assert refused.value.reason is refusal
    version = service.get_version(draft)
    assert (version.state, version.content_sha256) == (State.DRAFT, None)
    assert service.notice_of(draft) is None


def test_a_later_end_may_be_typed(draft):
    with transaction():
        assert notice(draft, typed_last_on=date(2026, 3, 20)).last_on == date(2026, 3, 20)


def test_an_incomplete_draft_says_what_is_missing(village):
    with transaction():
        version = service.create_plan(name="规划", base_year=2025, target_year=2035, now=NOON)
    with pytest.raises(Refused) as refused, transaction():
        notice(version.id)
    assert refused.value.facts["missing"] == list(Missing)


EDITS = {
    "head": lambda v: service.change_version(
        v, title="x", base_year=2025, target_year=2035, compiled_by="", now=NOON
    ),
    "summary": lambda v: service.write_summary(v, sentences=[], figures=[], now=NOON),
    "section": lambda v: service.add_section(v, title="x", text="x", now=NOON),
    "goal": lambda v: service.add_goal(v, title="x", now=NOON),
    "indicator": lambda v: service.add_indicator(
        v, code="x", name="x", unit="x", kind=IndicatorKind.EXPECTED,
        direction=Direction.AT_LEAST, base=None, target=None, now=NOON,
    ),
    "project": lambda v: service.add_project(v, code="x", name="x", now=NOON),
    "projects": lambda v: service.add_projects(v, [{"code": "x", "name": "x"}], now=NOON),
    "change": lambda v: service.change_part(v, "goal", 1, title="x", text="x", now=NOON),
    "removal": lambda v: service.remove_part(v, "goal", 1, now=NOON),
    "layer": lambda v: service.put_layer(v, LayerKind.LAND_USE, geojson_file(), now=NOON),
    "layer removal": lambda v: service.remove_layer(v, LayerKind.LAND_USE, now=NOON),
    "publication": lambda v: service.publish_decided(v, now=NOON),
}  # fmt: skip


@pytest.mark.parametrize("edit", EDITS)
def test_nothing_changes_from_the_notice_on(published, edit):
    with pytest.raises(Refused, match="frozen"), transaction():
        EDITS[edit](published)
    assert service.recheck(service.get_version(published))


@pytest.mark.parametrize(
    "tamper",
    [
        update(Project).values(cost_yuan=1),
        update(Indicator).values(target=Decimal("13.00")),
        update(MapFeature).values(name="别处"),
        update(PlanVersion).values(sentences=["别的话"]),
    ],
    ids=["cost", "target", "map", "summary"],
)
def test_whatever_is_changed_behind_our_back_is_found(published, tamper):
    with transaction(), without_triggers(tamper.table.name):
        db.session.execute(tamper)
    db.session.expire_all()
    assert not service.recheck(service.get_version(published))


def test_following_up_an_indicator_is_no_change_of_content(published):
    with transaction():
        db.session.execute(update(Indicator).values(current=Decimal("12.5")))
    db.session.expire_all()
    assert service.recheck(service.get_version(published))


def test_opinions_are_taken_until_the_last_second(published, draft):
    assert service.why_not_comment(published, now=END - timedelta(seconds=1)) is None
    assert service.why_not_comment(published, now=END) is Refusal.NOTICE_OVER
    assert service.is_on_notice(published, now=NOON)
    assert not service.is_on_notice(published, now=END)


def test_a_draft_takes_no_opinions(draft):
    assert service.why_not_comment(draft, now=NOON) is Refusal.NOT_YET_ON_NOTICE


def test_answering_begins_when_the_notice_is_over(published):
    with pytest.raises(Refused, match="not-on-notice"), transaction():
        service.start_replying(published, now=END - timedelta(seconds=1))
    with transaction():
        assert service.start_replying(published, now=END).state is State.REPLYING
    assert service.why_not_comment(published, now=NOON) is Refusal.NOTICE_OVER


def test_the_next_version_says_the_same_and_is_open(published):
    with transaction():
        version = service.start_new_version(published, now=NOON)
    assert (version.number, version.state, version.content_sha256) == (2, State.DRAFT, None)
    old, new = (service.content_of(service.get_version(v)) for v in (published, version.id))
    assert canonical(old).replace(b'"number":1,"plan"', b'"number":2,"plan"') == canonical(new)
    with pytest.raises(Refused, match="draft-exists"), transaction():
        service.start_new_version(published, now=NOON)
    with transaction():
        service.add_goal(version.id, title="新目标", now=NOON)
    assert service.recheck(service.get_version(published))
    assert service.find_public_version(version.plan_id).id == published


def test_what_was_decided_elsewhere_is_published_without_notice(village):
    with transaction():
        version = service.create_plan(
            name="Wesoła 2021", base_year=2021, target_year=2021, now=NOON
        )
        service.add_projects(version.id, [{"code": "1", "name": "Park", "cost_yuan": 5}], now=NOON)
        service.publish_decided(version.id, now=NOON)
    version = service.get_version(version.id)
    assert (version.state, service.notice_of(version.id)) == (State.PUBLISHED, None)
    assert service.is_public(version) and service.recheck(version)
    assert service.why_not_comment(version.id, now=NOON) is Refusal.NOTICE_OVER


def test_the_current_version_is_the_one_on_notice(published):
    with transaction():
        later = service.create_plan(name="专项", base_year=2025, target_year=2030, now=NOON)
        service.publish_decided(later.id, now=NOON + timedelta(days=1))
    assert service.find_current_version().id == published
    lines = service.list_public_versions(now=END)
    assert [(line.id, line.is_open) for line in lines] == [(later.id, False), (published, False)]
    assert service.list_public_versions(now=NOON)[0].id == published


def test_lists_take_one_statement_however_long(published, count_queries):
    service.get_version(published)
    with count_queries() as one:
        service.list_public_versions(now=NOON)
    with transaction():
        for name in ("甲", "乙"):
            version = service.create_plan(name=name, base_year=2025, target_year=2030, now=NOON)
            service.publish_decided(version.id, now=NOON)
    service.get_version(published)
    with count_queries() as three:
        assert len(service.list_public_versions(now=NOON)) == 3
    assert one.n == three.n == 1


def test_reading_a_version_takes_as_many_statements_however_long(draft, count_queries):
    with transaction():
        other = service.create_plan(name="长", base_year=2025, target_year=2035, now=NOON)
        fill(other.id, parts=5)
    counts = []
    for version_id in (draft, other.id):
        db.session.rollback()
        db.session.expunge_all()
        service.get_plan(1)
        with count_queries() as counted:
            service.content_of(service.get_version(version_id), with_map=False)
        counts.append(counted.n)
    assert counts == [9, 9]


def test_two_who_open_at_once_open_one_notice(draft, race):
    results = race(2, lambda _: notice(draft).id)
    refused = [r.reason for r in results if isinstance(r, Refused)]
    assert refused == [Refusal.ALREADY_ON_NOTICE]
    assert len(db.session.scalars(select(Notice)).all()) == 1


def test_an_edit_and_a_notice_at_once_never_leave_a_wrong_fingerprint(draft, race):
    deeds = (lambda: notice(draft), lambda: service.add_goal(draft, title="赶上", now=NOON))
    race(2, lambda n: deeds[n]() and None)
    db.session.expire_all()
    version = service.get_version(draft)
    assert version.state is State.ON_NOTICE
    assert service.recheck(version)


def test_another_village_sees_nothing(published, neighbour):
    with village_scope(neighbour.id):
        assert service.find_current_version() is None
        assert service.list_public_versions(now=NOON) == []
        assert db.session.scalars(select(Plan)).all() == []
    assert WEEKENDS(date(2026, 3, 1))
