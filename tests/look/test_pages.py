"""Real pages in a real browser: targets to touch, size of letters, width, axe, a strict CSP."""

import re
import threading

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect
from werkzeug.serving import make_server

from portal.core import clock
from portal.core.db import transaction
from portal.core.scope import village_scope
from portal.sign_in import service as signing_in

PHONE = {"width": 360, "height": 740}
LOOKS = {
    "normal": "normal.20.light.zh_Hans",
    "dark": "normal.20.dark.zh_Hans",
    "english": "normal.20.light.en",
    "elder": "elder.20.light.zh_Hans",
    "elder, largest, dark": "elder.30.dark.zh_Hans",
}
PATHS = (
    "/",
    "/take-part",
    "/me",
    "/sign-in",
    "/discussion",
    "/points/",
    "/surveys/",
    "/inbox",
    "/no-page",
)

# What can be touched, measured: a radio or checkbox by its row; links inside a text are exempt
# (WCAG 2.2, 2.5.8), and so is the link that shows itself only to the keyboard.
TARGETS = """() => [...document.querySelectorAll(
    "a[href], button, select, textarea, summary, input:not([type=hidden])")]
  .filter((e) => !e.matches(".skip, p a, td a, li a:not(:only-child)"))
  .map((e) => (e.matches("[type=radio], [type=checkbox]") && e.closest("label")) || e)
  .map((e) => [e.outerHTML.slice(0, 90), e.getBoundingClientRect()])
  .filter(([, box]) => box.width)
  .map(([what, box]) => [what, Math.round(box.width), Math.round(box.height)])"""

LETTERS = """() => {
  const found = [];
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const parent = walk.currentNode.parentElement;
    const text = walk.currentNode.textContent.trim();
    if (text && parent.checkVisibility() && !parent.closest(".tabs, .sr"))
      found.push([text.slice(0, 30), parseFloat(getComputedStyle(parent).fontSize)]);
  }
  return found;
}"""


@pytest.fixture
def database() -> str:
    """The look does not depend on the database: one is enough."""
    return "sqlite"


@pytest.fixture
def served(app, village):
    """Serve the portal of this test to a browser."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.port}/v/{village.code}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def phone(chromium, served, app, cast):
    """Return a maker of phones that show the village's pages in a look."""
    contexts = []

    def make(look, person=None, **facts):
        context = chromium.new_context(viewport=PHONE, **facts)
        contexts.append(context)
        cookies = {"look": LOOKS[look]}
        if person is not None:
            with village_scope(person.village_id), transaction():
                token = signing_in.start_session(person.account_id, now=clock.now(), days=1)
            cookies[app.config["SIGN_IN_COOKIE"]] = token
        origin = served.split("/v/")[0]
        context.add_cookies([{"name": k, "value": v, "url": origin} for k, v in cookies.items()])
        page = context.new_page()
        page.complaints = []
        page.on(
            "console",
            lambda said: page.complaints.append(said.text) if said.type == "error" else None,
        )
        return page

    yield make
    for context in contexts:
        context.close()


@pytest.mark.parametrize("look", LOOKS)
def test_pages_can_be_read_and_touched(phone, served, cast, look):
    page = phone(look, cast.vera)
    elder = look.startswith("elder")
    least_target, least_letters = (60, 18) if elder else (44, 14)
    body = {"elder": 20, "elder, largest, dark": 30}.get(look, 17)
    for path in PATHS:
        page.goto(served + path)
        small = [t for t in page.evaluate(TARGETS) if t[2] < least_target or t[1] < 44]
        assert small == [], path
        assert [x for x in page.evaluate(LETTERS) if x[1] < least_letters - 0.01] == [], path
        size = page.evaluate("parseFloat(getComputedStyle(document.body).fontSize)")
        assert size == pytest.approx(body, abs=0.05), path
        assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"], path
        found = Axe().run(page).response["violations"]
        assert [(v["id"], v["nodes"][0]["html"]) for v in found] == [], path
    assert [c for c in page.complaints if "404" not in c] == []


def test_a_small_target_would_be_found(phone, served):
    page = phone("normal")
    page.goto(f"{served}/")
    page.evaluate("document.querySelector('.tabs a').style.cssText = 'min-height: 0; height: 30px'")
    assert [t for t in page.evaluate(TARGETS) if t[2] < 44]


