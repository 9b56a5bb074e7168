"""Rosters as committees really keep them: every file form, titles, merged cells, footers, words."""

import io
import random
import re
from datetime import date, datetime
from time import process_time

import openpyxl
import pytest

from portal.core import workbooks
from portal.core.open_sheets import Limits, Unread, Unreadable
from portal.core.sheets import csv_bytes
from portal.core.tables import open_table
from portal.people.rules import IdFlaw, Sex, id_check_character, id_sex, why_not_id_number
from portal.roster.cells import (
    parse_day,
    read_group,
    read_id_number,
    read_name,
    read_phone,
)
from portal.roster.columns import column_key, column_letter
from portal.roster.faults import Fault, Note
from portal.roster.reading import RosterFile, read_file, read_sheets
from portal.roster.template import EXAMPLES, template_csv, template_xlsx
from tests.roster.old_excel import xls
from tests.roster.test_faults import id_number, xlsx

DAY = date(2026, 11, 21)
HEADS = ["户号", "组", "姓名", "性别", "出生日期"]
PEOPLE = [["1", "3", "张𬭚", "男", "1958-03-02"], ["2", "4", "李四", "女", "1990-01-31"]]
TEXT = "\n".join(",".join(line) for line in [HEADS, *PEOPLE])
PAGE = (
    "<html><head><meta charset=gb2312><style>td {{x}}</style></head><body><table>{}</table></body>"
)
HTML = PAGE.format(
    "".join("<tr>" + "".join(f"<td>{c}</td>" for c in line) + "</tr>" for line in [HEADS, *PEOPLE])
)


def read(content, filename="名册.csv", **facts):
    content = content.encode() if isinstance(content, str) else content
    return read_file(filename, content, day=DAY, **facts)


def people(reading):
    assert reading.faults == []
    return [(r.household, r.group, r.name, r.sex.value, r.born_on) for r in reading.rows]


BOTH = [
    ("1", 3, "张𬭚", "male", date(1958, 3, 2)),
    ("2", 4, "李四", "female", date(1990, 1, 31)),
]


@pytest.mark.parametrize(
    ("filename", "content"),
    [
        ("名册.csv", TEXT.encode()),
        ("名册.csv", TEXT.encode("utf-8-sig")),
        ("名册.csv", TEXT.encode("gb18030")),
        ("名册.csv", TEXT.encode("utf-16")),
        ("名册.csv", b"\xfe\xff" + TEXT.encode("utf-16-be")),
        ("名册.csv", TEXT.encode("utf-16-le")),
        ("名册.txt", TEXT.encode("utf-16-be")),
        ("名册.tsv", TEXT.replace(",", "\t").encode("utf-16")),
        ("名册.txt", TEXT.replace(",", ";").encode()),
        ("名册.txt", TEXT.replace(",", "，").encode()),
        ("名册.xls", TEXT.replace(",", "\t").encode("gb18030")),
        ("名册.csv", TEXT.replace("\n", "\r\n").encode()),
        ("名册.xlsx", xlsx(HEADS, *PEOPLE)),
        ("名册.xls", xlsx(HEADS, *PEOPLE)),
        ("名册.xls", xls([HEADS, *PEOPLE])),
        ("名册.et", xls([HEADS, *PEOPLE])),
        ("名册.xls", HTML.encode("gb18030")),
        ("名册.xls", HTML.encode("utf-8-sig")),
    ],
)
def test_every_form_of_file_is_read_by_what_it_is(filename, content):
    assert people(read(content, filename)) == BOTH


def test_an_old_workbook_under_a_password_says_so():
    reading = read(xls([HEADS, *PEOPLE], is_locked=True), "名册.xls")
    assert [f.fault for f in reading.faults] == [Fault.FILE_ENCRYPTED]


