"""A new village of 1 500 residents: from nothing to printed slips, by somebody new, in ten minutes."""

import random
import re
import subprocess
import sys
import time

import openpyxl
from playwright.sync_api import expect

from tests.journeys.conftest import DESKTOP, ROOT, faults_of, go

COUNTY, CODE = "330521", "330521100201"
MINUTES = 10
PEOPLE = 1500


def roster_of(people: int, path) -> None:
    """Write a roster as a committee keeps it: a title, merged heads, full-width digits, gaps."""
    chance = random.Random(2026)
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "花名册"
    sheet.append(["柳岸村村民花名册(2026年)"])
    sheet.merge_cells("A1:H1")
    sheet.append(["户号", "组别", "姓名", "性别", "出生日期", "联系电话", "与户主关系", "备注"])
    surnames, given = (
        "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林",
        "秀英桂兰建国志明小红海燕春华玉梅国强丽军",
    )
    household = 0
    for number in range(people):
        is_head = number % 4 == 0
        household += is_head
        day = f"{chance.randint(1940, 2007)}-{chance.randint(1, 12)}-{chance.randint(1, 28)}"
        name = chance.choice(surnames) + "".join(chance.sample(given, 2))
        phone = f"136{number:08}" if number % 3 else ""
        group = f"第{household % 10 + 1}组".translate(
            str.maketrans("0123456789", "０１２３４５６７８９")
        )
        sheet.append(
            [f"{household:03}", group, name, chance.choice("男女"), day, phone,
             "户主" if is_head else "家庭成员", ""]
        )  # fmt: skip
    book.save(path)


def sign_in(page, address) -> None:
    """Open a printed code, and say that the notice was read."""
    page.goto(address)
    go(page, page.locator("form[action$='/sign-in/slip'] button[type=submit]"))
    go(page, page.locator("form[action$='/privacy/read'] button[type=submit]"))


def send(page) -> None:
    go(page, page.locator("main form[method=post] button[type=submit]").first)


def test_from_nothing_to_printed_slips_in_ten_minutes(phone, portal, take, tmp_path):
    made = subprocess.run(
        [sys.executable, "-m", "flask", "--app", "wsgi", "operator", COUNTY, "沈主任",
         "--names", "浙江省/湖州市/德清县"],
        cwd=ROOT, env=portal.environment, capture_output=True, text=True, check=True,
    )  # fmt: skip
    roster = tmp_path / "花名册.xlsx"
    roster_of(PEOPLE, roster)
    begin = time.monotonic()
    village = f"{portal.origin}/v/{CODE}"

    # the operator of the county adds the village; a digit is forgotten first
    page = phone(size=DESKTOP)
    slip = re.search(r"/slip/(\w+)", made.stdout)[1]
    sign_in(page, f"{portal.origin}/v/{COUNTY}/slip/{slip}")
    page.locator("main a[href$='/desk/villages/new']").click()
    page.locator("#code").fill(CODE[:11])
    page.locator("main form[method=get] button[type=submit]").click()
    expect(page.locator("#code-error")).to_be_visible()
    page.locator("#code").fill(CODE)
    page.locator("main form[method=get] button[type=submit]").click()
    page.locator("input[name=township]").fill("柳岸镇")
    page.locator("input[name=name]").fill("柳岸村")
    send(page)
    expect(page.locator("h1")).to_be_visible()
    page.goto(f"{village}/desk/setup")
    take(page, "setup-village")
    assert faults_of(page) == []

    # and gives its administrator the post, with a slip
    page.locator("main a[href*='role=administrator']").click()
    page.locator("main a[href*='outside=1']").click()
    page.locator("input[name=name]").fill("柳文书")
    page.locator("input[name=phone]").fill("13700000001")
    send(page)
    go(page, page.locator("form[action$='/slip'] button[type=submit]"))
    code = re.search(r"[0-9A-Z]{4}(-[0-9A-Z]{4}){2}", page.locator("main").inner_text())[0]

    # who puts in the roster: first a file with a fault, then the right one
    page = phone(size=DESKTOP)
    sign_in(page, f"{village}/slip/{code.replace('-', '')}")
    page.goto(f"{village}/desk/roster/import")
    wrong = tmp_path / "错的.csv"
    wrong.write_text("户号,组别,姓名,性别,出生日期\n1,1,王小明,男,2090-01-01\n")
    page.locator("input[type=file]").set_input_files(wrong)
    page.locator("input[name=missing]").first.check()
    send(page)
    expect(page.locator("main table")).to_contain_text("2")
    page.locator("input[type=file]").set_input_files(roster)
    page.locator("input[name=missing]").first.check()
    send(page)
    expect(page.locator("main")).to_contain_text("1500")
    take(page, "roster-review")
    assert faults_of(page) == []
    go(page, page.locator("form[action$='/put-in'] button[type=submit]"))

    # and prints the slips of everybody
    page.goto(f"{village}/desk/slips")
    take(page, "slips")
    page.locator("input[name=whose]").first.check()
    page.locator("input[name=is_sure]").check()
    with page.expect_download() as waiting:
        page.locator("main form[method=post] button[type=submit]").first.click()
    paper = tmp_path / "slips.pdf"
    waiting.value.save_as(paper)
    words = subprocess.run(
        ["pdftotext", "-layout", str(paper), "-"], capture_output=True, text=True, check=True
    ).stdout
    codes = set(re.findall(r"\b[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}\b", words))
    assert len(codes) == PEOPLE // 4
    assert time.monotonic() - begin < MINUTES * 60

    # a household opens its slip on a phone
    page = phone()
    page.goto(f"{village}/slip/{min(codes).replace('-', '')}")
    page.locator("form[action$='/sign-in/slip'] button[type=submit]").click()
    expect(page.locator("main input[name=who]")).to_have_count(4)
    take(page, "who-zh")
    assert faults_of(page) == []
    assert page.faults == []
