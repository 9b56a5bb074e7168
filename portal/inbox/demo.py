"""What the people of the demonstration village were told: all of what happened there."""

import random
from datetime import datetime, timedelta

from sqlalchemy import update

from portal.core import outbox
from portal.core.db import db
from portal.inbox.models import InboxMessage

READ_AFTER = timedelta(days=6)


def load(*, rng: random.Random, now: datetime) -> None:
    """Tell everybody what happened, as if they had been told then; most of it has been read."""
    outbox.handle_within(now=now)
    db.session.execute(
        update(InboxMessage)
        .where(InboxMessage.made_at < now - READ_AFTER)
        .values(read_at=InboxMessage.made_at)
        .execution_options(synchronize_session=False)
    )
