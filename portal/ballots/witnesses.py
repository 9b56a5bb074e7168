"""Another witness for papers counted by hand, where one of the two named never agrees.

A sheet would wait for ever, and with it the opening of a secret vote's urn. The supervision
committee names the other one, never the office that enters papers, and nobody names themselves.
What the second witness has agreed to stands; everybody reads in the life of the vote that it was
done, and why.
"""

from datetime import datetime
from enum import StrEnum

from portal.ballots import batch_rules
from portal.ballots.batch_models import PaperSheet
from portal.ballots.batches import locked_sheet, roles_of
from portal.ballots.life import log_step
from portal.ballots.rules import Refusal
from portal.ballots.states import Step
from portal.core.access import Part
from portal.core.db import db
from portal.core.errors import Refused


class Seat(StrEnum):
    """Which of the two witnesses of a sheet."""

    SUPERVISOR = "supervisor"
    WITNESS = "witness"


def free_seats(sheet: PaperSheet) -> list[Seat]:
    """Return the seats whose witness has not agreed, so that another can be named."""
    if sheet.withdrawn_at is not None or sheet.counted_at is not None:
        return []
    agreed = {
        Seat.SUPERVISOR: sheet.supervisor_agreed_at,
        Seat.WITNESS: sheet.witness_agreed_at,
    }
    return [seat for seat, moment in agreed.items() if moment is None]


def replace_witness(
    sheet_id: int,
    seat: Seat,
    *,
    instead_of: int,
    named_id: int,
    reason: str,
    account_id: int,
    now: datetime,
) -> PaperSheet:
    """Name another witness of a sheet, as the supervision committee. Raises Refused.

    `instead_of` is the witness that was seen on the page: two who name one at once name one.
    """
    sheet, ballot = locked_sheet(sheet_id)
    seats = {Seat.SUPERVISOR: sheet.supervisor_id, Seat.WITNESS: sheet.witness_id}
    if seat not in free_seats(sheet) or seats[seat] != instead_of:
        raise Refused(Refusal.WRONG_STATE)
    if not reason.strip():
        raise Refused(Refusal.NO_REASON)
    if named_id in (account_id, instead_of):
        raise Refused(Refusal.NAMES_ANOTHER)
    seats[seat] = named_id
    refusal = batch_rules.why_not_witnesses(
        entered_by=sheet.entered_by,
        supervisor_id=seats[Seat.SUPERVISOR],
        witness_id=seats[Seat.WITNESS],
        roles=roles_of(tuple(seats.values()), now=now),
    )
    if refusal:
        raise Refused(refusal)
    sheet.supervisor_id, sheet.witness_id = seats[Seat.SUPERVISOR], seats[Seat.WITNESS]
    db.session.flush()
    log_step(
        ballot,
        Step.WITNESS_NAMED,
        now=now,
        account_id=account_id,
        part=Part.SUPERVISOR,
        reason=f"{sheet.station}: {reason.strip()}",
    )
    return sheet
