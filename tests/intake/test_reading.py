"""What is understood and repaired: units, digits, heads, texts from Word, names in old zips."""

import io
import struct
import zipfile
from decimal import Decimal

import docx
import pytest
import xlsxwriter

from portal.intake.assembling import EMPTY
from portal.intake.faults import Findings, Note
from portal.intake.markdown_text import read_markdown
from portal.intake.reading import read_bundle
from portal.intake.tables import subjects_of
from tests.intake.conftest import CONTENT, book, geojson, packed


def read(data, name="规划.xlsx", base=EMPTY):
    reading = read_bundle(name, data, base=base, is_new=False)
    assert [(f.reason.value, f.value) for f in reading.findings.faults] == []
    return reading


def notes(reading):
    return {note.reason for note in reading.findings.notes.values()}


@pytest.mark.parametrize(
    ("head", "cell", "hectares", "note"),
    [
        ("面积（公顷）", "1,234.50", "1234.50", Note.THOUSANDS),
        ("面积（公顷）", "１２．３", "12.3", Note.FULL_WIDTH),
        ("面积（亩）", 15, "1", Note.MU),
        ("面积（亩）", 7, "0.4667", Note.MU),
        ("面积（平方米）", 10_000, "1", Note.SQUARE_METRES),
        ("面积（平方米）", 1, "0.0001", Note.SQUARE_METRES),
        ("面积（km²）", "1.5", "150", Note.SQUARE_KILOMETRES),
        ("面积（平方公里）", 2, "200", Note.SQUARE_KILOMETRES),
        ("面积（公顷）", "30亩", "2", Note.UNIT_IN_CELL),
        ("面积", 0.1 + 0.2, "0.3", Note.SYNONYM),
    ],
)
def test_areas_come_in_as_hectares(head, cell, hectares, note):
    rows = [["代码", "基期年" + head, "目标年面积（公顷）"], ["0101", cell, 1]]
    reading = read(book(用地结构调整表=rows))
    assert str(reading.content.structure[0].base_ha) == hectares
    assert note in notes(reading) or note is Note.SYNONYM


@pytest.mark.parametrize(
    ("head", "cell", "yuan"),
    [
        ("投资估算（万元）", 186.5432, 1_865_432),
        ("投资估算（万元）", "0.0001", 1),
        ("投资估算", 12, 120_000),
        ("投资估算（元）", "1,234", 1234),
        ("总投资(亿元)", "1.2", 120_000_000),
        ("投资估算（万元）", "300元", 300),
    ],
)
def test_money_comes_in_as_whole_yuan(head, cell, yuan):
    rows = [["项目名称", head], ["路", cell]]
    assert read(book(近期建设项目表=rows)).content.projects[0].cost_yuan == yuan


def test_a_unit_may_stand_above_the_table():
    rows = [
        ["附表：用地结构调整表"],
        ["单位：亩"],
        ["代码", "基期年面积", "目标年面积"],
        ["0101", 30, 15],
    ]
    [line] = read(book(用地结构调整表=rows)).content.structure
    assert (line.base_ha, line.target_ha) == (2, 1)


def test_heads_in_two_rows_are_read_together():
    rows = [
        ["类别名称", "代码", "规划基期年", None, "规划目标年", None],
        [None, None, "面积", "比重", "面积", "比重"],
        ["水田", "0101", 7, 70, 6, 60],
        ["合计", None, 7, 100, 6, 100],
    ]
    memory = io.BytesIO()
    with xlsxwriter.Workbook(memory) as workbook:
        sheet = workbook.add_worksheet("用地结构调整表")
        for number, row in enumerate(rows):
            for column, cell in enumerate(row):
                if cell is not None:
                    sheet.write(number, column, cell)
        for area in ("A1:A2", "B1:B2"):
            sheet.merge_range(area, rows[0]["AB".index(area[0])])
        sheet.merge_range("C1:D1", "规划基期年")
        sheet.merge_range("E1:F1", "规划目标年")
    reading = read(memory.getvalue())
    [line] = reading.content.structure
    assert (line.code, line.base_ha, line.target_ha) == ("0101", 7, 6)
    assert {Note.MERGED_HEAD, Note.SUM_LEFT_OUT, Note.BASE_NOT_TARGET} <= notes(reading)


