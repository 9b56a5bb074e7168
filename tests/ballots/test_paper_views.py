"""Papers of every kind on a phone: filled in, given back with what is wrong, handed in once."""

import re

import pytest
from sqlalchemy import func, select

from portal.ballots import service, steps
from portal.ballots.models import BallotChoice, Turnout
from portal.ballots.rules import Kind, Unit
from portal.core import clock
from portal.core.db import db, transaction
from portal.people.models import Resident
from portal.plans import service as plans
from tests.ballots.conftest import options_of, publish_plan, vote

COSTS = (("P1", "村道", 300_000), ("P2", "食堂", 480_000), ("P3", "管网", 200_000))
KEY = "made-before-the-first-sending"

PAPERS = {
    Kind.SINGLE: {"words": ("溪口", "石桥", "上湾")},
    Kind.APPROVAL: {"max_choices": 2},
    Kind.RANKED: {"words": ("溪口", "石桥", "上湾")},
    Kind.SCORE: {"words": ("溪口", "石桥", "上湾"), "max_score": 5, "points_total": 8},
    Kind.BUDGET: {"budget_yuan": 600_000},
}
GOOD = {
    Kind.YES_NO: [1],
    Kind.SINGLE: [2],
    Kind.APPROVAL: [1, 3],
    Kind.RANKED: {2: "1", 1: "2", 3: ""},
    Kind.SCORE: {1: "5", 2: "0", 3: "3"},
    Kind.BUDGET: [1, 3],
}
"""By place on the paper."""
BAD = [
    (Kind.YES_NO, [], "请先选择"),
    (Kind.SINGLE, [1, 2], "选多了"),
    (Kind.APPROVAL, [1, 2, 3], "选多了"),
    (Kind.RANKED, {1: "1", 2: "1"}, "同一名次"),
    (Kind.RANKED, {1: "1", 2: "3"}, "空了一个名次"),
    (Kind.RANKED, {1: "", 2: ""}, "请先选择"),
    (Kind.SCORE, {1: "6"}, "分"),
    (Kind.SCORE, {1: "-1"}, "分"),
    (Kind.SCORE, {1: "很多"}, "分"),
    (Kind.SCORE, {1: "5", 2: "4"}, "减"),
    (Kind.BUDGET, [1, 2], "超过了总钱数"),
]


@pytest.fixture
def version(village):
    """A version that stands still, with three projects that all have their price."""
    with transaction():
        version_id = publish_plan(projects=COSTS).id
    return plans.get_version(version_id)


@pytest.fixture
def paper(make_ballot):
    """Open a ballot of a kind."""

    def make(kind, **facts):
        return make_ballot(kind, question="选哪个?", **PAPERS.get(kind, {}) | facts)

    return make


def sent(ballot, marks, *, key=KEY):
    """Return the fields of a paper as a browser sends them; marks by place."""
    options = options_of(ballot)
    if isinstance(marks, dict):
        values = {f"value-{options[place - 1]}": text for place, text in marks.items()}
        return {"key": key} | values
    return {"key": key, "chosen": [options[place - 1] for place in marks]}


def counts():
    db.session.rollback()
    return [db.session.scalar(select(func.count()).select_from(t)) for t in (Turnout, BallotChoice)]


def text_of(page):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.text))


@pytest.mark.parametrize("kind", Kind)
def test_the_same_four_screens_for_every_kind(paper, cast, browse, at, kind):
    ballot, client = paper(kind), browse(cast.vera)
    shown = client.get(at(f"/ballots/{ballot.id}"))
    assert f"/ballots/{ballot.id}/vote" in shown.text
    page = client.get(at(f"/ballots/{ballot.id}/vote")).text
    key = re.search(r'name="key"[^>]*value="([^"]+)"', page)[1]
    data = sent(ballot, GOOD[kind], key=key)
    confirmed = client.post(at(f"/ballots/{ballot.id}/confirm"), data=data)
    assert confirmed.status_code == 200
    assert counts() == [0, 0]
    carried = re.findall(r'name="([^"]+)" value="([^"]*)"', confirmed.text.split("data-hand-in")[1])
    fields = {}
    for name, text in carried:
        if name != "back":
            fields.setdefault(name, []).append(text)
    first = client.post(at(f"/ballots/{ballot.id}/cast"), data=fields)
    assert first.status_code == 303, first.text
    again = client.post(at(f"/ballots/{ballot.id}/cast"), data=fields)
    reloaded = client.get(at(f"/ballots/{ballot.id}/vote"))
    assert first.location == again.location == reloaded.location
    marks = (
        [text for text in GOOD[kind].values() if text not in ("", "0")]
        if isinstance(GOOD[kind], dict)
        else GOOD[kind]
    )
    assert counts() == [1, len(marks)]
    receipt = client.get(first.location)
    options = {option.id: option for option in service.list_options(ballot.id)}
    values = db.session.execute(select(BallotChoice.option_id, BallotChoice.value)).all()
    assert {(options[o].position, v) for o, v in values} == expected(GOOD[kind])
    assert all(options[o].answer or options[o].words in receipt.text for o, _ in values)


def expected(marks):
    if isinstance(marks, dict):
        return {(place, int(text)) for place, text in marks.items() if text not in ("", "0")}
    return {(place, 1) for place in marks}


