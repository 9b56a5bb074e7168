"""The queue under a thumb, under a keyboard, and without a script: counted in a real browser.

A moderator clears 100 waiting items on a phone in at most 110 taps; TAPS=100 counts them all, the
usual run a fifth of them, with a fifth of the taps.
"""

import os
import threading
from datetime import timedelta

import pytest
from playwright.sync_api import expect
from sqlalchemy import select
from werkzeug.serving import make_server

from portal.core import clock
from portal.core.db import db, transaction
from portal.moderation import items, queue
from portal.moderation.rules import Action, Code, Why
from portal.rooms import service as rooms
from portal.rooms.models import Author, Message
from tests.journeys.conftest import DESKTOP, PHONE, faults_of

ITEMS = int(os.environ.get("TAPS", "20"))
MOST = ITEMS * 110 // 100
TO_HIDE = ITEMS * 6 // 100
"""How many of them are hidden, each for a reason of its own; the others are let through."""


@pytest.fixture
def origin(app):
    """Serve the app on a loopback port of its own."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def waiting(cast, room):
    """Return the ids of as many messages as are asked for, all of them in the queue."""

    def _waiting(n=ITEMS):
        begin = clock.now() - timedelta(hours=2)
        with transaction():
            for i in range(n):
                message = rooms.send(
                    room,
                    body=f"第{i}条:村口的路灯又不亮了,晚上走路不安全,请村委会看看。",
                    show_name=False,
                    client_key=f"waiting-{i:04}",
                    author=Author(cast.vera.resident_id),
                    badge=None,
                    now=begin + timedelta(seconds=20 * i),
                )
                items.put("message", message.id, message.seq, why=Why.REPORTED, now=begin)
        return list(db.session.scalars(select(Message.id).order_by(Message.id)))

    return _waiting


@pytest.fixture
def screen(chromium, origin, browse, at, app, cast):
    """Open the queue as Max, on a phone unless told otherwise; its `taps` are counted."""
    contexts = []

    def _screen(size=PHONE, javascript=True):
        context = chromium.new_context(
            viewport=size, has_touch=True, locale="zh-CN", java_script_enabled=javascript
        )
        contexts.append(context)
        name = app.config["SIGN_IN_COOKIE"]
        cookie = browse(cast.max).get_cookie(name).value
        context.add_cookies([{"name": name, "value": cookie, "url": origin}])
        page = context.new_page()
        page.taps, page.faults = 0, []
        page.on("pageerror", lambda error: page.faults.append(str(error)))
        page.goto(origin + at("/moderation/queue"))
        return page

    yield _screen
    for context in contexts:
        context.close()


def tap(page, what):
    what.tap()
    page.taps += 1


def card(page, message_id):
    return page.locator("article", has=page.locator(f"#n-message-{message_id}"))


def hide(page, message_id, code=Code.SPAM):
    tap(page, card(page, message_id).locator("summary"))
    tap(page, card(page, message_id).locator(f"label:has([value={code}])"))


def codes():
    db.session.rollback()
    return list(db.session.scalars(select(Message.hidden_code).order_by(Message.id)))


def hand_in(page, words):
    with page.expect_navigation():
        tap(page, page.get_by_role("button", name=words))


def test_each_item_with_a_decision_of_its_own(waiting, screen):
    ids = waiting()
    page = screen()
    for at_once in (ids[i : i + queue.PAGE] for i in range(0, ITEMS, queue.PAGE)):
        for message_id in at_once:
            if ids.index(message_id) < TO_HIDE:
                hide(page, message_id)
            else:
                tap(page, card(page, message_id).locator("label.good"))
        hand_in(page, "按我选的办")
    assert queue.count_waiting() == 0
    assert codes() == [Code.SPAM] * TO_HIDE + [None] * (ITEMS - TO_HIDE)
    assert page.faults == []
    print(f"{ITEMS} items one by one: {page.taps} taps")
    assert page.taps <= MOST


def test_a_page_that_was_read_is_let_through_at_once(waiting, screen):
    ids = waiting()
    page = screen()
    for message_id in ids[:TO_HIDE]:
        hide(page, message_id, Code.OFF_TOPIC)
    for _page in range(0, ITEMS, queue.PAGE):
        hand_in(page, "其余全部放行")
    assert queue.count_waiting() == 0
    assert codes() == [Code.OFF_TOPIC] * TO_HIDE + [None] * (ITEMS - TO_HIDE)
    print(f"{ITEMS} items by the page: {page.taps} taps")
    assert page.taps <= 2 * TO_HIDE + 2


def test_without_a_script_it_is_the_same(waiting, screen):
    ids = waiting(3)
    page = screen(javascript=False)
    hide(page, ids[0])
    tap(page, card(page, ids[1]).locator("label.good"))
    hand_in(page, "按我选的办")
    assert codes() == [Code.SPAM, None, None]
    assert [q.waiting.subject.subject_id for q in queue.list_waiting()] == [ids[2]]


def test_the_keyboard_decides(waiting, screen):
    waiting(4)
    page = screen(DESKTOP)
    expect(page.locator("kbd").first).to_be_attached()
    for key in "jah1kju":  # let through; hidden; back and forth; nothing
        page.keyboard.press(key)
    expect(page.locator(".sofar")).to_have_text("放行1条，隐藏1条，还有2条没选")
    hand_in(page, "按我选的办")
    assert codes() == [None, Code.ILLEGAL, None, None]
    assert page.faults == []


def test_a_late_page_keeps_the_rest(waiting, screen, decide):
    ids = waiting(2)
    page = screen()
    with transaction():
        decide(ids[0], Action.HIDE, code=Code.RUMOR)
    for message_id in ids:
        tap(page, card(page, message_id).locator("label.good"))
    hand_in(page, "按我选的办")
    expect(page.locator(".alert")).to_contain_text("别人已经处理了")
    assert codes() == [Code.RUMOR, None]
    assert queue.count_waiting() == 0


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_everybody_can_use_it(waiting, screen, size):
    waiting(2)
    page = screen(size)
    page.locator("summary", has_text="隐藏").first.click()
    assert faults_of(page) == []
    if folder := os.environ.get("PICTURES"):
        page.screenshot(path=f"{folder}/queue-{size['width']}.png", full_page=True)
