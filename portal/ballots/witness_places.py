"""Where on the page of a sheet another witness can be named."""

from dataclasses import dataclass

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from portal.ballots import witnesses
from portal.ballots.batch_forms import WitnessForm
from portal.ballots.batch_models import PaperSheet
from portal.ballots.witnesses import Seat
from portal.core.access import Part, may

SEATS: dict[Seat, LazyString] = {
    Seat.SUPERVISOR: _l("Name another witness of the supervision committee"),
    Seat.WITNESS: _l("Name another second witness"),
}


@dataclass(frozen=True)
class Place:
    """A witness's place on the page: what it is called, and the form by which another gets it."""

    words: LazyString
    form: WitnessForm


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
