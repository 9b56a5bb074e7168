"""An opinion with photos and a voice from a phone whose line comes and goes."""

import threading
from datetime import timedelta

import pytest
from playwright.sync_api import expect
from sqlalchemy import select
from werkzeug.serving import make_server

from portal.core import clock
from portal.core.db import db, transaction
from portal.discussion.models import Comment
from portal.media import service as media
from portal.media.models import MediaFile
from tests.pictures import picture


@pytest.fixture
def served(app):
    """Serve the app on a loopback port of its own."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def phone(chromium, served, browse, at, app, version):
    """Open the opinions on a plan on somebody's phone."""
    faults, contexts = [], []

    def _open(person):
        context = chromium.new_context(
            viewport={"width": 360, "height": 740}, permissions=["microphone"]
        )
        contexts.append(context)
        name = app.config["SIGN_IN_COOKIE"]
        value = browse(person).get_cookie(name).value
        context.add_cookies([{"name": name, "value": value, "url": served}])
        page = context.new_page()
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.goto(served + at(f"/discussion/plans/{version}"))
        page.get_by_text("加照片或录音").click()
        return page

    yield _open
    for context in contexts:
        context.close()
    assert faults == []


def choose(page, *photos):
    page.locator("input[name=photos]").set_input_files(
        [
            {"name": f"IMG_{n}.jpg", "mimeType": "image/jpeg", "buffer": data}
            for n, data in enumerate(photos)
        ]
    )


def talk(page):
    """Hold the button until it says that three seconds are on the tape, and let it go."""
    button = page.locator(".talk-button")
    button.scroll_into_view_if_needed()
    box = button.bounding_box()
    page.mouse.move(box["x"] + 20, box["y"] + 20)
    page.mouse.down()
    expect(button).to_have_attribute("aria-pressed", "true")
    expect(button).to_contain_text("3″")
    page.mouse.up()
    expect(button).to_have_attribute("aria-pressed", "false")


def kept():
    db.session.rollback()
    return [
        (file.kind.value, file.owner_kind, file.transcript)
        for file in db.session.scalars(select(MediaFile).order_by(MediaFile.position))
    ]


@pytest.mark.parametrize("database", ["sqlite"])
def test_a_photo_and_a_voice_survive_the_page_and_the_line(phone, cast, at):
    page = phone(cast.vera)
    choose(page, picture((3000, 2000)))
    expect(page.locator(".tray .photo img")).to_have_js_property("complete", True)
    talk(page)
    page.locator(".tray textarea").fill("会车难")
    page.locator("#say textarea[name=body]").fill("路太窄")
    page.wait_for_timeout(600)
    page.reload()
    expect(page.locator(".tray .photo img")).to_have_count(1)
    expect(page.locator(".tray .voice audio")).to_have_count(1)
    expect(page.locator("#say textarea[name=body]")).to_have_value("路太窄")
    failing = []

    def lose(route):  # the first answer of each file never comes
        if len(failing) < 2:
            failing.append(route.fetch().status)
            route.abort()
        else:
            route.continue_()

    page.route(f"**{at('/media')}", lose)
    page.get_by_role("button", name="交意见", exact=True).click()
    page.wait_for_url("**/discussion/opinions/*")
    assert failing == [201, 201]
    assert kept() == [("photo", "opinion", ""), ("voice", "opinion", "会车难")]
    assert db.session.scalar(select(Comment.body)) == "路太窄"
    expect(page.locator(".media img")).to_have_js_property("complete", True)
    assert page.locator(".media img").evaluate("image => image.naturalWidth") == 320
    length = page.locator(".media audio").evaluate(
        "voice => new Promise((done) => { voice.onloadedmetadata = () => done(voice.duration);"
        " voice.load(); })"
    )
    assert 1 < length < 6
    page.go_back()
    expect(page.locator(".tray li")).to_have_count(0)  # what arrived waits no longer


