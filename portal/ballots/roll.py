"""Who voted, and, once an open ballot is closed, who chose what."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from portal.ballots import rules
from portal.ballots.change_models import counts
from portal.ballots.models import Ballot, BallotChoice, BallotElector, BallotOption, Turnout
from portal.core.db import db
from portal.core.errors import Refused
from portal.people.models import Resident


def count_cast(ballot_ids: Sequence[int]) -> dict[int, int]:
    """Return how many have voted in each of these ballots; of what they chose it says nothing.

    While a secret vote is open the number grows in steps of ten: one that moved by one could be
    dated against the urn (trust.md §5.2).
    """
    rows = db.session.execute(
        select(Turnout.ballot_id, Ballot.secrecy, Ballot.closed_at, func.count())
        .join(Ballot, Ballot.id == Turnout.ballot_id)
        .where(Turnout.ballot_id.in_(ballot_ids))
        .group_by(Turnout.ballot_id, Ballot.secrecy, Ballot.closed_at)
    )
    return {
        ballot_id: count if secrecy is rules.Secrecy.OPEN or closed_at else rules.in_steps(count)
        for ballot_id, secrecy, closed_at, count in rows
    }


@dataclass(frozen=True, kw_only=True)
class Vote:
    """One line of the roll of an open vote: who chose what, as options and their values."""

    name: str
    group_id: int
    chosen: tuple[tuple[int, int], ...]


def list_votes(ballot: Ballot, *, now: datetime, page: int, per_page: int = 50) -> list[Vote]:
    """Return one page of who chose what, by group and name; Refused until the ballot is closed."""
    if not rules.state(ballot, now=now).is_counted:
        raise Refused(rules.Refusal.NOT_CLOSED_YET, closes_at=ballot.ends_at)
    if ballot.secrecy is not rules.Secrecy.OPEN:
        raise Refused(rules.Refusal.NOT_FOR_YOU)
    people_of = db.session.execute(
        select(Turnout.id, Resident.name, BallotElector.group_id)
        .join(Resident, Resident.id == Turnout.resident_id)
        .join(
            BallotElector,
            (BallotElector.ballot_id == Turnout.ballot_id)
            & (BallotElector.resident_id == Turnout.resident_id),
        )
        .where(Turnout.ballot_id == ballot.id)
        .order_by(BallotElector.group_id, BallotElector.household_id, Turnout.resident_id)
        .limit(per_page)
        .offset((page - 1) * per_page)
    ).all()
    chosen: dict[int, list[tuple[int, int]]] = {row.id: [] for row in people_of}
    for turnout_id, option_id, value in db.session.execute(
        select(BallotChoice.turnout_id, BallotChoice.option_id, BallotChoice.value)
        .join(BallotOption, BallotOption.id == BallotChoice.option_id)
        .where(BallotChoice.turnout_id.in_(chosen), counts())
        .order_by(BallotOption.position)
    ):
        chosen[turnout_id].append((option_id, value))
    return [
        Vote(name=row.name, group_id=row.group_id, chosen=tuple(chosen[row.id]))
        for row in people_of
    ]
