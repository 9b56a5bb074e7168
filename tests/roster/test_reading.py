"""A roster goes in whole, or every fault is named at its place and nothing goes in."""

import io
from datetime import UTC, date, datetime

import openpyxl
import pytest
from sqlalchemy import func, select

from portal.core.db import db
from portal.people.models import Household, Resident, VillagerGroup
from portal.people.rules import Sex
from portal.roster import service as roster
from portal.roster.reading import Fault, read_date, read_roster, read_sheets
from portal.roster.words import FAULTS

HEADS = ["户号", "组", "姓名", "性别", "出生日期", "手机", "户主", "户籍", "外出"]
GOOD = ["9", "3", "李四", "女", "1990-01-31", "13912345678", "是", "是", "否"]
DAY = date(2026, 11, 21)


def row(**changes):
    keys = ["household", "group", "name", "sex", "born_on", "phone", "head", "registered", "away"]
    return list((dict(zip(keys, GOOD, strict=True)) | changes).values())


def test_a_good_row():
    (resident,), faults = read_roster("一组", [HEADS, row(group="第3组", name="  张𬭚 ")], day=DAY)
    assert faults == []
    assert resident.name == "张𬭚"
    assert (resident.household, resident.group, resident.sex) == ("9", 3, Sex.FEMALE)
    assert (resident.born_on, resident.is_head, resident.is_away) == (
        date(1990, 1, 31),
        True,
        False,
    )


@pytest.mark.parametrize(
    ("changes", "column", "fault"),
    [
        ({"household": ""}, "A", Fault.NO_HOUSEHOLD),
        ({"group": ""}, "B", Fault.NO_GROUP),
        ({"group": "张家湾"}, "B", Fault.BAD_GROUP),
        ({"group": "0"}, "B", Fault.BAD_GROUP),
        ({"group": "201"}, "B", Fault.BAD_GROUP),
        ({"name": " "}, "C", Fault.NO_NAME),
        ({"name": "长" * 61}, "C", Fault.NAME_TOO_LONG),
        ({"sex": "boy"}, "D", Fault.BAD_SEX),
        ({"born_on": "1990-02-30"}, "E", Fault.IMPOSSIBLE_DATE),
        ({"born_on": "春天"}, "E", Fault.BAD_DATE),
        ({"born_on": "2026-11-22"}, "E", Fault.FUTURE_DATE),
        ({"born_on": "1899-12-31"}, "E", Fault.TOO_OLD),
        ({"phone": "1391234567"}, "F", Fault.PHONE_TOO_SHORT),
        ({"head": "也许"}, "G", Fault.BAD_YES_NO),
        ({"registered": "?"}, "H", Fault.BAD_REGISTERED),
        ({"away": "2"}, "I", Fault.BAD_AWAY),
    ],
)
def test_each_fault_is_named_at_its_place(changes, column, fault):
    _, faults = read_roster("名册", [HEADS, GOOD, row(**{"household": "10"} | changes)], day=DAY)
    assert [(f.sheet, f.row, f.column, f.fault) for f in faults] == [("名册", 3, column, fault)]


@pytest.mark.parametrize(
    ("rows", "place"),
    [
        ([GOOD, row(name="王五")], (3, "G", Fault.TWO_HEADS)),
        ([GOOD, row(head="否")], (3, "C", Fault.TWICE)),
        ([GOOD, row(name="王五", head="否", group="4")], (3, "B", Fault.TWO_GROUPS)),
        ([], (1, "A", Fault.NO_ROWS)),
    ],
)
def test_rows_that_do_not_go_together(rows, place):
    _, faults = read_roster("名册", [HEADS, *rows], day=DAY)
    assert [(f.row, f.column, f.fault) for f in faults] == [place]


@pytest.mark.parametrize(
    ("heads", "place"),
    [
        (["户号", "姓名"], ("–", Fault.MISSING_COLUMN)),
        ([*HEADS, "姓名"], ("J", Fault.DUPLICATE_COLUMN)),
    ],
)
def test_columns(heads, place):
    _, faults = read_roster("名册", [heads, GOOD], day=DAY)
    assert [(f.column, f.fault) for f in faults] == [place]


def test_every_fault_has_words():
    assert set(FAULTS) == set(Fault)


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        ("1980-5-1", date(1980, 5, 1)),
        ("1980年5月1日", date(1980, 5, 1)),
        ("19800501", date(1980, 5, 1)),
        ("1980/05/01", date(1980, 5, 1)),
        (datetime(1980, 5, 1, tzinfo=UTC), date(1980, 5, 1)),
        (19800501.0, date(1980, 5, 1)),
        ("1980", None),
        ("1980-13-01", None),
    ],
)
def test_dates_as_people_write_them(cell, day):
    assert read_date(cell) == day


def test_empty_sheets_are_passed_over():
    found, faults = read_sheets([("一", [HEADS, GOOD]), ("二", [[None, ""]])], day=DAY)
    assert (len(found), faults) == (1, [])


def xlsx(*rows) -> bytes:
    book, memory = openpyxl.Workbook(), io.BytesIO()
    for line in rows:
        book.active.append(line)
    book.save(memory)
    return memory.getvalue()


def counts():
    return [
        db.session.scalar(select(func.count()).select_from(t))
        for t in (VillagerGroup, Household, Resident)
    ]


