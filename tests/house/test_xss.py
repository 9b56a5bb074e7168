"""Nothing that people write becomes a deed: naughty words in every column, every page in Chromium.

XSS=2 reads every page as everybody; NAUGHTY=FILE.json adds a list of naughty strings (`make storm`).
"""

import io
import os
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from portal.core.access import Part, requires
from portal.core.db import db, transaction
from portal.core.scope import village_scope
from portal.discussion.models import Comment
from portal.moderation.appeals_models import ModerationAppeal
from portal.plans import service as plans
from portal.proposals.models import Proposal
from portal.rooms import service as rooms
from portal.rooms.models import Message
from tests.house import world as worlds
from tests.house.naughty import DEED, MARK, PAYLOADS, packed, sow, words_of_people
from tests.house.test_access import addresses, routes
from tests.media.recordings import recording
from tests.pictures import picture

IS_WHOLE = os.environ.get("XSS") == "2"
READERS = tuple(worlds.PARTS) if IS_WHOLE else ("committee", "representative", "nobody")
ORIGIN = "http://localhost"
EMPTY = {
    "analysis_setting.quota_source",
    "ballot_step.reason",
    "disclosure_case.reason",
    "disclosure_objection.complicated_reason",
    "meeting_step.reason",
    "message.signed_as",
    "notice.shorter_reason",
    "notice.void_reason",
    "plan_step.reason",
    "plan_version.approval_authority",
    "plan_version.approval_number",
    "plan_version.consent",
    "plan_version.justification",
    "plan_version.resolution",
    "proposal_step.reason",
}
"""Columns of words that stand empty in the world: they tell of steps that nobody took there."""
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
    """Whatever column people write into carries naughty words, but for those that stand empty."""
    assert words_of_people() - naughty.sown == EMPTY
    assert {
        "moderation_report.line",
        "moderation_appeal.answer",
        "message_wording.body",
    } <= naughty.sown
    assert {"answer_doubt.words", "media_file.transcript", "comment.body"} <= naughty.sown


@pytest.fixture(scope="module")
def handed_in(naughty):
    """Hand naughty words in as people do, by the forms; return whose pages they stand on."""
    at = f"/v/{worlds.HERE}".__add__
    vera, other, max_ = (naughty.browser(w) for w in ("representative", "resident", "committee"))
    with naughty.app.app_context(), village_scope(naughty.here):
        version, room = plans.find_current_version().id, rooms.find_room().id

    def post(client, path, **data):
        answer = client.post(at(path), data={"key": uuid4().hex} | data)
        assert answer.status_code in (302, 303), (path, answer.get_data(as_text=True))

    def newest(model):
        with naughty.app.app_context(), village_scope(naughty.here):
            return db.session.scalar(select(func.max(model.id)))

    [opinion] = packed(2000)
    post(vera, f"/discussion/plans/{version}", about="plan", body=opinion)
    post(vera, "/proposals/new", title=PAYLOADS[1], place=PAYLOADS[2], body=opinion)
    files = {
        "photos": (io.BytesIO(picture()), f"{PAYLOADS[1]}.jpg"),
        "voice": (io.BytesIO(recording(2)), f"{PAYLOADS[0]}.webm"),
        "transcript": packed(1000)[0],
    }
    post(vera, f"/rooms/{room}", body="", **files)
    case = newest(Message)
    for body in packed(1000):
        post(vera, f"/rooms/{room}", body=body)
    post(naughty.browser("planner"), f"/rooms/{room}", body="图上标了三处")  # under a naughty name
    post(other, f"/reports/message/{newest(Message)}", code="insult", line=packed(300)[0])
    note, line = packed(500)[:2]
    facts = {"action": "hide", "code": "insult", "seen_revision": "0", "note": note}
    post(max_, f"/moderation/message/{case}", **facts)
    post(vera, f"/appeals/message/{case}", line=line)
    told = {
        "representative": (
            f"/discussion/opinions/{newest(Comment)}",
            f"/discussion/plans/{version}",
            f"/proposals/{newest(Proposal)}",
            f"/rooms/{room}",
            f"/appeals/message/{case}",
            "/appeals/mine",
        ),
        "nobody": (f"/discussion/opinions/{newest(Comment)}", "/proposals"),
        "committee": (
            "/reports",
            f"/moderation/message/{newest(Message)}",
            f"/moderation/message/{case}",
            "/moderation",
            "/moderation/queue",
        ),
        "supervisor": (f"/appeals/{newest(ModerationAppeal)}",),
    }
    return {who: [at(path) for path in paths] for who, paths in told.items()}


def test_words_that_were_handed_in_become_no_deed(naughty, handed_in, window):
    found, told = {}, 0
    for who, addresses_ in handed_in.items():
        client = naughty.browser(who)
        for address in addresses_:
            assert MARK in client.get(address).get_data(as_text=True), (who, address)
            told += 1
            if faults := window.look(client, address):
                found[who, address] = faults
    assert (found, window.dialogs, told) == ({}, [], 14)


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
