"""Opens a workbook in a process of its own, and says on the standard output what is in it.

The file of a stranger may ask for any memory and any time, and the library that reads it ends the
whole process when there is none left. So `core/workbooks.py` runs this file, with limits, and a bad
workbook ends nothing but this. Arguments: bytes of memory, seconds of processor, and up to how many
bytes a workbook is opened whole. The library keeps a whole sheet in memory; of a larger workbook it
is given some thousand rows at a time, as a small workbook each.
"""

import datetime
import io
import json
import re
import resource
import sys
import zipfile
from array import array
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import IO, Any
from xml.etree import ElementTree as Xml

from python_calamine import (
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
    load_workbook,
)

BATCH = 500


def plain(cell: Any) -> Any:
    """Return what JSON cannot say of a cell in a way that it can."""
    if isinstance(cell, datetime.datetime):
        return {"t": cell.isoformat()}
    if isinstance(cell, datetime.date):
        return {"d": cell.isoformat()}
    return {"s": str(cell)}


def batches(sheet: CalamineSheet) -> Iterator[list[list[Any]]]:
    """Return the rows of a sheet, some hundred at a time."""
    batch: list[list[Any]] = []
    for row in sheet.iter_rows():
        batch.append(row)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def whole_book() -> Iterator[Any]:
    """Return what is to be said of each sheet, and then its rows."""
    book = load_workbook("/dev/stdin")
    for place, meta in enumerate(book.sheets_metadata):
        if meta.typ is not SheetTypeEnum.WorkSheet:
            continue
        sheet = book.get_sheet_by_index(place)
        yield {
            "name": meta.name,
            "is_hidden": meta.visible is not SheetVisibleEnum.Visible,
            "first_column": sheet.start[1] if sheet.start else 0,
            "height": sheet.end[0] + 1 if sheet.end else 0,
            "merged": sheet.merged_cell_ranges or [],
        }
        yield from batches(sheet)
        del sheet


# --- large workbooks, some thousand rows at a time ------------------------------------------------

SLICE = 1 << 20
TEXTS = "xl/sharedStrings.xml"
BOOK, LINKS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"
SMALL = (BOOK, LINKS, "xl/styles.xml", "_rels/.rels", "[Content_Types].xml")
_DATA = re.compile(rb"<sheetData(?:\s[^>]*[^>/])?>")
_ROW = re.compile(rb"<row[\s/>]")
_NUMBER = re.compile(rb'<row\s(?:[^>]*\s)?r="([0-9]+)"')
_TEXT_CELL = re.compile(rb'\st="s"([^>]*>)\s*(?:<f[^>]*/>|<f[^>]*>[^<]*</f>)?\s*<v>([0-9]+)</v>')
_TEXT = re.compile(rb"<si\s*/>|<si(?:\s[^>]*)?>(.*?)</si>", re.DOTALL)
_SOUNDS = re.compile(rb"<phoneticPr[^>]*/>")


class NotForSlices(Exception):
    """The workbook is written in a way that only the library itself understands."""


class Texts:
    """The texts that cells share, as they are written, one behind the other."""

    def __init__(self, packed: zipfile.ZipFile) -> None:
        self.kept, self.ends = bytearray(), array("Q", [0])
        if TEXTS not in packed.namelist():
            return
        with packed.open(TEXTS) as file:
            rest = b""
            while chunk := file.read(SLICE):
                rest += chunk
                end = rest.rfind(b"<si")
                self._keep(rest[: max(end, 0)])
                rest = rest[max(end, 0) :]
            self._keep(rest)

    def _keep(self, written: bytes) -> None:
        if b"<!" in written:
            raise NotForSlices
        for found in _TEXT.finditer(_SOUNDS.sub(b"", written)):
            self.kept += found[1] or b""
            self.ends.append(len(self.kept))

    def put_in(self, cell: re.Match[bytes]) -> bytes:
        """Return a cell with the text itself instead of its number."""
        number = int(cell[2])
        if number + 1 >= len(self.ends):
            raise NotForSlices
        text = self.kept[self.ends[number] : self.ends[number + 1]]
        return b' t="inlineStr"%b<is>%b</is>' % (cell[1], bytes(text))


def pieces(file: IO[bytes]) -> Iterator[bytes]:
    """Return what stands above the rows of a sheet, then rows, at last what stands below them."""
    rest = b""
    while (found := _DATA.search(rest)) is None:
        chunk = file.read(SLICE)
        if not chunk:
            raise NotForSlices
        rest += chunk
    yield rest[: found.end()]
    rest = rest[found.end() :]
    while (end := rest.find(b"</sheetData>")) < 0:
        chunk = file.read(SLICE)
        if not chunk:
            raise NotForSlices
        at = max(rest.rfind(b"<row "), rest.rfind(b"<row>"))
        if at > 0:
            yield rest[:at]
            rest = rest[at:]
        rest += chunk
    yield rest[:end]
    yield rest[end:] + file.read()


