"""The life of a ballot as a line of pieces: what was, what is now, what comes."""

from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _

from portal.ballots import ceremony, service
from portal.ballots.models import Ballot
from portal.ballots.rules import Secrecy, State
from portal.ballots.states import Step
from portal.ballots.urn_rules import UrnRefusal
from portal.ballots.urn_words import words_of
from portal.core.words import moment_words, start_words

HELD_UP = {
    State.SUSPENDED: Step.SUSPENDED,
    State.CANCELLED: Step.CANCELLED,
    State.SET_ASIDE: Step.SET_ASIDE,
}
LAST = {
    State.ANNOUNCED: 1,
    State.OPEN: 2,
    State.SUSPENDED: 2,
    State.CLOSED: 3,
    State.COUNTED: 4,
    State.DISCLOSED: 5,
    State.OBJECTED: 5,
    State.ARCHIVED: 6,
}
"""How many pieces of the line are done or under way."""


@dataclass(frozen=True)
class Piece:
    """One piece of the line: in words, done, now or next, and when."""

    word: str
    state: str
    when: str


def life_of(ballot: Ballot, state: State, *, now: datetime) -> list[Piece]:
    """Return the line of a ballot that goes its way; nothing of one that was called off."""
    if state not in LAST:
        return []
    is_open = ballot.secrecy is Secrecy.OPEN
    counted_at = ballot.counted_at or (ballot.ends_at if is_open else None)
    whens: list[tuple[str, datetime | None]] = [
        (_("Announced"), ballot.announced_at),
        (_("Voting"), None),
        (_("Voting ends"), None if state is State.SUSPENDED else ballot.ends_at),
        (_("The votes are counted") if is_open else _("The urn is opened in public"), counted_at),
        (_("The result is published"), ballot.disclosed_at),
        (_("Put away in the archive"), ballot.archived_at),
    ]
    done = LAST[state]
    pieces = [
        Piece(
            word,
            "done" if number < done else "now" if number == done else "next",
            moment_words(when, now) if when else "",
        )
        for number, (word, when) in enumerate(whens, 1)
    ]
    began = ballot.opened_at or ballot.opens_at
    pieces[1] = Piece(
        pieces[1].word, pieces[1].state, _("from %(day)s", day=start_words(began, now))
    )
    return pieces


def why_held_up(ballot: Ballot, state: State) -> str:
    """Return why a ballot is held up, was called off or set aside, or stays in its urn."""
    is_secret = ballot.secrecy is not Secrecy.OPEN
    if is_secret and state is State.CLOSED and ceremony.has_too_few(ballot):
        return words_of(UrnRefusal.TOO_FEW_VOTED)
    if state not in HELD_UP:
        return ""
    reasons = [s.reason for s in service.list_steps(ballot.id) if s.step is HELD_UP[state]]
    return reasons[-1] if reasons else ""
