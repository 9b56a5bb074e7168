"""What a PDF of ours says: the words on its pages and its metadata, read back out of its bytes.

It reads what ReportLab writes: text in subsets of fonts, each with a table of what its codes mean.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from pyhanko.pdf_utils.generic import TextStringObject
from pyhanko.pdf_utils.reader import PdfFileReader

_TOKENS = re.compile(
    rb"/(?P<font>[^\s/<>\[\]()]+)\s+[\d.]+\s+Tf"
    rb"|\((?P<text>(?:\\.|[^\\()])*)\)\s*Tj"
    rb"|<(?P<hex>[0-9A-Fa-f\s]*)>\s*Tj"
    rb"|\[(?P<array>(?:\((?:\\.|[^\\()])*\)|[^\]()])*)\]\s*TJ"
    rb"|/(?P<form>[^\s/<>\[\]()]+)\s+Do"
    rb"|(?P<move>\bT[dDm]\b|\bET\b|T\*)",
    re.DOTALL,
)
_STRINGS = re.compile(rb"\((?P<text>(?:\\.|[^\\()])*)\)", re.DOTALL)
_ESCAPES = re.compile(rb"\\(?:([0-7]{1,3})|(\r\n|.))", re.DOTALL)
_PLAIN = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f", b"\n": b"", b"\r\n": b""}
_PAIRS = re.compile(rb"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>")
_RANGES = re.compile(rb"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>\s*(\[[^\]]*\]|<[0-9A-Fa-f]+>)")


@dataclass(frozen=True)
class Words:
    """A line's run of text, in whatever fonts: `page` counts from one; 0 is the metadata."""

    page: int
    words: str


def read_words(content: bytes) -> list[Words]:
    """Return every run of text of a PDF, page by page, and each entry of its metadata."""
    reader = PdfFileReader(BytesIO(content), strict=False)
    found = [Words(0, words) for words in _metadata(reader)]
    for number in range(int(reader.root["/Pages"]["/Count"])):
        page = reader.find_page_for_modification(number)[0].get_object()  # type: ignore[no-untyped-call]
        resources = _inside(page, "/Resources")
        found += [Words(number + 1, words) for words in _runs(_stream(page), resources, 0)]
    return [run for run in found if run.words.strip()]


def _metadata(reader: PdfFileReader) -> Iterator[str]:
    if "/Info" in reader.trailer:
        for value in reader.trailer["/Info"].values():
            if isinstance(value, TextStringObject):
                yield str(value)
    if "/Metadata" in reader.root:
        text = reader.root["/Metadata"].data.decode("utf-8", "replace")
        yield re.sub(r"<[^>]*>", " ", text)


def _inside(thing: Any, name: str) -> Any:
    """Return what stands under a name, wherever it lies in the file; {} where there is nothing."""
    return thing[name] if name in thing else {}  # noqa: SIM401 -- `get` would not follow


def _stream(page: Any) -> bytes:
    contents = page["/Contents"]
    if isinstance(contents, list):
        return b"\n".join(bytes(part.get_object().data) for part in contents)
    return bytes(contents.data)


def _runs(stream: bytes, resources: Any, depth: int) -> Iterator[str]:
    fonts = _inside(resources, "/Font")
    maps: dict[str, dict[bytes, str]] = {}
    codes: dict[bytes, str] = {}
    run = ""
    for token in _TOKENS.finditer(stream):
        if token["font"] is not None:
            name = "/" + token["font"].decode("latin-1")
            if name not in maps:
                maps[name] = _codes(fonts[name]) if name in fonts else {}
            codes = maps[name]
        elif token["move"] is not None:
            if run:
                yield run
            run = ""
        elif token["form"] is None:
            run += "".join(_meant(drawn, codes) for drawn in _drawn(token))
        elif depth < 3:
            name = "/" + token["form"].decode("latin-1")
            form = _inside(_inside(resources, "/XObject"), name)
            if form and _inside(form, "/Subtype") == "/Form":
                yield from _runs(form.data, _inside(form, "/Resources") or resources, depth + 1)
    if run:
        yield run


def _drawn(token: re.Match[bytes]) -> list[bytes]:
    """Return the codes that an operator draws."""
    if token["text"] is not None:
        return [_unescaped(token["text"])]
    if token["hex"] is not None:
        return [bytes.fromhex(re.sub(rb"\s", b"", token["hex"]).decode())]
    return [_unescaped(part["text"]) for part in _STRINGS.finditer(token["array"])]


def _unescaped(text: bytes) -> bytes:
    def plain(match: re.Match[bytes]) -> bytes:
        if match[1] is not None:
            return bytes([int(match[1], 8) & 255])
        return _PLAIN.get(match[2], match[2])

    return _ESCAPES.sub(plain, text)


def _codes(font: Any) -> dict[bytes, str]:
    """Return what the codes of a font mean, by its ToUnicode table; nothing where it has none."""
    if "/ToUnicode" not in font:
        return {}
    text = bytes(font["/ToUnicode"].data)
    codes: dict[bytes, str] = {}
    for block in re.findall(rb"beginbfchar(.*?)endbfchar", text, re.DOTALL):
        for code, meaning in _PAIRS.findall(block):
            codes[bytes.fromhex(code.decode())] = _utf16(meaning)
    for block in re.findall(rb"beginbfrange(.*?)endbfrange", text, re.DOTALL):
        for low, high, meaning in _RANGES.findall(block):
            first, last, width = int(low, 16), int(high, 16), len(low) // 2
            if meaning.startswith(b"["):
                meanings = [_utf16(item) for item in re.findall(rb"<([0-9A-Fa-f]+)>", meaning)]
            else:
                start = int.from_bytes(_utf16(meaning[1:-1]).encode("utf-32-be"))
                meanings = [chr(start + step) for step in range(last - first + 1)]
            for code_number, word in zip(range(first, last + 1), meanings, strict=False):
                codes[code_number.to_bytes(width)] = word
    return codes


def _utf16(digits: bytes) -> str:
    return bytes.fromhex(digits.decode()).decode("utf-16-be", "replace")


def _meant(codes_drawn: bytes, codes: dict[bytes, str]) -> str:
    if not codes:
        return codes_drawn.decode("latin-1")
    width = len(next(iter(codes)))
    pieces = (codes_drawn[at : at + width] for at in range(0, len(codes_drawn), width))
    return "".join(codes.get(piece, "") for piece in pieces)