def test_the_large_print_view_is_one_touch_away_and_grows_without_javascript(phone, served):
    page = phone("normal", java_script_enabled=False)
    page.goto(f"{served}/sign-in")
    page.get_by_role("button", name="长辈版").click()
    html = page.locator("html")
    expect(html).to_have_attribute("data-mode", "elder")
    expect(html).to_have_class("size-20")
    assert page.url == f"{served}/sign-in"
    assert page.get_by_role("button", name="字小一点").is_disabled()
    for size in (22, 24, 26, 28, 30):
        page.get_by_role("button", name="字大一点").click()
        expect(html).to_have_class(f"size-{size}")
    assert page.get_by_role("button", name="字大一点").is_disabled()
    page.get_by_role("button", name="标准版").click()
    expect(html).to_have_attribute("data-mode", "normal")


def test_large_print_can_be_read_aloud(phone, served):
    page = phone("elder")
    page.add_init_script(
        """window.said = [];
        Object.defineProperty(window, "speechSynthesis", {value: {
          speak: (speech) => window.said.push([speech.lang, speech.text]),
          cancel: () => window.said.push("silence")}});"""
    )
    page.goto(f"{served}/sign-in")
    page.get_by_role("button", name="读给我听").click()
    said = page.evaluate("window.said")
    assert said[:2] == ["silence", ["zh-CN", "返回"]]
    assert ["zh-CN", "登录"] in said
    assert ["zh-CN", "读给我听"] not in said
    page.get_by_role("button", name="停止").click()
    assert page.evaluate("window.said.at(-1)") == "silence"
    expect(page.get_by_role("button", name="读给我听")).to_be_visible()


def test_language_and_darkness_are_switched_from_any_page(phone, served):
    page = phone("normal", java_script_enabled=False)
    page.goto(f"{served}/points/")
    page.get_by_role("button", name="English").click()
    html = page.locator("html")
    expect(html).to_have_attribute("lang", "en")
    page.get_by_role("button", name="Dark").click()
    expect(html).to_have_attribute("data-theme", "dark")
    expect(page.get_by_role("button", name="Dark")).to_have_attribute("aria-pressed", "true")
    ground = page.evaluate("getComputedStyle(document.documentElement).backgroundColor")
    assert ground == "rgb(17, 22, 19)"
    assert page.url == f"{served}/points/"


@pytest.mark.parametrize(("scheme", "ground"), [("light", "250, 248, 243"), ("dark", "17, 22, 19")])
def test_without_a_wish_the_page_follows_the_phone(phone, served, scheme, ground):
    page = phone("normal", color_scheme=scheme)
    page.context.clear_cookies()
    page.goto(f"{served}/")
    found = page.evaluate("getComputedStyle(document.documentElement).backgroundColor")
    assert found == f"rgb({ground})"


def test_the_keyboard_reaches_the_content_first_and_sees_where_it_is(phone, served):
    page = phone("normal")
    page.goto(f"{served}/")
    page.keyboard.press("Tab")
    skip = page.locator(":focus")
    assert skip.get_attribute("href") == "#main"
    assert skip.bounding_box()["y"] >= 0
    outline = skip.evaluate("(e) => getComputedStyle(e).outlineWidth")
    assert outline == "3px"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


def test_whoever_wants_no_motion_sees_none(phone, served):
    page = phone("normal", reduced_motion="reduce")
    page.goto(f"{served}/sign-in")
    moving = page.evaluate(
        """() => [...document.querySelectorAll("*")].map((e) => getComputedStyle(e))
          .filter((s) => s.animationName !== "none" || parseFloat(s.transitionDuration) > 0.001)
          .length"""
    )
    assert moving == 0


def test_the_font_for_rare_characters_comes_only_with_such_a_name(phone, served):
    page = phone("normal")
    fetched = []
    page.on("request", lambda request: fetched.append(request.url))
    page.goto(f"{served}/")
    page.evaluate("document.fonts.ready")
    assert [url for url in fetched if "/fonts/" in url] == []
    with page.expect_request(re.compile(r"/fonts/rare\.woff2$")):
        page.evaluate(
            """() => { const span = document.createElement("span"); span.className = "rare";
              span.textContent = "𬭚"; document.querySelector("h1").append(span); }"""
        )


def test_paper_shows_the_words_alone(phone, served):
    page = phone("dark")
    page.goto(f"{served}/")
    page.emulate_media(media="print")
    assert not page.locator(".tabs").is_visible()
    assert not page.locator(".top").is_visible()
    assert page.locator("h1").is_visible()
    assert page.evaluate("getComputedStyle(document.body).color") == "rgb(28, 36, 33)"
