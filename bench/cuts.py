"""Lines that are cut while a village talks: ``python -m bench.cuts --on sqlite|postgresql``.

A thousand readers, by event stream, long poll and plain asking, each cut off for 0 to 60 seconds
again and again, on four stream processes, while ten thousand things happen in their room: messages
are said, mended, hidden, shown again, taken back. In the end every reader must have exactly what
can be seen, in its newest state, each revision once and in order. The control: readers who go on
with what is newest, instead of what they had come to, must lose something.
"""

import argparse
import multiprocessing
import platform
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from multiprocessing.context import BaseContext
from pathlib import Path
from typing import Protocol

from flask import Flask
from sqlalchemy import select

from bench import databases, plain, servers
from bench.listeners import WAYS, Crowd, House, Reader, Words
from portal.core import clock
from portal.core.db import db, transaction
from portal.core.errors import Refused
from portal.core.scope import village_scope
from portal.moderation.rules import Code
from portal.rooms import mending
from portal.rooms import service as rooms
from portal.rooms.models import Author, Message

WRITERS = 200
CARELESS = 10
"""One reader in so many is the control."""
PATIENCE = 900
"""So many seconds a machine that is too small for so many may take to tell everybody."""
DEEDS = (*("say",) * 12, "edit", "edit", "hide", "hide", "restore", "take back")


@dataclass
class Talk:
    """What happens in a room, drawn from a seed."""

    app: Flask
    village_id: int
    room_id: int
    writers: Sequence[int]
    rng: random.Random
    said: list[tuple[int, int]] = field(default_factory=list)
    hidden: list[int] = field(default_factory=list)
    done: Counter[str] = field(default_factory=Counter)

    @contextmanager
    def inside(self) -> Iterator[None]:
        """Stand in the village."""
        with self.app.test_request_context(), village_scope(self.village_id):
            yield

    def go_on(self) -> int:
        """Let one thing happen, and return the room's counter."""
        deed = self.rng.choice(DEEDS)
        with self.inside():
            try:
                with transaction():
                    self.done[self._do(deed)] += 1
            except Refused as refused:  # it was hidden or taken back before
                self.done[f"{deed}: {refused.reason}"] += 1
            return rooms.revisions_of([self.room_id])[self.room_id]

    def _do(self, deed: str) -> str:
        now = clock.now()
        message_id, author = self.rng.choice(self.said) if self.said else (0, 0)
        if deed == "restore" and self.hidden:
            message_id = self.hidden.pop(self.rng.randrange(len(self.hidden)))
            rooms.set_standing(message_id, held_for=None, hidden_code=None)
        elif deed == "hide" and message_id:
            rooms.set_standing(message_id, held_for=None, hidden_code=Code.OFF_TOPIC)
            if message_id not in self.hidden:
                self.hidden.append(message_id)
        elif deed == "take back" and message_id:
            mending.take_back(message_id, author=Author(author), now=now)
        elif deed == "edit" and message_id:
            words = f"改了: <{self.rng.random():.6f}> & 大家好"
            mending.edit(message_id, body=words, author=Author(author), now=now)
        else:
            deed, number = "say", self.done["say"]
            message = rooms.send(
                self.room_id,
                body=f"第{number}句:今天 <{self.rng.random():.6f}> & 大家好",
                show_name=False,
                client_key=f"cuts-{number:06}",
                author=Author(self.writers[number % len(self.writers)]),
                badge=None,
                now=now,
            )
            self.said.append((message.id, message.resident_id))
        return deed

    def expected(self) -> dict[int, tuple[int, str]]:
        """Return what must stand on every page: the revision and the words of each line."""
        query = select(Message).where(Message.room_id == self.room_id)
        with self.inside():
            return {
                m.seq: (m.revision, m.body if m.is_shown and m.taken_back_at is None else "")
                for m in db.session.scalars(query)
            }


@dataclass
class Outcome:
    """What the readers of a process came to."""

    readers: list[Reader]
    words: Words
    faults: Counter[str]


def make_readers(cookies: Sequence[str], count: int) -> list[Reader]:
    """Return readers of every kind; one in ten is the control."""
    return [
        Reader(
            number,
            cookies[number % len(cookies)],
            way=WAYS[number % len(WAYS)],
            is_careless=number % CARELESS == 0,
        )
        for number in range(count)
    ]


def judge(outcome: Outcome, expected: dict[int, tuple[int, str]]) -> tuple[Counter[str], int]:
    """Return what is wrong with the readers' pages, and how many of the control lost something."""
    wrong: Counter[str] = Counter()
    losses = 0
    for reader in outcome.readers:
        stands = {seq: revision for seq, revision in enumerate(reader.page) if revision}
        right = {seq: revision for seq, (revision, _words) in expected.items()}
        if reader.is_careless:
            losses += stands != right
            continue
        wrong.update(reader.faults)
        if stands != right:
            wrong[f"{reader.way}: another page than can be seen"] += 1
        wrong["other words"] += sum(
            outcome.words.get((seq, revision)) != words
            for seq, (revision, words) in expected.items()
            if stands.get(seq) == revision
        )
    return +wrong, losses


