"""Thousands who read and one who speaks, beside a bare gevent stream: ``python -m bench.fanout``.

One worker holds all readers. Measured are the memory that each costs it, how long a message takes
from its commit until a reader has it (F4: from the moment it is told), and how many pages the host
gives with and without the readers. The readers are processes of this machine, as is everything.
"""

import argparse
import http.client
import multiprocessing
import os
import platform
import resource
import selectors
import socket
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path

import psutil

from bench import databases, plain, servers
from bench.load import HOST, drive
from bench.village import Village
from portal.core import clock
from portal.core.db import db, transaction
from portal.core.scope import village_scope
from portal.rooms import service as rooms
from portal.rooms.models import Author

SESSIONS = 1000
LISTENERS = 2
WARM = 64
PAUSE = 1.5
ENDS = (b"\n\n", b"\n\n\r\n")
"""How a message ends on a bare line, and on one that gunicorn sends in chunks."""
MEMORY_AIM = DELAY_AIM = 1.5
PAGES_AIM = 0.8


@dataclass
class Figures:
    """What was measured of one server: bytes a reader, seconds until each had each message."""

    bytes_each: float = 0.0
    delays: list[float] = field(default_factory=list)
    missing: int = 0

    def at(self, share: float) -> float:
        """Return the delay in ms within which this share stayed."""
        ordered = sorted(self.delays) or [0.0]
        return 1000 * ordered[min(len(ordered) - 1, int(share * len(ordered)))]


class Crowd:
    """Idle readers in a process of their own, which note when they are told something."""

    def __init__(self, port: int, requests: Sequence[bytes]) -> None:
        self.pipe, theirs = multiprocessing.Pipe()
        context = multiprocessing.get_context("fork")
        self.process = context.Process(target=_listen, args=(theirs, port, requests), daemon=True)
        self.process.start()
        theirs.close()

    def ask(self, what: str) -> object:
        """Send a wish and return what comes back."""
        self.pipe.send(what)
        return self.pipe.recv()

    def end(self) -> None:
        """Hang all readers up."""
        self.pipe.send("end")
        self.process.join()


def _listen(pipe: Connection, port: int, requests: Sequence[bytes]) -> None:
    """Open a line for each request, then tell for each message when each reader had it."""
    ready = selectors.DefaultSelector()
    lines, refused = [], 0
    for request in requests:
        line = socket.create_connection((HOST, port), timeout=120)
        line.sendall(request)
        heard = b""
        while b"retry: " not in heard and (part := line.recv(4096)):
            heard += part
        refused += b"retry: " not in heard
        line.setblocking(False)
        ready.register(line, selectors.EVENT_READ)
        lines.append(line)
    pipe.send(refused)
    moments: dict[int, float] = {}
    begun: set[int] = set()
    while True:
        for key, _mask in ready.select(0.05):
            _hear(key, begun, moments)
        if pipe.poll():
            if pipe.recv() == "end":
                break
            pipe.send(list(moments.values()))
            moments.clear()
    for line in lines:
        line.close()


def _hear(key: selectors.SelectorKey, begun: set[int], moments: dict[int, float]) -> None:
    """Take what has come, and note when a message was there to its end."""
    part = key.fileobj.recv(65536)  # type: ignore[union-attr]
    if b"event: news" in part:
        begun.add(key.fd)
    if key.fd in begun and part.endswith(ENDS):
        begun.discard(key.fd)
        moments[key.fd] = time.monotonic()


def measure(
    served: servers.Served, requests: Sequence[bytes], say: Callable[[], float], *, messages: int
) -> tuple[Figures, list[Crowd]]:
    """Let everybody listen and one speak; the readers stay, to be hung up by whoever asked."""
    figures = Figures()
    [worker] = _workers(served.pid)
    warm = _open(served.port, requests[:WARM])
    say()
    time.sleep(PAUSE)
    for crowd in warm:
        crowd.end()
    time.sleep(PAUSE)
    before = worker.memory_info().rss
    crowds = _open(served.port, requests)
    time.sleep(PAUSE)
    figures.bytes_each = (worker.memory_info().rss - before) / len(requests)
    for _ in range(messages):
        began = say()
        heard = _gather(crowds, len(requests))
        figures.delays += [moment - began for moment in heard]
        figures.missing += len(requests) - len(heard)
    return figures, crowds


def _workers(pid: int) -> list[psutil.Process]:
    """Return the workers of a server, which listens a little before it has any."""
    until = time.monotonic() + servers.START_SECONDS
    while not (found := psutil.Process(pid).children()) and time.monotonic() < until:
        time.sleep(PAUSE / 10)
    return found


def _open(port: int, requests: Sequence[bytes]) -> list[Crowd]:
    crowds = [Crowd(port, requests[n::LISTENERS]) for n in range(LISTENERS)]
    refused = [crowd.pipe.recv() for crowd in crowds]
    if any(refused):
        raise RuntimeError(f"{refused} readers were not let in")
    return crowds


def _gather(crowds: list[Crowd], wanted: int) -> list[float]:
    """Return when each reader was told, all of them or those within ten seconds."""
    heard: list[float] = []
    until = time.monotonic() + 10
    while len(heard) < wanted and time.monotonic() < until:
        time.sleep(PAUSE / 3)
        for crowd in crowds:
            heard += crowd.ask("heard")  # type: ignore[arg-type]
    return heard


