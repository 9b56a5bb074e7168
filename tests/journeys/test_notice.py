"""A notice from the desk to a villager's phone; a plan's checks, scenarios and differences."""

import csv
import io
import json
import random
import re
from datetime import date, timedelta

from PIL import Image, ImageDraw
from playwright.sync_api import expect

from portal.core import clock
from portal.notices.demo_picture import draw_board
from tests.journeys.conftest import ROOT, faults_of, go
from tests.journeys.test_main_job import get
from tests.notices.test_paper import on_page, on_paper, on_sheet

TITLE = "2026年10月积分公示"


def send(page, action="") -> None:
    """Press the main button of the form of an action; without one, of the first form."""
    where = f"main form[action$='{action}']" if action else "main form[method=post]"
    go(page, page.locator(f"{where} button[type=submit]").first)


def board(path, words) -> None:
    """Draw a photo of a village board, as a telephone makes it: a JPEG with where it was taken."""
    picture = Image.new("RGB", (960, 720), "#6d8a77")
    draw = ImageDraw.Draw(picture)
    draw.rectangle((160, 90, 800, 640), fill="#f4efe2", outline="#5a3d24", width=14)
    for line in range(14):
        draw.line((220, 170 + line * 32, 740 - line * 13 % 170, 170 + line * 32), "#444", 5)
    facts = Image.Exif()
    facts[0x010E] = words
    facts.get_ifd(0x8825)[2] = (30.0, 38.0, 24.0)
    picture.save(path, quality=80, exif=facts)


def five_days_from(start: date) -> date:
    """Reckon by hand: five days after the start, then on while nobody works (T1, T3)."""
    with (ROOT / "portal/notices/restdays.csv").open() as lines:
        rest = {row["day"]: row["is_rest"] == "1" for row in csv.DictReader(lines)}
    last = start + timedelta(days=5)
    while rest.get(last.isoformat(), last.isoweekday() > 5):
        last += timedelta(days=1)
    return last


def prove(page, photo) -> None:
    """Confirm the board that waits, with its photo."""
    page.locator("main details[open] input[type=file]").set_input_files(photo)
    page.locator("main details[open] button[type=submit]").first.click()
    expect(page.locator("main section.way .chip.good")).to_have_count(1)


def test_a_notice_opens_is_read_and_begins_anew(phone, portal, take, tmp_path):
    photo = tmp_path / "公开栏.jpg"
    board(photo, "王婶家门口")
    page = phone("committee")
    page.goto(f"{portal.village}/notices/desk")
    page.locator("main a[href$='/desk/new']").first.click()
    page.locator("main a[href$='/new/points']").click()
    today = clock.today(clock.now())
    last = five_days_from(today)
    page.locator("[name=title]").fill(TITLE)
    page.locator("[name=body]").fill("| 组 | 户 | 本月 |\n|---|---|---|\n| 第2组 | 叶*户 | +12 |")
    page.locator("[name=planned_for]").fill(today.isoformat())
    page.locator("[name=boards]").fill("村委会公开栏")
    send(page)

    # nothing opens before a board is proved, and no earlier end can be wished for
    ready = page.locator("form[action$='/open']")
    ready.locator("[type=submit]").click()
    expect(page.locator("main [role=alert]")).to_be_visible()
    prove(page, photo)
    ready.locator("[name=last_on]").fill((today + timedelta(days=2)).isoformat())
    ready.locator("[type=submit]").click()
    expect(page.locator("main [role=alert]")).to_contain_text("公示")
    assert faults_of(page) == []
    ready.locator("[name=last_on]").fill("")
    ready.locator("[type=submit]").click()
    page.wait_for_url(re.compile(r"/notices/\d+$"))
    first = page.url

    # a villager reads it: how many days are left, the same end on page and sheet, the photo
    villager = phone("villager")
    villager.goto(portal.village + "/notices/")
    cell = villager.locator(f"main a.cell[href$='/{first.rsplit('/', 1)[1]}']", has_text=TITLE)
    go(villager, cell)
    left = (last - today).days
    expect(villager.locator("main .deadline").first).to_contain_text(f"还剩 {left} 天")
    assert on_page(villager.content()) == (today, last, left)
    shown = villager.locator("main .photos img")
    shown.scroll_into_view_if_needed()
    villager.wait_for_function("document.querySelector('main .photos img').naturalWidth > 100")
    stored = get(villager, portal.origin + shown.get_attribute("src"))
    assert not Image.open(io.BytesIO(stored)).getexif()
    take(villager, "notice-running", full=True)
    assert faults_of(villager) == []
    villager.goto(first + "/sheet")
    assert on_sheet(villager.content()) == (today, last, left)

    # something in it was wrong: void, and anew with its own proof
    page.goto(first.replace("/notices/", "/notices/desk/"))
    page.locator("details:has(form[action$='/void']) summary").click()
    page.locator("[name=reason]").fill("第2组叶*户的积分写错了。")
    send(page, "/void")
    page.locator("main a[href$='/again']").click()
    page.locator("[name=body]").fill("| 组 | 户 | 本月 |\n|---|---|---|\n| 第2组 | 叶*户 | +15 |")
    send(page)
    page.locator("form[action$='/open'] [type=submit]").click()
    expect(page.locator("main [role=alert]")).to_be_visible()
    photo.write_bytes(draw_board(TITLE, rng=random.Random(2)))
    prove(page, photo)
    page.locator("form[action$='/open'] [type=submit]").click()
    page.wait_for_url(re.compile(r"/notices/\d+$"))
    second = page.url
    villager.goto(first)
    expect(villager.locator("main")).to_contain_text("第2组叶*户的积分写错了。")
    assert villager.locator("main .deadline").count() == 0
    villager.locator("main .alert a").click()
    expect(villager).to_have_url(second)
    expect(villager.locator("main")).to_contain_text("+15")
    assert on_page(villager.content())[1] == last
    refused = "status of 4"  # the browser notes every form that is shown again
    assert [fault for fault in page.faults + villager.faults if refused not in fault] == []


