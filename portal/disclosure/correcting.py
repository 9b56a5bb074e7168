"""Corrections (kind M): begun with old and new wordings; the earlier document is marked."""

import json
from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from io import BytesIO

from pyhanko.pdf_utils.generic import DictionaryObject, StreamObject, pdf_name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from reportlab.pdfgen.canvas import Canvas

from portal.core.db import db
from portal.core.errors import Refused
from portal.core.pdf import fonts
from portal.core.pdf.frame import one_at_a_time
from portal.core.pdf.style import MARGIN, PAGE_HEIGHT, RED, WIDTH
from portal.disclosure import life
from portal.disclosure.finding import get_case
from portal.disclosure.gathering_affairs import holds, why_not_correction
from portal.disclosure.life_models import DisclosureCase
from portal.disclosure.models import DisclosureDoc
from portal.disclosure.rules import DocKind, Refusal
from portal.disclosure.states import PUBLIC
from portal.disclosure.stepping import Actor, locked, refuse


def begin_correction(
    case_id: int,
    *,
    wordings: Sequence[tuple[str, str]],
    reason: str,
    approver: str,
    actor: Actor,
    now: datetime,
) -> DisclosureCase:
    """Begin the correction of a public document: version n+1 of it. Raises Refused.

    Each old wording must stand in it, word for word; a new one that is the same corrects nothing.
    """
    case = locked(case_id)
    refuse(why_not_correction(case_id, now=now))
    if not reason.strip() or not approver.strip():
        raise Refused(Refusal.NO_REASON)
    pairs = [(old, new) for old, new in wordings if old.strip() and old != new]
    if not pairs:
        raise Refused(Refusal.NOTHING_CORRECTED)
    doc = db.session.get_one(DisclosureDoc, case.doc_id)
    content = json.loads(doc.content)
    for position, (old, _new) in enumerate(pairs, start=1):
        if not holds(content, old):
            raise Refused(Refusal.WORDING_NOT_FOUND, position=position)
    return life.begin(
        DocKind.CORRECTION,
        case_id,
        actor=actor,
        now=now,
        title=case.title,
        reason=reason,
        issue=version_of(case) + 1,
        body=[
            {"reason": reason.strip(), "approver": approver.strip()},
            *({"old": old, "new": new} for old, new in pairs),
        ],
    )


def version_of(case: DisclosureCase) -> int:
    """Return which version of its document a case is, as it is printed on it."""
    return int(json.loads(case.content)["head"]["issue"]) if case.content else case.issue


def find_successor(case: DisclosureCase) -> DisclosureCase | None:
    """Return the public document that took the place of this one, or None."""
    return get_case(case.replaced_by_id) if case.replaced_by_id is not None else None


@lru_cache(maxsize=16)
def marked(content: bytes, words: str) -> bytes:
    """Return a copy of a PDF with these words across and on top of every page.

    The bytes it is made from stay in front as they were; the copy is no recorded file.
    """
    writer = IncrementalPdfFileWriter(BytesIO(content))
    mark = writer.import_page_as_xobject(PdfFileReader(BytesIO(_stamp(words))))
    drawn = writer.add_object(StreamObject(stream_data=b"q /Corrected Do Q"))
    forms = DictionaryObject({pdf_name("/Corrected"): mark})  # type: ignore[no-untyped-call]
    for page in range(int(writer.root["/Pages"]["/Count"])):
        resources = DictionaryObject({pdf_name("/XObject"): forms})  # type: ignore[no-untyped-call]
        writer.add_stream_to_page(page, drawn, resources)  # type: ignore[no-untyped-call]
    out = BytesIO()
    writer.write(out)  # type: ignore[no-untyped-call]
    return out.getvalue()


def is_marked(case: DisclosureCase) -> bool:
    """Tell whether a document's newly served copy is marked as corrected."""
    return case.state in PUBLIC and case.replaced_by_id is not None


def _stamp(words: str) -> bytes:
    """Draw the mark as a page of its own: pale and wide across, small and red on top."""
    out = BytesIO()
    with one_at_a_time:
        fonts.register()
        page = Canvas(out, pagesize=(WIDTH + 2 * MARGIN, PAGE_HEIGHT), invariant=1)
        mark, _space, _rest = words.partition(" ")
        page.setFillColor(RED)
        page.setFont(fonts.BOLD, 12)
        page.drawCentredString(MARGIN + WIDTH / 2, PAGE_HEIGHT - 22, fonts.shown(words))
        page.setFillColor(RED, alpha=0.16)
        page.setFont(fonts.BOLD, 110)
        page.translate(MARGIN + WIDTH / 2, PAGE_HEIGHT / 2)
        page.rotate(38)
        page.drawCentredString(0, 0, fonts.shown(mark))
        page.save()
    return out.getvalue()
