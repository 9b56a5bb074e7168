"""Words for proposals: where they stand, and why something cannot be done."""

from enum import StrEnum

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from portal.media.words import REFUSALS as MEDIA_REFUSALS
from portal.moderation.words import REFUSALS as WRITING_REFUSALS
from portal.proposals.rules import Outcome, Refusal, State

STATES: dict[State, tuple[LazyString, str]] = {
    State.COLLECTING: (_l("collecting signatures"), "info"),
    State.THRESHOLD_MET: (_l("enough signatures"), "good"),
    State.COUNCIL_LISTED: (_l("on the council's list"), "info"),
    State.DELIBERATED: (_l("the council has advised"), "info"),
    State.TO_BALLOT: (_l("goes to a vote"), "info"),
    State.TO_PLAN: (_l("goes into the plan's opinions"), "info"),
    State.TO_PROJECT: (_l("becomes a project"), "info"),
    State.DECLINED: (_l("declined"), "warn"),
    State.DECIDED: (_l("decided"), "good"),
    State.IMPLEMENTING: (_l("being carried out"), "info"),
    State.DONE: (_l("done"), "good"),
    State.WITHDRAWN: (_l("taken back by its author"), "neutral"),
    State.EXPIRED: (_l("too few signatures in 90 days"), "neutral"),
}
STEPS: dict[State, LazyString] = {
    State.COLLECTING: _l("Handed in, collects signatures"),
    State.THRESHOLD_MET: _l("Enough have signed"),
    State.COUNCIL_LISTED: _l("On the council's list"),
    State.DELIBERATED: _l("The council has talked it over"),
    State.TO_BALLOT: _l("Goes to a vote"),
    State.TO_PLAN: _l("Goes into the plan's opinions"),
    State.TO_PROJECT: _l("Becomes a project"),
    State.DECLINED: _l("Declined"),
    State.DECIDED: _l("Decided"),
    State.IMPLEMENTING: _l("Is being carried out"),
    State.DONE: _l("Done"),
    State.WITHDRAWN: _l("Taken back by its author"),
    State.EXPIRED: _l("Expired: too few signatures"),
}
OUTCOMES: dict[Outcome, LazyString] = {
    Outcome.BALLOT: _l("Put it to the vote of the village"),
    Outcome.PLAN: _l("Hand it in as an opinion on the plan"),
    Outcome.PROJECT: _l("Take it up as a project"),
    Outcome.DECLINE: _l("Decline it"),
}
REFUSALS: dict[StrEnum, LazyString] = {
    **WRITING_REFUSALS,
    **MEDIA_REFUSALS,
    Refusal.NOT_AN_ELECTOR: _l("Only electors of the village propose and sign here."),
    Refusal.NO_TITLE: _l("Write in one sentence what you propose."),
    Refusal.TITLE_TOO_LONG: _l("At most 60 characters."),
    Refusal.PLACE_TOO_LONG: _l("At most 80 characters."),
    Refusal.TOO_MANY_OPEN: _l(
        "Three of your proposals collect signatures already. Wait until one of them has gone on."
    ),
    Refusal.NOT_COLLECTING: _l("This proposal does not collect signatures any more."),
    Refusal.NOT_SHOWN: _l("This proposal is not open to signatures now."),
    Refusal.ALREADY_SIGNED: _l("You have signed this proposal already."),
    Refusal.NOT_SIGNED: _l("You have not signed this proposal."),
    Refusal.OWN_PROPOSAL: _l("It is your own proposal: you can take the whole of it back."),
    Refusal.NOT_YOURS: _l("Only its author can take a proposal back."),
    Refusal.NOT_NOW: _l("This step is not possible where the proposal stands now."),
    Refusal.STALE: _l("Somebody else took a step just now. Look at the page again."),
    Refusal.NO_REASON: _l("Write the reason."),
    Refusal.NOT_A_SESSION: _l("Choose a session of the council that is still to come."),
    Refusal.SESSION_NOT_OVER: _l("The session is not over yet. Close it first."),
    Refusal.NO_QUORUM: _l(
        "Fewer than two thirds of the councillors were there: the session could recommend nothing."
    ),
    Refusal.NO_MINUTES: _l(
        "Two who were there must sign the minutes first: what the council recommends rests on them."
    ),
    Refusal.VOTES_DO_NOT_ADD_UP: _l("The votes do not add up to those who were there."),
    Refusal.NO_MAJORITY: _l("More than half of those who were there must be for it."),
    Refusal.NO_PLAN: _l("There is no plan yet that this could belong to."),
    Refusal.PLAN_NOT_OPEN: _l("Opinions on the plan are not being collected now."),
    Refusal.NO_CONSENT: _l(
        "Its author has been asked whether it may be their opinion, and has not agreed yet."
    ),
    Refusal.AUTHOR_CANNOT: _l("Its author may not write about the plan now."),
    Refusal.TAKEN_BACK: _l("Its author took the words back. It can only be declined."),
    Refusal.NOT_READABLE: _l(
        "Its words are hidden or wait to be looked at. Until everybody may read them, it can only"
        " be declined."
    ),
    Refusal.NO_OWNER: _l("Write who sees to it, and until when."),
    Refusal.NOT_THAT_MEETING: _l("Choose a villagers' meeting that was convened since then."),
    Refusal.MET_ALREADY: _l("A meeting is named for it already."),
    Refusal.KEPT_ELSEWHERE: _l(
        "Other words of yours were kept meanwhile, on another phone or in another window. They"
        " stand below: take over what you need, then keep your draft once more."
    ),
}
