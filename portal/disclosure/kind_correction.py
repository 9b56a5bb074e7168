"""Kind M: a correction, which holds the whole corrected document anew."""

from typing import Any

from portal.core.pdf.blocks import Block
from portal.disclosure import gathering_affairs, pdf_correction
from portal.disclosure.contents import Correction, load
from portal.disclosure.kind import KINDS, Gettext, Kind
from portal.disclosure.press import Press
from portal.disclosure.rules import DocKind


def blocks(content: Correction, gettext: Gettext, *, language: str, plate: Any) -> list[Block]:
    """Return the body: what is corrected and why, then the document as it reads from now on."""
    kind = KINDS[content.corrected_kind]
    corrected = load(kind.content, content.corrected)
    whole = kind.blocks(corrected, gettext, language=language, plate=plate)
    return pdf_correction.blocks_of(content, gettext, language=language, whole=whole)


def is_masked(content: Correction) -> bool:
    """Tell whether the document that is corrected hides something."""
    kind = KINDS[content.corrected_kind]
    return kind.is_masked(load(kind.content, content.corrected))


def draw(case_id: int, press: Press) -> Any:
    """Draw what the corrected kind draws."""
    kind, subject_id = gathering_affairs.corrected_of(case_id)
    return KINDS[kind].draw(subject_id, press)


KIND = Kind(
    code=DocKind.CORRECTION,
    content=Correction,
    why_not=gathering_affairs.why_not_correction,
    gather=gathering_affairs.gather_correction,
    title=pdf_correction.title_of,
    blocks=blocks,
    draw=draw,
    is_masked=is_masked,
)
