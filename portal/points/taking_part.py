"""Points for taking part in a vote: proposed when it is over, to everybody on its turnout list.

Nothing is written while a vote is open, since what is written could be dated against the urn; and
afterwards the proposals stand in the order of their keys, which has nothing to do with who came
when. What anybody chose is not read here (trust.md §5.2; domain.md J1).
"""

import hashlib
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.exc import NoResultFound

from portal.ballots.models import Ballot, Turnout
from portal.core import clock
from portal.core.db import db
from portal.core.errors import Refused
from portal.people.models import Household, Resident
from portal.points import service
from portal.points.models import PointsItem, PointsTransfer
from portal.points.rules import LATEST_DAYS

ITEM = "vote"
"""The code of the item for taking part; where a village's rules have none, nothing is proposed."""

AT_ONCE = 200
"""So many are given points by one press; for more it is pressed again."""


@dataclass(frozen=True, order=True)
class Proposed:
    """Somebody who took part and has no points for it yet; the key names the two together."""

    key: str
    resident_id: int
    name: str
    group_id: int
    household_id: int
    household: str


@dataclass(frozen=True)
class Proposal:
    """A vote that is over, what taking part in it earns, and who waits for it, by their keys."""

    ballot_id: int
    question: str
    ended_on: date
    item: PointsItem
    people: list[Proposed]


@dataclass(frozen=True)
class Given:
    """What one press did: how many were given points, and how many the rules refused."""

    given: int
    refused: int


def key_of(ballot_id: int, resident_id: int) -> str:
    """Return by which key somebody's taking part in a vote is rewarded once."""
    return hashlib.sha256(f"taking part|{ballot_id}|{resident_id}".encode()).hexdigest()


def list_proposals(*, now: datetime) -> list[Proposal]:
    """Return every proposal that somebody still waits for, that of the latest vote first."""
    return [found for ballot in _over(now=now) if (found := _propose(ballot)) and found.people]


def give(ballot_id: int, *, account_id: int, own_household_id: int | None, now: datetime) -> Given:
    """Give points to those who wait for a vote's, each once however often it is pressed.

    Raises NoResultFound for a vote that is not over. Whom the rules refuse, as somebody of the
    giver's own household, waits for somebody else.
    """
    ballot = next((found for found in _over(now=now) if found.id == ballot_id), None)
    proposal = ballot and _propose(ballot)
    if not proposal:
        raise NoResultFound(f"no proposal for the ballot {ballot_id}")
    given = refused = 0
    others = [p for p in proposal.people if p.household_id != own_household_id]
    for person in others[:AT_ONCE]:
        wish = service.Award(
            resident_id=person.resident_id,
            item_id=proposal.item.id,
            times=1,
            done_on=proposal.ended_on,
            reason=proposal.question,
            key=person.key,
        )
        try:
            service.award(wish, account_id=account_id, own_household_id=own_household_id, now=now)
        except Refused:
            refused += 1
        else:
            given += 1
    return Given(given, refused + len(proposal.people) - len(others))


def _over(*, now: datetime) -> list[Ballot]:
    """Return the votes that were closed lately enough to be rewarded, the latest first."""
    return list(
        db.session.scalars(
            select(Ballot)
            .where(
                Ballot.closed_at.is_not(None),
                Ballot.closed_at <= now,
                Ballot.closed_at > now - timedelta(days=LATEST_DAYS),
                Ballot.cancelled_at.is_(None),
            )
            .order_by(Ballot.closed_at.desc(), Ballot.id.desc())
        )
    )


def _propose(ballot: Ballot) -> Proposal | None:
    """Return who waits for points, where the rules of the day on which the vote ended give any."""
    ended_on = clock.today(ballot.ends_at - timedelta(seconds=1))
    scheme = service.find_scheme(ended_on)
    item = scheme and next((item for item in scheme.items if item.code == ITEM), None)
    if not item:
        return None
    rows = db.session.execute(
        select(
            Resident.id, Resident.name, Turnout.group_id, Resident.household_id, Household.number
        )
        .join(Turnout, Turnout.resident_id == Resident.id)
        .join(Household, Household.id == Resident.household_id)
        .where(Turnout.ballot_id == ballot.id)
    )
    waiting = {key_of(ballot.id, row[0]): row for row in rows}
    given = select(PointsTransfer.idempotency_key).where(PointsTransfer.item_id == item.id)
    for key in db.session.scalars(given):
        waiting.pop(key, None)
    people = sorted(Proposed(key, *row) for key, row in waiting.items())
    return Proposal(ballot.id, ballot.question, ended_on, item, people)
