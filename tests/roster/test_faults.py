"""Every kind of bad roster gets its own message at its own place, in both languages."""

import io
import zipfile
from datetime import date

import openpyxl
import pytest
from flask_babel import force_locale

from portal.core.open_sheets import Limits
from portal.core.sheets import csv_bytes
from portal.people.rules import id_check_character
from portal.roster.faults import Fault, Note, masked
from portal.roster.reading import read_file
from portal.roster.words import FAULTS, NOTES, explain
from tests.roster.old_excel import compound

DAY = date(2026, 11, 21)
SMALL = Limits(size=200_000, unpacked=1 << 20, rows=300, columns=60)
HEADS = {
    "household": "户号",
    "group": "组",
    "name": "姓名",
    "relation": "与户主关系",
    "sex": "性别",
    "id": "身份证号",
    "born": "出生日期",
    "phone": "手机",
    "head": "户代表",
    "registered": "户籍",
    "away": "外出",
    "here": "是否常住",
    "contact": "第二联系人电话",
    "admitted": "准予参加表决日期",
    "left": "迁出日期",
    "village": "村代码",
    "head_name": "户主姓名",
}
COLUMN = {key: chr(65 + place) for place, key in enumerate(HEADS)}
BASE = {"household": "1", "group": "3", "name": "李四", "sex": "男", "born": "1990-01-31"}
VILLAGE = "330523100201"


def id_number(first: str = "330523199001311", sequence: str = "11") -> str:
    digits = first + sequence
    return digits + id_check_character(digits)


def table(*rows, heads=HEADS) -> bytes:
    lines = [[row.get(key, "") for key in HEADS] for row in rows]
    return csv_bytes(list(heads.values()), lines)


def one(**changes) -> tuple[str, bytes]:
    """Return a roster of a good row and one like it of another household, with changes."""
    good = BASE | {"village": VILLAGE}
    other = {"household": "2", "name": "王五", "born": "1980-05-01"}
    return "名册.csv", table(good, good | other | changes)


def at(key: str, row: int = 3) -> tuple[str, int, str]:
    return "名册", row, COLUMN[key]


def rows(*changes: dict) -> tuple[str, bytes]:
    good = BASE | {"village": VILLAGE}
    return "名册.csv", table(*[good | change for change in changes])


def plain(text: str) -> tuple[str, bytes]:
    return "名册.csv", text.encode()


def xlsx(*lines, merged=(), name="名册", more=()) -> bytes:
    book, memory = openpyxl.Workbook(), io.BytesIO()
    sheet = book.active
    sheet.title = name
    for line in lines:
        sheet.append(line)
    for cells in merged:
        sheet.merge_cells(cells)
    for title, more_lines in more:
        other = book.create_sheet(title)
        for line in more_lines:
            other.append(line)
    book.save(memory)
    return memory.getvalue()


def packed(*names: str) -> bytes:
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w") as file:
        for name in names:
            mime = "application/vnd.oasis.opendocument.spreadsheet"
            file.writestr(name, mime if name == "mimetype" else "x")
    return memory.getvalue()


