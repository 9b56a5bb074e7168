"""What the committee keeps at the top of a room, and what it announces there. Never commits."""

from datetime import datetime

from sqlalchemy import delete

from portal.core.db import db, insert_or
from portal.core.errors import Refused
from portal.core.outbox import publish
from portal.core.scope import require_village
from portal.rooms import lines, rules
from portal.rooms.events import Announced
from portal.rooms.models import RoomPin
from portal.rooms.service import take_turn


def pin(message_id: int, *, account_id: int, is_announcement: bool = False, now: datetime) -> None:
    """Keep a message at the top of its room; an announcement is told to everybody who reads there.

    Raises Refused, NoResultFound. Pinned twice it is pinned once.
    """
    message = take_turn(message_id)  # one after the other, so that none is one too many
    line, room_id = lines.get_message(message_id), message.room_id
    others = [one for one in list_pins(room_id) if one.message.id != message_id]
    refusal = rules.why_not_pin(is_readable=line.is_readable, pins=len(others))
    if refusal:
        raise Refused(refusal)
    put = insert_or(RoomPin).values(
        village_id=require_village(),
        room_id=room_id,
        message_id=message_id,
        is_announcement=is_announcement,
        account_id=account_id,
        pinned_at=now,
    )
    put = put.on_conflict_do_nothing().returning(RoomPin.id)
    is_new = db.session.scalar(put) is not None
    if is_new and is_announcement:
        publish(Announced(message_id=message_id), now=now)


def unpin(message_id: int) -> None:
    """Take a message off the top of its room; one that is not there is left alone."""
    take_turn(message_id)
    db.session.execute(delete(RoomPin).where(RoomPin.message_id == message_id))


def list_pins(room_id: int) -> list[lines.Line]:
    """Return what stands at the top of a room, the newest first; what cannot be read is missing."""
    query = lines.select_lines().where(RoomPin.room_id == room_id).order_by(RoomPin.id.desc())
    found = [lines.as_line(*row) for row in db.session.execute(query)]
    return [line for line in found if line.is_readable][: rules.MOST_PINS]
