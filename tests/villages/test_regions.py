"""A region's pages: its villages, founding one, and nothing of any other region."""

import pytest
from sqlalchemy import select

from portal.core import clock
from portal.core.db import db, transaction
from portal.core.errors import Refused
from portal.core.outbox import OutboxEvent
from portal.core.scope import all_villages, village_scope
from portal.people import places
from portal.people import service as people
from portal.people.models import Region
from portal.people.rules import Level, Role
from portal.villages import founding, setting_up
from portal.villages.progress import PlanState, Progress, Step
from portal.villages.rules import Refusal

NAMES = {
    Level.PROVINCE: "浙江省",
    Level.PREFECTURE: "湖州市",
    Level.COUNTY: "安吉县",
    Level.TOWNSHIP: "天荒坪镇",
    Level.VILLAGE: "大溪村",
}
NEW = "330523104201"


@pytest.fixture
def county(village):
    return people.find_place(village.code[:6])


@pytest.fixture
def operator(hire, county):
    return hire("县运行员", Role.OPERATOR, of=county.code, phone="13911110009")


def found(code=NEW, under=None, names=NAMES):
    under = under or people.find_place("330523")
    return founding.found(code, under=under, names=names, account_id=None, now=clock.now())


def make_villages(count, township=110):
    with transaction():
        for i in range(count):
            code = f"330523{township + i // 90:03d}{200 + i % 90:03d}"
            places.grow(code, (f"镇{i // 90}", f"村{i:03d}"))


def tree():
    db.session.rollback()
    return {r.code: r.name for r in db.session.scalars(select(Region))}


# --- founding ----------------------------------------------------------------------------------


def test_a_village_is_founded_with_what_is_missing_above(county):
    with transaction():
        village = found()
    assert tree()[NEW] == "大溪村" and tree()["330523104"] == "天荒坪镇"
    chain = [r.level for r in people.path_of(village.id)]
    assert chain == list(Level)
    with village_scope(village.id):
        event = db.session.scalars(select(OutboxEvent)).one()
    assert event.facts == {"deed": "founded", "name": "大溪村", "account_id": None}


def test_names_are_asked_for_where_the_tree_has_none(county):
    assert founding.missing_above(NEW) == [Level.TOWNSHIP]
    assert founding.missing_above("440523104201") == list(Level)[:-1]
    for level in (Level.TOWNSHIP, Level.VILLAGE):
        with pytest.raises(Refused) as refused, transaction():
            found(names={k: v for k, v in NAMES.items() if k is not level})
        assert refused.value.reason is Refusal.NAMES_MISSING
    assert NEW not in tree()


def test_a_region_known_by_code_only_gets_its_name(county):
    with transaction():
        places.grow("330523105201", ("某村",))
    assert tree()["330523105"] == "330523105"
    assert founding.missing_above("330523105202") == [Level.TOWNSHIP]
    with transaction():
        found("330523105202")
    assert tree()["330523105"] == "天荒坪镇"


def test_the_same_village_founded_at_once(county, race):
    results = race(4, lambda i: found(names=NAMES | {Level.VILLAGE: f"村{i}"}).name)
    refused = [r for r in results if isinstance(r, Refused)]
    assert [r.reason for r in refused] == [Refusal.TAKEN] * 3
    assert tree()[NEW] in results


def test_several_villages_of_a_new_township_founded_at_once(county, race):
    codes = [f"33052310620{i}" for i in range(1, 5)]
    results = race(4, lambda i: found(codes[i]).code)
    assert results == codes
    assert set(codes) <= set(tree())


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("330523102201", Refusal.TAKEN),
        ("330524104201", Refusal.OUTSIDE),
        ("33052310420", Refusal.BAD_CODE),
        ("330523104000", Refusal.BAD_CODE),
    ],
)
def test_codes_that_cannot_be(county, code, reason):
    with pytest.raises(Refused) as refused, transaction():
        found(code)
    assert refused.value.reason is reason


# --- pages -------------------------------------------------------------------------------------


def test_a_village_is_founded_step_by_step(cast, operator, browse, county):
    client = browse(operator)
    page = client.get("/v/330523/desk/villages/new")
    assert page.status_code == 200 and 'name="code"' in page.text
    for text, word in (("33052310", "12 位"), ("330524104201", "不在您管理的地区")):
        page = client.get(f"/v/330523/desk/villages/new?code={text}")
        assert word in page.text and 'name="township"' not in page.text
    page = client.get("/v/330523/desk/villages/new?code=３３０５２３ 104 201").text
    assert 'name="township"' in page and 'name="county"' not in page
    facts = {"code": NEW, "name": "大溪村", "township": ""}
    again = client.post("/v/330523/desk/villages/new", data=facts)
    assert again.status_code == 422 and "大溪村" in again.text and "缺少的上级名称" in again.text
    done = client.post("/v/330523/desk/villages/new", data=facts | {"township": "天荒坪镇"})
    assert (done.status_code, done.location) == (303, f"/v/{NEW}/desk/setup")
    page = client.get(done.location).text
    assert "完成 1 步，共 7 步" in page
    assert "/desk/staff/give?role=administrator" in page
    assert "/desk/roster" not in page  # the roster is not the operator's


