"""Bad files, each with its own fault: where it stands, and the sentence in both languages."""

import io
import struct
import zipfile
from decimal import Decimal

import docx
import pytest
from flask_babel import force_locale

from portal.intake.assembling import EMPTY
from portal.intake.faults import Fault
from portal.intake.reading import read_bundle
from portal.intake.words import explain, place_words
from portal.plans.rules import PlanKind
from tests.intake.conftest import book, geojson, packed

GOALS = [["序号", "目标", "说明"], [1, "守田", ""]]
INDICATORS = [
    "指标代码",
    "指标",
    "属性",
    "单位",
    "基期年",
    "目标年",
    "对应目标",
    "上位下限",
    "上位上限",
]
STRUCTURE = ["类别名称", "代码", "城镇内", "基期年面积（公顷）", "目标年面积（公顷）"]
PROJECTS = [
    "序号",
    "项目名称",
    "类型",
    "用地面积",
    "投资估算",
    "完成期限",
    "涉及村民小组",
    "支撑指标",
]
FACILITIES = ["类型", "设施名称", "状态", "经度", "纬度", "服务半径"]
CONTROLS = ["对象类型", "管控对象", "规则名称", "管制要求"]
OVERVIEW = [["项目", "内容"], ["规划名称", "甲"], ["基期年", 2025], ["目标年", 2035]]


def overview(*rows):
    return book(规划概况=[OVERVIEW[0], *rows])


def indicators(*rows):
    return book(目标=GOALS, 目标表=[INDICATORS, *rows])


def structure(*rows):
    return book(用地结构调整表=[STRUCTURE, *rows])


def projects(*rows):
    return book(近期建设项目表=[PROJECTS, *rows])


def facilities(*rows):
    return book(设施=[FACILITIES, *rows])


def controls(*rows):
    return book(管制规则=[CONTROLS, *rows])


def zipped(*entries, link=None):
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in entries:
            info = zipfile.ZipInfo(name)
            info.compress_type = zipfile.ZIP_DEFLATED
            if name == link:
                info.external_attr = 0xA1FF << 16
            archive.writestr(info, data)
    return memory.getvalue()


def locked():
    data = bytearray(packed({"目标.csv": "序号,目标\n1,守田\n".encode()}))
    at = data.find(b"PK\x01\x02")
    struct.pack_into("<H", data, at + 8, 1)
    struct.pack_into("<H", data, 6, 1)
    return bytes(data)


def word(*, empty=False):
    memory = io.BytesIO()
    document = docx.Document()
    if not empty:
        document.add_heading("总则", 1)
        document.add_paragraph("正文")
    document.save(memory)
    return memory.getvalue()


