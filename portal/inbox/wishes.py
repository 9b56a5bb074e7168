"""What each person wishes: which topics by which way, and in which language. Never commits."""

from collections.abc import Mapping, Sequence

from sqlalchemy import select

from portal.core.db import db, insert_or
from portal.core.scope import all_villages, require_village
from portal.inbox import kinds
from portal.inbox.models import Wish
from portal.inbox.rules import ALWAYS, Topic, Way

Wished = dict[tuple[Topic, Way], bool]


def of(account_id: int) -> Wished:
    """Return what a person wishes otherwise than by default."""
    return of_all([account_id]).get(account_id, {})


def of_all(account_ids: Sequence[int]) -> dict[int, Wished]:
    """Return what these persons wish otherwise than by default, in one statement."""
    query = select(Wish.account_id, Wish.topic, Wish.way, Wish.is_wanted)
    found: dict[int, Wished] = {}
    with all_villages("wishes are those of a person, wherever the account is at home"):
        for account_id, topic, way, is_wanted in db.session.execute(
            query.where(Wish.account_id.in_(account_ids))
        ):
            found.setdefault(account_id, {})[(topic, way)] = is_wanted
    return found


def choices() -> list[tuple[Topic, Way]]:
    """Return what can be wished: a topic comes by SMS only where something of it matters."""
    return [
        (topic, way)
        for topic in Topic
        for way in Way
        if (topic, way) not in ALWAYS and (way is Way.PUSH or kinds.matters_in(topic))
    ]


def keep(account_id: int, wanted: Mapping[tuple[Topic, Way], bool]) -> None:
    """Keep what a person wants by which way; what is not named stays as it was.

    Only what can be wished is kept; of two browsers at once the later one holds, row by row.
    """
    for topic, way in choices():
        if (topic, way) not in wanted:
            continue
        is_wanted = wanted[(topic, way)]
        facts = {"account_id": account_id, "topic": topic, "way": way, "is_wanted": is_wanted}
        db.session.execute(
            insert_or(Wish)
            .values(village_id=require_village(), **facts)
            .on_conflict_do_update(
                index_elements=["account_id", "topic", "way"], set_={"is_wanted": is_wanted}
            )
        )
