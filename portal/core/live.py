"""News for readers who wait: event streams, and long polls of the same.

Streams are served by processes of their own, so that readers never starve the pages. A request for
one is authorised like any other; then its line is taken from the server and held by this process's
broadcaster (`broadcasting.py`), where a reader costs a few hundred bytes and no thread. Nothing is
kept in memory that could be lost: any process of any machine can go on where another stopped.
"""

import re
import resource
import secrets
import socket
from collections.abc import Callable, Iterator
from typing import Any, Protocol

from flask import Flask, Response, current_app, request

from portal.core import broadcasting
from portal.core.broadcasting import Broadcaster
from portal.core.news import Source
from portal.core.readers import Full, Reader

LONGEST_WAIT = 30
SPARE_FILES = 256
"""So many open files are left for everything that is not a reader."""
HAND_OVER = "portal.hand_over"
"""Where a server that gives its lines away (`deploy/stream_worker.py`) says so in the environ."""

View = Callable[..., Any]
Receive = Callable[[int, bytes], None]


class Lines(Protocol):
    """A server that gives a line away: to whom, is said before the answer begins."""

    def hand_to(self, receive: Receive) -> None:
        """Give the line to this, as a file number, with the answer's head, unsent and not ended."""


def broadcaster(name: str, source: Source) -> Broadcaster:
    """Return this process's one broadcaster of the name, made when first asked for."""
    made: dict[str, Broadcaster] = current_app.extensions.setdefault("live", {})
    if name not in made:
        app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]  # werkzeug's proxy
        files = resource.getrlimit(resource.RLIMIT_NOFILE)[0] - SPARE_FILES
        new = Broadcaster(
            app,
            source,
            capacity=min(current_app.config.get("LIVE_CAPACITY", broadcasting.CAPACITY), files),
            beat=float(current_app.config.get("LIVE_BEAT", broadcasting.BEAT)),
            life=float(current_app.config.get("LIVE_LIFE", broadcasting.LIFE)),
        )
        if made.setdefault(name, new) is new:  # atomic, so two first readers share one
            current_app.extensions.setdefault("wakers", []).append(new.wake)
    return made[name]


def follow(teller: Broadcaster, *, topic: int, person: int, ticket: Any) -> Response:
    """Return an event stream of all that happens in a topic after what the reader has seen.

    `ticket` is what the source needs to know of the reader; whoever asks to `wait` gets the first
    news alone, as a fragment of a page. Raises Full.
    """
    wait = min(request.args.get("wait", 0, type=int), LONGEST_WAIT)
    reader = Reader(topic, person, ticket, seen=seen_by_reader(), wait=max(0, wait))
    response = Response(mimetype="text/html" if reader.is_once else "text/event-stream")
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Accel-Buffering"] = "no"
    _allow_pages(response)
    if request.method == "HEAD":
        return response
    teller.join(person)
    retry = f"retry: {1000 + secrets.randbelow(3000)}\n\n"  # spread, so a restart is no storm
    first = b"" if reader.is_once else retry.encode()
    place = _Place(teller, reader, first)
    lines: Lines | None = request.environ.get(HAND_OVER)
    if lines is not None:
        lines.hand_to(place.receive)
    else:
        response.response = place.copied()
    response.call_on_close(place.give_back)
    return response


class _Place:
    """The place that a reader has, until the line has come or it is known that it never will."""

    def __init__(self, teller: Broadcaster, reader: Reader, first: bytes) -> None:
        self._teller, self._reader, self._first = teller, reader, first
        self._is_taken = False

    def receive(self, line: int, head: bytes) -> None:
        """Let the broadcaster hold the line."""
        self._is_taken = True
        if self._reader.is_once:
            self._reader.head = head
        elif head:
            head += b"\r\n"
        self._teller.take(self._reader, line, b"" if self._reader.is_once else head + self._first)

    def copied(self) -> Iterator[bytes]:
        """Copy what the broadcaster says, where the server keeps its lines: it costs a thread."""
        yield self._first
        self._first = b""
        ours, theirs = socket.socketpair()
        self.receive(theirs.detach(), b"")
        with ours:
            while words := ours.recv(65536):
                yield words

    def give_back(self) -> None:
        """Give the place back if the line never came."""
        if not self._is_taken:
            self._teller.leave(self._reader.person)


def seen_by_reader() -> int:
    """Return the revision after which this reader wants news: `Last-Event-ID`, else `after`."""
    given = request.headers.get("Last-Event-ID") or request.args.get("after", "0")
    return int(given) if re.fullmatch(r"[0-9]{1,18}", given) else 0


def streams(view: View) -> View:
    """Mark the view as a stream: only processes that serve streams answer it (see `app.py`)."""
    view.is_stream = True  # type: ignore[attr-defined]  # read by app.py
    return view


def _allow_pages(response: Response) -> None:
    """Let the pages' own origin, and no other, read a stream of another port with its cookie."""
    pages = current_app.config["SETTINGS"].page_origin
    response.vary.add("Origin")
    if pages and request.headers.get("Origin") == pages:
        response.headers["Access-Control-Allow-Origin"] = pages
        response.headers["Access-Control-Allow-Credentials"] = "true"


__all__ = ["Full", "broadcaster", "follow", "seen_by_reader", "streams"]
