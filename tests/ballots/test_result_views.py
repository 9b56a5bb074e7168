"""What came of a vote of every kind, on its page and as a file, against counts made by hand."""

from decimal import Decimal

import pytest

from portal.analysis import scenarios
from portal.analysis.projection import Facts, preset
from portal.analysis.rules import Preset
from portal.ballots import pb, published, service
from portal.ballots.rules import Kind
from portal.core import clock
from portal.core.db import transaction
from portal.core.words import day_words
from portal.plans import service as plans
from tests.ballots.conftest import options_of, publish_plan
from tests.ballots.test_paper_views import COSTS, PAPERS, text_of

VOTES = {
    Kind.YES_NO: ([1], [1], [2], [3]),
    Kind.SINGLE: ([1], [2], [2], [3]),
    Kind.APPROVAL: ([1, 3], [3], [2], [3]),
    Kind.RANKED: ({1: 1, 2: 2, 3: 3}, {1: 1, 2: 2, 3: 3}, {2: 1, 1: 2}, {3: 1, 1: 2, 2: 3}),
    Kind.SCORE: ({1: 5, 2: 3}, {1: 3, 3: 1}, {2: 5}, {1: 1}),
    Kind.BUDGET: ([1, 3], [1, 3], [2], [3]),
}
"""Marks by place, of Vera, Max, Wang and Sun."""
SAID = {
    Kind.YES_NO: ("4 人中 2 人赞成", "赞成 4 人中 2 人（50.0%）"),
    Kind.SINGLE: ("最想要的：石桥(4 人中 2 人选)",),
    Kind.APPROVAL: ("最想要的：管网(4 人中 3 人选)",),
    Kind.RANKED: (
        "最后一轮 4 票中得 3 票，胜出的是：溪口",
        "第 1 轮，并列最后的有：石桥 · 上湾。表中先让票上排在后面的出局：上湾",
        "和其他每一项单独相比，都有更多人更喜欢：溪口",
        "溪口 ✓ 胜出 2 3",
        "上湾 1 —",
    ),
    Kind.SCORE: ("共 9 分，平均 2.25 分：溪口", "8 分，平均 2.00 分"),
    Kind.BUDGET: (
        "60 万元可以做 2 个项目，共用 50 万元",
        "共 60 万元，用去 50 万元",
        "4 人中 3 人（75.0%）",
        "平均每人所选的项目有 1.25 个入选",
        "48 万元 1 钱不够",
        "每人的一份",
        "遇到相同：支持者多的优先",
    ),
}


@pytest.fixture
def version(village):
    """A version that stands still, with three projects that all have their price."""
    with transaction():
        version_id = publish_plan(projects=COSTS).id
    return plans.get_version(version_id)


@pytest.fixture
def counted(make_ballot, cast, close):
    """Return a closed ballot of a kind, in which four have voted."""

    def make(kind, *, papers=None, **facts):
        ballot = make_ballot(kind, question="选哪个?", **PAPERS.get(kind, {}) | facts)
        options = options_of(ballot)
        voters = (cast.vera, cast.max, cast.wang, cast.sun)
        with transaction():
            for voter, marks in zip(
                voters, VOTES[kind] if papers is None else papers, strict=False
            ):
                chosen = [options[p - 1] for p in marks]
                if isinstance(marks, dict):
                    chosen = {options[p - 1]: value for p, value in marks.items()}
                service.cast_vote(
                    ballot.id,
                    voter.resident_id,
                    chosen,
                    key=f"{ballot.id}-{voter.name}",
                    now=clock.now(),
                )
        return close(ballot)

    return make


@pytest.mark.parametrize("kind", Kind)
def test_the_result_says_what_was_counted(counted, cast, browse, at, kind):
    ballot = counted(kind)
    page = browse(cast.vera).get(at(f"/ballots/{ballot.id}/result"))
    assert page.status_code == 200
    missing = [words for words in SAID[kind] if words not in text_of(page)]
    assert not missing
    roll = text_of(browse(cast.vera).get(at(f"/ballots/{ballot.id}/roll")))
    assert "Wang" in roll
    assert "Wang" not in page.text


@pytest.mark.parametrize("kind", Kind)
def test_nobody_voted_is_a_result_too(counted, browse, at, kind):
    ballot = counted(kind, papers=())
    page = browse(None).get(at(f"/ballots/{ballot.id}/result"))
    assert page.status_code == 200
    assert "共 0" in text_of(page) or "0 人" in text_of(page) or "没有人投票" in text_of(page)


def test_equals_at_the_edge_of_the_money_are_told(counted, browse, at):
    """村道 and 食堂 have one vote each, and the money is enough for one of them (V17)."""
    words = "票数相同，只因票上的先后才分出：村道 · 食堂"
    split = counted(Kind.BUDGET, papers=([1], [2]))
    assert words in text_of(browse(None).get(at(f"/ballots/{split.id}/result")))
    clear = counted(Kind.BUDGET, papers=([1], [1], [2]))
    assert "票数相同，只因" not in text_of(browse(None).get(at(f"/ballots/{clear.id}/result")))


