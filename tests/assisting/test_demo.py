"""What the demonstration village has of it."""

import pytest
from sqlalchemy import func, select

from portal import demo
from portal.assisting import counting
from portal.assisting.models import Recognition
from portal.assisting.vouching import RequestState
from portal.ballots.models import Turnout
from portal.core import clock
from portal.core.db import db
from portal.core.outbox import OutboxEvent
from portal.core.scope import village_scope
from portal.people import posts
from portal.people import service as people
from portal.people.models import AssistedSitting
from portal.people.rules import Channel, Role
from portal.surveys.models import Reply


@pytest.mark.parametrize("database", ["sqlite"])
def test_everything_entered_for_others_has_its_sitting(demonstration):
    now = clock.now()
    with village_scope(people.find_village(demo.CODE).id):
        for model, channel in ((Reply, Channel.ASSISTED), (Turnout, Channel.PAPER)):
            helped = db.session.scalars(select(model).where(model.channel == channel)).all()
            assert len(helped) >= 8
            assert all(deed.sitting_id is not None for deed in helped)
        without = select(func.count(Reply.id)).where(Reply.channel == Channel.SELF)
        assert db.session.scalar(without.where(Reply.sitting_id.is_not(None))) == 0
        sittings = db.session.scalars(select(AssistedSitting)).all()
        assert all(s.ended_at and s.witnessed_at and s.began_at for s in sittings)
        assert sum(s.objected_at is not None for s in sittings) == 1
        assert counting.shares()[0][1] <= 20  # nobody entered more than a fifth
        day = clock.today(now)
        grid = set(posts.holders([Role.GRID_WORKER], day=day))
        assert len(grid) >= 2
        assert not grid & set(posts.holders([Role.SUPERVISOR, Role.COMMITTEE], day=day))
        asked = db.session.scalars(select(Recognition)).one()
        assert asked.state is RequestState.OPEN
        waiting = db.session.scalars(
            select(OutboxEvent.kind).where(
                OutboxEvent.kind.startswith("assisting."), OutboxEvent.handled_at.is_(None)
            )
        )
        assert waiting.all() == []  # what happened then was told then
