"""Looking for one person, never for a list: by name and household, or by a printed code."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, Select, or_, select

from portal.assisting.rules import Refusal
from portal.core import clock, secrets
from portal.core.db import db
from portal.core.errors import Refused
from portal.core.masking import mask_name
from portal.core.scope import all_villages, require_village
from portal.people import posts
from portal.people.models import Account, Household, Post, Region, Resident, VillagerGroup
from portal.people.rules import AgeBand, Sex, age_band, age_on, lineage
from portal.sign_in.models import AccessCode
from portal.sign_in.rules import is_slip_good, plain_slip

FOUND_AT_MOST = 10


@dataclass(frozen=True)
class Found:
    """A resident who was looked for, as a helper may see them: masked."""

    resident_id: int
    name: str
    group: str
    household: str
    sex: Sex
    age_band: AgeBand


def find_people(
    *, name: str = "", household: str = "", slip: str = "", now: datetime
) -> list[Found]:
    """Return the residents of just this name in just this household, or behind a printed code.

    Neither a name alone nor a household alone finds anybody: the roster is not for leafing through.
    """
    which = _behind(slip, now=now) if slip.strip() else _named(name.strip(), household.strip())
    return [] if which is None else _read(which, day=clock.today(now))


def get_person(resident_id: int, *, day: date) -> Found:
    """Return one resident, masked, or raise NoResultFound."""
    return _found(*db.session.execute(_people().where(Resident.id == resident_id)).one(), day=day)


def find_witness(text: str, *, day: date) -> int:
    """Return the account of just this name or phone, of this village or of its staff.

    Raises Refused where there is none, or more than one.
    """
    wanted = text.strip()
    place = db.session.get_one(Region, require_village())
    above = select(Region.id).where(Region.code.in_(lineage(place.code)))
    holders = select(Post.account_id).where(Post.village_id.in_(above), posts.in_force(day))
    query = (
        select(Account.id)
        .outerjoin(Resident, (Resident.id == Account.resident_id) & Resident.left_on.is_(None))
        .where(
            Account.is_active,
            or_(Account.name == wanted, Account.phone == wanted, Resident.phone == wanted),
            or_(
                (Account.village_id == place.id) & Resident.id.is_not(None),
                Account.id.in_(holders),
            ),
        )
        .order_by(Account.id)
        .limit(2)
    )
    with all_villages("who holds a post in the regions above can be a witness here"):
        found = db.session.scalars(query).all() if wanted else []
    if len(found) != 1:
        raise Refused(Refusal.WITNESS_SEVERAL if found else Refusal.WITNESS_UNKNOWN)
    return found[0]


def _named(name: str, household: str) -> ColumnElement[bool] | None:
    if not name or not household:
        return None
    return (Resident.name == name) & (Household.number == household)


def _behind(slip: str, *, now: datetime) -> ColumnElement[bool] | None:
    """Return whom a printed code speaks of: a household, or one account's resident."""
    digest = secrets.digest("slip", plain_slip(slip))
    code = db.session.scalar(select(AccessCode).where(AccessCode.digest == digest))
    if code is None or not is_slip_good(made_at=code.made_at, now=now):
        return None
    if code.household_id is not None:
        return Resident.household_id == code.household_id
    account = db.session.get_one(Account, code.account_id)
    return None if account.resident_id is None else Resident.id == account.resident_id


def _people() -> Select[Resident, str, str]:
    return (
        select(Resident, Household.number, VillagerGroup.name)
        .join(Household, Household.id == Resident.household_id)
        .join(VillagerGroup, VillagerGroup.id == Resident.group_id)
    )


def _read(which: ColumnElement[bool], *, day: date) -> list[Found]:
    query = _people().where(Resident.left_on.is_(None), which).order_by(Resident.id)
    rows = db.session.execute(query.limit(FOUND_AT_MOST))
    return [_found(*row, day=day) for row in rows]


def _found(resident: Resident, number: str, group: str, *, day: date) -> Found:
    return Found(
        resident_id=resident.id,
        name=mask_name(resident.name),
        group=group,
        household=number,
        sex=resident.sex,
        age_band=age_band(age_on(resident.born_on, day)),
    )
