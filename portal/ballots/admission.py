"""What decides whether somebody may vote, read once and plainly, and held while they cast.

Most of it is read before the turn to write has come. Then the ballot's row is held, and only if
something of the ballot has changed meanwhile is all of it read anew.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import RowMapping, bindparam, select

from portal.ballots import asking
from portal.ballots.models import Ballot, BallotElector, RuleProfile
from portal.ballots.profiles import Params
from portal.core.db import db, table_of
from portal.core.scope import prepared, require_village
from portal.meetings import service as meetings
from portal.people import service as people
from portal.people.rules import Channel
from portal.plans.models import PlanVersion


@dataclass(frozen=True)
class Ready:
    """What decides about a vote, as it was read before the turn to write had come.

    `facts` are a plain line (`read_facts`), and so are the options; `deed` says whose vote it is.
    """

    facts: Any
    options: Sequence[Any]
    deed: people.DeedFacts | None
    channel: Channel


_LIFE = (
    *(Ballot.opens_at, Ballot.closes_at, Ballot.announced_at, Ballot.opened_at),
    *(Ballot.suspended_at, Ballot.prolonged_to, Ballot.cancelled_at, Ballot.closed_at),
    *(Ballot.papers_wait, Ballot.counted_at, Ballot.disclosed_at, Ballot.archived_at),
    PlanVersion.content_sha256.label("plan_sha256"),
)
"""What may change between reading about a vote and holding its ballot."""
_HERE = (
    Ballot.id == bindparam("of_ballot"),
    Ballot.village_id == bindparam("village_id"),
    Ballot.announced_at.is_not(None),
)
_VERSION = (PlanVersion.id == Ballot.version_id) & (PlanVersion.village_id == Ballot.village_id)
_FACTS = prepared(
    select(
        *table_of(Ballot).columns,
        Ballot.ends_at.label("ends_at"),
        PlanVersion.content_sha256.label("plan_sha256"),
        RuleProfile.params,
        BallotElector.id.label("elector_id"),
        BallotElector.household_id,
    )
    .join(
        RuleProfile,
        (RuleProfile.id == Ballot.profile_id) & (RuleProfile.village_id == Ballot.village_id),
    )
    .join(PlanVersion, _VERSION)
    .outerjoin(
        BallotElector,
        (BallotElector.ballot_id == Ballot.id)
        & (BallotElector.village_id == Ballot.village_id)
        & (BallotElector.resident_id == bindparam("whose")),
    )
    .where(*_HERE)
)
_HELD = prepared(
    select(*_LIFE).join(PlanVersion, _VERSION).where(*_HERE).with_for_update(read=True, of=Ballot)
)


def read_facts(ballot_id: int, resident_id: int | None, *, casts: bool = False) -> Any:
    """Read all that decides about a vote, as a plain line; NoResultFound if there is no ballot.

    It has the ballot's columns, and `ends_at`, `plan_sha256`, `params`, `elector_id`,
    `household_id`. Who casts holds the ballot's row, so that it is not closed before the vote is in
    (trust.md T3).
    """
    if casts:
        _held(ballot_id)
    whose = {"of_ballot": ballot_id, "whose": resident_id, "village_id": require_village()}
    return db.session.execute(_FACTS, whose).one()


def get_ready(
    ballot_id: int, resident_id: int | None, *, now: datetime, channel: Channel = Channel.SELF
) -> Ready:
    """Read what `cast_vote` needs, before its transaction begins: it is short then."""
    facts, deed = read_facts(ballot_id, resident_id), None
    if resident_id is not None and facts.elector_id is not None:
        if channel is Channel.SELF:
            channel = channel_of(facts, resident_id, now=now)
        deed = people.deed_facts(resident_id, now=now, channel=channel)
    return Ready(facts, asking.list_options_plainly(ballot_id), deed, channel)


def channel_of(facts: Any, resident_id: int, *, now: datetime) -> Channel:
    """Return how somebody votes on a phone: from afar, or in the room of the vote's own meeting.

    There they can do so on their own phone or with help; help at home is as remote (domain.md V24).
    It is asked only where that matters, so that it costs other votes nothing.
    """
    if facts.meeting_id is None or Params.from_json(facts.params).remote_counts:
        return Channel.SELF
    is_there = meetings.is_in_the_room(facts.meeting_id, resident_id, now=now)
    return Channel.MEETING if is_there else Channel.SELF


def hold(
    ballot_id: int,
    resident_id: int | None,
    ready: Ready | None,
    *,
    now: datetime,
    channel: Channel,
) -> Ready:
    """Hold the ballot's row until the transaction ends; return what decides about a vote now.

    What was read before is as good as new where nothing of the ballot has changed since.
    """
    life = _held(ballot_id)
    if ready and all(getattr(ready.facts, name) == value for name, value in life.items()):
        return ready
    return get_ready(ballot_id, resident_id, now=now, channel=channel)


def _held(ballot_id: int) -> RowMapping:
    where = {"of_ballot": ballot_id, "village_id": require_village()}
    return db.session.execute(_HELD, where).mappings().one()
