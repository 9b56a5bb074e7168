"""Words of the rooms: what each is called, and why somebody gets no further."""

from enum import StrEnum

from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.core.access import Part
from portal.media.words import REFUSALS as MEDIA_REFUSALS
from portal.moderation.words import REFUSALS as WRITING_REFUSALS
from portal.rooms.rules import Kind, Place, Refusal

BADGES: dict[Part, LazyString] = {Part.COMMITTEE: _l("Committee"), Part.PLANNER: _l("Planner")}

REFUSALS: dict[StrEnum, LazyString] = {
    **WRITING_REFUSALS,
    **MEDIA_REFUSALS,
    Refusal.SAID_IN_OFFICE: _l("Only what residents say can become an opinion."),
    Refusal.NOT_A_READER: _l("Only residents, the committee and the planner can read here."),
    Refusal.OTHER_GROUP: _l("This room belongs to another villager group."),
    Refusal.COUNCIL_ONLY: _l("Only members of the council and the committee can read here."),
    Refusal.NOTICE_OVER: _l("The plan's public notice is over, so nothing more is written here."),
    Refusal.NO_PLAN: _l("Opinions on this plan are not being collected now."),
    Refusal.ASKED_ALREADY: _l("That has been asked and said already."),
    Refusal.NOT_ASKED: _l("Nobody has asked for this."),
    Refusal.READ_ONLY: _l("Only the committee writes in this room now."),
    Refusal.SLOW: _l("In this room there is a pause between two messages. Please wait a moment."),
    Refusal.NO_SUCH_MESSAGE: _l("The message that you answer can no longer be read."),
    Refusal.OTHERS_WORDS: _l("These are somebody else's words."),
    Refusal.TOO_LATE: _l("After 15 minutes a message stays as it is. You can take it back."),
    Refusal.TAKEN_BACK: _l("These words have been taken back."),
    Refusal.IN_CASE: _l("The committee is looking at this message. Until then it stays."),
    Refusal.SAME_WORDS: _l("Nothing has changed."),
    Refusal.NOT_SHOWN: _l("Only what everybody can read can stand at the top."),
    Refusal.TOO_MANY_PINS: _l("Three messages stand at the top already. Take one down first."),
}

READERS: dict[Kind, LazyString] = {
    Kind.VILLAGE: _l("Only residents, the committee and the planner can read here."),
    Kind.GROUP: _l("Only this group, the committee and the planner can read here."),
    Kind.PLAN: _l("Only residents, the committee and the planner can read here."),
    Kind.COUNCIL: _l("Only members of the council and the committee can read here."),
}


def title(place: Place, name: str = "") -> str:
    """Return what a room is called; `name` is that of its group or plan."""
    if place.kind is Kind.VILLAGE:
        return _("Village room")
    if place.kind is Kind.COUNCIL:
        return _("Council room")
    if place.kind is Kind.GROUP:
        return _("Room of %(group)s", group=name)
    return _("On the plan: %(plan)s", plan=name)
