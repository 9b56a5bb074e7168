"""What a process keeps in memory of how a village screens, while its stamp is the same."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from flask import current_app
from sqlalchemy import select

from portal.core.db import db
from portal.core.scope import require_village
from portal.moderation import built_in, policies, stamps, word_lists
from portal.moderation.matching import PRIVATE, Matcher
from portal.moderation.rules import Listed
from portal.moderation.screening_rules import Policy
from portal.people.models import Region, VillagerGroup

_ENDINGS = ("村民委员会", "居民委员会", "村委会", "居委会", "委会", "村", "社区")


@dataclass(frozen=True)
class Kept:
    """How a village screens. `actions` tells what each list does, by its key."""

    stamp: str
    policies: Mapping[tuple[str, str], Policy]
    matcher: Matcher
    actions: Mapping[str, Listed]
    allowed: Sequence[str]


def read(stamp: str | None = None) -> Kept:
    """Return how this village screens: one statement, where nothing has changed since.

    Who has read the stamp already gives it too.
    """
    stamp = stamps.read() if stamp is None else stamp
    if not stamp:
        return _as_we_begin()
    memory: dict[int, Kept] = current_app.extensions.setdefault("screening", {})
    village_id = require_village()
    kept = memory.get(village_id)
    if kept is None or kept.stamp != stamp:
        kept = memory[village_id] = Kept(
            stamp,
            policies.policies_now(),
            Matcher(word_lists.words_now()),
            {**word_lists.actions_now(), PRIVATE: Listed.MASK},
            [row.word for row in word_lists.list_allowed()],
        )
    return kept


def names_here() -> list[str]:
    """Return the names of the villages of this county and of the groups here: these pass."""
    here = db.session.get_one(Region, require_village())
    near = db.session.scalars(select(Region.name).where(Region.code.startswith(here.code[:6])))
    groups = db.session.scalars(select(VillagerGroup.name))
    return [*(name for full in near for name in forms_of(full)), *groups]


def forms_of(name: str) -> list[str]:
    """Return how people say the name of a village: whole, and without what it is."""
    forms = [name]
    for ending in _ENDINGS:
        bare = name.removesuffix(ending)
        if bare != name and len(bare) >= 2:
            forms.append(bare)
    return forms


@cache
def _as_we_begin() -> Kept:
    words = ((ours.key, word) for ours in built_in.LISTS for word in ours.words())
    actions = {ours.key: ours.action for ours in built_in.LISTS}
    return Kept("", {}, Matcher(words), {**actions, PRIVATE: Listed.MASK}, ())
