"""What the pages of a ballot of high stakes show alike: its words, its trustees, its box."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from flask import abort, g
from flask_babel import force_locale

from portal.ballots import asking
from portal.ballots.belenios import archive, setting_up
from portal.ballots.belenios.archive import Archive
from portal.ballots.belenios.models import BeleniosArchive
from portal.ballots.belenios.rules import Round, Seat
from portal.ballots.belenios.setting_up import Trustee
from portal.ballots.models import Ballot
from portal.ballots.states import state
from portal.ballots.words import ANSWERS
from portal.core.access import Part, may
from portal.core.errors import Refused

STAFF = (Part.COMMITTEE, Part.HEAD, Part.SUPERVISOR, Part.ADMIN)
LANGUAGE = "zh_Hans"
"""The question is sealed in the village's language, whoever sets the box up."""

SEAT_OF = {
    Part.COMMITTEE: Seat.COMMITTEE,
    Part.HEAD: Seat.COMMITTEE,
    Part.SUPERVISOR: Seat.SUPERVISION,
    Part.ADMIN: Seat.TOWNSHIP,
}


@dataclass(frozen=True)
class Line:
    """One trustee on the page: the office, what is done and what comes next."""

    seat: Seat
    done: tuple[Round, ...]
    next: Round | None
    is_mine: bool


def get_ballot(ballot_id: int, *, now: datetime) -> Ballot:
    """Return the ballot of a page; 404 for another kind, and for drafts unless one sees to them."""
    try:
        ballot = setting_up.get_ballot(ballot_id)
    except Refused:
        abort(404)
    if not state(ballot, now=now).is_public and not may(*STAFF):
        abort(404)
    return ballot


def words_of(ballot: Ballot) -> list[str]:
    """Return the words of the options in the reader's language, in the order of the paper."""
    options = asking.list_options(ballot.id)
    return [str(ANSWERS[o.answer]) if o.answer else o.words for o in options]


def sealed_words_of(ballot: Ballot) -> list[str]:
    """Return the words of the options as they are sealed into the election."""
    with force_locale(LANGUAGE):
        return words_of(ballot)


def my_seat(trustees: Mapping[Seat, Trustee]) -> Seat | None:
    """Return the seat of whoever asks: the one they have, or a free one of an office of theirs."""
    for each in trustees.values():
        if each.account_id == g.viewer.account_id:
            return each.seat
    mine = [seat for part, seat in SEAT_OF.items() if may(part) and seat not in trustees]
    return mine[0] if mine else None


def lines_of(trustees: Mapping[Seat, Trustee], *, is_closed: bool) -> list[Line]:
    """Return the three trustees as the page lists them."""
    me = g.viewer.account_id if g.viewer else None
    return [
        Line(
            seat,
            tuple(trustees[seat].pieces) if seat in trustees else (),
            setting_up.next_round(trustees, seat, is_closed=is_closed),
            seat in trustees and trustees[seat].account_id == me,
        )
        for seat in Seat
    ]


def read_box(ballot_id: int) -> tuple[BeleniosArchive | None, Archive | None]:
    """Return the published archive and what stands in it, or nothing before it is set up."""
    box = setting_up.find_archive(ballot_id)
    return box, archive.read(box.content) if box else None
