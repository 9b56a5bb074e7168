"""A closed vote, a plan on notice, an office, and how documents are printed."""

import json
from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select

from portal.ballots import service as ballots
from portal.ballots.models import Ballot
from portal.ballots.rules import Kind
from portal.core import clock
from portal.core.db import db, transaction
from portal.disclosure import service
from portal.disclosure.press import press_of
from portal.disclosure.rules import DocKind
from portal.disclosure.stepping import Actor
from portal.maps.rules import LayerKind
from portal.people import residents
from portal.people import service as people
from portal.people.models import Account
from portal.people.rules import Role, Sex
from portal.plans import service as plans
from portal.plans.rules import Direction, IndicatorKind, ProjectKind
from portal.roster import service as roster
from portal.roster.reading import RosterRow
from tests.pictures import BOARD

SQUARE = [[118.0, 29.0], [118.01, 29.0], [118.01, 29.01], [118.0, 29.01], [118.0, 29.0]]
VOTE, NOTICE = DocKind.VOTE_RESULT, DocKind.DRAFT_NOTICE
AFFAIRS, CORRECTION = DocKind.AFFAIRS, DocKind.CORRECTION


def actors() -> tuple[Actor, Actor]:
    """Return one who drafts and one who reviews; both are made where the cast is not there."""
    made = []
    for phone, role in (("13700000001", Role.COMMITTEE), ("13700000002", Role.SUPERVISOR)):
        known = people.names_of_accounts([phone])
        if not known:
            people.add_account(name=f"{role.value} {phone[-1]}", role=role, phone=phone)
        account_id = db.session.scalar(select(Account.id).where(Account.phone == phone))
        made.append(Actor(account_id=account_id, part=role.value))
    return made[0], made[1]


def lead_through(kind, subject_id, press, *, now=None, until="publish", **facts):
    """Lead a document through its life, in an open transaction; return its case."""
    now = now or clock.now()
    drafter, reviewer = actors()
    case = service.begin(kind, subject_id, actor=drafter, now=now, **facts)
    if until == "begin":
        return case
    today = clock.today(now)
    service.generate(case.id, publish_on=today, press=press, actor=drafter, now=now)
    if until == "generate":
        return case
    service.hand_in(case.id, actor=drafter, now=now)
    if until == "hand-in":
        return case
    service.approve(case.id, actor=reviewer, is_committee=False, now=now)
    if until == "approve":
        return case
    service.publish(case.id, actor=drafter, now=now)
    return case


def publish_whole(kind, subject_id, press, *, now=None, **facts):
    """Lead a document through its whole life, in an open transaction; return it."""
    return service.get_doc(lead_through(kind, subject_id, press, now=now, **facts).doc_id)


@pytest.fixture
def office(village):
    with transaction():
        service.set_office(
            unit="青溪村村民委员会",
            address="便民服务中心二楼",
            phone="13800000099",
            email="",
            hours="周一至周五",
        )


@pytest.fixture
def press(village):
    with press_of(village.code) as press:
        yield press


@pytest.fixture
def voters(cast):
    """Forty more villagers, in the same two groups."""
    rows = [
        RosterRow(
            f"1{n:02}", 1 + n % 2, f"村民{n}", Sex.FEMALE if n % 3 else Sex.MALE,
            date(1950 + n, 1, 1), None, True, True, False,
        )
        for n in range(40)
    ]  # fmt: skip
    with transaction():
        roster.import_roster(rows, now=clock.now())
    return [line for line in residents.list_residents(search="村民", per_page=100)[0]]


def put_layer_file() -> bytes:
    feature = {
        "type": "Feature",
        "properties": {"code": "0101", "name": "前畈"},
        "geometry": {"type": "Polygon", "coordinates": [SQUARE]},
    }
    return json.dumps({"type": "FeatureCollection", "features": [feature]}).encode()


def make_notice(*, sentences=None, name="青溪村村庄规划", institute="县规划院", now=None) -> int:
    """Put a complete plan on notice and return its version."""
    now = now or clock.now()
    version = plans.create_plan(
        name=name, base_year=2026, target_year=2035, compiled_by=institute, now=now
    )
    plans.write_summary(
        version.id,
        sentences=sentences or [f"第{n}句大白话。" for n in range(1, 6)],
        figures=[("1140", "亩", "农田"), ("8", "个", "项目"), ("1306", "万元", "投资")],
        now=now,
    )
    plans.add_section(version.id, title="总则", text="正文", now=now)
    goal = plans.add_goal(version.id, title="守住田和山", text="", now=now)
    indicator = plans.add_indicator(
        version.id, code="arable", name="耕地保有量", unit="公顷", kind=IndicatorKind.BINDING,
        direction=Direction.AT_LEAST, base=Decimal("168.69"), target=Decimal("168.38"),
        lower_limit=Decimal("168.30"), goal_ids=[goal.id], now=now,
    )  # fmt: skip
    plans.add_project(
        version.id, code="1", name="村道拓宽", kind=ProjectKind.INFRASTRUCTURE, content="",
        location="溪口", year="2027", cost_yuan=1_862_500, funding="", responsible="村委会",
        indicator_ids=[indicator.id], now=now,
    )  # fmt: skip
    plans.put_layer(version.id, LayerKind.LAND_USE, put_layer_file(), now=now)
    plans.open_notice(
        version.id, board_evidence="村委会公开栏，照片01", board_at=now - timedelta(hours=1),
        photo=BOARD, party_review_on=clock.today(now),
        opened_by=None, is_rest_day=plans.rest_days(), now=now,
    )  # fmt: skip
    return version.id


@pytest.fixture
def on_notice(village) -> int:
    with transaction():
        return make_notice()


def make_vote(
    voters, *, question="是否同意本规划？", kind=Kind.YES_NO, answers=None, close=True
) -> int:
    """Hold a vote: `answers` says how many of the voters chose each option."""
    now = clock.now()
    version = plans.create_plan(
        name=f"规划{question}"[:60], base_year=2026, target_year=2035, now=now - timedelta(days=60)
    )
    plans.add_projects(
        version.id,
        [
            {"code": "P1", "name": "老年活动中心", "cost_yuan": 480_000},
            {"code": "P2", "name": "污水管网<b>二期</b>", "cost_yuan": None},
        ],
        now=now - timedelta(days=60),
    )
    plans.publish_decided(version.id, now=now - timedelta(days=60))
    opens = now - timedelta(days=2)
    ballot = ballots.announce_ballot(
        ballots.Draft(
            version_id=version.id, question=question, kind=kind, profile_code="consultative",
            opens_at=opens, closes_at=now + timedelta(hours=1), max_choices=None,
        ),
        now=opens - timedelta(days=20),
    )  # fmt: skip
    ballots.open_ballot(ballot.id, now=opens)
    options = [option.id for option in ballots.list_options(ballot.id)]
    waiting = list(voters)
    for option, count in zip(options, answers or (25, 8, 3), strict=False):
        for _ in range(count):
            person = waiting.pop(0)
            ballots.cast_vote(
                ballot.id, person.id, [option], key=f"key {ballot.id} {person.id}, long enough",
                now=now - timedelta(hours=5),
            )  # fmt: skip
    if close:
        db.session.get_one(Ballot, ballot.id).closed_at = now - timedelta(minutes=1)
    return ballot.id


@pytest.fixture
def vote(voters) -> int:
    """A closed vote: 25 yes, 8 no, 3 abstain of 44 electors."""
    with transaction():
        return make_vote(voters)
