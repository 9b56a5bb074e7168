"""The room on a phone whose line comes and goes: every message arrives once, in order."""

from contextlib import suppress
from datetime import timedelta

import pytest
from playwright.sync_api import TimeoutError as TooLate
from playwright.sync_api import expect
from sqlalchemy import select

from portal.core import clock
from portal.core.db import db, transaction
from portal.media import service as media
from portal.media.models import MediaFile
from portal.moderation.rules import Code
from portal.rooms import pinning
from portal.rooms import service as rooms
from portal.rooms.models import Message
from tests.pictures import picture
from tests.rooms.conftest import send


@pytest.fixture
def phone(chromium, stream_server, browse, at, room, app):
    """Open the room on somebody's phone."""
    faults, contexts = [], []

    def _open(person):
        origin = f"http://127.0.0.1:{stream_server.port}"
        context = chromium.new_context(viewport={"width": 360, "height": 740})
        contexts.append(context)
        name = app.config["SIGN_IN_COOKIE"]
        value = browse(person).get_cookie(name).value
        context.add_cookies([{"name": name, "value": value, "url": origin}])
        page = context.new_page()
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.goto(origin + at(f"/rooms/{room}"))
        return page

    yield _open
    for context in contexts:
        context.close()
    assert faults == []


def say(page, body):
    page.locator("#say textarea[name=body]").fill(body)
    page.get_by_role("button", name="发送", exact=True).click()


def bodies():
    db.session.rollback()
    return list(db.session.scalars(select(Message.body).order_by(Message.seq)))


def test_what_was_written_without_a_line_is_sent_once_when_it_is_back(phone, cast):
    vera, wang = phone(cast.vera), phone(cast.wang)
    vera.context.set_offline(True)
    for body in ("第一句", "第二句"):
        say(vera, body)
    expect(vera.locator(".pending .said")).to_have_text(["第一句", "第二句"])
    expect(vera.locator(".pending .state").first).to_contain_text("未发出")
    assert bodies() == []
    vera.context.set_offline(False)
    for page in (vera, wang):
        expect(page.locator("#talk .said")).to_have_text(["第一句", "第二句"], timeout=20_000)
    expect(vera.locator(".pending")).to_have_count(0)
    expect(vera.locator(".mine .state")).to_have_text(["✓ 已送达", "✓ 已送达"])
    vera.reload()
    expect(vera.locator("#talk .said")).to_have_text(["第一句", "第二句"])
    assert bodies() == ["第一句", "第二句"]


def try_again(page):
    """Press the button, if what waits has not been sent again by itself meanwhile."""
    with suppress(TooLate):
        page.get_by_role("button", name="重试").click(timeout=4000)


def test_an_answer_that_was_lost_doubles_nothing(phone, cast, at, room):
    vera = phone(cast.vera)
    lost = []

    def lose_the_first_answer(route):
        if route.request.method == "POST" and not lost:
            lost.append(route.fetch().status)  # the server has taken it; the phone never hears so
            route.abort()
        else:
            route.continue_()

    vera.route(f"**{at(f'/rooms/{room}')}", lose_the_first_answer)
    say(vera, "只说一次")
    try_again(vera)
    expect(vera.locator(".pending")).to_have_count(0)
    expect(vera.locator("#talk .said")).to_have_text(["只说一次"])
    assert lost == [201]
    assert bodies() == ["只说一次"]


def test_an_unsent_message_survives_the_page(phone, cast, at, room):
    vera = phone(cast.vera)
    vera.route(
        f"**{at(f'/rooms/{room}')}",
        lambda r: r.abort() if r.request.method == "POST" else r.continue_(),
    )
    say(vera, "手机没电了")
    expect(vera.locator(".failed .said")).to_have_text(["手机没电了"])
    vera.unroute_all()
    vera.reload()
    expect(vera.locator("#talk .said")).to_have_text(["手机没电了"])
    expect(vera.locator(".pending")).to_have_count(0)
    assert bodies() == ["手机没电了"]


def test_without_streams_the_page_asks(phone, cast, chat, at, room):
    wang = phone(cast.wang)
    wang.route("**/stream**", lambda route: route.abort())
    wang.reload()
    chat(cast.vera, "听得到吗")
    expect(wang.locator("#talk .said")).to_have_text(["听得到吗"], timeout=12_000)


def test_what_the_committee_hides_goes_from_every_screen(phone, cast, chat):
    message = chat(cast.vera, "骂人的话")
    wang = phone(cast.wang)
    expect(wang.locator("#talk .said")).to_have_text(["骂人的话"])
    with transaction():
        rooms.set_standing(message.id, held_for=None, hidden_code=Code.INSULT)
    expect(wang.locator("#talk .said")).to_have_text(["村委会隐藏了这条消息，原因：辱骂他人。"])


@pytest.mark.parametrize("before", [[], ["早"]])
def test_my_own_message_does_not_stand_for_what_i_have_not_heard(phone, cast, chat, before):
    for body in before:
        chat(cast.sun, body)
    vera = phone(cast.vera)
    for path in ("**/stream**", "**/messages**"):
        vera.route(path, lambda route: route.abort())
    vera.reload()
    chat(cast.wang, "一"), chat(cast.sun, "二")
    say(vera, "三")
    expect(vera.locator("#talk .state")).to_have_text(["✓ 已送达"])
    expect(vera.locator("#talk .said")).to_have_text([*before, "三"])
    vera.unroute("**/messages**")
    expect(vera.locator("#talk .said")).to_have_text([*before, "一", "二", "三"], timeout=12_000)


