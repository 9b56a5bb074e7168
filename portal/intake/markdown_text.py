"""A text in Markdown as chapters: each heading of the highest kind begins one. Pure."""

import re

from portal.intake.drafts import TextPart
from portal.intake.faults import Fault, Findings, Note, Place

MOST_CHAPTER = 50_000
MOST_HEADING = 120
_HEADING = re.compile(r"(#{1,6})\s+(.+?)\s*#*\s*$")
_FENCE = re.compile(r"\s*(```|~~~)")
_PICTURE = re.compile(r"!\[[^\]]*\]\([^)]*\)")
INTRODUCTION = "前言"


def read_markdown(file: str, text: str, findings: Findings) -> list[TextPart]:
    """Return the chapters. A single heading on top is the title of the plan, not a chapter."""
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    pictures = len(_PICTURE.findall(text))
    if pictures:
        text = _PICTURE.sub("", text)
        findings.tell(Note.PICTURES, Place(file=file), count=str(pictures))
    lines = text.split("\n")
    heads = _headings(lines)
    if not heads:
        body = text.strip()
        if not body:
            findings.refuse(Fault.NO_TEXT, Place(file=file))
            return []
        return _checked([(INTRODUCTION, lines, 0)], file, findings)
    levels = [level for _, level, _ in heads]
    top = min(levels)
    if levels.count(top) == 1 and len(levels) > 1 and heads[0][1] == top:
        top = min(level for level in levels if level > top)  # the title of the whole
    starts = [(at, title) for at, level, title in heads if level == top]
    first_title = heads[0][2] if heads[0][1] < top else ""
    before = [
        line for at, line in enumerate(lines[: starts[0][0]])
        if not (first_title and at == heads[0][0])
    ]  # fmt: skip
    parts = [(INTRODUCTION, before, 0)] if "".join(before).strip() else []
    for (at, title), end in zip(starts, [*(at for at, _ in starts[1:]), len(lines)], strict=True):
        parts.append((title, lines[at + 1 : end], at + 1))
    return _checked(parts, file, findings)


def _headings(lines: list[str]) -> list[tuple[int, int, str]]:
    found, is_code = [], False
    for at, line in enumerate(lines):
        if _FENCE.match(line):
            is_code = not is_code
        elif not is_code and (heading := _HEADING.match(line)):
            found.append((at, len(heading[1]), heading[2]))
    return found


def _checked(
    parts: list[tuple[str, list[str], int]], file: str, findings: Findings
) -> list[TextPart]:
    chapters = []
    for title, lines, at in parts:
        body = "\n".join(lines).strip()
        place = Place(file=file, row=at)
        if len(title) > MOST_HEADING:
            findings.refuse(Fault.TOO_LONG, place, title, most=str(MOST_HEADING))
        if len(body) > MOST_CHAPTER:
            findings.refuse(Fault.TOO_LONG, place, title, most=str(MOST_CHAPTER))
        chapters.append(TextPart(title, body))
    return chapters
