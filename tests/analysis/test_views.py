"""Pages of the checks: who reads them, what they say, what is kept, and how many statements."""

import pytest
from sqlalchemy import select

from portal.analysis import service
from portal.analysis.checks import PlannersChecks
from portal.analysis.events import LightChanged
from portal.analysis.rules import ConflictState
from portal.core import outbox
from portal.core.db import db, transaction
from portal.core.sheets import read_table
from portal.inbox.models import InboxMessage
from portal.maps.rules import LayerKind
from portal.plans import service as plans
from portal.plans.life import Lack
from portal.plans.rules import Direction, IndicatorKind
from tests.analysis.conftest import NOON, D, put

PAGES = (
    "",
    "/structure",
    "/conflicts",
    "/intensity",
    "/coverage",
    "/coverage/clinic",
    "/scenarios",
)
FILES = ("/conflicts.csv", "/conflicts.xlsx")


def page(version_id, rest=""):
    return f"/analysis/{version_id}{rest}"


@pytest.mark.parametrize("rest", [*PAGES, *FILES])
def test_checks_of_a_public_plan_are_read_by_everybody(cast, browse, at, published, rest):
    for who in (None, cast.otto, cast.nora, cast.vera, cast.paula):
        assert browse(who).get(at(page(published, rest))).status_code == 200


@pytest.mark.parametrize("rest", [*PAGES, *FILES])
def test_checks_of_a_draft_are_for_those_who_write_it(cast, browse, at, draft, rest):
    for who in (None, cast.otto, cast.nora, cast.vera, cast.sun):
        assert browse(who).get(at(page(draft, rest))).status_code == 404
    for who in (cast.max, cast.paula, cast.ada):
        assert browse(who).get(at(page(draft, rest))).status_code == 200


def test_nobody_else_checks_sets_or_settles(cast, browse, at, published):
    with transaction():
        found = service.look(published, service.settings_of(1))
        service.keep(published, found, now=NOON)
    conflict = service.list_conflicts(published)[0].id
    for who in (cast.otto, cast.nora, cast.vera, cast.sun):
        for path in ("/conflicts", "/caps", "/comparison", "/scenarios/new", "/scenarios/presets"):
            assert browse(who).post(at(page(published, path))).status_code == 403
        assert browse(who).post(at(f"/analysis/conflicts/{conflict}")).status_code == 403


def test_the_structure_table_is_shown_with_its_subtotals(cast, browse, at, draft):
    html = browse(cast.paula).get(at(page(draft, "/structure"))).get_data(as_text=True)
    for words in ("非建设用地", "城乡建设用地", "1,500.0 亩", "1.0000 平方公里", "-1.00", "+1.00"):
        assert words in html
    assert "城乡建设用地增加了，又没有挂钩的指标" in html
    assert "两个年份的合计都等于村域面积" in html


def test_a_check_is_run_kept_and_handed_out(cast, browse, at, draft):
    client = browse(cast.paula)
    assert client.post(at(page(draft, "/conflicts"))).status_code == 303
    html = client.get(at(page(draft, "/conflicts"))).get_data(as_text=True)
    assert "12.3%" in html
    assert "未另行核实" in html
    data = client.get(at(page(draft, "/conflicts.xlsx"))).data
    rows = read_table("x.xlsx", data)[0].rows
    assert rows[0][:3] == ["序号", "第一种边界", "图斑"]
    assert sorted(row[2] for row in rows[1:]) == ["1 E1", "1 E1", "2 E2", "2 E2"]
    text = client.get(at(page(draft, "/conflicts.csv"))).data.decode("utf-8-sig")
    assert len(text.splitlines()) == len(rows)


def test_a_conflict_is_settled_on_its_page(cast, browse, at, draft):
    client = browse(cast.max)
    client.post(at(page(draft, "/conflicts")))
    line = service.list_conflicts(draft)[0]
    path = at(f"/analysis/conflicts/{line.id}")
    facts = {"owner": "县林业局", "proposal": "调整红线", "state": "agreed", "revision": "1"}
    assert client.post(path, data={**facts, "owner": ""}).status_code == 422
    assert client.post(path, data=facts).status_code == 303
    again = client.post(path, data={**facts, "owner": "住建所"})
    assert (again.status_code, "这期间有人改过" in again.get_data(as_text=True)) == (422, True)
    db.session.rollback()  # this test looks again
    kept = service.get_conflict(line.id)
    assert (kept.owner, kept.state) == ("县林业局", ConflictState.AGREED)


