"""Who took part in a ballot: whoever voted, and, at a meeting, whoever was there."""

from dataclasses import dataclass

from sqlalchemy import select

from portal.ballots.models import Ballot, BallotElector, Turnout
from portal.ballots.profiles import Params, Unit
from portal.core.db import db
from portal.meetings import service as meetings


@dataclass(frozen=True)
class Present:
    """How many took part, in the unit of the vote, and of how many households they were."""

    attendees: int
    households: int


def at_meeting(ballot: Ballot, params: Params) -> frozenset[int]:
    """Return who was at the ballot's meeting; those online only where that counts (V24)."""
    if ballot.meeting_id is None:
        return frozenset()
    return meetings.attendees(ballot.meeting_id, with_online=params.remote_counts)


def of(ballot: Ballot, params: Params) -> Present:
    """Count the electors who were there or voted, each once (domain.md §4.2)."""
    there = at_meeting(ballot, params)
    voted = select(Turnout.resident_id).where(Turnout.ballot_id == ballot.id)
    rows = db.session.execute(
        select(BallotElector.resident_id, BallotElector.household_id).where(
            BallotElector.ballot_id == ballot.id,
            BallotElector.resident_id.in_(voted) | BallotElector.resident_id.in_(there),
        )
    ).all()
    households = len({row.household_id for row in rows})
    return Present(households if ballot.unit is Unit.HOUSEHOLD else len(rows), households)