@pytest.mark.parametrize(("kind", "marks", "words"), BAD)
def test_what_is_wrong_stands_beside_the_paper_and_nothing_is_lost(
    paper, cast, browse, at, kind, marks, words
):
    ballot, client = paper(kind), browse(cast.vera)
    pages = [
        client.post(at(f"/ballots/{ballot.id}/{step}"), data=sent(ballot, marks))
        for step in ("confirm", "cast")
    ]
    main = [re.search(r"<main.*</main>", page.text, re.DOTALL)[0] for page in pages]
    assert main[0] == main[1]
    page = pages[0]
    assert page.status_code == 422
    assert counts() == [0, 0]
    assert KEY in page.text, "the key stays, so that it is the same sending"
    said = re.findall(r'class="error"[^>]*>.*?<span>(.*?)</span>', page.text, re.DOTALL)
    assert said
    assert words in " ".join(said)
    for field, value in sent(ballot, marks).items():
        if field.startswith("value-") and kind is Kind.SCORE:
            assert re.search(f'name="{field}"[^>]*value="{value}"', page.text)
        if field.startswith("value-") and kind is Kind.RANKED and value:
            select_ = page.text.split(f'name="{field}"')[1].split("</select>")[0]
            assert f'<option selected value="{value}">' in select_
    if kind in (Kind.APPROVAL, Kind.BUDGET):
        assert page.text.count(" checked") == len(marks)


def test_going_back_keeps_the_choice(paper, cast, browse, at):
    ballot = paper(Kind.RANKED)
    data = sent(ballot, GOOD[Kind.RANKED]) | {"back": "1"}
    page = browse(cast.vera).post(at(f"/ballots/{ballot.id}/confirm"), data=data)
    assert page.status_code == 200
    assert page.text.count('<option selected value="1"') == 1


def test_places_and_points_belong_to_their_kind_only(paper, cast, browse, at):
    """A paper of another kind is none, whatever it says."""
    client = browse(cast.vera)
    for kind, marks in (
        (Kind.SINGLE, {1: "2"}),
        (Kind.BUDGET, {1: "7"}),
        (Kind.APPROVAL, {1: "3"}),
    ):
        ballot = paper(kind)
        answer = client.post(at(f"/ballots/{ballot.id}/cast"), data=sent(ballot, marks))
        assert answer.status_code == 422
    assert counts() == [0, 0]


class TestHouseholds:
    """Each household has one vote: whoever of it comes first casts it."""

    @pytest.fixture
    def ballot(self, make_ballot, cast):
        with transaction():
            vera = db.session.get_one(Resident, cast.vera.resident_id)
            mate = db.session.get_one(Resident, cast.max.resident_id)
            mate.household_id, mate.is_representative = vera.household_id, False
        return make_ballot(unit=Unit.HOUSEHOLD)

    def test_the_page_says_who_votes_for_it(self, ballot, cast, browse, at):
        page = text_of(browse(cast.vera).get(at(f"/ballots/{ballot.id}")))
        assert cast.vera.name in page
        assert cast.max.name in page
        assert "先投的那一票算数" in page
        assert cast.max.name not in text_of(browse(None).get(at(f"/ballots/{ballot.id}")))

    def test_the_second_one_is_told_who_was_first(self, ballot, cast, browse, at):
        with transaction():
            vote(ballot, cast.vera, 1)
        client = browse(cast.max)
        page = text_of(client.get(at(f"/ballots/{ballot.id}")))
        assert "每户一票" in page
        assert cast.vera.name in page
        assert client.get(at(f"/ballots/{ballot.id}/vote")).status_code == 302
        answer = client.post(at(f"/ballots/{ballot.id}/cast"), data=sent(ballot, [2]))
        assert answer.status_code == 409
        assert counts() == [1, 1]


def test_a_lost_answer_ends_in_one_vote_and_the_same_receipt(paper, cast, browse, at, race):
    """The client cuts every answer but the last, and two of them run at once."""
    ballot = paper(Kind.RANKED)
    client, data = browse(cast.vera), sent(ballot, GOOD[Kind.RANKED])
    client.get(at(f"/ballots/{ballot.id}"))
    for _ in range(3):
        client.post(at(f"/ballots/{ballot.id}/cast"), data=data, buffered=False).close()
    last = client.post(at(f"/ballots/{ballot.id}/cast"), data=data)
    other = client.post(at(f"/ballots/{ballot.id}/cast"), data=data | {"key": f"{KEY}-new"})
    assert counts() == [1, 2]
    assert last.status_code == 303
    assert other.location == last.location, "a new key leads to the receipt of the first"


def test_the_pages_of_a_paper_take_few_statements(paper, cast, browse, at, count_queries):
    seen = {}
    for words in (("一", "二"), tuple("一二三四五六七八九十")):
        ballot, client = paper(Kind.RANKED, words=words), browse(cast.vera)
        client.get(at(f"/ballots/{ballot.id}"))
        for path in ("", "/vote"):
            with count_queries() as counted:
                client.get(at(f"/ballots/{ballot.id}{path}"))
            seen.setdefault(path, []).append(counted.n)
    assert all(few == many <= 18 for few, many in seen.values()), seen


def test_a_vote_that_is_held_up_says_why(ballot, cast, browse, at):
    with transaction():
        steps.suspend_ballot(
            ballot.id, reason="选票印错了一行", now=clock.now(), account_id=cast.max.id
        )
    page = text_of(browse(cast.vera).get(at(f"/ballots/{ballot.id}")))
    assert "选票印错了一行" in page
    assert "去投票" not in page
