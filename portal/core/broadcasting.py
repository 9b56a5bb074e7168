"""One thread per process holds the lines of all readers, and tells them what is new.

A reader is authorised like any request; then the line is taken from the server and put here, and
nothing of the request stays behind. When a counter moves, what is new is read once for each topic
and revision, written once for each kind of reader, and sent to all of them. Who may still read is
asked for many at once, before anything is told and at every beat. Nothing is kept here that could
be lost: a line that is cut, too slow or over is taken up again from the revision it had come to.
"""

import heapq
import os
import secrets
import selectors
import threading
import time
from bisect import bisect_left
from collections import deque
from collections.abc import Hashable, Iterator, Mapping, Sequence
from contextlib import suppress
from itertools import count
from typing import Any

from flask import Flask

from portal.core import waking
from portal.core.news import Found, News, Source, answer, as_event, as_feed, as_stream
from portal.core.readers import Places, Reader

BEAT = 15.0
LIFE = 600.0
FIRST_PAUSE, LONGEST_PAUSE = 0.4, 10.0
CAPACITY = 20_000
AT_ONCE = 500
"""So many readers are asked about with one query."""
NEAR = 100
"""Whoever is fewer revisions behind counts as listening."""


class Broadcaster:
    """The readers of one source in this process, and the thread that tells them."""

    def __init__(
        self,
        app: Flask,
        source: Source,
        *,
        capacity: int = CAPACITY,
        beat: float = BEAT,
        life: float = LIFE,
    ) -> None:
        self._app, self._source = app, source
        self._beat, self._life = beat, life
        self._lock = threading.Lock()
        self._places = Places(capacity)
        self._arrived: deque[Reader] = deque()
        self._topics: dict[int, set[Reader]] = {}
        self._beats: list[tuple[float, int, Reader]] = []  # a heap: who is due first
        self._number = count()
        self._counters: dict[int, int] = {}
        self._restless: set[int] = set()
        self._has_moved = True
        self._bell = -1
        self._thread: threading.Thread | None = None
        self._last: threading.Thread | None = None
        self._selector: selectors.BaseSelector
        self._ear: waking.Ear | None = None
        self._ear_line = -1
        self._stages: dict[int, int] = {}
        self._asks_at = self._pause = 0.0

    # --- from the threads of requests ---------------------------------------------------------

    def join(self, person: int) -> None:
        """Take a place for this person's reader, or raise Full."""
        with self._lock:
            self._places.take(person)
            if self._thread is None:
                heard, self._bell = os.pipe()
                for end in (heard, self._bell):
                    os.set_blocking(end, False)
                self._thread = self._last = threading.Thread(
                    target=self._run, args=(heard, self._last), name="live", daemon=True
                )
                self._thread.start()

    def leave(self, person: int) -> None:
        """Give the place back where the reader never came."""
        with self._lock:
            self._places.leave(person)
        self._ring()

    def take(self, reader: Reader, line: int, first: bytes = b"") -> None:
        """Hold this line from now on; `first` is what the reader hears at once."""
        os.set_blocking(line, False)
        reader.line, reader.unsent = line, first
        self._arrived.append(reader)
        self._ring()

    def wake(self) -> None:
        """Ask for the counters now."""
        self._has_moved = True
        self._ring()

    def count_readers(self) -> int:
        """Return how many have a place."""
        return self._places.taken

    @property
    def is_at_work(self) -> bool:
        """Tell whether its thread runs: it does as long as anybody has a place."""
        return self._thread is not None

    def _ring(self) -> None:
        with self._lock:
            if self._bell >= 0:
                with suppress(BlockingIOError):  # it rings already
                    os.write(self._bell, b"!")

    # --- in the thread of the broadcaster -----------------------------------------------------

    def _run(self, heard: int, before: threading.Thread | None) -> None:
        if before is not None:
            before.join()  # it lets go of what it held
        self._selector = selectors.DefaultSelector()
        self._selector.register(heard, selectors.EVENT_READ)
        self._has_moved, self._asks_at, self._pause = True, 0.0, 0.0
        try:
            while self._is_wanted():
                try:
                    self._turn(heard)
                except Exception:
                    self._app.logger.exception("all readers are sent away: they come again")
                    for reader in [r for readers in self._topics.values() for r in readers]:
                        self._drop(reader)
                    time.sleep(FIRST_PAUSE)
        finally:
            self._close_ear()
            self._selector.close()
            os.close(heard)

    def _is_wanted(self) -> bool:
        with self._lock:
            if self._places.taken:
                return True
            os.close(self._bell)
            self._bell, self._thread = -1, None
            return False

    def _turn(self, heard: int) -> None:
        for key, mask in self._selector.select(self._patience()):
            if isinstance(key.data, Reader):
                self._attend(key.data, mask)
            elif key.fd == heard:
                os.read(heard, 4096)
        while self._arrived:
            self._welcome(self._arrived.popleft())
        if time.monotonic() < self._asks_at and self._pause:
            return  # the database is away: readers keep their place and wait
        try:
            if self._hears_of_something() or self._restless:
                self._look()
            self._keep_time()
            self._pause = 0.0
        except waking.FAULTS:
            self._app.logger.warning("the readers could not be told", exc_info=True)
            self._has_moved = True
            self._pause = min(2 * self._pause or FIRST_PAUSE, LONGEST_PAUSE)
            self._asks_at = time.monotonic() + self._pause
            self._close_ear()

    def _patience(self) -> float:
        """Return how long nothing is to be done unless somebody rings or speaks."""
        now = time.monotonic()
        if self._pause:
            return max(0.0, self._asks_at - now)
        if self._restless or self._has_moved:
            return 0.0
        due = [self._asks_at, now + (self._ear.tick if self._ear else 0.0)]
        if self._beats:
            due.append(self._beats[0][0])
        return max(0.0, min(due) - now)

    def _hears_of_something(self) -> bool:
        """Tell whether a counter may have moved since the last time."""
        if self._ear is None:
            with self._app.app_context():
                self._ear = waking.open_own_ear()
            self._ear_line = self._ear.fileno()
            if self._ear_line >= 0:
                self._selector.register(self._ear_line, selectors.EVENT_READ)
            self._has_moved = True
        now = time.monotonic()
        has_moved = self._ear.has_moved() or self._has_moved or now >= self._asks_at
        if has_moved:
            self._has_moved, self._asks_at = False, now + waking.NET_TICK
        return has_moved

    def _close_ear(self) -> None:
        if self._ear is not None:
            if self._ear_line >= 0:  # kept: a connection that is lost no longer tells its number
                self._selector.unregister(self._ear_line)
            with suppress(Exception):
                self._ear.close()
            self._ear, self._ear_line = None, -1

    def _welcome(self, reader: Reader) -> None:
        now = time.monotonic()
        life = reader.wait if reader.is_once else self._life * (0.9 + secrets.randbelow(200) / 1000)
        reader.ends_at = now + life
        self._beat_later(reader, now)
        self._selector.register(reader.line, selectors.EVENT_READ, reader)
        self._topics.setdefault(reader.topic, set()).add(reader)
        self._restless.add(reader.topic)
        if reader.unsent:
            self._send(reader, reader.unsent)

    def _attend(self, reader: Reader, mask: int) -> None:
        """Send what a line can take again, and let go of whoever has hung up."""
        if reader.line < 0:
            return
        if mask & selectors.EVENT_READ and not reader.hears():
            self._drop(reader)
        elif mask & selectors.EVENT_WRITE:
            self._after(reader, reader.go_on())

    def _send(self, reader: Reader, words: bytes) -> None:
        self._after(reader, reader.send(words))

    def _after(self, reader: Reader, is_there: bool) -> None:
        """Wait until the line takes more, or go on with whoever has heard all."""
        if not is_there or (reader.is_over and not reader.unsent):
            self._drop(reader)
        elif bool(reader.unsent) != reader.waits:
            reader.waits = bool(reader.unsent)
            mask = selectors.EVENT_READ | (selectors.EVENT_WRITE if reader.waits else 0)
            self._selector.modify(reader.line, mask, reader)
            if not reader.waits:
                self._restless.add(reader.topic)

    def _end(self, reader: Reader, words: bytes = b"") -> None:
        """Say the last words, and close the line when they are heard."""
        reader.is_over = True
        if words:
            self._send(reader, words)
        else:
            self._drop(reader)

    def _drop(self, reader: Reader) -> None:
        if reader.line < 0:
            return
        self._selector.unregister(reader.line)
        os.close(reader.line)
        reader.line = -1
        readers = self._topics[reader.topic]
        readers.discard(reader)
        if not readers:
            del self._topics[reader.topic]
            self._counters.pop(reader.topic, None)
            self._stages.pop(reader.topic, None)
        with self._lock:
            self._places.leave(reader.person)

    def _look(self) -> None:
        """Tell the readers of every topic that has moved what they have not heard."""
        restless, self._restless = self._restless, set()
        if not self._topics:
            return
        try:
            with self._app.app_context():
                counters = self._source.counters(list(self._topics))
            for topic, counter in counters.items():
                if counter == self._counters.get(topic) and topic not in restless:
                    continue
                if not self._tell_topic(topic, counter):
                    self._restless.add(topic)
                self._counters[topic] = counter
        except BaseException:
            self._restless |= restless
            raise

    def _tell_topic(self, topic: int, counter: int) -> bool:
        """Tell the readers of this topic what they have not heard; False when there is more.

        Whoever was away is told in stages, from the furthest behind up to the newest and round
        again: one reading is for all whom it reaches, and nobody waits for who comes after them.
        Whoever listens waits for none of that.
        """
        behind = [
            reader
            for reader in self._topics.get(topic, ())
            if reader.seen < counter and not reader.unsent and not reader.is_over
        ]
        behind.sort(key=lambda reader: reader.seen)
        first = bisect_left(behind, counter - NEAR, key=lambda reader: reader.seen)
        is_done = self._tell(behind[first:], counter)
        away = behind[:first]
        next_one = bisect_left(away, self._stages.get(topic, 0), key=lambda reader: reader.seen)
        stage = away[next_one:] or away
        is_done = self._tell(stage, counter) and len(stage) == len(away) and is_done
        self._stages[topic] = stage[0].seen if stage else 0
        return is_done

    def _tell(self, behind: list[Reader], counter: int) -> bool:
        """Tell these what happened since the first of them was told; False when there is more."""
        if not behind:
            return True
        readers = [reader for reader in behind if reader.seen == behind[0].seen]
        try:
            with self._app.app_context():
                found = self._source.read(behind[0].ticket, behind[0].seen)
            upto = max(found.upto, counter) if found.is_whole else found.upto
            readers = behind[: bisect_left(behind, upto, key=lambda reader: reader.seen)]
            for some in _some(readers):
                self._tell_these(some, found, upto)
        except waking.FAULTS:
            raise
        except Exception:
            self._app.logger.exception("news could not be written: their readers ask the feed")
            for reader in readers:
                self._drop(reader)
            return len(readers) == len(behind)
        return found.is_whole

    def _tell_these(self, readers: list[Reader], found: Found, upto: int) -> None:
        """Tell each of these what of this they have not heard, if they may still read."""
        written: dict[Hashable, Sequence[News]] = {}
        told: dict[Hashable, bytes] = {}
        admitted = self._admit(readers)
        for reader in readers:
            eyes = admitted.get(reader.ticket)
            if eyes is None:
                self._send_off(reader)
                continue
            kind = self._source.kind(found, eyes)
            if kind not in written:
                with self._app.app_context():
                    written[kind] = self._source.write(reader.ticket, found, eyes)
            key = (reader.is_once, reader.seen, kind)
            if key not in told:
                news = [one for one in written[kind] if one.revision > reader.seen]
                told[key] = as_feed(news) if reader.is_once else as_stream(news, upto)
            reader.seen = upto
            if reader.is_once and told[key]:
                self._end(reader, answer(reader.head, told[key]))
            elif told[key]:
                self._send(reader, told[key])

    def _admit(self, readers: Sequence[Reader]) -> Mapping[Any, Any]:
        """Ask who may still read; whoever cannot be asked about is let go of, and nobody else."""
        try:
            with self._app.app_context():
                return self._source.admit({reader.ticket for reader in readers})
        except waking.FAULTS:
            raise
        except Exception:
            half = len(readers) // 2
            if half:
                return {**self._admit(readers[:half]), **self._admit(readers[half:])}
            self._app.logger.exception("a reader could not be asked about: they come again")
            for reader in readers:
                self._drop(reader)
            return {}

    def _send_off(self, reader: Reader) -> None:
        """Tell one who may read no longer, and nothing else."""
        if reader.line >= 0:
            is_once = reader.is_once
            self._end(reader, b"" if is_once else as_event("end", reader.seen, "").encode())

    def _keep_time(self) -> None:
        """Let those hear a beat whose time it is: the line is open, and they may still read."""
        now = time.monotonic()
        due = []
        while self._beats and self._beats[0][0] <= now:
            reader = heapq.heappop(self._beats)[2]
            if reader.line >= 0:
                due.append(reader)
        try:
            for some in _some(due):
                admitted = self._admit([reader for reader in some if not reader.unsent])
                for reader in some:
                    self._beat_for(reader, reader.ticket in admitted, now)
        finally:
            for reader in due:
                if reader.line >= 0:
                    self._beat_later(reader, now)

    def _beat_for(self, reader: Reader, is_admitted: bool, now: float) -> None:
        if reader.unsent and reader.is_late:
            self._drop(reader)  # too slow: they come again
        elif reader.ends_at <= now:
            self._end(reader, answer(reader.head, b""))
        elif reader.unsent:
            reader.is_late = True
        elif not is_admitted:
            self._send_off(reader)
        elif not reader.is_once:
            self._send(reader, b": still here\n\n")

    def _beat_later(self, reader: Reader, now: float) -> None:
        at = now + self._beat
        if reader.is_once and now < reader.ends_at:
            at = min(at, reader.ends_at)
        heapq.heappush(self._beats, (at, next(self._number), reader))


def _some(readers: list[Reader]) -> Iterator[list[Reader]]:
    for first in range(0, len(readers), AT_ONCE):
        yield readers[first : first + AT_ONCE]
