"""The words of the ballots of high stakes: offices, rounds, refusals, and what is not promised."""

from enum import StrEnum

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from portal.ballots.belenios.rules import Refusal, Round, Seat
from portal.ballots.urn_rules import UrnRefusal
from portal.ballots.urn_words import URN_REFUSALS

SEATS: dict[Seat, LazyString] = {
    Seat.COMMITTEE: _l("Village committee"),
    Seat.SUPERVISION: _l("Village supervision committee"),
    Seat.TOWNSHIP: _l("Township"),
}

ROUNDS: dict[Round, LazyString] = {
    Round.CERTIFY: _l("Own key made and written down"),
    Round.SHARE: _l("Shared with the other two"),
    Round.RECEIVE: _l("Received from the other two and checked"),
    Round.OPEN: _l("Gave a part of the opening"),
}

REFUSALS: dict[StrEnum, LazyString] = {
    Refusal.NO_TOOL: _l(
        "The program for ballots of high stakes (belenios-tool) is not on this server, so this"
        " kind of vote is switched off. Whoever runs the server can install it."
    ),
    Refusal.KIND_NOT_CARRIED: _l(
        "Only yes or no, one of several, and several of several can be voted on in this way. It"
        " adds up sealed ticks without opening any paper; a rank, points or a budget are no ticks."
    ),
    Refusal.TOO_MANY_ANSWERS: _l("At most 94 answers fit on a sealed ballot."),
    Refusal.NOT_BELENIOS: _l("This vote is not one of high stakes."),
    Refusal.NOT_A_TRUSTEE: _l("Somebody else holds the key of this office."),
    Refusal.SEAT_TAKEN: _l("Somebody else holds the key of this office."),
    Refusal.ONE_SEAT_EACH: _l("You hold the key of another office already. One person, one key."),
    Refusal.ALREADY_DONE: _l("This step is done already. Look at what comes next."),
    Refusal.TOO_EARLY: _l("It is not time for this step yet. The others come first."),
    Refusal.WRONG_KEY: _l(
        "These are not the letters of your key. Look at your paper: capital and small letters are"
        " different."
    ),
    Refusal.SLIPS_MADE: _l("The slips of this vote were printed already. They are printed once."),
    Refusal.SET_UP_ALREADY: _l("This vote is announced; nothing about its keys can be changed."),
    Refusal.NOT_SET_UP: _l("The box of this vote is not set up yet."),
    Refusal.WRONG_CREDENTIAL: _l(
        "This code is not one of this vote. Look at your slip: capital and small letters are"
        " different."
    ),
    Refusal.CREDENTIAL_USED: _l(
        "Somebody has voted with this slip already. If it was not you, tell the village"
        " supervision committee at once."
    ),
    Refusal.VOTED: _l(
        "You have voted in this vote already. A vote is final, so this one was not counted."
    ),
    Refusal.BAD_BALLOT: _l("This is no sealed ballot of this vote, so nothing was counted."),
    Refusal.NOT_CLOSED: _l(
        "The box is not closed yet. After the end of voting this takes a minute or two."
    ),
    Refusal.PART_BEING_MADE: _l(
        "A part of the opening is being made just now. Look again in a minute or two."
    ),
    Refusal.TOO_MANY_ELECTORS: _l(
        "More than 3,000 people may vote in it. Checking so many sealed ballots takes this program"
        " too long. Choose the secret vote in a sealed urn, or vote in smaller parts."
    ),
    Refusal.TOOL_FAILED: _l(
        "The program for ballots of high stakes did not finish. Nothing was changed; try again."
    ),
    UrnRefusal.TOO_FEW_VOTED: URN_REFUSALS[UrnRefusal.TOO_FEW_VOTED],
}
"""The limits stand as `trust.md` §5.2 and §5.6 have them, and on every page that promises much."""

LIMIT = _l(
    "What is not promised: your ballot is sealed by a booth process on the server, or at the hall"
    " kiosk, because Debian ships only the command-line program and no booth for the browser."
    " So secrecy against somebody who controls the server while you vote is not promised."
    " Integrity is: nobody can add, change or leave out ballots without being seen."
)

LIMITS: tuple[LazyString, ...] = (
    LIMIT,
    _l("It does not protect against pressure or vote-buying in person, or a spied-on phone."),
    _l(
        "The key holders' letters too are typed on this server: who controls it at that moment"
        " could copy them."
    ),
    _l("Two of the three key holders together could open single ballots outside the rules."),
    _l("It does not protect against somebody blocking the server just before the end of voting."),
    _l("Where groups are very small or all agree, the sum itself tells how people voted."),
    _l("A wrong list of electors that everybody approved stays wrong."),
)