SHEET = "规划.xlsx"
LONG = "长" * 121
# name: file, content, fault, place as it is told, and a piece of the sentence in both languages
CASES = {
    "empty file": ("a.csv", b" ", Fault.EMPTY, "a.csv", "文件是空的", "is empty"),
    "pdf": ("a.xlsx", b"%PDF-1.7 x", Fault.PDF, "a.xlsx", "PDF 读不了", "PDF cannot be read"),
    "pdf as text": ("a.docx", b"%PDF-1.7", Fault.PDF, "a.docx", "PDF 读不了", "PDF cannot"),
    "old word": ("a.doc", b"\xd0\xcf\x11\xe0x", Fault.OLD_WORD, "a.doc", "旧版 Word", "old Word"),
    "picture": ("a.png", b"\x89PNG....", Fault.PICTURE, "a.png", "这是图片", "is a picture"),
    "a photo of a map": ("a.tif", b"II*\0....", Fault.PICTURE, "a.tif", "这是图片", "is a picture"),
    "rar called zip": ("a.zip", b"Rar!\x1a", Fault.OTHER_ARCHIVE, "a.zip", "打成 ZIP", "as ZIP"),
    "a drawing of CAD": ("图.dwg", b"AC1032", Fault.OTHER_MAP, "图.dwg", "另存为 Shapefile", "Save it as"),
    "a project of a GIS": (
        "图.qgz", packed({"a.qgs": b"<qgis/>"}), Fault.OTHER_MAP, "图.qgz", "读不了", "cannot be read",
    ),
    "no ending": ("规划", b"abc", Fault.UNKNOWN_KIND, "规划", "XLSX 或 CSV", "XLSX or CSV"),
    "one of the files of a Shapefile": (
        "图.shp", b"\0\0\x27\x0a", Fault.LAYER, "图.shp", ".dbf、.prj", "pack .shp",
    ),
    "a village elsewhere": (
        "规划用地.geojson", geojson([[2.0, 48.0], [2.001, 48.0], [2.001, 48.001], [2.0, 48.0]]),
        Fault.LAYER_ABROAD, "规划用地.geojson · 规划用地", "2.00, 48.00", "outside of China",
    ),
    "rar": ("a.rar", b"Rar!\x1a", Fault.OTHER_ARCHIVE, "a.rar", "打成 ZIP", "as ZIP"),
    "open document": (
        "a.odt", b"x", Fault.OPEN_DOCUMENT, "a.odt", "OpenDocument", "OpenDocument cannot",
    ),
    "broken workbook": (
        SHEET, b"PK\x03\x04" + b"x" * 90, Fault.BROKEN, SHEET, "已损坏", "is broken",
    ),
    "broken word": ("a.docx", b"PK\x03\x04xx", Fault.BROKEN, "a.docx", "已损坏", "is broken"),
    "broken zip": ("a.zip", b"PK\x03\x04xx", Fault.BROKEN, "a.zip", "已损坏", "is broken"),
    "not a workbook": (
        SHEET, "序号,目标\n1,a".encode(), Fault.NOT_A_WORKBOOK, SHEET, "内容却不是", "but is none",
    ),
    "bad encoding": (
        "目标.csv", b"\xff\xff\xfe,x\n", Fault.BAD_ENCODING, "目标.csv", "编码", "neither UTF-8",
    ),
    "bad quotes": (
        "目标.csv", '序号,目标\n1,"a"b\n'.encode(), Fault.BAD_QUOTES, "目标.csv · 第 2 行",
        "引号没有配对", "quotation marks",
    ),
    "password": ("a.zip", locked(), Fault.ENCRYPTED, "a.zip", "有密码", "by a password"),
    "zip slip": (
        "a.zip", zipped(("../目标.csv", b"x")), Fault.ZIP_OUTSIDE, "a.zip", "../目标.csv",
        "leads out of",
    ),
    "drive letter": (
        "a.zip", zipped(("C:/目标.csv", b"x")), Fault.ZIP_OUTSIDE, "a.zip", "压缩包外面", "leads out",
    ),
    "link": (
        "a.zip", zipped(("目标.csv", b"/etc"), link="目标.csv"), Fault.ZIP_LINK, "a.zip",
        "是链接", "is a link",
    ),
    "bomb": (
        "a.zip", zipped(("目标.csv", b"0" * 60_000_000)), Fault.ZIP_BOMB, "a.zip", "大得不正常",
        "unpacks to",
    ),
    "too many": (
        "a.zip", zipped(*((f"{n}.txt", b"") for n in range(501))), Fault.ZIP_TOO_MANY, "a.zip",
        "最多 500 个", "at most 500",
    ),
    "twice in the zip": (
        "a.zip", zipped(("目标.csv", b"x"), ("甲/../目标.CSV".replace("甲/../", ""), b"y")),
        Fault.ZIP_TWICE, "a.zip", "有两个", "twice",
    ),
    "nested zip": (
        "a.zip", packed({"b.zip": packed({"c.txt": b"x"}), "d.txt": "# 一\n字".encode()}),
        Fault.ZIP_NESTED, "b.zip", "还有压缩包", "within the archive",
    ),
    "nothing": ("a.zip", packed({"a.jpg": b"x", "b.jpg": b"y"}), Fault.NOTHING, "a.zip",
                "没有找到规划", "Nothing of a plan"),
    "table twice": (
        "a.zip", packed({"目标.csv": "序号,目标\n1,a\n".encode(), "甲.xlsx": book(目标=GOALS)}),
        Fault.TABLE_TWICE, "甲.xlsx · 目标", "目标.csv", "there twice",
    ),
    "text twice": (
        "a.zip", packed({"a.md": b"# A\nx", "b.md": b"# B\ny"}), Fault.TEXT_TWICE, "b.md",
        "a.md", "two texts",
    ),
    "no text": ("a.docx", word(empty=True), Fault.NO_TEXT, "a.docx", "没有文字", "no text"),
    "no header": (
        SHEET, book(用地结构调整表=[["随便", "写写"], [1, 2]]), Fault.NO_HEADER,
        f"{SHEET} · 用地结构调整表", "必须有：代码", "Needed are: 代码",
    ),
    "missing column": (
        SHEET, book(目标表=[["指标", "单位", "基期年"], ["耕地", "公顷", 1]]), Fault.MISSING_COLUMN,
        f"{SHEET} · 目标表 · 第 1 行 · 属性 列", "缺少“属性”", "“属性” is missing",
    ),
    "column twice": (
        SHEET, book(目标=[["序号", "目标", "目标名称"], [1, "a", "b"]]), Fault.COLUMN_TWICE,
        f"{SHEET} · 目标 · 第 1 行 · C “目标名称” 列", "出现两次", "there twice",
    ),
    "unknown table": (
        "随便.csv", "甲,乙\n1,2\n".encode(), Fault.UNKNOWN_TABLE, "随便.csv · 随便", "看不出",
        "cannot tell",
    ),
    "empty cell": (
        SHEET, book(目标=[["序号", "目标"], [1, ""], [2, "b"]]), Fault.MISSING,
        f"{SHEET} · 目标 · 第 2 行 · B “目标” 列", "不能空", "must not be empty",
    ),
    "too long": (
        SHEET, book(目标=[["序号", "目标"], [1, LONG]]), Fault.TOO_LONG,
        f"{SHEET} · 目标 · 第 2 行 · B “目标” 列", "最多 120 个字", "at most 120",
    ),
    "formula error": (
        SHEET, indicators(["a", "甲", "约束性", "公顷", "#DIV/0!", 2, "1"]), Fault.CELL_ERROR,
        f"{SHEET} · 目标表 · 第 2 行 · E “基期年” 列", "#DIV/0!", "has failed",
    ),
    "no number": (
        SHEET, indicators(["a", "甲", "约束性", "公顷", "约十二", 2, "1"]), Fault.NOT_A_NUMBER,
        f"{SHEET} · 目标表 · 第 2 行 · E “基期年” 列", "“约十二”不是数字", "is no number",
    ),
    "bad thousands": (
        SHEET, indicators(["a", "甲", "约束性", "公顷", "12,34", 2, "1"]), Fault.NOT_A_NUMBER,
        f"{SHEET} · 目标表 · 第 2 行 · E “基期年” 列", "“12,34”", "“12,34”",
    ),
    "too many digits": (
        SHEET, indicators(["a", "甲", "约束性", "公顷", "1" * 31, 2, "1"]), Fault.TOO_MANY_DIGITS,
        f"{SHEET} · 目标表 · 第 2 行 · E “基期年” 列", "位数太多", "too many digits",
    ),
    "other unit": (
        SHEET, structure(["水田", "0101", "", "12 斤", 2]), Fault.OTHER_UNIT,
        f"{SHEET} · 用地结构调整表 · 第 2 行 · D “基期年面积（公顷）” 列", "“斤”", "the unit “斤”",
    ),
    "negative area": (
        SHEET, structure(["水田", "0101", "", -1, 2]), Fault.NEGATIVE,
        f"{SHEET} · 用地结构调整表 · 第 2 行 · D “基期年面积（公顷）” 列", "是负数", "less than nothing",
    ),
    "not whole yuan": (
        SHEET, projects([1, "路", "", "", "1.23456"]), Fault.NOT_WHOLE_YUAN,
        f"{SHEET} · 近期建设项目表 · 第 2 行 · E “投资估算” 列", "不是整数", "whole yuan",
    ),
    "too much money": (
        SHEET, projects([1, "路", "", "", "99999999999"]), Fault.TOO_MUCH,
        f"{SHEET} · 近期建设项目表 · 第 2 行 · E “投资估算” 列", "大得不可能", "more than there can be",
    ),
    "negative indicator": (
        SHEET, indicators(["a", "甲", "约束性", "公顷", -5, 2, "1"]), Fault.NEGATIVE,
        f"{SHEET} · 目标表 · 第 2 行 · E “基期年” 列", "是负数", "less than nothing",
    ),
    "share of land less than nothing": (
        SHEET, indicators(["a", "甲", "约束性", "公顷", 1, "-0.5", "1"]), Fault.NEGATIVE,
        f"{SHEET} · 目标表 · 第 2 行 · F “目标年” 列", "是负数", "less than nothing",
    ),
    "rate below the world": (
        SHEET, indicators(["a", "甲", "约束性", "‰", -1e23, 2, "1"]), Fault.TOO_LITTLE,
        f"{SHEET} · 目标表 · 第 2 行 · E “基期年” 列", "小得不可能", "less than there can be",
    ),
    "indicator beyond the world": (
        SHEET, indicators(["a", "甲", "约束性", "公顷", 1, 1e23, "1"]), Fault.TOO_MUCH,
        f"{SHEET} · 目标表 · 第 2 行 · F “目标年” 列", "大得不可能", "more than there can be",
    ),
    "indicator next to nothing": (
        SHEET, indicators(["a", "甲", "约束性", "处", 1e-23, 2, "1"]), Fault.TOO_LITTLE,
        f"{SHEET} · 目标表 · 第 2 行 · E “基期年” 列", "小得不可能", "less than there can be",
    ),
    "area beyond the world": (
        SHEET, structure(["水田", "0101", "", 1e23, 2]), Fault.TOO_MUCH,
        f"{SHEET} · 用地结构调整表 · 第 2 行 · D “基期年面积（公顷）” 列", "大得不可能", "more than there",
    ),
    "built backwards": (
        SHEET, book(近期建设项目表=[["序号", "项目名称", "建设年限"], [1, "路", "2035-2026"]]),
        Fault.BUILT_IN_ORDER, f"{SHEET} · 近期建设项目表 · 第 2 行 · C “建设年限” 列", "早于开始",
        "ends before it begins",
    ),
    "built for ever": (
        SHEET, book(近期建设项目表=[["序号", "项目名称", "建设年限"], [1, "路", "0-9999999"]]),
        Fault.NOT_A_YEAR, f"{SHEET} · 近期建设项目表 · 第 2 行 · C “建设年限” 列", "不是年份", "no year",
    ),
    "half a person": (
        SHEET, overview(["户籍人口", "12.5"]), Fault.NOT_WHOLE,
        f"{SHEET} · 规划概况 · 第 2 行 · B “内容” 列", "不是整数", "no whole number",
    ),
    "no year": (
        SHEET, overview(["基期年", "25"]), Fault.NOT_A_YEAR,
        f"{SHEET} · 规划概况 · 第 2 行 · B “内容” 列", "不是年份", "no year",
    ),
    "years the wrong way round": (
        SHEET, overview(["基期年", 2035], ["目标年", 2025]), Fault.YEARS_IN_ORDER,
        f"{SHEET} · 规划概况 · 第 3 行 · B “内容” 列", "早于基期年 2035", "before the base year 2035",
    ),
    "no date": (
        SHEET, projects([1, "路", "", "", "", "2027-02-30"]), Fault.NOT_A_DATE,
        f"{SHEET} · 近期建设项目表 · 第 2 行 · F “完成期限” 列", "不是日期", "no date",
    ),
    "unknown nature": (
        SHEET, indicators(["a", "甲", "重要", "公顷", 1, 2, "1"]), Fault.UNKNOWN_WORD,
        f"{SHEET} · 目标表 · 第 2 行 · C “属性” 列", "约束性、预期性", "约束性、预期性",
    ),
    "unknown kind of project": (
        SHEET, projects([1, "路", "魔法"]), Fault.UNKNOWN_WORD,
        f"{SHEET} · 近期建设项目表 · 第 2 行 · C “类型” 列", "不认识“魔法”", "not known here",
    ),
    "unknown line of the overview": (
        SHEET, overview(["天气", "晴"]), Fault.UNKNOWN_HEAD,
        f"{SHEET} · 规划概况 · 第 2 行 · A “项目” 列", "没有“天气”", "no line “天气”",
    ),
    "said twice": (
        SHEET, overview(["基期年", 2025], ["基期年", 2026]), Fault.HEAD_TWICE,
        f"{SHEET} · 规划概况 · 第 3 行 · A “项目” 列", "第 2 行", "row 2",
    ),
    "bad figure": (
        SHEET, overview(["三个数字", "1140亩"]), Fault.BAD_FIGURE,
        f"{SHEET} · 规划概况 · 第 2 行 · B “内容” 列", "数字 | 单位", "number | unit",
    ),
    "code twice": (
        SHEET, indicators(["a", "甲", "约束性", "公顷", 1, 2, "1"], ["a", "乙", "预期性", "处", 1, 2]),
        Fault.CODE_TWICE, f"{SHEET} · 目标表 · 第 3 行 · A “指标代码” 列", "第 2 行", "row 2",
    ),
    "project twice": (
        SHEET, projects([1, "路"], [1, "桥"]), Fault.CODE_TWICE,
        f"{SHEET} · 近期建设项目表 · 第 3 行 · A “序号” 列", "第 2 行", "row 2",
    ),
    "goal twice": (
        SHEET, book(目标=[["序号", "目标"], [1, "a"], [1, "b"]]), Fault.NUMBER_TWICE,
        f"{SHEET} · 目标 · 第 3 行 · A “序号” 列", "用了两次", "used twice",
    ),
    "unknown class": (
        SHEET, structure(["水田", "9901", "", 1, 2]), Fault.UNKNOWN_CLASS,
        f"{SHEET} · 用地结构调整表 · 第 2 行 · B “代码” 列", "“9901”", "no land-use code",
    ),
    "old class": (
        SHEET, structure(["村庄内部道路", "060102", "", 1, 2]), Fault.OLD_CLASS,
        f"{SHEET} · 用地结构调整表 · 第 2 行 · B “代码” 列", "现在是 1207", "now it is 1207",
    ),
    "class twice": (
        SHEET, structure(["水田", "0101", "", 1, 2], ["水田", "0101", "", 3, 3]), Fault.CLASS_TWICE,
        f"{SHEET} · 用地结构调整表 · 第 3 行 · B “代码” 列", "第 2 行", "row 2",
    ),
    "unknown goal": (
        SHEET, indicators(["a", "甲", "约束性", "公顷", 1, 2, "7"]), Fault.UNKNOWN_GOAL,
        f"{SHEET} · 目标表 · 第 2 行 · G “对应目标” 列", "“7”", "no goal “7”",
    ),
    "goal named twice": (
        SHEET, indicators(["a", "甲", "约束性", "公顷", 1, 2, "1、1"]), Fault.LINK_TWICE,
        f"{SHEET} · 目标表 · 第 2 行 · G “对应目标” 列", "写了两次", "named twice",
    ),
    "weight": (
        SHEET, indicators(["a", "甲", "约束性", "公顷", 1, 2, "1:3"]), Fault.BAD_WEIGHT,
        f"{SHEET} · 目标表 · 第 2 行 · G “对应目标” 列", "权重", "a weight",
    ),
    "limits": (
        SHEET, indicators(["a", "甲", "约束性", "公顷", 1, 2, "1", 5, 4]), Fault.LIMITS_CROSSED,
        f"{SHEET} · 目标表 · 第 2 行 · H “上位下限” 列", "还大", "above the upper limit 4",
    ),
    "unknown indicator": (
        SHEET, projects([1, "路", "", "", "", "", "", "幸福"]), Fault.UNKNOWN_INDICATOR,
        f"{SHEET} · 近期建设项目表 · 第 2 行 · H “支撑指标” 列", "“幸福”", "no indicator “幸福”",
    ),
    "groups": (
        SHEET, projects([1, "路", "", "", "", "", "东头组"]), Fault.BAD_GROUPS,
        f"{SHEET} · 近期建设项目表 · 第 2 行 · G “涉及村民小组” 列", "“东头组”", "no number of",
    ),
    "facility without a kind": (
        SHEET, facilities(["", "卫生室"]), Fault.MISSING,
        f"{SHEET} · 设施 · 第 2 行 · A “类型” 列", "不能空", "must not be empty",
    ),
    "half a place": (
        SHEET, facilities(["村卫生所", "卫", "规划", 118.5]), Fault.HALF_A_PLACE,
        f"{SHEET} · 设施 · 第 2 行 · D “经度” 列", "要么都填", "both be there",
    ),
    "swapped": (
        SHEET, facilities(["村卫生所", "卫", "规划", 29.2, 29.1]), Fault.OUT_OF_CHINA,
        f"{SHEET} · 设施 · 第 2 行 · D “经度” 列", "写反", "swapped",
    ),
    "radius": (
        SHEET, facilities(["村卫生所", "卫", "规划", 118.5, 29.2, 0]), Fault.BAD_RADIUS,
        f"{SHEET} · 设施 · 第 2 行 · F “服务半径” 列", "1 到 50000", "between 1 and",
    ),
    "unknown subject": (
        SHEET, controls(["", "月球", "a", "b"]), Fault.UNKNOWN_SUBJECT,
        f"{SHEET} · 管制规则 · 第 2 行 · B “管控对象” 列", "“月球”", "no zone",
    ),
    "unclear subject": (
        SHEET, controls(["", "0101", "a", "b"]), Fault.UNCLEAR_SUBJECT,
        f"{SHEET} · 管制规则 · 第 2 行 · B “管控对象” 列", "哪一种", "which it is",
    ),
    "layer": (
        "规划用地.geojson", geojson(code="9999"), Fault.LAYER, "规划用地.geojson · 规划用地 · 第 1 个图形 · code 列",
        "用地代码", "land-use code",
    ),
    "layer twice": (
        "a.zip", packed({"规划用地.geojson": geojson(), "规划用地2.geojson": geojson()}),
        Fault.LAYER_TWICE, "规划用地2.geojson · 规划用地2", "同一内容", "show the same",
    ),
    "no name": (SHEET, book(目标=GOALS), Fault.NO_NAME, SHEET, "要有名称", "needs its name"),
    "name taken": (
        SHEET, book(规划概况=OVERVIEW), Fault.NAME_TAKEN, f"{SHEET} · 规划概况 · 第 2 行 · B “内容” 列",
        "已有规划“甲”", "already",
    ),
    "no years": (
        SHEET, overview(["规划名称", "甲"]), Fault.NO_YEARS, f"{SHEET} · 规划概况",
        "基期年和目标年", "base year and target year",
    ),
}  # fmt: skip
NEEDS_A_NEW_PLAN = {"no name", "no years", "name taken"}


