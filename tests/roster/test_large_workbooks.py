"""A large workbook is opened some rows at a time, and says the same as one opened whole."""

import io
import re
import zipfile
from dataclasses import replace
from datetime import date, datetime

import openpyxl
import pytest
import xlsxwriter
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont

from portal.core import opening
from portal.core.open_sheets import COUNTY, Unread, Unreadable
from portal.core.tables import open_table

SHEET = "xl/worksheets/sheet1.xml"
WHOLE, SLICED = replace(COUNTY, whole=1 << 40), replace(COUNTY, whole=0)


def with_openpyxl() -> bytes:
    """Return a workbook with whatever a cell or a sheet can be."""
    book, memory = openpyxl.Workbook(), io.BytesIO()
    first = book.active
    for number in range(1, 30):
        first.append([f"{number:03d}", "张三", number, f"330523{number:012d}"])
    first.cell(35, 3, "far & <below>")
    first.cell(36, 4, date(2020, 1, 2))
    first.cell(36, 5, datetime(2020, 1, 2, 3, 4))  # noqa: DTZ001 -- cells know no zone
    first.append([1.5, True, "=1+1", " a  b ", "𬭚", "#N/A"])
    first.append([CellRichText("半", TextBlock(InlineFont(b=True), "粗 体"))])
    first.merge_cells("A2:A3")
    first.merge_cells("C40:D41")
    book.create_sheet("second")["C3"] = 5
    hidden = book.create_sheet("hidden")
    hidden["A1"], hidden.sheet_state = "x", "hidden"
    book.create_sheet("empty")
    book.create_chartsheet("chart")
    book.create_sheet("last")["B2"] = "end"
    book.save(memory)
    return memory.getvalue()


def with_xlsxwriter(rows: int = 30, *, has_texts: bool = True) -> bytes:
    """Return a workbook whose cells share their texts, as Excel writes it, or hold their own."""
    memory = io.BytesIO()
    with xlsxwriter.Workbook(memory, {"constant_memory": not has_texts}) as book:
        bold, day = book.add_format({"bold": True}), book.add_format({"num_format": "yyyy-mm-dd"})
        sheet = book.add_worksheet("名册")
        for number in range(2, rows):
            sheet.write_row(number, 1, [number, f"李{number}", "同", "", True, "=A1"])
        sheet.write_rich_string(rows + 3, 2, "半", bold, "粗 体")
        sheet.write_string(rows + 4, 0, " 空 & <格> ")
        sheet.write_datetime(rows + 5, 0, datetime(2020, 1, 2), day)  # noqa: DTZ001
    return memory.getvalue()


def changed(content: bytes, part: str, change) -> bytes:
    """Return the workbook with one part written in another way."""
    memory = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(memory, "w") as new:
        for name in old.namelist():
            inside = old.read(name)
            new.writestr(name, change(inside) if name == part else inside)
    return memory.getvalue()


def replaced(old: bytes, new: bytes):
    def change(inside: bytes) -> bytes:
        assert re.search(old, inside)
        return re.sub(old, new, inside)

    return change


def said(content: bytes, limits) -> object:
    """Return all that a workbook says, without the empty cells at the ends of rows."""
    try:
        return [
            (sheet.name, sheet.merged, sheet.is_hidden, [trimmed(row) for row in sheet.rows])
            for sheet in open_table("a.xlsx", content, limits=limits)
        ]
    except Unreadable as unreadable:
        return unreadable.reason


def trimmed(row: list[object]) -> list[object]:
    cells = [None if cell == "" else cell for cell in row]
    while cells and cells[-1] is None:
        cells.pop()
    return cells


def is_sliced(content: bytes) -> bool:
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        try:
            opening.LargeBook(packed)
        except opening.NotForSlices:
            return False
    return True


TEXTS = "xl/sharedStrings.xml"
SHARED = with_xlsxwriter()
SOUNDS = b'</t><rPh sb="0" eb="1"><t>s</t></rPh><phoneticPr fontId="1"/></si>'
WRITTEN = {
    "anything": with_openpyxl(),
    "shared": SHARED,
    "inline": with_xlsxwriter(has_texts=False),
    "many slices": with_xlsxwriter(9000),
    "sounds": changed(SHARED, TEXTS, replaced(rb"</t></si>", SOUNDS)),
    "an empty text": changed(SHARED, TEXTS, replaced("<si><t>李4</t></si>".encode(), b"<si/>")),
    "formula of a text": changed(
        SHARED, SHEET, replaced(rb't="s"><v>1</v>', b't="s"><f>B1&amp;""</f><v>1</v>')
    ),
}


@pytest.mark.parametrize("content", WRITTEN.values(), ids=WRITTEN)
def test_slices_say_what_the_whole_says(content):
    assert is_sliced(content)
    whole = said(content, WHOLE)
    assert whole[0][3]
    assert said(content, SLICED) == whole


ODD = {
    "rows without numbers": (SHEET, rb'<row r="[0-9]+"', b"<row"),
    "prefixes": (SHEET, rb"<(/?)(row|c|v|sheetData)\b", rb"<\1x:\2"),
    "a part in other words": (SHEET, rb"<v>5</v>", b"<v><![CDATA[5]]></v>"),
    "a remark": (SHEET, rb"<sheetData>", b"<sheetData><!-- <row> -->"),
    "rows in another order": (SHEET, rb'<row r="4"', b'<row r="900"'),
    "a text as a number of its own": (SHEET, rb't="s"><v>1</v>', b't="s"><x/><v>1</v>'),
    "no rows": (SHEET, rb"<sheetData>.*</sheetData>", b"<sheetData/>"),
    "a remark among the texts": (TEXTS, rb"<sst([^>]*)>", rb"<sst\1><!-- <si> -->"),
}


@pytest.mark.parametrize(("part", "old", "new"), ODD.values(), ids=ODD)
def test_what_cannot_be_sliced_is_opened_whole(part, old, new):
    content = changed(SHARED, part, replaced(old, new))
    assert not is_sliced(content)
    assert said(content, SLICED) == said(content, WHOLE)


def test_texts_that_are_not_there_break_the_file():
    content = changed(SHARED, SHEET, replaced(rb't="s"><v>1</v>', b't="s"><v>9999</v>'))
    assert said(content, SLICED) is Unread.BROKEN


def test_rows_far_below_count_as_rows():
    content = changed(with_openpyxl(), SHEET, replaced(rb'<row r="29"', b'<row r="1048000"'))
    limits = replace(SLICED, rows=100_000)
    assert said(content, limits) == said(content, replace(WHOLE, rows=100_000))
