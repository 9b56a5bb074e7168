"""Nothing that people write becomes a deed: naughty words in every column, every page in Chromium.

XSS=2 reads every page as everybody; NAUGHTY=FILE.json adds a list of naughty strings (`make storm`).
"""

import os
from urllib.parse import urlsplit

import pytest

from portal.core.access import Part, requires
from portal.core.db import db, transaction
from tests.house import world as worlds
from tests.house.naughty import DEED, MARK, sow
from tests.house.test_access import addresses, routes

IS_WHOLE = os.environ.get("XSS") == "2"
READERS = tuple(worlds.PARTS) if IS_WHOLE else ("committee", "representative", "nobody")
ORIGIN = "http://localhost"
WATCH = """
window.__refused = [];
document.addEventListener("securitypolicyviolation", (e) =>
  window.__refused.push(e.violatedDirective + " " + (e.sample || e.blockedURI)));
"""
LOOK = """() => {
  const found = window.__refused.filter((one) => !one.startsWith("img-src"));
  if (window.__xss) found.push("a deed was done");
  for (const one of document.querySelectorAll("*")) {
    for (const { name, value } of one.attributes) {
      if (name.startsWith("on")) found.push(`<${one.localName} ${name}>`);
      if (/^(href|src|action|formaction|srcdoc|xlink:href)$/.test(name)
          && /^[\\s\\u0000-\\u001f]*(javascript|data:text|vbscript)/i.test(value))
        found.push(`<${one.localName} ${name}=${value}>`);
    }
    if (one.localName === "script" && !one.src && !/json/.test(one.type)) found.push("<script>");
    if (one.localName === "iframe" || one.localName === "math") found.push(`<${one.localName}>`);
  }
  return found;
}"""


@pytest.fixture(scope="module")
def naughty(built, tmp_path_factory):
    with worlds.opened(built, tmp_path_factory.mktemp("naughty")) as world:
        world.pages = pages(world)
        with world.app.app_context(), world.app.test_request_context():
            with transaction():
                world.sown = sow()
            db.session.remove()
        world.keep()
        yield world


class Window:
    """A page of Chromium whose every request is answered by the house, as one of its people."""

    def __init__(self, chromium, app):
        self.app, self.kept, self.dialogs = app, {}, []
        self.context = chromium.new_context(base_url=ORIGIN)
        self.page = self.context.new_page()
        self.page.add_init_script(WATCH)
        self.page.on(
            "dialog", lambda dialog: (self.dialogs.append(dialog.message), dialog.dismiss())
        )
        self.page.route("**/*", self._answer)
        self.client = None

    def _answer(self, route):
        url = urlsplit(route.request.url)
        address = url.path + (f"?{url.query}" if url.query else "")
        if url.netloc != "localhost" or route.request.method != "GET" or "stream" in url.path:
            return route.abort()
        if route.request.resource_type in ("image", "font", "stylesheet", "media"):
            return route.fulfill(status=204)
        if address not in self.kept:
            answer = self.client.get(address)
            told = answer.status_code, dict(answer.headers), answer.get_data()
            answer.close()
            if not url.path.startswith("/static/"):
                return route.fulfill(status=told[0], headers=told[1], body=told[2])
            self.kept[address] = told
        status, headers, body = self.kept[address]
        return route.fulfill(status=status, headers=headers, body=body)

    def look(self, client, address):
        """Open an address and return what there is that should not be."""
        self.client = client
        self.page.goto(address, wait_until="load")
        return sorted(set(self.page.evaluate(LOOK)))

    def close(self):
        self.context.close()


@pytest.fixture
def window(chromium, naughty):
    opened = Window(chromium, naughty.app)
    yield opened
    opened.close()


def pages(world) -> list[str]:
    """Return an address of every page, or with XSS=2 of every page in every state."""
    found = []
    for rule, method in routes(world.app):
        if method == "GET" and not getattr(
            world.app.view_functions[rule.endpoint], "is_stream", False
        ):
            ours = [address for _state, address in addresses(world, rule)]
            found += ours if IS_WHOLE else ours[:1]
    return found


def telling(world, who) -> list[str]:
    """Return the pages on which naughty words stand for this person."""
    client, found = world.browser(who), []
    for address in world.pages:
        answer = client.get(address)
        is_page = "html" in answer.headers.get("Content-Type", "")
        if is_page and MARK in answer.get_data(as_text=True):
            found.append(address)
        assert answer.status_code < 500, address
        answer.close()
    return found


@pytest.mark.parametrize("who", READERS)
def test_no_word_becomes_a_deed(naughty, window, who, record_property):
    client = naughty.browser(who)
    pages = telling(naughty, who)
    found = {address: faults for address in pages if (faults := window.look(client, address))}
    assert found == {}
    assert window.dialogs == []
    assert len(pages) >= (3 if who == "nobody" else 20), "hardly a page says any of it"
    record_property("pages", len(pages))


def test_words_of_people_are_found_everywhere(naughty):
    assert len(naughty.sown) > 60
    assert {"comment.body", "message.body", "resident.name"} <= naughty.sown


@pytest.mark.parametrize("has_policy", [True, False])
def test_a_page_that_trusts_words_is_caught(naughty, window, has_policy):
    """The control: `|safe` on somebody's words is seen, and without the policy it would be done."""
    with naughty.second_app() as planted:

        @requires(Part.ANYONE)
        def careless():
            return f"<p><img src=x onerror={DEED}></p>"

        planted.add_url_rule("/careless", "careless", careless)
        if not has_policy:

            @planted.after_request
            def drop(response):
                response.headers.pop("Content-Security-Policy", None)
                return response

            planted.after_request_funcs[None].insert(0, planted.after_request_funcs[None].pop())
        found = window.look(planted.test_client(), "/careless")
    assert "<img onerror>" in found
    assert ("a deed was done" in found) is not has_policy
    assert any(one.startswith("script-src") for one in found) is has_policy
