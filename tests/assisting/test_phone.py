"""The whole sitting on two phones of 360x740, in Chinese, large print and dark, with axe."""

import json
import threading

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect
from sqlalchemy import select
from werkzeug.serving import make_server

from portal.core.db import db
from portal.people.rules import Channel
from portal.surveys.models import Reply

pytestmark = pytest.mark.parametrize("database", ["sqlite"])
LOOKS = ("normal.20.light.zh_Hans", "elder.30.light.zh_Hans", "normal.20.dark.zh_Hans")


@pytest.fixture
def server(app):
    """Serve the app as it is, with its protection against forged forms."""
    app.config["WTF_CSRF_ENABLED"] = True
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def phone(server, browse, app, chromium):
    """Open a phone on which somebody has signed in."""
    opened = []

    def _phone(person, look):
        context = chromium.new_context(viewport={"width": 360, "height": 740}, locale="zh-CN")
        name = app.config["SIGN_IN_COOKIE"]
        value = browse(person).get_cookie(name).value
        context.add_cookies(
            [
                {"name": name, "value": value, "url": server},
                {"name": "look", "value": look, "url": server},
            ]
        )
        opened.append(context)
        return context.new_page()

    yield _phone
    for context in opened:
        context.close()


def faults_of(page):
    """Return what axe finds on a page that stands still, and any overflow to the side."""
    page.evaluate("Promise.all(document.getAnimations().map((one) => one.finished)).then(() => 0)")
    found = [
        f"{page.url}: {v['id']}: {json.dumps(v['nodes'][0]['html'])[:200]}"
        for v in Axe().run(page).response["violations"]
    ]
    if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
        found.append(f"{page.url}: wider than the screen")
    return found


@pytest.mark.parametrize("look", LOOKS)
def test_vera_fills_in_a_survey_for_li(phone, server, at, cast, li, li_at_home, survey, look):
    faults = []
    vera, max_, old = (phone(who, look) for who in (cast.vera, cast.max, li_at_home))

    def seen(page):
        faults.extend(faults_of(page))

    vera.goto(server + at("/me"))
    vera.get_by_role("link", name="帮人代填").click()
    seen(vera)
    vera.get_by_label("姓名").fill("李阿婆")
    vera.get_by_label("户号").fill("005")
    vera.get_by_role("button", name="查找").click()
    seen(vera)
    vera.get_by_role("link", name="李*婆").click()
    vera.get_by_label("眼睛看不清").check()
    vera.get_by_label("本人口述，我来填").check()
    vera.get_by_label("见证人：姓名或手机号").fill("Max")
    seen(vera)
    vera.get_by_role("button", name="请见证人同意").click()
    expect(vera.get_by_text("等见证人同意")).to_be_visible()
    seen(vera)

    max_.goto(server + at("/me"))
    max_.get_by_role("link", name="有人请您当见证人").click()
    seen(max_)
    max_.get_by_role("button", name="我来见证").click()

    vera.get_by_role("link", name="刷新").click()
    vera.get_by_role("button", name="开始代填").click()
    expect(vera.locator(".helping")).to_contain_text("您正在替 李*婆 填")
    seen(vera)
    vera.get_by_role("link", name="去填写").first.click()
    vera.get_by_label("知道", exact=True).check()
    seen(vera)
    vera.get_by_role("button", name="提交回答").click()
    expect(vera.get_by_text("谢谢").first).to_be_visible()
    vera.goto(server + at("/me"))
    expect(vera.get_by_text("代填期间只开放可以代填的页面")).to_be_visible()
    seen(vera)
    vera.locator(".helping").get_by_role("button", name="结束").click()
    expect(vera.get_by_text("问卷答卷: 1")).to_be_visible()
    expect(vera.locator(".helping")).to_have_count(0)
    db.session.remove()
    reply = db.session.scalars(select(Reply)).one()
    assert (reply.resident_id, reply.channel) == (li.resident_id, Channel.ASSISTED)

    old.goto(server + at("/me"))
    old.get_by_role("link", name="别人替我填的").click()
    seen(old)
    old.get_by_role("link", name="Vera 代填，Max 见证").click()
    old.get_by_label("哪里不是您的意思").fill("我说的是不知道")
    seen(old)
    old.get_by_role("button", name="我有异议").click()
    expect(old.get_by_text("本人有异议")).to_be_visible()
    assert faults == []


def test_otto_is_recognised(phone, server, at, cast, li, zhu):
    faults = []
    otto, max_, second = (phone(who, LOOKS[0]) for who in (cast.otto, cast.max, zhu))
    otto.goto(server + at("/me"))
    otto.get_by_role("link", name="申请认定为本村村民").click()
    faults.extend(faults_of(otto))
    otto.get_by_label("您的姓名（与户口簿一致）").fill("李阿婆")
    otto.get_by_label("您在哪个组、哪一户，或户主姓名").fill("一组 005 户")
    otto.get_by_role("button", name="向村委会申请").click()
    expect(otto.get_by_text("等两位村委会成员作证")).to_be_visible()
    for page in (max_, second):
        page.goto(server + at("/assisting/requests"))
        faults.extend(faults_of(page))
        page.get_by_role("link", name="李阿婆").click()
        faults.extend(faults_of(page))
        if page is max_:
            page.get_by_role("button", name="就是这一位").click()
            faults.extend(faults_of(page))
        page.get_by_role("button", name="我认识此人，愿作证").click()
    expect(second.get_by_text("已认定").first).to_be_visible()
    otto.goto(server + at("/me"))
    expect(otto.get_by_role("heading", name="李阿婆")).to_be_visible()
    assert faults == []
