"""The words of the ballots: for each refusal, state, outcome, answer and rule."""

from datetime import datetime
from enum import StrEnum

from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.ballots.arithmetic import Outcome
from portal.ballots.batch_words import BATCH_REFUSALS
from portal.ballots.rules import Answer, Refusal, Secrecy, State
from portal.ballots.states import Step
from portal.core.words import moment_words, start_words

REFUSALS: dict[StrEnum, LazyString] = {
    **BATCH_REFUSALS,
    Refusal.NOT_A_RESIDENT: _l(
        "Only people on this village's roster can vote. If you belong to it, ask the committee."
    ),
    Refusal.NOT_AN_ELECTOR: _l(
        "You are not on the list of electors of this vote. It was made when the vote opened."
        " Ask the committee if you think that this is a mistake."
    ),
    Refusal.TOO_YOUNG: _l("For this vote one must be 18 on the day it opened."),
    Refusal.AGE_UNKNOWN: _l(
        "The roster does not say when you were born, so you are not on the list of electors."
        " Ask the committee to add your birth date for the next vote."
    ),
    Refusal.NOT_OPEN_YET: _l("Voting has not begun yet."),
    Refusal.CLOSED: _l("Voting is closed. Your vote was not counted."),
    Refusal.NOT_HELD: _l("This vote was announced, but it was never opened."),
    Refusal.ALREADY_VOTED: _l("You have voted already. This is the receipt of your vote."),
    Refusal.NOTHING_CHOSEN: _l("Choose first, then go on."),
    Refusal.TOO_MANY_CHOSEN: _l(
        "You have chosen more than this vote allows. Take some away, then go on."
    ),
    Refusal.UNKNOWN_OPTION: _l(
        "One of the choices does not belong to this vote, so nothing was counted. Choose again."
    ),
    Refusal.CHOSEN_TWICE: _l(
        "The same choice was sent twice, so nothing was counted. Choose again."
    ),
    Refusal.TOO_FEW_CHOSEN: _l("You have chosen fewer than this vote asks for. Choose more."),
    Refusal.UNKNOWN_VALUE: _l(
        "One of the answers cannot be given in this vote, so nothing was counted. Choose again."
    ),
    Refusal.PLACE_TWICE: _l("Two choices have the same place. Give each place only once."),
    Refusal.PLACE_SKIPPED: _l("A place was left out. Begin with place 1 and leave none out."),
    Refusal.SCORE_OUT_OF_RANGE: _l("Give each choice only as many points as this vote allows."),
    Refusal.TOO_MANY_POINTS: _l(
        "You have given more points than you have. Take some away, then go on."
    ),
    Refusal.OVER_BUDGET: _l(
        "Your choice costs more than there is. Take something out, then go on."
    ),
    Refusal.REMOTE_NOT_ALLOWED: _l(
        "This vote is taken at the meeting, by those who are there. Come in first: with the code at"
        " the door, or ticked on the list. Then vote here on your phone, with help, or on paper."
    ),
    Refusal.ENTERED_BY_COMMITTEE: _l(
        "Nobody of the committee enters a vote for somebody else. Another helper can do it."
    ),
    Refusal.CONTENT_CHANGED: _l(
        "The plan is no longer the one that this vote was opened on, so no more votes are taken."
    ),
    Refusal.KEY_OF_ANOTHER: _l("This page was made for somebody else. Open the vote again."),
    Refusal.NOT_CLOSED_YET: _l("The result is counted when voting is closed, for everybody alike."),
    Refusal.NOT_FOR_YOU: _l("The list of names is for the electors of this vote."),
    Refusal.CLOSES_BEFORE_IT_OPENS: _l("The last day must not be before the first day."),
    Refusal.CLOSES_IN_THE_PAST: _l("The last day has passed already."),
    Refusal.NOTICE_TOO_SHORT: _l(
        "The village must be told in time: at least 10 full days must lie between today and the"
        " day on which voting begins."
    ),
    Refusal.NO_PARTY_REVIEW: _l(
        "A binding vote needs the day and the note of the Party organisation's review first."
    ),
    Refusal.STATUTORY_IS_YES_NO: _l("A binding vote must be a yes or no question."),
    Refusal.NO_OPTIONS: _l("This plan has no projects to choose from."),
    Refusal.CHOICES_OUT_OF_RANGE: _l(
        "The greatest number of choices must lie between 1 and the number of projects."
    ),
    Refusal.SCORES_OUT_OF_RANGE: _l("The greatest number of points must lie between 1 and 100."),
    Refusal.NO_BUDGET: _l("Write how much money there is to be given out."),
    Refusal.NO_COSTS: _l("Each project in a vote on money needs its cost first."),
    Refusal.NOTHING_AFFORDABLE: _l("Each project costs more than there is to be given out."),
    Refusal.PLAN_NOT_FROZEN: _l(
        "The plan can still be changed. Publish it first, then announce the vote on it."
    ),
    Refusal.ANNOUNCED_OTHERWISE: _l(
        "The plan, the question or the rule is no longer the one that was announced, so the vote"
        " cannot be opened. Call it off and announce it anew."
    ),
    Refusal.ALREADY_OPEN: _l(
        "This vote has been opened. Question, choices, rule and dates can no longer be changed."
    ),
    Refusal.OPENS_LATER: _l("This vote was announced for a later day. It cannot be opened before."),
    Refusal.OPENED_TOO_LATE: _l("The last day of this vote has passed. Announce a new vote."),
    Refusal.NO_ELECTORS: _l("Nobody on the roster may take part in this vote."),
    Refusal.HOUSEHOLD_HAS_VOTED: _l(
        "In this vote each household has one vote, and somebody of yours has cast it already."
    ),
    Refusal.SUSPENDED: _l(
        "Voting is held up for the moment. Votes that were cast are kept, and it will end as much"
        " later."
    ),
    Refusal.CANCELLED: _l("This vote was called off."),
    Refusal.ALREADY_ANNOUNCED: _l(
        "This vote has been announced, so nothing about it can be changed. Call it off and announce"
        " another one."
    ),
    Refusal.NOT_ANNOUNCED: _l("This vote has not been announced yet."),
    Refusal.NOT_OPEN: _l("Nobody can vote in it at the moment, so this cannot be done."),
    Refusal.NOT_COUNTED_YET: _l(
        "Voting is over; the votes are not counted yet. The result will stand on this page."
    ),
    Refusal.TOO_FEW_FOR_SECRECY: _l(
        "Too few may vote in it for a secret vote: the totals alone would tell how people voted."
        " Let them vote with names, or at a meeting."
    ),
    Refusal.PERSONS_VOTE: _l(
        "By this rule each person has one vote; a household cannot vote for them. Choose “Each"
        " person”, or another rule."
    ),
    Refusal.ON_THE_BOARD: _l(
        "The result must stay on the board first, and everybody must have had the time to object."
        " Put it away after that."
    ),
    Refusal.OWN_OBJECTION: _l(
        "Who objected cannot decide on it. Another member of the supervision committee can."
    ),
    Refusal.NAMES_ARE_ASKED: _l(
        "By this rule people answer with their names, so the vote cannot be secret. Choose “With"
        " names”, or another rule."
    ),
    Refusal.NO_KEY: _l("A secret vote needs its key first. Make the key, then announce the vote."),
    Refusal.NO_REASON: _l("Write the reason. Everybody can read it."),
    Refusal.NOT_ASKED: _l("The head of the committee has not asked to close this vote early."),
    Refusal.ALREADY_ASKED: _l(
        "It has been asked for already. The supervision committee must agree."
    ),
    Refusal.FINAL: _l("This vote is final and cannot be changed. This is its receipt."),
    Refusal.CHANGED_MEANWHILE: _l(
        "Your vote was changed in the meantime, so this paper was not counted. Look at what counts"
        " now; you can change it again until the vote closes."
    ),
    Refusal.SAME_PERSON: _l("Whoever asked for it cannot also agree to it. Another office must."),
    Refusal.NOT_SEALED: _l(
        "In a secret vote the paper is sealed on your phone before it is sent. This one was not, so"
        " nothing was counted."
    ),
    Refusal.WRONG_STATE: _l("This cannot be done with the vote as it stands now."),
    Refusal.NO_MEETING: _l(
        "By this rule only those vote who are called to a meeting. Convene the meeting, then name it"
        " here."
    ),
    Refusal.NO_PARTY_MEETING: _l(
        "Meetings of the Party members are not convened here. Enter the day and the note of their"
        " review with the vote of the village."
    ),
    Refusal.WRONG_MEETING: _l(
        "This meeting is of another kind than the rule asks for. Choose the meeting of those who"
        " decide by this rule, or convene it first."
    ),
    Refusal.MEETING_CALLED_OFF: _l(
        "The meeting of this vote was called off. Choose another meeting; a vote that has been"
        " announced is called off and announced anew."
    ),
    Refusal.MEETING_ANOTHER_DAY: _l(
        "This vote is taken at its meeting: the day of the meeting must lie within the days of"
        " voting."
    ),
    Refusal.MEETING_NOT_OPENED: _l(
        "This vote is taken at its meeting, and the meeting has not been opened yet. Open the"
        " meeting; then the vote opens by itself."
    ),
    Refusal.SCENARIOS_ARE_WEIGHED: _l(
        "The ways for the village are weighed against each other: let people tick or put in order."
    ),
    Refusal.TOO_FEW_OPTIONS: _l("Give at least two things to choose from."),
    Refusal.TOO_MANY_OPTIONS: _l("A secret vote can have at most 94 things to choose from."),
}

