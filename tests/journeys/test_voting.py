"""Ranked and budget votes from a phone at 360×740, over a line that breaks; with axe, in every look."""

import json
import subprocess
import sys
import time

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import ROOT, faults_of

OPEN_THREE = """
import json, sys
from datetime import timedelta
from portal.app import create_app
from portal.ballots import service
from portal.ballots.rules import Kind
from portal.core import clock
from portal.core.db import transaction
from portal.core.scope import village_scope
from portal.people import service as people
from portal.plans import service as plans
from portal.plans.demo_texts import NAME

app = create_app()
with app.app_context():
    village = people.find_village(sys.argv[1])
    with village_scope(village.id):
        now, made = clock.now(), []
        version = next(v for v in plans.list_public_versions(now=now) if v.title == NAME and v.is_open)
        for kind, question, facts in (
            (Kind.RANKED, "新建的公交站放在哪里最好?", {"words": ["溪口老粮站门前的空地上", "石桥头", "小学门口", "上湾村民小组晒谷场"]}),
            (Kind.BUDGET, "二百万元先做哪些项目?", {"budget_yuan": 2_000_000}),
            (Kind.SCORE, "您给这些想法打几分?", {"words": ["夜校", "河边步道", "儿童乐园"], "max_score": 5, "points_total": 9}),
        ):
            with transaction():
                ballot = service.announce_ballot(
                    service.Draft(
                        version_id=version.id, question=question, kind=kind,
                        explanation="结果供村民代表会议参考。", profile_code="consultative",
                        opens_at=now, closes_at=now + timedelta(hours=5), **facts,
                    ),
                    now=now,
                )
                service.open_ballot(ballot.id, now=now)
                made.append(ballot.id)
        print(json.dumps(made))
"""
CLOSE = """
import sys
from portal.app import create_app
from portal.ballots.models import Ballot
from portal.core import clock
from portal.core.db import db, transaction
from portal.core.scope import village_scope
from portal.people import service as people

app = create_app()
with app.app_context():
    village = people.find_village(sys.argv[1])
    with village_scope(village.id), transaction():
        for ballot_id in sys.argv[2:]:
            db.session.get_one(Ballot, int(ballot_id)).closed_at = clock.now()
"""


def run(portal, script, *given) -> str:
    code = portal.village.rsplit("/", 1)[1]
    done = subprocess.run(
        [sys.executable, "-c", script, code, *given],
        cwd=ROOT, env=portal.environment, check=True, capture_output=True, text=True,
    )  # fmt: skip
    return done.stdout


@pytest.fixture(scope="module")
def opened(portal):
    """Open three votes: ranked, budget, points."""
    return json.loads(run(portal, OPEN_THREE).splitlines()[-1])


class BrokenLine:
    """A line on which votes arrive and their answers do not, until it is mended.

    `arrived` counts the votes; `codes` are the receipts whose answers were lost.
    """

    def __init__(self, page):
        self.page, self.is_broken, self.arrived, self.codes = page, True, 0, []
        page.route("**/cast", self.pass_on)

    def pass_on(self, route):
        self.arrived += 1
        if not self.is_broken:
            route.continue_()
            return
        self.codes.append(route.fetch(max_redirects=0).headers["location"])
        route.abort("connectionreset")

    def mend(self, *, after):
        """Let the answers through again, once so many are lost."""
        until = time.monotonic() + 60
        while len(self.codes) < after:
            assert time.monotonic() < until, "it is not sent again"
            self.page.wait_for_timeout(50)  # the phone goes on meanwhile
        self.is_broken = False


KEPT = ("ranked", "budget", "not-confirmed")
"""The pictures of docs/pictures; the rest of the pages are only read."""


def look_at(page, take, name) -> None:
    if name in KEPT:
        take(page, f"vote-{name}")
    assert faults_of(page) == []


def test_votes_over_a_line_that_breaks(phone, portal, opened, take):
    ranked, budget, points = opened
    page = phone("villager")
    line = BrokenLine(page)
    wanted = [f"{portal.village}/ballots/{ballot}/vote" for ballot in opened]

    # in order: tapped, tapped again to take out
    page.goto(wanted[0].removesuffix("/vote"))
    look_at(page, take, "show")
    page.locator("main a[href$='/vote']").click()
    taps = page.locator(".valued .tap")
    for at in (2, 0, 3, 2):
        taps.nth(at).click()
    assert [tap.get_attribute("aria-pressed") for tap in taps.all()] == [
        "true",
        "false",
        "false",
        "true",
    ]
    expect(taps.nth(0)).to_contain_text("第 1 位")
    expect(taps.nth(3)).to_contain_text("第 2 位")
    assert taps.nth(0).bounding_box()["height"] >= 48
    look_at(page, take, "ranked")
    page.locator("form[action$='/confirm'] button[type=submit]").click()
    expect(page.locator(".picked li").first).to_contain_text("溪口老粮站")
    look_at(page, take, "ranked-confirm")
    page.locator("form[action$='/cast'] button[type=submit]").first.click()
    expect(page.locator("#sending")).to_be_visible()
    look_at(page, take, "not-confirmed")  # it stays there while the line is broken
    line.mend(after=2)
    expect(page.locator(".receipt .code")).to_be_visible()
    look_at(page, take, "receipt")
    assert line.arrived == len(line.codes) + 1 >= 3
    assert len(set(line.codes)) == 1
    assert page.url.endswith(line.codes[0].rsplit("/", 1)[1]), "the receipt of the first"

    # money: more than there is is said at once, and by the server too
    page.goto(wanted[1])
    boxes = page.locator("input[name=chosen]")
    for box in boxes.all():
        box.check()
    expect(page.locator(".tally-line.over")).to_be_visible()
    page.locator("form[action$='/confirm'] button[type=submit]").click()
    expect(page.locator("#error-summary")).to_be_visible()
    look_at(page, take, "budget-over")
    for box in boxes.all():
        box.uncheck()
    affordable = cheapest(page)
    boxes.nth(affordable).check()
    expect(page.locator(".tally-line")).not_to_have_class("over")
    look_at(page, take, "budget")
    page.locator("form[action$='/confirm'] button[type=submit]").click()
    page.locator("form[action$='/cast'] button[type=submit]").first.dblclick()
    expect(page.locator(".receipt .code")).to_be_visible()

    # points: a button on each side
    page.goto(wanted[2])
    for _ in range(6):
        page.locator(".stepper button").nth(1).click()
    assert page.locator(".stepper input").first.input_value() == "5"
    expect(page.locator(".tally-line")).to_contain_text("5")
    look_at(page, take, "points")
    page.locator("form[action$='/confirm'] button[type=submit]").click()
    page.locator("form[action$='/cast'] button[type=submit]").first.click()
    expect(page.locator(".receipt .code")).to_be_visible()

    # what came of them
    run(portal, CLOSE, str(ranked), str(budget), str(points))
    for name, ballot in (("ranked", ranked), ("budget", budget), ("points", points)):
        page.goto(f"{portal.village}/ballots/{ballot}/result")
        look_at(page, take, f"{name}-result")
    assert [
        fault for fault in page.faults if "ERR_CONNECTION_RESET" not in fault and "422" not in fault
    ] == []


def cheapest(page) -> int:
    costs = page.locator("form[data-costs]").get_attribute("data-costs").split()
    return min(range(len(costs)), key=lambda at: int(costs[at].split(":")[1]))
