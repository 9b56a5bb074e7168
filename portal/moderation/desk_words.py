"""Words of those who decide about what others wrote."""

from enum import StrEnum

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from portal.core.access import Part
from portal.moderation.matching import PRIVATE
from portal.moderation.rules import Action, Hold, Listed, Mode, Refusal, Why

REFUSALS: dict[StrEnum, LazyString] = {
    Refusal.OWN_WORDS: _l("These are your own words. Somebody else on the committee must decide."),
    Refusal.STALE: _l(
        "Somebody else decided while you had this open. This is how it stands now: look again."
    ),
    Refusal.REWORDED: _l(
        "The author changed the words while you had this open. Read them as they stand now."
    ),
    Refusal.REPORTED: _l(
        "Somebody reported it while you had this open. Read the report before you let it through."
    ),
    Refusal.REASON_MISSING: _l("Choose the reason. Criticism is never one."),
    Refusal.NOTE_TOO_LONG: _l("The line to the author is too long: at most 500 characters."),
}

ACTIONS: dict[Action, LazyString] = {
    Action.HIDE: _l("Hidden"),
    Action.RESTORE: _l("Shown again"),
    Action.APPROVE: _l("Let through"),
    Action.CONFIRM: _l("Appealed, the decision stays"),
    Action.MUTE: _l("May not write for a while"),
    Action.LIFT: _l("May write again"),
    Action.CHANGE: _l("Set anew"),
}
PARTS: dict[Part, LazyString] = {
    Part.COMMITTEE: _l("Village committee"),
    Part.SUPERVISOR: _l("Village supervisors"),
}
WHYS: dict[Why, LazyString] = {
    Why.HELD: _l("Nobody else can read it yet"),
    Why.FLAGGED: _l("Everybody can read it"),
    Why.REPORTED: _l("Somebody reported it"),
}
HOLDS: dict[Hold, LazyString] = {
    Hold.PLACE: _l("everything waits here"),
    Hold.FIRST: _l("the first words of a new writer"),
    Hold.WORDS: _l("there are words of a list in it"),
    Hold.LINKS: _l("there is a link in it"),
    Hold.REPEATED: _l("the same words again and again"),
}
MODES: dict[Mode, LazyString] = {
    Mode.POST: _l("Everybody reads them at once, the committee looks afterwards"),
    Mode.PRE: _l("The committee looks first"),
}
LISTS: dict[str, LazyString] = {
    "insults": _l("Insults"),
    "rough": _l("Rough words"),
    "adverts": _l("Advertising and fraud"),
    PRIVATE: _l("Identity numbers"),
}
LISTED: dict[Listed, LazyString] = {
    Listed.FLAG: _l("Show it, and the committee looks at it"),
    Listed.MASK: _l("Put stars over the words"),
    Listed.HOLD: _l("Wait until the committee has looked"),
    Listed.REFUSE: _l("Do not take it at all"),
}