FILE = ("", 0, "–")
SHORT_HEADS = ["户号", "组", "姓名"]
XML = '<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>'
CASES: dict[Fault, tuple[tuple[str, bytes], tuple[str, int, str]]] = {
    # the file
    Fault.FILE_EMPTY: (("名册.csv", b" \n"), FILE),
    Fault.FILE_NOT_A_TABLE: (("名册.exe", b"MZ\x00\x01\x02"), FILE),
    Fault.FILE_NOT_A_WORKBOOK: (("名册.xlsx", "户号,组,姓名\n1,3,李四".encode()), FILE),
    Fault.FILE_PDF: (("名册.xlsx", b"%PDF-1.7 ..."), FILE),
    Fault.FILE_WORD: (("名册.xlsx", packed("word/document.xml")), FILE),
    Fault.FILE_PICTURE: (("名册.xls", b"\x89PNG\r\n\x1a\n..."), FILE),
    Fault.FILE_ARCHIVE: (("名册.zip", packed("名册.xlsx")), FILE),
    Fault.FILE_OPEN_DOCUMENT: (("名册.ods", packed("mimetype", "content.xml")), FILE),
    Fault.FILE_XML: (("名册.xls", XML.encode()), FILE),
    Fault.FILE_ENCRYPTED: (("名册.xlsx", compound({"EncryptedPackage": b"x"})), FILE),
    Fault.FILE_BROKEN: (("名册.xlsx", xlsx(SHORT_HEADS)[:900]), FILE),
    Fault.FILE_BAD_ENCODING: (("名册.csv", "户号,组\n".encode() + b"\x81\x20\xff"), FILE),
    Fault.FILE_BAD_QUOTES: (plain('户号,组,姓名\n1,3,李四\n2,3,"王五'), ("", 3, "–")),
    Fault.FILE_TOO_LARGE: (("名册.csv", b"x," * 100_001), FILE),
    Fault.FILE_TOO_MANY_ROWS: (plain("户号,组,姓名\n" + "\n" * 300), FILE),
    Fault.FILE_TOO_FAR: (plain("户号,组,姓名\n1,3,李四" + "," * 60), FILE),
    # the sheet and its columns
    Fault.NO_HEADER: (plain("1,3,李四\n2,3,王五\n"), ("名册", 1, "A")),
    Fault.HEADER_TOO_LOW: (plain("通知,\n" * 12 + "户号,组,姓名\n1,3,李四"), ("名册", 13, "A")),
    Fault.MISSING_COLUMN: (plain("户号,组,性别\n1,3,男"), ("名册", 1, "–")),
    Fault.DUPLICATE_COLUMN: (plain("户号,组,姓名,手机,联系电话\n1,3,李四,,"), ("名册", 1, "E")),
    Fault.NO_ROWS: (plain("户号,组,姓名\n,,"), ("名册", 1, "A")),
    # any cell
    Fault.FORMULA: (plain("户号,组,姓名\n1,3,=A1&B1"), ("名册", 2, "C")),
    Fault.CELL_ERROR: (one(phone="#N/A"), at("phone")),
    Fault.TOO_MANY_CELLS: (plain("户号,组,姓名\n1,3,李四,男"), ("名册", 2, "D")),
    Fault.MERGED_PERSON: (
        ("名册.xlsx", xlsx(SHORT_HEADS, [1, 3, "李四"], [1, 3], [1, 3, "王五"], merged=["C2:C3"])),
        ("名册", 2, "C"),
    ),
    # village, group, household
    Fault.BAD_VILLAGE_CODE: (one(village="3305231002"), at("village")),
    Fault.OTHER_VILLAGE: (one(village="330523100202"), at("village")),
    Fault.NO_VILLAGE_CODE: (one(village=""), at("village")),
    Fault.NO_GROUP: (one(group=""), at("group")),
    Fault.BAD_GROUP: (one(group="张家湾"), at("group")),
    Fault.TWO_GROUPS: (rows({}, {"name": "王五", "group": "4"}), at("group")),
    Fault.NO_HOUSEHOLD: (one(household=""), at("household")),
    Fault.HOUSEHOLD_TOO_LONG: (one(household="9" * 41), at("household")),
    Fault.HOUSEHOLD_IS_DATE: (
        ("名册.xlsx", xlsx(SHORT_HEADS, [date(2026, 1, 2), 3, "李四"])),
        ("名册", 2, "A"),
    ),
    Fault.TWO_HEADS: (
        rows({"relation": "户主"}, {"name": "王五", "relation": "户主"}),
        at("relation"),
    ),
    Fault.TWO_REPRESENTATIVES: (rows({"head": "是"}, {"name": "王五", "head": "是"}), at("head")),
    Fault.HEAD_DIFFERS: (
        rows({"head_name": "李四"}, {"name": "王五", "head_name": "赵六"}),
        at("head_name"),
    ),
    # name
    Fault.NO_NAME: (one(name=" "), at("name")),
    Fault.NAME_TOO_LONG: (one(name="长" * 30 + "·" + "长" * 30), at("name")),
    Fault.NAME_MASKED: (one(name="王*"), at("name")),
    Fault.NAME_LOST_CHARACTER: (one(name="王?"), at("name")),
    Fault.NAME_PRIVATE_CHARACTER: (one(name="王\ue863"), at("name")),
    Fault.NAME_WITH_NUMBER: (one(name="王五2"), at("name")),
    Fault.TWO_NAMES: (one(name="王五、王六"), at("name")),
    Fault.NAME_SAYS_LEFT: (one(name="王五（已故）"), at("name")),
    # sex and relation
    Fault.BAD_SEX: (one(sex="南"), at("sex")),
    Fault.BAD_RELATION: (one(relation="长子2"), at("relation")),
    Fault.RELATION_DIFFERS: (one(relation="妻"), at("relation")),
    # dates
    Fault.BAD_DATE: (one(born="春天"), at("born")),
    Fault.IMPOSSIBLE_DATE: (one(born="1990-02-30"), at("born")),
    Fault.SHORT_YEAR: (one(born="58.3.2"), at("born")),
    Fault.YEAR_LAST: (one(born="3/2/1958"), at("born")),
    Fault.LUNAR_DATE: (one(born="1958年腊月初八"), at("born")),
    Fault.UNCLEAR_MONTH: (one(born="1958.1"), at("born")),
    Fault.FUTURE_DATE: (one(born="2026-11-22"), at("born")),
    Fault.TOO_OLD: (one(born="1899-12-31"), at("born")),
    Fault.INEXACT_DATE: (one(registered="否", admitted="2025年3月"), at("admitted")),
    Fault.BEFORE_BIRTH: (one(left="1979-12-31"), at("left")),
    # ID number
    Fault.OLD_ID: (one(id="330523900131111"), at("id")),
    Fault.ID_TOO_SHORT: (one(id=id_number()[:17]), at("id")),
    Fault.ID_TOO_LONG: (one(id=id_number() + "1"), at("id")),
    Fault.ID_CHARACTERS: (one(id="33052319900131O111"), at("id")),
    Fault.ID_REGION: (one(id=id_number("990523199001311")), at("id")),
    Fault.ID_DATE: (one(id=id_number("330523199002301")), at("id")),
    Fault.ID_CHECK: (one(id=id_number()[:17] + ("5" if id_number()[17] != "5" else "6")), at("id")),
    Fault.ID_AS_NUMBER: (one(id="3.30523E+17"), at("id")),
    Fault.ID_ROUNDED: (one(id="330523199001311000"), at("id")),
    Fault.ID_MASKED: (one(id="330523********1115"), at("id")),
    Fault.ID_BIRTH_DIFFERS: (one(id=id_number(), born="1990-01-13"), at("born")),
    Fault.ID_SEX_DIFFERS: (one(id=id_number(), born="", sex="女"), at("sex")),
    # phones
    Fault.BAD_PHONE: (one(phone="问儿子"), at("phone")),
    Fault.PHONE_TOO_SHORT: (one(phone="1391234567"), at("phone")),
    Fault.PHONE_TOO_LONG: (one(phone="139123456789"), at("phone")),
    Fault.PHONE_START: (one(phone="12912345678"), at("phone")),
    Fault.PHONE_LANDLINE: (one(phone="0572-1234567"), at("phone")),
    Fault.PHONE_AS_NUMBER: (one(phone="1.39123E+10"), at("phone")),
    Fault.PHONE_MASKED: (one(phone="139****5678"), at("phone")),
    Fault.TWO_PHONES: (one(contact="13912345678/13812345678"), at("contact")),
    # yes and no
    Fault.BAD_YES_NO: (one(head="也许"), at("head")),
    Fault.BAD_REGISTERED: (one(registered="不清楚"), at("registered")),
    Fault.BAD_AWAY: (one(away="半年"), at("away")),
    Fault.AWAY_DIFFERS: (one(away="是", here="是"), at("here")),
    # somebody twice
    Fault.SAME_ID: (
        rows({"id": id_number()}, {"id": id_number(), "name": "李思"}),
        at("id"),
    ),
    Fault.SAME_ID_TWO_HOUSEHOLDS: (
        rows({"id": id_number()}, {"id": id_number(), "household": "2"}),
        at("id"),
    ),
    Fault.TWICE: (rows({}, {}), at("name")),
    Fault.SAME_NAME_UNCLEAR: (rows({}, {"born": ""}), at("name")),
}
OWN_VILLAGE = {Fault.OTHER_VILLAGE}


