"""A secret vote on a phone whose line breaks, in Chromium: one envelope, one receipt, no choice."""

import json
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from sqlalchemy import select

from portal.ballots import admission, casting, keys, sealing
from portal.ballots.rules import Kind
from portal.ballots.states import Secrecy
from portal.ballots.urn_models import CastKey, Urn
from portal.core import clock
from portal.core.db import db, transaction
from portal.people import service as people
from portal.people.rules import Channel
from tests.ballots.conftest import publish_plan
from tests.ballots.sealed_village import add_people, open_sealed

ORIGIN = "http://localhost"
DAY = timedelta(days=1)
pytestmark = pytest.mark.parametrize("database", ["sqlite"])


class Line:
    """Between a phone and the portal. It can lose what goes there, or what comes back."""

    def __init__(self, client):
        self.client = client
        self.there = self.back = True
        self.posts = []
        self.altered = {}

    def carry(self, route):
        request = route.request
        url = urlsplit(request.url)
        if request.method == "POST":
            self.posts.append(request.post_data_buffer or b"")
            if not self.there:
                return route.abort("connectionfailed")
        answer = self.client.open(
            f"{url.path}?{url.query}",
            method=request.method,
            data=request.post_data_buffer,
            headers={"Content-Type": request.headers.get("content-type", "")},
        )
        body = self.altered.get(url.path, answer.data)
        answer.close()
        if request.method == "POST" and not self.back:
            return route.abort("connectionreset")
        headers = {key: value for key, value in answer.headers if key != "Content-Encoding"}
        return route.fulfill(status=answer.status_code, headers=headers, body=body)


@pytest.fixture
def vote_in(cast, version, village, at):
    """Open a sealed ballot, with who can open it and its address."""
    add_people(12)

    def make(**facts):
        now = clock.now()
        sealed = open_sealed(
            version, village, opens_at=now - DAY, closes_at=now + DAY, now=now - 20 * DAY, **facts
        )
        return sealed, ORIGIN + at(f"/ballots/{sealed.ballot_id}/sealed")

    return make


@pytest.fixture
def phone(chromium, browse, cast):
    """A phone of somebody who is signed in, behind a line of its own."""
    opened = []

    def pick_up(who=None, **facts):
        line = Line(browse(who or cast.vera))
        context = chromium.new_context(viewport={"width": 360, "height": 740}, **facts)
        context.route("**/*", line.carry)
        page = context.new_page()
        page.faults = []
        page.on("console", lambda said: said.type == "error" and page.faults.append(said.text))
        page.on("pageerror", lambda error: page.faults.append(str(error)))
        opened.append(context)
        return page, line

    yield pick_up
    for context in opened:
        context.close()


def part(page):
    return page.evaluate("document.querySelector('[data-part]:not([hidden])').dataset.part")


def kept(page):
    return page.evaluate("JSON.stringify(localStorage)")


def opened(sealed):
    """Return what is on the papers in the urn, as two holders would see it."""
    db.session.rollback()
    known = {sealing.share_digest(words): 1 for words in sealed.words}
    ballot = sealed.ballot
    private = sealing.combine(sealed.words[1:], known=known, public_key=ballot.public_key)
    return [
        sealing.read_paper(
            sealing.open_box(envelope, private), ballot.manifest_sha256, options=plain
        )
        for envelope in db.session.scalars(select(Urn.ciphertext))
        for plain in [sealing.open_box(envelope, private)[17]]
    ]


def choose(page, *places):
    for place in places:
        page.locator("[data-option]").nth(place).click()
    page.click("[data-go]")
    assert part(page) == "confirm"


