"""A plan comes in: new, into a draft, as the next version; at once by two; or it is dropped."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.core import work
from portal.core.db import db, transaction
from portal.core.errors import Refused
from portal.core.scope import all_villages, village_scope
from portal.intake import rules, service
from portal.intake.layers import Choice
from portal.intake.models import PlanImport
from portal.intake.rules import ImportState, Refusal
from portal.intake.template import export_xlsx
from portal.maps.rules import LayerKind
from portal.plans import service as plans
from portal.plans.content import canonical
from portal.plans.models import Plan, PlanVersion
from tests.intake.conftest import CONTENT, NOON, bundle, geojson, packed


def hand_in(data, *, place="new", name="规划.zip", now=NOON):
    with transaction():
        return service.prepare(place, name, data, account_id=None, now=now).id


def put_in(import_id, *, now=NOON):
    with transaction():
        return service.put_in(import_id, account_id=None, now=now).id


def content(version_id):
    return plans.content_of(plans.get_version(version_id))


def test_a_bundle_becomes_a_new_plan_with_its_map(village, whole):
    import_id = hand_in(whole)
    said = service.get(import_id).said
    assert (said["fault_count"], [layer["kind"] for layer in said["layers"]]) == (0, ["land_use"])
    assert db.session.scalars(select(Plan)).all() == []
    found = content(put_in(import_id))
    assert canonical(replace(found, map=None)) == canonical(CONTENT)
    assert [f.name for f in found.map.layer(LayerKind.LAND_USE)] == ["前畈"]
    handed = service.get(import_id)
    assert (handed.state, handed.data, handed.made_id) == (ImportState.DONE, None, 1)


def test_a_name_that_is_taken_shows_before_anybody_agrees(village, whole):
    draft = put_in(hand_in(whole))
    said = service.get(hand_in(whole)).said
    assert [fault["reason"] for fault in said["faults"]] == ["name-taken"]
    assert said["faults"][0]["place"]["row"] > 1 and said["faults"][0]["place"]["column"] == "B"
    assert service.get(hand_in(whole, place=f"draft-{draft}")).said["fault_count"] == 0


def test_what_the_file_does_not_have_stays(village, whole):
    draft = put_in(hand_in(whole))
    goals = "序号,目标,说明\n1,新目标,\n".encode()
    put_in(hand_in(goals, place=f"draft-{draft}", name="目标.csv"))
    found = content(draft)
    assert [(g.title, g.indicators) for g in found.goals] == [
        ("新目标", ("arable_land_retained", "x1"))
    ]
    assert found.projects[0].name == "溪头路拓宽" and found.map is not None
    assert len(found.structure) == 2 and found.population == 1512


def test_a_layer_alone_goes_into_a_draft(village, whole):
    draft = put_in(hand_in(whole))
    put_in(hand_in(geojson(name="后畈"), place=f"draft-{draft}", name="规划用地.geojson"))
    found = content(draft)
    assert [f.name for f in found.map.layer(LayerKind.LAND_USE)] == ["后畈"]
    assert canonical(replace(found, map=None)) == canonical(CONTENT)


def test_a_public_plan_gets_its_next_version(village, whole):
    first = put_in(hand_in(whole))
    with transaction():
        plans.publish_decided(first, now=NOON)
    changed = replace(CONTENT, title="青溪村规划（修改）")
    second = put_in(
        hand_in(export_xlsx(changed, english=True), place=f"next-{first}", name="plan.xlsx")
    )
    found = content(second)
    assert (found.number, found.title, found.map is not None) == (2, "青溪村规划（修改）", True)
    assert plans.recheck(plans.get_version(first))


def test_a_file_with_faults_stays_outside(village):
    import_id = hand_in(packed({"目标.csv": "序号,目标\n1,\n".encode()}))
    assert service.get(import_id).said["fault_count"] > 0
    with pytest.raises(Refused, match="has-faults"), transaction():
        service.put_in(import_id, account_id=None, now=NOON)
    assert db.session.scalars(select(Plan)).all() == []


def test_a_layer_that_nobody_can_tell_must_be_named(village):
    data = packed({"规划.xlsx": export_xlsx(CONTENT, english=False), "a.geojson": geojson()})
    import_id = hand_in(data)
    said = service.get(import_id).said
    [layer] = said["layers"]
    if layer["is_settled"]:
        pytest.fail("a layer named a.geojson should not tell what it is")
    with pytest.raises(Refused, match="unsettled"), transaction():
        service.put_in(import_id, account_id=None, now=NOON)
    with transaction():
        service.choose(import_id, {layer["key"]: Choice(kind="land_use")}, now=NOON)
    assert content(put_in(import_id)).map.layer(LayerKind.LAND_USE)


def test_a_layer_may_be_left_out(village):
    data = packed({"规划.xlsx": export_xlsx(CONTENT, english=False), "a.geojson": geojson()})
    import_id = hand_in(data)
    [layer] = service.get(import_id).said["layers"]
    with transaction():
        service.choose(import_id, {layer["key"]: Choice(kind="leave-out")}, now=NOON)
    assert content(put_in(import_id)).map is None


def test_a_draft_that_changed_is_looked_at_again(village, whole):
    draft = put_in(hand_in(whole))
    import_id = hand_in(whole, place=f"draft-{draft}")
    with transaction():
        plans.add_goal(draft, title="又一个", now=NOON)
    with pytest.raises(Refused, match="stale"), transaction():
        service.put_in(import_id, account_id=None, now=NOON)
    with transaction():
        service.look_again(import_id, now=NOON)
    assert len(content(put_in(import_id)).goals) == 2


def test_of_two_files_for_one_draft_one_goes_in(village, whole, race):
    draft = put_in(hand_in(whole))
    files = [
        hand_in(
            export_xlsx(replace(CONTENT, title=f"青溪村规划{n}"), english=False),
            place=f"draft-{draft}", name="规划.xlsx",
        )
        for n in (1, 2)
    ]  # fmt: skip
    results = race(2, lambda n: service.put_in(files[n], account_id=None, now=NOON).id)
    refused = [r.reason for r in results if isinstance(r, Refused)]
    assert refused == [Refusal.STALE]
    done = [service.get(one) for one in files if service.get(one).state is ImportState.DONE]
    assert [one.said["head"]["title"] for one in done] == [content(draft).title]


def test_a_file_goes_in_once(village, whole, race):
    import_id = hand_in(whole)
    results = race(2, lambda _n: service.put_in(import_id, account_id=None, now=NOON).id)
    assert [r.reason for r in results if isinstance(r, Refused)] == [Refusal.OVER]
    assert len(db.session.scalars(select(PlanVersion)).all()) == 1


def test_two_new_plans_of_one_name_at_once_are_one(village, race):
    files = [hand_in(bundle()) for _ in range(2)]
    results = race(2, lambda n: service.put_in(files[n], account_id=None, now=NOON).id)
    assert [r.reason.value for r in results if isinstance(r, Refused)] == ["name-taken"]
    assert len(db.session.scalars(select(Plan)).all()) == 1


def test_a_published_draft_takes_nothing_more(village, whole):
    draft = put_in(hand_in(whole))
    import_id = hand_in(whole, place=f"draft-{draft}")
    with transaction():
        plans.publish_decided(draft, now=NOON)
    with pytest.raises(Refused, match="frozen"), transaction():
        service.put_in(import_id, account_id=None, now=NOON)


def test_a_place_that_is_not_there_is_refused(village, whole):
    with pytest.raises(Refused, match="no-such-target"):
        hand_in(whole, place="draft-77")


def test_files_wait_in_bounded_number(village, whole, monkeypatch):
    monkeypatch.setattr(rules, "MOST_OPEN", 2)
    first = hand_in(whole)
    hand_in(whole)
    with pytest.raises(Refused, match="too-many-open"):
        hand_in(whole)
    with transaction():
        service.drop(first, account_id=None, now=NOON)
    hand_in(whole)


def test_a_corrected_file_takes_the_place_of_the_one_with_faults(village, whole):
    kept, wrong = hand_in(whole), hand_in(b"a,b\n1,2\n", name="a.csv")
    corrected = hand_in(whole)
    db.session.expire_all()
    states = [service.get(import_id).state for import_id in (kept, wrong, corrected)]
    assert states == [ImportState.PREPARED, ImportState.DROPPED, ImportState.PREPARED]
    assert service.get(wrong).data is None


def test_files_that_lay_for_a_week_are_dropped(village, whole):
    old, new = hand_in(whole), hand_in(whole, now=NOON + timedelta(days=3))
    with all_villages("a chore"), transaction():
        assert service.prune(now=NOON + timedelta(days=7, seconds=1)) == 1
    db.session.expire_all()
    dropped, kept = service.get(old), service.get(new)
    assert (dropped.state, dropped.data) == (ImportState.DROPPED, None)
    assert kept.state is ImportState.PREPARED and kept.data == whole


def test_what_was_dropped_is_over(village, whole):
    import_id = hand_in(whole)
    with transaction():
        service.drop(import_id, account_id=None, now=NOON)
    for deed in (service.drop, service.put_in):
        with pytest.raises(Refused, match="over"), transaction():
            deed(import_id, account_id=None, now=NOON)


def test_a_large_file_is_read_by_the_job(app, village, whole, monkeypatch):
    monkeypatch.setattr(rules, "LARGE", 10)
    import_id = hand_in(whole)
    assert service.get(import_id).state is ImportState.WAITING
    with pytest.raises(Refused, match="not-read-yet"), transaction():
        service.put_in(import_id, account_id=None, now=NOON)
    db.session.rollback()
    assert work.do_some(app, now=NOON) == 1
    db.session.expire_all()
    assert service.get(import_id).state is ImportState.PREPARED
    assert content(put_in(import_id)).title == "青溪村规划"


def test_another_village_sees_nothing(village, neighbour, whole):
    import_id = hand_in(whole)
    with village_scope(neighbour.id):
        assert service.list_imports() == [] and service.list_places(now=NOON) == []
        assert db.session.get(PlanImport, import_id) is None
