"""The room's side of its event streams: who may still listen, what is new, how it looks to whom.

It is asked by the thread that holds all readers (`core/broadcasting.py`), outside of any request.
"""

from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, fields, is_dataclass
from functools import partial
from typing import Any

from flask import Response, current_app, g, request

from portal.core import clock, live, look
from portal.core.access import Viewer
from portal.core.db import Base
from portal.core.news import Found, News
from portal.core.scope import enter_village, village_scope
from portal.people import service as people
from portal.rooms import doors, lines, service
from portal.rooms.blueprint import READERS
from portal.rooms.entering import author_of, may_still_read, viewer
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
    """The rooms of every village, as the broadcaster asks for them."""

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
        author = author_of(eyes.viewer)
        is_author = any(line.message.is_by(author) for line in found.rows)
        return eyes.language, eyes.viewer.parts, author if is_author else None

    def write(self, ticket: Ticket, found: Found, eyes: Eyes) -> list[News]:
        """Return the lines as these eyes see them, as on the page itself."""
        html = _written.write(found.rows, ticket.room_id, eyes, partial(_page, ticket, eyes))
        return [
            News(line.message.revision, one) for line, one in zip(found.rows, html, strict=True)
        ]


class Written:
    """The newest lines as they were written, for whoever was away and comes back for the same."""

    def __init__(self) -> None:
        self._kept: dict[Hashable, str] = {}

    def write(
        self,
        lines: Sequence[Line],
        room_id: int,
        eyes: Eyes,
        page: Callable[[], AbstractContextManager[None]] = nullcontext,
    ) -> list[str]:
        """Return lines as these eyes see them; what is not kept is written on this page."""
        keys = [_key(room_id, line, eyes) for line in lines]
        found = {key: self._kept[key] for key in keys if key in self._kept}
        fresh = {key: line for key, line in zip(keys, lines, strict=True) if key not in found}
        if fresh:
            with page():
                found |= zip(fresh, as_html(fresh.values()), strict=True)
            self._kept |= {key: found[key] for key in fresh}
            for key in list(self._kept)[: max(0, len(self._kept) - KEPT)]:
                self._kept.pop(key, None)  # another thread may have been faster
        return [found[key] for key in keys]


_written = Written()


def feed(room_id: int, *, after: int) -> str:
    """Return what happened in a room since then, as whoever is asking sees it."""
    found = lines.read_feed(room_id, after=after)
    return "".join(_written.write(found, room_id, Eyes(viewer(), g.look.language)))


def as_html(lines: Iterable[Line]) -> list[str]:
    """Return lines of the room as whoever is asking sees them."""
    template = current_app.jinja_env.get_template("rooms/line.html")
    facts: dict[str, Any] = {"badges": BADGES}
    current_app.update_template_context(facts)
    page: Any = template.make_module(facts)  # once for all lines, like an import on a page
    return [str(page.show(line)) for line in lines]


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


def _key(room_id: int, line: Line, eyes: Eyes) -> Hashable:
    """Return all that the look of a line depends on: every word of it, the eyes, and the day."""
    is_own = line.message.is_by(author_of(eyes.viewer))
    day = clock.today(clock.now())
    return room_id, eyes.language, eyes.viewer.parts, is_own, day, _plain(line)


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
