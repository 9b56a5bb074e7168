"""Kind J: the table of spatial conflicts of a version."""

from datetime import datetime
from typing import Any

from portal.analysis import service as analysis
from portal.core.pdf.blocks import Block
from portal.disclosure import gathering_conflicts, pdf_conflicts
from portal.disclosure.contents_checks import ConflictTable
from portal.disclosure.gathering import Place
from portal.disclosure.kind import Gettext, Kind
from portal.disclosure.press import Press
from portal.disclosure.rules import DocKind, Refusal
from portal.plans import service as plans
from portal.plans.rules import State


def why_not(version_id: int, *, now: datetime) -> Refusal | None:
    """Say why the table of a version cannot be published, or None."""
    plans.get_version(version_id)
    return None if analysis.find_register(version_id) else Refusal.NOT_CHECKED


def list_waiting(*, now: datetime) -> list[tuple[int, str]]:
    """Return the versions on notice whose boundaries were checked."""
    lines = plans.list_public_versions(now=now)
    return [
        (line.id, line.title)
        for line in lines
        if line.state is State.ON_NOTICE and analysis.find_register(line.id)
    ]


def gather(version_id: int, *, place: Place, press: Press, now: datetime) -> ConflictTable:
    """Return the content."""
    return gathering_conflicts.gather_conflicts(version_id, place=place)


def blocks(content: ConflictTable, gettext: Gettext, *, language: str, plate: Any) -> list[Block]:
    """Return the body, section by section."""
    return pdf_conflicts.blocks_of(content, gettext, language=language)


KIND = Kind(
    code=DocKind.CONFLICTS,
    content=ConflictTable,
    why_not=why_not,
    gather=gather,
    title=pdf_conflicts.title_of,
    blocks=blocks,
    list_waiting=list_waiting,
)
