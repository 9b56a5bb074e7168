"""A villager on a bad line: what is written, photographed and spoken arrives, and once each."""

import random
from contextlib import suppress

from playwright.sync_api import Error, expect

from tests.pictures import picture

SLOW = {"latency": 400, "downloadThroughput": 50_000, "uploadThroughput": 50_000}
TEXTS = [f"第{number}句，信号不好" for number in "一二三四五六七八九十"]


class Line:
    """The line of a phone: slow, with requests that fail, and cut now and then."""

    def __init__(self, page, *, seed):
        self.chance = random.Random(seed)
        self.failed = 0
        self.wire = page.context.new_cdp_session(page)
        self.wire.send("Network.enable")
        self.cut(False)
        page.route(lambda url: "/stream" not in url, self._carry)

    def cut(self, offline):
        self.wire.send("Network.emulateNetworkConditions", {"offline": offline, **SLOW})

    def _carry(self, route):
        """Let one request in five fail: half of those before, half after the server has taken it."""
        if self.chance.random() >= 0.2:
            return route.continue_()
        self.failed += 1
        if route.request.method == "POST" and self.chance.random() < 0.5:
            with suppress(Error):  # cut off anyway
                route.fetch(timeout=5000)
        return route.abort()


def say(page, text):
    page.locator("#say textarea[name=body]").fill(text)
    page.locator("#say > .say button[type=submit]").click()


def talk(page):
    button = page.locator(".talk-button")
    button.scroll_into_view_if_needed()
    box = button.bounding_box()
    page.mouse.move(box["x"] + 20, box["y"] + 20)
    page.mouse.down()
    expect(button).to_have_attribute("aria-pressed", "true")
    page.wait_for_timeout(1500)
    page.mouse.up()
    expect(page.locator(".tray .voice")).to_have_count(1)


def test_ten_texts_a_photo_and_a_voice_arrive_once_each(phone, portal):
    here, there = phone("villager"), phone("committee")
    here.context.grant_permissions(["microphone"], origin=portal.origin)
    here.goto(portal.village + "/discussion")
    room = here.locator("a[href*='/rooms/']").first.get_attribute("href").split("#")[0]
    here.goto(portal.origin + room)
    expect(here.locator(".talk-button")).to_have_count(1)  # all pieces of the page have come
    line = Line(here, seed=6)

    for text in TEXTS[:3]:
        say(here, text)
    line.cut(True)
    for text in TEXTS[3:5]:
        say(here, text)
    here.locator(".attach summary").click()
    here.locator("input[name=photos]").set_input_files(
        [{"name": "a.jpg", "mimeType": "image/jpeg", "buffer": picture((2400, 1600))}]
    )
    expect(here.locator(".tray .photo img")).to_have_count(1)
    say(here, "")
    here.wait_for_timeout(1500)
    line.cut(False)
    here.locator(".attach summary").click()
    talk(here)
    say(here, "")
    for text in TEXTS[5:7]:
        say(here, text)
    line.cut(True)
    say(here, TEXTS[7])
    here.wait_for_timeout(1500)
    line.cut(False)
    say(here, TEXTS[8])
    here.wait_for_timeout(1000)
    line.cut(True)
    say(here, TEXTS[9])
    here.wait_for_timeout(1500)
    line.cut(False)
    expect(here.locator(".pending")).to_have_count(0)
    assert line.failed >= 3

    there.goto(portal.origin + room)
    said = there.locator("#talk .said").all_inner_texts()
    assert [text for text in said if text in TEXTS] == TEXTS
    expect(there.locator("#talk .media .photo img")).to_have_count(1)
    expect(there.locator("#talk .media .voice audio")).to_have_count(1)
    length = there.locator("#talk audio").evaluate(
        "voice => new Promise((done) => { voice.onloadedmetadata = () => done(voice.duration);"
        " voice.load(); })"
    )
    assert 1 < length < 5
