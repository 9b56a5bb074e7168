"""What is forgotten goes in batches, however much there is."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select

from portal.core import clock, limits, retention
from portal.core.db import db, transaction
from portal.core.limits import RateCount
from portal.core.scope import all_villages
from portal.inbox import service as inbox
from portal.inbox.models import InboxMessage

LONG_AGO = datetime(2018, 1, 1, tzinfo=UTC)


def counts(_cast):
    return [RateCount(key=str(i), begins_at=LONG_AGO, ends_at=LONG_AGO, count=1) for i in range(5)]


def messages(cast):
    facts = {"kind": "x", "facts": {}, "path": "", "made_at": LONG_AGO}
    return [InboxMessage(account_id=cast.vera.id, event_id=-i, **facts) for i in range(1, 6)]


@pytest.mark.parametrize(
    ("model", "make", "prune"),
    [(RateCount, counts, limits.prune), (InboxMessage, messages, inbox.prune)],
)
def test_one_run_forgets_a_batch_and_the_next_the_rest(cast, monkeypatch, model, make, prune):
    monkeypatch.setattr(retention, "BATCH", 3)
    with transaction():
        db.session.add_all(make(cast))
    left = []
    for _ in range(2):
        with all_villages("a chore"), transaction():
            prune(now=clock.now())
        with all_villages("a test looks"):
            query = select(func.count()).select_from(model)
            left.append(db.session.scalar(query))
    assert left == [2, 0]
