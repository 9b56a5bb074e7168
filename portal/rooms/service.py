"""What can be done in a room: say something, read what was said since. Never commits."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from sqlalchemy import bindparam, func, select, update
from sqlalchemy.exc import IntegrityError

from portal.core import clock, waking
from portal.core.access import Part
from portal.core.db import db, table_of
from portal.core.errors import Refused
from portal.core.scope import all_villages, here, prepared, require_village, within
from portal.moderation import screening, sending, writers, writing
from portal.moderation.rules import Code, Hold
from portal.moderation.rules import Refusal as Judged
from portal.people import behalf
from portal.privacy import names
from portal.rooms import doors, mentioning, rules, searching
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
from portal.rooms.models import Author, Message, Room

KIND = "message"
"""What moderation calls a message."""

__all__ = [
    "Line",
    "count_since",
    "find_line",
    "get_message",
    "has_been_read",
    "list_newest",
    "list_page",
    "list_said",
    "list_these",
    "read_feed",
]


def find_room(place: rules.Place = rules.VILLAGE) -> Room | None:
    """Return the room of a place, the village's if none is named, or None before it is opened."""
    return db.session.scalar(select(Room).where(Room.key == place.key))


def get_room(room_id: int) -> Room:
    """Return the room, or raise NoResultFound, as also for one of another village."""
    return db.session.scalars(_ROOM, here(room_id=room_id)).one()


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


def send(
    room_id: int,
    *,
    body: str,
    show_name: bool,
    client_key: str,
    author: Author,
    badge: Part | None,
    now: datetime,
    reply_to: int | None = None,
    files: Sequence[str] = (),
) -> Message:
    """Say something in the room, or raise Refused. The same key again gives the first message.

    `reply_to` is the number in the room of the message that this one answers; `files` are keys of
    what this resident sent before (`media.receiving`). Somebody in office who is no resident says
    it under the name of the account, without files.
    """
    resident_id = author.resident_id
    room = get_room(room_id)
    if room.slow_seconds:  # of two at once the second waits, and then sees the first
        db.session.execute(select(Room.id).where(Room.id == room_id).with_for_update())
    if known := _find_sent(room_id, author, client_key):
        return known  # before it is judged: said again by the line, not by the person
    who = doors.person(
        resident_id=resident_id,
        parts=() if badge is None else (badge,),
        places=(doors.place_of(room),),
        now=now,
    )
    if reason := why_not_send(room, who, resident_id=resident_id, now=now):
        raise Refused(reason)
    sent = sending.gather(body, files, resident_id=resident_id)
    if reason := writing.why_not_text(sent.body, longest=rules.LONGEST_MESSAGE):
        raise Refused(reason)
    if wait := _why_not_yet(room, who, author, now=now):
        raise Refused(wait)
    answered = None if reply_to is None else _answered(room_id, reply_to)
    screened = screening.screen(
        sent.text,
        kind=KIND,
        place=place_of(room_id),
        resident_id=resident_id,
        is_staff=badge is not None,
        now=now,
    )
    body, spoken = sent.part(screened.body)
    shows = show_name and _agree_to_be_named(resident_id, now=now)
    try:
        with db.session.begin_nested():  # a key used twice gives its number in the order back
            seq, revision = step(room_id, messages=1)
            message = Message(
                room_id=room_id,
                seq=seq,
                revision=revision,
                **author.keys,
                badge=badge,
                body=body,
                held_for=screened.held_for,
                show_name=shows,
                client_key=client_key,
                posted_at=now,
                reply_to_id=answered,
            )
            db.session.add(message)
    except IntegrityError:
        if known := _find_sent(room_id, author, client_key):
            return known
        raise
    searching.keep(message)
    if resident_id is not None:
        sent.attach(KIND, message.id, spoken, resident_id=resident_id, now=now)
    screening.enter(KIND, message.id, message.seq, screened, now=now)
    if message.is_shown:
        mentioning.call(message, now=now)
    return message


def why_not_send(
    room: Room, person: rules.Person, *, resident_id: int | None, now: datetime
) -> writing.Refusal | rules.Refusal | None:
    """Return why this person may say nothing in this room at all now, or None."""
    if not person.is_in_office and (
        reason := writers.why_not(resident_id, place=place_of(room.id), now=now)
    ):
        return reason
    return doors.why_not_send(room, person, now=now)


def place_of(room_id: int) -> str:
    """Return what moderation calls a room."""
    return f"room:{room_id}"


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


def step(room_id: int, *, messages: int) -> tuple[int, int]:
    """Count on in the room and return the last number and revision.

    The room's row lock makes writers queue until each other's commit.
    """
    stepped = db.session.execute(
        _STEP, {"village": require_village(), "of_room": room_id, "messages": messages}
    ).one()
    waking.moved()
    return stepped.last_seq, stepped.last_revision


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


def _agree_to_be_named(resident_id: int | None, *, now: datetime) -> bool:
    """Keep the consent to show the full name; nobody gives it for another."""
    if resident_id is None or behalf.current_sitting() is not None:
        return False
    return names.agree_to_be_named(resident_id, now=now)


def _count_since(author: Author, since: datetime) -> int:
    return db.session.scalar(_COUNT_SINCE[author.column], here(author=author.id, since=since)) or 0


def _why_not_yet(
    room: Room, person: rules.Person, author: Author, *, now: datetime
) -> writing.Refusal | rules.Refusal | None:
    """Return why this person must wait with the next message, or None."""
    if _count_since(author, now - timedelta(minutes=1)) >= rules.MESSAGES_A_MINUTE:
        return writing.Refusal.TOO_FAST
    last_at = _last_at(room.id, author) if room.slow_seconds else None
    return rules.why_not_yet(person, slow_seconds=room.slow_seconds, last_at=last_at, now=now)


def _last_at(room_id: int, author: Author) -> datetime | None:
    return db.session.scalar(
        select(func.max(Message.posted_at)).where(Message.room_id == room_id, author.wrote())
    )


def _answered(room_id: int, seq: int) -> int:
    """Return the id of the message that is answered; it must be there to read."""
    line = find_line(room_id, seq)
    if line is None or not line.is_readable:
        raise Refused(rules.Refusal.NO_SUCH_MESSAGE)
    return line.message.id


def _find_sent(room_id: int, author: Author, client_key: str) -> Message | None:
    whose = here(author=author.id, room_id=room_id, client_key=client_key)
    return db.session.scalar(_SENT[author.column], whose)


_TABLE = table_of(Room)
_ROOM = within(select(Room).where(Room.id == bindparam("room_id")))
_STEP = prepared(
    update(_TABLE)
    .where(_TABLE.c.id == bindparam("of_room"), _TABLE.c.village_id == bindparam("village"))
    .values(
        last_seq=_TABLE.c.last_seq + bindparam("messages"),
        last_revision=_TABLE.c.last_revision + 1,
    )
    .returning(_TABLE.c.last_seq, _TABLE.c.last_revision)
)
_AUTHORS = (Message.resident_id, Message.account_id)
_COUNT_SINCE = {
    column.key: within(
        select(func.count())
        .select_from(Message)
        .where(column == bindparam("author"), Message.posted_at > bindparam("since"))
    )
    for column in _AUTHORS
}
_SENT = {
    column.key: within(
        select(Message).where(
            column == bindparam("author"),
            Message.room_id == bindparam("room_id"),
            Message.client_key == bindparam("client_key"),
        )
    )
    for column in _AUTHORS
}
