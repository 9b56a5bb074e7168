"""The tables a plan got later: structure, facilities, rules, limits, weights. Old digests stay."""

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from portal.core.db import db, transaction
from portal.core.errors import Refused
from portal.plans import service
from portal.plans.content import (
    ControlFacts,
    FacilityFacts,
    GoalFacts,
    ProjectFacts,
    StructureFacts,
    canonical,
    sha256,
)
from portal.plans.models import ControlRule, PlannedFacility, StructureLine
from portal.plans.rules import FacilityStatus, ProjectKind, Refusal
from portal.villages.rules import FacilityKind
from tests.plans.conftest import NOON


def filled(content):
    """Return the content with every fact that came later."""
    goals = tuple(replace(goal, weights=(("i1", Decimal("0.60")),)) for goal in content.goals)
    project = replace(
        content.projects[0],
        helper="乡农办",
        supervisor="村务监督委员会",
        deadline=date(2027, 6, 30),
        group_numbers=(1, 3),
    )
    return replace(
        content,
        goals=goals,
        indicators=(replace(content.indicators[0], upper_limit=Decimal("14.0")),),
        projects=(project,),
        population=1512,
        area_ha=Decimal("431.20"),
        scope="青溪村行政村范围",
        legal_basis=("城乡规划法", "县国土空间总体规划"),
        structure=(
            StructureFacts(0, 1, "0101", False, Decimal("76.00"), Decimal("75.90")),
            StructureFacts(0, 2, "0901", True, None, Decimal("0.10")),
        ),
        facilities=(
            FacilityFacts(
                0, 1, FacilityKind.CLINIC, "卫生室", FacilityStatus.PLANNED, "祠堂前",
                Decimal("118.5"), Decimal("29.25"), 1000, "扩建",
            ),
        ),
        controls=(ControlFacts(0, 1, "zone:0202", "不许占用", "非经批准不得占用。"),),
    )  # fmt: skip


def test_what_came_later_leaves_no_trace_while_it_is_empty(draft):
    content = service.content_of(service.get_version(draft))
    later = {"structure", "facilities", "controls", "population", "area_ha", "scope", "legal_basis"}
    assert not later & json.loads(canonical(content)).keys()
    assert sha256(content) == "ec6a47e1cd877808403ff3b67e59533017b899e3f37b881d571817aa99b3576f"


def test_what_came_later_is_in_the_fingerprint_once_it_is_said(draft):
    content = filled(service.content_of(service.get_version(draft)))
    assert sha256(content) == "5f3408db45c1091eafc55fd2ecedbd19aff99a1c1ac4bd9e115be17bd67ea527"
    plain = service.content_of(service.get_version(draft))
    for name in ("goals", "indicators", "projects", "population", "area_ha", "scope"):
        assert sha256(replace(plain, **{name: getattr(content, name)})) != sha256(plain), name
    for name in ("legal_basis", "structure", "facilities", "controls"):
        assert sha256(replace(plain, **{name: getattr(content, name)})) != sha256(plain), name


def test_content_is_replaced_as_a_whole_and_read_back_the_same(draft):
    wanted = filled(service.content_of(service.get_version(draft)))
    with transaction():
        service.replace_content(draft, wanted, now=NOON)
    assert canonical(service.content_of(service.get_version(draft))) == canonical(wanted)
    alone = tuple(replace(indicator, projects=()) for indicator in wanted.indicators)
    shorter = replace(
        wanted, structure=(), facilities=(), controls=(), projects=(), indicators=alone
    )
    with transaction():
        service.replace_content(draft, shorter, now=NOON)
    assert canonical(service.content_of(service.get_version(draft))) == canonical(shorter)


def test_the_next_version_has_everything(draft):
    with transaction():
        service.replace_content(
            draft, filled(service.content_of(service.get_version(draft))), now=NOON
        )
        service.publish_decided(draft, now=NOON)
        new = service.start_new_version(draft, now=NOON)
    old, new = (service.content_of(service.get_version(v)) for v in (draft, new.id))
    assert canonical(replace(old, number=2)) == canonical(new)
    assert (new.structure[1].is_town, new.goals[0].weights) == (True, (("i1", Decimal("0.60")),))


def test_replacing_is_all_or_nothing(draft):
    before = canonical(service.content_of(service.get_version(draft)))
    content = service.content_of(service.get_version(draft))
    twice = ProjectFacts(
        0, 2, "1", "又一个", ProjectKind.ECOLOGY, "", "", None, "", None, "", "", ()
    )  # fmt: skip
    with pytest.raises(Refused, match="code-taken"), transaction():
        service.replace_content(
            draft, replace(content, projects=(*content.projects, twice)), now=NOON
        )
    assert canonical(service.content_of(service.get_version(draft))) == before


def test_a_frozen_version_is_not_replaced(published):
    content = service.content_of(service.get_version(published))
    with pytest.raises(Refused, match="frozen"), transaction():
        service.replace_content(published, content, now=NOON)
    with pytest.raises(Refused, match="frozen"), transaction():
        service.describe(published, population=1, area_ha=None, scope="", legal_basis=(), now=NOON)


def test_years_of_replaced_content_stand_in_order(draft):
    content = service.content_of(service.get_version(draft))
    with pytest.raises(Refused, match="target-before-base"), transaction():
        service.replace_content(draft, replace(content, target_year=2020), now=NOON)


def test_a_second_draft_of_a_plan_is_refused(draft):
    plan_id = service.get_version(draft).plan_id
    content = service.content_of(service.get_version(draft))
    with pytest.raises(Refused, match="draft-exists"), transaction():
        service.add_version(plan_id, content, now=NOON)


