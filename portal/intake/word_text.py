"""A text from Word (DOCX) as Markdown: headings, lists, emphasis, tables; never what runs."""

import io
import re
import zipfile
from collections.abc import Iterator
from typing import Any

import docx
from docx.document import Document
from docx.oxml.ns import qn
from docx.table import Table
from docx.text.paragraph import Paragraph

from portal.intake.faults import Fault, Findings, Note, Place

MOST_UNPACKED = 200 << 20
MOST_PARAGRAPHS = 20_000
_HEADING = re.compile(r"(?:heading|标题|título)\s*([1-9])$", re.IGNORECASE)
_SPECIAL = re.compile(r"([\\`*_\[\]<>#|])")
_NUMBERED = re.compile(r"number|编号", re.IGNORECASE)
_BULLETS = re.compile(r"list|bullet|列表|项目符号", re.IGNORECASE)


def read_docx(file: str, data: bytes, findings: Findings) -> str:
    """Return the text of a Word file as Markdown; what is left out is said."""
    place = Place(file=file)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            entries = packed.infolist()
            if sum(entry.file_size for entry in entries) > MOST_UNPACKED:
                findings.refuse(Fault.TOO_LARGE, place)
                return ""
            names = [entry.filename.lower() for entry in entries]
        document = docx.Document(io.BytesIO(_without_macro_type(data)))
        lines = list(_lines(document))
    except Exception as error:  # noqa: BLE001 -- the library raises whatever its parsers raise
        findings.refuse(Fault.BROKEN, place, type(error).__name__)
        return ""
    pictures = sum(name.startswith("word/media/") for name in names)
    if pictures:
        findings.tell(Note.PICTURES, place, count=str(pictures))
    if any(name.endswith("vbaproject.bin") for name in names):
        findings.tell(Note.MACROS, place)
    if any(name.startswith("word/embeddings/") for name in names):
        findings.tell(Note.EMBEDDED, place)
    return "\n".join(lines).strip() + "\n"


_MACRO = b"application/vnd.ms-word.document.macroEnabled.main+xml"
_PLAIN = b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"


def _without_macro_type(data: bytes) -> bytes:
    """Return a file with macros as a plain one, which the library opens: nothing of it runs."""
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        types = packed.read("[Content_Types].xml")
        if _MACRO not in types:
            return data
        memory = io.BytesIO()
        with zipfile.ZipFile(memory, "w", zipfile.ZIP_DEFLATED) as plain:
            for entry in packed.infolist():
                content = packed.read(entry.filename)
                if entry.filename == "[Content_Types].xml":
                    content = types.replace(_MACRO, _PLAIN)
                plain.writestr(entry.filename, content)
    return memory.getvalue()


def _lines(document: Document) -> Iterator[str]:
    count = 0
    was_list = False
    styles = (p.style.name for p in document.paragraphs if p.style is not None)
    below = 1 if any(map(_is_title, styles)) else 0
    for block in document.iter_inner_content():
        count += 1
        if count > MOST_PARAGRAPHS:
            raise ValueError("too many paragraphs")
        if isinstance(block, Table):
            yield from ("", *_table(block), "")
            was_list = False
            continue
        text = _marked(block)
        if not text.strip():
            continue
        level = _level(block)
        if level:
            style = block.style.name if block.style is not None else ""
            marks = "#" * min(level if _is_title(style) else level + below, 6)
            yield from ("", f"{marks} {block.text.strip()}", "")
            was_list = False
        elif bullet := _bullet(block):
            if not was_list:
                yield ""
            yield bullet + text.strip()
            was_list = True
        else:
            yield from ("", text.strip())
            was_list = False


def _is_title(style: str | None) -> bool:
    """Tell whether a style is that of the title of the whole, above every heading."""
    return (style or "").strip().lower() in ("title", "标题")


def _level(paragraph: Paragraph) -> int:
    style = paragraph.style
    while style is not None:
        if found := _HEADING.match((style.name or "").strip()):
            return min(int(found[1]), 6)
        if _is_title(style.name):
            return 1
        style = style.base_style
    outline: Any = paragraph._p.find(f".//{qn('w:outlineLvl')}")
    if outline is not None:
        value = int(outline.get(qn("w:val"), "9"))
        return value + 1 if value < 6 else 0
    return 0


def _bullet(paragraph: Paragraph) -> str:
    name = (paragraph.style.name or "") if paragraph.style is not None else ""
    numbering: Any = paragraph._p.find(f".//{qn('w:numPr')}")
    if numbering is None and not _BULLETS.search(name):
        return ""
    depth = 0
    if numbering is not None and (level := numbering.find(qn("w:ilvl"))) is not None:
        depth = min(int(level.get(qn("w:val"), "0")), 5)
    return "  " * depth + ("1. " if _NUMBERED.search(name) else "- ")


def _marked(paragraph: Paragraph) -> str:
    """Return the text with its marks escaped, bold as bold."""
    pieces: list[tuple[bool, str]] = []
    for run in paragraph.iter_inner_content():
        text = run.text
        is_bold = bool(getattr(run, "bold", False))
        if pieces and pieces[-1][0] is is_bold:
            pieces[-1] = (is_bold, pieces[-1][1] + text)
        else:
            pieces.append((is_bold, text))
    said = ""
    for is_bold, text in pieces:
        safe = _SPECIAL.sub(r"\\\1", text.replace("\n", " ").replace("\t", " "))
        said += f"**{safe.strip()}**" if is_bold and safe.strip() else safe
    return re.sub(r"^([-+]|\d+\.)(?=\s)", r"\\\1", said.strip())


def _table(table: Table) -> list[str]:
    rows = []
    for row in table.rows:
        cells, last = [], None
        for cell in row.cells:
            if cell._tc is last:
                continue
            last = cell._tc
            cells.append(_SPECIAL.sub(r"\\\1", " ".join(cell.text.split())))
        rows.append(cells)
    width = max((len(row) for row in rows), default=0)
    if not width:
        return []
    padded = [row + [""] * (width - len(row)) for row in rows]
    lines = [f"| {' | '.join(row)} |" for row in padded]
    return [lines[0], "| " + " | ".join(["---"] * width) + " |", *lines[1:]]
