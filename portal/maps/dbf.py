"""Which encoding the table of a Shapefile is in: what it says is tried before it is believed."""

import struct
from pathlib import Path

from portal.maps.rfc7946 import Stop
from portal.maps.rules import Fault

_LOOKED_AT = 4_000_000
_ENOUGH = 12
"""Bytes of Chinese that are UTF-8 by chance less than once in ten thousand tables."""
_NAMES = {
    "936": "GB18030",
    "cp936": "GB18030",
    "gbk": "GB18030",
    "gb2312": "GB18030",
    "gb18030": "GB18030",
    "54936": "GB18030",
    "ansi 936": "GB18030",
    "65001": "UTF-8",
    "utf-8": "UTF-8",
    "utf8": "UTF-8",
    "950": "BIG5",
    "big5": "BIG5",
    "cp950": "BIG5",
}
_BY_MARK = {0x4D: "GB18030", 0x4F: "BIG5"}
"""The code page mark in the head of the table."""


def find_encoding(table: Path, said: Path) -> tuple[str, str]:
    """Return the encoding, and the one that the file says where that cannot be (else empty).

    Raises Stop where no encoding fits, or where the table is none.
    """
    data = table.read_bytes()[:_LOOKED_AT]
    if len(data) < 32:
        raise Stop(Fault.BROKEN, "dbf")
    count, head, width = struct.unpack_from("<IHH", data, 4)
    columns, texts = _columns(data, head)
    if not columns or width < 2:
        raise Stop(Fault.BROKEN, "dbf")
    words = [(name, len(name) >= 10) for name, _, _ in columns]
    rows = min(count, (len(data) - head) // width)
    for row in range(rows):
        start = head + row * width
        for _, offset, length in texts:
            cell = data[start + offset : start + offset + length]
            if not cell.isascii():
                words.append((cell.rstrip(b" \0"), cell[-1:] not in b" \0"))
    named = _said(said) or _BY_MARK.get(data[29], "")
    tried = [named] if named else []
    tried += [name for name in ("UTF-8", "GB18030", "BIG5") if name != named]
    if sum(len(word) for word, _ in words if not word.isascii()) >= _ENOUGH:
        tried.sort(key="UTF-8".__ne__)
    for encoding in tried:
        if all(_fits(word, encoding, is_full=is_full) for word, is_full in words):
            return encoding, named if named and encoding != named else ""
    raise Stop(Fault.ENCODING, named)


def _columns(
    data: bytes, head: int
) -> tuple[list[tuple[bytes, int, int]], list[tuple[bytes, int, int]]]:
    """Return name, offset and length of each column, and of each column of text."""
    columns, texts = [], []
    offset, at = 1, 32
    while at + 32 <= min(head, len(data)) and data[at] != 0x0D:
        name, kind, length = (
            data[at : at + 11].split(b"\0")[0],
            data[at + 11 : at + 12],
            data[at + 16],
        )
        columns.append((name, offset, length))
        if kind == b"C":
            texts.append((name, offset, length))
        offset += length
        at += 32
    return columns, texts


def _said(file: Path) -> str:
    if not file.is_file():
        return ""
    name = file.read_bytes()[:40].decode("ascii", "replace").strip().lower()
    return _NAMES.get(name, "")


def _fits(word: bytes, encoding: str, *, is_full: bool) -> bool:
    """Say whether bytes are words in an encoding; in a full cell the last one may be cut in two."""
    try:
        word.decode(encoding)
    except UnicodeDecodeError as bad:
        return is_full and bad.start >= max(1, len(word) - 3)
    return True