def measure_floor(readers: int, messages: int) -> Figures:
    """Measure the bare worker."""
    request = f"GET / HTTP/1.1\r\nHost: {HOST}\r\n\r\n".encode()
    with servers.running(
        "bench.floors.f4_stream:app",
        environment={},
        options=["-k", "gevent", "--workers", "1", "--worker-connections", str(2 * readers)],
        settings="bench/floors/settings.py",
    ) as served:

        def say() -> float:
            line = http.client.HTTPConnection(HOST, served.port, timeout=30)
            began = time.monotonic()
            line.request("POST", "/")
            line.getresponse().read()
            line.close()
            return began

        figures, crowds = measure(served, [request] * readers, say, messages=messages)
        for crowd in crowds:
            crowd.end()
    return figures


def measure_ours(ours: Village, readers: int, messages: int) -> tuple[Figures, float, float]:
    """Measure our worker; return also the pages a second without readers and with them."""
    with ours.app.test_request_context(), village_scope(ours.id), transaction():
        room_id = rooms.open_room().id
    path = f"/v/{ours.plan_address.split('/')[2]}/rooms/{room_id}/stream"
    cookies = [elector.cookie for elector in ours.electors]
    speakers = [elector.resident_id for elector in ours.electors]
    spoken = 0

    def say() -> float:
        nonlocal spoken
        spoken += 1
        with ours.app.test_request_context(), village_scope(ours.id):
            with transaction():
                rooms.send(
                    room_id,
                    body=f"{spoken} 早上好,今天的规划公示大家都看了吗?有空去祠堂前看看大图。",
                    show_name=False,
                    client_key=f"fanout-{spoken:06}",
                    author=Author(speakers[spoken % len(speakers)]),
                    badge=None,
                    now=clock.now(),
                )
            return time.monotonic()

    def request(number: int) -> bytes:
        cookie = cookies[number % len(cookies)]
        return f"GET {path} HTTP/1.1\r\nHost: {HOST}\r\nCookie: {cookie}\r\n\r\n".encode()

    with ExitStack() as stack:
        streams, pages = (
            stack.enter_context(
                servers.running(
                    "wsgi:app",
                    environment={**ours.environment, "PORTAL_STREAMS": group},
                    options=["--workers", str(count)],
                    settings=f"deploy/gunicorn_{group}.py",
                )
            )
            for group, count in (("streams", 1), ("pages", 2))
        )
        drive(pages.port, [ours.signed_in], seconds=2)
        alone = drive(pages.port, [ours.signed_in], seconds=6).rate()
        figures, crowds = measure(
            streams, [request(n) for n in range(readers)], say, messages=messages
        )
        beside = drive(pages.port, [ours.signed_in], seconds=6).rate()
        for crowd in crowds:
            crowd.end()
        time.sleep(PAUSE)
        after = drive(pages.port, [ours.signed_in], seconds=6).rate()
    return figures, max(alone, after), beside  # a server gets quicker while it is used


def main() -> int:
    """Measure, print, and end with 1 where an aim is missed."""
    parser = argparse.ArgumentParser(prog="python -m bench.fanout", description=__doc__)
    parser.add_argument("--on", choices=databases.KINDS, default="sqlite")
    parser.add_argument("--readers", type=int, default=5000)
    parser.add_argument("--messages", type=int, default=20)
    args = parser.parse_args()
    files = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (files, files))
    if files < args.readers + 500:
        sys.exit(f"{args.readers} readers need more open files than {files}: ulimit -n")
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="fanout-")))
        database = stack.enter_context(databases.opened(args.on, folder))
        url = database.url("portal")
        [ours] = plain.prepare(folder, url, villages=1, electors=SESSIONS, named=1)
        with ours.app.app_context():
            db.engine.dispose()
        floor = measure_floor(args.readers, args.messages)
        figures, alone, beside = measure_ours(ours, args.readers, args.messages)
    memory = figures.bytes_each / floor.bytes_each
    delay = figures.at(0.99) / floor.at(0.99)
    pages = beside / alone
    print(
        f"{args.on}, {args.readers} readers on one worker, {args.messages} messages, Python "
        f"{platform.python_version()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}\n\n"
        "| | bytes a reader | p50 ms | p99 ms | not heard |\n|---|---|---|---|---|\n"
        f"| F4, bare gevent | {floor.bytes_each:.0f} | {floor.at(0.5):.0f} | {floor.at(0.99):.0f} "
        f"| {floor.missing} |\n"
        f"| ours | {figures.bytes_each:.0f} | {figures.at(0.5):.0f} | {figures.at(0.99):.0f} "
        f"| {figures.missing} |\n"
        f"| ratio | {memory:.2f} x F4 (aim {MEMORY_AIM}) | | {delay:.2f} x F4 (aim {DELAY_AIM}) "
        "| |\n"
        f"\npages of the same host: {alone:.0f}/s without readers, {beside:.0f}/s with them: "
        f"{pages:.2f} (aim {PAGES_AIM})"
    )
    is_met = memory <= MEMORY_AIM and delay <= DELAY_AIM and pages >= PAGES_AIM
    return int(not is_met or bool(figures.missing))


if __name__ == "__main__":
    sys.exit(main())
