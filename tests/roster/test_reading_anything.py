"""Whatever is handed in, the reader answers; what we write, it reads back."""

import string
import zipfile
from dataclasses import fields, replace
from datetime import date
from io import BytesIO

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from portal.core.html_tables import read_html
from portal.core.sheets import csv_bytes, xlsx_bytes
from portal.people.rules import Sex, id_check_character
from portal.roster.cells import clean, parse_day, read_group, read_id_number, read_name, read_phone
from portal.roster.columns import COLUMNS, find_header
from portal.roster.faults import Fault, RowFault, masked
from portal.roster.reading import Reading, RosterRow, read_file
from portal.roster.template import heads
from tests.roster.old_excel import xls
from tests.roster.test_faults import DAY, SMALL, xlsx

MANY = settings(max_examples=400, deadline=None)
FEW = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
NAMES = st.sampled_from(["名册.csv", "名册.xlsx", "名册.xls", "a.tsv", "a.html", "无名", "a.exe"])
WORDS = st.sampled_from(
    [alias for aliases in COLUMNS.values() for alias in aliases[:3]]
    + ["张三", "1", "3", "合计", "第一组", "=1", "#N/A", "1958", "13912345678", "是", "", "\n", '"']
)
STARTS = st.sampled_from(
    [b"", b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"\xff\xfe", b"\xef\xbb\xbf", b"<"]
)


def is_whole(reading: Reading) -> bool:
    """Tell whether there are people or faults, each fault with a place and a masked value."""
    return (
        isinstance(reading, Reading)
        and bool(reading.rows or reading.faults)
        and reading.fault_count >= len(reading.faults)
        and all(isinstance(found, RowFault) and is_placed(found) for found in reading.faults)
    )


def is_placed(found: RowFault) -> bool:
    return isinstance(found.fault, Fault) and found.row >= 0 and len(found.value) <= 60


def test_half_an_answer_is_seen():
    fault = RowFault("名册", 2, "C", next(iter(Fault)), "张*")
    whole = Reading([], [fault], [], frozenset(), 1)
    assert is_whole(whole)
    for half in (
        {"faults": []},
        {"fault_count": 0},
        {"faults": [replace(fault, row=-1)]},
        {"faults": [replace(fault, value="1" * 61)]},
        {"faults": [replace(fault, fault="no name")]},
    ):
        assert not is_whole(replace(whole, **half))


@MANY
@given(name=NAMES, start=STARTS, content=st.binary(max_size=3000))
@example(name="名册.csv", start=b"", content=b'\x00"')
@example(name="a.html", start=b"<", content=b"table><td rowspan=9999999999999999999999>")
def test_any_bytes_get_an_answer(name, start, content):
    assert is_whole(read_file(name, start + content, day=DAY, limits=SMALL))


@MANY
@given(lines=st.lists(st.lists(WORDS | st.text(max_size=12), max_size=12), max_size=30))
def test_any_table_of_texts_gets_an_answer(lines):
    text = "\n".join(",".join(line) for line in [["户号", "组", "姓名", "手机"], *lines])
    assert is_whole(read_file("名册.csv", text.encode("utf-8", "replace"), day=DAY, limits=SMALL))


CELLS = WORDS | st.text(max_size=8) | st.integers() | st.floats() | st.dates() | st.none()


@FEW
@given(lines=st.lists(st.lists(CELLS, max_size=8), max_size=12), at=st.integers(1, 8))
def test_any_workbook_gets_an_answer(lines, at):
    def plain(cell):
        if isinstance(cell, str):
            return "".join(c for c in cell if c >= " " and not "\ud800" <= c <= "\udfff")
        return str(cell) if isinstance(cell, float | int) and abs(cell) > 1e300 else cell

    safe = [[plain(c) if c == c else None for c in line] for line in lines]
    content = xlsx(["户号", "组", "姓名"], *safe, merged=[f"A{at}:A{at + 2}", f"B{at}:C{at}"])
    assert is_whole(read_file("名册.xlsx", content, day=DAY, limits=SMALL))


WHOLE = (
    xlsx(["户号", "组", "姓名"], ["1", "3", "张三"], merged=["A2:A3"]),
    xls([["户号", "组", "姓名"], ["1", 3, "张三"]], merged=[(1, 0, 2, 0)]),
)


@FEW
@given(data=st.data())
def test_a_damaged_workbook_gets_an_answer(data):
    whole = data.draw(st.sampled_from(WHOLE))
    broken = bytearray(whole)
    for _ in range(data.draw(st.integers(1, 12))):
        broken[data.draw(st.integers(0, len(broken) - 1))] = data.draw(st.integers(0, 255))
    assert is_whole(read_file("名册.xls", bytes(broken), day=DAY, limits=SMALL))


@FEW
@given(inside=st.text(alphabet=string.printable, max_size=400))
def test_a_workbook_with_anything_inside_gets_an_answer(inside):
    memory = BytesIO(xlsx(["户号", "组", "姓名"], ["1", "3", "张三"]))
    other = BytesIO()
    with zipfile.ZipFile(memory) as old, zipfile.ZipFile(other, "w") as new:
        for entry in old.namelist():
            is_sheet = entry.startswith("xl/worksheets")
            new.writestr(entry, inside if is_sheet else old.read(entry))
    assert is_whole(read_file("名册.xlsx", other.getvalue(), day=DAY, limits=SMALL))


