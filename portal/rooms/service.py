"""What can be done in a room: say something, read what was said since. Never commits."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Select, func, select, update
from sqlalchemy.exc import IntegrityError

from portal.core.access import Part
from portal.core.db import db
from portal.core.errors import Refused
from portal.core.scope import all_villages
from portal.moderation import screening, writers, writing
from portal.moderation.rules import Code, Hold
from portal.people import behalf
from portal.people.models import Resident, VillagerGroup
from portal.privacy import names
from portal.rooms import rules
from portal.rooms.models import Message, Room

KIND = "message"
"""What moderation calls a message."""
FEED_LIMIT = 100
PAGE_LIMIT = 50


@dataclass(frozen=True)
class Line:
    """A message as others see it: its author by group and masked name, unless he shows it."""

    message: Message
    author: str
    group: str
    is_taken_back: bool = False

    @property
    def is_readable(self) -> bool:
        """Tell whether its words can be read: neither hidden nor taken back."""
        return self.message.is_shown and not self.is_taken_back


def find_room() -> Room | None:
    """Return the village's room, or None before it is opened."""
    return db.session.scalar(select(Room).where(Room.key == "village"))


def get_room(room_id: int) -> Room:
    """Return the room, or raise NoResultFound, as also for one of another village."""
    return db.session.scalars(select(Room).where(Room.id == room_id)).one()


def open_room() -> Room:
    """Return the village's room; make it if there is none yet."""
    if room := find_room():
        return room
    room = Room(key="village", last_seq=0, last_revision=0)
    try:
        with db.session.begin_nested():
            db.session.add(room)
    except IntegrityError:  # somebody else opened it in between
        return db.session.scalars(select(Room).where(Room.key == "village")).one()
    return room


def send(
    room_id: int,
    *,
    body: str,
    show_name: bool,
    client_key: str,
    resident_id: int | None,
    badge: Part | None,
    now: datetime,
) -> Message:
    """Say something in the room, or raise Refused. The same key again gives the first message."""
    get_room(room_id)
    reason = why_not_send(room_id, resident_id, now=now)
    if resident_id is None or reason:
        raise Refused(reason or writing.Refusal.NOT_A_RESIDENT)
    body = writing.clean(body)
    if reason := writing.why_not_text(body, longest=rules.LONGEST_MESSAGE):
        raise Refused(reason)
    if _count_since(resident_id, now - timedelta(minutes=1)) >= rules.MESSAGES_A_MINUTE:
        if known := _find_sent(room_id, resident_id, client_key):
            return known
        raise Refused(writing.Refusal.TOO_FAST)
    screened = screening.screen(
        body,
        kind=KIND,
        place=place_of(room_id),
        resident_id=resident_id,
        is_staff=badge is not None,
        now=now,
    )
    if show_name:  # nobody agrees to that for another
        is_own = behalf.current_sitting() is None
        show_name = is_own and names.agree_to_be_named(resident_id, now=now)
    try:
        with db.session.begin_nested():  # a key used twice gives its number in the order back
            seq, revision = _step(room_id, messages=1)
            message = Message(
                room_id=room_id,
                seq=seq,
                revision=revision,
                resident_id=resident_id,
                badge=badge,
                body=screened.body,
                held_for=screened.held_for,
                show_name=show_name,
                client_key=client_key,
                posted_at=now,
            )
            db.session.add(message)
    except IntegrityError:
        if known := _find_sent(room_id, resident_id, client_key):
            return known
        raise
    screening.enter(KIND, message.id, message.seq, screened, now=now)
    return message


def why_not_send(room_id: int, resident_id: int | None, *, now: datetime) -> writing.Refusal | None:
    """Return why this person may say nothing in this room at all now, or None."""
    return writers.why_not(resident_id, place=place_of(room_id), now=now)


def place_of(room_id: int) -> str:
    """Return what moderation calls a room."""
    return f"room:{room_id}"


def read_feed(room_id: int, *, after: int, limit: int = FEED_LIMIT) -> list[Line]:
    """Return what has happened in the room since revision `after`, in order."""
    query = _lines().where(Message.room_id == room_id, Message.revision > after)
    return _read(query.order_by(Message.revision).limit(limit))


def list_page(room_id: int, *, before: int | None = None, limit: int = PAGE_LIMIT) -> list[Line]:
    """Return the last messages, or the last before number `before`; the oldest first."""
    query = _lines().where(Message.room_id == room_id)
    if before is not None:
        query = query.where(Message.seq < before)
    return _read(query.order_by(Message.seq.desc()).limit(limit))[::-1]


