"""Pages of plans: who may open which, what stands there, how they go on."""

import gzip
import io
import re
from datetime import timedelta

import pytest

from portal.core import clock
from portal.core.access import Part
from portal.core.db import db, transaction
from portal.maps.remarks import FAULTS, REPAIRS
from portal.maps.rules import Fault, Repair
from portal.notices import service as notices
from portal.plans import service, views
from portal.plans.content import canonical, sha256
from portal.plans.life import Step
from portal.plans.rules import Missing, Refusal, State
from portal.plans.words import MISSING, REFUSALS, STATES
from tests.notices.test_views import hour_ago
from tests.pictures import BOARD
from tests.plans.conftest import fill, geojson_file, notice

STAFF_PAGES = (
    "/plans/desk", "/plans/desk/new", "/plans/desk/1", "/plans/desk/1/head",
    "/plans/desk/1/summary", "/plans/desk/1/section", "/plans/desk/1/goal",
    "/plans/desk/1/indicator", "/plans/desk/1/project", "/plans/desk/1/project/1", "/plans/desk/1/layers",
    "/plans/desk/1/layers/land_use.geojson", "/plans/desk/1/notice",
)  # fmt: skip
PUBLIC_PAGES = (
    "/plans/1", "/plans/1/map", "/plans/1/map-zh_Hans-normal.svg", "/plans/1/content.json",
    "/plans/projects/1", "/plans/1/changes", "/plans/1/ground.svg", "/plans/1/parcels",
    "/plans/1/parcels/1", "/plans/1/parcels/1?part=facts",
)  # fmt: skip


@pytest.fixture
def live(draft):
    """The plan, on notice since a minute ago by the real clock."""
    with transaction():
        notice(draft, now=clock.now() - timedelta(minutes=1))
    return draft


def test_every_reason_has_words():
    assert set(REFUSALS) == set(Refusal) and set(MISSING) == set(Missing)
    assert set(STATES) == set(State)
    assert set(FAULTS) == set(Fault) and set(REPAIRS) == set(Repair)


@pytest.mark.parametrize("page", PUBLIC_PAGES)
def test_a_draft_is_for_those_who_write_it(cast, browse, at, draft, page):
    open_to = {"max": 200, "paula": 200, "ada": 200}
    for name, person in vars(cast).items():
        assert browse(person).get(at(page)).status_code == open_to.get(name, 404), name
    assert browse(None).get(at(page)).status_code == 404


@pytest.mark.parametrize("page", ("/plans/", *PUBLIC_PAGES))
def test_what_is_published_is_for_everybody(cast, browse, at, live, page):
    for person in (*vars(cast).values(), None):
        assert browse(person).get(at(page)).status_code == 200


@pytest.mark.parametrize("page", STAFF_PAGES)
def test_pages_of_the_staff(cast, browse, at, draft, page):
    open_to = {"max": 200, "paula": 200, "ada": 200}
    for name, person in vars(cast).items():
        assert browse(person).get(at(page)).status_code == open_to.get(name, 403), name
    assert browse(None).get(at(page)).status_code == 302


@pytest.mark.parametrize("page", PUBLIC_PAGES)
def test_a_plan_is_not_found_in_another_village(cast, browse, at, neighbour, live, page):
    for person in (cast.nora, cast.max, None):
        assert browse(person).get(at(page, neighbour)).status_code == 404


def test_nora_changes_nothing(cast, browse, at, neighbour, draft):
    before = canonical(service.content_of(service.get_version(draft)))
    posts = ("/plans/desk/1/head", "/plans/desk/1/goal/1", "/plans/desk/1/goal", "/plans/desk/1/notice",
             "/plans/desk/1/remove", "/plans/desk/1/layers", "/plans/desk/1/go-on")  # fmt: skip
    data = {"title": "换掉", "base_year": 2025, "target_year": 2035, "part": "goal", "id": 1}
    for person in (cast.nora, cast.vera, cast.otto, cast.sun):
        for path in posts:
            assert browse(person).post(at(path), data=data).status_code == 403
    for path in posts:
        assert browse(None).post(at(path), data=data).status_code == 401
        assert browse(cast.max).post(at(path, neighbour), data=data).status_code == 403
    db.session.expire_all()
    assert canonical(service.content_of(service.get_version(draft))) == before


