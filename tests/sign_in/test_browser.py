"""Real ceremonies in Chromium, with an authenticator that the browser itself plays."""

import re
import threading

import pyotp
import pytest
from playwright.sync_api import expect
from werkzeug.serving import make_server

from portal.core import clock
from portal.core.db import db, transaction
from portal.core.scope import village_scope
from portal.people.models import Resident
from portal.privacy import service as privacy
from portal.sign_in import pins, slips
from tests.sign_in.conftest import sessions_of

PHONE = {"width": 360, "height": 740}


@pytest.fixture
def served(app, village):
    """Serve the test's portal under a name that browsers know passkeys at."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    origin = f"http://localhost:{server.port}"
    app.config["SETTINGS"] = app.config["SETTINGS"].model_copy(update={"public_url": origin})
    app.config["SECOND_FACTOR_REQUIRED"] = True
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"{origin}/v/{village.code}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def phone(chromium, served):
    """Open a phone whose owner proves themselves by finger, as the browser plays it."""
    contexts = []

    def make(*, has_passkeys=True):
        context = chromium.new_context(viewport=PHONE, locale="zh-CN")
        contexts.append(context)
        page = context.new_page()
        page.faults = []
        page.on("pageerror", lambda error: page.faults.append(str(error)))
        page.devtools = context.new_cdp_session(page)
        if has_passkeys:
            page.devtools.send("WebAuthn.enable")
            options = {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
            made = page.devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})
            page.authenticator = made["authenticatorId"]
        return page

    yield make
    faults = [fault for context in contexts for page in context.pages for fault in page.faults]
    for context in contexts:
        context.close()
    assert faults == []


@pytest.fixture
def slip_of(cast, village):
    """Print somebody's own slip."""

    def _slip(person):
        with village_scope(village.id), transaction():
            privacy.note_seen(person.account_id, now=clock.now())
            return slips.make_slip(account_id=person.account_id, now=clock.now())

    return _slip


def by_slip(page, served, code):
    page.goto(f"{served}/slip/{code}")
    page.locator("form[action$='/sign-in/slip'] button").click()


def sign_out(page, served):
    page.goto(f"{served}/me")
    page.locator("form[action$='/sign-out'] button").click()


def test_max_sets_up_a_passkey_at_his_first_sign_in_and_uses_it(phone, served, cast, slip_of):
    page = phone()
    by_slip(page, served, slip_of(cast.max))
    expect(page.locator("h1")).to_have_text("登录与安全")
    expect(page.locator(".notice")).to_contain_text("您的岗位需要第二种验证方式")
    page.locator("form[data-passkey=create] input[name=name]").fill("我的手机")
    page.locator("form[data-passkey=create] button").click()
    expect(page.locator("main")).to_contain_text("通行密钥已保存")
    page.goto(f"{served}/desk/slips")
    assert page.url == f"{served}/desk/slips"

    # the next day: the passkey alone
    sign_out(page, served)
    page.goto(f"{served}/sign-in")
    page.locator("form[data-passkey=get] button").click()
    page.wait_for_url(f"{served}/")
    page.goto(f"{served}/desk/slips")
    assert page.url == f"{served}/desk/slips"

    # and as second proof after a slip
    sign_out(page, served)
    by_slip(page, served, slip_of(cast.max))
    expect(page.locator("h1")).to_have_text("再验证一次身份")
    page.locator("form[data-passkey=get] button").click()
    page.wait_for_url(f"{served}/")
    assert [s.door for s in sessions_of(cast.max)] == ["slip", "passkey", "slip"]
    assert [s.strong_at is not None for s in sessions_of(cast.max)] == [True] * 3


def test_a_copy_of_the_passkey_is_found_out(phone, served, cast, slip_of):
    page = phone()
    by_slip(page, served, slip_of(cast.max))
    page.locator("form[data-passkey=create] input[name=name]").fill("我的手机")
    page.locator("form[data-passkey=create] button").click()
    expect(page.locator("main")).to_contain_text("通行密钥已保存")
    keys = page.devtools.send("WebAuthn.getCredentials", {"authenticatorId": page.authenticator})
    (stolen,) = keys["credentials"]
    sign_out(page, served)
    for _ in range(2):
        page.goto(f"{served}/sign-in")
        page.locator("form[data-passkey=get] button").click()
        page.wait_for_url(f"{served}/")
        sign_out(page, served)
    thief = phone()
    thief.devtools.send(
        "WebAuthn.addCredential",
        {"authenticatorId": thief.authenticator, "credential": stolen},
    )
    thief.goto(f"{served}/sign-in")
    thief.locator("form[data-passkey=get] button").click()
    expect(thief.locator("main")).to_contain_text("通行密钥未被接受")


def test_whoever_says_no_is_told_and_can_go_on(phone, served, cast):
    page = phone()
    page.goto(f"{served}/sign-in")
    expect(page.locator("form[data-passkey=get] [role=alert]")).to_be_hidden()
    page.locator("form[data-passkey=get] button").click()  # there is no passkey on this phone
    expect(page.locator("form[data-passkey=get] [role=alert]")).to_be_visible()
    assert page.url == f"{served}/sign-in"


def test_without_a_passkey_an_app_does(phone, served, cast, slip_of):
    page = phone(has_passkeys=False)
    by_slip(page, served, slip_of(cast.ada))
    page.locator("form[action$='/security/app'] input[name=name]").fill("口令")
    page.locator("form[action$='/security/app'] button").click()
    expect(page.locator(".qr svg")).to_be_visible()
    secret = re.sub(r"\W", "", page.locator(".code").inner_text())
    page.locator("input[name=code]").fill(pyotp.TOTP(secret).now())
    page.locator("form[action$='/confirm'] button").click()
    expect(page.locator("main")).to_contain_text("动态口令已设置好")
    page.locator("form[action$='/recovery'] button").click()
    expect(page.locator(".codes li")).to_have_count(10)
    code = page.locator(".codes li").first.inner_text()

    sign_out(page, served)
    by_slip(page, served, slip_of(cast.ada))
    page.locator("summary").click()
    page.locator("input[name=recovery]").fill(code)
    page.locator("form[action$='/second/recovery'] button").click()
    page.wait_for_url(f"{served}/")
    page.goto(f"{served}/sign-in/security")
    expect(page.locator("main")).to_contain_text("还剩 9 个备用码")


def test_two_share_a_phone(app, phone, served, cast):
    with transaction():
        db.session.get_one(Resident, cast.wang.resident_id).phone = cast.vera.phone
        for person in (cast.vera, cast.wang):
            pins.set_pin(person.account_id, "2580", session_id=0, now=clock.now())
    page = phone()
    page.goto(f"{served}/sign-in")
    page.locator("input[name=phone]").fill(cast.vera.phone)
    page.locator("form[action$='/sign-in/phone'] button").click()
    page.locator("input[name=code]").fill(app.extensions["sms"].messages[-1][1][:6])
    page.locator("main form button[type=submit]").click()
    page.locator("label.option", has_text="Vera").click()
    page.locator("main form button[type=submit]").click()
    page.wait_for_url(f"{served}/")
    page.goto(f"{served}/me")
    page.locator("a", has_text="换人使用").click()
    page.locator("input[name=pin]").fill("2581")
    page.locator("button", has_text="切换到Wang").click()
    expect(page.locator("#error-summary")).to_contain_text("切换密码不对")
    page.locator("input[name=pin]").fill("2580")
    page.locator("button", has_text="切换到Wang").click()
    page.wait_for_url(f"{served}/")
    page.goto(f"{served}/me")
    expect(page.locator("h1")).to_have_text("Wang")