def test_cells_keep_their_kind():
    rows = [
        HEADS,
        [1, 3, "张三", "男", datetime(1958, 3, 2)],  # noqa: DTZ001 -- as spreadsheets keep them
        [2.0, 3, "李四", "男", date(1958, 3, 2)],
        ["003", "第3组", "王五", "男", 21246],
        [4, 3, "赵六", "男", 1958],
    ]
    assert people(read(xlsx(*rows), "名册.xlsx")) == [
        ("1", 3, "张三", "male", date(1958, 3, 2)),
        ("2", 3, "李四", "male", date(1958, 3, 2)),
        ("003", 3, "王五", "male", date(1958, 3, 2)),
        ("4", 3, "赵六", "male", date(1958, 12, 31)),
    ]


def test_a_table_as_a_committee_prints_it():
    lines = [
        ["青溪村户籍人口花名册"],
        ["填报单位：青溪村村民委员会", "", "", "", "2026年11月"],
        ["序号", "户号", "组别", "基本情况", "", "", "联系", "备 注"],
        ["", "", "", "姓 名", "性别", "公民身份号码", "手机号", ""],
        ["1", "2", "3", "4", "5", "6", "7", "8"],
        ["1", "０１", "第三组", "张　三", "男", id_number(), "１３９１２３４５６７８", ""],
        ["2", "", "", " 李小花", "", id_number("330523199211201", "24"), "无", "在杭州务工"],
        [],
        ["序号", "户号", "组别", "姓 名", "性别", "公民身份号码", "手机号", "备 注"],
        ["3", "02", "三组", "欧阳·明", "", "", "139-1234-5679", ""],
        ["合计", "", "", "3人"],
        ["填表人：王主任", "", "", "", "审核人："],
        ["注：本表一式两份"],
    ]
    heads = ["A1:H1", "A3:A4", "B3:B4", "C3:C4", "D3:F3", "H3:H4"]
    content = xlsx(*lines, merged=[*heads, "B6:B7", "C6:C7"])
    reading = read(content, "名册.xlsx")
    assert people(reading) == [
        ("01", 3, "张三", "male", date(1990, 1, 31)),
        ("01", 3, "李小花", "female", date(1992, 11, 20)),
        ("02", 3, "欧阳·明", "unknown", None),
    ]
    assert [r.phone for r in reading.rows] == ["13912345678", None, "13912345679"]
    assert [r.row for r in reading.rows] == [6, 7, 10]
    told = [(n.note, n.row, n.count) for n in reading.notes]
    assert (Note.FOOTER, 11, 3) in told
    assert (Note.REMARKS_NOT_KEPT, 7, 1) in told
    assert reading.given == {"group", "sex", "id_number", "phone"}


def test_without_merged_heads_two_rows_are_one_head_too():
    text = "序号,户号,组,基本情况,,联系\n,,,姓名,性别,电话\n1,9,3,李四,男,13912345678"
    assert people(read(text)) == [("9", 3, "李四", "male", None)]


def test_cells_that_are_merged_downwards_count_for_each_row_and_blank_ones_do_not():
    lines = [["户号", "组", "姓名"], ["7", "2", "张三"], ["", "", "李四"], ["", "", "王五"]]
    reading = read(xlsx(*lines, merged=["A2:A3", "B2:B4"]), "名册.xlsx")
    assert [(r.household, r.group, r.name) for r in reading.rows] == [
        ("7", 2, "张三"),
        ("7", 2, "李四"),
    ]
    assert [(f.fault, f.row, f.column) for f in reading.faults] == [(Fault.NO_HOUSEHOLD, 4, "A")]
    old = xls(lines, merged=[(1, 0, 3, 0), (1, 1, 3, 1)])
    assert [r.name for r in read(old, "名册.xls").rows] == ["张三", "李四", "王五"]


def test_a_web_page_with_merged_cells():
    body = (
        "<tr><th colspan=3>名册</th></tr><tr><td>户号<td>组<td>姓&nbsp;名</tr>"
        "<tr><td rowspan='2'>7</td><td rowspan=2>2</td><td>张<b>三</b></td></tr>"
        "<tr><td>李四<br></td></tr><tr><td>8</td><td>2</td><td>王五</td></tr>"
    )
    assert [r[:3] for r in people(read(PAGE.format(body), "名册.xls"))] == [
        ("7", 2, "张三"),
        ("7", 2, "李四"),
        ("8", 2, "王五"),
    ]


