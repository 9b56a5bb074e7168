"""What the demonstration village has of privacy: who read the notice, and one request."""

import random
from datetime import datetime, timedelta

from sqlalchemy import select

from portal.core import audit, clock
from portal.core.db import db
from portal.people import posts
from portal.people.models import Account
from portal.people.rules import Role
from portal.privacy import service


def load(*, rng: random.Random, now: datetime) -> None:
    """Let everybody who signed in have read the notice, and one villager find a mistake."""
    accounts = list(db.session.scalars(select(Account).order_by(Account.id)))
    for account in accounts:
        service.note_seen(account.id, now=now - timedelta(days=rng.randint(20, 60)))
    villagers = [account for account in accounts if account.resident_id is not None]
    asker = villagers[0]
    service.ask(
        asker.id,
        "我去年搬回村里长住了，名册上还写着外出，请改成常住。",
        resident_id=asker.resident_id,
        now=now - timedelta(days=1),
    )
    staff = db.session.get(
        Account, next(iter(posts.holders([Role.COMMITTEE], day=clock.today(now))), 0)
    )
    if staff is not None:
        db.session.add(
            audit.AccessLog(
                village_id=asker.village_id,
                look=audit.Look.OPENED,
                what="data-request",
                account_id=staff.id,
                account_name=staff.name,
                resident_id=asker.resident_id,
                reason="",
                done_at=now - timedelta(hours=3),
            )
        )
        db.session.flush()
