"""A proposal from the first word to an opinion on the plan, with what goes wrong on the way."""

import re
import subprocess
import sys

from playwright.sync_api import expect

from tests.journeys.conftest import ROOT, faults_of, go

SCRIPT = """
import sys
from datetime import timedelta
from sqlalchemy import select
from portal import demo
from portal.app import create_app
from portal.core import clock
from portal.core.db import db, transaction
from portal.core.scope import village_scope
from portal.meetings import attending, convening, councils, minutes
from portal.meetings.rules import Kind, Proof
from portal.people import electorate
from portal.people import service as people
from portal.people.models import Resident
from portal.proposals import signing
from portal.proposals.models import ProposalSupport

what, number = sys.argv[1], int(sys.argv[2])
app, now = create_app(), clock.now()
with app.app_context(), app.test_request_context():
    with village_scope(people.find_village(demo.CODE).id), transaction():
        if what == "sign":
            signed = select(ProposalSupport.household_id)
            homes = set(db.session.scalars(signed.where(ProposalSupport.proposal_id == number)))
            kept = people.residents_with_account()
            rows = db.session.execute(
                select(Resident.id, Resident.household_id)
                .where(electorate.is_elector(clock.today(now))).order_by(Resident.id)
            ).all()
            for resident_id, home in rows:
                if len(homes) < 10 and home not in homes and resident_id not in kept:
                    homes.add(home)
                    signing.sign(number, resident_id=resident_id, show_name=False, now=now)
        elif what == "convene":
            draft = convening.Draft(
                kind=Kind.COUNCIL, title="议事会谈晒谷场", agenda="一、晒谷场", place="村委会",
                held_at=now + timedelta(minutes=1),
            )
            print(convening.convene(draft, account_id=None, now=now - timedelta(days=15)).id)
        elif what == "sign-minutes":
            for line in councils.list_councillors(now=now)[:2]:
                account_id = people.account_of(line.resident_id).id
                minutes.sign(number, seen=1, account_id=account_id, now=now)
        else:
            there = [line.resident_id for line in councils.list_councillors(now=now)]
            attending.write(number, there, Proof.STAFF, account_id=None, now=now)
            print(len(there))
"""
"""Does what nobody can wait for: so many households sign, a session is convened, they come
and sign its minutes."""


def script(portal, what, number=0) -> int:
    """Do one of these; return the last number that it printed."""
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, what, str(number)],
        cwd=ROOT, env=portal.environment, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return int((done.stdout.split() or ["0"])[-1])


def test_a_proposal_becomes_an_opinion_on_the_plan(phone, portal, take):
    # the villager writes; a draft waits here, and what is wrong comes back with the words
    villager = phone("villager")
    villager.goto(portal.village + "/discussion")
    go(villager, villager.locator("a.cell[href$='/proposals']"))
    go(villager, villager.locator("a[href$='/proposals/new']"))
    villager.locator("[name=body]").fill("雨天稻谷没处晒，请给晒谷场搭个棚。")
    go(villager, villager.locator("button[name=save]"))
    expect(villager.locator("[name=body]")).to_have_value("雨天稻谷没处晒，请给晒谷场搭个棚。")
    submit = villager.locator("form[data-draft] button[type=submit]:not([name])")
    go(villager, submit)
    expect(villager.locator("#title-error")).to_be_visible()
    wrong = faults_of(villager)
    villager.locator("[name=title]").fill("给晒谷场搭个棚")
    take(villager, "proposal-new", full=True)
    go(villager, submit)
    expect(villager.locator("h1")).to_have_text("给晒谷场搭个棚")
    path = villager.url
    number = int(re.search(r"/proposals/(\d+)", path)[1])
    wrong += faults_of(villager)

    # one neighbour signs on the phone, once; other households follow
    neighbour = phone("committee", look="elder")
    neighbour.goto(path)
    go(neighbour, neighbour.locator("form[action$='/sign'] button[type=submit]"))
    expect(neighbour.locator("main")).to_contain_text("您已附议")
    assert neighbour.locator("form[action$='/sign']").count() == 0
    wrong += faults_of(neighbour)
    script(portal, "sign", number)
    villager.goto(path)
    expect(villager.locator("main")).to_contain_text("附议已够")
    take(villager, "proposal", full=True)

    # the committee puts it on the list of a session, which is held with its quorum
    session = script(portal, "convene")
    desk = f"{path}/desk"
    neighbour.goto(desk)
    neighbour.locator("[name=meeting_id]").select_option(str(session))
    go(neighbour, neighbour.locator("form[action$='/list'] button[type=submit]"))
    meeting = f"{portal.village}/meetings/desk/{session}"
    neighbour.goto(meeting)
    go(neighbour, neighbour.locator("form[action$='/open'] button[type=submit]"))
    there = script(portal, "come", session)
    neighbour.goto(meeting)
    go(neighbour, neighbour.locator("form[action$='/close'] button[type=submit]"))

    # nothing is recommended without minutes that two have signed
    neighbour.goto(desk)
    assert neighbour.locator("form[action$='/recommend']").count() == 0
    wrong += faults_of(neighbour)
    go(neighbour, neighbour.locator(f"a[href$='/meetings/{session}/minutes']"))
    go(neighbour, neighbour.locator(f"a[href$='/desk/{session}/minutes']"))
    neighbour.locator("[name=text]").fill("大家都说晒谷场要搭棚。")
    go(neighbour, neighbour.locator("form:has([name=text]) button[type=submit]"))
    neighbour.goto(desk)
    assert neighbour.locator("form[action$='/recommend']").count() == 0
    script(portal, "sign-minutes", session)

    # votes that do not add up are refused; then it is recommended, and everybody reads why
    neighbour.goto(desk)
    wrong += faults_of(neighbour)
    neighbour.locator("[name=outcome][value=plan]").check()
    neighbour.locator("#reason").fill("全村都用得上。")
    for name, votes in (("yes", there), ("no", 1), ("abstain", 0)):
        neighbour.locator(f"[name={name}]").fill(str(votes))
    advise = neighbour.locator("form[action$='/recommend'] button[type=submit]")
    go(neighbour, advise)
    expect(neighbour.locator("#yes-error")).to_be_visible()
    neighbour.locator("[name=no]").fill("0")
    go(neighbour, advise)
    expect(neighbour.locator("main")).to_contain_text("作为对规划的意见提交")

    # the author hands it in: it has a number among the opinions
    villager.goto(path)
    expect(villager.locator("main")).to_contain_text("全村都用得上。")
    wrong += faults_of(villager)
    take(villager, "proposal-advised", full=True)
    go(villager, villager.locator("form[action$='/opinion'] button[type=submit]"))
    go(villager, villager.locator("a[href*='/discussion/opinions/']"))
    expect(villager.locator("main")).to_contain_text("给晒谷场搭个棚")
    assert wrong == []
    assert [fault for fault in villager.faults if "422" not in fault] == []
    assert [fault for fault in neighbour.faults if "409" not in fault] == []
