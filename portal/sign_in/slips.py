"""Printed codes: made, opened, taken back. Kept only as digests. Never commits.

How hard is a code to guess? It has 12 characters of an alphabet of 30: 30^12 = 5.3e17 codes, 58.9
bits. A village of 1,500 residents has about 450 of them, and `caps` allows 20,000 wrong tries a day
in the whole village: a year of guessing opens some household with a chance of 450 * 7.3e6 / 5.3e17,
which is 6 in a thousand million. Whoever steals the database has digests under our key.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, delete, func, select, update

from portal.core import secrets
from portal.core.db import db
from portal.core.errors import Refused
from portal.people import service as people
from portal.people.models import Account, Household, Resident, VillagerGroup
from portal.sign_in import challenges, rules
from portal.sign_in.models import AccessCode, AccountSession, SignInChallenge
from portal.sign_in.rules import Door, Refusal


@dataclass(frozen=True)
class Slip:
    """What is printed for one household. `name` is whose household it is; the code is new."""

    household_id: int
    group_id: int
    group: str
    number: str
    name: str
    code: str


@dataclass(frozen=True)
class Home:
    """A household as the committee's list of slips shows it: its members by id and name.

    `made_at`: when its slip was made.
    """

    id: int
    group_id: int
    group: str
    number: str
    members: tuple[tuple[int, str], ...]
    made_at: datetime | None


def get_slip(code: str, *, now: datetime) -> AccessCode:
    """Return what a printed code stands for. Raises Refused where it opens nothing."""
    plain = rules.plain_slip(code)
    slip = db.session.scalar(
        select(AccessCode).where(AccessCode.digest == secrets.digest("slip", plain))
    )
    if slip is None:
        raise Refused(Refusal.UNKNOWN_SLIP)
    if not rules.is_slip_good(made_at=slip.made_at, now=now):
        raise Refused(Refusal.OLD_SLIP)
    return slip


def open_with_slip(code: str, *, now: datetime) -> str:
    """Begin a sign-in with a printed code; return the browser's token. Raises Refused."""
    slip = get_slip(code, now=now)
    return challenges.begin(
        now=now,
        door=Door.SLIP,
        is_open=True,
        access_code_id=slip.id,
        household_id=slip.household_id,
    )


def draw_slips(*, group_id: int | None = None, household_id: int | None = None) -> list[Slip]:
    """Draw a code for each household of the village, of a group, or for this one. Keeps nothing.

    In the order of groups and household numbers; a household where nobody lives gets none. First
    the paper is made, then `keep_slips`: a printer's fault must not end the codes people have.
    """
    query = (
        _homes(Household.id, Household.group_id, VillagerGroup.name, Household.number)
        .add_columns(Resident.name)
        .order_by(Resident.is_representative.desc(), Resident.id)
    )
    if group_id is not None:
        query = query.where(Household.group_id == group_id)
    if household_id is not None:
        query = query.where(Household.id == household_id)
    found: dict[int, Slip] = {}
    for home, group_id, group, number, name in db.session.execute(query):
        if home not in found:
            found[home] = Slip(home, group_id, group, number, name, _draw())
    return list(found.values())


def keep_slips(slips: Sequence[Slip], *, seen_at: datetime, now: datetime) -> None:
    """From now on these codes open; older ones of the same households open nothing any more.

    Raises Refused where one of them was made after `seen_at`, when the printer last looked: then
    there is paper that nobody may make worthless unknowingly, be it one's own of a second click.
    """
    codes = {slip.household_id: slip.code for slip in slips}
    _lock(codes)
    newer = select(AccessCode.id).where(
        AccessCode.household_id.in_(codes), AccessCode.made_at > seen_at
    )
    if db.session.scalar(newer.limit(1)) is not None:
        raise Refused(Refusal.PRINTED_MEANWHILE)
    _replace(codes, now=now)


def draw_own_slip(resident_id: int) -> Slip:
    """Draw a code for one person alone. Keeps nothing. Raises NoResultFound, and for who left."""
    query = _homes(Household.id, Household.group_id, VillagerGroup.name, Household.number)
    query = query.add_columns(Resident.name).where(Resident.id == resident_id)
    home, group_id, group, number, name = db.session.execute(query).one()
    return Slip(home, group_id, group, number, name, _draw())


