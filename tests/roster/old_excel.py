"""Builds real .xls files (BIFF8 in a compound file), which no library of ours can write."""

import struct

SECTOR = 512
FREE, END, FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD


def _record(kind: int, data: bytes) -> bytes:
    return struct.pack("<HH", kind, len(data)) + data


def _text(text: str, *, short: bool = False) -> bytes:
    units = text.encode("utf-16-le")
    return struct.pack("<BB" if short else "<HB", len(units) // 2, 1) + units


def xls(rows, *, name="名册", merged=(), is_locked=False) -> bytes:
    """Return a workbook of one sheet; cells are texts and numbers, merged ranges as openpyxl's."""
    sheet = _record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0010, 0, 0, 0, 0))
    height, width = len(rows), max(map(len, rows), default=0)
    sheet += _record(0x0200, struct.pack("<IIHHH", 0, height, 0, width, 0))
    for r, row in enumerate(rows):
        for c, cell in enumerate(row):
            if isinstance(cell, str) and cell:
                sheet += _record(0x0204, struct.pack("<HHH", r, c, 0) + _text(cell))
            elif isinstance(cell, int | float):
                sheet += _record(0x0203, struct.pack("<HHHd", r, c, 0, cell))
    if merged:
        ranges = b"".join(struct.pack("<HHHH", r0, r1, c0, c1) for r0, c0, r1, c1 in merged)
        sheet += _record(0x00E5, struct.pack("<H", len(merged)) + ranges)
    sheet += _record(0x000A, b"")
    begin = _record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0005, 0, 0, 0, 0))
    if is_locked:
        begin += _record(0x002F, struct.pack("<HHH", 1, 1, 1) + bytes(48))
    title = _text(name, short=True)
    at = len(begin) + 4 + 6 + len(title) + 4
    book = begin + _record(0x0085, struct.pack("<IBB", at, 0, 0) + title) + _record(0x000A, b"")
    return compound({"Workbook": book + sheet})


def compound(streams: dict[str, bytes]) -> bytes:
    """Return a compound file (OLE) with these streams, each stretched beyond the small ones."""
    padded = {
        name: data.ljust(max(4096, -(-len(data) // SECTOR) * SECTOR), b"\0")
        for name, data in streams.items()
    }
    entries = [_entry("Root Entry", 5, END, 0, child=1)]
    fat: list[int] = []
    body = b""
    for number, (name, data) in enumerate(padded.items(), start=1):
        first, count = len(fat), len(data) // SECTOR
        fat += [*range(first + 1, first + count), END]
        body += data
        following = number + 1 if number < len(padded) else FREE
        entries.append(_entry(name, 2, first, len(data), right=following))
    directory = b"".join(entries).ljust(-(-len(entries) // 4) * SECTOR, b"\0")
    directory_at = len(fat)
    count = len(directory) // SECTOR
    fat += [*range(directory_at + 1, directory_at + count), END]
    body += directory
    fat_sectors = -(-(len(fat) + 1) // 128)
    fat_at = len(fat)
    fat += [FAT] * fat_sectors
    table = struct.pack(f"<{len(fat)}I", *fat).ljust(fat_sectors * SECTOR, b"\xff")
    places = [*range(fat_at, fat_at + fat_sectors)]
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    head += struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    head += struct.pack("<IIIIIIIII", 0, fat_sectors, directory_at, 0, 4096, END, 0, END, 0)
    head += struct.pack("<109I", *(places + [FREE] * (109 - len(places))))
    return head + body + table


def _entry(name: str, kind: int, first: int, size: int, *, child=FREE, right=FREE) -> bytes:
    text = name.encode("utf-16-le") + b"\0\0"
    entry = text.ljust(64, b"\0") + struct.pack("<HBBIII", len(text), kind, 1, FREE, right, child)
    return entry + bytes(16 + 4 + 8 + 8) + struct.pack("<IQ", first, size)
