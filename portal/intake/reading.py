"""A bundle read from the first byte to the whole plan: what was understood, and every fault."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from portal.core.open_sheets import VILLAGE, OpenSheet, Unread, Unreadable
from portal.core.tables import open_table
from portal.intake.archive import Member, open_bundle, sort_members
from portal.intake.assembling import assemble, check_head
from portal.intake.checks import check
from portal.intake.columns import Table
from portal.intake.drafts import Parts, StructureRow, TextPart
from portal.intake.faults import Fault, Findings, Note, Place
from portal.intake.figures import read_indicators, read_structure
from portal.intake.layers import Choice, MapLayerRead, read_layers
from portal.intake.markdown_text import read_markdown
from portal.intake.projects import read_projects
from portal.intake.sheets import Found, Grid, find_table
from portal.intake.tables import (
    TITLE_PLACE,
    read_controls,
    read_facilities,
    read_goals,
    read_overview,
    read_text,
    read_timetable,
)
from portal.intake.word_text import read_docx
from portal.plans.content import Content

READERS: Mapping[Table, tuple[str, Callable[[Found], Any]]] = {
    Table.OVERVIEW: ("overview", read_overview),
    Table.GOALS: ("goals", read_goals),
    Table.INDICATORS: ("indicators", read_indicators),
    Table.PROJECTS: ("projects", read_projects),
    Table.FACILITIES: ("facilities", read_facilities),
    Table.CONTROLS: ("controls", read_controls),
    Table.TIMETABLE: ("timetable", read_timetable),
    Table.TEXT: ("sections", read_text),
}
HELP_SHEETS = ("填表说明", "说明", "how to", "instructions", "选项", "choices", "词汇")


@dataclass(frozen=True, slots=True)
class Reading:
    """What a bundle is: the whole plan as it would be, its layers, and everything said about it.

    ``given`` names the parts that the bundle has; the others stay as they are.
    """

    content: Content
    layers: Sequence[MapLayerRead]
    given: tuple[str, ...]
    findings: Findings


def read_bundle(
    filename: str,
    data: bytes,
    *,
    base: Content,
    is_new: bool,
    choices: Mapping[str, Choice] | None = None,
    taken: Collection[str] = (),
) -> Reading:
    """Read what was handed in, to take the place of parts of ``base``. Nothing is kept.

    ``taken`` are the names of other plans, which a new one cannot have.
    """
    findings = Findings()
    members = sort_members(open_bundle(filename, data, findings), findings)
    parts, sums = Parts(), list[tuple[str, StructureRow]]()
    for member in members.tables:
        sums += _read_tables(member, parts, findings)
    _read_texts(members.texts, parts, findings)
    layers = read_layers(members.maps, choices or {}, findings)
    given = tuple(
        name for name in (*(reader[0] for reader in READERS.values()), "structure")
        if getattr(parts, name) is not None
    )  # fmt: skip
    if not given and not layers and not findings.faults:
        findings.refuse(Fault.NOTHING, Place(file=filename))
    content = assemble(parts, base, findings)
    if is_new and (given or layers):
        check_head(content, parts.places.get("overview", Place(file=filename)), findings)
        if content.title in taken:
            findings.refuse(Fault.NAME_TAKEN, parts.places[TITLE_PLACE], content.title)
    check(parts, sums, content, findings)
    return Reading(content, layers, given, findings)


_UNREAD: Mapping[Unread, Fault] = {
    Unread.EMPTY: Fault.EMPTY,
    Unread.NOT_A_TABLE: Fault.NOT_A_TABLE,
    Unread.NOT_A_WORKBOOK: Fault.NOT_A_WORKBOOK,
    Unread.PDF: Fault.PDF,
    Unread.WORD: Fault.NOT_A_TABLE,
    Unread.PICTURE: Fault.PICTURE,
    Unread.ARCHIVE: Fault.OTHER_ARCHIVE,
    Unread.OPEN_DOCUMENT: Fault.OPEN_DOCUMENT,
    Unread.XML: Fault.XML,
    Unread.ENCRYPTED: Fault.ENCRYPTED,
    Unread.BROKEN: Fault.BROKEN,
    Unread.BAD_ENCODING: Fault.BAD_ENCODING,
    Unread.BAD_QUOTES: Fault.BAD_QUOTES,
    Unread.TOO_LARGE: Fault.TOO_LARGE,
    Unread.TOO_MANY_ROWS: Fault.TOO_MANY_ROWS,
    Unread.TOO_FAR: Fault.TOO_FAR,
}


def _read_tables(
    member: Member, parts: Parts, findings: Findings
) -> list[tuple[str, StructureRow]]:
    """Read every sheet of a workbook, or the one table of a CSV file."""
    sums: list[tuple[str, StructureRow]] = []
    try:
        sheets = [
            _grid(member.name, sheet)
            for sheet in open_table(member.name, member.data, limits=VILLAGE)
        ]
    except Unreadable as unreadable:
        place = Place(file=member.name, row=unreadable.row)
        findings.refuse(_UNREAD[unreadable.reason], place)
        return sums
    if member.ending == ".xlsm":
        findings.tell(Note.MACROS, Place(file=member.name))
    seen = [(grid, is_hidden) for grid, is_hidden in sheets if not _is_help(grid.sheet)]
    for grid, is_hidden in seen:
        place = Place(file=member.name, sheet=grid.sheet)
        if is_hidden:
            findings.tell(Note.HIDDEN_SHEET, place, grid.sheet)
        elif not any(cell not in (None, "") for row in grid.rows for cell in row):
            findings.tell(Note.EMPTY_SHEET, place, grid.sheet)
        elif found := find_table(grid, findings, is_alone=len(seen) == 1):
            sums += _read_table(found, parts)
    return sums


def _grid(file: str, sheet: OpenSheet) -> tuple[Grid, bool]:
    rows = [list(row) for row in sheet.rows]
    return Grid(file, sheet.name, rows, tuple(sheet.merged)), sheet.is_hidden


def _is_help(name: str) -> bool:
    return any(name.strip().lower().startswith(start) for start in HELP_SHEETS)


def _read_table(found: Found, parts: Parts) -> list[tuple[str, StructureRow]]:
    name = found.table.value if found.table is Table.STRUCTURE else READERS[found.table][0]
    place = Place(file=found.grid.file, sheet=found.grid.sheet)
    if getattr(parts, name) is not None:
        first = parts.places[name]
        found.findings.refuse(
            Fault.TABLE_TWICE, place, found.grid.sheet, first=f"{first.file} {first.sheet}".strip()
        )
        return []
    parts.places[name] = place
    sums: list[tuple[str, StructureRow]] = []
    if found.table is Table.STRUCTURE:
        parts.structure, sums = read_structure(found)
        rows: Any = parts.structure
    else:
        rows = READERS[found.table][1](found)
        setattr(parts, name, rows)
        if found.table is Table.OVERVIEW and TITLE_PLACE in rows:
            parts.places[TITLE_PLACE] = rows.pop(TITLE_PLACE)
    if not rows:
        setattr(parts, name, None)
        found.findings.tell(Note.EMPTY_SHEET, place, found.grid.sheet)
    return sums


def _read_texts(members: Sequence[Member], parts: Parts, findings: Findings) -> None:
    for member in members:
        place = Place(file=member.name)
        if parts.sections is not None:
            first = parts.places["sections"]
            findings.refuse(Fault.TEXT_TWICE, place, member.name, first=first.file)
            continue
        parts.places["sections"] = place
        parts.sections = _chapters(member, findings) or None


def _chapters(member: Member, findings: Findings) -> list[TextPart]:
    place = Place(file=member.name)
    if member.data.startswith(b"\xd0\xcf\x11\xe0") or member.data.startswith(b"{\\rtf"):
        findings.refuse(Fault.OLD_WORD, place)
        return []
    if member.data.startswith(b"%PDF"):
        findings.refuse(Fault.PDF, place)
        return []
    if member.data.startswith(b"PK"):
        text = read_docx(member.name, member.data, findings)
        return read_markdown(member.name, text, findings) if text else []
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return read_markdown(member.name, member.data.decode(encoding), findings)
        except UnicodeDecodeError:
            continue
    findings.refuse(Fault.BAD_ENCODING, place)
    return []
