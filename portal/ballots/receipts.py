"""Finding what is counted again: by a receipt's code, or as the one whose vote it is."""

from collections.abc import Sequence

from sqlalchemy import select

from portal.ballots import rules
from portal.ballots.casting import Receipt, receipt_of
from portal.ballots.change_models import counts
from portal.ballots.models import Ballot, BallotChoice, BallotOption, Turnout
from portal.core.db import db


def find_receipt(code: str) -> Receipt | None:
    """Return the receipt with this code, typed as people type, or None if nothing is counted."""
    turnout = db.session.scalar(select(Turnout).where(Turnout.receipt == rules.plain_code(code)))
    return receipt_of(turnout) if turnout else None


def list_receipts(resident_id: int) -> list[tuple[Ballot, Receipt]]:
    """Return a resident's votes, the latest first."""
    rows = db.session.execute(
        select(Ballot, Turnout)
        .join(Turnout, Turnout.ballot_id == Ballot.id)
        .where(Turnout.resident_id == resident_id)
        .order_by(Turnout.done_at.desc(), Turnout.id.desc())
    )
    return [(ballot, receipt_of(turnout)) for ballot, turnout in rows]


def voted_in(ballot_ids: Sequence[int], resident_id: int) -> set[int]:
    """Return in which of these ballots the resident has voted."""
    return set(
        db.session.scalars(
            select(Turnout.ballot_id).where(
                Turnout.resident_id == resident_id, Turnout.ballot_id.in_(ballot_ids)
            )
        )
    )


def chosen_by(receipt: Receipt) -> list[tuple[BallotOption, int]]:
    """Return the marks of the paper that counts; for its own elector's eyes until the close."""
    rows = db.session.execute(
        select(BallotOption, BallotChoice.value)
        .join(BallotChoice, BallotChoice.option_id == BallotOption.id)
        .join(Turnout, Turnout.id == BallotChoice.turnout_id)
        .where(Turnout.receipt == receipt.code, counts())
        .order_by(BallotOption.position)
    )
    return [(option, value) for option, value in rows]
