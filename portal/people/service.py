"""What can be asked and done about the people of a village. Never commits."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypedDict

from sqlalchemy import bindparam, or_, select
from sqlalchemy.exc import NoResultFound

from portal.core import clock
from portal.core.db import db
from portal.core.scope import all_villages, prepared, require_village
from portal.people import behalf, electorate, places, posts, rules
from portal.people.models import Account, Region, Resident, VillagerGroup


class DeedFacts(TypedDict):
    """The columns of `models.Deed`, filled."""

    resident_id: int
    household_id: int
    group_id: int
    sex: rules.Sex
    age_band: rules.AgeBand
    is_away: bool
    channel: rules.Channel
    done_at: datetime
    sitting_id: int | None


@dataclass(frozen=True)
class Village:
    """The place of a page, as plain values: a village, or a region above it for its own pages."""

    id: int
    code: str
    name: str
    is_synthetic: bool
    level: rules.Level = rules.Level.VILLAGE
    closed_at: datetime | None = None

    @property
    def is_village(self) -> bool:
        """Tell whether it is a village, and not a region above."""
        return self.level is rules.Level.VILLAGE


# --- regions ---------------------------------------------------------------------------------


_PLACE = select(
    Region.id, Region.code, Region.name, Region.is_synthetic, Region.level, Region.closed_at
).where(Region.code == bindparam("place_code"))


def find_place(code: str) -> Village | None:
    """Return the village or region with this division code, if it is here."""
    row = db.session.execute(_PLACE, {"place_code": code}).one_or_none()
    return row and Village(*row)


def find_village(code: str) -> Village | None:
    """Return the village with this 12-digit division code, if it is here."""
    found = find_place(code)
    return found if found and found.is_village else None


def list_villages(*, search: str = "", under: str = "", limit: int = 100) -> list[Village]:
    """Return villages by code, those whose name or code holds the search text.

    `under` is the code of a region: only villages in it.
    """
    query = select(Region.id, Region.code, Region.name, Region.is_synthetic)
    query = query.where(Region.level == rules.Level.VILLAGE).order_by(Region.code).limit(limit)
    if under:
        query = query.where(Region.code.startswith(under))
    if search:
        query = query.where(
            or_(Region.name.contains(search, autoescape=True), Region.code.startswith(search))
        )
    return [Village(*row) for row in db.session.execute(query)]


def path_of(village_id: int) -> list[Region]:
    """Return the regions above a village and itself, the province first."""
    path: list[Region] = []
    region = db.session.get(Region, village_id)
    while region is not None:
        path.insert(0, region)
        region = (region.parent_id and db.session.get(Region, region.parent_id)) or None
    return path


def township_of(village_id: int) -> str:
    """Return the township's name, or "" where the tree holds none."""
    return next((r.name for r in path_of(village_id) if r.level is rules.Level.TOWNSHIP), "")


def add_village(
    *, code: str, name: str, above: Sequence[str] = (), is_synthetic: bool = False
) -> Region:
    """Add a village and what is missing above it.

    `above` names province, prefecture, county and township, the nearest last. Raises ValueError
    for a code that is not one of 12 digits, or that is here already.
    """
    if rules.level_of(code) is not rules.Level.VILLAGE:
        raise ValueError(f"{code!r} is not a 12-digit division code of a village")
    if db.session.scalar(select(Region.id).where(Region.code == code)) is not None:
        raise ValueError(f"there is a village with the code {code} already")
    return places.grow(code, (*above, name), is_synthetic=is_synthetic)


# --- the roster ------------------------------------------------------------------------------


def get_resident(resident_id: int) -> Resident:
    """Return a resident of this village, or raise NoResultFound, which the app shows as 404."""
    return db.session.get_one(Resident, resident_id)


def list_groups() -> list[VillagerGroup]:
    """Return the villager groups by number."""
    return list(db.session.scalars(select(VillagerGroup).order_by(VillagerGroup.number)))


def group_names() -> dict[int, str]:
    """Return the groups' names by id, in the order of their numbers."""
    rows = db.session.execute(
        select(VillagerGroup.id, VillagerGroup.name).order_by(VillagerGroup.number)
    )
    return {group_id: name for group_id, name in rows}