def test_there_are_more_than_fifty_and_none_is_left_out():
    assert set(CASES) == set(Fault)
    assert len(CASES) >= 50


@pytest.mark.parametrize("fault", list(Fault))
def test_a_bad_roster_has_exactly_this_fault_at_exactly_this_place(fault):
    (filename, content), place = CASES[fault]
    village = VILLAGE if fault in OWN_VILLAGE else ""
    reading = read_file(filename, content, day=DAY, village_code=village, limits=SMALL)
    assert [(f.fault, (f.sheet, f.row, f.column)) for f in reading.faults] == [(fault, place)]
    assert {f.file for f in reading.faults} == {filename}
    assert reading.fault_count == 1


@pytest.mark.parametrize("language", ["en", "zh_Hans"])
def test_each_fault_and_note_has_words_of_its_own(app, language):
    with app.test_request_context(), force_locale(language):
        words = [str(FAULTS[fault]) for fault in Fault] + [str(NOTES[note]) for note in Note]
    assert len(set(words)) == len(Fault) + len(Note)
    has_han = [
        any("\u4e00" <= c <= "\u9fff" for c in text if c not in "男女是否") for text in words
    ]
    assert set(has_han) == {language == "zh_Hans"}


@pytest.mark.parametrize("fault", list(Fault))
def test_each_fault_can_be_told_in_both_languages(app, fault):
    (filename, content), _ = CASES[fault]
    (found,) = read_file(
        filename,
        content,
        day=DAY,
        village_code=VILLAGE if fault in OWN_VILLAGE else "",
        limits=SMALL,
    ).faults
    with app.test_request_context():
        told = {}
        for language in ("en", "zh_Hans"):
            with force_locale(language):
                told[language] = explain(found)
    assert told["en"] != told["zh_Hans"]
    assert told["en"].startswith(FAULTS[fault]._args[0])
    assert ("row 2" in told["en"]) == bool(found.other_row) == ("第 2 行" in told["zh_Hans"])


