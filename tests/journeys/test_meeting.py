"""A meeting from the code at the door to the numbers that everybody reads."""

import io
import re
import subprocess
import sys

from PIL import Image
from playwright.sync_api import expect

from tests.journeys.conftest import ROOT, faults_of, go
from tests.sign_in.qr import read

BEGIN = """
from datetime import timedelta
from portal import demo
from portal.app import create_app
from portal.core import clock
from portal.core.db import transaction
from portal.core.scope import village_scope
from portal.meetings import convening
from portal.meetings.rules import Kind
from portal.people import service as people

app, now = create_app(), clock.now()
with app.app_context(), app.test_request_context():
    with village_scope(people.find_village(demo.CODE).id), transaction():
        draft = convening.Draft(
            kind=Kind.VM, title="老年食堂怎么收费", agenda="一、说明", place="文化礼堂",
            held_at=now + timedelta(minutes=1), is_online=True,
        )
        made = convening.convene(draft, account_id=None, now=now - timedelta(days=15))
        print(made.id)
"""
"""Convenes a meeting of this hour, fifteen days ago: the one thing that nobody can wait for."""


def scan(page) -> str:
    """Return what a camera reads off the code on the screen."""
    shot = page.locator(".door .qr svg").screenshot()
    square = Image.open(io.BytesIO(shot)).convert("L").point(lambda v: 255 * (v < 128))
    inner = square.crop((8, 8, square.width - 8, square.height - 8))  # its corners are round
    left, top, right, bottom = inner.getbbox()
    return read(inner.crop((left, top, right, bottom)))


def test_a_meeting_from_the_door_to_the_numbers(phone, portal, take):
    done = subprocess.run(
        [sys.executable, "-c", BEGIN],
        cwd=ROOT, env=portal.environment, capture_output=True, text=True, check=True,
    )  # fmt: skip
    meeting = f"{portal.village}/meetings/{int(done.stdout.split()[-1])}"
    desk = meeting.replace("/meetings/", "/meetings/desk/")

    # the committee opens it
    committee = phone("committee")
    committee.goto(desk)
    committee.locator("form[action$='/open'] button[type=submit]").click()
    expect(committee.locator("main")).to_contain_text("已开会")
    take(committee, "meeting-run", full=True)

    # the villager finds it, scans the code at the door, and taps once
    villager, door = phone("villager", look="elder"), phone("grid-worker")
    villager.goto(portal.village + "/take-part")
    expect(villager.locator("main")).to_contain_text("老年食堂怎么收费")
    door.goto(f"{meeting}/door")
    expect(door.locator(".figure b").first).to_have_text("0")
    take(door, "meeting-door")
    address = scan(door)
    assert address.startswith(f"{meeting}/here?c=")
    villager.goto(address)
    wrong = faults_of(villager)
    take(villager, "meeting-here")
    villager.locator("form[action$='/here'] button[type=submit]").click()
    expect(villager.locator("main")).to_contain_text("您已签到，请进")
    villager.goto(f"{meeting}/names?which=there")
    expect(villager.locator("main .cells li")).to_have_count(1)
    take(villager, "meeting-names")

    # somebody without a phone is found and ticked
    door.goto(f"{meeting}/roll?which=away")
    wrong += faults_of(door)
    name = door.locator(".ticks .who b").nth(6).inner_text()
    door.locator("[name=q]").fill(name)
    go(door, door.locator("form.sought button"))
    take(door, "meeting-roll")
    door.locator(".ticks form button").first.click()
    expect(door.locator(".toast")).to_be_visible()
    door.goto(f"{meeting}/door")
    expect(door.locator(".figure b").first).to_have_text("2")
    wrong += faults_of(door)

    # it is closed; two people are too few to be counted in public, and the code is worth nothing
    committee.goto(desk)
    go(committee, committee.locator("form[action$='/close'] button[type=submit]"))
    stranger = phone()
    stranger.goto(meeting)
    assert stranger.locator(".figure").count() == 0
    villager.goto(address)
    expect(villager.locator("main")).to_contain_text("您已签到")
    assert re.search(r"/sign-in", phone_of_nobody(phone, address))
    assert wrong == []
    assert committee.faults == villager.faults == door.faults == []


def phone_of_nobody(phone, address) -> str:
    """Return where a stranger is led who opens the code's address."""
    page = phone()
    page.goto(address)
    return page.url
