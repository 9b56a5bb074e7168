"""Words of moderation that the pages of other features say too."""

from enum import StrEnum

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from portal.moderation.writing import Refusal

REFUSALS: dict[StrEnum, LazyString] = {
    Refusal.NOT_A_RESIDENT: _l("Only residents on the village's roster can write here."),
    Refusal.MINOR: _l("From 14 to 17 you can read and answer surveys here, but not write yet."),
    Refusal.EMPTY: _l("Please write something first."),
    Refusal.TOO_LONG: _l("That is too long. Please shorten it a little."),
    Refusal.TOO_FAST: _l("That was many messages in one minute. Please wait a moment."),
    Refusal.MUTED: _l("The committee has stopped you from writing here for a while."),
    Refusal.REFUSED_WORDS: _l("There are words in it that nobody may publish here."),
    Refusal.REPEATED: _l("You have just said the same."),
}
