"""Words of moderation that the pages of other features say too."""

from enum import StrEnum

from flask import g
from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.core import clock
from portal.core.access import Viewer
from portal.core.words import moment_words
from portal.moderation import sanctions
from portal.moderation.forms import CODES
from portal.moderation.writing import Refusal


def _until_when() -> str:
    """Say until when whoever is asking may not write, and why, where `writers` last found so."""
    viewer: Viewer | None = g.get("viewer")
    now, place = clock.now(), g.get("muted_in", "")
    resident_id = viewer and viewer.resident_id
    found = resident_id and sanctions.find_last(resident_id, place=place, now=now)
    if not found:
        return str(_("The committee has stopped you from writing here for a while."))
    return str(
        _(
            "The committee has stopped you from writing here until %(when)s. Reason: %(reason)s. "
            "Under “Me” you can appeal.",
            when=moment_words(found.ends_at, now),
            reason=CODES[found.code],
        )
    )


REFUSALS: dict[StrEnum, LazyString] = {
    Refusal.NOT_A_RESIDENT: _l("Only residents on the village's roster can write here."),
    Refusal.MINOR: _l("From 14 to 17 you can read and answer surveys here, but not write yet."),
    Refusal.EMPTY: _l("Please write something first."),
    Refusal.TOO_LONG: _l("That is too long. Please shorten it a little."),
    Refusal.TOO_FAST: _l("That was many messages in one minute. Please wait a moment."),
    Refusal.MUTED: LazyString(_until_when),
    Refusal.REFUSED_WORDS: _l("There are words in it that nobody may publish here."),
    Refusal.REPEATED: _l("You have just said the same."),
}