DEED = (
    Resident.household_id,
    Resident.group_id,
    Resident.sex,
    Resident.born_on,
    Resident.is_away,
)
"""What of a resident is kept with their deeds, or judged by."""
_DEED_FACTS = prepared(
    select(*DEED).where(
        Resident.id == bindparam("resident_id"), Resident.village_id == bindparam("village_id")
    )
)


def deed_facts(
    resident_id: int, *, now: datetime, channel: rules.Channel = rules.Channel.SELF
) -> DeedFacts:
    """Return who this resident is today, to be kept with what they do (`models.Deed`).

    What is entered for this resident during a sitting says so by itself (`people/behalf.py`).
    """
    whose = {"resident_id": resident_id, "village_id": require_village()}
    row = db.session.execute(_DEED_FACTS, whose).one_or_none()
    if row is None:
        raise NoResultFound(f"no resident {resident_id} in this village")
    return deed_of(row, resident_id, now=now, channel=channel)


def deed_of(
    row: Any, resident_id: int, *, now: datetime, channel: rules.Channel = rules.Channel.SELF
) -> DeedFacts:
    """Return what `deed_facts` does, of a plain line that has the resident's columns `DEED`."""
    sitting = behalf.sitting_for(resident_id)
    return DeedFacts(
        resident_id=resident_id,
        household_id=row.household_id,
        group_id=row.group_id,
        sex=row.sex,
        age_band=rules.age_band(rules.age_on(row.born_on, clock.today(now))),
        is_away=row.is_away,
        channel=sitting.channel if sitting else channel,
        done_at=now,
        sitting_id=sitting.id if sitting else None,
    )


def count_roster(*, day: date) -> tuple[int, int, int]:
    """Return how many electors (V23), residents and households the village has on that day."""
    electors, residents, households = db.session.execute(
        select(*electorate.counts(day)).select_from(Resident).where(electorate.is_here(day))
    ).one()
    return electors, residents, households


def account_of(resident_id: int) -> Account:
    """Return the resident's account; the first sign-in makes it."""
    account = db.session.scalar(select(Account).where(Account.resident_id == resident_id))
    if account is None:
        resident = db.session.get_one(Resident, resident_id)
        account = Account(resident_id=resident.id, name=resident.name, phone=resident.phone)
        db.session.add(account)
        db.session.flush()
    return account


def find_account(resident_id: int) -> Account | None:
    """Return the account of a resident, if they ever signed in or were given one."""
    return db.session.scalar(select(Account).where(Account.resident_id == resident_id))


def add_account(
    *,
    name: str,
    role: rules.Role | None = None,
    phone: str | None = None,
    resident_id: int | None = None,
    now: datetime | None = None,
) -> Account:
    """Give somebody an account, and with a role that post from today on, without an end."""
    account = Account(name=name, phone=phone, resident_id=resident_id)
    db.session.add(account)
    db.session.flush()
    if role is not None:
        posts.give_post(account.id, role, now=now or clock.now())
    return account


def names_of_accounts(phones: Sequence[str]) -> dict[str, str]:
    """Return the names of the accounts that have these phones, by phone."""
    rows = db.session.execute(select(Account.phone, Account.name).where(Account.phone.in_(phones)))
    return {phone: name for phone, name in rows if phone is not None}


def residents_with_account() -> set[int]:
    """Return who of the residents has an account."""
    query = select(Account.resident_id).where(Account.resident_id.is_not(None))
    return {resident_id for resident_id in db.session.scalars(query) if resident_id is not None}


def accounts_of(account: Account) -> list[int]:
    """Return the accounts behind which the same person stands: same name and same phone."""
    if account.phone is None:
        return [account.id]
    query = select(Account.id).where(
        or_(
            Account.id == account.id,
            (Account.name == account.name) & (Account.phone == account.phone),
        )
    )
    with all_villages("a person can have an account here and one in the region above"):
        return list(db.session.scalars(query))


def set_language(account_id: int, language: str) -> None:
    """Keep in which language a person is spoken to, on pages and in messages."""
    with all_villages("an account may be at home in a region above the village"):
        db.session.get_one(Account, account_id).language = language
        db.session.flush()
