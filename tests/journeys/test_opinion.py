"""An opinion on a parcel: begun, the line lost, the battery dead, gone on with, sent."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import faults_of, go
from tests.journeys.test_reading_a_plan import FIND

BEGUN = "门口这块地改成停车场,"
WHOLE = BEGUN + "晚上车灯照进屋里,请种一排树挡一挡。"
ON_PHONE, EVERYWHERE = "草稿已存在这部手机上", "草稿已存好，换手机也能接着写"


def opinions_on(plan, about=""):
    """Return the address of the opinions on a plan, or on a part of it."""
    return re.sub(r"/plans/(\d+).*", r"/discussion/plans/\1", plan) + (about and f"?about={about}")


def test_an_opinion_survives_the_line_and_the_battery(phone, plan, take):
    page = phone("villager")
    page.goto(f"{plan}/map")
    page.touchscreen.tap(*page.wait_for_function(FIND, arg="0101").json_value())
    sheet = page.locator(".tap-sheet")
    go(page, sheet.locator("a", has_text="对这块地提意见"))
    about = page.locator("#say [name=about]").input_value()
    assert about.startswith("parcel-")
    words, note = page.locator("textarea[name=body]"), page.locator(".kept")
    words.fill(BEGUN)
    expect(note).to_have_text(EVERYWHERE)

    # on another phone it is there
    other = phone("villager")
    other.goto(opinions_on(plan))
    expect(other.locator("textarea[name=body]")).to_have_value(BEGUN)
    expect(other.locator("#say [name=about]")).to_have_value(about)

    # the line is gone, then the battery; back on the line, the phone has it and hands it over
    context = page.context
    context.set_offline(True)
    words.fill(WHOLE)
    expect(note).to_have_text(ON_PHONE)
    page.close()
    context.set_offline(False)
    page = context.new_page()
    page.goto(opinions_on(plan, about))
    words, note = page.locator("textarea[name=body]"), page.locator(".kept")
    expect(words).to_have_value(WHOLE)
    expect(note).to_have_text(EVERYWHERE)
    other.reload()
    expect(other.locator("textarea[name=body]")).to_have_value(WHOLE)
    take(page, "opinion-draft-zh")
    assert faults_of(page) == []

    # sent once, it is no draft any more, on no phone
    go(page, page.get_by_role("button", name="交意见"))
    expect(page.locator("main")).to_contain_text(WHOLE)
    expect(page.locator("main")).to_contain_text("地块")
    other.reload()
    expect(other.locator("textarea[name=body]")).to_have_value("")
    page.goto(opinions_on(plan))
    expect(page.locator("textarea[name=body]")).to_have_value("")
    assert page.locator("article.opinion", has_text=WHOLE).count() == 1


@pytest.mark.parametrize("look", ["elder", "dark", "en"])
def test_a_spot_is_chosen_and_read_in_every_look(phone, plan, take, look):
    page = phone("villager", look=look)
    page.goto(f"{plan}/place")
    take(page, f"opinion-place-{look}")
    assert faults_of(page) == []
    box = page.locator("input[name=tap]").bounding_box()
    assert round(box["width"]) == 280 and box["height"] > 150  # a tap says where, to the pixel
    page.locator("input[name=tap]").click(position={"x": 140, "y": 150})
    page.wait_for_url("**/discussion/plans/*about=at-*")
    assert faults_of(page) == []
    page.locator("textarea[name=body]").fill(f"这个弯道太急,请装一面镜子。{look}")
    go(page, page.locator("#say .actions button").first)
    expect(page.locator(".spots circle")).to_have_count(1)
    take(page, f"opinion-spot-{look}")
    assert faults_of(page) == []
    page.goto(opinions_on(plan, "spot"))
    expect(page.locator(".spots circle").first).to_be_attached()
    assert faults_of(page) == []


def test_a_draft_is_kept_without_javascript(phone, plan):
    page = phone("supervisor", javascript=False)
    page.goto(opinions_on(plan))
    page.locator("textarea[name=body]").fill(BEGUN)
    go(page, page.locator("#say button[formaction]"))
    expect(page.locator("textarea[name=body]")).to_have_value(BEGUN)


def test_opinions_that_say_the_like_are_put_together_on_a_phone(phone, plan, take):
    page = phone("committee", look="elder")
    page.goto(f"{opinions_on(plan)}/alike")
    page.locator("[name=numbers]").fill("1, 2")
    assert faults_of(page) == []
    go(page, page.locator("form:has([name=numbers]) button[type=submit]"))
    assert faults_of(page) == []
    take(page, "opinions-alike-elder")
    page.goto(opinions_on(plan))
    assert faults_of(page) == []
