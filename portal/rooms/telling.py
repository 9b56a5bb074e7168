"""The room's side of its event streams: who may still listen, what is new, how it looks to whom.

It is asked by the thread that holds all readers (`core/broadcasting.py`), outside of any request.
"""

from collections.abc import Collection, Hashable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, fields, is_dataclass
from typing import Any

from flask import Response, current_app, g, render_template, request

from portal.core import clock, live, look
from portal.core.access import Viewer
from portal.core.db import Base
from portal.core.news import Found, News
from portal.core.scope import enter_village, village_scope
from portal.people import service as people
from portal.rooms import doors, lines, service
from portal.rooms.blueprint import READERS
from portal.rooms.entering import may_still_read
from portal.rooms.lines import Line
from portal.rooms.rules import COUNCIL, Place
from portal.rooms.words import BADGES
from portal.sign_in import sessions

KEPT = 4096
"""So many written lines are kept."""


@dataclass(frozen=True, slots=True)
class Ticket:
    """What is kept of whoever listens to a room: by which session, where, in which language."""

    session: str
    village_id: int
    village_code: str
    room_id: int
    place: Place
    language: str

    @property
    def asked(self) -> sessions.Asked:
        """Return as what the session is asked for."""
        return self.session, self.village_id, self.village_code


@dataclass(frozen=True, slots=True)
class Eyes:
    """Who reads, and in which language."""

    viewer: Viewer
    language: str


class Talk:
    """The rooms of every village, as the broadcaster asks for them.

    The newest lines are kept as they were written: whoever was away comes back for the same ones.
    """

    def __init__(self) -> None:
        self._kept: dict[Hashable, str] = {}

    def counters(self, topics: Collection[int]) -> Mapping[int, int]:
        """Return how far each of these rooms is."""
        return service.revisions_of(topics)

    def admit(self, tickets: Collection[Ticket]) -> dict[Ticket, Eyes]:
        """Return those who may still read: one query for all, and one for each council."""
        holders = sessions.find_viewers(
            {ticket.asked for ticket in tickets},
            now=clock.now(),
            is_factor_required=current_app.config["SECOND_FACTOR_REQUIRED"],
        )
        councils = _councils(tickets)
        found = ((ticket, holders.get(ticket.asked)) for ticket in tickets)
        return {
            ticket: Eyes(viewer, ticket.language)
            for ticket, viewer in found
            if viewer is not None
            and viewer.parts & frozenset(READERS)
            and may_still_read(viewer, ticket.place, council=councils.get(ticket.village_id, ()))
        }

    def read(self, ticket: Ticket, after: int) -> Found:
        """Return what happened in the room since this revision."""
        with village_scope(ticket.village_id):
            found = lines.read_feed(ticket.room_id, after=after)
        upto = found[-1].message.revision if found else after
        return Found(found, upto, is_whole=len(found) < lines.FEED_LIMIT)

    def kind(self, found: Found, eyes: Eyes) -> tuple[object, ...]:
        """Return what lines may depend on: the language, the parts, and whose words they are."""
        resident_id = eyes.viewer.resident_id
        is_author = any(line.message.resident_id == resident_id for line in found.rows)
        return eyes.language, eyes.viewer.parts, resident_id if is_author else None

    def write(self, ticket: Ticket, found: Found, eyes: Eyes) -> list[News]:
        """Return the lines as these eyes see them, as on the page itself."""
        keys = [_key(ticket, line, eyes) for line in found.rows]
        wanted = zip(keys, found.rows, strict=True)
        fresh = {key: line for key, line in wanted if key not in self._kept}
        if fresh:
            with _page(ticket, eyes):
                self._kept |= {key: as_html(line) for key, line in fresh.items()}
        news = [
            News(line.message.revision, self._kept[key])
            for key, line in zip(keys, found.rows, strict=True)
        ]
        for key in list(self._kept)[: max(0, len(self._kept) - KEPT)]:
            del self._kept[key]
        return news


def as_html(line: Line) -> str:
    """Return a line of the room as whoever is asking sees it."""
    return render_template("rooms/line.html", line=line, badges=BADGES)


def listen(room_id: int, place: Place) -> Response:
    """Answer a request for the room's stream. Raises live.Full."""
    token = request.cookies.get(current_app.config["SIGN_IN_COOKIE"], "")
    ticket = Ticket(
        sessions.digest_of(token), g.village.id, g.village.code, room_id, place, g.look.language
    )
    teller = live.broadcaster("rooms", Talk())
    return live.follow(teller, topic=room_id, person=g.viewer.account_id, ticket=ticket)


def _councils(tickets: Collection[Ticket]) -> Mapping[int, Collection[int]]:
    """Return who sits in the council of each village where somebody listens to its room."""
    councils = {}
    for village_id in {ticket.village_id for ticket in tickets if ticket.place == COUNCIL}:
        with village_scope(village_id):
            councils[village_id] = frozenset(doors.councillors(now=clock.now()))
    return councils


def _key(ticket: Ticket, line: Line, eyes: Eyes) -> Hashable:
    """Return all that the look of a line depends on: every word of it, the eyes, and the day."""
    is_own = line.message.resident_id == eyes.viewer.resident_id
    day = clock.today(clock.now())
    return ticket.room_id, eyes.language, eyes.viewer.parts, is_own, day, _plain(line)


def _plain(value: Any) -> Hashable:
    """Return a row, or what is made of rows, as values that can be compared."""
    if isinstance(value, Base):
        return tuple(_plain(getattr(value, column.key)) for column in value.__mapper__.column_attrs)
    if is_dataclass(value):
        return tuple(_plain(getattr(value, one.name)) for one in fields(value))
    if isinstance(value, dict):
        return tuple((key, _plain(one)) for key, one in value.items())
    return tuple(map(_plain, value)) if isinstance(value, list | tuple) else value


@contextmanager
def _page(ticket: Ticket, eyes: Eyes) -> Iterator[None]:
    """Stand where the reader's page stands, so that its templates find what they ask for."""
    path = f"/v/{ticket.village_code}/rooms/{ticket.room_id}"
    with current_app.test_request_context(path):
        g.look = look.Look(language=eyes.language)
        g.village = people.find_place(ticket.village_code)
        g.viewer = eyes.viewer
        enter_village(ticket.village_id)
        yield
