"""What can be done in a room: say something, read what was said since. Never commits."""

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from portal.core import clock
from portal.core.db import db
from portal.core.errors import Refused
from portal.core.scope import all_villages
from portal.moderation.rules import Code, Hold
from portal.moderation.rules import Refusal as Judged
from portal.privacy import names
from portal.rooms import doors, mentioning, rules
from portal.rooms.lines import (
    Line,
    count_since,
    find_line,
    get_message,
    has_been_read,
    list_newest,
    list_page,
    list_said,
    list_these,
    read_feed,
)
from portal.rooms.models import Message, Room
from portal.rooms.saying import KIND, Saying, get_ready, place_of, send, send_ready, why_not_send
from portal.rooms.turns import get_room, step, take_turn

__all__ = [
    "KIND",
    "Line",
    "Saying",
    "count_since",
    "find_line",
    "get_message",
    "get_ready",
    "get_room",
    "has_been_read",
    "list_newest",
    "list_page",
    "list_said",
    "list_these",
    "place_of",
    "read_feed",
    "send",
    "send_ready",
    "step",
    "take_turn",
    "why_not_send",
]


def find_room(place: rules.Place = rules.VILLAGE) -> Room | None:
    """Return the room of a place, the village's if none is named, or None before it is opened."""
    return db.session.scalar(select(Room).where(Room.key == place.key))


def open_room(place: rules.Place = rules.VILLAGE) -> Room:
    """Return the room of a place, the village's if none is named; make it if there is none yet.

    Raises NoResultFound where there is no such group or plan in this village.
    """
    if room := find_room(place):
        return room
    doors.check(place)
    room = Room(key=place.key, last_seq=0, last_revision=0)
    try:
        with db.session.begin_nested():
            db.session.add(room)
    except IntegrityError:  # somebody else opened it in between
        return db.session.scalars(select(Room).where(Room.key == place.key)).one()
    return room


def shows_name(room_id: int, resident_id: int) -> bool:
    """Tell whether the resident showed the name in the last message here, and still agrees."""
    query = select(Message.show_name).where(
        Message.room_id == room_id, Message.resident_id == resident_id
    )
    last = db.session.scalar(query.order_by(Message.seq.desc()).limit(1))
    return bool(last) and names.agrees_to_be_named(resident_id)


def set_standing(
    message_id: int,
    *,
    held_for: Hold | None,
    hidden_code: Code | None,
    wording: int | None = None,
) -> None:
    """Hide a message, hold it, or show it; whoever reads the room is told like of a new one.

    Raises Refused where its words are not those of this `wording`, if one is named.
    """
    message = take_turn(message_id)
    if wording not in (None, message.wording):
        raise Refused(Judged.REWORDED)
    was_held = message.held_for is not None
    message.held_for, message.hidden_code = held_for, hidden_code
    db.session.flush()
    if was_held and message.is_shown and message.edited_at is None:  # while it waited, nobody was
        mentioning.call(message, now=clock.now())


def revisions_of(room_ids: Collection[int]) -> dict[int, int]:
    """Return how far each of these rooms is, in one query; readers were let in one by one."""
    with all_villages("one stream process wakes the readers of every village"):
        rows = db.session.execute(select(Room.id, Room.last_revision).where(Room.id.in_(room_ids)))
        return {room_id: revision for room_id, revision in rows}


def set_rules(room_id: int, *, slow_seconds: int, is_read_only: bool) -> None:
    """Say how often one may write in a room, and whether only the committee does."""
    room = get_room(room_id)
    room.slow_seconds, room.is_read_only = slow_seconds, is_read_only
    db.session.flush()
