"""Sheets that are drawn by hand, not laid out: slips to cut, lists to sign, words to keep."""

from collections.abc import Callable
from io import BytesIO
from typing import Any

from reportlab.pdfgen.canvas import Canvas

from portal.core.pdf.fonts import REGULAR, register, shown
from portal.core.pdf.frame import one_at_a_time
from portal.core.pdf.style import PAGE_HEIGHT, PAGE_WIDTH


def drawn(draw: Callable[[Any], None], *, title: str, language: str) -> bytes:
    """Return the PDF that is drawn on this canvas; the same drawing makes the same bytes.

    ReportLab's fonts hold a reading position: one document at a time.
    """
    with one_at_a_time:
        register()
        out = BytesIO()
        canvas = Canvas(
            out,
            pagesize=(PAGE_WIDTH, PAGE_HEIGHT),
            invariant=1,
            lang=language,
            initialFontName=REGULAR,
        )
        canvas.setTitle(shown(title))
        for info in (canvas.setAuthor, canvas.setCreator, canvas.setProducer, canvas.setSubject):
            info("")
        draw(canvas)
        canvas.save()
        return out.getvalue()