def test_a_class_stands_once_for_village_and_once_for_town(draft):
    with transaction():
        for is_town in (False, True):
            service.add_structure_line(
                draft, code="0901", is_town=is_town, base_ha=None, target_ha=None, now=NOON
            )
    with pytest.raises(Refused, match="class-taken"), transaction():
        service.add_structure_line(
            draft, code="0901", is_town=True, base_ha=None, target_ha=None, now=NOON
        )


def test_the_key_is_the_last_judge_of_two_lines(draft, race):
    def add(_turn):
        return service.add_structure_line(
            draft, code="0101", is_town=False, base_ha=None, target_ha=None, now=NOON
        ).id

    results = race(2, add)
    assert [r.reason for r in results if isinstance(r, Refused)] == [Refusal.CLASS_TAKEN]
    assert db.session.query(StructureLine).count() == 1


def send(client, at, draft, part, **form):
    return client.post(at(f"/plans/desk/{draft}/{part}"), data=form)


def test_the_tables_come_in_step_by_step(browse, cast, at, draft):
    client = browse(cast.max)
    structure = {"code": "0703", "base_ha": "27.10", "target_ha": "26.90"}
    facility = {"kind": "clinic", "name": "卫生室", "status": "planned", "radius_m": "1000"}
    facility |= {"longitude": "118.5", "latitude": "29.25"}
    control = {"subject": "zone:0202", "title": "不许占用", "text": "非经批准不得占用。"}
    sent = (("structure", structure), ("facility", facility), ("control", control))
    for part, form in sent:
        assert send(client, at, draft, part, **form).status_code == 303, part
    assert [(r.code, r.base_ha) for r in db.session.query(StructureLine)] == [
        ("0703", Decimal("27.10"))
    ]
    place = [(f.longitude, f.latitude, f.radius_m) for f in db.session.query(PlannedFacility)]
    assert place == [(Decimal("118.5"), Decimal("29.25"), 1000)]
    rule = db.session.query(ControlRule).one()
    page = client.get(at(f"/plans/desk/{draft}/control")).text
    assert "0202 永久基本农田" in page and "不许占用" in page
    page = client.get(at(f"/plans/desk/{draft}/structure")).text
    assert "0703 农村宅基地" in page and "27.10 公顷" in page
    changed = {**control, "text": "确需占用的，依法报批。"}
    assert send(client, at, draft, f"control/{rule.id}", **changed).status_code == 303
    db.session.rollback()
    assert db.session.get_one(ControlRule, rule.id).text == "确需占用的，依法报批。"
    gone = client.post(
        at(f"/plans/desk/{draft}/remove"), data={"part": "control", "id": str(rule.id)}
    )
    assert gone.status_code == 303
    db.session.rollback()
    assert db.session.query(ControlRule).count() == 0


@pytest.mark.parametrize(
    ("part", "form", "words"),
    [
        ("structure", {"code": "9999"}, "不认识这个用地代码"),
        ("structure", {"code": "0101", "base_ha": "-1"}, "不能是负数"),
        ("structure", {"code": "0101", "base_ha": "NaN"}, "请填数字"),
        ("facility", {"kind": "clinic", "name": "卫生室", "longitude": "118"}, "要么都填"),
        ("facility", {"kind": "clinic", "name": "卫生室", "radius_m": "0"}, "请填 1 到 50000 米"),
        ("project", {"code": "9", "name": "路", "kind": "industry", "groups": "一组"}, "请填组号"),
    ],
)
def test_a_wrong_line_comes_back_with_words(browse, cast, at, draft, part, form, words):
    answer = send(browse(cast.max), at, draft, part, **form)
    assert answer.status_code == 422 and words in answer.text


def test_the_head_says_what_the_plan_covers(browse, cast, at, draft):
    form = {"title": "青溪村规划", "base_year": "2025", "target_year": "2035"}
    form |= {"population": "1512", "area_ha": "431.2", "scope": "全村", "legal_basis": "甲\n\n乙 "}
    client = browse(cast.max)
    assert client.post(at(f"/plans/desk/{draft}/head"), data=form).status_code == 303
    content = service.content_of(service.get_version(draft), with_map=False)
    assert (content.population, content.area_ha, content.scope) == (1512, Decimal("431.2"), "全村")
    assert content.legal_basis == ("甲", "乙")
    page = client.get(at(f"/plans/desk/{draft}/head")).text
    assert "甲\n乙</textarea>" in page.replace("\r", "") and 'value="431.2"' in page


def test_a_project_says_who_helps_and_whom_it_is_about(browse, cast, at, draft):
    form = {"code": "9", "name": "路", "kind": "infrastructure", "helper": "乡里", "groups": "3, 1"}
    form |= {"supervisor": "村监会", "deadline": "2027-06-30"}
    client = browse(cast.max)
    assert send(client, at, draft, "project", **form).status_code == 303
    project = service.content_of(service.get_version(draft), with_map=False).projects[-1]
    assert (project.helper, project.supervisor, project.deadline, project.group_numbers) == (
        "乡里", "村监会", date(2027, 6, 30), (1, 3),
    )  # fmt: skip
    page = client.get(at(f"/plans/desk/{draft}/project/{project.id}")).text
    assert 'value="1, 3"' in page


def test_a_goal_without_weights_says_none():
    assert GoalFacts(1, 1, "目标", "", ("i1",)).weights == ()