def test_several_sheets_are_one_roster_and_may_name_the_group():
    heads = ["户号", "姓名", "备注"]
    content = xlsx(
        heads,
        ["1", "张三", ""],
        name="一组",
        more=[
            ("第2组", [heads, ["2", "李四", ""]]),
            ("统计", [["项目", "数量"], ["人口", 2]]),
            ("空表", []),
        ],
    )
    book = openpyxl.load_workbook(io.BytesIO(content))
    hidden = book.create_sheet("去年")
    hidden.append(["户号", "组", "姓名"])
    hidden.append(["9", "9", "旧人"])
    hidden.sheet_state = "hidden"
    memory = io.BytesIO()
    book.save(memory)
    reading = read(memory.getvalue(), "名册.xlsx")
    assert [r[:3] for r in people(reading)] == [("1", 1, "张三"), ("2", 2, "李四")]
    assert [r.sheet for r in reading.rows] == ["一组", "第2组"]
    assert [(n.note, n.sheet) for n in reading.notes] == [
        (Note.GROUP_FROM_SHEET, "一组"),
        (Note.GROUP_FROM_SHEET, "第2组"),
        (Note.SHEET_EMPTY, "空表"),
        (Note.SHEET_HIDDEN, "去年"),
        (Note.SHEET_WITHOUT_PEOPLE, "统计"),
    ]


def test_headings_between_the_rows_may_name_the_group():
    text = "户号,姓名\n第一组,\n1,张三\n第2村民小组,\n2,李四"
    assert [r[:3] for r in people(read(text))] == [("1", 1, "张三"), ("2", 2, "李四")]
    title = "青溪村第十二组花名册,\n户号,姓名\n1,张三"
    assert people(read(title))[0][:3] == ("1", 12, "张三")
    nothing = read("户号,姓名\n1,张三\n2,李四")
    assert [(f.fault, f.row, f.value) for f in nothing.faults] == [(Fault.MISSING_COLUMN, 1, "组")]


def test_what_contradicts_an_earlier_row_names_it():
    lines = [HEADS, ["1", "3", "张三", "男", ""]]
    more = [("乙", [HEADS, ["1", "4", "李四", "男", ""]])]
    (fault,) = read(xlsx(*lines, name="甲", more=more), "名册.xlsx").faults
    assert (fault.fault, fault.sheet, fault.row) == (Fault.TWO_GROUPS, "乙", 2)
    assert (fault.other_sheet, fault.other_row) == ("甲", 2)


def test_the_relation_to_the_head_names_the_representative_where_no_column_does():
    text = "户号,组,姓名,与户主关系\n1,3,张三,户主\n1,3,李花,妻\n1,3,张小,长子"
    assert [r.is_head for r in read(text).rows] == [True, False, False]
    text = "户号,组,姓名,与户主关系,户代表\n1,3,张三,户主,否\n1,3,李花,妻,是"
    assert [r.is_head for r in read(text).rows] == [False, True]


def test_the_name_of_the_head_may_stand_for_the_household():
    text = "户主姓名,组,姓名\n张三,3,张三\n张三,3,李花\n王五,3,王五"
    reading = read(text)
    assert [(r.household, r.is_head) for r in reading.rows] == [
        ("3-张三", True),
        ("3-张三", False),
        ("3-王五", True),
    ]
    assert [(n.note, n.count) for n in reading.notes] == [(Note.HOUSEHOLD_BY_HEAD, 3)]


def test_the_column_of_heads_may_hold_names_or_yes_and_no():
    names = "户号,组,姓名,户主\n1,3,张三,张三\n1,3,李花,张三"
    assert [r.is_head for r in read(names).rows] == [True, False]
    signs = "户号,组,姓名,户主\n1,3,张三,√\n1,3,李花,"
    assert [r.is_head for r in read(signs).rows] == [True, False]


