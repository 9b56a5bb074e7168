"""How far villages are, for one of them and for a whole page of them. Never commits."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import date, datetime

from sqlalchemy import func, select

from portal.core.db import db
from portal.core.scope import all_villages
from portal.people import places, posts
from portal.people.models import Account, Post
from portal.people.rules import Role
from portal.people.service import Village
from portal.sign_in.models import AccountSession
from portal.villages import ports
from portal.villages.models import Profile
from portal.villages.progress import PlanState, Progress


def progress_of(place: Village, *, day: date) -> Progress:
    """Return how far this village is."""
    return progress_of_many([place.id], above=place.code, day=day)[place.id]


def progress_of_many(
    village_ids: Collection[int], *, above: str, day: date
) -> Mapping[int, Progress]:
    """Return how far each of these villages is, in five statements however many they are.

    `above` is the code of a region they all lie in: its posts, and those over it, count in each.
    """
    counts = places.count_rosters(village_ids, day=day)
    shared = {p.role for p in posts.list_posts(above, day=day) if p.is_active}
    plans = ports.plans().states(village_ids)
    roles: defaultdict[int, set[Role]] = defaultdict(set)
    held = (
        select(Post.village_id, Post.role)
        .join(Account, Account.id == Post.account_id)
        .where(Post.village_id.in_(village_ids), posts.in_force(day), Account.is_active)
        .distinct()
    )
    told = select(Profile.village_id).where(Profile.village_id.in_(village_ids))
    with all_villages("a list of villages says of each how far it is"):
        for village_id, role in db.session.execute(held):
            roles[village_id].add(role)
        with_profile = set(db.session.scalars(told))
    return {
        village_id: Progress(
            residents=counts.get(village_id, (0, 0, 0))[1],
            households=counts.get(village_id, (0, 0, 0))[2],
            roles=frozenset(roles[village_id] | shared),
            has_profile=village_id in with_profile,
            plan=plans.get(village_id, PlanState.NONE),
        )
        for village_id in village_ids
    }


def last_sign_ins(village_ids: Collection[int]) -> Mapping[int, datetime]:
    """Return when somebody last signed in to each of these villages, in one statement."""
    query = (
        select(AccountSession.village_id, func.max(AccountSession.began_at))
        .where(AccountSession.village_id.in_(village_ids))
        .group_by(AccountSession.village_id)
    )
    with all_villages("a list of villages says of each when it was last used"):
        return {village_id: at for village_id, at in db.session.execute(query)}


def count_committees(village_ids: Collection[int], *, day: date) -> Mapping[int, int]:
    """Return how many people sit on each village's committee on that day, in one statement."""
    query = (
        select(Post.village_id, func.count(Post.account_id.distinct()))
        .join(Account, Account.id == Post.account_id)
        .where(
            Post.village_id.in_(village_ids),
            Post.role.in_((Role.COMMITTEE, Role.HEAD)),
            posts.in_force(day),
            Account.is_active,
        )
        .group_by(Post.village_id)
    )
    with all_villages("a list of villages counts each of their committees"):
        return {village_id: count for village_id, count in db.session.execute(query)}
