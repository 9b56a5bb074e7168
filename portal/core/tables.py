"""Opening tables that people keep: what a file really is, and its rows one after the other."""

import io
import zipfile
from collections.abc import Iterator
from pathlib import PurePath
from typing import BinaryIO

from portal.core.open_sheets import VILLAGE, Limits, OpenSheet, Unread, Unreadable
from portal.core.text_tables import open_text
from portal.core.workbooks import open_workbook

_STARTS = (
    (b"%PDF", Unread.PDF),
    (b"{\\rtf", Unread.WORD),
    (b"\x89PNG", Unread.PICTURE),
    (b"\xff\xd8\xff", Unread.PICTURE),
    (b"GIF8", Unread.PICTURE),
    (b"BM", Unread.PICTURE),
    (b"II*\0", Unread.PICTURE),
    (b"MM\0*", Unread.PICTURE),
    (b"Rar!", Unread.ARCHIVE),
    (b"7z\xbc\xaf", Unread.ARCHIVE),
    (b"\x1f\x8b", Unread.ARCHIVE),
)
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def open_table(
    filename: str, source: bytes | BinaryIO, *, limits: Limits = VILLAGE
) -> Iterator[OpenSheet]:
    """Give the sheets of a CSV, TSV, XLSX or XLS file one after the other, or raise Unreadable.

    What the file is, its content says; old .xls that are web pages or texts are read as such.
    """
    file = io.BytesIO(source) if isinstance(source, bytes) else source
    size = file.seek(0, io.SEEK_END)
    file.seek(0)
    if size > limits.size:
        raise Unreadable(Unread.TOO_LARGE)
    head = file.read(4096)
    file.seek(0)
    if not head.strip():
        raise Unreadable(Unread.EMPTY)
    for start, reason in _STARTS:
        if head.startswith(start) and not (start == b"BM" and b"\0" not in head[:64]):
            raise Unreadable(reason)
    if head.startswith(b"PK"):
        _look_into_zip(file, limits)
    elif head.startswith(_OLE):
        _look_into_ole(file)
    else:
        yield from open_text(PurePath(filename), file, limits)
        return
    yield from open_workbook(file, limits)


def _look_into_zip(file: BinaryIO, limits: Limits) -> None:
    try:
        with zipfile.ZipFile(file) as packed:
            entries = packed.infolist()
            names = {entry.filename for entry in entries}
            kind = packed.read("mimetype")[:80] if "mimetype" in names else b""
    except Exception as error:  # zipfile raises whatever its parsers raise
        raise Unreadable(Unread.BROKEN) from error
    finally:
        file.seek(0)
    if any(entry.flag_bits & 1 for entry in entries):
        raise Unreadable(Unread.ENCRYPTED)
    if sum(entry.file_size for entry in entries) > limits.unpacked:
        raise Unreadable(Unread.TOO_LARGE)
    if any(name.lower().startswith("xl/") for name in names):
        return
    if any(name.startswith("word/") for name in names):
        raise Unreadable(Unread.WORD)
    raise Unreadable(Unread.OPEN_DOCUMENT if b"opendocument" in kind else Unread.ARCHIVE)


_BOOK_BEGINS = b"\x09\x08\x10\x00\x00\x06\x05\x00"
_FILE_PASS = 0x002F


def _look_into_ole(file: BinaryIO) -> None:
    content = file.read()
    file.seek(0)
    for name, reason in (
        ("EncryptedPackage", Unread.ENCRYPTED),
        ("WordDocument", Unread.WORD),
        ("PowerPoint Document", Unread.NOT_A_TABLE),
    ):
        if name.encode("utf-16-le") in content:
            raise Unreadable(reason)
    at = content.find(_BOOK_BEGINS)
    for _record in range(6 if at >= 0 else 0):  # a password stands among the first records
        kind = int.from_bytes(content[at : at + 2], "little")
        if kind == _FILE_PASS:
            raise Unreadable(Unread.ENCRYPTED)
        at += 4 + int.from_bytes(content[at + 2 : at + 4], "little")