@pytest.mark.parametrize(
    ("filename", "content"),
    [
        ("名册.xlsx", xlsx(HEADS, row(name="张𬭚"))),
        ("名册.csv", ("\n".join(map(",".join, [HEADS, row(name="张𬭚")]))).encode("gb18030")),
        ("名册.csv", ("\ufeff" + "\n".join(map(",".join, [HEADS, row(name="张𬭚")]))).encode()),
    ],
    ids=["xlsx", "gb18030", "utf-8"],
)
def test_the_committee_imports_a_file(cast, browse, at, filename, content):
    before = counts()
    page = browse(cast.max).post(
        at("/desk/roster/import"),
        data={"file": (io.BytesIO(content), filename)},
        follow_redirects=True,
    )
    assert page.status_code == 200
    assert "新增 1 人,更新 0 人。" in page.text
    assert "张𬭚" in page.text
    assert counts() == [before[0] + 1, before[1] + 1, before[2] + 1]


def test_a_file_with_one_bad_row_goes_in_not_at_all(cast, browse, at):
    before = counts()
    content = xlsx(HEADS, GOOD, row(household="10", sex="<script>alert(1)</script>"))
    page = browse(cast.max).post(
        at("/desk/roster/import"), data={"file": (io.BytesIO(content), "名册.xlsx")}
    )
    assert page.status_code == 422
    assert '<td>Sheet</td><td class="num">3</td><td>D</td>' in page.text
    assert "请写“男”或“女”，或留空。" in page.text
    assert "<script>alert" not in page.text
    assert counts() == before


@pytest.mark.parametrize(
    ("filename", "content", "words"),
    [
        ("名册.doc", b"x", "这不是表格文件。"),
        ("名册.xlsx", b"PK\x03\x04 broken", "文件已损坏。"),
        ("名册.csv", b"\x81\x20\xff", "这个文本文件的文字编码读不出来。"),
        ("", b"", "请选择文件。"),
    ],
)
def test_what_is_no_table_is_refused_in_words(cast, browse, at, filename, content, words):
    data = {"file": (io.BytesIO(content), filename)} if filename else {}
    page = browse(cast.max).post(at("/desk/roster/import"), data=data)
    assert page.status_code == 422
    assert words in page.text


def test_the_same_file_twice_changes_nobody(cast, browse, at):
    content = xlsx(HEADS, GOOD)
    for _ in range(2):
        data = {"file": (io.BytesIO(content), "名册.xlsx")}
        page = browse(cast.max).post(at("/desk/roster/import"), data=data, follow_redirects=True)
    assert "新增 0 人,更新 1 人。" in page.text


def test_the_template_can_be_filled_in_and_imported(cast, browse, at):
    client = browse(cast.max)
    book = openpyxl.load_workbook(io.BytesIO(client.get(at("/desk/roster/template.xlsx")).data))
    book["名册"].append(["1", "077", "赵六", "户主", "男", "", "1975-06-07"])
    memory = io.BytesIO()
    book.save(memory)
    memory.seek(0)
    data = {"file": (memory, "名册.xlsx")}
    page = client.post(at("/desk/roster/import"), data=data, follow_redirects=True)
    assert "新增 1 人,更新 0 人。" in page.text


@pytest.mark.parametrize("who", ["vera", "nora", "otto", "paula", "sun"])
@pytest.mark.parametrize(
    "path",
    [
        "/desk/roster",
        "/desk/roster/import",
        "/desk/roster/template.xlsx",
        "/desk/roster.csv",
        "/desk/slips",
    ],
)
def test_nobody_else_reaches_the_roster(cast, browse, at, who, path):
    assert browse(getattr(cast, who)).get(at(path)).status_code == 403


def test_strangers_are_led_to_the_sign_in(cast, browse, at):
    page = browse(None).get(at("/desk/roster"))
    assert page.status_code == 302
    assert page.location.startswith(at("/sign-in"))


def test_the_list_takes_as_many_queries_for_three_as_for_one(cast, browse, at, count_queries):
    client = browse(cast.max)
    counted = []
    for search in ("?q=Vera", ""):
        client.get(at("/desk/roster") + search)
        with count_queries() as count:
            assert client.get(at("/desk/roster") + search).status_code == 200
        counted.append(count.n)
    assert counted[0] == counted[1]


def test_the_list_shows_no_neighbour(cast, browse, at):
    page = browse(cast.max).get(at("/desk/roster"))
    assert "Vera" in page.text
    assert "Nora" not in page.text


def test_a_new_head_takes_the_place_of_the_old(cast, village):
    rows, _ = read_roster(
        "名册", [HEADS, row(household="001", group="1", name="Vera Zwei")], day=DAY
    )
    roster.import_roster(rows, now=datetime.now().astimezone())
    heads = db.session.scalars(
        select(Resident.name)
        .join(Household, Household.id == Resident.household_id)
        .where(Resident.is_representative, Household.number == "001")
    )
    assert heads.all() == ["Vera Zwei"]


def test_what_is_handed_out_can_be_handed_in_again(cast, browse, at):
    client = browse(cast.max)
    handed_out = client.get(at("/desk/roster.csv"))
    assert (
        handed_out.data.decode("utf-8-sig").splitlines()[1]
        == "001,1,Vera,女,1985-05-01,13800000001,是,是,否"
    )
    assert "Nora" not in handed_out.text
    data = {"file": (io.BytesIO(handed_out.data), "名册.csv")}
    page = client.post(at("/desk/roster/import"), data=data, follow_redirects=True)
    assert "新增 0 人,更新 4 人。" in page.text