def test_a_lost_answer_and_a_reload_end_in_one_ballot_and_one_receipt(vote_in, phone):
    sealed, address = vote_in()
    page, line = phone()
    page.goto(address)
    choose(page, 1)
    assert "反对" in page.inner_text(".big-choice")
    assert line.posts == []  # until here nothing has left the phone
    line.back = False
    page.dblclick("[data-hand-in]")
    page.wait_for_selector("[data-part=waiting]:not([hidden])")
    waiting = json.loads(next(iter(json.loads(kept(page)).values())))
    assert set(waiting) == {"key", "envelope"}
    assert "反对" not in page.inner_text("#sealed")  # nor does the page remember it
    line.back = True
    page.reload()
    page.wait_for_selector("[data-part=receipt]:not([hidden])")
    digest = page.text_content("[data-digest]")
    assert page.inner_text("[data-code]").replace("\n", "") != ""
    assert opened(sealed) == [(0, 1, 0)]
    assert db.session.scalars(select(Urn.ballot_sha256)).all() == [digest]
    assert waiting["envelope"] not in kept(page)
    page.reload()
    assert part(page) == "receipt"
    assert page.text_content("[data-digest]") == digest
    for body in line.posts:
        assert b"envelope" in body
        assert len(body) == len(line.posts[0])
    assert [fault for fault in page.faults if "ERR_CONNECTION" not in fault] == []


def test_without_a_line_it_waits_and_goes_when_the_line_is_back(vote_in, phone):
    sealed, address = vote_in()
    page, line = phone()
    page.goto(address)
    page.clock.install()
    choose(page, 0)
    line.there = False
    page.click("[data-hand-in]")
    page.wait_for_selector("[data-part=waiting]:not([hidden])")
    for _ in range(8):  # it tries a few times, not for ever
        page.clock.run_for(50_000)
        page.wait_for_timeout(20)
    page.wait_for_selector("[data-stopped]:not([hidden])")
    tries = len(line.posts)
    assert 2 <= tries <= 6
    page.clock.run_for(200_000)
    assert len(line.posts) == tries
    assert opened(sealed) == []
    line.there = True
    page.click("[data-again]")
    page.wait_for_selector("[data-part=receipt]:not([hidden])")
    assert opened(sealed) == [(1, 0, 0)]
    assert len(set(line.posts[0].split(b"\r\n")[1:]) ^ set(line.posts[-1].split(b"\r\n")[1:])) <= 4


def test_two_pages_of_one_phone_make_one_vote(vote_in, phone):
    sealed, address = vote_in()
    page, line = phone()
    other = page.context.new_page()
    for one in (page, other):
        one.goto(address)
    choose(page, 0)
    line.there = False
    page.click("[data-hand-in]")
    page.wait_for_selector("[data-part=waiting]:not([hidden])")
    line.there = True
    choose(other, 1)
    other.click("[data-hand-in]")  # what was sealed first is what is sent
    other.wait_for_selector("[data-part=receipt]:not([hidden])")
    assert opened(sealed) == [(1, 0, 0)]


def test_who_voted_on_paper_is_told_so_and_nothing_is_taken(vote_in, phone, cast):
    sealed, address = vote_in()
    page, _line = phone()
    page.goto(address)
    choose(page, 0)
    with transaction():
        facts = admission.read_facts(sealed.ballot_id, cast.vera.resident_id, casts=True)
        deed = people.deed_facts(cast.vera.resident_id, now=clock.now(), channel=Channel.PAPER)
        casting.enter_turnout(facts, deed, key="paper " * 5, receipt="paper")
    page.click("[data-hand-in]")
    page.wait_for_selector("[data-part=refused]:not([hidden])")
    assert "纸票" in page.inner_text("[data-reason]")
    assert kept(page) == "{}"
    assert opened(sealed) == []


def test_an_envelope_is_never_sent_for_somebody_else(vote_in, phone, cast, browse):
    sealed, address = vote_in()
    page, line = phone()
    page.goto(address)
    choose(page, 0)
    line.client = browse(cast.max)  # somebody else has signed in meanwhile
    page.click("[data-hand-in]")
    page.wait_for_selector("[data-part=signed-out]:not([hidden])")
    assert opened(sealed) == []
    line.client = browse(cast.vera)
    page.reload()
    page.wait_for_selector("[data-part=receipt]:not([hidden])")
    assert db.session.scalars(select(CastKey.resident_id)).all() == [cast.vera.resident_id]


