"""The words of this feature."""

from enum import StrEnum

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from portal.assisting.rules import Flag, Refusal, SittingState
from portal.assisting.vouching import RequestState, VouchRefusal
from portal.people.rules import AgeBand, AssistanceReason, Channel, Sex

REASONS: dict[AssistanceReason, LazyString] = {
    AssistanceReason.CANNOT_READ: _l("They do not read or write"),
    AssistanceReason.CANNOT_SEE: _l("They do not see well"),
    AssistanceReason.NO_PHONE: _l("They have no phone that can do it"),
    AssistanceReason.ILL: _l("They are ill or cannot come"),
    AssistanceReason.AWAY: _l("They are away and asked by phone"),
    AssistanceReason.ASKED: _l("They asked for help"),
}
CHANNELS: dict[Channel, LazyString] = {
    Channel.ASSISTED: _l("They tell me what to enter"),
    Channel.PAPER: _l("They gave me a filled-in paper"),
}
STATES: dict[SittingState, LazyString] = {
    SittingState.ASKED: _l("Waits for the witness"),
    SittingState.READY: _l("The witness has agreed"),
    SittingState.OPEN: _l("Is going on"),
    SittingState.DECLINED: _l("The witness declined"),
    SittingState.OVER: _l("Over"),
}
STATE_KINDS: dict[SittingState, str] = {
    SittingState.ASKED: "neutral",
    SittingState.READY: "info",
    SittingState.OPEN: "warn",
    SittingState.DECLINED: "danger",
    SittingState.OVER: "neutral",
}
REQUEST_STATES: dict[RequestState, LazyString] = {
    RequestState.OPEN: _l("Waits for two of the committee"),
    RequestState.DONE: _l("Recognised"),
    RequestState.REFUSED: _l("Refused"),
    RequestState.EXPIRED: _l("Expired after 14 days"),
}
FLAGS: dict[Flag, LazyString] = {
    Flag.SHARE_OF_VOTES: _l("More than a fifth of the votes of one ballot"),
    Flag.MANY_PERSONS: _l("More than half of all persons"),
    Flag.OBJECTIONS: _l("Several objections"),
}
SEXES: dict[Sex, LazyString] = {
    Sex.MALE: _l("male"),
    Sex.FEMALE: _l("female"),
    Sex.UNKNOWN: _l("not known"),
}
AGES: dict[AgeBand, LazyString] = {
    AgeBand.UNDER_18: _l("under 18"),
    AgeBand.FROM_18: _l("18 to 29"),
    AgeBand.FROM_30: _l("30 to 44"),
    AgeBand.FROM_45: _l("45 to 59"),
    AgeBand.FROM_60: _l("60 to 74"),
    AgeBand.FROM_75: _l("75 and older"),
    AgeBand.UNKNOWN: _l("age not known"),
}
REFUSALS: dict[StrEnum, LazyString] = {
    Refusal.NOT_A_HELPER: _l("Only grown residents and those who work for the village can help."),
    Refusal.HIMSELF: _l("This is you. You need no help to enter your own things."),
    Refusal.OWN_HOUSEHOLD: _l(
        "This person is of your own household. Somebody of another household has to help."
    ),
    Refusal.HAS_LEFT: _l("This person has left the village."),
    Refusal.TOO_YOUNG: _l("Nothing is entered for children under 14."),
    Refusal.NOT_WANTED: _l("This person wants nobody to enter anything for them."),
    Refusal.WITNESS_IS_HELPER: _l("The witness must be somebody else than you."),
    Refusal.WITNESS_IS_PERSON: _l("The person cannot be their own witness."),
    Refusal.WITNESS_OF_HELPER: _l("The witness must not be of your household."),
    Refusal.WITNESS_OF_PERSON: _l("The witness must not be of the person's household."),
    Refusal.WITNESS_UNKNOWN: _l(
        "We know nobody of this name or phone who has signed in here. Choose another witness."
    ),
    Refusal.WITNESS_SEVERAL: _l("Several people have this name. Write the phone number instead."),
    Refusal.WITNESS_TOO_YOUNG: _l("The witness must be grown up."),
    Refusal.BAD_CHANNEL: _l("Choose how they tell you."),
    Refusal.HELPER_BUSY: _l("You are helping somebody already. End that first."),
    Refusal.PERSON_BUSY: _l("Somebody else is helping this person just now."),
    Refusal.TOO_MANY_BY_HELPER: _l("You have helped enough people for today. Go on tomorrow."),
    Refusal.TOO_MANY_FOR_PERSON: _l("This person was helped three times today. Go on tomorrow."),
    Refusal.TOO_MANY_FOR_HOUSEHOLD: _l(
        "This household was helped six times today. Go on tomorrow."
    ),
    Refusal.TOO_MANY_SEARCHES: _l("You have looked for many people. Wait an hour."),
    Refusal.NOBODY_FOUND: _l(
        "We found nobody. Name and household number must be just as in the village's books."
    ),
    Refusal.NOT_WITNESSED: _l("The witness has not agreed yet."),
    Refusal.DECLINED: _l("The witness declined."),
    Refusal.OVER: _l("The time for this is over."),
    Refusal.NOT_YOURS: _l("This is for somebody else to do."),
    Refusal.NOTHING_TO_OBJECT: _l("Nothing was entered here."),
    Refusal.OBJECTED_ALREADY: _l("You have objected already."),
    Refusal.OBJECTION_TOO_LATE: _l("The seven days for an objection are over."),
    VouchRefusal.NOT_A_RESIDENT: _l("Only committee members on the village's roster can vouch."),
    VouchRefusal.OWN_HOUSEHOLD: _l("Nobody vouches for their own household."),
    VouchRefusal.HIMSELF: _l("Nobody vouches for themselves."),
    VouchRefusal.VOUCHED_ALREADY: _l("You have vouched already. Somebody else has to do it too."),
    VouchRefusal.SAME_GROUP: _l(
        "Somebody of your villager group has vouched. The second must be of another group."
    ),
    VouchRefusal.SAME_HOUSEHOLD: _l("Somebody of your household has vouched already."),
    VouchRefusal.TOO_MANY: _l("You have vouched for many people lately. Somebody else should."),
    VouchRefusal.EXPIRED: _l("This request is more than 14 days old. It has to be made anew."),
    VouchRefusal.CLOSED: _l("This request is closed."),
    VouchRefusal.NOBODY_NAMED: _l("First choose whom on the roster it is about."),
    VouchRefusal.HAS_LEFT: _l("This person has left the village."),
    VouchRefusal.TOO_YOUNG: _l("Under 14 nobody has an account here."),
    VouchRefusal.NAMED_ALREADY: _l(
        "Somebody has vouched already. If it is somebody else, refuse this request."
    ),
    VouchRefusal.ASKED_ALREADY: _l("There is an open request already."),
    VouchRefusal.KNOWN_ALREADY: _l("You are recognised already."),
    VouchRefusal.HAS_PHONE: _l("This person has a phone on the roster and can sign in with it."),
    VouchRefusal.REPLACES: _l(
        "This person has another phone or account. Tick that the new one takes its place."
    ),
    VouchRefusal.HOLDS_POST: _l(
        "This person's account holds a post. Only the administrator can change it."
    ),
    VouchRefusal.TOO_OFTEN: _l("You have asked three times within 30 days. Go to the committee."),
    VouchRefusal.REASON_MISSING: _l("Say why, in a few words."),
}
