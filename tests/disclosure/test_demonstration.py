"""Every kind of document, for the demonstration village: as people get it, and as pictures of it.

`make pictures` keeps the first and a telling page of each edition under docs/pictures.
"""

import io
import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from PIL import Image
from sqlalchemy import select

from portal import demo
from portal.app import create_app
from portal.config import Settings
from portal.core import clock
from portal.core.access import Part
from portal.core.db import db, transaction
from portal.core.pdf.reading import read_words
from portal.core.scope import village_scope
from portal.disclosure import correcting, proofs, service
from portal.disclosure.contents import load
from portal.disclosure.kinds import KINDS
from portal.disclosure.life_models import DisclosureCase
from portal.disclosure.models import DisclosureDoc
from portal.disclosure.press import press_of
from portal.disclosure.rules import DocKind, Edition
from portal.disclosure.stepping import Actor
from portal.discussion import answer_lists, answering, hearings
from portal.discussion.answer_rules import Decision, Form
from portal.implementation import evaluating
from portal.implementation import service as following
from portal.implementation.rules import Light
from portal.people import posts
from portal.people import service as people
from portal.people.rules import Role
from portal.plans import service as plans
from portal.plans.models import Project
from portal.plans.rules import State
from tests.disclosure.test_print import assert_within, drawn_in

TELLING = {
    DocKind.DRAFT_NOTICE: "、规划图",
    DocKind.VOTE_RESULT: "、分类汇总",
    DocKind.CONFLICTS: "、冲突图斑明细",
    DocKind.APPROVED_PLAN: "、与公示稿的不同",
    DocKind.CORRECTION: "、更正原因",
    DocKind.EVALUATION: "、近期项目",
    DocKind.AFFAIRS: "、表决及其结果",
    DocKind.ADOPTION: "、每条意见及其处理",
}
"""The section whose page is kept as a picture beside the first one."""
SAID = {"name", "plan_name", "village", "number", "unit", "question", "title", "text", "words", "rows",
        "what", "cause", "findings", "outlook", "before", "after", "base", "target"}  # fmt: skip
"""The fields of contents that stand on the page word for word."""
LEFT_OUT = {DocKind.APPROVED_PLAN: {"facilities", "roads", "indicators", "goals"}}
"""What the facts of a plan hold and a kind does not show."""
GAP = 12
SLOW = (Light.BEHIND, Light.BREACH)


@pytest.fixture(scope="module")
def papers(tmp_path_factory, demonstration_file) -> Iterator[dict[DocKind, DisclosureDoc]]:
    """Go on in the demonstration village until it has every kind; return one doc of each."""
    home = tmp_path_factory.mktemp("papers")
    shutil.copyfile(demonstration_file(), home / "portal.db")
    settings = Settings(
        database_url=f"sqlite:///{home}/portal.db",
        secret_key="for tests",
        jobs_path=home / "jobs.db",
        public_url="https://guihua.example.cn",
    )
    app = create_app(settings, TESTING=True, SERVER_NAME=None)
    with app.app_context(), app.test_request_context():
        village = people.find_village(demo.CODE)
        with village_scope(village.id), press_of(village.code) as press:
            with transaction():
                go_on(press)
            yield {
                case.kind: service.get_doc(case.doc_id)
                for case in db.session.scalars(select(DisclosureCase))
            }
        db.session.remove()
        db.engine.dispose()


def go_on(press) -> None:
    """Approve a second version, evaluate the year, correct the result of the vote; publish all."""
    now = clock.midnight_before(date(clock.today(clock.now()).year + 1, 1, 20))
    office, watch = (posts.find_by_role(role) for role in (Role.COMMITTEE, Role.SUPERVISOR))
    drafter = Actor(account_id=office.account_id, part="committee")
    reviewer = Actor(account_id=watch.account_id, part="supervisor")
    noticed = plans.find_current_version()
    year = evaluating.begin(noticed.id, now.year - 1, made_by=None, now=now)
    slow = [line for line in following.list_lines(year.id) if line.light in SLOW]
    assert slow
    for line in slow:
        evaluating.add_action(
            line.id, cause="汛期推迟开工", what="三月底前补做沿溪护坡", owner="村委会", helper="",
            supervisor="", due_on=clock.today(now) + timedelta(days=70), now=now,
        )  # fmt: skip
    evaluating.write(year.id, findings="总体平稳，个别指标略慢。", outlook="明年先修路，再建食堂。")
    evaluating.finish(year.id, now=now)
    vote = db.session.scalars(
        select(DisclosureCase)
        .where(DisclosureCase.kind == DocKind.VOTE_RESULT)
        .order_by(DisclosureCase.subject_id)  # the one at the meeting
    ).first()
    approved = approve(noticed, now=now)
    answer_all(noticed.id, now=now)
    cases = [
        service.begin(DocKind.EVALUATION, year.id, actor=drafter, now=now),
        service.begin(DocKind.APPROVED_PLAN, approved, actor=drafter, now=now),
        service.begin(DocKind.ADOPTION, noticed.id, actor=drafter, now=now),
        correcting.begin_correction(
            vote.id, wordings=[("老粮站", "旧粮站")], reason="原公告把粮站的名称写错了。",
            approver="村务监督委员会", actor=drafter, now=now,
        ),
    ]  # fmt: skip
    for case in cases:
        today = clock.today(now)
        service.generate(case.id, publish_on=today, press=press, actor=drafter, now=now)
        service.hand_in(case.id, actor=drafter, now=now)
        service.approve(case.id, actor=reviewer, is_committee=False, now=now)
        service.publish(case.id, actor=drafter, now=now)


