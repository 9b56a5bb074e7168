"""Words for purposes, kinds of data, looks, and refusals."""

from enum import StrEnum

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from portal.core.audit import Look
from portal.core.retention import Kept
from portal.privacy.rules import Purpose, Refusal, RequestState

PURPOSES: dict[Purpose, tuple[LazyString, LazyString]] = {
    Purpose.SMS: (
        _l("Text messages about what matters"),
        _l("Your phone number goes to the company that sends text messages."),
    ),
    Purpose.PUSH: (
        _l("Messages in the browser"),
        _l("They pass enciphered through the servers of the browser's maker, perhaps abroad."),
    ),
    Purpose.NAMED: (
        _l("My full name with what I write"),
        _l("You choose it each time. If you take this back, older names are masked again too."),
    ),
    Purpose.PLOT: (
        _l("Which parcel is my household's"),
        _l("Only your household sees it. Once taken back, the parcels you chose are forgotten."),
    ),
}

KINDS: dict[Kept, LazyString] = {
    Kept.SIGN_INS: _l("Codes for signing in"),
    Kept.COUNTS: _l("How often something was tried (without a name)"),
    Kept.SESSIONS: _l("Sign-ins that have ended"),
    Kept.STAGED_ROSTERS: _l("Roster files that were handed in and not taken"),
    Kept.RECOGNITIONS: _l("Requests to be recognised as a resident"),
    Kept.NEWS: _l("Internal notes that something happened"),
    Kept.DELIVERIES: _l("That a text message was sent, and to which phone"),
    Kept.MESSAGES: _l("Messages to me"),
    Kept.DEPARTED: _l("Phone and ID digits of those who left the village"),
    Kept.ROSTER: _l("The village's roster and its changes"),
    Kept.WRITINGS: _l("What you wrote, with photos and recordings, until you take it back"),
    Kept.REPORTS: _l("Reports of what others wrote, once they are answered"),
    Kept.REPLIES: _l("Replies to surveys"),
    Kept.VOTES: _l("Votes: who took part, and the result"),
    Kept.POINTS: _l("The points ledger"),
    Kept.CONSENTS: _l("What you were told and agreed to"),
    Kept.LOOKS: _l("Who looked at personal data"),
}

REASONS: dict[Kept, LazyString] = {
    Kept.SIGN_INS: _l("They are good for minutes only."),
    Kept.COUNTS: _l("To stop whoever tries codes again and again."),
    Kept.SESSIONS: _l("So that you can see where you were signed in."),
    Kept.STAGED_ROSTERS: _l("A second person may have to confirm."),
    Kept.RECOGNITIONS: _l("To clear up a wrong recognition."),
    Kept.NEWS: _l("So that no message gets lost."),
    Kept.DELIVERIES: _l("To clear up whether a message arrived."),
    Kept.MESSAGES: _l("So that you can read them again."),
    Kept.DEPARTED: _l("To clear up questions of the move."),
    Kept.ROSTER: _l("The law gives the village this duty."),
    Kept.WRITINGS: _l("Public participation is part of the plan's record."),
    Kept.REPORTS: _l("To answer questions about a decision, and to stop false reports."),
    Kept.REPLIES: _l("They are part of the plan's record."),
    Kept.VOTES: _l("The law wants votes archived."),
    Kept.POINTS: _l("Books are never changed afterwards."),
    Kept.CONSENTS: _l("To prove that we asked."),
    Kept.LOOKS: _l("So that you can always check."),
}

LOOKS: dict[Look, LazyString] = {
    Look.OPENED: _l("looked at it"),
    Look.EXPORTED: _l("exported it"),
    Look.CHANGED: _l("changed it"),
    Look.PRINTED: _l("printed it"),
}

# What was looked at, by the name that `audit.note` was given; a house test finds a missing one.
THINGS: dict[str, LazyString] = {
    "own-data": _l("Own data"),
    "roster": _l("The roster"),
    "resident": _l("A row of the roster"),
    "slip": _l("A printed code"),
    "slips": _l("Printed codes of households"),
    "belenios-slips": _l("Sealed slips for a vote"),
    "sign-in": _l("Ways to sign in"),
    "recognition": _l("A request to be recognised"),
    "assisted-entry": _l("Things entered for somebody"),
    "assisted-search": _l("Search for whom to help"),
    "post": _l("A post"),
    "account": _l("An account"),
    "survey-replies": _l("Replies to a survey"),
    "room-talk": _l("The talk in a room, without names"),
    "interested-party": _l("Who is concerned"),
    "data-request": _l("A request about personal data"),
    "meeting-list": _l("The list of a meeting"),
    "electors": _l("The list of those who have not voted yet"),
    "paper-sheet": _l("A list of those who voted on paper"),
}

STATES: dict[RequestState, LazyString] = {
    RequestState.OPEN: _l("Waiting"),
    RequestState.DONE: _l("Put right"),
    RequestState.REFUSED: _l("Refused"),
}

REFUSALS: dict[StrEnum, LazyString] = {
    Refusal.HOLDS_A_POST: _l("While you hold a post, the account stays. End the post first."),
    Refusal.ERASED_ALREADY: _l("This account has been erased already."),
    Refusal.WAITS_ALREADY: _l("You have asked already. Wait for the answer first."),
    Refusal.ANSWERED_ALREADY: _l("Somebody has answered this already."),
    Refusal.NO_REASON: _l("Whoever says no must say why."),
    Refusal.OWN_REQUEST: _l("This is your own request. Somebody else must answer it."),
    Refusal.SIGN_IN_AGAIN: _l("For your safety, sign in once more first."),
    Refusal.EMPTY: _l("Please write what is wrong."),
    Refusal.UNDER_AGE: _l("Under 18 no name is published."),
}
