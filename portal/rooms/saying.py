"""Saying something in a room: made ready first, judged, then written. Never commits.

All but the writing is done before the transaction begins (`moderation/ready.py`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import bindparam, case, func, null, select

from portal.core.access import Part
from portal.core.db import db, insert_or, table_of
from portal.core.errors import Refused
from portal.core.scope import here, prepared
from portal.moderation import ready as readying
from portal.moderation import screening, sending, writers, writing
from portal.people import behalf
from portal.people.models import Resident
from portal.privacy import names
from portal.rooms import doors, mentioning, rules, searching, turns
from portal.rooms.lines import find_line
from portal.rooms.models import Author, Message, Room

KIND = "message"
"""What moderation calls a message."""
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, kw_only=True)
class Saying:
    """What somebody wants to say in a room.

    `reply_to` is the number in the room of the message that this one answers; `files` are keys of
    what this resident sent before (`media.receiving`).
    """

    room_id: int
    body: str
    show_name: bool
    client_key: str
    author: Author
    badge: Part | None
    now: datetime
    reply_to: int | None = None
    files: Sequence[str] = ()


Ready = readying.Ready[Saying]


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

    It is what `get_ready` and `send_ready` do together, for whoever is in a transaction already.
    """
    saying = Saying(
        room_id=room_id,
        body=body,
        show_name=show_name,
        client_key=client_key,
        author=author,
        badge=badge,
        now=now,
        reply_to=reply_to,
        files=files,
    )
    return db.session.get_one(Message, send_ready(get_ready(saying)))


def get_ready(saying: Saying) -> Ready:
    """Judge what somebody wants to say, or raise Refused.

    What was said under the same key before is known, and not judged: said again by the line, not
    by the person. Somebody in office who is no resident says it without files.
    """
    grounds = _read_grounds(saying)
    if grounds.known is not None:
        return Ready(saying, grounds)
    author, now = saying.author, saying.now
    who = _person(saying, grounds)
    if reason := why_not_send(
        grounds, who, resident_id=author.resident_id, now=now, grounds=grounds
    ):
        raise Refused(reason)
    sent = sending.gather(saying.body, saying.files, resident_id=author.resident_id)
    if wrong := writing.why_not_text(sent.body, longest=rules.LONGEST_MESSAGE):
        raise Refused(wrong)
    if wait := _why_not_yet(grounds, who, now=now):
        raise Refused(wait)
    screened = screening.screen(
        sent.text,
        kind=KIND,
        place=place_of(saying.room_id),
        resident_id=author.resident_id,
        is_staff=saying.badge is not None,
        now=now,
        grounds=grounds,
    )
    return Ready(saying, grounds, (sent, screened))


def send_ready(ready: Ready) -> int:
    """Write what was made ready, and return the message's id.

    Raises Refused where something forbids it by now.
    """
    ready = _up_to_date(ready)
    saying = ready.saying
    if ready.words is None:
        return int(ready.grounds.known)
    answered = None if saying.reply_to is None else _answered(saying.room_id, saying.reply_to)
    resident_id, now = saying.author.resident_id, saying.now
    sent, screened = ready.words
    body, spoken = sent.part(screened.body)
    shows_name = saying.show_name and _agree_to_be_named(resident_id, now=now)
    seq, revision = turns.step(saying.room_id, messages=1)
    message_id: int | None = db.session.scalar(
        _insert(db.engine.dialect.name),
        {
            "resident_id": None,
            "account_id": None,
            "signed_as": "",
            **saying.author.keys,
            "room_id": saying.room_id,
            "seq": seq,
            "revision": revision,
            "badge": saying.badge,
            "body": body,
            "held_for": screened.held_for,
            "show_name": shows_name,
            "client_key": saying.client_key,
            "posted_at": now,
            "reply_to_id": answered,
        },
    )
    if message_id is None:  # sent twice at once: the key is the last judge
        turns.step_back(saying.room_id)
        return readying.known_by(_read_grounds(saying))
    searching.keep(saying.room_id, message_id, body)
    if resident_id is not None:
        sent.attach(KIND, message_id, spoken, resident_id=resident_id, now=now)
    screening.enter(KIND, message_id, seq, screened, now=now)
    if screened.held_for is None and mentioning.has_call(body):
        mentioning.call(db.session.get_one(Message, message_id), now=now)
    return message_id


def why_not_send(
    room: Room | Any,
    person: rules.Person,
    *,
    resident_id: int | None,
    now: datetime,
    grounds: Any = None,
) -> writing.Refusal | rules.Refusal | None:
    """Return why this person may say nothing in this room at all now, or None."""
    if not person.is_in_office and (
        reason := writers.why_not(resident_id, place=place_of(room.id), now=now, grounds=grounds)
    ):
        return reason
    return doors.why_not_send(room, person, now=now)


