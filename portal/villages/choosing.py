"""Who is to have a post: residents, those who work here already, people from outside."""

from sqlalchemy import select

from portal.core.db import db
from portal.core.errors import Refused
from portal.core.scope import all_villages, require_village
from portal.people import service as people
from portal.people.models import Account, Post, Region, Resident
from portal.people.rules import lineage, plain_phone
from portal.people.service import Village
from portal.villages.rules import Refusal
from portal.villages.staffing import Giver


def find_person(*, name: str, phone_text: str) -> Account:
    """Return the account of a named person with a phone in this place; make it if there is none.

    Somebody on the roster with that name and phone is that person, so that nobody gets a second
    self. Raises Refused.
    """
    name, phone = name.strip(), plain_phone(phone_text)
    if not name:
        raise Refused(Refusal.NO_NAME)
    if phone is None:
        raise Refused(Refusal.BAD_PHONE)
    resident_id = db.session.scalar(
        select(Resident.id)
        .where(Resident.name == name, Resident.phone == phone, Resident.left_on.is_(None))
        .order_by(Resident.id)
        .limit(1)
    )
    if resident_id is not None:
        return people.account_of(resident_id)
    account = db.session.scalar(
        select(Account)
        .where(Account.name == name, Account.phone == phone, Account.resident_id.is_(None))
        .order_by(Account.id)
        .limit(1)
    )
    return account or people.add_account(name=name, phone=phone)


def list_lendable(place: Village, *, giver: Giver) -> list[Account]:
    """Return the accounts of the regions from the giver's own down to the one above the place."""
    homes = [
        c
        for c in lineage(place.code)[:-1]
        if giver.region_code and len(c) >= len(giver.region_code)
    ]
    query = select(Account).join(Region, Region.id == Account.village_id)
    query = query.where(Region.code.in_(homes), Account.is_active).order_by(Account.name)
    with all_villages("whoever works in many villages is at home in the region above"):
        return list(db.session.scalars(query))


def list_outsiders(*, limit: int = 100) -> list[Account]:
    """Return the accounts of this place that work for it, or did, and live elsewhere.

    Whoever only signed in, and was never recognised, is not among them.
    """
    query = (
        select(Account)
        .where(Account.village_id == require_village(), Account.resident_id.is_(None))
        .where(Account.is_active, Account.id.in_(select(Post.account_id)))
    )
    with all_villages("whoever is at home here may work in any place"):
        return list(db.session.scalars(query.order_by(Account.name, Account.id).limit(limit)))


def list_known(place: Village, *, giver: Giver) -> list[Account]:
    """Return whom the giver may choose without asking for name and number."""
    return [*list_outsiders(), *list_lendable(place, giver=giver)]


def find_resident(resident_id: int) -> Account:
    """Return the account of a resident who lives here; raises NoResultFound."""
    query = select(Resident.id).where(Resident.id == resident_id, Resident.left_on.is_(None))
    return people.account_of(db.session.execute(query).scalar_one())