def test_the_first_head_is_named_by_the_operator(cast, operator, browse):
    client = browse(operator)
    with transaction():
        found()
    facts = {"role": "committee-head", "name": "李主任", "phone": "13922223333"}
    facts |= {"begins_on": "2026-01-01"}
    assert client.post(f"/v/{NEW}/desk/staff/give", data=facts).status_code == 303
    second = facts | {"name": "王主任", "phone": "13922224444"}
    assert client.post(f"/v/{NEW}/desk/staff/give", data=second).status_code == 422
    day = clock.today(clock.now())
    progress = setting_up.progress_of(people.find_village(NEW), day=day)
    assert progress.next is Step.ADMIN and progress.is_done(Step.COMMITTEE)


def test_progress_of_each_village(cast, village, neighbour, county):
    day = clock.today(clock.now())
    both = setting_up.progress_of_many([village.id, neighbour.id], above=county.code, day=day)
    roles = frozenset({Role.COMMITTEE, Role.PLANNER, Role.SUPERVISOR, Role.ADMIN})
    assert both[village.id] == Progress(residents=4, households=4, roles=roles)
    assert both[neighbour.id] == Progress(residents=1, households=1)
    assert both[village.id].plan is PlanState.NONE
    adults, residents, households = people.count_roster(day=day)
    assert places.count_rosters([village.id], day=day) == {
        village.id: (adults, residents, households)
    }


def test_what_is_held_in_the_region_above_counts(cast, village, neighbour, county, hire):
    hire("a", Role.ADMIN, of=county.code)
    day = clock.today(clock.now())
    found_ = setting_up.progress_of_many([neighbour.id], above=county.code, day=day)
    assert found_[neighbour.id].roles == {Role.ADMIN}


@pytest.mark.parametrize("who", ["vera", "max", "paula", "sun", "ada", "otto", "nora"])
def test_nobody_of_a_village_gets_to_the_regions_pages(cast, browse, who):
    client = browse(getattr(cast, who))
    for path in ("/desk/villages", "/desk/villages/new", "/desk/staff/", "/desk/staff/give"):
        assert client.get(f"/v/330523{path}").status_code == 403
    assert client.post("/v/330523/desk/villages/new", data={"code": NEW}).status_code == 403
    home = client.get("/v/330523/region")
    assert home.location == "/?under=330523"


def test_strangers_are_led_to_the_sign_in(village, browse):
    answer = browse().get("/v/330523/desk/villages")
    assert answer.status_code == 302 and answer.location.startswith("/v/330523/sign-in")
    assert browse().get("/v/330523/sign-in").status_code == 200
    assert browse().get("/v/330523/").location == "/v/330523/region"
    assert browse().get("/v/330599/").status_code == 404
    assert browse().get("/v/330523/plans/").status_code == 404


def test_the_pages_of_a_region_are_not_a_villages(cast, browse, at, operator):
    client = browse(operator)
    assert client.get(at("/desk/villages")).status_code == 404
    assert client.get(at("/desk/villages/new")).status_code == 404
    assert client.get("/v/330523/about").status_code == 404


def test_an_administrator_of_one_township_does_not_touch_another(cast, village, hire, browse, at):
    with transaction():
        found()
    mine = hire("镇甲", Role.ADMIN, of="330523104")
    client = browse(mine)
    page = client.get("/v/330523104/desk/villages").text
    assert "大溪村" in page and "青溪村" not in page
    assert client.get(f"/v/{NEW}/desk/setup").status_code == 200
    for path in ("/desk/setup", "/desk/staff/", "/desk/about", "/desk/roster", "/statistics/"):
        assert client.get(at(path)).status_code == 403
    for place in ("330523", "330523102", "3305", "33"):
        for path in ("/desk/villages", "/desk/villages/new", "/desk/staff/"):
            assert client.get(f"/v/{place}{path}").status_code == 403
    for deed in ("", "/name", "/close", "/open"):
        where = f"/v/330523104/desk/villages/{village.id}{deed}"
        answer = client.post(where, data={"name": "x"}) if deed else client.get(where)
        assert answer.status_code == 404
    assert tree()[village.code] == "青溪村"
    page = client.get("/v/330523104/desk/villages/new?code=330523102205").text
    assert "不在您管理的地区" in page
    facts = {"code": "330523102205", "name": "x", "township": "y"}
    assert client.post("/v/330523104/desk/villages/new", data=facts).status_code == 422
    answer = client.post(
        f"/v/{NEW}/desk/staff/give",
        data={"role": "committee", "account": cast.max.id, "begins_on": "2026-01-01"},
    )
    assert answer.status_code == 422 and "别的村" in answer.text


