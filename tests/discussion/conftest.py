"""A plan to talk about, a room to talk in, and a stream server to listen to."""

from datetime import timedelta

import pytest

from portal.core import clock
from portal.core.access import Part
from portal.core.db import transaction
from portal.discussion import answering, service
from portal.discussion.answer_rules import Decision
from portal.discussion.answering import Actor, Said


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


@pytest.fixture
def as_(cast):
    """Return somebody of the office as who takes a step about an answer."""
    parts = {"max": Part.COMMITTEE, "paula": Part.PLANNER, "ada": Part.ADMIN}

    def _as(name):
        person = getattr(cast, name)
        return Actor(account_id=person.account_id, resident_id=person.resident_id, part=parts[name])

    return _as


@pytest.fixture
def draft(as_):
    """Let the planner draft an answer to one opinion or to several."""

    def _draft(*comment_ids, by="paula", now=None, **facts):
        said = {"decision": Decision.EXPLAINED, "reason": "见第三章。"} | facts
        with transaction():
            seen = {c: answering.get_work(c).revision for c in comment_ids}
            answering.draft(seen, Said(**said), actor=as_(by), now=now or clock.now())

    return _draft


@pytest.fixture
def reply(as_, draft):
    """Let the planner draft an answer and the committee send it."""

    def _reply(*comment_ids, by="max", now=None, **facts):
        draft(*comment_ids, now=now, **facts)
        with transaction():
            seen = {c: answering.get_work(c).revision for c in comment_ids}
            answering.reply(seen, actor=as_(by), now=now or clock.now())

    return _reply