def test_the_notice_of_a_plan_says_the_same_on_page_and_paper(phone, portal):
    page = phone()
    page.goto(portal.village + "/")
    page.locator("main a[href*='/notices/']").first.click()
    page.goto(portal.village + "/notices/")
    go(page, page.locator("main a.cell", has_text=portal.plan).first)
    truth = on_page(page.content())
    assert truth[2] >= 30 and truth[1].isoweekday() < 6
    page.goto(portal.village + "/disclosure/")
    go(page, page.locator("main a", has_text="草案公示").filter(has_text=portal.plan).first)
    paper = page.locator("main a[href*='.pdf']").first.get_attribute("href")
    assert on_paper(get(page, portal.origin + paper)) == truth


def set_target(page, draft, name, target) -> None:
    """Change the target of an indicator of the draft in the workbench."""
    page.goto(draft)
    page.locator("main a.cell[href$='/indicator']").click()
    page.locator("main a.cell", has_text=name).first.click()
    page.locator("[name=target]").fill(target)
    send(page)


def test_a_planner_checks_a_new_version_and_says_why_it_changed(phone, portal, take, tmp_path):
    page = phone("planner")
    page.goto(f"{portal.village}/plans/desk")
    page.locator("main th a", has_text=portal.plan).last.click()
    page.locator("input[value=next-version] ~ button").click()
    page.wait_for_url("**/plans/desk/*")
    draft = page.url

    # two targets above their limits: the binding one stops the plan, the expected one only warns
    set_target(page, draft, "村域建设用地总面积", "41.5")
    set_target(page, draft, "闲置农房", "50")
    number = draft.rsplit("/", 1)[1]
    page.goto(f"{portal.village}/analysis/{number}/structure")
    stopped = page.locator("main li", has_text="村域建设用地总面积")
    expect(stopped.locator(".chip.danger")).to_be_visible()
    expect(page.locator("main li", has_text="闲置农房").locator(".chip.warn")).to_be_visible()
    take(page, "checks-breach", full=True)
    assert faults_of(page) == []
    page.goto(f"{draft}/steps")
    page.locator("main a[href$='/steps/submit_review']").click()
    expect(page.locator("main")).to_contain_text("村域建设用地总面积")
    expect(page.locator("main")).not_to_contain_text("闲置农房")
    send(page)
    expect(page.locator("main .alert")).to_contain_text("村域建设用地总面积")
    assert faults_of(page) == []
    set_target(page, draft, "村域建设用地总面积", "33.5")
    page.goto(f"{draft}/steps/submit_review")
    assert page.locator("main", has_text="村域建设用地总面积").count() == 0

    # four ways to go, side by side
    page.goto(f"{portal.village}/analysis/{number}/scenarios")
    heads = page.locator("table.scenarios thead th[scope=col]")
    expect(heads).to_have_count(4)
    people = page.locator("table.scenarios tbody tr").nth(3).locator("td").all_inner_texts()
    assert len(set(people)) == 4
    expect(page.locator("table.scenarios .chip.danger").first).to_contain_text("不够")
    take(page, "checks-scenarios")
    assert faults_of(page) == []

    # a parcel becomes something else; the differences show it on the map, with the opinion
    page.goto(f"{draft}/layers")
    layer = portal.origin + page.locator("main a[href$='/land_use.geojson']").get_attribute("href")
    land = json.loads(get(page, layer))
    parcel = next(f for f in land["features"] if f["properties"].get("name") == "停车场")
    parcel["properties"] |= {"code": "1403", "name": "小公园"}
    changed = tmp_path / "land_use.geojson"
    changed.write_text(json.dumps(land, ensure_ascii=False), "utf-8")
    page.locator("input[type=file]").set_input_files(changed)
    page.locator("main form[enctype] button[type=submit]").click()
    go(page, page.locator("button[value=keep]"))
    page.goto(f"{portal.village}/discussion")
    asked = page.locator("main a[href*='/discussion/plans/']", has_text=portal.plan)
    go(page, asked.first)
    page.goto(f"{page.url}?order=oldest")  # others may have said so much since that it lies deeper
    wish = page.locator("article.opinion", has_text="希望给年轻人留一块打球的地方")
    said = re.search(r"\d+", wish.locator("a[href*='/opinions/']").first.inner_text()).group()
    page.goto(f"{portal.village}/plans/{number}/differences")
    expect(page.locator("main figure.difference-map svg")).to_be_visible()
    before = page.locator("main article", has_text="还没有说明原因").count()
    park = page.locator("main article", has_text="小公园")
    expect(park).to_contain_text("120803")
    mark = park.locator("h3").inner_text().split(".")[0]
    drawn = page.locator("main figure.difference-map text").all_text_contents()
    assert mark in drawn and "祠堂前" in drawn
    park.locator("summary").click()
    park.locator("[name=opinion_number]").fill(said)
    park.locator("[name=reason]").fill("停车改到村口，这里给年轻人留一块打球的地方。")
    park.locator("[type=submit]").click()
    expect(park).to_contain_text("停车改到村口")
    expect(page.locator("main article", has_text="还没有说明原因")).to_have_count(before - 1)
    take(page, "differences", full=True)
    assert faults_of(page) == []
    park.locator("a", has_text=f"第{said}条意见").click()
    expect(page.locator(f"#o-{said}")).to_contain_text("希望给年轻人留一块打球的地方")
    refused = "status of 4"  # the browser notes every step and form that is refused
    assert [fault for fault in page.faults if refused not in fault] == []
