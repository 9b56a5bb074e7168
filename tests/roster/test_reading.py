"""A roster goes in whole, or every fault is named at its place and nothing goes in."""

from datetime import UTC, date, datetime

import pytest

from portal.people.rules import Sex
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
