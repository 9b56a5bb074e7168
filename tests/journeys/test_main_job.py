"""The main job, end to end, as new users do it: a villager, the committee, the planner."""

import hashlib
import io
import os
import re
import subprocess
import urllib.request
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import CHANGED, DESKTOP, LOOKS, dress, faults_of, go

OPINION = "村口到小学这段路晚上很黑,请在规划里加上路灯。"
WISH = "老井旁边请留一块空地,夏天大家乘凉。"
MESSAGE = "明天下午三点在老年活动中心看规划图,大家都来。"


def press(page, name) -> None:
    """Press the form's main button or link of that form action."""
    page.locator(f"form[action$='{name}'] button[type=submit]").first.click()


def submit(page) -> None:
    go(page, page.locator("main form[method=post] button[type=submit]").first)


def say(page, portal, words) -> None:
    """Give an opinion on the plan, the way from the plan's own page."""
    page.goto(portal.village + "/plans/")
    page.locator("main a[href*='/plans/']", has_text=portal.plan).first.click()
    page.locator("main a[href*='/discussion/plans/']").first.click()
    page.locator("textarea[name=body]").fill(words)
    submit(page)
    expect(page.locator("main")).to_contain_text(words)


def test_a_villager_takes_part(phone, portal, take):
    page = phone("villager")
    take(page, "home-zh")

    # the plan and its map
    page.goto(portal.village + "/plans/")
    page.locator("main a[href*='/plans/']", has_text=portal.plan).first.click()
    expect(page.locator("h1")).to_contain_text(portal.plan)
    take(page, "plan-zh")
    picture = page.locator("main svg[role=img], main img[src*='map'], main figure svg").first
    picture.scroll_into_view_if_needed()
    assert picture.bounding_box()["width"] > 250
    take(page, "plan-map-zh")

    # an opinion on it
    say(page, portal, OPINION)
    take(page, "opinion-zh")

    # the vote: choose, confirm, receipt
    page.goto(portal.village + "/take-part")
    take(page, "take-part-zh")
    page.locator("main a[href*='/ballots/']").first.click()
    take(page, "ballot-zh")
    page.locator("main a[href$='/vote']").click()
    options = page.locator("input[name=chosen]")
    for index in (0, 2):
        options.nth(index).check()
    take(page, "choose-zh")
    press(page, "/confirm")
    take(page, "confirm-zh")
    press(page, "/cast")
    receipt = page.locator(".receipt .code").inner_text()
    assert re.fullmatch(r"[0-9A-Z\s]{8,40}", receipt)
    take(page, "receipt-zh")
    receipt_page = page.url
    page.reload()
    assert page.locator(".receipt .code").inner_text() == receipt

    # the survey
    page.goto(portal.village + "/take-part")
    page.locator("main a[href*='/surveys/']").first.click()
    take(page, "survey-zh")
    fill_in(page)
    submit(page)
    expect(page.locator(".receipt").first).to_be_visible()
    take(page, "survey-receipt-zh")

    # the room
    page.goto(portal.village + "/discussion")
    page.locator("main a[href*='/rooms/']").first.click()
    page.locator("[name=body]").fill(MESSAGE)
    page.locator("form#say button[type=submit]").click()
    expect(page.locator("#talk")).to_contain_text(MESSAGE)
    take(page, "room-zh")

    # the points of the household
    page.goto(portal.village + "/points/")
    expect(page.locator("main")).to_contain_text("积分")
    take(page, "points-zh")
    page.goto(portal.village + "/me")
    take(page, "me-zh")
    assert page.faults == []

    # anybody can look the receipt up, and it does not say how the vote was
    stranger = phone()
    stranger.goto(receipt_page)
    take(stranger, "receipt-stranger-zh")


def fill_in(page) -> None:
    """Answer every question of a survey as somebody would."""
    for group in page.locator("main fieldset:has(input[type=radio])").all():
        group.locator("input[type=radio]").nth(1).check()
    for group in page.locator("main fieldset:has(input[type=checkbox])").all():
        group.locator("input[type=checkbox]").first.check()
    for number in page.locator("main input[inputmode=numeric]").all():
        number.fill("2")
    for text in page.locator("main textarea, main input[type=text]:not([inputmode])").all():
        text.fill("希望公交车开到里村。")


def test_messages_arrive_while_one_looks(phone, portal, take):
    """What one says in the room appears on the other's phone without a reload."""
    reader, writer = phone("supervisor"), phone("villager")
    for page in (reader, writer):
        page.goto(portal.village + "/discussion")
        page.locator("main a[href*='/rooms/']").first.click()
    writer.locator("[name=body]").fill("路灯的事,村委会怎么看?")
    writer.locator("form#say button[type=submit]").click()
    expect(reader.locator("#talk")).to_contain_text("路灯的事,村委会怎么看?")
    assert reader.faults == writer.faults == []