def test_only_the_committee_opens_the_notice(cast, browse, at, draft):
    data = {
        "party_review_on": "2026-01-20",
        "board_at": hour_ago(),
        "board_evidence": "公开栏,照片01",
    }
    assert browse(cast.paula).post(at("/plans/desk/1/notice"), data=data).status_code == 403
    answer = browse(cast.max).post(at("/plans/desk/1/notice"), data=data)
    assert answer.status_code == 422 and "请选择照片。" in answer.text
    data["photo"] = (io.BytesIO(BOARD), "board.jpg")
    answer = browse(cast.max).post(at("/plans/desk/1/notice"), data=data)
    assert (answer.status_code, answer.location) == (303, at("/plans/1"))
    db.session.expire_all()
    assert service.get_version(draft).state is State.ON_NOTICE
    assert service.notice_of(draft).opened_by == cast.max.account_id


def test_the_page_says_it_in_a_minute_and_goes_on_to_opinions(browse, at, live):
    page = browse(None).get(at("/plans/1")).text
    assert all(f"<li>第{n}句话。</li>" in page for n in range(1, 6))
    assert "<b>1140</b> 亩" in page and "186 万元" in page
    assert "12.30 公顷(184 亩) → <b>13.0 公顷(195 亩)</b>" in page
    assert "<strong>重点</strong>" in page
    assert page.count(at("/discussion/plans/1")) + page.count(at("/talk/plans/1")) >= 6
    assert service.get_version(live).content_sha256[:16] in page
    assert re.search(r"还剩 3\d 天 · \d+月\d+日\(周.\) 24:00 截止", page)


def test_english_says_the_same(browse, at, live):
    client = browse(None)
    client.set_cookie("look", "normal.20.auto.en")
    page = client.get(at("/plans/1")).text
    assert "The plan in 60 seconds" in page and "12.30 ha (184 mu)" in page
    assert "1,860,000 yuan" in page
    image = client.get(at("/plans/1/map-en-normal.svg")).text
    assert "Paddy field" in image and "水田" not in image


def test_script_in_a_text_stays_text(cast, browse, at, draft):
    with transaction():
        service.add_section(
            draft, title="<b>x</b>", now=clock.now(),
            text="<script>alert(1)</script> [a](javascript:alert(1)) ![i](http://x/y.png)\n\n|a|b|\n|-|-|\n|1|2|",
        )  # fmt: skip
    page = browse(cast.max).get(at("/plans/1")).text
    assert "<script>alert" not in page and 'href="javascript' not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "<b>x</b>" not in page and "&lt;b&gt;x&lt;/b&gt;" in page
    assert 'y.png"' not in page and '<table class="sheet">' in page


def test_the_address_of_the_map_changes_with_its_content(browse, at, live):
    client = browse(None)
    page = client.get(at("/plans/1/map")).text
    for name in ("ground", "map-zh_Hans-normal"):
        address = re.search(rf'"([^"]*{name}\.svg[^"]*)"', page)
        image = client.get(address.group(1).replace("&amp;", "&"))
        assert image.mimetype == "image/svg+xml"
        assert image.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        again = client.get(
            at(f"/plans/1/{name}.svg?v=000"), headers={"If-None-Match": image.headers["ETag"]}
        )
        assert (again.status_code, again.headers["Cache-Control"]) == (304, "no-cache")
    assert client.get(at("/plans/1/map-xx-normal.svg")).status_code == 404