@MANY
@given(text=st.text(max_size=40), number=st.floats() | st.integers())
def test_any_cell_is_a_value_or_a_fault(text, number):
    for cell in (text, number):
        plain = clean(cell)
        for found in (read_name(plain), read_phone(plain), read_id_number(cell, plain)):
            assert found[1] is None or isinstance(found[1], Fault)
        assert read_group(plain)[0] in range(201)
        day = parse_day(cell)
        assert isinstance(day, Fault) or isinstance(day[0], date)
        for key in COLUMNS:
            assert len(masked(key, plain)) <= 60


@MANY
@given(digits=st.from_regex(r"[0-9]{17}[0-9X]", fullmatch=True), around=st.text(max_size=5))
def test_no_id_number_is_shown_in_whatever_column_it_slipped(digits, around):
    for key in COLUMNS:
        assert digits not in masked(key, around + digits)
        assert digits[:14] not in masked(key, digits)


@MANY
@given(rows=st.lists(st.lists(WORDS, max_size=9), max_size=10))
def test_heads_are_found_or_not(rows):
    header = find_header(rows)
    if header is not None:
        assert len(set(header.places.values())) == len(header.places) >= 2
        assert header.last_row - header.first_row in (0, 1)


@MANY
@given(text=st.text(alphabet="<>/tabledrh =\"'rowspancolspan0123456789 张", max_size=200))
def test_any_page_is_tables_or_none(text):
    for table in read_html(text):
        assert all(isinstance(cell, str) for row in table.rows for cell in row)


FAMILY = "张王李赵欧𬭚"
KEYS = (
    *("household", "group", "name", "sex", "id_number", "born_on", "phone", "second_contact"),
    *("head", "registered", "away", "admitted_on", "left_on"),
)
DAYS = st.dates(date(1900, 1, 1), DAY)
PHONES = st.none() | st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True)


@st.composite
def rosters(draw) -> list[RosterRow]:
    """Make a well-formed roster: each household of one group, with one representative."""
    found = []
    for household in range(draw(st.integers(1, 5))):
        group = draw(st.integers(1, 200))
        for place in range(draw(st.integers(1, 4))):
            born_on = draw(st.none() | DAYS)
            id_number, sex = None, draw(st.sampled_from(list(Sex)))
            if born_on and draw(st.booleans()):
                sequence = len(found) * 2 + 10 + (sex is Sex.MALE)
                digits = f"330523{born_on:%Y%m%d}{sequence:03d}"
                id_number = digits + id_check_character(digits)
                sex = Sex.MALE if sequence % 2 else Sex.FEMALE
            is_registered = draw(st.booleans())
            later = st.none() | st.dates(born_on or date(1950, 1, 1), DAY)
            left_on = draw(later) if place else None
            found.append(
                RosterRow(
                    f"{household + 1:03d}",
                    group,
                    draw(st.text(FAMILY, min_size=2, max_size=3)) + "甲乙丙丁"[place],
                    sex,
                    born_on,
                    draw(PHONES),
                    place == 0,
                    is_registered,
                    draw(st.booleans()),
                    admitted_on=None if is_registered else draw(later),
                    id_number=id_number,
                    second_contact=draw(PHONES),
                    left_on=left_on,
                )
            )
    return found


def written(row: RosterRow) -> list[str]:
    sexes = {Sex.MALE: "男", Sex.FEMALE: "女", Sex.UNKNOWN: ""}
    yes = {True: "是", False: "否"}

    def day(value: date | None) -> str:
        return value.isoformat() if value else ""

    return [
        *(row.household, str(row.group), row.name, sexes[row.sex], row.id_number or ""),
        *(day(row.born_on), row.phone or "", row.second_contact or "", yes[row.is_head]),
        *(yes[row.is_registered], yes[row.is_away], day(row.admitted_on), day(row.left_on)),
    ]


def facts(row: RosterRow) -> dict[str, object]:
    return {f.name: getattr(row, f.name) for f in fields(row) if f.name not in ("row", "sheet")}


@FEW
@given(roster=rosters())
def test_a_well_formed_roster_comes_back_as_it_was(roster):
    lines = [written(row) for row in roster]
    for name, content in (
        ("名册.csv", csv_bytes(heads(KEYS), lines)),
        ("名册.csv", csv_bytes(heads(KEYS), lines).decode("utf-8-sig").encode("gb18030")),
        ("名册.xlsx", xlsx_bytes([("名册", heads(KEYS), lines)])),
        ("名册.xls", xls([heads(KEYS), *lines])),
    ):
        reading = read_file(name, content, day=DAY)
        assert reading.faults == []
        assert [facts(row) for row in reading.rows] == [facts(row) for row in roster]
        assert [row.row for row in reading.rows] == [*range(2, len(roster) + 2)]