def test_of_two_people_of_one_name_the_birth_date_tells():
    head = "户号,组,姓名,出生日期,身份证号\n"
    reading = read(head + "1,3,张三,1950-01-01,\n1,3,张三,1980-01-01,")
    assert len(reading.rows) == 2
    assert [n.note for n in reading.notes] == [Note.TOLD_APART]
    reading = read(head + "1,3,张三,1950,\n1,3,张三,1980,")
    assert [f.fault for f in reading.faults] == [Fault.SAME_NAME_UNCLEAR]
    reading = read(head + f"1,3,张三,,{id_number()}\n1,3,张三,,{id_number(sequence='13')}")
    assert [f.fault for f in reading.faults] == [Fault.TWICE]
    three = "1,3,张三,1950-01-01,\n1,3,张三,1980-01-01,\n1,3,张三,1950-01-01,"
    assert [(f.fault, f.row, f.other_row) for f in read(head + three).faults] == [
        (Fault.TWICE, 4, 2)
    ]


def test_somebody_alike_in_another_household_is_told_and_goes_in():
    text = "户号,组,姓名,出生日期\n1,3,张三,1950-01-01\n2,3,张三,1950-01-01\n3,3,张三,1951-01-01"
    reading = read(text)
    assert len(reading.rows) == 3
    assert [(n.note, n.row) for n in reading.notes] == [(Note.MAYBE_TWICE, 3)]


@pytest.mark.parametrize(
    ("born", "exact", "is_exact"),
    [
        ("1958", date(1958, 12, 31), False),
        ("1958年", date(1958, 12, 31), False),
        ("1958年3月", date(1958, 3, 31), False),
        ("1958.02", date(1958, 2, 28), False),
        ("195802", date(1958, 2, 28), False),
        ("1958-3-2", date(1958, 3, 2), True),
        ("1958.3.2", date(1958, 3, 2), True),
        ("1958年3月2号", date(1958, 3, 2), True),
        ("19580302", date(1958, 3, 2), True),
        ("1958/3/2 0:00", date(1958, 3, 2), True),
        ("1958-03-02 00:00:00", date(1958, 3, 2), True),
        ("一九五八年三月二日", date(1958, 3, 2), True),
        ("一九五八年十二月三十一日", date(1958, 12, 31), True),
        ("２１２４６", date(1958, 3, 2), True),
        ("2026", DAY, False),
    ],
)
def test_birth_dates_as_people_write_them(born, exact, is_exact):
    (row,) = read(f"户号,组,姓名,出生年月\n1,3,张三,{born}").rows
    assert (row.born_on, row.born_on_is_exact) == (exact, is_exact)


@pytest.mark.parametrize("born", ["1990-01-31", "1990", "1990.1", "1990年1月", ""])
def test_the_id_number_fills_what_the_birth_date_leaves_open(born):
    (row,) = read(f"户号,组,姓名,出生日期,身份证\n1,3,张三,{born},{id_number().lower()}").rows
    assert (row.born_on, row.born_on_is_exact, row.sex) == (date(1990, 1, 31), True, Sex.MALE)
    assert row.id_number == id_number()
    assert id_number() not in repr(row)


@pytest.mark.parametrize("born", ["1991", "1990年2月", "1990-01-30"])
def test_a_birth_date_against_the_id_number_is_a_fault(born):
    reading = read(f"户号,组,姓名,出生日期,身份证\n1,3,张三,{born},{id_number()}")
    assert [f.fault for f in reading.faults] == [Fault.ID_BIRTH_DIFFERS]


@pytest.mark.parametrize(
    ("text", "flaw"),
    [
        ("11010519491231002X", None),  # the example of GB 11643
        ("440524188001010014", None),  # the other one
        ("110105194912310021", IdFlaw.CHECK),
        ("110105491231002", IdFlaw.OLD),
        ("11010519491231002", IdFlaw.LENGTH),
        ("11010519491231002Y", IdFlaw.CHARACTERS),
        ("１1010519491231002X", IdFlaw.CHARACTERS),
        ("000105194912310029", IdFlaw.REGION),
        ("110105194913310029", IdFlaw.DATE),
        ("", IdFlaw.LENGTH),
    ],
)
def test_id_numbers(text, flaw):
    assert why_not_id_number(text) is flaw