def list_newest(*, limit: int) -> list[Line]:
    """Return the newest messages of the village, newest first."""
    return _read(_lines().order_by(Message.id.desc()).limit(limit))


def list_these(message_ids: Collection[int]) -> list[Line]:
    """Return these messages of the village, in one statement."""
    return _read(_lines().where(Message.id.in_(message_ids)))


def list_said(resident_id: int, *, since: datetime, limit: int) -> list[str]:
    """Return the words of a resident's messages since then, newest first."""
    query = select(Message.body).where(
        Message.resident_id == resident_id, Message.posted_at >= since
    )
    return list(db.session.scalars(query.order_by(Message.posted_at.desc()).limit(limit)))


def has_been_read(resident_id: int) -> bool:
    """Tell whether everybody in the room may read a message of this resident."""
    query = select(Message.id).where(
        Message.resident_id == resident_id,
        Message.held_for.is_(None),
        Message.hidden_code.is_(None),
    )
    return db.session.scalar(query.limit(1)) is not None


def count_since(since: datetime) -> int:
    """Return how many messages the village wrote since then."""
    return (
        db.session.scalar(
            select(func.count()).select_from(Message).where(Message.posted_at >= since)
        )
        or 0
    )


def get_message(message_id: int) -> Line:
    """Return one message, or raise NoResultFound."""
    return _line(*db.session.execute(_lines().where(Message.id == message_id)).one())


def shows_name(room_id: int, resident_id: int) -> bool:
    """Tell whether the resident showed the name in the last message here, and still agrees."""
    query = select(Message.show_name).where(
        Message.room_id == room_id, Message.resident_id == resident_id
    )
    last = db.session.scalar(query.order_by(Message.seq.desc()).limit(1))
    return bool(last) and names.agrees_to_be_named(resident_id)


def set_standing(message_id: int, *, held_for: Hold | None, hidden_code: Code | None) -> None:
    """Hide a message, hold it, or show it; whoever reads the room is told like of a new one."""
    message = db.session.scalars(select(Message).where(Message.id == message_id)).one()
    message.revision = _step(message.room_id, messages=0)[1]
    message.held_for, message.hidden_code = held_for, hidden_code
    db.session.flush()


def take_back(message: Message) -> None:
    """Take the words off a message at its author's wish; whoever reads the room is told."""
    message.revision = _step(message.room_id, messages=0)[1]
    message.body = writing.TAKEN_BACK
    db.session.flush()


def revisions_of(room_ids: Collection[int]) -> dict[int, int]:
    """Return how far each of these rooms is, in one query; readers were let in one by one."""
    with all_villages("one stream process wakes the readers of every village"):
        rows = db.session.execute(select(Room.id, Room.last_revision).where(Room.id.in_(room_ids)))
        return {room_id: revision for room_id, revision in rows}


def _step(room_id: int, *, messages: int) -> tuple[int, int]:
    """Count on in the room; its row lock makes writers queue until each other's commit."""
    stepped = db.session.execute(
        update(Room)
        .where(Room.id == room_id)
        .values(last_seq=Room.last_seq + messages, last_revision=Room.last_revision + 1)
        .returning(Room.last_seq, Room.last_revision)
        .execution_options(synchronize_session=False)
    ).one()
    return stepped.last_seq, stepped.last_revision


def _count_since(resident_id: int, since: datetime) -> int:
    return (
        db.session.scalar(
            select(func.count())
            .select_from(Message)
            .where(Message.resident_id == resident_id, Message.posted_at > since)
        )
        or 0
    )


def _find_sent(room_id: int, resident_id: int, client_key: str) -> Message | None:
    return db.session.scalar(
        select(Message).where(
            Message.room_id == room_id,
            Message.resident_id == resident_id,
            Message.client_key == client_key,
        )
    )


def _lines() -> Select[Message, str, bool, bool, str]:
    author = names.author(Message.resident_id, Message.show_name, Message.posted_at)
    return (
        select(Message, *author, VillagerGroup.name)
        .join(Resident, Resident.id == Message.resident_id)
        .join(VillagerGroup, VillagerGroup.id == Resident.group_id)
    )


def _read(query: Select[Message, str, bool, bool, str]) -> list[Line]:
    return [_line(*row) for row in db.session.execute(query)]


def _line(message: Message, name: str, is_whole: bool, is_taken_back: bool, group: str) -> Line:
    return Line(message, names.signed(name, is_whole), group, is_taken_back)
