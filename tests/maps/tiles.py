"""A base map of one tile, everywhere the same: a PMTiles file by its own bytes (specification 3)."""

import struct

EXTENT = 4096
EVERY_TILE = (4**16 - 1) // 3
"""As many tiles as there are from zoom 0 to zoom 15."""


def varint(number: int) -> bytes:
    """Write a whole number in groups of seven bits."""
    out = b""
    while number > 0x7F:
        out += bytes([number & 0x7F | 0x80])
        number >>= 7
    return out + bytes([number])


def field(number: int, data: bytes | int) -> bytes:
    """Write one field of a protocol buffer: a whole number, or bytes with their length."""
    if isinstance(data, int):
        return varint(number << 3) + varint(data)
    return varint(number << 3 | 2) + varint(len(data)) + data


def water_tile() -> bytes:
    """Return a Mapbox vector tile that is water from edge to edge."""
    zigzag = [(n << 1) ^ (n >> 31) for n in (0, 0, EXTENT, 0, 0, EXTENT, -EXTENT, 0)]
    ring = [9, *zigzag[:2], 26, *zigzag[2:], 15]  # move to, three lines, close
    feature = field(2, bytes([0, 0])) + field(3, 3) + field(4, b"".join(map(varint, ring)))
    value = field(1, b"ocean")
    layer = field(1, b"water") + field(2, feature) + field(3, b"kind") + field(4, value)
    return field(3, field(15, 2) + layer + field(5, EXTENT))


def pmtiles(tile: bytes) -> bytes:
    """Return a file in which every tile of the world, down to zoom 15, is this one."""
    folder = varint(1) + varint(0) + varint(EVERY_TILE) + varint(len(tile)) + varint(1)
    described = b"{}"
    at = 127
    places = []
    for part in (folder, described, b"", tile):
        places += [at, len(part)]
        at += len(part)
    return (
        b"PMTiles\x03"
        + struct.pack("<11Q", *places, EVERY_TILE, 1, 1)
        + bytes([1, 1, 1, 1, 0, 15])  # clustered; nothing packed; vector tiles; zooms
        + struct.pack("<4i", -1_800_000_000, -850_000_000, 1_800_000_000, 850_000_000)
        + bytes([0])
        + struct.pack("<2i", 0, 0)
        + folder
        + described
        + tile
    )
