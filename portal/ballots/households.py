"""Where each household has one vote: who of it may cast it, and who did."""

from dataclasses import dataclass

from sqlalchemy import select

from portal.ballots.models import Ballot, BallotElector, Turnout
from portal.ballots.rules import Secrecy, Unit
from portal.core.db import db
from portal.people.models import Resident


@dataclass(frozen=True, kw_only=True)
class HouseholdVote:
    """Who of a household may cast its one vote, and who cast it; for its own members' eyes."""

    members: tuple[str, ...]
    cast_by: str | None


def vote_of_household(ballot: Ballot, resident_id: int | None) -> HouseholdVote | None:
    """Return how this elector's household stands to a vote of households; None for other votes.

    In a secret vote nobody is told who cast it.
    """
    if ballot.unit is not Unit.HOUSEHOLD or resident_id is None:
        return None
    mine = select(BallotElector.household_id).where(
        BallotElector.ballot_id == ballot.id, BallotElector.resident_id == resident_id
    )
    rows = db.session.execute(
        select(Resident.name, Turnout.id.is_not(None))
        .select_from(BallotElector)
        .join(Resident, Resident.id == BallotElector.resident_id)
        .outerjoin(
            Turnout,
            (Turnout.ballot_id == BallotElector.ballot_id)
            & (Turnout.resident_id == BallotElector.resident_id),
        )
        .where(
            BallotElector.ballot_id == ballot.id,
            BallotElector.household_id == mine.scalar_subquery(),
        )
        .order_by(Resident.id)
    ).all()
    if not rows:
        return None
    voted = [name for name, has_voted in rows if has_voted]
    is_open = ballot.secrecy is Secrecy.OPEN
    return HouseholdVote(
        members=tuple(name for name, _ in rows),
        cast_by=voted[0] if voted and is_open else None,
    )