@pytest.mark.parametrize("fault", list(Fault))
def test_no_fault_shows_an_id_number_a_phone_or_a_name_in_full(fault):
    (filename, content), _ = CASES[fault]
    reading = read_file(filename, content, day=DAY, limits=SMALL)
    told = repr(reading.faults + reading.notes).replace(filename, "")
    for secret in (
        id_number(),
        id_number()[:17],
        "13912345678",
        "王五",
        "李四",
        "赵六",
        "19900131",
    ):
        assert secret not in told


@pytest.mark.parametrize(
    ("key", "text", "shown"),
    [
        ("id_number", "330523199001311119", "**************1119"),
        ("id_number", "3.30523E+17", "*******E+17"),
        ("id_number", "12345", "****"),
        ("phone", "13912345678", "139****5678"),
        ("phone", "1391234567", "******4567"),
        ("phone", "问儿子 13912345678", "139****5678"),
        ("name", "欧阳明", "欧*明"),
        ("born_on", "1990-02-30", "1990-02-30"),
        ("born_on", "330523199001311119", "**************1119"),
        ("household", "330523199001311119", "**************1119"),
        ("remark", "见 330523 19900131 1119 号", "见 ****************1119 号"),
        ("remark", "长" * 50, "长" * 40),
        ("sex", "", ""),
    ],
)
def test_what_is_shown_of_a_cell(key, text, shown):
    assert masked(key, text) == shown
