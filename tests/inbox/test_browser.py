"""The inbox in a real browser: allowing it, a push on its screen, what a touch opens."""

import json
import threading

import pytest
from playwright.sync_api import expect
from werkzeug.serving import make_server

from portal.core import clock
from portal.core.db import transaction
from portal.core.scope import village_scope
from portal.inbox import delivering
from portal.privacy import service as privacy
from portal.sign_in.sessions import start_session

# No push service can be reached from here: ours stands in, with the key of a browser of ours.
BROWSER = """(given) => {
  PushManager.prototype.getSubscription = async () => null;
  PushManager.prototype.subscribe = async function (options) {
    window.asked = [options.userVisibleOnly, options.applicationServerKey.length];
    const {endpoint, ...keys} = given;
    return {toJSON: () => ({endpoint, keys})};
  };
}"""


@pytest.fixture
def database() -> str:
    """What a browser does not depend on the database: one is enough."""
    return "sqlite"


@pytest.fixture
def served(app, pushing):
    portal = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=portal.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{portal.port}"
    portal.shutdown()
    thread.join()
    portal.server_close()


@pytest.fixture
def page(chromium, served, app, cast, server):
    context = chromium.new_context(viewport={"width": 360, "height": 740})
    context.grant_permissions(["notifications"], origin=served)
    with village_scope(cast.vera.village_id), transaction():
        token = start_session(cast.vera.account_id, now=clock.now(), days=1)
        privacy.note_seen(cast.vera.account_id, now=clock.now())
    context.add_cookies([{"name": app.config["SIGN_IN_COOKIE"], "value": token, "url": served}])
    page = context.new_page()
    yield page
    context.close()


def test_somebody_allows_it_and_is_told(app, page, served, at, server, cast, tell):
    app.extensions["sms"] = None
    app.extensions["ways_health"] = delivering.Health()
    page.goto(served + at("/inbox/wishes"))
    page.evaluate(BROWSER, server.subscription())
    with page.expect_navigation():
        page.get_by_role("button", name="在这个浏览器上打开").click()
    expect(page.get_by_text("这个浏览器已打开")).to_be_visible()
    noon = clock.now().replace(hour=4)  # in the village: no phone rings at night
    tell(cast.vera, kind="test.small", now=noon)
    assert delivering.deliver_waiting(app, now=noon) == 1
    worker = page.context.new_cdp_session(page)
    registrations = []
    worker.on(
        "ServiceWorker.workerRegistrationUpdated",
        lambda told: registrations.extend(told["registrations"]),
    )
    worker.send("ServiceWorker.enable")
    page.wait_for_timeout(300)
    said = server.read()
    worker.send(
        "ServiceWorker.deliverPushMessage",
        {
            "origin": served,
            "registrationId": registrations[0]["registrationId"],
            "data": json.dumps(said),
        },
    )
    shown = page.evaluate(
        """async () => {
          const [one] = await navigator.serviceWorker.getRegistrations();
          for (let tries = 0; tries < 50; tries += 1) {
            const notes = await one.getNotifications();
            if (notes.length) return notes.map((n) => [n.title, n.body, n.data.path]);
            await new Promise((done) => setTimeout(done, 100));
          }
          return [];
        }"""
    )
    assert shown == [["青溪村", "青溪村有新消息", at("/inbox")]]


def test_opening_a_message_leads_on(page, served, at, cast, tell):
    tell(cast.vera, path=at("/points/"))
    page.goto(served + at("/take-part"))
    expect(page.locator(".bell .count")).to_contain_text("1")
    page.locator(".bell").click()
    page.get_by_role("button", name="原因：rain").click()
    expect(page).to_have_url(served + at("/points/"))
    expect(page.locator(".bell .count")).to_have_count(0)
