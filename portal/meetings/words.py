"""Words for meetings: kinds, states, ways of taking part, and why something cannot be done."""

from enum import StrEnum

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from portal.meetings.bodies import Lack
from portal.meetings.rules import Capacity, Channel, Kind, Proof, Refusal, State, StepKind

KINDS: dict[Kind, LazyString] = {
    Kind.VM: _l("The villagers' meeting"),
    Kind.VR: _l("The meeting of the villagers' representatives"),
    Kind.VG: _l("Meeting of a villager group"),
    Kind.REO: _l("The members' meeting of the collective economic organisation"),
    Kind.COUNCIL: _l("Session of the villagers' council"),
}
KIND_NOTES: dict[Kind, LazyString] = {
    Kind.VM: _l("All electors of the village are called."),
    Kind.VR: _l("The villagers' representatives and the committee are called."),
    Kind.VG: _l("The electors of one group are called."),
    Kind.REO: _l("Until there is a register of members, all electors are called."),
    Kind.COUNCIL: _l("Those who sit in the villagers' council are called."),
}
STATES: dict[State, tuple[LazyString, str]] = {
    State.CONVENED: (_l("convened"), "info"),
    State.OPEN: (_l("going on now"), "good"),
    State.CLOSED: (_l("held"), "neutral"),
    State.CANCELLED: (_l("called off"), "warn"),
    State.NOT_HELD: (_l("not held"), "warn"),
}
STEPS: dict[StepKind, LazyString] = {
    StepKind.OPENED: _l("Opened"),
    StepKind.CLOSED: _l("Closed"),
    StepKind.CANCELLED: _l("Called off"),
    StepKind.SETTLED: _l("Its votes were counted"),
}
CHANNELS: dict[Channel, LazyString] = {
    Channel.ON_SITE: _l("in the room"),
    Channel.ONLINE: _l("online"),
    Channel.PAPER: _l("on the signed sheet"),
}
PROOFS: dict[Proof, LazyString] = {
    Proof.CODE: _l("code at the door"),
    Proof.POSTER: _l("poster, and seen by the staff"),
    Proof.STAFF: _l("ticked by the staff"),
    Proof.ONLINE: _l("own word, online"),
    Proof.SHEET: _l("signature on the sheet"),
}
CAPACITIES: dict[Capacity, LazyString] = {
    Capacity.ELECTOR: _l("Elector"),
    Capacity.REPRESENTATIVE: _l("Villagers' representative"),
    Capacity.COMMITTEE: _l("Village committee"),
    Capacity.COUNCILLOR: _l("Councillor"),
}
REFUSALS: dict[StrEnum, LazyString] = {
    Refusal.NOTICE_TOO_SHORT: _l("This day is too early: whole days must lie between."),
    Refusal.NO_GROUP: _l("Choose the group for a group's meeting, and none for another one."),
    Refusal.NO_MEMBERS: _l("Nobody on the roster would be called. Look at the roster first."),
    Refusal.NO_REPRESENTATIVES: _l("Enter the villagers' representatives first."),
    Refusal.NOT_CONVENED: _l("This meeting is not waiting to be held any more."),
    Refusal.REPLACED_ALREADY: _l("Another meeting takes the place of this one already."),
    Refusal.TOO_EARLY: _l("It is too early: the doors open two hours before."),
    Refusal.NOT_OPEN: _l("This is possible only once the meeting has been opened."),
    Refusal.ALREADY_DONE: _l("Somebody else did this just now. Look at the page again."),
    Refusal.NO_REASON: _l("Write the reason."),
    Refusal.NO_CHAIR: _l("Write who is in the chair."),
    Refusal.NOT_A_MEMBER: _l("This name is not on the list of the meeting."),
    Refusal.ALREADY_THERE: _l("You are on the list of those present already."),
    Refusal.CODE_OLD: _l("This code is old. Scan the one at the door now."),
    Refusal.NOT_ONLINE: _l("Nobody can take part in this meeting online."),
    Refusal.OVER: _l("This meeting is over."),
    Refusal.SETTLED: _l(
        "The votes of this meeting have been counted, so who was there stands as it was noted then."
        " Whoever thinks that this is wrong objects to the published result."
    ),
    Refusal.NOT_SELF: _l("Nobody ticks themselves. Use the code, or let a colleague tick you."),
    Refusal.SHEET_TOO_LATE: _l("It is too late: a sheet is entered within seven days."),
    Refusal.SHEET_TWICE: _l("This very sheet has been entered already."),
    Refusal.SHEET_EMPTY: _l("Tick at least one name."),
    Refusal.WITNESSES_SAME: _l("The two witnesses must be two people."),
    Refusal.WITNESS_ENTERS: _l("Whoever enters the sheet cannot be its witness."),
    Refusal.WITNESS_UNKNOWN: _l(
        "Nobody of this name is on the roster, or several are: write the name and, after a space,"
        " the household number."
    ),
    Refusal.WITNESS_WITHOUT_ACCOUNT: _l(
        "A witness must have an account here, to agree to the sheet. Name somebody else."
    ),
    Refusal.NOT_A_WITNESS: _l("Only the two witnesses of a sheet can agree to it."),
    Refusal.ALREADY_AGREED: _l("You have agreed to this sheet already."),
    Refusal.SAME_AS_NOW: _l("This is how it stands already."),
    Refusal.SECOND_PERSON: _l("A second person must confirm it."),
    Refusal.DECIDED_ALREADY: _l("Somebody has decided about this already."),
    Refusal.TERM_BACKWARDS: _l("The last day of the term lies before its first."),
    Refusal.REPRESENTATIVE_ALREADY: _l("This person is a representative already."),
    Refusal.NOT_AN_ELECTOR: _l("Only electors of the village can represent it."),
    Refusal.ENDED_ALREADY: _l("This term is over already."),
    Refusal.SEATS_OUT_OF_RANGE: _l("A group has from 0 to 9 seats."),
    Refusal.SEATS_TAKEN: _l("More people than that sit there. End a term first."),
    Refusal.NO_SEAT_FREE: _l("This person's group has no free seat. Set its seats first."),
    Refusal.COUNCILLOR_ALREADY: _l(
        "This person sits in the council already, or somebody took the seat just now."
    ),
    Refusal.NOT_CLOSED: _l("The meeting is not over yet. Close it first."),
    Refusal.NO_MINUTES: _l("Write how the meeting went."),
    Refusal.NOT_THERE: _l("Only who was noted as present can sign the minutes."),
    Refusal.MINUTES_FROZEN: _l("Both have signed: the minutes stand. Correct them beside."),
    Refusal.MINUTES_NOT_FROZEN: _l("The minutes are not signed yet. Write them anew instead."),
    Refusal.NO_COUNCIL: _l(
        "Nobody sits in the council. Set its seats and enter councillors first."
    ),
    Refusal.NOT_A_COUNCIL_ELECTOR: _l("Only electors of the village can sit in its council."),
}
LACKS: dict[Lack, LazyString] = {
    Lack.TOO_FEW_OF_MEMBERS: _l("Less than four fifths of the members are representatives."),
    Lack.TOO_FEW_WOMEN: _l("Less than one third of the members are women who represent."),
    Lack.TOO_FEW_FOR_HOUSEHOLDS: _l("Fewer than one representative for fifteen households."),
    Lack.TOO_MANY_FOR_HOUSEHOLDS: _l("More than one representative for five households."),
    Lack.TOO_FEW_HEADS: _l("Fewer representatives than a village of this size should have."),
    Lack.TWO_OF_A_HOUSEHOLD: _l("Two representatives live in one household."),
}