def test_sums_are_compared_and_not_taken_in():
    rows = [
        ["类别名称", "代码", "基期年面积（公顷）", "目标年面积（公顷）", "面积变化（公顷）"],
        ["非建设用地", "", 9, 9, 0],
        ["水田", "0101", 9, 9, 0],
        ["建设用地", "", 5, 1, 0],
        ["居住用地", "07", 1, 1, 0],
        ["农村宅基地", "0703", 1, 1, 3],
        ["合计", "", 10, 10, 0],
    ]
    reading = read(book(用地结构调整表=rows))
    assert [line.code for line in reading.content.structure] == ["0101", "0703"]
    differs = [
        (n.value, n.facts) for n in reading.findings.notes.values() if n.reason is Note.SUM_DIFFERS
    ]
    assert differs == [("建设用地", {"said": "5", "ours": "1"})]
    assert Note.CHANGE_DIFFERS in notes(reading)


def test_codes_of_indicators_come_from_names_or_are_made():
    rows = [
        ["序号", "指标", "属性", "单位", "规划基期年（2025）", "规划目标年（2035）"],
        [1, "耕地保有量", "约束性", "亩", 1143, "1,143"],
        [2, "笑脸", "预期性", "张", 1, 2],
    ]
    reading = read(book(目标表=rows))
    first, second = reading.content.indicators
    assert (first.code, first.unit, str(first.base)) == ("arable_land_retained", "公顷", "76.2")
    assert (second.code, second.direction.value) == ("i2", "at_least")
    assert {Note.CODE_BY_NAME, Note.CODE_MADE, Note.ORPHAN_INDICATOR, Note.MU} <= notes(reading)


def test_links_follow_codes_names_and_numbers():
    rows = [
        ["序号", "项目名称", "支撑指标"],
        [1, "路", "耕地保有量、x1"],
        [2, "桥", "2"],
        [3, "田", ""],
    ]
    reading = read(book(近期建设项目表=rows), base=CONTENT)
    found = [project.indicators for project in reading.content.projects]
    assert found == [("arable_land_retained", "x1"), ("x1",), ()]
    assert Note.ORPHAN_PROJECT in notes(reading)
    by_code = {i.code: i.projects for i in reading.content.indicators}
    assert by_code == {"arable_land_retained": ("1",), "x1": ("1", "2")}


@pytest.mark.parametrize(
    ("raw", "subjects"),
    [
        ("0202", ["zone:0202", "landuse:0202"]),
        ("0202 永久基本农田", ["zone:0202"]),
        ("永久基本农田", ["zone:0202", "line:permanent_basic_farmland"]),
        ("0703 农村宅基地", ["landuse:0703"]),
        ("城镇开发边界", ["line:urban_boundary"]),
        ("zone:0301", ["zone:0301"]),
        ("zone:0303", []),
    ],
)
def test_what_a_rule_is_about(raw, subjects):
    assert subjects_of(raw) == subjects


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_tables_as_text_in_every_encoding(encoding):
    data = "序号,目标\n1,守住青溪村的田\n".encode(encoding)
    assert read(data, "目标.csv").content.goals[0].title == "守住青溪村的田"


def test_names_of_old_zips_are_read_as_gbk():
    name = "目标.csv".encode("gbk")
    plain = zipfile.ZipFile(memory := io.BytesIO(), "w")
    with plain:
        plain.writestr("X" * len(name), "序号,目标\n1,守田\n")
    data = memory.getvalue().replace(b"X" * len(name), name)
    assert struct.pack("<H", 0x800) not in data[6:8]
    assert read(data, "a.zip").content.goals[0].title == "守田"


def test_litter_of_packers_is_passed_over_and_other_files_are_said():
    data = packed(
        {
            "村/目标.csv": "序号,目标\n1,守田\n".encode(), "__MACOSX/村/._目标.csv": b"x",
            "村/.DS_Store": b"x", "村/~$规划.xlsx": b"x", "村/照片.jpg": b"x",
        }
    )  # fmt: skip
    reading = read(data, "a.zip")
    unused = [n.value for n in reading.findings.notes.values() if n.reason is Note.UNUSED_FILE]
    assert unused == ["照片.jpg"]


