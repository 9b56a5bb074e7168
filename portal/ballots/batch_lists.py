"""Whoever is on the list of a station, and the sheets that are there: what the pages ask."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, func, select

from portal.ballots.batch_models import PaperElector, PaperRefused, PaperSheet
from portal.ballots.batch_rules import Struck
from portal.ballots.models import Ballot, BallotElector, Turnout
from portal.ballots.rules import Secrecy, Unit
from portal.core.db import db
from portal.people.models import Account, Household, Resident, VillagerGroup


@dataclass(frozen=True)
class Name:
    """An elector on the list of a station."""

    resident_id: int
    name: str
    household: str
    group: str


def get_sheet(sheet_id: int) -> PaperSheet:
    """Return a sheet of this village, or raise NoResultFound."""
    return db.session.get_one(PaperSheet, sheet_id)


def list_sheets(ballot_id: int) -> list[PaperSheet]:
    """Return the sheets of a ballot that were not withdrawn, by station."""
    query = select(PaperSheet).where(
        PaperSheet.ballot_id == ballot_id, PaperSheet.withdrawn_at.is_(None)
    )
    return list(db.session.scalars(query.order_by(PaperSheet.station)))


def list_waiting(account_id: int) -> list[tuple[PaperSheet, Ballot]]:
    """Return the sheets that wait for this witness."""
    mine = (
        (PaperSheet.supervisor_id == account_id) & PaperSheet.supervisor_agreed_at.is_(None)
    ) | ((PaperSheet.witness_id == account_id) & PaperSheet.witness_agreed_at.is_(None))
    query = select(PaperSheet, Ballot).join(Ballot, Ballot.id == PaperSheet.ballot_id)
    query = query.where(mine, PaperSheet.withdrawn_at.is_(None), PaperSheet.counted_at.is_(None))
    rows = db.session.execute(query.order_by(PaperSheet.id))
    return [(sheet, ballot) for sheet, ballot in rows if sheet.is_waiting]


def count_uncounted(ballot_id: int) -> int:
    """Return how many papers of a secret vote were put in and have no agreed sums yet."""
    query = select(func.coalesce(func.sum(PaperSheet.papers), 0)).where(
        PaperSheet.ballot_id == ballot_id,
        PaperSheet.listed_at.is_not(None),
        PaperSheet.counted_at.is_(None),
    )
    return int(db.session.scalar(query) or 0)


def list_electors_left(ballot: Ballot) -> list[Name]:
    """Return the electors for whom no vote is in yet, their household's where that has but one."""
    return _names(_on_the_list(ballot.id).where(BallotElector.resident_id.not_in(_voted(ballot))))


def list_offered(ballot: Ballot) -> list[Name]:
    """Return whom the list of a station offers: electors for whom no vote is in.

    Of a secret vote all: the page would tell, live, who has voted, where everybody else reads steps
    of ten.
    """
    is_open = ballot.secrecy is Secrecy.OPEN
    return list_electors_left(ballot) if is_open else _names(_on_the_list(ballot.id))


def list_ticked(sheet: PaperSheet) -> list[Name]:
    """Return who is ticked on a sheet."""
    ticked = select(PaperElector.resident_id).where(PaperElector.sheet_id == sheet.id)
    return _names(_on_the_list(sheet.ballot_id).where(BallotElector.resident_id.in_(ticked)))


def list_refused(sheet: PaperSheet) -> list[tuple[Name, Struck]]:
    """Return the lines of a sheet that do not count, each with its reason."""
    query = select(PaperRefused.resident_id, PaperRefused.reason)
    rows = db.session.execute(query.where(PaperRefused.sheet_id == sheet.id))
    reasons = {resident_id: reason for resident_id, reason in rows}
    if not reasons:
        return []
    return [(name, reasons[name.resident_id]) for name in named(sheet.ballot_id, reasons)]


def find_account(name: str) -> int | None:
    """Return the account of the resident of this name (and household number), or None if unsure."""
    alone, _, household = " ".join(name.split()).partition(" ")
    query = (
        select(Account.id)
        .join(Resident, Resident.id == Account.resident_id)
        .where(Resident.name == alone, Resident.left_on.is_(None), Account.is_active)
    )
    if household:
        query = query.join(Household, Household.id == Resident.household_id)
        query = query.where(Household.number == household)
    found = db.session.scalars(query.limit(2)).all()
    return found[0] if len(found) == 1 else None


def named(ballot_id: int, resident_ids: Collection[int]) -> list[Name]:
    """Return those of these residents who are electors of the ballot."""
    return _names(_on_the_list(ballot_id).where(BallotElector.resident_id.in_(resident_ids)))


def _voted(ballot: Ballot) -> Select[Any]:
    """Select the electors for whom a vote is in: their own, or that of their household."""
    voted = select(Turnout.resident_id).where(Turnout.ballot_id == ballot.id)
    if ballot.unit is Unit.PERSON:
        return voted
    households = select(Turnout.unit_household_id).where(
        Turnout.ballot_id == ballot.id, Turnout.unit_household_id.is_not(None)
    )
    return select(BallotElector.resident_id).where(
        BallotElector.ballot_id == ballot.id, BallotElector.household_id.in_(households)
    )


def _on_the_list(ballot_id: int) -> Select[Any]:
    query: Any = select(Resident.id, Resident.name, Household.number, VillagerGroup.name)
    named_electors: Select[Any] = (
        query.join(BallotElector, BallotElector.resident_id == Resident.id)
        .join(Household, Household.id == BallotElector.household_id)
        .join(VillagerGroup, VillagerGroup.id == BallotElector.group_id)
        .where(BallotElector.ballot_id == ballot_id)
        .order_by(VillagerGroup.number, Household.number, Resident.id)
    )
    return named_electors


def _names(query: Select[Any]) -> list[Name]:
    return [Name(*row) for row in db.session.execute(query)]
