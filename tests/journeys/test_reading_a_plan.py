"""Reading a plan on a phone: aloud, on the map, in lists, for one's own group and ground."""

import re

from playwright.sync_api import expect

from tests.journeys.conftest import faults_of, go
from tests.maps.tiles import pmtiles, water_tile

SPOKEN = """
window.spoken = [];
speechSynthesis.speak = (words) => spoken.push([words.lang, words.text]);
speechSynthesis.cancel = () => spoken.push("stop");
"""
FIND = """(code) => {
  for (const path of document.querySelectorAll(`#c${code} path`)) {
    const box = path.getBoundingClientRect();
    const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
    if (document.elementsFromPoint(x, y).find((one) => one.matches("#parcels path")) === path)
      return [x, y];
  }
}"""
"""Find a parcel of a class with its middle within it and in sight, to put a finger on."""
WATER = """() => [...document.querySelectorAll(".stage canvas")].some((canvas) => {
  const [r, g, b, a] = canvas.getContext("2d").getImageData(9, 9, 1, 1).data;
  return a === 255 && b > r + 40 && g > r;
})"""


def test_a_plan_is_heard_and_its_chains_are_seen(phone, plan):
    page = phone()
    page.add_init_script(SPOKEN)
    page.goto(plan)
    aloud = page.locator("#minute .read-aloud")
    aloud.click()
    first = page.locator(".sentences li").first.inner_text()
    assert ["zh-CN", first] in page.evaluate("spoken")
    assert len(page.evaluate("spoken.filter((one) => one !== 'stop')")) == 1 + 5 + 3
    expect(aloud).to_have_attribute("aria-pressed", "true")
    aloud.click()
    assert page.evaluate("spoken.at(-1)") == "stop"
    expect(aloud).to_have_attribute("aria-pressed", "false")

    # from a goal to its figures and their projects, and back from a project; orphans are named
    goal = page.locator("details.goal", has_text="路好走")
    goal.locator("summary").click()
    chain = goal.locator(".chain")
    expect(chain).to_contain_text("→")
    expect(page.locator("#goals")).to_contain_text("没有对应项目")
    chain.locator("a[href*='/projects/']").first.click()
    expect(page.locator("main")).to_contain_text("路好走")
    assert page.faults == []


def test_a_finger_on_a_parcel_tells_about_it(phone, portal, plan, take):
    page = phone("villager")
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(plan)
    page.locator("#map a.button").click()
    expect(page.locator(".stage #parcels path").first).to_be_visible()
    assert page.locator(".stage canvas").count() == 0  # no base map, and none is asked for
    page.touchscreen.tap(*page.evaluate(FIND, "0101"))
    sheet = page.locator(".tap-sheet")
    expect(sheet).to_contain_text("变成")
    expect(sheet).to_contain_text("0101 水田")
    expect(sheet).to_contain_text("良田粮用")
    assert page.locator("path.chosen").count() == 1
    take(page, "map-parcel-zh")
    assert faults_of(page) == []
    number = sheet.locator("h2").inner_text().split()[1]
    sheet.locator("a", has_text="提意见").click()
    expect(page.locator("form .field [name=about]").first).to_have_value(f"parcel-{number}")

    # exactly this spot of it, too
    page.go_back()
    page.touchscreen.tap(*page.evaluate(FIND, "0101"))
    sheet.locator("a", has_text="只说图上这一点").click()
    expect(page.locator("form .field [name=about]").first).to_have_value(
        re.compile(r"^at-118\.\d+,29\.\d+$")
    )
    expect(page.locator("form .field [name=about] option:checked").first).to_contain_text(
        "图上一点"
    )
    page.go_back()

    # the list of places leads the map to what changes there
    page.locator("#places button", has_text="村卫生室").click()
    expect(sheet).to_contain_text("0703 农村宅基地")
    expect(sheet).to_contain_text("080602 基层医疗卫生设施用地")
    top = sheet.bounding_box()["y"]
    box = page.locator("path.chosen").bounding_box()
    assert 0 < box["y"] + box["height"] / 2 < top  # not under the sheet that tells of it
    page.locator("button.only-changes").click()
    expect(page.locator("svg.only-changes")).to_be_attached()
    assert all(url.startswith(portal.origin) for url in asked)
    assert page.faults == []


def test_the_map_is_read_without_javascript(phone, portal, plan):
    page = phone(javascript=False)
    page.goto(plan)
    assert page.locator("#map svg path").count() > 10
    page.locator("#map a.button").click()
    picture = page.locator("#plan-map img")
    assert page.request.get(portal.origin + picture.get_attribute("src")).ok
    expect(page.locator("#legend a", has_text="0703 农村宅基地")).to_be_visible()
    page.locator("#places a", has_text="村卫生室").click()
    expect(page.locator("main")).to_contain_text("080602 基层医疗卫生设施用地")
    page.go_back()
    page.locator("#legend a", has_text="0101 水田").click()
    page.locator("main a.cell").first.click()
    expect(page.locator("main")).to_contain_text("不得占用")


def test_what_changes_for_a_group_and_on_ones_own_ground(phone, portal, plan):
    page = phone("villager")
    page.goto(plan)
    page.locator("#changes a.button").click()
    expect(page.locator("select[name=group] option:checked")).to_contain_text("您的组")
    expect(page.locator("main")).to_contain_text("会变用途")
    page.goto(f"{plan}/parcels?class=0703")
    page.locator("main a.cell").first.click()
    page.locator("#ours summary").click()
    page.locator("#ours [name=agree]").check()
    page.locator("#ours button").click()
    expect(page.locator("#ours")).to_contain_text("只有您家")
    page.goto(f"{plan}/changes")
    expect(page.locator("section.mine")).to_contain_text("一户一宅")
    other = phone("committee")
    other.goto(f"{plan}/changes")
    assert other.locator("section.mine").count() == 0
    page.locator("section.mine a.button").click()
    go(page, page.locator("#ours button"))
    page.goto(f"{plan}/changes")
    assert page.locator("section.mine").count() == 0


def test_a_base_map_lies_under_the_plan_where_there_is_one(phone, portal, plan, take):
    """Drawn from a PMTiles file of our own server, while nobody else can be reached."""
    portal.base_map.write_bytes(pmtiles(water_tile()))
    try:
        page = phone()
        page.route(
            lambda url: not url.startswith(portal.origin), lambda route: route.abort("failed")
        )
        page.goto(f"{plan}/map")
        page.wait_for_function(WATER)
        take(page, "map-base-zh")
        assert page.locator(".stage #parcels path").count() > 200
        assert page.faults == []
    finally:
        portal.base_map.unlink()
    page.goto(f"{plan}/map")
    expect(page.locator(".stage #parcels path").first).to_be_visible()
    assert page.locator("#plan-map[data-base]").count() == 0 and page.faults == []