class Part:
    """One sheet of a large workbook: looked through once, then read slice after slice."""

    def __init__(self, packed: zipfile.ZipFile, path: str, texts: Texts) -> None:
        self.packed, self.path, self.texts = packed, path, texts
        self.above = self.below = b""
        self.height = 0
        with packed.open(path) as file:
            found = pieces(file)
            self.above = next(found)
            for piece in found:
                self._check(self.below)
                self.below = piece
        if b"<!" in self.above + self.below:
            raise NotForSlices

    def _check(self, rows: bytes) -> None:
        numbers = [int(number) for number in _NUMBER.findall(rows)]
        shared = sum(1 for _ in _TEXT_CELL.finditer(rows))
        if (
            b"<!" in rows
            or rows.count(b't="s"') != shared
            or len(_ROW.findall(rows)) != len(numbers)
        ):
            raise NotForSlices
        for number in numbers:
            if number <= self.height:
                raise NotForSlices
            self.height = number

    def slices(self) -> Iterator[bytes]:
        """Return sheets with some of the rows each."""
        with self.packed.open(self.path) as file:
            found = pieces(file)
            next(found)
            rows = next(found)
            for following in found:
                yield (
                    self.above
                    + _TEXT_CELL.sub(self.texts.put_in, rows)
                    + b"</sheetData></worksheet>"
                )
                rows = following


class LargeBook:
    """A workbook of which only slices are opened."""

    def __init__(self, packed: zipfile.ZipFile) -> None:
        self.packed = packed
        names = set(packed.namelist())
        self.small = {name: packed.read(name) for name in SMALL if name in names}
        if BOOK not in self.small or LINKS not in self.small:
            raise NotForSlices
        self.texts = Texts(packed)
        paths = self._paths()
        self.metadata = self.open().sheets_metadata
        if len(paths) != len(self.metadata):
            raise NotForSlices
        self.parts = {
            place: Part(packed, path, self.texts)
            for place, (meta, path) in enumerate(zip(self.metadata, paths, strict=True))
            if meta.typ is SheetTypeEnum.WorkSheet
        }

    def _paths(self) -> list[str]:
        links, book = map(Xml.fromstring, (self.small[LINKS], self.small[BOOK]))
        targets = {link.get("Id", ""): link.get("Target", "") for link in links}
        found = []
        for element in book.iter():
            if element.tag.endswith("}sheet"):
                link = next((v for k, v in element.attrib.items() if k.endswith("}id")), "")
                target = targets.get(link, "")
                path = target[1:] if target.startswith("/") else str(PurePosixPath("xl", target))
                if path not in self.packed.namelist():
                    raise NotForSlices
                found.append(path)
        return found

    def open(self, path: str = "", sheet: bytes = b"") -> CalamineWorkbook:
        """Open a small workbook with our styles and this one sheet."""
        memory = io.BytesIO()
        with zipfile.ZipFile(memory, "w") as small:
            for name, content in self.small.items():
                small.writestr(name, content)
            if path:
                small.writestr(path, sheet)
        memory.seek(0)
        return load_workbook(memory)

    def say(self) -> Iterator[Any]:
        """Return what is to be said of each sheet, and then its rows."""
        for place, part in self.parts.items():
            meta = self.metadata[place]
            empty = self.open(part.path, part.above + part.below).get_sheet_by_index(place)
            yield {
                "name": meta.name,
                "is_hidden": meta.visible is not SheetVisibleEnum.Visible,
                "first_column": 0,
                "height": part.height,
                "merged": empty.merged_cell_ranges or [],
            }
            read = 0
            for rows in part.slices():
                sheet = self.open(part.path, rows).get_sheet_by_index(place)
                if sheet.start is None or sheet.end is None:
                    continue
                while read < sheet.start[0]:  # rows without anything
                    gap = min(sheet.start[0] - read, BATCH)
                    yield [[]] * gap
                    read += gap
                pad = [None] * sheet.start[1]
                found = sheet.to_python(skip_empty_area=True)
                yield [pad + row for row in found] if pad else found
                read = sheet.end[0] + 1


def open_book(whole: int) -> Iterator[Any]:
    """Return the sheets of the workbook on the standard input, each followed by its rows."""
    if not zipfile.is_zipfile(sys.stdin.buffer):
        return whole_book()
    packed = zipfile.ZipFile(sys.stdin.buffer)
    if sum(entry.file_size for entry in packed.infolist()) <= whole:
        return whole_book()
    try:
        return LargeBook(packed).say()
    except NotForSlices:
        return whole_book()


def main() -> None:
    """Write one line for each sheet, and after it its rows."""
    memory, seconds, whole = map(int, sys.argv[1:])
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 5))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    encode = json.JSONEncoder(ensure_ascii=False, default=plain, separators=(",", ":")).encode
    out = io.TextIOWrapper(sys.stdout.buffer, "utf-8", newline="\n")
    try:
        for told in open_book(whole):
            out.write(encode(told) + "\n")
        out.write(encode({"end": True}) + "\n")
    except PasswordError:
        out.write(encode({"end": False, "reason": "encrypted"}) + "\n")
    except MemoryError:
        out.write(encode({"end": False, "reason": "too-far"}) + "\n")
    except BaseException:  # noqa: BLE001 -- the library panics outside of Exception
        out.write(encode({"end": False, "reason": "broken"}) + "\n")
    out.flush()


if __name__ == "__main__":
    main()
