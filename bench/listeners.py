"""Readers of event streams: many lines in one process, cut off and taken up again as told.

They read as a browser does: each event is whole or not there, and whoever comes again names the
last one that was. What a line of the room says is kept once for all readers of a process.
"""

import heapq
import html
import random
import re
import selectors
import socket
import time
from array import array
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count

from bench.load import HOST

LINE = re.compile(
    r'<li class="line[^>]*data-seq="(\d+)" data-revision="(\d+)"'
    r'.*?<p class="said([^"]*)">(.*?)</p>',
    re.S,
)
RETRY = 0.2
PATIENCE = 30.0
WAYS = ("stream", "stream", "stream", "poll", "feed")
Words = dict[tuple[int, int], str]


def shown(fragment: str) -> list[tuple[int, int, str]]:
    """Return number, revision and words of the lines in a fragment of the page; "" where hidden."""
    return [
        (int(seq), int(revision), "" if "soft" in kind else html.unescape(words))
        for seq, revision, kind, words in LINE.findall(fragment)
    ]


@dataclass
class Reader:
    """One reader: how they ask, what they have come to, and what stands on their page."""

    number: int
    cookie: str
    way: str = "stream"
    is_careless: bool = False
    seen: int = 0
    page: "array[int]" = field(default_factory=lambda: array("l"))
    cuts: int = 0
    faults: Counter[str] = field(default_factory=Counter)
    line: socket.socket | None = None
    received: bytearray = field(default_factory=bytearray)
    is_answered: bool = False
    length: int | None = None
    life: int = 0

    def put(self, seq: int, revision: int) -> None:
        """Let the line stand on the page, in its newest state."""
        if seq >= len(self.page):
            self.page.extend([0] * (seq + 1 - len(self.page)))
        self.page[seq] = max(self.page[seq], revision)


@dataclass(frozen=True)
class House:
    """Where readers ask: the ports, and the addresses of one room."""

    streams: int
    pages: int
    stream: str
    feed: str