def test_whoever_has_the_page_already_gets_304(browse, at, live):
    client = browse(None)
    first = client.get(at("/plans/1"))
    again = client.get(at("/plans/1"), headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_a_kept_page_is_never_stale(cast, browse, at, live):
    """A draft is never kept; the end of the notice changes what the kept body links to."""
    client = browse(None)
    page = client.get(at("/plans/1")).text
    assert "对这里提意见" in page and "看这里的意见" not in page
    with transaction():
        notices.get_notice(service.notice_of(live).id).ends_at = clock.now()
    page = client.get(at("/plans/1")).text
    assert "对这里提意见" not in page and "看这里的意见" in page
    with transaction():
        new = service.start_new_version(live, now=clock.now())
    staff = browse(cast.max)
    assert "新的目标" not in staff.get(at(f"/plans/{new.id}")).text
    with transaction():
        service.add_goal(new.id, title="新的目标", now=clock.now())
    assert "新的目标" in staff.get(at(f"/plans/{new.id}")).text
    with transaction():
        notice(new.id, now=clock.now())
    assert "新的目标" in client.get(at(f"/plans/{new.id}")).text
    assert f'href="{at(f"/plans/{new.id}")}"' in client.get(at("/plans/")).text


def test_the_content_file_has_the_fingerprint(browse, at, live):
    version = service.get_version(live)
    data = browse(None).get(at("/plans/1/content.json")).data
    assert data == canonical(service.content_of(version))
    assert sha256(service.content_of(version)) == version.content_sha256


def test_the_page_takes_few_statements_however_long(browse, at, live, count_queries):
    with transaction():
        other = service.create_plan(name="长", base_year=2025, target_year=2035, now=clock.now())
        fill(other.id, parts=3)
        notice(other.id, now=clock.now())
    client, counts = browse(None), []
    for version_id in (live, other.id):
        with count_queries() as cold:
            client.get(at(f"/plans/{version_id}"))
        with count_queries() as warm:
            client.get(at(f"/plans/{version_id}"))
        counts.append((cold.n, warm.n))
    assert counts[0] == counts[1]
    assert counts[0][0] - counts[0][1] <= 10


def test_a_plan_page_is_light(browse, at, live):
    assert len(gzip.compress(browse(None).get(at("/plans/1")).data)) < 12_000


def test_a_plan_is_put_in_step_by_step(cast, browse, at):
    client = browse(cast.max)
    head = {"title": "青溪村规划", "base_year": 2025, "target_year": 2035, "kind": "practical"}
    answer = client.post(at("/plans/desk/new"), data=head)
    assert (answer.status_code, answer.location) == (303, at("/plans/desk/1"))
    steps = {
        "summary": {"sentences": "一\n二\n三\n四\n五", "figures": "1 | 亩 | 田\n2 | 个 | 项目\n3 | 万元 | 钱"},
        "goal": {"title": "守住田"},
        "indicator": {"code": "arable", "name": "耕地保有量", "unit": "公顷", "kind": "binding",
                      "direction": "at_least", "base": "88.10", "target": "88.10", "goals": "1"},
        "project": {"code": "1", "name": "修路", "kind": "infrastructure", "cost_wan": "186.5",
                    "indicators": "1", "year": "2026"},
        "section": {"title": "总则", "text": "范围是全村。"},
    }  # fmt: skip
    for step, data in steps.items():
        assert client.post(at(f"/plans/desk/1/{step}"), data=data).status_code == 303, step
        assert client.get(at(f"/plans/desk/1/{step}")).status_code == 200
    upload = {"file": (io.BytesIO(geojson_file()), "规划用地.geojson")}
    looked_at = client.post(at("/plans/desk/1/layers"), data=upload)
    assert (looked_at.status_code, looked_at.location) == (303, at("/plans/desk/1/layers/1"))
    taken = {"deed": "keep", "key-0": "规划用地.geojson|规划用地|area", "kind-0": "land_use"}
    assert client.post(looked_at.location, data=taken).status_code == 303
    content = service.content_of(service.get_version(1))
    assert service.missing_in(content) == []
    assert content.projects[0].cost_yuan == 1_865_000 and content.projects[0].indicators == (
        "arable",
    )
    assert str(content.indicators[0].target) == "88.10" and content.indicators[0].goals == (1,)
    page = client.get(at("/plans/1")).text
    assert "耕地保有量" in page and "186.5 万元" in page


def test_a_wrong_form_comes_back_filled(cast, browse, at, draft):
    answer = browse(cast.max).post(
        at("/plans/desk/1/project"), data={"code": "1", "name": "同号", "kind": "ecology"}
    )
    assert answer.status_code == 422
    assert "这个编号或代码已经用过了。" in answer.text and 'value="同号"' in answer.text
    answer = browse(cast.max).post(at("/plans/desk/1/goal"), data={"title": "", "text": "说明"})
    assert answer.status_code == 422 and "请填写。" in answer.text


def test_a_void_notice_is_said_on_the_plans_page_and_at_home(cast, browse, at, live):
    said = "公示已于"
    for path in (f"/plans/{live}", "/"):
        assert said not in browse(cast.vera).get(at(path)).text
    with transaction():
        service.take_step(live, Step.VOID_NOTICE, by=None, reason="公开栏被撕", now=clock.now())
    for path in (f"/plans/{live}", "/"):
        for person in (cast.vera, None):
            page = browse(person).get(at(path)).text
            assert said in page and "公开栏被撕" in page, path
    with transaction():
        notice(live, now=clock.now())
    for path in (f"/plans/{live}", "/"):
        assert said not in browse(cast.vera).get(at(path)).text


def test_a_shorter_end_is_refused_in_words(cast, browse, at, draft):
    tomorrow = (clock.now() + timedelta(days=1)).date().isoformat()
    data = {
        "party_review_on": "2026-01-20",
        "board_at": hour_ago(), "board_evidence": "照片", "last_on": tomorrow,
        "photo": (io.BytesIO(BOARD), "board.jpg"),
    }  # fmt: skip
    answer = browse(cast.max).post(at("/plans/desk/1/notice"), data=data)
    assert answer.status_code == 422 and "公示不能早于上面算出的那天结束" in answer.text


def test_what_is_published_can_only_be_followed_by_a_new_version(cast, browse, at, live):
    client = browse(cast.max)
    answer = client.post(at("/plans/desk/1/goal"), data={"title": "又一个"})
    assert answer.status_code == 422 and "这一版已公布，不能再改" in answer.text
    answer = client.post(at("/plans/desk/1/go-on"), data={"step": "next-version"})
    assert answer.location == at("/plans/desk/2")
    assert client.get(at("/plans/desk/2")).status_code == 200


def test_a_part_is_changed_where_it_stands(cast, browse, at, draft):
    client = browse(cast.paula)
    for part in ("section", "goal", "indicator", "project"):
        assert client.get(at(f"/plans/desk/1/{part}/1")).status_code == 200
        assert client.get(at(f"/plans/desk/1/{part}/99")).status_code == 404
    page = client.get(at("/plans/desk/1/project/1")).text
    assert 'value="186"' in page and re.search(r'value="1"[^>]*checked|checked[^>]*value="1"', page)
    data = {"code": "1", "name": "换了名", "kind": "ecology", "cost_wan": "12.5"}
    answer = client.post(at("/plans/desk/1/project/1"), data=data)
    assert (answer.status_code, answer.location) == (303, at("/plans/desk/1/project"))
    data = {"code": "i1", "name": "新指标", "unit": "处", "kind": "expected",
            "direction": "at_most", "base": "3", "target": "2.50"}  # fmt: skip
    assert client.post(at("/plans/desk/1/indicator/1"), data=data).status_code == 303
    db.session.expire_all()
    content = service.content_of(service.get_version(draft))
    [project], [indicator] = content.projects, content.indicators
    assert (project.name, project.cost_yuan, project.indicators) == ("换了名", 125_000, ())
    assert (indicator.name, str(indicator.target), indicator.goals) == ("新指标", "2.50", ())


def test_parts_are_taken_out(cast, browse, at, draft):
    client = browse(cast.paula)
    for part, page in (("goal", "goal"), ("layer", "layers")):
        data = {"part": part, "id": "land_use" if part == "layer" else 1}
        answer = client.post(at("/plans/desk/1/remove"), data=data)
        assert answer.location == at(f"/plans/desk/1/{page}")
    content = service.content_of(service.get_version(draft))
    assert content.goals == () and not content.map.layers


def test_cards(cast, app, browse, at, live):
    now = clock.now()
    with app.test_request_context(at("/")):
        app.preprocess_request()
        [home] = views.home_cards(now=now)
        assert (home.title, home.href, home.chip) == ("青溪村规划", at("/plans/1"), "公示中")
        assert home.closes_at == service.notice_of(live).ends_at
        assert views.take_part_cards(now=now) == [home]
        assert views.desk_cards(now=now) == []
        assert views.home_cards(now=home.closes_at) == []
    assert Part.ANYONE
