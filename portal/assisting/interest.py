"""Nobody enters for somebody else what serves themselves; the features above ask here."""

from collections.abc import Collection
from datetime import date

from sqlalchemy import select

from portal.assisting import rules
from portal.core.db import db
from portal.core.scope import all_villages, require_village
from portal.people import posts
from portal.people.behalf import current_sitting
from portal.people.models import Account, Post, Region, Resident
from portal.people.rules import Role, lineage

COMMITTEE = (Role.COMMITTEE, Role.HEAD)


def is_own(*, households: Collection[int] = (), residents: Collection[int] = ()) -> bool:
    """Tell whether the thing of these owners is the helper's or the witness's own.

    The household counts as much as the person. False where nobody enters for anybody.
    """
    sitting = current_sitting()
    if sitting is None:
        return False
    both, here = (sitting.helper_id, sitting.witness_id), require_village()
    with all_villages("a helper's account can be at home in a region above"):
        query = (
            select(Resident.id, Resident.household_id)
            .join(Account, Account.resident_id == Resident.id)
            .where(Account.id.in_(both), Resident.village_id == here)
        )
        own = db.session.execute(query).all()
    return rules.has_interest(owners=residents, own=[r.id for r in own]) or rules.has_interest(
        owners=households, own=[r.household_id for r in own]
    )


def is_by_committee(*, day: date) -> bool:
    """Tell whether somebody of the committee enters now: such a one enters no vote of anybody.

    domain.md V19, trust.md T6: what the committee counts it does not fill in.
    """
    sitting = current_sitting()
    if sitting is None:
        return False
    place = db.session.get_one(Region, require_village())
    above = select(Region.id).where(Region.code.in_(lineage(place.code)))
    query = select(Post.id).where(
        Post.account_id == sitting.helper_id,
        Post.role.in_(COMMITTEE),
        Post.village_id.in_(above),
        posts.in_force(day),
    )
    with all_villages("posts of the regions above count in the village"):
        return db.session.scalar(query.limit(1)) is not None