ANSWERS: dict[Answer, LazyString] = {
    Answer.YES: _l("Yes, I agree"),
    Answer.NO: _l("No, I do not agree"),
    Answer.ABSTAIN: _l("I abstain"),
}
COUNTED: dict[Answer, LazyString] = {
    Answer.YES: _l("Agree"),
    Answer.NO: _l("Do not agree"),
    Answer.ABSTAIN: _l("Abstain"),
}
STATES: dict[State, tuple[LazyString, str]] = {
    State.ANNOUNCED: (_l("Announced"), "neutral"),
    State.OPEN: (_l("Voting now"), "info"),
    State.DRAFT: (_l("Draft"), "neutral"),
    State.PARTY_REVIEWED: (_l("Reviewed by the Party organisation"), "neutral"),
    State.SUSPENDED: (_l("Held up"), "warn"),
    State.CLOSED: (_l("Voting is over, not counted yet"), "info"),
    State.COUNTED: (_l("Result is out"), "good"),
    State.DISCLOSED: (_l("Result is published"), "good"),
    State.OBJECTED: (_l("Objected to"), "warn"),
    State.SET_ASIDE: (_l("Result set aside"), "danger"),
    State.ARCHIVED: (_l("Put away in the archive"), "neutral"),
    State.NOT_HELD: (_l("Not held"), "neutral"),
    State.CANCELLED: (_l("Has been called off"), "warn"),
}
SHUT = (_l("The urn stays closed"), "warn")
"""What is said instead where too few voted in secret for their urn ever to be opened."""
STEPS: dict[Step, LazyString] = {
    Step.DRAFTED: _l("Written as a draft"),
    Step.ANNOUNCED: _l("Announced"),
    Step.OPENED: _l("Voting opened"),
    Step.SUSPENDED: _l("Voting was held up"),
    Step.RESUMED: _l("Voting went on"),
    Step.EARLY_CLOSE_ASKED: _l("Asked to close it early"),
    Step.CLOSED_EARLY: _l("Closed early"),
    Step.CLOSED: _l("Closed"),
    Step.WITNESS_NAMED: _l("Another witness of papers was named"),
    Step.PAPERS_LEFT_OUT: _l("Papers left out: their witnesses did not agree in time"),
    Step.COUNTED: _l("Counted"),
    Step.DISCLOSED: _l("Result published"),
    Step.OBJECTED: _l("Objected to"),
    Step.OBJECTION_DECIDED: _l("Objection decided"),
    Step.SET_ASIDE: _l("Result set aside"),
    Step.ARCHIVED: _l("Put away in the archive"),
    Step.CANCELLED: _l("Called off"),
}
OPENNESS: dict[Secrecy, LazyString] = {
    Secrecy.OPEN: _l("Open vote"),
    Secrecy.SEALED: _l("Secret vote"),
    Secrecy.BELENIOS: _l("Secret vote with proofs"),
}
RECORDED: dict[Step, LazyString] = {
    Step.OPENED: _l("What was put to the vote, and who could vote"),
    Step.CLOSED: _l("Who voted, and with which papers"),
    Step.COUNTED: _l("What was counted, and what came of it"),
}
"""What the public record holds of a ballot, by the step at which it was entered."""
OUTCOMES: dict[Outcome, tuple[LazyString, str]] = {
    Outcome.PASSED: (_l("Passed"), "good"),
    Outcome.FAILED: (_l("Not passed"), "danger"),
    Outcome.NO_QUORUM: (_l("Too few took part"), "warn"),
    Outcome.VOID: (_l("Void"), "danger"),
    Outcome.HEARD: (_l("Counted"), "info"),
}


def span_words(opens_at: datetime, closes_at: datetime, *, now: datetime) -> str:
    """Return from when until when a ballot is open."""
    return _(
        "From %(opens)s to %(closes)s",
        opens=start_words(opens_at, now),
        closes=moment_words(closes_at, now),
    )
