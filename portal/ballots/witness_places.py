"""Where on the page of a sheet another witness can be named."""

from dataclasses import dataclass
from datetime import datetime

from flask import g
from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from portal.ballots import witnesses
from portal.ballots.batch_forms import WitnessForm
from portal.ballots.batch_models import PaperSheet
from portal.ballots.witnesses import Seat
from portal.core.access import Part, may
from portal.core.db import db
from portal.core.masking import mask_name
from portal.people.models import Account

SEATS: dict[Seat, LazyString] = {
    Seat.SUPERVISOR: _l("Name another witness for the supervision committee"),
    Seat.WITNESS: _l("Name another person as the second witness"),
}
OFFICES: dict[Seat, LazyString] = {
    Seat.SUPERVISOR: _l("For the supervision committee"),
    Seat.WITNESS: _l("The second witness of the count"),
}


@dataclass(frozen=True)
class Place:
    """A witness's place on the page: what it is called, and the form by which another gets it."""

    words: LazyString
    form: WitnessForm


def seats_of(sheet: PaperSheet) -> list[tuple[str, LazyString, datetime | None]]:
    """Return both witnesses of a sheet: the name, whose witness it is, and when it agreed.

    Offices read both names; a witness without one reads the other's masked (domain.md S3).
    """
    holders = {
        Seat.SUPERVISOR: (sheet.supervisor_id, sheet.supervisor_agreed_at),
        Seat.WITNESS: (sheet.witness_id, sheet.witness_agreed_at),
    }
    return [
        (_name(account_id), OFFICES[seat], agreed_at)
        for seat, (account_id, agreed_at) in holders.items()
    ]


def _name(account_id: int) -> str:
    name = db.session.get_one(Account, account_id).name
    is_read = may(Part.COMMITTEE, Part.SUPERVISOR) or g.viewer.account_id == account_id
    return name if is_read else mask_name(name)


def places_of(sheet: PaperSheet, sent: WitnessForm | None = None) -> list[Place]:
    """Return the places in which the reader may name another witness now."""
    if not may(Part.SUPERVISOR):
        return []
    holders = {Seat.SUPERVISOR: sheet.supervisor_id, Seat.WITNESS: sheet.witness_id}
    found = []
    for seat in witnesses.free_seats(sheet):
        form = WitnessForm(formdata=None, seat=seat.value, instead_of=str(holders[seat]))
        is_sent = sent is not None and sent.seat.data == seat
        found.append(Place(SEATS[seat], sent if sent is not None and is_sent else form))
    return found
