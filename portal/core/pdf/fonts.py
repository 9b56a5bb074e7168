"""Fonts for PDF documents, and the text they can and cannot show.

Two cuts of Noto Sans SC lie beside this module (OFL.txt; `portal/frontend/build_fonts.py` makes
them). A character that the bold cut lacks is set in the regular one. One that the regular cut lacks
is drawn as 〓, the printers' mark for a sort they do not have, but keeps its own code in the text
layer: it can be searched and copied, and `missing` names it so that the document can say so.
Control characters have no shape at all and become U+FFFD.
"""

import mmap
import re
import threading
from pathlib import Path
from xml.sax.saxutils import escape

from reportlab import rl_config
from reportlab.graphics.shapes import STATE_DEFAULTS
from reportlab.pdfbase import pdfmetrics, ttfonts

REGULAR = "NotoSansSC"
BOLD = "NotoSansSC-Bold"
GETA = "〓"

FOLDER = Path(__file__).parent / "fonts"
_lock = threading.Lock()
_signs: dict[str, frozenset[str]] = {}
_CONTROLS = re.compile("[\0-\x09\x0b-\x1f\x7f-\x9f\ud800-\udfff]")

upstream_to_unicode = ttfonts.makeToUnicodeCMap


def to_unicode_cmap(fontname: str, subset: list[int]) -> str:
    """Return the table that tells a reader which character each glyph is.

    ReportLab writes five hexadecimal digits for characters above U+FFFF, which readers take for
    another character: 𬭚 was copied as ⲵ. The table wants UTF-16 pairs.
    """
    table: str = upstream_to_unicode(fontname, [min(code, 0xFFFF) for code in subset])
    head, _, _ = table.partition(" beginbfchar")
    head = head[: head.rindex("\n")]
    _, _, tail = table.partition("\nendbfchar")
    lines = (
        f"<{glyph:02X}> <{chr(code).encode('utf-16-be').hex().upper()}>"
        for glyph, code in enumerate(subset)
    )
    return "\n".join([head, f"{len(subset)} beginbfchar", *lines, "endbfchar"]) + tail


def register() -> None:
    """Make the fonts known to ReportLab; the first call reads 13 MB, later calls do nothing."""
    with _lock:
        if _signs:
            return
        ttfonts.makeToUnicodeCMap = to_unicode_cmap
        for name, file in ((REGULAR, "NotoSansSC-Regular.ttf"), (BOLD, "NotoSansSC-Bold.ttf")):
            font = ttfonts.TTFont(name, FOLDER / file)
            font.face._ttf_data = _mapped(FOLDER / file)
            pdfmetrics.registerFont(font)
            _signs[name] = frozenset(map(chr, font.face.charToGlyph)) | {"\n"}
        STATE_DEFAULTS["fontName"] = REGULAR  # drawings begin with it, and so embed no other font
        rl_config.useA85 = 0  # streams as bytes: a fifth smaller, and not written in Python
        pdfmetrics.registerFontFamily(
            REGULAR, normal=REGULAR, bold=BOLD, italic=REGULAR, boldItalic=BOLD
        )


def _mapped(file: Path) -> mmap.mmap:
    """Return a font's bytes as the system keeps them: only what is drawn is read into memory."""
    with file.open("rb") as opened:
        return mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ)


def _show_as_geta(sign: str) -> None:
    """Give a character we have no shape for the shape of 〓, and keep its code."""
    face = pdfmetrics.getFont(REGULAR).face
    face.charToGlyph[ord(sign)] = face.charToGlyph[ord(GETA)]
    face.charWidths[ord(sign)] = face.charWidths[ord(GETA)]


def clean(text: str) -> str:
    """Return text with tabs as spaces and control characters as U+FFFD; line breaks stay."""
    return _CONTROLS.sub("\ufffd", text.replace("\r\n", "\n").replace("\t", " "))


def missing(text: str) -> list[str]:
    """Return the characters that no font of ours can show, each once, in order of appearance."""
    register()
    known = _signs[REGULAR]
    return [sign for sign in dict.fromkeys(clean(text)) if sign not in known]


def shown(text: str) -> str:
    """Return text that `drawString` in the regular cut can show: cleaned, unknown signs as 〓."""
    register()
    plain = clean(text)
    if not _signs[REGULAR].issuperset(plain):
        for sign in missing(plain):
            _show_as_geta(sign)
    return plain


def is_in_bold(text: str) -> bool:
    """Tell whether the bold cut has every sign of this text."""
    register()
    return _signs[BOLD].issuperset(text)


def markup(text: str, *, bold: bool = False) -> str:
    """Return text as ReportLab paragraph markup: escaped, line breaks kept, rare signs in regular.

    This is the only door through which words reach ReportLab's markup parser.
    """
    plain = shown(text)
    if not bold:
        return escape(plain).replace("\n", "<br/>")
    parts: list[str] = []
    for sign in plain:
        part = "<br/>" if sign == "\n" else escape(sign)
        if sign != "\n" and sign not in _signs[BOLD]:
            part = f'<font name="{REGULAR}">{part}</font>'
        parts.append(part)
    return "".join(parts)