def test_what_is_hidden_on_an_earlier_page_goes_from_the_quotes_on_this_one(
    phone, cast, chat, room
):
    message, day = chat(cast.vera, "骂人的话"), clock.now()
    for minute in range(60):
        chat(cast.max, "好", now=day + timedelta(minutes=minute - 60))
    with transaction():
        send(room, cast.wang, "您说什么", reply_to=1)
    wang = phone(cast.wang)
    expect(wang.locator("#m-1")).to_have_count(0)
    expect(wang.locator(".quote span")).to_have_text(["骂人的话"])
    with transaction():
        rooms.set_standing(message.id, held_for=None, hidden_code=Code.INSULT)
    expect(wang.locator(".quote span")).to_have_text(["村委会隐藏了这条消息，原因：辱骂他人。"])
    expect(wang.locator("#m-1")).to_have_count(0)


def choose_photo(page):
    page.locator("#say .attach summary").click()
    photo = {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": picture((300, 200))}
    page.locator("#say input[name=photos]").set_input_files(photo)
    expect(page.locator(".tray li")).to_have_count(1)


def test_a_photo_that_was_swept_away_meanwhile_is_sent_again(phone, cast, at, room):
    vera = phone(cast.vera)
    here = f"**{at(f'/rooms/{room}')}"
    vera.route(here, lambda r: r.abort() if r.request.method == "POST" else r.continue_())
    choose_photo(vera)
    say(vera, "路断了")
    expect(vera.locator(".failed .said")).to_have_text(["路断了"])
    with transaction():
        assert media.sweep(now=clock.now() + timedelta(days=3)) == 1
    vera.unroute(here)
    try_again(vera)
    expect(vera.locator(".pending")).to_have_count(0)
    assert bodies() == ["路断了"]
    assert [one.owner_kind for one in db.session.scalars(select(MediaFile))] == ["message"]


def test_whoever_is_signed_out_is_told_so(phone, cast):
    vera = phone(cast.vera)
    vera.context.clear_cookies()
    say(vera, "还在吗")
    expect(vera.locator(".failed .state")).to_contain_text("请重新登录")
    choose_photo(vera)
    say(vera, "照片")
    expect(vera.locator(".failed .state").last).to_contain_text("请重新登录")


def test_what_is_hidden_goes_from_the_top_of_open_pages(phone, cast, chat):
    message = chat(cast.vera, "骂人的话")
    with transaction():
        pinning.pin(message.id, account_id=cast.max.account_id, now=clock.now())
    wang = phone(cast.wang)
    expect(wang.locator(".pins span")).to_have_text(["骂人的话"])
    with transaction():
        rooms.set_standing(message.id, held_for=None, hidden_code=Code.INSULT)
    expect(wang.locator(".pins span")).to_have_text(["村委会隐藏了这条消息，原因：辱骂他人。"])


def test_what_is_put_at_the_top_and_taken_down_is_seen_on_open_pages(phone, cast, chat):
    first, second = chat(cast.vera, "明天停水"), chat(cast.wang, "知道了")
    wang = phone(cast.wang)
    expect(wang.locator(".pins")).to_have_count(0)
    for message in (first, second):
        with transaction():
            pinning.pin(message.id, account_id=cast.max.account_id, now=clock.now())
    expect(wang.locator(".pins span")).to_have_text(["知道了", "明天停水"])
    with transaction():
        pinning.unpin(first.id)
    expect(wang.locator(".pins span")).to_have_text(["知道了"])
    expect(wang.locator("#talk > .line")).to_have_count(2)


def test_a_planner_from_elsewhere_speaks_and_is_heard(phone, cast):
    planner, vera = phone(cast.paula), phone(cast.vera)
    say(planner, "图上标了三处")
    expect(vera.locator("#talk .line")).to_contain_text(["Paula"])
    expect(vera.locator("#talk .badge-word")).to_have_text(["规划师"])
    expect(planner.locator("#talk .mine .state")).to_contain_text(["已送达"])
    expect(planner.locator(".pending")).to_have_count(0)


def test_what_was_refused_is_sent_again_only_when_somebody_says_so(phone, cast, room):
    vera = phone(cast.vera)
    with transaction():
        rooms.set_rules(room, slow_seconds=0, is_read_only=True)
    say(vera, "晚上开会")
    expect(vera.locator(".failed .said")).to_have_text(["晚上开会"])
    with transaction():
        rooms.set_rules(room, slow_seconds=0, is_read_only=False)
    vera.reload()
    expect(vera.locator(".failed .said")).to_have_text(["晚上开会"])
    say(vera, "早")
    expect(vera.locator("#talk > .line .said")).to_have_text(["早"])
    assert bodies() == ["早"]
    vera.get_by_role("button", name="重试").click()
    expect(vera.locator(".pending")).to_have_count(0)
    assert bodies() == ["早", "晚上开会"]