def test_an_auditor_of_the_region_reads_the_list_only(cast, hire, browse, village):
    client = browse(hire("au", Role.AUDITOR, of="330523"))
    page = client.get("/v/330523/desk/villages")
    assert page.status_code == 200 and "青溪村" in page.text
    assert "/desk/villages/new" not in page.text.split('<main id="main"')[1]
    for path in ("/desk/villages/new", f"/desk/villages/{village.id}", "/desk/staff/give"):
        assert client.get(f"/v/330523{path}").status_code == 403
    assert client.post(f"/v/330523/desk/villages/{village.id}/close").status_code == 403


def test_posts_of_a_region_are_given_there(cast, operator, browse, village):
    client = browse(operator)
    facts = {"role": "supervisor", "name": "镇监督", "phone": "13922223333"}
    facts |= {"begins_on": "2026-01-01", "ends_on": "2028-12-31"}
    assert client.post("/v/330523102/desk/staff/give", data=facts).status_code == 303
    assert (
        client.post("/v/330523/desk/staff/give", data=facts | {"role": "committee"}).status_code
        == 422
    )
    assert "镇监督" in browse().get(f"/v/{village.code}/about").text
    assert "镇监督" in client.get("/v/330523102/desk/staff/").text
    assert "镇监督" not in client.get("/v/330523/desk/staff/").text


def test_a_village_is_renamed_and_closed(cast, operator, browse, at, village):
    client = browse(operator)
    where = f"/v/330523/desk/villages/{village.id}"
    assert client.post(f"{where}/name", data={"name": " "}).status_code == 422
    assert client.post(f"{where}/name", data={"name": "新青溪村"}).status_code == 303
    assert "新青溪村" in browse().get(at("/")).text
    vera = browse(cast.vera)
    assert vera.get(at("/me")).status_code == 200
    assert client.post(f"{where}/close").status_code == 303
    assert "已关闭" in client.get("/v/330523/desk/villages").text
    for who in (browse(), vera, browse(cast.max)):
        for path in ("/", "/about", "/me", "/plans/"):
            assert who.get(at(path)).status_code == 404
    assert "新青溪村" not in browse().get("/?q=").text
    assert client.get(at("/about")).status_code == 200
    assert browse(cast.ada).get(at("/about")).status_code == 200
    assert client.post(f"{where}/open").status_code == 303
    assert vera.get(at("/me")).status_code == 200
    with all_villages("a test looks"):
        events = db.session.scalars(
            select(OutboxEvent)
            .where(OutboxEvent.kind == "villages.changed")
            .order_by(OutboxEvent.id)
        )
        assert [e.facts["deed"] for e in events] == ["renamed", "closed", "opened"]


# --- hundreds of villages ----------------------------------------------------------------------


def test_hundreds_of_villages_cost_as_many_statements_as_two(cast, operator, browse, count_queries):
    client = browse(operator)
    paths = (
        "/v/330523/desk/villages",
        "/v/330523/desk/villages?q=村",
        "/?q=村",
        "/v/330523/desk/staff/",
    )
    counts = []
    for more in (0, 300):
        make_villages(more)
        for path in paths:
            client.get(path)
            with count_queries() as counted:
                assert client.get(path).status_code == 200
            counts.append(counted.n)
    assert counts[: len(paths)] == counts[len(paths) :]
    page = client.get("/v/330523/desk/villages").text
    assert "302 个村" in page and page.count("/desk/setup") == 50
    assert "1 / 7" in page


def test_every_village_is_on_exactly_one_page(cast, browse):
    make_villages(120)
    seen = []
    for page in range(1, 5):
        found_, total = places.find_villages(page=page)
        assert total == 122
        seen += [line.code for line in found_]
    assert len(seen) == len(set(seen)) == 122
    assert seen == sorted(seen)


def test_the_public_list_is_searched_and_chosen_from(cast, browse):
    make_villages(100)
    client = browse()
    page = client.get("/").text
    assert page.count('class="cell"') == 50 and "1 / 3" in page
    assert "安吉县 · 孝丰镇" in page and "安吉县 · 镇0" in page
    for query, names in (
        ("q=青溪", ["青溪村"]),
        ("q=330523102202", ["石桥村"]),
        ("q=孝丰 青溪", ["青溪村"]),
        ("under=330523111", [f"村{i:03d}" for i in range(90, 100)]),
        ("q=%25", []),
        ("q=_溪", []),
    ):
        text = client.get(f"/?{query}").text
        assert text.count('class="cell"') == len(names), query
        assert all(f"<b>{name}</b>" in text for name in names)
    assert client.get("/?page=99").status_code == 200
    assert client.get("/?page=-1&under=<script>").status_code == 200


def test_where_there_is_one_village_the_list_leads_there(app, browse):
    with transaction():
        places.grow("330523102201", ("青溪村",))
    assert browse().get("/").location == "/v/330523102201/"
    assert browse().get("/?q=none").status_code == 200