@pytest.mark.parametrize(
    ("data", "status"),
    [
        ({"tolerance_m2": "50", "pairs": "ecological_redline|village_boundary"}, 303),
        ({"tolerance_m2": "-1", "pairs": "ecological_redline|village_boundary"}, 422),
        ({"tolerance_m2": "50"}, 422),
        ({"tolerance_m2": "50", "pairs": "road|road"}, 422),
        ({"tolerance_m2": "50", "pairs": "nonsense"}, 422),
        ({"tolerance_m2": "50", "more_first": "hazard", "more_second": "hazard"}, 422),
        ({"tolerance_m2": "50", "more_first": "hazard", "more_second": "building"}, 303),
    ],
)
def test_what_is_compared_is_set(cast, browse, at, draft, data, status):
    client = browse(cast.paula)
    assert client.post(at(page(draft, "/comparison")), data=data).status_code == status


def test_a_cap_that_is_passed_is_told_to_committee_and_planner_once(cast, browse, at, draft):
    client = browse(cast.paula)
    for _ in range(2):
        reply = client.post(at(page(draft, "/caps")), data={"construction_percent": "20"})
        assert reply.status_code == 303
    outbox.handle_now()
    query = select(InboxMessage.account_id).where(InboxMessage.kind == LightChanged.kind)
    told = sorted(db.session.scalars(query))
    assert told == sorted([cast.max.id, cast.paula.id])
    html = client.get(at(page(draft, "/intensity"))).get_data(as_text=True)
    assert "超过上限" in html
    assert "21 / 100 = 21.00%" in html


def test_scenarios_are_made_from_presets_and_from_own_numbers(cast, browse, at, draft):
    client = browse(cast.paula)
    assert client.post(at(page(draft, "/scenarios/presets"))).status_code == 303
    assert [s.title for s in service.list_scenarios(1)] == [
        "城镇化加速",
        "生态保护强化",
        "产业转型",
    ]
    numbers = {
        "growth_percent": "0", "migration": "0", "household_size": "3", "land_m2": "100",
        "occupied_ha": "0", "reclaimed_ha": "0", "build_cost": "0", "reclaim_cost": "0",
    }  # fmt: skip
    path = at(page(draft, "/scenarios/new"))
    wild = client.post(path, data={**numbers, "title": "维持", "preset": "own", "land_m2": "0"})
    assert wild.status_code == 422
    taken = client.post(path, data={**numbers, "title": "产业转型", "preset": "own"})
    assert taken.status_code == 422
    assert client.post(path, data={**numbers, "title": "维持", "preset": "own"}).status_code == 303
    html = client.get(at(page(draft, "/scenarios"))).get_data(as_text=True)
    assert "2,000 · (1 + 0%)<sup>10</sup>" in html
    db.session.rollback()  # this test looks again
    assert service.list_scenarios(1)[3].digest in html


@pytest.mark.parametrize("rest", ["/conflicts", "/scenarios", "/structure"])
def test_a_longer_list_takes_no_more_statements(cast, browse, at, draft, count_queries, rest):
    client = browse(cast.paula)
    client.post(at(page(draft, "/conflicts")))
    client.get(at(page(draft, rest)))
    with count_queries() as few:
        client.get(at(page(draft, rest)))
    with transaction():
        put(draft, LayerKind.VILLAGE_BOUNDARY, *((n * 40, 0, n * 40 + 30, 90) for n in range(10)))
    client.post(at(page(draft, "/conflicts")))
    client.post(at(page(draft, "/scenarios/presets")))
    client.get(at(page(draft, rest)))
    with count_queries() as many:
        client.get(at(page(draft, rest)))
    assert many.n == few.n, many.statements


def test_the_life_of_a_plan_is_told_what_must_be_put_right(draft):
    assert PlannersChecks().lacks(draft) == []
    with transaction():
        plans.add_indicator(
            draft, code="x", name="耕地保有量", unit="公顷", kind=IndicatorKind.BINDING,
            direction=Direction.AT_LEAST, base=D(40), target=D(30), lower_limit=D(35), now=NOON,
        )  # fmt: skip
        plans.describe(draft, population=1, area_ha=D(101), scope="", legal_basis=(), now=NOON)
    found = PlannersChecks().lacks(draft)
    assert [x.lack for x in found] == [
        Lack.BINDING_BREACH, Lack.STRUCTURE_UNBALANCED, Lack.STRUCTURE_UNBALANCED,
    ]  # fmt: skip
    assert found[0].detail == (
        "耕地保有量目标为 30 公顷(450 亩)：把目标提高到 35 公顷(525 亩)；"
        "如果上位规划允许更少，请改正下限"
    )
    assert service.find_register(draft) is None  # reading writes nothing


def test_boundaries_are_compared_when_the_plan_is_handed_in(draft):
    with transaction():
        assert PlannersChecks().lacks(draft) == []
    register = service.find_register(draft)
    assert register.conflicting == 5  # two and two, and the homesteads within the redline
    assert service.is_of_this_map(draft, register)
