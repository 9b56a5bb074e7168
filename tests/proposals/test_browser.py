"""A proposal that is being written stays on the phone until it is handed in."""

import pytest
from playwright.sync_api import expect

from tests.media.test_browser import served
from tests.proposals.conftest import PAPER

__all__ = ["served"]


@pytest.mark.parametrize("database", ["sqlite"])
def test_what_is_written_is_there_after_a_reload_and_a_sign_out(
    crowd, cast, chromium, served, browse, at, app
):
    crowd(36)
    context = chromium.new_context(viewport={"width": 360, "height": 740})
    page, faults = context.new_page(), []
    page.on("pageerror", lambda error: faults.append(str(error)))
    new = served + at("/proposals/new")

    def sign_in(person):
        name = app.config["SIGN_IN_COOKIE"]
        value = browse(person).get_cookie(name).value
        context.add_cookies([{"name": name, "value": value, "url": served}])

    def holds(**words):
        for field, value in words.items():
            expect(page.locator(f"[name={field}]")).to_have_value(value)

    sign_in(cast.vera)
    page.goto(new)
    written = {"title": PAPER.title, "place": PAPER.place, "body": PAPER.body}
    for field, value in written.items():
        page.locator(f"[name={field}]").fill(value)
    expect(page.locator(".kept")).to_have_text("草稿已存在这部手机上")
    page.reload()
    holds(**written)
    context.clear_cookies()
    sign_in(cast.sun)  # the phone serves two people
    page.goto(new)
    holds(title="", place="", body="")
    context.clear_cookies()
    sign_in(cast.vera)
    page.goto(new)
    holds(**written)

    # kept on the server it is the same; handed in, it is no draft any more; the next one is
    page.locator("button[name=save]").click()
    expect(page.locator("main")).to_contain_text("草稿保存于")
    holds(**written)
    page.locator("form[data-draft] button[type=submit]:not([name])").click()
    expect(page.locator("h1")).to_have_text(PAPER.title)
    old = page.url
    page.goto(new)
    holds(title="", place="", body="")
    page.locator("[name=title]").fill("再装一盏")
    expect(page.locator(".kept")).to_have_text("草稿已存在这部手机上")
    page.goto(old)
    page.goto(new)
    holds(title="再装一盏", place="", body="")
    context.close()
    assert faults == []