@pytest.mark.parametrize("database", ["sqlite"])
def test_looking_at_an_old_opinion_leaves_new_words_and_photos_alone(phone, cast, at, version):
    page = phone(cast.vera)
    body, send = page.locator("#say textarea[name=body]"), page.get_by_role("button", name="交意见")
    choose(page, picture((300, 200)))
    body.fill("路太窄")
    send.click()
    page.wait_for_url("**/discussion/opinions/*")
    old = page.url
    plan = old.partition("/discussion/")[0] + f"/discussion/plans/{version}"
    page.goto(plan)
    expect(body).to_have_value("")  # what was sent is forgotten
    expect(page.locator(".tray li")).to_have_count(0)
    page.route("**/draft", lambda route: route.abort())
    page.get_by_text("加照片或录音").click()
    choose(page, picture((300, 200)))
    expect(page.locator(".tray li")).to_have_count(1)
    body.fill("再种几棵树")
    expect(page.locator(".kept")).to_have_text("草稿已存在这部手机上")
    page.goto(old)
    page.wait_for_timeout(500)
    page.goto(plan)
    expect(body).to_have_value("再种几棵树")
    expect(page.locator(".tray li")).to_have_count(1)


@pytest.mark.parametrize("database", ["sqlite"])
def test_a_page_left_before_it_could_empty_the_tray_leaves_no_sent_photo(phone, cast):
    page = phone(cast.vera)
    body, tray = page.locator("#say textarea[name=body]"), page.locator(".tray li")
    plan = page.url
    choose(page, picture((300, 200)))
    expect(tray).to_have_count(1)
    body.fill("路太窄")
    page.route("**/outbox.js*", lambda route: route.abort())
    with page.expect_event("requestfailed"):  # so the page after the sending empties nothing
        page.get_by_role("button", name="交意见").click()
        page.wait_for_url("**/discussion/opinions/*")
    page.unroute("**/outbox.js*")
    page.goto(plan)
    expect(body).to_have_value("")
    page.wait_for_timeout(500)  # whatever is still kept has come by now
    expect(tray).to_have_count(0)


@pytest.mark.parametrize("database", ["sqlite"])
def test_a_photo_that_was_swept_away_meanwhile_is_sent_again(phone, cast):
    page = phone(cast.vera)
    body, send = page.locator("#say textarea[name=body]"), page.get_by_role("button", name="交意见")
    choose(page, picture((300, 200)))
    body.evaluate("field => field.removeAttribute('maxlength')")
    body.fill("路" * 2001)
    send.click()
    expect(page.locator("#body-error")).to_be_visible()
    assert kept() == [("photo", None, "")]
    with transaction():
        media.sweep(now=clock.now() + timedelta(days=3))
    body.fill("路太窄")
    send.click()
    expect(page.locator("#media-error")).to_be_visible()
    expect(page.locator(".tray li")).to_have_count(1)
    send.click()
    page.wait_for_url("**/discussion/opinions/*")
    assert kept() == [("photo", "opinion", "")]


@pytest.mark.parametrize("database", ["sqlite"])
def test_tapping_and_the_keyboard_record_too(phone, cast):
    page = phone(cast.vera)
    button = page.locator(".talk-button")
    button.focus()
    page.keyboard.press("Enter")
    expect(button).to_have_attribute("aria-pressed", "true")
    page.wait_for_timeout(1300)
    page.keyboard.press("Enter")
    expect(page.locator(".tray .voice")).to_have_count(1)
    button.scroll_into_view_if_needed()
    box = button.bounding_box()
    page.mouse.click(box["x"] + 20, box["y"] + 20)
    expect(button).to_have_attribute("aria-pressed", "true")
    page.wait_for_timeout(1300)
    button.dispatch_event("pointerdown", {"button": 0, "pointerId": 1})
    expect(page.locator(".tray .voice")).to_have_count(2)
    page.locator(".tray button").first.click()
    expect(page.locator(".tray .voice")).to_have_count(1)


@pytest.mark.parametrize("database", ["sqlite"])
def test_what_is_not_taken_is_said_beside_it(phone, cast):
    page = phone(cast.vera)
    choose(page, b"\xff\xd8\xffno picture")
    page.get_by_role("button", name="交意见", exact=True).click()
    expect(page.locator(".attach [role=status]")).to_contain_text("这不是能识别的照片")
    assert kept() == []