def keep_own_slip(resident_id: int, slip: Slip, *, seen_at: datetime, now: datetime) -> None:
    """From now on this code opens that person's account. Raises Refused as `keep_slips` does."""
    account_id = people.account_of(resident_id).id
    db.session.execute(select(Account.id).where(Account.id == account_id).with_for_update())
    made_at = own_made_at(resident_id)
    if made_at is not None and made_at > seen_at:
        raise Refused(Refusal.PRINTED_MEANWHILE)
    make_slip(account_id=account_id, code=slip.code, now=now)


def own_made_at(resident_id: int) -> datetime | None:
    """Return when the slip for this person alone was made, or None."""
    query = select(AccessCode.made_at).join(Account, Account.id == AccessCode.account_id)
    return db.session.scalar(query.where(Account.resident_id == resident_id))


def make_slip(
    *,
    now: datetime,
    household_id: int | None = None,
    account_id: int | None = None,
    code: str | None = None,
) -> str:
    """Make a printed code for a household or an account, in place of an older one; return it."""
    code = code or _draw()
    if household_id is not None:
        _lock([household_id])
        _replace({household_id: code}, now=now)
        return code
    db.session.execute(select(Account.id).where(Account.id == account_id).with_for_update())
    _forget(AccessCode.account_id == account_id, now=now)
    digest = secrets.digest("slip", code)
    db.session.add(AccessCode(account_id=account_id, digest=digest, made_at=now))
    db.session.flush()
    return code


def take_back(household_id: int, *, now: datetime) -> bool:
    """Take back the slip of a household that lost it; return whether there was one.

    Sign-ins begun with it are shut, and sessions that came in by it end: whoever found it is out.
    """
    was_there = _forget(AccessCode.household_id == household_id, now=now)
    db.session.execute(
        update(AccountSession)
        .where(AccountSession.household_id == household_id, AccountSession.ended_at.is_(None))
        .values(ended_at=now)
    )
    return was_there


def list_homes(*, group_id: int | None = None, household_id: int | None = None) -> list[Home]:
    """Return the households where somebody lives, with who and when their slip was made."""
    query = (
        _homes(Household.id, Household.group_id, VillagerGroup.name, Household.number)
        .outerjoin(AccessCode, AccessCode.household_id == Household.id)
        .add_columns(Resident.id, Resident.name, AccessCode.made_at)
        .order_by(Resident.is_representative.desc(), Resident.id)
    )
    if group_id is not None:
        query = query.where(Household.group_id == group_id)
    if household_id is not None:
        query = query.where(Household.id == household_id)
    found: dict[int, Home] = {}
    for home, group, group_name, number, person, name, made_at in db.session.execute(query):
        known = found.setdefault(home, Home(home, group, group_name, number, (), made_at))
        found[home] = replace(known, members=(*known.members, (person, name)))
    return list(found.values())


def members_of(household_ids: Sequence[int]) -> list[int]:
    """Return the residents who live in these households."""
    query = select(Resident.id).where(
        Resident.household_id.in_(household_ids), Resident.left_on.is_(None)
    )
    return list(db.session.scalars(query.order_by(Resident.id)))


def _homes(*columns: Any) -> Select[Any]:
    return (
        select(*columns)
        .join(Resident, Resident.household_id == Household.id)
        .join(VillagerGroup, VillagerGroup.id == Household.group_id)
        .where(Resident.left_on.is_(None))
        .order_by(VillagerGroup.number, Household.number)
    )


def _draw() -> str:
    return secrets.letters(secrets.LETTERS, rules.CODE_LENGTH)


def _lock(household_ids: Iterable[int]) -> None:
    """Make others who print for these households wait."""
    homes = select(Household.id).where(Household.id.in_(household_ids)).order_by(Household.id)
    db.session.execute(homes.with_for_update())


def _replace(codes: dict[int, str], *, now: datetime) -> None:
    _forget(AccessCode.household_id.in_(codes), now=now)
    db.session.add_all(
        AccessCode(household_id=home, digest=secrets.digest("slip", code), made_at=now)
        for home, code in codes.items()
    )
    db.session.flush()


def _forget(which: ColumnElement[bool], *, now: datetime) -> bool:
    """Delete these codes and shut the sign-ins that were begun with them."""
    old = select(AccessCode.id).where(which)
    db.session.execute(
        update(SignInChallenge)
        .where(SignInChallenge.access_code_id.in_(old))
        .values(access_code_id=None, used_at=func.coalesce(SignInChallenge.used_at, now))
        .execution_options(synchronize_session=False)
    )
    gone = db.session.execute(
        delete(AccessCode).where(AccessCode.id.in_(old)).returning(AccessCode.id)
    )
    return bool(gone.all())
