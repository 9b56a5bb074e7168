"""Printed codes: made, opened, taken back. Kept only as digests. Never commits.

How hard is a code to guess? It has 12 characters of an alphabet of 30: 30^12 = 5.3e17 codes, 58.9
bits. A village of 1,500 residents has about 450 of them, and `caps` allows 500 wrong tries a day in
the whole village: a year of guessing opens some household with a chance of 450 * 182,500 / 5.3e17,
which is 1.5 in ten thousand million. Whoever steals the database has digests under our key.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, delete, func, select, update

from portal.core import secrets
from portal.core.db import db
from portal.core.errors import Refused
from portal.people.models import Account, Household, Resident
from portal.sign_in import challenges, rules
from portal.sign_in.models import AccessCode, AccountSession, SignInChallenge
from portal.sign_in.rules import Door, Refusal


@dataclass(frozen=True)
class Slip:
    """What is printed for one household. `name` is whose household it is; the code is new."""

    household_id: int
    group_id: int
    number: str
    name: str
    code: str


def open_with_slip(code: str, *, now: datetime) -> str:
    """Begin a sign-in with a printed code; return the browser's token. Raises Refused."""
    plain = rules.plain_slip(code)
    slip = db.session.scalar(
        select(AccessCode).where(AccessCode.digest == secrets.digest("slip", plain))
    )
    if slip is None:
        raise Refused(Refusal.UNKNOWN_SLIP)
    if not rules.is_slip_good(made_at=slip.made_at, now=now):
        raise Refused(Refusal.OLD_SLIP)
    return challenges.begin(
        now=now,
        door=Door.SLIP,
        is_open=True,
        access_code_id=slip.id,
        household_id=slip.household_id,
    )


def make_slips(
    *, now: datetime, group_id: int | None = None, household_id: int | None = None
) -> list[Slip]:
    """Make a new printed code for each household of the village, of a group, or for this one.

    In the order of groups and household numbers. Older codes open nothing any more. A household
    where nobody lives gets none.
    """
    query = (
        select(Household.id, Household.group_id, Household.number, Resident.name)
        .join(Resident, Resident.household_id == Household.id)
        .where(Resident.left_on.is_(None))
        .order_by(
            Household.group_id,
            Household.number,
            Resident.is_representative.desc(),
            Resident.id,
        )
    )
    if group_id is not None:
        query = query.where(Household.group_id == group_id)
    if household_id is not None:
        query = query.where(Household.id == household_id)
    heads: dict[int, tuple[int, str, str]] = {}
    for home, group, number, name in db.session.execute(query):
        heads.setdefault(home, (group, number, name))
    codes = {home: _draw() for home in heads}
    _replace(codes, now=now)
    return [Slip(home, *facts, codes[home]) for home, facts in heads.items()]


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


def made_on(household_ids: Sequence[int]) -> dict[int, datetime]:
    """Return when the slip of each of these households was made; who has none is left out."""
    query = select(AccessCode.household_id, AccessCode.made_at).where(
        AccessCode.household_id.in_(household_ids)
    )
    return {home: made_at for home, made_at in db.session.execute(query) if home is not None}


def _draw() -> str:
    return secrets.letters(secrets.LETTERS, rules.CODE_LENGTH)


def _replace(codes: dict[int, str], *, now: datetime) -> None:
    """Put new codes in place of the old ones; the rows of the households keep two makers apart."""
    homes = select(Household.id).where(Household.id.in_(codes)).order_by(Household.id)
    db.session.execute(homes.with_for_update())
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
