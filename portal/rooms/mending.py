"""What an author can still do with their own words: put them differently, or take them back."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import delete, select

from portal.core.db import db
from portal.core.errors import Refused
from portal.media import service as media
from portal.moderation import items, screening, writing
from portal.rooms import doors, lines, rules, searching, service
from portal.rooms.models import Author, Message, MessageWording
from portal.rooms.service import KIND, take_turn


def why_not_edit(line: lines.Line, author: Author, *, now: datetime) -> StrEnum | None:
    """Return why this person cannot change this message now, or None.

    Nobody puts new words where they could not say any.
    """
    message = line.message
    if refusal := rules.why_not_edit(
        is_author=message.is_by(author),
        is_taken_back=line.is_taken_back,
        is_in_case=_is_in_case(line),
        posted_at=message.posted_at,
        now=now,
    ):
        return refusal
    room = service.get_room(message.room_id)
    person = doors.person(
        resident_id=author.resident_id,
        parts=() if message.badge is None else (message.badge,),
        places=(doors.place_of(room),),
        now=now,
    )
    return service.why_not_send(room, person, resident_id=author.resident_id, now=now)


def why_not_take_back(line: lines.Line, author: Author) -> rules.Refusal | None:
    """Return why this person cannot take this message back, or None."""
    return rules.why_not_take_back(
        is_author=line.message.is_by(author),
        is_taken_back=line.is_taken_back,
        is_in_case=_is_in_case(line),
    )


def edit(message_id: int, *, body: str, author: Author, now: datetime) -> Message:
    """Put a message differently, or raise Refused; how it was worded is kept for the committee.

    It is judged like a new one, and whoever reads the room is told.
    """
    message = take_turn(message_id)
    line = lines.get_message(message_id)
    if refusal := why_not_edit(line, author, now=now):
        raise Refused(refusal)
    body = writing.clean(body)
    if reason := writing.why_not_text(body, longest=rules.LONGEST_MESSAGE):
        raise Refused(reason)
    if body == message.body:
        raise Refused(rules.Refusal.SAME_WORDS)
    screened = screening.screen(
        body,
        kind=KIND,
        place=service.place_of(message.room_id),
        resident_id=message.resident_id,
        is_staff=message.badge is not None,
        now=now,
    )
    db.session.add(
        MessageWording(
            message_id=message.id,
            step=len(list_wordings(message.id)) + 1,
            body=message.body,
            replaced_at=now,
        )
    )
    message.body, message.held_for, message.edited_at = screened.body, screened.held_for, now
    db.session.flush()
    searching.forget(message.id)
    searching.keep(message.room_id, message.id, message.body)
    screening.enter(KIND, message.id, message.seq, screened, now=now)
    return message


def take_back(message_id: int, *, author: Author, now: datetime) -> Message:
    """Take one's own words back, or raise Refused; the number stays, the words are gone."""
    message = take_turn(message_id)
    line = lines.get_message(message_id)
    if refusal := why_not_take_back(line, author):
        raise Refused(refusal)
    clear(message, now=now)
    return message


def clear(message: Message, *, now: datetime) -> None:
    """Take the words off a message for good, with earlier wordings and files, as its author wishes.

    The caller has counted on in the room, so that whoever reads there is told.
    """
    message.body, message.taken_back_at = writing.TAKEN_BACK, now
    searching.forget(message.id)
    media.drop_of(KIND, message.id)
    db.session.execute(delete(MessageWording).where(MessageWording.message_id == message.id))
    db.session.flush()


def list_wordings(message_id: int) -> list[MessageWording]:
    """Return how a message was worded before, the first first."""
    query = select(MessageWording).where(MessageWording.message_id == message_id)
    return list(db.session.scalars(query.order_by(MessageWording.step)))


def _is_in_case(line: lines.Line) -> bool:
    """Tell whether the committee hid these words, or looks at them: held, flagged or reported."""
    return not line.message.is_shown or items.find_open(KIND, line.message.id) is not None