def test_the_committee_moderates_and_awards(phone, portal, take):
    villager = phone("villager")
    say(villager, portal, WISH)
    villager.goto(portal.village + "/discussion/mine")
    villager.locator("main article", has_text=WISH).locator("a").first.click()
    opinion = villager.url
    page = phone("committee")
    page.goto(portal.village + "/desk")
    take(page, "desk-zh")

    # hidden with a reason that everybody can read, and shown again
    page.goto(portal.village + "/moderation")
    take(page, "moderation-zh")
    page.locator("main a.cell", has_text="老井旁边").first.click()
    page.locator("input[name=code][value=off_topic]").check()
    page.locator("[name=note]").first.fill("与规划无关,请到聊天室说。")
    submit(page)
    stranger = phone()
    stranger.goto(opinion)
    expect(stranger.locator("main")).not_to_contain_text(WISH)
    take(stranger, "hidden-zh")
    villager.goto(opinion)
    expect(villager.locator("main")).to_contain_text(WISH)
    page.goto(portal.village + "/moderation")
    page.locator("main a.cell", has_text="老井旁边").first.click()
    page.locator("[name=note]").first.fill("看错了,路灯就是规划的事。")
    submit(page)
    stranger.goto(opinion)
    expect(stranger.locator("main")).to_contain_text(WISH)
    stranger.goto(portal.village + "/moderation/log")
    expect(stranger.locator("main")).not_to_contain_text("林规划师")
    take(stranger, "moderation-log-zh")

    # points for a resident of another household
    name = villager.locator("body").inner_text() and _name_of(villager, portal)
    page.goto(portal.village + f"/points/awards/new?q={name}")
    page.locator("main a[href*='/points/awards/new/']").first.click()
    page.locator("input[name=item]").first.check()
    page.locator("[name=reason]").fill("参加村口环境整治半天")
    take(page, "award-zh")
    submit(page)
    villager.goto(portal.village + "/points/")
    expect(villager.locator("main")).to_contain_text("参加村口环境整治半天")
    take(villager, "passbook-zh")
    assert page.faults == villager.faults == []


def _name_of(page, portal) -> str:
    page.goto(portal.village + "/me")
    return page.locator("h1").inner_text()


def get(page, address) -> bytes:
    answer = page.request.get(address)
    assert answer.status == 200, (address, answer.status)
    return answer.body()


def test_the_planner_takes_everything_home(phone, portal, take, tmp_path):
    page = phone("planner", size=DESKTOP)
    page.goto(portal.village + "/statistics/")
    take(page, "statistics")
    csv = get(page, portal.village + "/statistics/statistics.csv").decode("utf-8-sig")
    book = openpyxl.load_workbook(
        io.BytesIO(get(page, portal.village + "/statistics/statistics.xlsx"))
    )
    assert csv.count("\n") > 10
    assert book.worksheets[0].max_row > 3

    page.goto(portal.village + "/disclosure/")
    take(page, "disclosures")
    page.locator("main a.cell").first.click()
    address = page.locator("main a[href*='.pdf']").first.get_attribute("href")
    pdf = get(page, portal.origin + address)
    assert pdf.startswith(b"%PDF")
    file = tmp_path / "notice.pdf"
    file.write_bytes(pdf)
    text = subprocess.run(
        ["pdftotext", "-layout", file, "-"], capture_output=True, text=True, check=True
    ).stdout
    assert "青溪村(示例)" in text

    # the page behind the QR code confirms the digest to a stranger
    digest = hashlib.sha256(pdf).hexdigest()
    with urllib.request.urlopen(f"{portal.village}/verify/{digest}") as answer:  # noqa: S310 -- our own server
        assert digest in answer.read().decode()
    stranger = phone()
    stranger.goto(f"{portal.village}/verify/{digest}")
    take(stranger, "verify-zh")
    assert page.faults == []


PARTS = (None, "villager", "committee", "planner")
WALKS = [
    *((part, "zh") for part in PARTS),
    *(
        [("villager", "elder"), ("committee", "en")]
        if "WALKS" not in os.environ
        else [(part, look) for part in PARTS for look in LOOKS if look != "zh"]
    ),
]
"""Who walks through the portal in which look; `make storm` lets everybody walk in every look."""


