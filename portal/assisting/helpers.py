"""Who may help whom, and before whom: every fact that the rules ask for. Never commits."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, func, select

from portal.assisting import rules
from portal.assisting.rules import Refusal
from portal.core import clock
from portal.core.db import db
from portal.core.scope import all_villages, require_village
from portal.people import posts
from portal.people import service as people
from portal.people.models import Account, AssistedSitting, Household, Post, Region, Resident
from portal.people.rules import age_on, is_adult, lineage


@dataclass(frozen=True)
class Helper:
    """Who helps. `is_staff`: of the committee, or a grid worker, as the session shows."""

    account_id: int
    is_staff: bool


def why_not_help(
    resident_id: int, *, helper: Helper, now: datetime, is_asked: bool = False
) -> Refusal | None:
    """Ask the rules whether this helper may enter things for this resident today.

    `is_asked`: the helper's count of today holds the sitting in question. A helper's day counts
    what was asked for, a person's what was begun: nobody can use up somebody else's day by asking.
    """
    person = people.get_resident(resident_id)
    own = _resident_of(helper.account_id)
    day = clock.today(now)
    since = clock.midnight_before(day)
    household = select(Resident.id).where(Resident.household_id == person.household_id)
    return rules.why_not_help(
        is_helper=rules.is_helper(
            is_staff=helper.is_staff,
            is_resident=own is not None,
            is_grown=own is not None and is_adult(own.born_on, day),
        ),
        is_staff=helper.is_staff,
        is_self=own is not None and own.id == person.id,
        is_same_household=own is not None and own.household_id == person.household_id,
        has_left=person.left_on is not None,
        age=age_on(person.born_on, day),
        is_unwanted=person.enters_alone,
        helper_today=count(
            AssistedSitting.helper_id == helper.account_id, AssistedSitting.asked_at >= since
        )
        - is_asked,
        person_today=count(
            AssistedSitting.resident_id == resident_id, AssistedSitting.began_at >= since
        ),
        household_today=count(
            AssistedSitting.resident_id.in_(household), AssistedSitting.began_at >= since
        ),
    )


def why_not_witness(
    account_id: int, *, resident_id: int, helper_id: int, now: datetime
) -> Refusal | None:
    """Ask the rules whether this account may be the witness."""
    person, helper = people.get_resident(resident_id), _resident_of(helper_id)
    witness, day = _resident_of(account_id), clock.today(now)
    with all_villages("the helper may be at home in the region above"):
        helpers = people.accounts_of(db.session.get_one(Account, helper_id))
    return rules.why_not_witness(
        is_helper=account_id in helpers,
        is_person=witness is not None and witness.id == person.id,
        is_of_helpers_household=witness is not None
        and helper is not None
        and witness.household_id == helper.household_id,
        is_of_persons_household=witness is not None and witness.household_id == person.household_id,
        is_known=witness is not None or _has_post(account_id, day=day),
        is_grown=witness is None or is_adult(witness.born_on, day),
    )


# --- facts -----------------------------------------------------------------------------------


def name_of(account_id: int) -> str:
    """Return the name of an account, wherever it is at home."""
    with all_villages("a helper's account can be at home in a region above"):
        return db.session.get_one(Account, account_id).name


def hold_household(resident_id: int) -> None:
    """Hold a person's household until the transaction ends: two at once are counted in turn."""
    person = people.get_resident(resident_id)
    db.session.get_one(Household, person.household_id, with_for_update=True)


def _resident_of(account_id: int) -> Resident | None:
    """Return the resident of this village behind an account, if there is one who has not left."""
    with all_villages("a helper's account can be at home in a region above"):
        resident_id = db.session.get_one(Account, account_id).resident_id
    return db.session.scalar(
        select(Resident).where(Resident.id == resident_id, Resident.left_on.is_(None))
    )


def _has_post(account_id: int, *, day: date) -> bool:
    place = db.session.get_one(Region, require_village())
    above = select(Region.id).where(Region.code.in_(lineage(place.code)))
    query = select(Post.id).where(
        Post.account_id == account_id, Post.village_id.in_(above), posts.in_force(day)
    )
    with all_villages("posts of the regions above count in the village"):
        return db.session.scalar(query.limit(1)) is not None


def count(*which: ColumnElement[bool]) -> int:
    """Return how many sittings of this village there are of which all this is so."""
    return db.session.scalar(select(func.count(AssistedSitting.id)).where(*which)) or 0