@pytest.fixture
def projects(version):
    """Two projects that both have a price."""
    with transaction():
        return publish_plan(
            "石桥片区规划", [("P1", "村道拓宽", 320_000), ("P2", "老年活动中心", 480_000)]
        ).id


KINDS = {
    Kind.SINGLE: ({"words": ("甲", "乙", "丙")}, (2,), (0, 0, 1)),
    Kind.APPROVAL: ({"max_choices": 2}, (0, 2), (1, 0, 1)),
    Kind.RANKED: ({"max_choices": 3}, (2, 1, 0, 1), (2, 0, 1)),
    Kind.BUDGET: ({"budget_yuan": 850_000}, (0, 1), (1, 1)),
}


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_paper_is_filled_in_and_sealed(vote_in, phone, kind, request):
    facts, places, expected = KINDS[kind]
    if kind is Kind.BUDGET:
        facts = facts | {"version_id": request.getfixturevalue("projects")}
    sealed, address = vote_in(kind=kind, **facts)
    page, _line = phone()
    page.goto(address)
    page.click("[data-go]")
    assert page.is_visible("#sealed .error")  # nothing chosen yet
    choose(page, *places)
    assert page.faults == []
    page.click("[data-hand-in]")
    page.wait_for_selector("[data-part=receipt]:not([hidden])")
    assert opened(sealed) == [expected]


def test_points_are_given_with_thumbs_and_the_sum_is_told(vote_in, phone):
    sealed, address = vote_in(kind=Kind.SCORE, max_score=5, points_total=6)
    page, _line = phone()
    page.goto(address)
    more = page.locator("[data-step='1']")
    for place, times in ((0, 7), (2, 2)):
        for _ in range(times):
            more.nth(place).click()
    assert "over" in page.get_attribute(".tally-line", "class")
    page.click("[data-go]")
    assert part(page) == "choose"  # seven are more than six
    page.locator("[data-step='-1']").nth(2).click()
    page.click("[data-go]")
    assert part(page) == "confirm"
    page.click("[data-hand-in]")
    page.wait_for_selector("[data-part=receipt]:not([hidden])")
    assert opened(sealed) == [(5, 0, 1)]


def test_a_changed_script_does_not_run(vote_in, phone):
    """Whoever sits in the line and swaps the script gets no choice: the browser refuses it."""
    _sealed, address = vote_in()
    page, line = phone()
    line.altered["/static/vendor/sealed_box.js"] = b"var sealedBox = { seal: (plain) => plain };"
    page.goto(address)
    assert page.evaluate("typeof sealedBox") == "undefined"
    assert any("integrity" in fault for fault in page.faults)
    assert part(page) == "cannot"


def test_without_javascript_the_page_says_which_ways_are_left(vote_in, phone):
    _sealed, address = vote_in()
    page, _line = phone(java_script_enabled=False)
    page.goto(address)
    page.get_by_text("这个浏览器不能封票").wait_for(timeout=5000)
    assert not page.locator("[data-option]").first.is_visible()


def test_no_field_of_the_paper_has_a_name_and_axe_is_content(vote_in, phone):
    sealed, address = vote_in()
    page, _line = phone()
    page.goto(address)
    assert page.locator("[data-part=choose] [name]").count() == 0
    axe = Axe()
    for step in (lambda: None, lambda: choose(page, 0), lambda: page.click("[data-hand-in]")):
        step()
        page.wait_for_timeout(50)
        found = axe.run(page).response["violations"]
        assert [(one["id"], one["nodes"][0]["html"]) for one in found] == []
    assert part(page) == "receipt"
    assert sealed.ballot.secrecy is Secrecy.SEALED
    assert keys.list_holders(sealed.ballot_id)[0].name