@pytest.mark.parametrize(("part", "look"), WALKS)
def test_every_page_is_accessible(phone, portal, part, look):
    """Walk through all that a part can open; axe finds nothing, nothing is wider than the phone.

    Pages are seen in the other looks too, as far as they are matters of style: one after another in
    turn, or with WALKS=all by whoever walks in that look.
    """
    page = phone(
        part, look=look, size=DESKTOP if part == "planner" else {"width": 360, "height": 740}
    )
    wanted, seen, wrong = [portal.village + "/"], set(), []
    while wanted:
        address = wanted.pop(0)
        kind = re.sub(r"/\d+|/[0-9a-f]{64}|\?.*", "/N", address.removeprefix(portal.village))
        if kind in seen:
            continue
        seen.add(kind)
        answer = page.goto(address)
        if "text/html" not in answer.headers.get("content-type", ""):
            continue
        if answer.status >= 400:
            wrong.append(f"{address}: {answer.status}")
            continue
        wrong += faults_of(page)
        if look == "zh":
            other = list(CHANGED)[len(seen) % len(CHANGED)]
            dress(page, other)
            wrong += [f"{other}: {fault}" for fault in faults_of(page, CHANGED[other])]
        links = page.eval_on_selector_all(
            "a[href]:not([download])", "found => found.map(a => a.href.split('#')[0])"
        )
        wanted += [
            link
            for link in links
            if link.startswith(portal.village)
            and not re.search(
                r"\.(pdf|csv|xlsx|svg|geojson|json)|/form$|/source|/archive$|/verify_poll\.py$|\.pb$",
                link,
            )
        ]
    assert wrong == []
    assert len(seen) >= 12


@pytest.mark.parametrize("look", ["elder", "dark", "en"])
def test_the_first_pages_in_every_look(phone, portal, plan, take, look):
    mode, _size, theme, language = LOOKS[look].split(".")
    page, shown = phone("villager", look=look), []
    for name, path in {
        "home": "/",
        "take-part": "/take-part",
        "points": "/points/",
        "talk": "/discussion",
    }.items():
        assert page.goto(portal.village + path).status == 200
        take(page, f"{name}-{look}")
        shown.append(look_of(page))
    assert page.goto(plan).status == 200
    take(page, f"plan-{look}")
    shown.append(look_of(page))
    assert shown == [[mode, theme, language, language[:2] == "zh", theme == "dark"]] * 5
    assert page.faults == []


def look_of(page):
    """Return the look that a page says it has; then whether it speaks Chinese, and is light on dark."""
    return page.evaluate("""() => {
        const html = document.documentElement;
        const [red] = getComputedStyle(document.body).color.match(/\\d+/g);
        return [html.dataset.mode, html.dataset.theme, html.lang.replace("-", "_"),
            /[一-鿿]{2}/.test(document.querySelector("nav.tabs").innerText), red > 127];
    }""")


def test_large_print_is_large_and_easy_to_hit(phone, portal):
    page = phone(None, look="elder")
    page.goto(portal.village + "/")
    assert (
        page.evaluate("parseFloat(getComputedStyle(document.querySelector('main p')).fontSize)")
        >= 18
    )
    small = page.eval_on_selector_all(
        "main a.button, main button, nav.tabs a, a.cell",
        "found => found.filter(e => e.getBoundingClientRect().height < 60).map(e => e.outerHTML.slice(0, 120))",
    )
    assert small == []


def test_everything_works_without_javascript(phone, portal):
    page = phone("villager", javascript=False)
    page.goto(portal.village + "/")
    say(page, portal, "没有脚本也能提意见。")
    page.goto(portal.village + "/discussion")
    page.locator("main a[href*='/rooms/']").first.click()
    page.locator("[name=body]").fill("没有脚本也能聊天。")
    page.locator("form#say button[type=submit]").click()
    expect(page.locator("#talk")).to_contain_text("没有脚本也能聊天。")


@pytest.mark.parametrize("path", ["/", "/plans/", "/take-part", "/discussion"])
def test_a_first_visit_is_light(chromium, portal, path):
    """All bytes over the wire of a first visit: at most 60 kB, 8 requests, nobody else asked."""
    sizes = visit(chromium, portal, portal.village + path)
    assert sum(sizes.values()) <= 60_000, sizes
    assert len(sizes) <= 8, sizes
    assert all(address.startswith(portal.origin) for address in sizes)


def test_a_first_visit_of_the_plan_is_light(chromium, portal, plan):
    sizes = visit(chromium, portal, plan)
    assert sum(sizes.values()) <= 60_000, sizes
    assert len(sizes) <= 8, sizes


def visit(chromium, portal, address) -> dict[str, int]:
    context = chromium.new_context(viewport={"width": 360, "height": 740})
    page = context.new_page()
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    names, sizes = {}, {}
    session.on(
        "Network.requestWillBeSent",
        lambda e: names.__setitem__(e["requestId"], e["request"]["url"]),
    )
    session.on(
        "Network.loadingFinished",
        lambda e: sizes.__setitem__(names[e["requestId"]], e["encodedDataLength"]),
    )
    page.goto(address)
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    page.wait_for_load_state("networkidle")
    has_rare_name = page.locator(".rare").count() > 0
    context.close()
    fonts = {name for name in sizes if ".woff2" in name}
    assert bool(fonts) is has_rare_name  # the font for rare characters comes where one stands
    return {
        name: size
        for name, size in sizes.items()
        if not name.startswith("data:") and name not in fonts
    }


def test_the_pictures_are_of_this_portal():
    kept = Path(__file__).parents[2] / "docs" / "pictures"
    assert {"home-zh.png", "plan-zh.png", "statistics.png"} <= {p.name for p in kept.glob("*.png")}
