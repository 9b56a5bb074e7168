"""The load generator: keep-alive connections on plain sockets, each with one request under way.

It parses no more of an answer than its status and its length, so that it spends some tens of
microseconds per request and never is the bottleneck; ``bench.run`` measures its own ceiling
against a raw hello and prints it. It sends only to this machine, and stops by itself.
"""

import multiprocessing
import resource
import selectors
import socket
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import cycle
from multiprocessing.connection import Connection
from multiprocessing.synchronize import Barrier

HOST = "127.0.0.1"
CONNECTIONS = 32
GRACE_SECONDS = 60.0
GIVE_UP = 20


@dataclass
class Answers:
    """What came back: how often each outcome, and how long each answer took, in seconds."""

    seconds: float = 0.0
    outcomes: Counter[str] = field(default_factory=Counter)
    waits: list[float] = field(default_factory=list)
    answered: list[int] = field(default_factory=list)
    own_seconds: float = 0.0
    bytes_in: int = 0

    def count(self, outcome: str) -> int:
        """Tell how often an outcome happened: a status such as "200", or a reason."""
        return self.outcomes[outcome]

    def rate(self) -> float:
        """Answers per second."""
        return len(self.waits) / self.seconds if self.seconds else 0.0

    def wait_at(self, share: float) -> float:
        """Give the wait, in ms, that the given share of requests stayed within."""
        if not self.waits:
            return 0.0
        ordered = sorted(self.waits)
        return 1000 * ordered[min(len(ordered) - 1, int(share * len(ordered)))]

    def add(self, other: "Answers") -> None:
        """Take in what another process, or another round, has seen."""
        self.outcomes.update(other.outcomes)
        self.waits.extend(other.waits)
        self.answered.extend(other.answered)
        self.own_seconds += other.own_seconds
        self.bytes_in += other.bytes_in


def request_bytes(
    method: str,
    path: str,
    *,
    headers: dict[str, str] | None = None,
    body: bytes = b"",
) -> bytes:
    """Write one HTTP/1.1 request."""
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", "Accept: text/html"]
    lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
    if method == "POST":
        lines.append("Content-Type: application/x-www-form-urlencoded")
        lines.append(f"Content-Length: {len(body)}")
    return ("\r\n".join(lines) + "\r\n\r\n").encode("ascii") + body


class Caller:
    """One connection with at most one request under way."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.socket: socket.socket | None = None
        self.number = -1
        self.started = 0.0
        self.received = bytearray()
        self.length: int | None = None
        self.head = b""
        self.is_over = False

    def send(self, number: int, payload: bytes) -> socket.socket:
        """Send a request, over a new connection when the last one was closed."""
        self.number, self.started = number, time.perf_counter()
        self.received.clear()
        self.length = None
        if self.socket is None:
            self.socket = socket.create_connection((HOST, self.port), timeout=GRACE_SECONDS)
            self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket.sendall(payload)
        return self.socket

    def receive(self) -> bool:
        """Read what is there. True when the answer is complete."""
        if self.socket is None:
            raise ConnectionError("closed")
        part = self.socket.recv(262144)
        if not part:
            raise ConnectionError("closed")
        self.received += part
        if self.length is None:
            end = self.received.find(b"\r\n\r\n")
            if end < 0:
                return False
            self.head = bytes(self.received[:end]).lower()
            at = self.head.find(b"\r\ncontent-length:")
            if at < 0:
                raise ConnectionError("an answer without a length")
            self.length = end + 4 + int(self.head[at + 17 :].split(b"\r\n", 1)[0])
        return len(self.received) >= self.length

    def close(self) -> None:
        """Hang up."""
        if self.socket is not None:
            self.socket.close()
            self.socket = None


class Calls:
    """All the connections of one process, at work."""

    def __init__(
        self, port: int, requests: Iterator[tuple[int, bytes]], deadline: float | None
    ) -> None:
        self.port = port
        self.requests = requests
        self.deadline = deadline
        self.answers = Answers()
        self.ready = selectors.DefaultSelector()
        self.waiting = 0

    def go_on(self, caller: Caller) -> None:
        """Send this connection's next request, if there is one and time is left."""
        if self.deadline is not None and time.perf_counter() >= self.deadline:
            return
        for number, payload in self.requests:
            try:
                self.ready.register(caller.send(number, payload), selectors.EVENT_READ, caller)
            except OSError:
                self.answers.outcomes["not sent"] += 1
                caller.close()
                if self.answers.outcomes["not sent"] >= GIVE_UP:
                    return
            else:
                self.waiting += 1
                return

    def take(self, caller: Caller) -> bool:
        """Read what has come for this connection. True when its request is over."""
        try:
            if not caller.receive():
                return False
        except (OSError, ValueError):
            self.answers.outcomes["cut off"] += 1
            caller.is_over = True
            return True
        answers = self.answers
        status = caller.head[9:12].decode("ascii", "replace")
        answers.waits.append(time.perf_counter() - caller.started)
        answers.outcomes[status] += 1
        answers.bytes_in += len(caller.received)
        if status[0] in "23":
            answers.answered.append(caller.number)
        caller.is_over = b"\r\nconnection: close" in caller.head
        return True

    def run(self, connections: int) -> Answers:
        """Send requests until there are no more, or until the deadline."""
        callers = [Caller(self.port) for _ in range(connections)]
        began, own = time.perf_counter(), _own_seconds()
        for caller in callers:
            self.go_on(caller)
        while self.waiting:
            events = self.ready.select(timeout=GRACE_SECONDS)
            if not events:
                self.answers.outcomes["no answer"] += self.waiting
                break
            for key, _ in events:
                caller = key.data
                if self.take(caller):
                    self.waiting -= 1
                    self.ready.unregister(key.fileobj)
                    if caller.is_over:
                        caller.close()
                    self.go_on(caller)
        self.answers.seconds = time.perf_counter() - began
        self.answers.own_seconds = _own_seconds() - own
        for caller in callers:
            caller.close()
        return self.answers


def _own_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def _process(
    pipe: Connection,
    together: Barrier,
    port: int,
    payloads: list[tuple[int, bytes]],
    connections: int,
    seconds: float | None,
) -> None:
    together.wait()
    deadline = None if seconds is None else time.perf_counter() + seconds
    requests = iter(payloads) if seconds is None else cycle(payloads)
    pipe.send(Calls(port, requests, deadline).run(connections))


def drive(
    port: int,
    payloads: Sequence[bytes],
    *,
    seconds: float | None,
    connections: int = CONNECTIONS,
    processes: int = 2,
) -> Answers:
    """Load a server on this machine and tell what came back.

    With ``seconds`` the payloads are repeated for that long; with None each is sent exactly once.
    ``answered`` then holds the numbers of the payloads that were answered with 2xx or 3xx.
    """
    context = multiprocessing.get_context("fork")  # children need nothing but sockets
    together = context.Barrier(processes + 1)
    numbered = list(enumerate(payloads))
    pipes, workers = [], []
    for index in range(processes):
        share = numbered[index::processes] if seconds is None else numbered
        mine, theirs = context.Pipe(duplex=False)
        worker = context.Process(
            target=_process,
            args=(theirs, together, port, share, connections // processes, seconds),
        )
        worker.start()
        theirs.close()
        pipes.append(mine)
        workers.append(worker)
    together.wait()
    total = Answers()
    for pipe, worker in zip(pipes, workers, strict=True):
        answers = pipe.recv()
        total.add(answers)
        total.seconds = max(total.seconds, answers.seconds)
        worker.join()
    return total
