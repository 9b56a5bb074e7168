"""News for readers who wait: one thread per process asks the database, the readers sleep.

Streams are served by processes of their own, so that readers never starve the pages. A feature
names what is counted (`Watcher.ask`: the revision of each room); a reader sleeps until the counter
of his topic has passed what he has seen, then runs the same query as the feed. Nothing is kept in
memory that could be lost: any process of any machine can go on where another stopped.
"""

import re
import secrets
import threading
import time
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from flask import Flask, Response, current_app, request, stream_with_context
from sqlalchemy.exc import SQLAlchemyError

from portal.core.db import db

TICK = 0.4
BEAT = 15.0
LIFE = 600.0
LONGEST_PAUSE = 10.0
CAPACITY = 240
EACH = 8

Ask = Callable[[Collection[int]], Mapping[int, int]]
View = Callable[..., Any]


class Full(Exception):
    """No place for one more reader; he asks the feed instead."""


@dataclass(frozen=True)
class News:
    """One thing a reader is told: the counter at which it happened, and a fragment of a page."""

    revision: int
    html: str


class Watcher:
    """Counters of the topics that have readers in this process, and the readers who wait."""

    def __init__(self, app: Flask, ask: Ask, *, tick: float = TICK, capacity: int = CAPACITY):
        self._app = app
        self._ask = ask
        self.tick = tick
        self._capacity = capacity
        self._lock = threading.Lock()
        self._changed: dict[int, threading.Condition] = {}
        self._readers: Counter[int] = Counter()
        self._persons: Counter[int] = Counter()
        self._counters: dict[int, int] = {}
        self._thread: threading.Thread | None = None

    def join(self, topic: int, person: int) -> None:
        """Take a place for this person's reader, or raise Full."""
        with self._lock:
            if self._readers.total() >= self._capacity or self._persons[person] >= EACH:
                raise Full
            self._readers[topic] += 1
            self._persons[person] += 1
            self._changed.setdefault(topic, threading.Condition(self._lock))
            if self._thread is None:
                self._thread = threading.Thread(target=self._watch, name="live", daemon=True)
                self._thread.start()

    def leave(self, topic: int, person: int) -> None:
        """Give the place back."""
        with self._lock:
            for counted, key in ((self._readers, topic), (self._persons, person)):
                counted[key] -= 1
                if counted[key] <= 0:
                    del counted[key]
            if topic not in self._readers:
                self._changed.pop(topic, None)
                self._counters.pop(topic, None)

    def wait(self, topic: int, *, after: int, timeout: float) -> bool:
        """Sleep until the topic's counter has passed `after`; False when the time is over."""
        with self._lock:
            return self._changed[topic].wait_for(
                lambda: self._counters.get(topic, 0) > after, timeout
            )

    def count_readers(self) -> int:
        """Return how many readers have a place."""
        with self._lock:
            return self._readers.total()

    def _watch(self) -> None:
        """Ask for the counters, one query a tick, as long as somebody reads."""
        pause = self.tick
        while topics := self._topics():
            try:
                with self._app.app_context():
                    found = self._ask(topics)
                pause = self.tick
            except SQLAlchemyError:  # the database is away: readers keep their place and wait
                self._app.logger.warning("the counters could not be read", exc_info=True)
                found, pause = {}, min(2 * pause, LONGEST_PAUSE)
            with self._lock:
                for topic, counter in found.items():
                    if topic in self._readers and self._counters.get(topic) != counter:
                        self._counters[topic] = counter
                        self._changed[topic].notify_all()
            time.sleep(pause)

    def _topics(self) -> list[int]:
        with self._lock:
            if not self._readers:
                self._thread = None
            return list(self._readers)


def watcher(name: str, ask: Ask) -> Watcher:
    """Return this process's one watcher of the name, made when first asked for."""
    watchers: dict[str, Watcher] = current_app.extensions.setdefault("live", {})
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]  # werkzeug's proxy
    made = Watcher(
        app,
        ask,
        tick=current_app.config.get("LIVE_TICK", TICK),
        capacity=current_app.config.get("LIVE_CAPACITY", CAPACITY),
    )
    return watchers.setdefault(name, made)  # atomic, so two first readers share one


def follow(
    watching: Watcher,
    *,
    topic: int,
    person: int,
    after: int,
    read: Callable[[int], list[News]],
    may_read: Callable[[], bool],
) -> Response:
    """Return an event stream of all that `read` gives after a revision, now and later.

    The right to read is asked again before anything is told and at each heartbeat. No database
    session is held while the reader waits or a slow line is written to. Raises Full.
    """
    watching.join(topic, person)
    beat = float(current_app.config.get("LIVE_BEAT", BEAT))
    ends = time.monotonic() + float(current_app.config.get("LIVE_LIFE", LIFE))

    def tell() -> Iterator[str]:
        seen, woken = after, False
        db.session.remove()
        yield f"retry: {1000 + secrets.randbelow(3000)}\n\n"  # spread, so a restart is no storm
        while True:
            if not may_read():
                db.session.remove()
                yield as_event("end", seen, "")
                return
            fresh = read(seen)
            db.session.remove()
            for news in fresh:
                seen = max(seen, news.revision)
                yield as_event("news", news.revision, news.html)
            left = ends - time.monotonic()
            if left <= 0:
                return
            if fresh:
                woken = False
                continue
            if woken:  # the counter moved, yet there is nothing to tell: do not spin on it
                time.sleep(watching.tick)
            woken = watching.wait(topic, after=seen, timeout=min(beat, left))
            if not woken:
                yield ": still here\n\n"

    response = Response(stream_with_context(tell()), mimetype="text/event-stream")
    response.call_on_close(lambda: watching.leave(topic, person))
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Accel-Buffering"] = "no"
    _allow_pages(response)
    return response


def as_event(kind: str, revision: int, html: str) -> str:
    """Write one event; whatever line ends the content has, it stays inside its `data`."""
    lines = "".join(f"data: {line}\n" for line in re.split(r"\r\n|\r|\n", html))
    return f"id: {revision}\nevent: {kind}\n{lines}\n"


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
