"""What the demonstration village has of it: helpers, an objection, somebody to be recognised."""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from sqlalchemy import select, update

from portal.assisting import helpers, recognising, service
from portal.assisting.rules import SITTING_TIME
from portal.core import clock
from portal.core.db import db
from portal.core.errors import Refused
from portal.core.outbox import OutboxEvent
from portal.core.scope import require_village
from portal.people import behalf, posts, residents
from portal.people import service as people
from portal.people.models import Account, AssistedSitting, Resident
from portal.people.rules import AssistanceReason, Channel, Role, is_adult

STRANGER_PHONE = "13800000009"
REASONS = (
    AssistanceReason.CANNOT_READ,
    AssistanceReason.CANNOT_SEE,
    AssistanceReason.NO_PHONE,
    AssistanceReason.NO_PHONE,
    AssistanceReason.ILL,
)
OBJECTION = "我没有叫他帮我填。"


def load(*, rng: random.Random, now: datetime) -> None:
    """Name two grid workers, keep one sitting that was objected to, and one open request."""
    lines, _ = residents.list_residents(per_page=2000)
    day = clock.today(now)
    known = people.residents_with_account()
    grown = [
        line
        for line in lines
        if line.is_representative and not line.is_away and line.phone and line.id not in known
    ]
    for group in ("第4组", "第7组"):
        line = next(x for x in grown if x.group.startswith(group))
        account = people.account_of(line.id)
        posts.give_post(account.id, Role.GRID_WORKER, now=now, begins_on=day - timedelta(days=200))
    for group in ("第6组", "第9组"):
        people.account_of(next(x for x in grown if x.group.startswith(group)).id)
    old = next(x for x in lines if x.born_on and x.born_on.year < day.year - 78)
    with helped(old.id, rng=rng, now=now - timedelta(days=2)) as sitting:
        pass
    if sitting is not None:
        service.object_to(
            sitting.id, resident_id=old.id, words=OBJECTION, now=now - timedelta(days=1)
        )
    claimed = next(x for x in grown if x.group.startswith("第8组"))
    stranger = people.add_account(name=claimed.name, phone=STRANGER_PHONE)
    recognising.ask_for_myself(
        stranger.id,
        name=claimed.name,
        place=f"{claimed.group} 户号 {claimed.household}",
        now=now - timedelta(hours=20),
    )


@contextmanager
def helped(
    resident_id: int,
    *,
    rng: random.Random,
    now: datetime,
    channel: Channel = Channel.ASSISTED,
) -> Iterator[AssistedSitting | None]:
    """Let the block be entered by a helper before a witness; None where the rules forbid it.

    The demonstrations of the features above use it. What happened then was told then.
    """
    staff, witnesses = _people(now=now)
    sitting = None
    try:
        helper = helpers.Helper(rng.choice(staff), is_staff=True)
        witness_id = rng.choice(witnesses)
        sitting = service.ask(
            resident_id=resident_id,
            helper=helper,
            witness_id=witness_id,
            reason=rng.choice(REASONS),
            channel=channel,
            now=now - timedelta(minutes=10),
        )
        service.answer(sitting.id, witness_id=witness_id, agrees=True, now=now)
        service.begin(sitting.id, helper=helper, session_id=None, now=now)
    except Refused:
        _told(now=now)
        yield None
        return
    with behalf.on_behalf(
        behalf.Sitting(sitting.id, resident_id, sitting.helper_id, witness_id, channel)
    ):
        yield sitting
    service.end(helper_id=sitting.helper_id, session_id=None, now=now + SITTING_TIME / 2)
    _told(now=now)


def _people(*, now: datetime) -> tuple[list[int], list[int]]:
    """Return who helps and who looks on: the grid workers, and grown residents with an account."""
    helpers = posts.holders([Role.GRID_WORKER], day=clock.today(now))
    rows = db.session.execute(
        select(Account.id, Resident.born_on).join(Resident, Resident.id == Account.resident_id)
    )
    day = clock.today(now)
    others = [i for i, born_on in rows if i not in helpers and is_adult(born_on, day)]
    return helpers, others


def _told(*, now: datetime) -> None:
    db.session.flush()
    db.session.execute(
        update(OutboxEvent)
        .where(
            OutboxEvent.village_id == require_village(),
            OutboxEvent.kind.startswith("assisting."),
            OutboxEvent.handled_at.is_(None),
        )
        .values(handled_at=now)
        .execution_options(synchronize_session=False)
    )
