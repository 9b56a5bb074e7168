"""What the lines of the monthly table are called."""

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from portal.moderation.forms import CODES
from portal.moderation.months_rules import HIDDEN_FOR, Figure
from portal.moderation.rules import Code

FIGURES: dict[Figure, LazyString] = {
    Figure.WRITTEN: _l("Written"),
    Figure.HIDDEN: _l("Hidden"),
    Figure.RATE: _l("Hidden of what was written, in percent"),
    Figure.RESTORED: _l("Shown again"),
    Figure.APPROVED: _l("Looked at and let through"),
    Figure.APPEALS: _l("Appeals"),
    Figure.APPEALS_RESTORED: _l("Appeals granted"),
    Figure.APPEALS_CONFIRMED: _l("Appeals after which the decision stayed"),
    Figure.APPEALS_HOURS: _l("Hours until an appeal was decided (median)"),
    Figure.REPORTS: _l("Reports by residents"),
    Figure.REPORTS_HIDDEN: _l("Reports after which it was hidden"),
    Figure.REPORTS_KEPT: _l("Reports after which it stayed"),
    Figure.REPORTS_WAITING: _l("Reports that waited at the end of the month"),
    Figure.MUTED: _l("Stopped from writing for a while"),
    Figure.LIFTED: _l("Lifted early"),
}


def words_of(key: str) -> LazyString | str:
    """Return the words of a line; one of an older file that nobody knows any more keeps its key."""
    if key.removeprefix(HIDDEN_FOR) in set(Code) and key.startswith(HIDDEN_FOR):
        return CODES[Code(key.removeprefix(HIDDEN_FOR))]
    return FIGURES[Figure(key)] if key in set(Figure) else key