class Crowd:
    """The readers of one process, at work until each has come to the last revision."""

    def __init__(
        self,
        house: House,
        readers: list[Reader],
        *,
        longest: float,
        seed: int,
        newest: Callable[[], int],
        last: Callable[[], int],
    ) -> None:
        self.house, self.readers, self.longest = house, readers, longest
        self.newest, self.last = newest, last
        self.rng = random.Random(seed)
        self.words: Words = {}
        self.faults: Counter[str] = Counter()
        self.ready = selectors.DefaultSelector()
        self.moments: list[tuple[float, int, Callable[[], None]]] = []
        self.number = count()

    def run(self, *, within: float) -> None:
        """Read until everybody has come to the last revision, or the time is over."""
        until = time.monotonic() + within
        for reader in self.readers:
            self.later(self.rng.uniform(0, min(1.0, self.longest)), self.connect, reader)
        while time.monotonic() < until and not self.is_over():
            wait = self.moments[0][0] - time.monotonic() if self.moments else 0.05
            for key, _mask in self.ready.select(max(0.0, min(wait, 0.05))):
                self.attend(key.data)
            while self.moments and self.moments[0][0] <= time.monotonic():
                heapq.heappop(self.moments)[2]()
        for reader in self.readers:
            self.hang_up(reader)

    def is_over(self) -> bool:
        """Tell whether everybody has come to the last revision."""
        last = self.last()
        return bool(last) and all(reader.seen >= last for reader in self.readers)

    def later(self, wait: float, deed: Callable[[Reader], None], reader: Reader) -> None:
        """Do this in so many seconds, unless the reader's line is another one by then."""
        life = reader.life

        def do() -> None:
            if reader.life == life:
                deed(reader)

        heapq.heappush(self.moments, (time.monotonic() + wait, next(self.number), do))

    def connect(self, reader: Reader) -> None:
        """Ask for all that happened after what the reader has seen, unless that was the last."""
        self.hang_up(reader)
        if 0 < self.last() <= reader.seen:
            return
        if reader.is_careless and reader.cuts:
            reader.seen = max(reader.seen, self.newest())  # the control: it goes on at the newest
        port = self.house.pages if reader.way == "feed" else self.house.streams
        path = self.house.feed if reader.way == "feed" else self.house.stream
        query = f"?after={reader.seen}" + ("&wait=5" if reader.way == "poll" else "")
        head = f"GET {path}{query} HTTP/1.1\r\nHost: {HOST}\r\nCookie: {reader.cookie}\r\n"
        reader.received.clear()
        reader.is_answered, reader.length = False, None
        try:
            reader.line = socket.create_connection((HOST, port), timeout=PATIENCE)
            reader.line.sendall(f"{head}Connection: close\r\n\r\n".encode())
            reader.line.setblocking(False)
        except OSError:
            self.again(reader, "not let in")
            return
        self.ready.register(reader.line, selectors.EVENT_READ, reader)
        if self.longest and not self.last():
            self.later(self.rng.uniform(0, self.longest), self.cut, reader)

    def cut(self, reader: Reader) -> None:
        """Cut the line off, in the middle of whatever is said, and stay away for a while."""
        if self.last():
            return
        reader.cuts += 1
        self.hang_up(reader)
        self.later(self.rng.uniform(0, self.longest), self.connect, reader)

    def again(self, reader: Reader, why: str = "") -> None:
        """Ask again soon."""
        if why:
            self.faults[why] += 1
        self.hang_up(reader)
        self.later(RETRY * self.rng.uniform(0.5, 2), self.connect, reader)

    def hang_up(self, reader: Reader) -> None:
        """Let go of the line."""
        reader.life += 1
        if reader.line is not None:
            if reader.line.fileno() in self.ready.get_map():
                self.ready.unregister(reader.line)
            reader.line.close()
            reader.line = None

    def attend(self, reader: Reader) -> None:
        """Take what has come."""
        if reader.line is None:
            return
        try:
            part = reader.line.recv(262144)
        except OSError:
            part = b""
        reader.received += part
        if reader.is_answered or self._is_answered(reader):
            self._read(reader, is_over=not part)
        elif not part:
            self.again(reader, "no answer")

    def _read(self, reader: Reader, *, is_over: bool) -> None:
        if reader.way == "stream":
            *events, rest = bytes(reader.received).split(b"\n\n")
            reader.received[:] = rest
            for event in events:
                self._hear(reader, event.decode())
        elif reader.length is None or len(reader.received) >= reader.length:
            if reader.length is not None:
                self._take(reader, reader.received[: reader.length].decode())
            self.again(reader, "" if reader.length is not None else "no length")
            return
        if is_over:
            self.again(reader)

    def _is_answered(self, reader: Reader) -> bool:
        end = reader.received.find(b"\r\n\r\n")
        if end < 0:
            return False
        head = reader.received[:end].decode("latin-1").lower()
        del reader.received[: end + 4]
        if " 200 " not in head.split("\r\n", 1)[0]:
            self.again(reader, f"answered {head[9:12]}")
            return False
        length = re.search(r"\r\ncontent-length: (\d+)", head)
        reader.length = int(length[1]) if length else None
        reader.is_answered = True
        return True

    def _hear(self, reader: Reader, event: str) -> None:
        facts: dict[str, str] = {}
        data = []
        for line in event.split("\n"):
            name, _, value = line.partition(": ")
            if name == "data" or line == "data:":
                data.append(value)
            else:
                facts[name] = value
        if facts.get("event") == "end":
            reader.faults["sent away"] += 1
        self._take(reader, "\n".join(data))
        if "id" in facts:
            reader.seen = max(reader.seen, int(facts["id"]))

    def _take(self, reader: Reader, fragment: str) -> None:
        before = reader.seen
        for seq, revision, words in shown(fragment):
            if revision <= before:
                reader.faults["out of order, or twice"] += 1
            before = revision
            if self.words.setdefault((seq, revision), words) != words:
                reader.faults["two readers were told different words"] += 1
            reader.put(seq, revision)
            reader.seen = max(reader.seen, revision)
