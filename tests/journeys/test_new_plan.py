"""A new plan on a phone: the workbook and a map come in, a notice opens, in ten minutes."""

import re
import time

import numpy
import openpyxl
import shapely
from PIL import Image
from playwright.sync_api import expect
from pyogrio import raw

from tests.journeys.conftest import faults_of

MINUTES = 10
OVERVIEW = {
    "规划名称": "柳岸片区村庄规划",
    "规划类型": "实用性村庄规划",
    "基期年": 2025,
    "目标年": 2035,
    "编制单位": "县规划院（示例）",
    "一分钟读懂": "田不少。\n山不少。\n水更清。\n路更宽。\n房有处建。",
    "三个数字": "1140 | 亩 | 永久基本农田\n2 | 个 | 项目\n186 | 万元 | 投资",
}
ROWS = {
    "目标": [[1, "守住耕地", "永久基本农田一亩不少。"], [2, "修好路", ""]],
    "目标表": [
        [1, None, "耕地保有量", "约束性", "亩", "不低于", "１,143", 1143, None, None, 1140, None, "1"],
        [2, "roads", "硬化路", "预期性", "公里", "不低于", 8, 12, None, None, None, None, "2"],
    ],
    "近期建设项目表": [
        [1, "溪头路拓宽", "基础设施", "拓宽到 5 米", "溪头", 0.6, "2026", 186.5432, "村集体",
         "村委会", None, None, "2027-06-30", "1、3", "roads"],
    ],
    "正文": [[1, "总则", "规划范围是全村。"]],
}  # fmt: skip


def fill(template, path, *, base="１,143"):
    """Fill the downloaded workbook below its examples, as somebody in an office would."""
    book = openpyxl.load_workbook(template)
    for row in book["规划概况"].iter_rows(min_row=2):
        row[1].value = OVERVIEW.get(row[0].value)
    for name, rows in ROWS.items():
        for number, row in enumerate(rows, start=3):
            for column, cell in enumerate(row, start=1):
                book[name].cell(number, column).value = base if cell == "１,143" else cell
    book.save(path)


def draw(path):
    """Write the planned land use and the village's boundary as a GeoPackage."""
    left = shapely.box(119.900, 30.500, 119.905, 30.505)
    right = shapely.box(119.905, 30.500, 119.910, 30.505)
    for layer, shapes, codes in (
        ("规划用地", [left, right], ["0101", "0703"]),
        ("村域范围", [shapely.union(left, right)], [""]),
    ):
        raw.write(
            path,
            geometry=numpy.array([shapely.to_wkb(shape) for shape in shapes], dtype=object),
            field_data=[numpy.array(codes, dtype=object)],
            fields=["code"],
            layer=layer,
            driver="GPKG",
            geometry_type="Polygon",
            crs="EPSG:4490",
            append=path.exists(),
        )


def send(page):
    page.locator("main form[enctype] button[type=submit]").click()


def test_a_plan_comes_in_and_goes_on_notice_in_ten_minutes(phone, portal, take, tmp_path):
    land = tmp_path / "图层.gpkg"
    draw(land)
    photo = tmp_path / "公开栏.jpg"
    Image.new("RGB", (640, 480), "#2f6b4c").save(photo)
    page = phone("committee")
    begin = time.monotonic()

    # from the desk to the workbook that is to be filled
    page.goto(f"{portal.village}/plans/desk")
    page.locator("main a[href$='/intake/']").first.click()
    take(page, "intake-hand-in")
    assert faults_of(page) == []
    with page.expect_download() as waiting:
        page.locator("a[href$='/template-zh.xlsx']").click()
    template = tmp_path / "模板.xlsx"
    waiting.value.save_as(template)

    # one cell is wrong: it is told where, and nothing is written
    wrong, right = tmp_path / "错的.xlsx", tmp_path / "规划.xlsx"
    fill(template, wrong, base="约一千亩")
    page.locator("input[type=file]").set_input_files(wrong)
    page.locator("input[name=place][value=new]").check()
    send(page)
    expect(page.locator("main [role=alert]")).to_be_visible()
    expect(page.locator("main")).to_contain_text("约一千亩")
    expect(page.locator("main")).to_contain_text("目标表 · 第 3 行 · G “规划基期年” 列")
    take(page, "intake-faults")
    assert faults_of(page) == []

    # the corrected workbook goes in
    page.locator("main a[href*='place=new']").click()
    fill(template, right)
    page.locator("input[type=file]").set_input_files(right)
    send(page)
    expect(page.locator("form[action$='/put-in']")).to_be_visible()
    take(page, "intake-understood", full=True)
    assert faults_of(page) == []
    page.locator("form[action$='/put-in'] button[type=submit]").click()
    page.wait_for_url("**/plans/desk/*")
    workbench = page.url

    # and the map into the same draft
    page.goto(f"{portal.village}/intake/?place=draft-{workbench.rsplit('/', 1)[1]}")
    page.locator("input[type=file]").set_input_files(land)
    send(page)
    expect(page.locator("#layers section")).to_have_count(2)
    take(page, "intake-layers", full=True)
    assert faults_of(page) == []
    page.locator("form[action$='/put-in'] button[type=submit]").click()
    page.wait_for_url(workbench)

    # its notice opens
    page.goto(f"{workbench}/notice")
    for name, words in (
        ("party_review_on", time.strftime("%Y-%m-%d")),
        ("party_review_note", "支部会议研究同意"),
        ("board_evidence", "村委会公开栏，老李拍的"),
    ):
        if page.locator(f"main [name={name}]").count():
            page.locator(f"main [name={name}]").fill(words)
    page.locator("main input[type=file]").set_input_files(photo)
    send(page)
    expect(page.locator("main .error, main [role=alert]")).to_have_count(0)
    page.wait_for_url(re.compile(r"/plans/\d+$"))
    expect(page.locator("main")).to_contain_text("柳岸片区村庄规划")
    expect(page.locator("main")).to_contain_text("公示中")
    take(page, "intake-on-notice")
    assert time.monotonic() - begin < MINUTES * 60
    assert page.faults == []
