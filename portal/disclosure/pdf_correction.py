"""A correction on paper (kind M): old and new wording, reason, approver, and the whole anew."""

from collections.abc import Callable
from typing import Any

from babel.dates import format_date

from portal.core.pdf.blocks import Block, Facts, Section, Statement, Table, Text, Tone
from portal.disclosure.contents import Correction

Gettext = Callable[[str], str]


def title_of(content: Correction, _: Gettext) -> str:
    """Return the title: that it corrects, and what."""
    return _("Correction of “%(title)s”") % {"title": content.corrected_title}


def blocks_of(
    content: Correction, _: Gettext, *, language: str, whole: list[Block], plate: Any = None
) -> list[Block]:
    """Return the document's body; `whole` are the blocks of the corrected document."""
    facts = {"number": content.corrected_number, "version": content.head.issue}
    return [
        Statement(
            _("This takes the place of %(number)s.") % facts,
            _("The earlier document stays readable and is marked as corrected."),
            Tone.WARN,
        ),
        Section(_("What is corrected")),
        Facts(
            (
                (_("Corrected document"), content.corrected_number),
                (_("Title"), content.corrected_title),
                (
                    _("Published on"),
                    format_date(content.corrected_on, "long", locale=language),
                ),
                (_("Digest of its content"), content.corrected_sha256),
                (_("Version now"), str(content.head.issue)),
            )
        ),
        Table(
            (_("Wording until now"), _("Correct wording")),
            tuple((wording.old, wording.new) for wording in content.wordings),
            (0.5, 0.5),
        ),
        Section(_("Reason and approval")),
        Text(content.reason),
        Facts(((_("Approved by"), content.approver),)),
        Section(_("The document as it reads from now on")),
        *whole,
    ]