@pytest.mark.parametrize("name", list(CASES))
def test_each_bad_file_says_where_and_why(app, name):
    filename, data, fault, place, chinese, english = CASES[name]
    is_new, taken = name in NEEDS_A_NEW_PLAN, ("甲",) if fault is Fault.NAME_TAKEN else ()
    reading = read_bundle(filename, data, base=EMPTY, is_new=is_new, taken=taken)
    found = [remark for remark in reading.findings.faults if remark.reason is fault]
    assert len(found) >= 1, [remark.reason for remark in reading.findings.faults]
    others = {remark.reason for remark in reading.findings.faults} - {fault}
    assert others <= ({Fault.NO_YEARS} if fault is Fault.NO_NAME else set())
    with app.test_request_context("/"):
        with force_locale("zh_Hans"):
            assert place_words(found[0].place) == place
            assert chinese in explain(found[0])
        with force_locale("en"):
            assert english in explain(found[0])


def test_every_fault_has_a_file_of_its_own():
    covered = {case[2] for case in CASES.values()}
    unmade = {Fault.TOO_LARGE, Fault.TOO_MANY_ROWS, Fault.TOO_FAR, Fault.XML, Fault.NOT_A_TABLE}
    assert set(Fault) - covered == unmade
    assert len(CASES) >= 40


