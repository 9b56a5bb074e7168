"""Calling somebody by the name that is seen in the room: they find it in their inbox."""

from datetime import datetime

from sqlalchemy import select

from portal.core.db import db
from portal.core.outbox import publish
from portal.people.models import Resident, VillagerGroup
from portal.privacy import names
from portal.rooms import rules
from portal.rooms.events import Mentioned
from portal.rooms.models import Message

RECENT = 1000
"""So many messages back somebody counts as speaking in the room."""


def has_call(body: str) -> bool:
    """Tell whether somebody may be called in these words."""
    return "@" in body or "＠" in body


def call(message: Message, *, now: datetime) -> None:
    """Tell those whom this message calls by an @; only who spoke in the room can be called."""
    if not has_call(message.body):
        return
    speakers = _speakers(message.room_id, since=message.seq - RECENT)
    called = rules.mentioned(message.body, speakers, by=message.resident_id or 0)
    if called:
        publish(Mentioned(message_id=message.id, resident_ids=tuple(called)), now=now)


def _speakers(room_id: int, *, since: int) -> list[rules.Speaker]:
    name, is_whole, _is_taken_back = names.author(
        Message.resident_id, Message.show_name, Message.posted_at
    )
    query = (
        select(Resident.id, VillagerGroup.name, name, is_whole)
        .join(Resident, Resident.id == Message.resident_id)
        .join(VillagerGroup, VillagerGroup.id == Resident.group_id)
        .where(Message.room_id == room_id, Message.seq > since)
        .where(Message.hidden_code.is_(None), Message.held_for.is_(None))
        .distinct()
    )
    return [
        rules.Speaker(resident_id, group, names.signed(said, whole))
        for resident_id, group, said, whole in db.session.execute(query)
        if said  # whoever was erased is called by nobody
    ]
