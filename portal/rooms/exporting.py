"""What was said in a room, to be read by planners: complete, in order, and without names."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from portal.core import clock
from portal.core.access import Part
from portal.core.db import db
from portal.rooms import lines
from portal.rooms.models import Message

LONGEST = 100_000


@dataclass(frozen=True)
class Row:
    """A message without its author: `speaker` numbers the persons of this one file."""

    number: int
    said_at: datetime
    group: str
    speaker: int
    badge: Part | None
    answers: int | None
    body: str


def list_rows(room_id: int) -> Iterator[Row]:
    """Yield what everybody in the room can read, the oldest first, in one statement.

    Speakers are numbered as they come, anew in every file, so that two files of one village do not
    tell together who somebody is.
    """
    query = lines.select_lines().where(
        Message.room_id == room_id, Message.hidden_code.is_(None), Message.held_for.is_(None)
    )
    speakers: dict[tuple[int | None, int | None], int] = {}
    numbers: dict[int, int] = {}
    for row in db.session.execute(query.order_by(Message.seq).limit(LONGEST)):
        line = lines.as_line(*row)
        if not line.is_readable:
            continue
        message = line.message
        numbers[message.id] = message.seq
        yield Row(
            number=message.seq,
            said_at=message.posted_at.astimezone(clock.SHANGHAI),
            group=line.group,
            speaker=speakers.setdefault(
                (message.resident_id, message.account_id), len(speakers) + 1
            ),
            badge=message.badge,
            answers=numbers.get(message.reply_to_id or 0),
            body=message.body,
        )
