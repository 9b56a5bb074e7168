"""Whose turn it is in a room: its counter puts all that happens there in one order."""

from sqlalchemy import bindparam, select, update

from portal.core import waking
from portal.core.db import db, table_of
from portal.core.scope import here, prepared, require_village, within
from portal.rooms.models import Message, Room

_TABLE = table_of(Room)
_ROOM = within(select(Room).where(Room.id == bindparam("room_id")))
_STEP = prepared(
    update(_TABLE)
    .where(_TABLE.c.id == bindparam("of_room"), _TABLE.c.village_id == bindparam("village"))
    .values(
        last_seq=_TABLE.c.last_seq + bindparam("messages"),
        last_revision=_TABLE.c.last_revision + bindparam("revisions"),
    )
    .returning(_TABLE.c.last_seq, _TABLE.c.last_revision)
)


def get_room(room_id: int) -> Room:
    """Return the room, or raise NoResultFound, as also for one of another village."""
    return db.session.scalars(_ROOM, here(room_id=room_id)).one()


def hold(room_id: int) -> None:
    """Let nobody else hold or step in the room until the transaction ends."""
    db.session.execute(select(Room.id).where(Room.id == room_id).with_for_update())


def step(room_id: int, *, messages: int) -> tuple[int, int]:
    """Count on in the room and return the last number and revision.

    The room's row lock makes writers queue until each other's commit.
    """
    stepped = _count_on(room_id, messages, 1)
    waking.moved()
    return stepped


def step_back(room_id: int) -> None:
    """Give back the number of a message that was not written after all; nobody has seen it."""
    _count_on(room_id, -1, -1)


def take_turn(message_id: int) -> Message:
    """Return a message as it is once it is our turn in its room; with the revision of this turn.

    Raises NoResultFound.
    """
    room_id = db.session.scalars(select(Message.room_id).where(Message.id == message_id)).one()
    revision = step(room_id, messages=0)[1]
    query = select(Message).where(Message.id == message_id)
    message = db.session.scalars(query.execution_options(populate_existing=True)).one()
    message.revision = revision
    return message


def _count_on(room_id: int, messages: int, revisions: int) -> tuple[int, int]:
    which = {"village": require_village(), "of_room": room_id}
    stepped = db.session.execute(
        _STEP, {**which, "messages": messages, "revisions": revisions}
    ).one()
    return stepped.last_seq, stepped.last_revision