def attend(pipe: Connection, crowd: Callable[[], Crowd], within: float) -> None:
    """Read in a process of its own, and send what came of it."""
    ours = crowd()
    ours.run(within=within)
    for reader in ours.readers:
        reader.line = None
    pipe.send(Outcome(ours.readers, ours.words, ours.faults))


class State(Protocol):
    """What readers must know of the talk: the newest revision, and the last as soon as it is."""

    newest: int
    last: int


class Shared:
    """The same for readers in other processes."""

    def __init__(self, context: BaseContext) -> None:
        self._newest, self._last = context.Value("q", 0), context.Value("q", 0)

    @property
    def newest(self) -> int:
        """Return the newest revision."""
        return self._newest.value

    @newest.setter
    def newest(self, revision: int) -> None:
        self._newest.value = revision

    @property
    def last(self) -> int:
        """Return the last revision, or 0 as long as they talk."""
        return self._last.value

    @last.setter
    def last(self, revision: int) -> None:
        self._last.value = revision


def talk_while_read(talk: Talk, state: State, *, events: int, rate: float) -> float:
    """Let so many things happen, so many a second; then say which was the last."""
    began = time.monotonic()
    for number in range(events):
        state.newest = talk.go_on()
        time.sleep(max(0.0, began + (number + 1) / rate - time.monotonic()))
    state.last = state.newest
    return time.monotonic() - began


def main() -> int:
    """Let them talk and read, print what came of it, and end with 1 where anything was lost."""
    parser = argparse.ArgumentParser(prog="python -m bench.cuts", description=__doc__)
    parser.add_argument("--on", choices=databases.KINDS, default="sqlite")
    parser.add_argument("--readers", type=int, default=1000)
    parser.add_argument("--processes", type=int, default=4)
    parser.add_argument("--events", type=int, default=10_000)
    parser.add_argument("--longest", type=float, default=60.0, help="seconds without a line")
    parser.add_argument("--rate", type=float, default=60.0, help="events a second")
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="cuts-")))
        database = stack.enter_context(databases.opened(args.on, folder))
        url = database.url("portal")
        people = min(args.readers, 1000) + WRITERS
        [ours] = plain.prepare(folder, url, villages=1, electors=people, named=1, voters=people)
        residents = [elector.resident_id for elector in ours.electors]
        talk = Talk(ours.app, ours.id, 0, residents[:WRITERS], random.Random(args.seed))
        with talk.inside(), transaction():
            talk.room_id = rooms.open_room().id
        code = ours.plan_address.split("/")[2]
        there = [
            stack.enter_context(
                servers.running(
                    "wsgi:app",
                    environment={**ours.environment, "PORTAL_STREAMS": group},
                    options=["--workers", str(count)],
                    settings=f"deploy/gunicorn_{group}.py",
                )
            ).port
            for group, count in (("streams", args.processes), ("pages", 1))
        ]
        room = f"/v/{code}/rooms/{talk.room_id}"
        house = House(*there, stream=f"{room}/stream", feed=f"{room}/messages")
        readers = make_readers([e.cookie for e in ours.electors[WRITERS:]], args.readers)
        context = multiprocessing.get_context("fork")  # children need nothing but sockets
        state = Shared(context)
        within = args.events / args.rate + 3 * args.longest + PATIENCE
        pipes = []
        db_free(ours.app)
        for index in range(args.processes):
            mine, theirs = context.Pipe(duplex=False)

            def crowd(index: int = index) -> Crowd:
                return Crowd(
                    house,
                    readers[index :: args.processes],
                    longest=args.longest,
                    seed=args.seed + index,
                    newest=lambda: state.newest,
                    last=lambda: state.last,
                )

            context.Process(target=attend, args=(theirs, crowd, within), daemon=True).start()
            theirs.close()
            pipes.append(mine)
        seconds = talk_while_read(talk, state, events=args.events, rate=args.rate)
        ended = time.monotonic()
        outcomes = [pipe.recv() for pipe in pipes]
        after = time.monotonic() - ended
        expected = talk.expected()
    wrong: Counter[str] = Counter()
    asked: Counter[str] = Counter()
    losses = 0
    for outcome in outcomes:
        faults, lost = judge(outcome, expected)
        wrong += faults
        losses += lost
        asked += outcome.faults
    cuts = sum(reader.cuts for outcome in outcomes for reader in outcome.readers)
    careful = sum(not reader.is_careless for reader in readers)
    print(
        f"{args.on}: {args.events} events in {seconds:.0f} s {dict(talk.done)}, {careful} readers "
        f"on {args.processes} processes, {cuts} cuts of 0 to {args.longest:.0f} s, "
        f"seed {args.seed}, Python {platform.python_version()}\n"
        f"  wrong: {dict(wrong) or 'nothing: every page is exactly what can be seen'}\n"
        f"  control, going on with the newest: {losses} of {args.readers - careful} lost some\n"
        f"  all of them were there {after:.0f} s after the last event; asked again: {dict(asked)}"
    )
    return int(bool(wrong) or not losses)


def db_free(app: Flask) -> None:
    """Let go of the database, so that no child holds a connection of ours."""
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


if __name__ == "__main__":
    sys.exit(main())
