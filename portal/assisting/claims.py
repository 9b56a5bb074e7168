"""Requests to be recognised, as the committee and whoever asked see them."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Select, func, select

from portal.assisting.models import Recognition, Vouch
from portal.assisting.vouching import RequestState
from portal.core.db import db
from portal.people import service as people
from portal.people.models import Account, Household, Resident, VillagerGroup


@dataclass(frozen=True)
class Named:
    """Somebody on the roster whom a request may mean, as the committee sees them."""

    resident_id: int
    name: str
    group: str
    household: str
    born_on: date | None


@dataclass(frozen=True)
class Request:
    """A request as the committee's list shows it."""

    recognition: Recognition
    named: Named | None
    phone: str | None
    vouchers: tuple[str, ...]
    asked_by: str


def get_request(recognition_id: int) -> Request:
    """Return one request of this village, or raise NoResultFound."""
    return requests_of([db.session.get_one(Recognition, recognition_id)])[0]


def list_open(*, now: datetime) -> list[Request]:
    """Return the requests that wait, the oldest first."""
    query = select(Recognition).where(
        Recognition.state == RequestState.OPEN, Recognition.expires_at > now
    )
    return requests_of(db.session.scalars(query.order_by(Recognition.id)).all())


def count_open(*, now: datetime) -> int:
    """Return how many requests wait."""
    query = select(func.count(Recognition.id)).where(
        Recognition.state == RequestState.OPEN, Recognition.expires_at > now
    )
    return db.session.scalar(query) or 0


def find_own(account_id: int) -> Recognition | None:
    """Return the latest request of an account, or None."""
    return db.session.scalar(
        select(Recognition)
        .where(Recognition.account_id == account_id)
        .order_by(Recognition.id.desc())
        .limit(1)
    )


def replaces(request: Request) -> bool:
    """Tell whether recognising would take the place of another phone or account."""
    recognition = request.recognition
    if recognition.resident_id is None or recognition.account_id is None:
        return False
    resident = people.get_resident(recognition.resident_id)
    other = people.find_account(resident.id)
    has_other_phone = resident.phone is not None and resident.phone != request.phone
    return has_other_phone or (other is not None and other.id != recognition.account_id)


def find_named(name: str, household: str = "") -> list[Named]:
    """Return the residents of just this name, and of this household where it is given."""
    query = _named().where(Resident.name == name.strip(), Resident.left_on.is_(None))
    if household.strip():
        query = query.where(Household.number == household.strip())
    rows = db.session.execute(query.order_by(Resident.id).limit(20))
    return [Named(*row) for row in rows]


# --- facts -----------------------------------------------------------------------------------


def voucher_names(recognition_ids: Sequence[int]) -> dict[int, list[str]]:
    """Return who has vouched in each of these requests."""
    rows = db.session.execute(
        select(Vouch.recognition_id, Account.name)
        .join(Account, Account.id == Vouch.account_id)
        .where(Vouch.recognition_id.in_(recognition_ids))
        .order_by(Vouch.id)
    )
    found: defaultdict[int, list[str]] = defaultdict(list)
    for recognition_id, name in rows:
        found[recognition_id].append(name)
    return found


def requests_of(rows: Sequence[Recognition]) -> list[Request]:
    """Return requests with what is known about them, in as many queries for one as for many."""
    residents = {row.resident_id for row in rows if row.resident_id is not None}
    named = {
        r[0]: Named(*r) for r in db.session.execute(_named().where(Resident.id.in_(residents)))
    }
    account_ids = {i for row in rows for i in (row.account_id, row.asked_by_id) if i is not None}
    accounts = {
        account.id: account
        for account in db.session.scalars(select(Account).where(Account.id.in_(account_ids)))
    }
    vouchers = voucher_names([row.id for row in rows])
    return [
        Request(
            recognition=row,
            named=named.get(row.resident_id or 0),
            phone=accounts[row.account_id].phone if row.account_id in accounts else None,
            vouchers=tuple(vouchers[row.id]),
            asked_by=accounts[row.asked_by_id].name if row.asked_by_id in accounts else "",
        )
        for row in rows
    ]


def _named() -> Select[int, str, str, str, date | None]:
    return (
        select(Resident.id, Resident.name, VillagerGroup.name, Household.number, Resident.born_on)
        .join(Household, Household.id == Resident.household_id)
        .join(VillagerGroup, VillagerGroup.id == Resident.group_id)
    )