def test_all_faults_are_said_at_once(app):
    data = book(
        规划概况=[OVERVIEW[0], ["规划名称", "甲"], ["基期年", "x"], ["目标年", 2035]],
        目标=[["序号", "目标"], [1, ""]],
        目标表=[INDICATORS, ["a", "甲", "重要", "公顷", "x", "y", "9"]],
        近期建设项目表=[PROJECTS, [1, "", "魔法", -1, "x", "y", "z", "无此指标"]],
    )
    faults = read_bundle(SHEET, data, base=EMPTY, is_new=False).findings.faults
    assert sorted(remark.reason.value for remark in faults) == sorted(
        ["not-a-year", "missing", "unknown-word", "not-a-number", "not-a-number", "unknown-goal",
         "missing", "unknown-word", "negative", "not-a-number", "not-a-date", "bad-groups",
         "unknown-indicator"]
    )  # fmt: skip


@pytest.mark.parametrize("unit", ["%", "％", "‰", "个百分点"])
def test_a_rate_may_fall(unit):
    data = indicators(["a", "人口增长率", "预期性", unit, -3.2, "-1.5", "1"])
    reading = read_bundle(SHEET, data, base=EMPTY, is_new=False)
    assert reading.findings.faults == []
    assert [(i.base, i.target) for i in reading.content.indicators] == [
        (Decimal("-3.2"), Decimal("-1.5"))
    ]


@pytest.mark.parametrize(
    "years",
    ["2026", "2026-2035", "2026—2027年", "2026年6月至2028年12月", "2026.06-2026.12",
     "202606-202712", "2026-06", "2026-28", "2026、2030", "近期", "十四五", "1-3年", ""],
)  # fmt: skip
def test_years_of_building_as_people_write_them(years):
    data = book(近期建设项目表=[["序号", "项目名称", "建设年限"], [1, "路", years]])
    reading = read_bundle(SHEET, data, base=EMPTY, is_new=False)
    assert reading.findings.faults == [] and reading.content.projects[0].year == years


def test_a_kind_of_plan_is_read():
    reading = read_bundle(
        SHEET, overview(*OVERVIEW[1:], ["规划类型", "专项规划"]), base=EMPTY, is_new=True
    )
    assert reading.content.kind is PlanKind.SPECIAL and reading.findings.faults == []
