"""Something written in the village that can be decided about."""

import pytest

from portal.core import clock
from portal.core.access import Part
from portal.core.db import transaction
from portal.moderation import service
from portal.moderation.rules import Action, Code
from portal.rooms import service as rooms
from portal.rooms.models import Author


@pytest.fixture
def room(cast, village):
    """Return the id of the village's open room."""
    with transaction():
        return rooms.open_room().id


@pytest.fixture
def write(room, village):
    """Let somebody write into the room; return the message's id."""
    keys = iter(range(1000))

    def _write(person, body="骂人的话"):
        with transaction():
            return rooms.send(
                room,
                body=body,
                show_name=False,
                client_key=f"chat-key-{next(keys)}",
                author=Author(person.resident_id),
                badge=None,
                now=clock.now(),
            ).id

    return _write


@pytest.fixture
def decide(cast):
    """Decide as Max of the committee, unless told otherwise."""

    def _decide(message_id, action=Action.HIDE, *, by=None, seen=0, code=Code.INSULT, note=""):
        by = by or cast.max
        return service.decide(
            kind="message",
            subject_id=message_id,
            action=action,
            code=code,
            note=note,
            seen_revision=seen,
            account_id=by.account_id,
            resident_id=by.resident_id,
            part=Part.COMMITTEE,
            now=clock.now(),
        )

    return _decide
