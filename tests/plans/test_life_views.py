"""The pages of the life: what is missing in words, 409, who sees what; differences and reasons."""

from datetime import timedelta

import pytest

from portal.core import clock
from portal.core.access import Part
from portal.core.db import db, transaction
from portal.discussion import answering
from portal.discussion import service as discussion
from portal.discussion.answer_rules import Decision
from portal.discussion.answering import Actor, Said
from portal.maps.rules import LayerKind
from portal.plans import service
from portal.plans.rules import State

from .conftest import fill, geojson_file, notice

HOSTILE = "<script>alert(1)</script>"


@pytest.fixture
def live(village):
    """A version that is on notice now."""
    now = clock.now()
    with transaction():
        version = service.create_plan(name="青溪村规划", base_year=2025, target_year=2035, now=now)
        fill(version.id, now=now)
        notice(version.id, now=now)
    return version.id


@pytest.fixture
def revised(live):
    """Its revision, a draft in which a project, a text and a parcel are others."""
    now = clock.now()
    with transaction():
        new = service.start_new_version(live, now=now).id
        service.add_project(new, code="2", name=HOSTILE, now=now)
        content = service.content_of(service.get_version(new))
        section = content.sections[0]
        service.change_part(
            new, "section", section.id, title="第1章", text="正文 **要点**", now=now
        )
        service.put_layer(new, LayerKind.LAND_USE, geojson_file(code="0201"), now=now)
    return new


def test_the_office_reads_what_comes_next_and_what_is_missing(cast, browse, at, live):
    page = browse(cast.max).get(at("/plans/desk/1/steps"))
    assert page.status_code == 200
    for words in ("宣布公示作废", "撤回规划", "新编一版", "规划正在公示"):
        assert words in page.text
    paula = browse(cast.paula).get(at("/plans/desk/1/steps"))
    assert "这一步由村委会办理。" in paula.text
    assert browse(cast.vera).get(at("/plans/desk/1/steps")).status_code == 403
    assert browse(cast.nora).get(at("/plans/desk/1/steps")).status_code == 403


def test_a_step_that_is_not_there_is_409_in_words(cast, browse, at, live):
    answer = browse(cast.max).post(at("/plans/desk/1/steps/approve"), data={})
    assert answer.status_code == 409 and "规划现在所处的阶段不能做这一步。" in answer.text
    assert browse(cast.max).get(at("/plans/desk/1/steps/approve")).status_code == 409
    assert browse(cast.max).get(at("/plans/desk/1/steps/fly")).status_code == 404


def test_what_is_missing_is_409_in_words_and_changes_nothing(cast, browse, at, live):
    answer = browse(cast.max).post(at("/plans/desk/1/steps/void_notice"), data={"reason": " "})
    assert answer.status_code == 409 and "请写明原因。" in answer.text
    assert browse(cast.paula).post(
        at("/plans/desk/1/steps/void_notice"), data={"reason": "x"}
    ).status_code == 403  # fmt: skip
    db.session.expire_all()
    assert service.get_version(live).state is State.ON_NOTICE


def test_a_void_notice_is_read_by_everybody_without_names(cast, browse, at, live):
    answer = browse(cast.max).post(
        at("/plans/desk/1/steps/void_notice"), data={"reason": f"公开栏被撕 {HOSTILE}"}
    )
    assert (answer.status_code, answer.location) == (303, at("/plans/desk/1/steps"))
    staff = browse(cast.sun).get(at("/plans/1/history"))
    public = browse(None).get(at("/plans/1/history"))
    for page in (staff, public):
        assert page.status_code == 200 and "公开栏被撕" in page.text and "村委会" in page.text
        assert "Max" not in page.text and HOSTILE not in page.text
        assert "交村委会审查" not in page.text
    desk = browse(cast.max).get(at("/plans/desk/1/steps"))
    assert "Max" in desk.text and "交村委会审查" in desk.text and HOSTILE not in desk.text


def test_the_plan_says_in_one_line_what_one_can_do(cast, browse, at, live):
    assert "可以看规划，也看看大家的意见。" in browse(cast.otto).get(at("/plans/1")).text
    assert "提意见" in browse(None).get(at("/plans/1")).text
    assert "提意见" in browse(cast.vera).get(at("/plans/1")).text
    assert "提意见" in browse(cast.max).get(at("/plans/1")).text
    assert "提意见" in browse(cast.sun).get(at("/plans/1")).text  # she lives here too