def answer_all(version_id, *, now) -> None:
    """Answer every opinion that is not hidden, the first three of those left with one answer."""
    office, planner = (posts.find_by_role(role) for role in (Role.COMMITTEE, Role.PLANNER))
    drafter = answering.Actor(account_id=planner.account_id, resident_id=None, part=Part.PLANNER)
    checker = answering.Actor(account_id=office.account_id, resident_id=None, part=Part.COMMITTEE)
    open_ones = [
        line.comment_id
        for line in answer_lists.list_lines(
            version_id, answer_lists.Show.OPEN, account_id=0, now=now, limit=99
        )
    ]
    said = [
        {"decision": "adopted", "place": "项目3 道路拓宽", "before": "会车道4处", "after": "会车道8处"},
        {"decision": "rejected", "reason": "这一段两边都是永久基本农田，路不能再宽。"},
        {"decision": "partial", "reason": "先做下坞一段。", "place": "项目2", "after": "下坞第一批接管"},
        {"decision": "explained", "reason": "规划第三章已经写明。", "expert": "坡度和水位都算过。"},
        {"decision": "forwarded", "reason": "已转镇供电所办理。"},
    ]  # fmt: skip
    for number, ids in enumerate([open_ones[:3], *([one] for one in open_ones[3:])]):
        answer = said[number % len(said)]
        words = answering.Said(**answer | {"decision": Decision(answer["decision"])})
        seen = {one: answering.get_work(one).revision for one in ids}
        answering.draft(seen, words, actor=drafter, now=now)
        answering.reply({one: n + 1 for one, n in seen.items()}, actor=checker, now=now)
    hearings.enter(
        version_id, form=Form.TALK, held_on=clock.today(now) - timedelta(days=20), place="文化礼堂",
        people=23, said="村民谈了道路、水和老人食堂。", client_key="talk-0001",
        account_id=office.account_id, now=now,
    )  # fmt: skip


def approve(noticed, *, now) -> int:
    """Let the county approve a version that differs from the one on notice."""
    version = plans.start_new_version(noticed.id, now=now)
    query = select(Project).where(Project.version_id == version.id).order_by(Project.id)
    project = db.session.scalars(query).first()
    project.cost_yuan = (project.cost_yuan or 0) + 120_000
    version.sentences = [*version.sentences[:-1], "新房只在村边建。"]
    version.state, version.approved_on = State.APPROVED, clock.today(now)
    version.approval_authority, version.approval_number = (
        "安吉县人民政府(示例)",
        "安政复〔2027〕2号(示例)",
    )
    db.session.flush()
    return version.id


@pytest.mark.parametrize("kind", DocKind)
@pytest.mark.parametrize("edition", Edition)
def test_the_demonstration_village_has_it(papers, kind, edition) -> None:
    doc = papers[kind]
    printed = service.get_file(doc.id, edition).content
    text = drawn_in(printed)
    wanted = list(said_in(json.loads(doc.content), LEFT_OUT.get(kind, set())))
    assert len(wanted) > 3
    assert [said for said in wanted if said not in text] == []
    assert not {"〓", "\ufffd"} & set(text)
    assert_within(printed)
    content = load(KINDS[kind].content, json.loads(doc.content))
    with press_of(demo.CODE) as press:
        twice = {proofs.print_content(content, doc.subject_id, edition, press) for _ in range(2)}
    assert len(twice) == 1  # the same bytes before they are signed
    page = next(run.page for run in read_words(printed) if TELLING[kind] in run.words and run.page)
    keep(f"document-{kind.value}-{edition.value}", printed, sorted({1, page}))


def test_what_differs_from_the_notice_is_said_in_words(papers) -> None:
    content = json.loads(papers[DocKind.APPROVED_PLAN].content)
    noticed = json.loads(papers[DocKind.DRAFT_NOTICE].content)["plan"]["summary"]
    found = [(c["area"], c["where"], c["before"], c["after"]) for c in content["changes"]]
    project = content["plan"]["projects"][0]
    cost = project["cost_yuan"]
    assert found == [
        ("summary", "一分钟看懂规划", noticed.splitlines()[-1], "新房只在村边建。"),
        ("projects", f"{project['code']} {project['name']}",
         f"投资（元）：{cost - 120_000:,}", f"投资（元）：{cost:,}"),
    ]  # fmt: skip


def said_in(value: object, left_out: set[str], name: str = "") -> Iterator[str]:
    """Go through a content for what it says in words of its own."""
    if isinstance(value, dict):
        for key in value.keys() - left_out:
            yield from said_in(value[key], left_out, key)
    elif isinstance(value, list):
        for item in value:
            yield from said_in(item, left_out, name)
    elif isinstance(value, str) and name in SAID:
        yield re.sub(r"\s", "", value)


def keep(name: str, printed: bytes, pages: list[int]) -> None:
    """Keep pages of a document side by side as one small picture, where PICTURES says so."""
    if "PICTURES" not in os.environ:
        return
    drawn = []
    for page in pages:
        ppm = subprocess.run(
            ["pdftoppm", "-r", "90", "-f", str(page), "-l", str(page), "-"],
            input=printed, check=True, capture_output=True,
        ).stdout  # fmt: skip
        drawn.append(Image.open(io.BytesIO(ppm)))
    sheet = Image.new("RGB", (sum(one.width + GAP for one in drawn) - GAP, drawn[0].height), "#888")
    at = 0
    for one in drawn:
        sheet.paste(one, (at, 0))
        at += one.width + GAP
    target = Path(os.environ["PICTURES"]) / f"{name}.png"
    sheet.quantize(64).save(target, optimize=True)
    assert target.stat().st_size < 150_000
