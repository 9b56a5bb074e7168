"""A plan to talk about, a room to talk in, and a stream server to listen to."""

from datetime import timedelta

import pytest

from portal.core import clock
from portal.core.db import transaction
from portal.discussion import service


@pytest.fixture
def say(village):
    """Post an opinion, hour by hour; return its id."""
    hours = iter(range(1000))

    def _say(version_id, person, body="路太窄,会车困难。", **facts):
        facts = {"about": "", "about_title": "", "show_name": False} | facts
        now = clock.now() + timedelta(seconds=next(hours))
        with transaction():
            comment = service.post_comment(
                version_id,
                body=body,
                client_key=f"key-{person.name}-{next(hours)}",
                resident_id=person.resident_id,
                now=now,
                **facts,
            )
            return comment.id

    return _say
