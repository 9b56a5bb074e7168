"""What was said in a room, as others read it: by name or masked, with what it answers.

Somebody in office who is no resident speaks under the name of the account, and has no group.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import ColumnElement, Integer, Select, bindparam, case, func, or_, select
from sqlalchemy.exc import NoResultFound

from portal.core.db import db
from portal.core.scope import here, within
from portal.media import service as media
from portal.people.models import Resident, VillagerGroup
from portal.privacy import names
from portal.rooms.models import Message, RoomPin

FEED_LIMIT = 100
PAGE_LIMIT = 50


@dataclass(frozen=True)
class Line:
    """A message as others see it: its author by group and masked name, unless he shows it.

    `quoted` is the line that it answers, as that reads now; `is_pinned`: it stands at the top.
    """

    message: Message
    author: str
    group: str
    is_taken_back: bool = False
    quoted: "Line | None" = None
    files: tuple[media.Shown, ...] = ()
    is_pinned: bool = False

    @property
    def is_readable(self) -> bool:
        """Tell whether its words can be read: neither held, hidden nor taken back."""
        return self.message.is_shown and not self.is_taken_back


def read_feed(room_id: int, *, after: int, limit: int = FEED_LIMIT) -> list[Line]:
    """Return what has happened in the room since revision `after`, in order."""
    return read_lines(_SINCE, room_id=room_id, after=after, limit=limit)


def list_page(
    room_id: int, *, before: int | None = None, limit: int = PAGE_LIMIT, staff_only: bool = False
) -> list[Line]:
    """Return the last messages, or the last before number `before`; the oldest first.

    `staff_only`: what the committee and the planner said, and nothing else (domain.md S10).
    """
    query = select_lines().where(Message.room_id == room_id)
    if staff_only:
        query = query.where(Message.badge.is_not(None))
    if before is not None:
        query = query.where(Message.seq < before)
    return read_lines(query.order_by(Message.seq.desc()).limit(limit))[::-1]


def list_newest(*, limit: int) -> list[Line]:
    """Return the newest messages of the village, newest first."""
    return read_lines(select_lines().order_by(Message.id.desc()).limit(limit))


def list_these(message_ids: Collection[int]) -> list[Line]:
    """Return these messages of the village, in one statement."""
    return read_lines(select_lines().where(Message.id.in_(message_ids)))


def list_said(resident_id: int, *, since: datetime, limit: int) -> list[str]:
    """Return the words of a resident's messages since then, newest first."""
    return list(db.session.scalars(_SAID, here(resident_id=resident_id, since=since, limit=limit)))


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
    found = read_lines(_THIS, message_id=message_id)
    if not found:
        raise NoResultFound
    return found[0]


def find_line(room_id: int, seq: int) -> Line | None:
    """Return the message of this number in a room, or None."""
    return next(iter(read_lines(_NUMBERED, room_id=room_id, seq=seq)), None)


def select_lines() -> Select[Message, str, bool, bool, str, bool]:
    """Return the query of lines, to be narrowed and read by `read_lines`."""
    return (
        select(Message, *author_columns(VillagerGroup), RoomPin.id.is_not(None))
        .outerjoin(Resident, Resident.id == Message.resident_id)
        .outerjoin(VillagerGroup, VillagerGroup.id == Resident.group_id)
        .outerjoin(RoomPin, RoomPin.message_id == Message.id)
    )


def author_columns(
    group: type[VillagerGroup],
) -> tuple[ColumnElement[str], ColumnElement[bool], ColumnElement[bool], ColumnElement[str]]:
    """Return what `as_line` wants of the author; `group` and `Resident` are joined from outside."""
    name, is_whole, is_taken_back = names.author(
        Message.resident_id, Message.show_name, Message.posted_at
    )
    in_office = Message.resident_id.is_(None)
    return (
        case((in_office, Message.signed_as), else_=name),
        or_(in_office, is_whole),
        is_taken_back,
        func.coalesce(group.name, ""),
    )


def read_lines(query: Select[Message, str, bool, bool, str, bool], **parameters: int) -> list[Line]:
    """Return the lines of a query, each with what it answers and its files: three statements."""
    lines = [as_line(*row) for row in db.session.execute(query, here(**parameters))]
    return _with_files(_with_quotes(lines))


_LIMIT = bindparam("limit", type_=Integer, literal_execute=True)
"""A plain number: where it is a parameter, SQLite plans the query anew each time."""
_LINES = select_lines()
_OF_ROOM = Message.room_id == bindparam("room_id")
_THIS = within(_LINES.where(Message.id == bindparam("message_id")))
_NUMBERED = within(_LINES.where(_OF_ROOM, Message.seq == bindparam("seq")))
_SINCE = within(
    _LINES.where(_OF_ROOM, Message.revision > bindparam("after"))
    .order_by(Message.revision)
    .limit(_LIMIT)
)
_SAID = within(
    select(Message.body)
    .where(Message.resident_id == bindparam("resident_id"), Message.posted_at >= bindparam("since"))
    .order_by(Message.posted_at.desc())
    .limit(_LIMIT)
)


def as_line(
    message: Message,
    name: str,
    is_whole: bool,
    is_taken_back: bool,
    group: str,
    is_pinned: bool = False,
) -> Line:
    """Return a row of a query for lines as a line."""
    is_gone = is_taken_back or message.taken_back_at is not None
    author = names.signed(name, is_whole)
    return Line(message, author, group, is_gone, is_pinned=is_pinned)


def _with_files(lines: list[Line]) -> list[Line]:
    files = media.shown("message", [line.message.id for line in lines])
    return [replace(line, files=tuple(files.get(line.message.id, ()))) for line in lines]


def _with_quotes(lines: Sequence[Line]) -> list[Line]:
    wanted = {line.message.reply_to_id for line in lines} - {None}
    if not wanted:
        return list(lines)
    query = select_lines().where(Message.id.in_(wanted))
    quoted = {row[0].id: as_line(*row) for row in db.session.execute(query)}
    return [replace(line, quoted=quoted.get(line.message.reply_to_id or 0)) for line in lines]
