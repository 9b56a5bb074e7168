"""A village meeting that is to be held, is going on, or is over; and its people."""

from datetime import timedelta

import pytest

from portal.core import clock
from portal.core.db import transaction
from portal.core.scope import village_scope
from portal.meetings import convening, service
from portal.meetings.rules import Kind

DAY = timedelta(days=1)


@pytest.fixture
def make_meeting(cast, village):
    """Convene a meeting some weeks ago whose hour is `held` from now; open it, perhaps."""

    def make(kind=Kind.VM, *, held=timedelta(0), opened=True, **facts):
        now = clock.now()
        held_at = now + held
        draft = {
            "kind": kind,
            "title": "讨论老年食堂",
            "agenda": "一、听取说明\n二、讨论\n三、表决",
            "place": "文化礼堂",
            "held_at": held_at,
        }
        with village_scope(village.id), transaction():
            meeting = convening.convene(
                convening.Draft(**draft | facts),
                account_id=cast.max.id,
                now=min(now, held_at) - 21 * DAY,
            )
            if opened:
                convening.open_meeting(
                    meeting.id, chair="Max", account_id=cast.max.id, now=min(now, held_at)
                )
        return service.get_meeting(meeting.id)

    return make


@pytest.fixture
def meeting(make_meeting):
    """A villagers' meeting that is going on."""
    return make_meeting(is_online=True)