def test_a_text_from_word_becomes_chapters():
    document = docx.Document()
    document.add_heading("青溪村规划", 0)
    document.add_heading("总则", 1)
    document.add_paragraph("规划*范围*是全村。")
    paragraph = document.add_paragraph("必须")
    paragraph.add_run("守住").bold = True
    paragraph.add_run("耕地。")
    document.add_paragraph("第一条", style="List Bullet")
    document.add_paragraph("第一步", style="List Number")
    table = document.add_table(rows=2, cols=2)
    for number, text in enumerate(("指标", "数", "耕地|水田", "76")):
        table.cell(number // 2, number % 2).text = text
    document.add_heading("产业", 1)
    document.add_paragraph("茶。")
    memory = io.BytesIO()
    document.save(memory)
    first, second = read(memory.getvalue(), "文本.docx").content.sections
    assert (first.title, second.title, second.text) == ("总则", "产业", "茶。")
    assert first.text == (
        "规划\\*范围\\*是全村。\n\n必须**守住**耕地。\n\n- 第一条\n1. 第一步\n\n"
        "| 指标 | 数 |\n| --- | --- |\n| 耕地\\|水田 | 76 |"
    )


def test_pictures_and_macros_of_word_are_left_out_and_said():
    document = docx.Document()
    document.add_heading("总则", 1)
    document.add_paragraph("字")
    document.save(memory := io.BytesIO())
    with zipfile.ZipFile(memory, "a") as packed_word:
        for name in ("word/media/image1.png", "word/vbaProject.bin", "word/embeddings/a.bin"):
            packed_word.writestr(name, b"x")
    reading = read(memory.getvalue(), "文本.docx")
    assert {Note.PICTURES, Note.MACROS, Note.EMBEDDED} <= notes(reading)


def test_markdown_is_cut_at_its_highest_headings():
    findings = Findings()
    text = "\ufeff# 青溪村规划\r\n\r\n开头\r\n\r\n## 总则\r\n一\r\n### 细则\r\n二\r\n```\n## 不是\n```\n## 产业\n三"
    parts = [(p.title, p.text) for p in read_markdown("a.md", text, findings)]
    assert parts == [
        ("前言", "开头"),
        ("总则", "一\n### 细则\n二\n```\n## 不是\n```"),
        ("产业", "三"),
    ]


def test_a_timetable_becomes_a_chapter():
    rows = [["阶段", "时间"], ["公示", "三月"]]
    reading = read(book(时间表=rows), base=CONTENT)
    assert [section.title for section in reading.content.sections] == ["总则", "时间表"]
    assert "| 公示 | 三月 |  |" in reading.content.sections[1].text


def test_a_folder_with_a_map_in_several_layers_is_one_bundle():
    data = packed(
        {
            "规划用地.geojson": geojson(),
            "生态保护红线.geojson": geojson(),
            "目标.csv": "序号,目标\n1,守田\n".encode(),
        }
    )
    reading = read(data, "a.zip")
    assert sorted(layer.kind.value for layer in reading.layers) == [
        "ecological_redline",
        "land_use",
    ]
    assert reading.given == ("goals",)


def test_a_limit_of_the_plan_above_that_breaks_is_said():
    rows = [
        ["指标", "属性", "单位", "基期年", "目标年", "上位上限"],
        ["村庄建设用地规模", "预期性", "公顷", 5, Decimal("7.5").__float__(), 7],
    ]
    reading = read(book(目标表=rows))
    assert [n.facts["limit"] for n in reading.findings.notes.values()
            if n.reason is Note.LIMIT_BROKEN] == ["7"]  # fmt: skip


def test_the_finer_type_of_a_facility_is_kept_in_its_note():
    rows = [["小学", "青溪校区", "保留"], ["学校", "总校", ""], ["公厕", "东头公厕", "新建"]]
    sheet = book(设施=[["类型", "名称", "备注"], *rows])
    found = read_bundle("a.xlsx", sheet, base=EMPTY, is_new=False).content.facilities
    assert [(f.kind.value, f.note) for f in found] == [
        ("school", "小学；保留"), ("school", ""), ("waste", "新建"),
    ]  # fmt: skip