def place_of(room_id: int) -> str:
    """Return what moderation calls a room."""
    return f"room:{room_id}"


def _up_to_date(ready: Ready) -> Ready:
    """Return what was made ready as it is judged now; what still stands is not judged again.

    In a slow room of two at once the second waits, and then sees the first. The door is looked at
    in any case: for a plan's room, or the council's, it hangs on more than the grounds.
    """
    saying = ready.saying
    grounds = _read_grounds(saying)
    if grounds.slow_seconds:
        turns.hold(saying.room_id)
    if grounds.slow_seconds or not ready.stands_on(grounds):
        return get_ready(saying)
    if ready.words is not None and (
        reason := doors.why_not_send(grounds, _person(saying, grounds), now=saying.now)
    ):
        raise Refused(reason)
    return ready


def _person(saying: Saying, grounds: Any) -> rules.Person:
    return doors.person(
        resident_id=saying.author.resident_id,
        parts=() if saying.badge is None else (saying.badge,),
        places=(doors.place_of(grounds),),
        group_id=grounds.group_id,
        now=saying.now,
    )


def _agree_to_be_named(resident_id: int | None, *, now: datetime) -> bool:
    """Keep the consent to show the full name; nobody gives it for another."""
    if resident_id is None or behalf.current_sitting() is not None:
        return False
    return names.agree_to_be_named(resident_id, now=now)


def _why_not_yet(
    grounds: Any, person: rules.Person, *, now: datetime
) -> writing.Refusal | rules.Refusal | None:
    """Return why this person must wait with the next message, or None."""
    if grounds.said_in_minute >= rules.MESSAGES_A_MINUTE:
        return writing.Refusal.TOO_FAST
    return rules.why_not_yet(
        person, slow_seconds=grounds.slow_seconds, last_at=grounds.last_at, now=now
    )


def _answered(room_id: int, seq: int) -> int:
    """Return the id of the message that is answered; it must be there to read."""
    line = find_line(room_id, seq)
    if line is None or not line.is_readable:
        raise Refused(rules.Refusal.NO_SUCH_MESSAGE)
    return line.message.id


def _read_grounds(saying: Saying) -> Any:
    """Read what decides about a message, as a plain line; NoResultFound if there is no room."""
    author, now = saying.author, saying.now
    return db.session.execute(
        _GROUNDS[author.column],
        here(
            room_id=saying.room_id,
            place=place_of(saying.room_id),
            author=author.id,
            resident_id=author.resident_id,
            client_key=saying.client_key,
            now=now,
            minute=now - MINUTE,
            lately=now - readying.LATELY,
        ),
    ).one()


_MESSAGE, _ROOM, _RESIDENT = table_of(Message).c, table_of(Room).c, table_of(Resident).c
_AUTHORS = (_MESSAGE.resident_id, _MESSAGE.account_id)
_SAME = (_MESSAGE.room_id == bindparam("room_id"), _MESSAGE.client_key == bindparam("client_key"))


def _grounds(column: Any) -> Any:
    """Return the statement of what decides about a message of somebody named in this column."""
    theirs = (_MESSAGE.village_id == bindparam("village_id"), column == bindparam("author"))
    in_minute = select(func.count()).where(*theirs, _MESSAGE.posted_at > bindparam("minute"))
    said = select(func.sum(_MESSAGE.revision))  # every change of a message is a new revision
    known = select(_MESSAGE.id).where(*theirs, *_SAME)
    last_at = select(func.max(_MESSAGE.posted_at)).where(*theirs, _SAME[0])
    return prepared(
        select(
            *(_ROOM.id, _ROOM.key, _ROOM.slow_seconds, _ROOM.is_read_only),
            *readying.GROUNDS,
            in_minute.scalar_subquery().label("said_in_minute"),
            said.where(*theirs, _MESSAGE.posted_at >= bindparam("lately"))
            .scalar_subquery()
            .label("said"),
            known.scalar_subquery().label("known"),
            case((_ROOM.slow_seconds > 0, last_at.scalar_subquery()), else_=null()).label(
                "last_at"
            ),
        )
        .outerjoin(
            table_of(Resident),
            (_RESIDENT.id == bindparam("resident_id")) & (_RESIDENT.village_id == _ROOM.village_id),
        )
        .where(_ROOM.id == bindparam("room_id"), _ROOM.village_id == bindparam("village_id"))
    )


_GROUNDS = {column.key: _grounds(column) for column in _AUTHORS}


@cache
def _insert(_dialect: str) -> Any:
    insert = insert_or(table_of(Message)).on_conflict_do_nothing()
    return prepared(insert.returning(_MESSAGE.id))