def test_a_single_mistyped_digit_or_two_exchanged_ones_never_pass():
    rng = random.Random(8)
    for _ in range(200):
        digits = f"330523{rng.randint(1950, 2005)}0{rng.randint(1, 9)}{rng.randint(10, 28)}"
        digits += f"{rng.randint(0, 999):03d}"
        whole = digits + id_check_character(digits)
        assert why_not_id_number(whole) is None
        assert id_sex(whole) is (Sex.MALE if int(digits[-1]) % 2 else Sex.FEMALE)
        place = rng.randrange(17)
        other = rng.choice([d for d in "0123456789" if d != whole[place]])
        assert why_not_id_number(whole[:place] + other + whole[place + 1 :]) is not None
        swapped = whole[:place] + whole[place + 1] + whole[place] + whole[place + 2 :]
        assert swapped == whole or why_not_id_number(swapped) is not None


def test_an_id_number_that_the_spreadsheet_took_for_a_number_is_found():
    lines = [["户号", "组", "姓名", "身份证号"], [1, 3, "张三", 330523199001311119]]
    (fault,) = read(xlsx(*lines), "名册.xlsx").faults
    assert (fault.fault, fault.column) == (Fault.ID_AS_NUMBER, "D")
    assert "330523" not in fault.value


@pytest.mark.parametrize(
    ("heads", "cell", "expected"),
    [
        ("户籍", "是", (True, False)),
        ("户口性质", "本村", (True, False)),
        ("户口性质", "外来", (False, False)),
        ("户口性质", "农业家庭户口", (True, False)),
        ("是否本村户籍", "否", (False, False)),
        ("外出/常住", "外出务工", (True, True)),
        ("外出/常住", "常住", (True, False)),
        ("是否常住", "否", (True, True)),
        ("是否常住", "是", (True, False)),
        ("常住人口", "外出", (True, True)),
        ("居住状况", "户在人不在", (True, True)),
        ("是否外出", "√", (True, True)),
    ],
)
def test_registered_and_away_in_the_words_of_committees(heads, cell, expected):
    (row,) = read(f"户号,组,姓名,{heads}\n1,3,张三,{cell}").rows
    assert (row.is_registered, row.is_away) == expected


def test_who_has_left_or_was_admitted():
    text = "户号,组,姓名,出生日期,户籍,准予参加表决日期,迁出日期,户代表\n"
    reading = read(text + "1,3,张三,1950-01-01,否,2025-03-01,,\n2,3,李四,1950-01-01,是,,2020,是")
    assert [(r.admitted_on, r.left_on, r.is_head) for r in reading.rows] == [
        (date(2025, 3, 1), None, False),
        (None, date(2020, 12, 31), False),
    ]
    assert Note.HEAD_LEFT in [n.note for n in reading.notes]


def test_a_remark_that_somebody_died_is_told():
    reading = read("户号,组,姓名,备注\n1,3,张三,2020年去世\n2,3,李四,低保")
    assert [(n.note, n.row, n.count) for n in reading.notes] == [
        (Note.REMARKS_NOT_KEPT, 2, 2),
        (Note.REMARK_SAYS_LEFT, 2, 1),
    ]


def test_unknown_columns_are_told_and_not_kept():
    reading = read("户号,组,姓名,民族,银行卡号\n1,3,张三,汉,6222020000000000000")
    assert [(n.note, n.column, n.value) for n in reading.notes] == [
        (Note.UNKNOWN_COLUMN, "D", "民族"),
        (Note.UNKNOWN_COLUMN, "E", "银行卡号"),
    ]
    assert "622202" not in repr(reading)