def test_differences_are_readable_and_kept_until_both_are_public(cast, browse, at, revised):
    path = at(f"/plans/{revised}/differences")
    assert browse(None).get(path).status_code == 404
    assert browse(cast.vera).get(path).status_code == 404
    page = browse(cast.paula).get(path)
    assert page.status_code == 200
    assert "<del>重</del><ins>要</ins>点" in page.text and HOSTILE not in page.text
    assert "3处改动" in page.text and "3处没有说明原因" in page.text
    assert 'stroke-dasharray="4 2"' in page.text and "0201" in page.text
    assert browse(cast.paula).get(path + "?with=7").status_code == 404
    assert browse(None).get(at("/plans/1/differences")).status_code == 200
    assert browse(None).get(at("/plans/1/differences?with=2")).status_code == 404


def test_a_reason_is_kept_with_its_change(cast, browse, at, live, revised):
    path = at(f"/plans/desk/{revised}/differences")
    client = browse(cast.paula)
    empty = client.post(path, data={"place": "project:2"})
    assert empty.status_code == 409 and "请填写意见编号" in empty.text
    other = client.post(path, data={"place": "project:99", "cause": "x"})
    assert other.status_code == 409 and "这一版里没有这处改动。" in other.text
    wrong = client.post(path, data={"place": "project:2", "opinion_number": "-3"})
    assert wrong.status_code == 422
    with transaction():
        said = discussion.post_comment(
            live, body="路太窄", about="", about_title="", show_name=False,
            client_key="key-00000001", resident_id=cast.vera.resident_id, now=clock.now(),
        )  # fmt: skip
    data = {"place": "project:2", "opinion_number": str(said.number), "reason": "采纳"}
    assert client.post(path, data=data).status_code == 409  # nobody has taken it over yet
    with transaction():
        answering.draft(
            {said.id: 0},
            Said(decision=Decision.ADOPTED, place="项目2", after="加宽"),
            actor=Actor(account_id=cast.paula.id, resident_id=None, part=Part.PLANNER),
            now=clock.now(),
        )
    assert client.post(path, data=data).status_code == 303
    page = client.get(at(f"/plans/{revised}/differences")).text
    assert "因第1条意见修改" in page and "2处没有说明原因" in page
    for who, status in ((cast.vera, 403), (cast.nora, 403), (None, 401)):
        assert browse(who).post(path, data=data).status_code == status


def test_an_export_link_of_a_draft_is_worth_nothing_to_others(cast, browse, at, revised):
    """P14, P15: every other face of a draft is as closed as its page, now and after signing out."""
    faces = ("", "/map", "/history", "/differences", "/content.json", "/map-zh_Hans-normal.svg")
    for face in faces:
        path = at(f"/plans/{revised}{face}")
        assert browse(cast.paula).get(path).status_code == 200, face
        for who in (None, cast.vera, cast.otto, cast.nora):
            assert browse(who).get(path).status_code in (403, 404), face


def test_lists_of_steps_take_as_many_statements_however_long(cast, browse, at, live, count_queries):
    client = browse(cast.max)
    client.get(at("/plans/1/history"))
    with count_queries() as before:
        client.get(at("/plans/1/history"))
    with transaction():
        service.start_new_version(live, now=clock.now())
    for _ in range(3):
        client.post(at("/plans/desk/1/steps/void_notice"), data={"reason": "再来"})
        with transaction():
            notice(live, now=clock.now())
    with count_queries() as after:
        client.get(at("/plans/1/history"))
    assert after.n == before.n


def test_who_is_at_the_desk_is_warned_until_an_approved_plan_is_published(cast, browse, at, live):
    steps = at(f"/plans/desk/{live}/steps")
    for days, chip in ((2, "已批准"), (40, "超期")):
        with transaction():
            version = service.get_version(live)
            version.state = State.APPROVED
            version.approved_on = clock.today(clock.now()) - timedelta(days=days)
        cells = browse(cast.max).get(at("/desk")).text.split("<li>")
        [card] = [cell for cell in cells if f'href="{steps}"' in cell]
        assert "青溪村规划" in card and "公布" in card and chip in card
    assert steps not in browse(cast.sun).get(at("/desk")).text