def test_the_days_of_the_rule_stand_on_the_result(counted, browse, at):
    binding = counted(Kind.YES_NO, profile="village-meeting-remote")
    path = at(f"/ballots/{binding.id}/result")
    page = text_of(browse(None).get(path))
    assert "结果在公示栏公布 5 天；有异议的，5 天内提出" in page
    assert "对结果有异议，请在" not in page
    with transaction():
        service.disclose_ballot(binding.id, now=clock.now())
    until = published.days_of(service.get_ballot(binding.id)).objections
    last = day_words(until, clock.today(clock.now()))
    assert f"对结果有异议，请在{last} 24:00 前" in text_of(browse(None).get(path))
    advice = counted(Kind.YES_NO)
    assert "公示栏公布 5 天" not in text_of(browse(None).get(at(f"/ballots/{advice.id}/result")))


def test_the_papers_come_out_without_names_and_count_the_same(counted, cast, browse, at):
    for kind in (Kind.APPROVAL, Kind.BUDGET):
        ballot = counted(kind)
        answer = browse(cast.vera).get(at(f"/ballots/{ballot.id}/papers.pb"))
        assert answer.status_code == 200
        election = pb.read("papers.pb", answer.data)
        result = service.result_of(service.get_ballot(ballot.id), now=clock.now())
        assert election.scores.sums == tuple(tally.count for tally in result.tallies)
        assert election.costs == tuple(cost for _code, _name, cost in COSTS)
        assert not any(name in answer.text for name in ("Vera", "Max", "Wang", "Sun"))
        assert browse(cast.paula).get(at(f"/ballots/{ballot.id}/papers.pb")).status_code == 403
    assert election.frame.kind is Kind.BUDGET
    assert election.budget == 600_000
    assert (
        browse(cast.vera).get(at(f"/ballots/{counted(Kind.YES_NO).id}/papers.pb")).status_code
        == 404
    )


def test_ranked_and_scored_projects_come_out_too(counted, cast, browse, at):
    for kind, facts in ((Kind.RANKED, {}), (Kind.SCORE, {"max_score": 5})):
        ballot = counted(kind, words=(), **facts)
        election = pb.read(
            "papers.pb", browse(cast.vera).get(at(f"/ballots/{ballot.id}/papers.pb")).data
        )
        paper = {Kind.RANKED: (2, 1, 0), Kind.SCORE: (0, 5, 0)}[kind]
        assert election.papers[paper] == 1
        assert election.papers.total() == 4


def test_the_shares_of_the_rule_stand_in_the_words(counted, cast, browse, at):
    ballot = counted(Kind.YES_NO, profile="village-meeting-remote")
    page = text_of(browse(None).get(at(f"/ballots/{ballot.id}/result")))
    assert "没有通过：参加的 4 人中 2 人赞成，须有过半数赞成" in page
    assert "2×2=4 ≤ 4" in page
    assert "4 人中有 4 人参加" in page


@pytest.fixture
def ways(version):
    """Three ways for the village."""
    facts = Facts(people=Decimal(1200), cap_ha=Decimal(20), farmland_ha=Decimal(80))
    with transaction():
        for which in (Preset.URBANISATION, Preset.ECOLOGY, Preset.INDUSTRY):
            scenarios.add_scenario(
                version.plan_id, title=f"情景{which}", preset=which, facts=facts,
                parameters=preset(which, facts), base_year=2026, target_year=2035, now=clock.now(),
            )  # fmt: skip


def test_ways_for_the_village_stand_side_by_side(
    ways, make_ballot, cast, browse, at, count_queries
):
    ballot = make_ballot(Kind.RANKED, question="走哪条路?", on_scenarios=True)
    client = browse(cast.vera)
    client.get(at(f"/ballots/{ballot.id}"))
    with count_queries() as counted:
        page = client.get(at(f"/ballots/{ballot.id}"))
    assert counted.n <= 18, counted.statements
    assert page.text.count('<section class="card">') == 3
    assert f"/analysis/{ballot.version_id}/scenarios" in page.text
    paper = text_of(client.get(at(f"/ballots/{ballot.id}/vote")))
    assert paper.count("2035 年：") == 3


@pytest.mark.parametrize("kind", [Kind.RANKED, Kind.BUDGET])
def test_a_result_takes_few_statements(counted, browse, at, count_queries, kind):
    client, seen = browse(None), []
    for papers in (VOTES[kind][:1], VOTES[kind]):
        ballot = counted(kind, papers=papers)
        client.get(at("/ballots/"))
        with count_queries() as found:
            client.get(at(f"/ballots/{ballot.id}/result"))
        seen.append(found.n)
    assert seen[0] == seen[1] <= 22, seen