def test_what_spreadsheets_are_told_to_leave_alone_is_read():
    text = f'户号,组,姓名,身份证号,手机\n\'-1,3,张三,"=""{id_number()}""",\t13912345678'
    (row,) = read(text).rows
    assert (row.household, row.id_number, row.phone) == ("-1", id_number(), "13912345678")


def test_a_county_roster_names_the_village_of_each_row():
    text = "村代码,户号,组,姓名\n330523100201,1,3,张三\n330523100202,1,4,张三"
    reading = read(text)
    assert [(r.village_code, r.household, r.group) for r in reading.rows] == [
        ("330523100201", "1", 3),
        ("330523100202", "1", 4),
    ]
    assert reading.faults == []


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("张 三", "张三"),
        ("张　三", "张三"),
        ("Anna  Meier", "Anna Meier"),
        ("买买提.吐尔逊", "买买提·吐尔逊"),
        ("买买提•吐尔逊", "买买提·吐尔逊"),
        ("张伟(大)", "张伟(大)"),
        ("𬭚", "𬭚"),
    ],
)
def test_names(text, name):
    assert read_name(text) == (name, None)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("3", 3),
        ("第3组", 3),
        ("三", 3),
        ("十二组", 12),
        ("第二十村民小组", 20),
        ("一百二十组", 120),
        ("3队", 3),
        ("第1组(溪口)", 1),
        ("第十二村民小组 (上 坝)", 12),
    ],
)
def test_groups(text, number):
    assert read_group(text) == (number, None)


@pytest.mark.parametrize(
    "text", ["13912345678", "139 1234 5678", "+86 139-1234-5678", "86-13912345678"]
)
def test_phones(text):
    assert read_phone(text) == ("13912345678", None)


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("姓　名", "name"),
        ("*姓名", "name"),
        ("出生日期（公历）", "born_on"),
        ("户主姓名", "head_name"),
        ("与户主关系", "relation"),
        ("公民身份号码", "id_number"),
        ("联系电话", "phone"),
        ("Date of  Birth", "born_on"),
        ("是否本村户籍", "registered"),
        ("民族", None),
        ("", None),
    ],
)
def test_heads(text, key):
    assert column_key(text) == key


def test_columns_are_named_as_spreadsheets_do():
    assert [column_letter(n) for n in (0, 25, 26, 701, 702)] == ["A", "Z", "AA", "ZZ", "AAA"]


@pytest.mark.parametrize(("name", "content"), [("a.xlsx", template_xlsx), ("a.csv", template_csv)])
def test_the_template_says_that_it_is_empty_and_takes_people(name, content):
    reading = read(content(), name)
    assert [f.fault for f in reading.faults] == [Fault.NO_ROWS]
    if name == "a.csv":
        filled = content().decode("utf-8-sig").replace("示例，导入时略过", "").encode()
        assert len(people(read(filled, name))) == len(EXAMPLES)
    else:
        book = openpyxl.load_workbook(io.BytesIO(content()))
        for row in book["名册"].iter_rows(min_row=2):
            row[14].value = None
        memory = io.BytesIO()
        book.save(memory)
        assert len(people(read(memory.getvalue(), name))) == len(EXAMPLES)


def test_a_workbook_that_asks_for_too_much_ends_nothing_but_its_own_process():
    book, memory = openpyxl.Workbook(), io.BytesIO()
    book.active["A1"] = "户号"
    book.active["XFD1048576"] = "x"
    book.save(memory)
    reading = read(memory.getvalue(), "名册.xlsx")
    assert [f.fault for f in reading.faults] == [Fault.FILE_TOO_FAR]


def test_a_workbook_that_takes_too_long_is_given_up(tmp_path, monkeypatch):
    script = tmp_path / "opening.py"
    script.write_text("import resource\nresource.setrlimit(0, (1, 6))\nwhile True: pass\n")
    monkeypatch.setattr(workbooks, "OPENER", script)
    with pytest.raises(Unreadable) as caught:
        list(open_table("a.xlsx", xlsx(HEADS)))
    assert caught.value.reason is Unread.TOO_LARGE


def test_a_packed_bomb_is_not_opened():
    limits = Limits(size=1 << 20, unpacked=3000, rows=100)
    with pytest.raises(Unreadable) as caught:
        list(open_table("a.xlsx", xlsx(HEADS), limits=limits))
    assert caught.value.reason is Unread.TOO_LARGE


def test_reading_can_be_left_half_way():
    file = RosterFile("a.xlsx", xlsx(HEADS, *PEOPLE), day=DAY)
    assert next(iter(file)).name == "张𬭚"
    assert (file.rows_read, file.rows_expected) == (2, 3)


def test_many_faults_are_counted_and_the_first_thousand_shown():
    text = "户号,组,姓名\n" + ",3,张三\n" * 1500
    reading = read(text)
    assert (len(reading.faults), reading.fault_count) == (1000, 1500)


def test_what_is_remembered_of_a_row_is_numbers_alone():
    text = "户号,组,姓名,身份证号\n" + f"1,3,张三,{id_number()}\n2,3,李四,\n"
    file = RosterFile("a.csv", text.encode(), day=DAY)
    assert len(list(file)) == 2
    remembered = vars(file.context.seen)
    assert {type(x) for kept in remembered.values() for pair in kept.items() for x in pair} == {int}


def test_sheets_that_are_open_already():
    rows, faults = read_sheets([("一", [HEADS, *PEOPLE]), ("二", [[None]])], day=DAY)
    assert ([r.name for r in rows], faults) == (["张𬭚", "李四"], [])


def test_a_part_of_a_day_is_no_exact_one():
    assert parse_day("1958") == (date(1958, 12, 31), False)
    assert parse_day(True) is Fault.BAD_DATE


@pytest.mark.parametrize(
    "piece",
    ["<td ", "<td rowspan=999>", "<tr><td rowspan=999>", "<a b='", "<!--", "<![CDATA[", "<"],
)
def test_a_page_that_was_made_to_take_for_ever_is_read_in_a_moment(piece):
    content = "<table><tr><td>户号" + piece * 100_000
    before = process_time()
    reading = read(content, "名册.xls")
    assert process_time() - before < 8
    assert [f.fault for f in reading.faults] in (
        [Fault.NO_HEADER],
        [Fault.FILE_TOO_FAR],
        [Fault.FILE_TOO_MANY_ROWS],
    )


@pytest.mark.parametrize(
    "cell", ["(" * 30_000, "1958" + " " * 30_000 + "x", "第" * 30_000, "1 " * 15_000, "*" * 30_000]
)
def test_a_cell_that_was_made_to_take_for_ever_is_read_in_a_moment(cell):
    heads = ["户号", "组", "姓名", "出生日期", "手机", "身份证号", "与户主关系", "备注", cell]
    before = process_time()
    reading = read(csv_bytes(heads, [["1", *[cell] * 8], ["2", "3", "张三"]]))
    assert process_time() - before < 2
    assert {f.row for f in reading.faults} == {2}
    assert [r.name for r in reading.rows] == ["张三"]


def test_a_number_is_no_id_number_even_where_all_digits_seem_to_be_there():
    assert read_id_number(int(id_number()), id_number()) == (None, Fault.ID_AS_NUMBER)
    assert read_id_number(id_number(), id_number()) == (id_number(), None)


def test_a_group_is_read_with_its_name_behind_it():
    (person,) = read("户号,组,姓名\n1,第1组（溪口）,张三").rows
    assert person.group == 1


def test_each_language_has_a_sheet_on_columns_of_its_own():
    chinese, english = (
        openpyxl.load_workbook(io.BytesIO(template_xlsx(is_english=is_english)))
        for is_english in (False, True)
    )
    assert (chinese.sheetnames, english.sheetnames) == (["名册", "列说明"], ["名册", "Columns"])
    words = [str(cell.value or "") for row in chinese["列说明"].iter_rows() for cell in row]
    assert len(words) > 70
    assert not [word for word in words if re.search("[A-Za-z]{2}", word)]
    assert not [c.value for c in english["Columns"]["C"] if re.search("[。；，]", str(c.value))]
