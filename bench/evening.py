"""A county's evening: a hundred villages vote at once, on two cores: ``python -m bench.evening``.

A hundred villages of a thousand electors; three in ten vote within ten minutes: 50 voters a second.
By default two minutes of it, at the same rate. Half the villages vote with names, half sealed. Each
voter comes over a new connection at a moment drawn beforehand, whether or not the house keeps up,
and asks for every page on the way: ballot, paper, question back, cast, receipt. The house is awake:
its workers have served a page before. Web workers and the database have two cores; the voters use
the others. What pages ask for beside (style, scripts) is left out: phones keep it, and nginx serves
it.
"""

import argparse
import os
import platform
import queue
import random
import re
import sys
import tempfile
import threading
import time
from collections import Counter, defaultdict
from contextlib import ExitStack
from http.client import HTTPConnection, HTTPException, HTTPResponse
from pathlib import Path
from urllib.parse import urlencode

import psutil

from bench import databases, plain, polls, servers
from bench.databases import Postgres
from bench.load import HOST
from bench.polls import Elector, OpenBallot
from bench.village import Village

WANTED_MS = 1500
RATE = 50.0
VOTERS_AT_ONCE = 96
WAKING = 24
KEY = re.compile(rb'name="key"[^>]*value="([^"]+)"')
Waits = dict[str, list[float]]


class Visit:
    """One voter's way from the ballot's page to the receipt."""

    def __init__(self, port: int, ballot: OpenBallot, elector: Elector, due: float) -> None:
        self.connection = HTTPConnection(HOST, port, timeout=60)
        self.ballot, self.elector, self.since = ballot, elector, due
        self.waits: list[tuple[str, float]] = []

    def ask(
        self, what: str, path: str, sent: dict[str, str] | None = None, *, wanted: int = 200
    ) -> tuple[HTTPResponse, bytes]:
        """Send one request, and note how long it took; the first since the voter came."""
        headers = {"Cookie": self.elector.cookie}
        if sent is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        body = None if sent is None else urlencode(sent)
        self.connection.request("GET" if sent is None else "POST", path, body, headers)
        answer = self.connection.getresponse()
        content = answer.read()
        now = time.monotonic()
        self.waits.append((what, now - self.since))
        self.since = now
        if answer.status != wanted:
            raise RuntimeError(f"{what}: {answer.status}")
        return answer, content

    def vote(self) -> None:
        """Go all the way."""
        base = self.ballot.address.rsplit("/", 1)[0]
        self.ask("ballot", base)
        if self.ballot.is_sealed:
            self.ask("paper", f"{base}/sealed")
            self.ask("cast, sealed", self.ballot.address, polls.paper(self.ballot, self.elector))
            return
        _answer, page = self.ask("paper", f"{base}/vote")
        sent = polls.paper(self.ballot, self.elector)
        found = KEY.search(page)
        sent["key"] = found[1].decode() if found else sent["key"]
        self.ask("question back", f"{base}/confirm", sent)
        answer, _page = self.ask("cast, with a name", self.ballot.address, sent, wanted=303)
        self.ask("receipt", answer.headers["Location"])


def evening(
    port: int, coming: list[tuple[float, OpenBallot, Elector]]
) -> tuple[Waits, Counter[str], float]:
    """Let everybody come at their moment; return the waits by page, and what went wrong."""
    line: queue.SimpleQueue[tuple[float, OpenBallot, Elector]] = queue.SimpleQueue()
    for one in coming:
        line.put(one)
    waits: Waits = defaultdict(list)
    faults: Counter[str] = Counter()
    began = time.monotonic()

    def work() -> None:
        while True:
            try:
                due, ballot, elector = line.get_nowait()
            except queue.Empty:
                return
            time.sleep(max(0.0, began + due - time.monotonic()))
            visit = Visit(port, ballot, elector, began + due)
            try:
                visit.vote()
            except (OSError, HTTPException, RuntimeError) as error:
                faults[f"{type(error).__name__} {error}"] += 1
            finally:
                visit.connection.close()
            for what, wait in visit.waits:
                waits[what].append(wait)

    threads = [threading.Thread(target=work) for _ in range(VOTERS_AT_ONCE)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return waits, faults, time.monotonic() - began


def wake(port: int, villages: list[Village]) -> None:
    """Look at pages until every worker has served each once: a house that runs is not cold."""
    for ours in villages[:WAKING]:
        for path in ("", "/sealed" if ours.ballots[0].is_sealed else "/vote"):
            visit = Visit(port, ours.ballots[0], ours.electors[0], time.monotonic())
            visit.ask("waking", visit.ballot.address.rsplit("/", 1)[0] + path)
            visit.connection.close()


def arrivals(
    villages: list[Village], *, rate: float, seconds: float, seed: int
) -> list[tuple[float, OpenBallot, Elector]]:
    """Draw who comes when: in no order, `rate` a second on average."""
    rng = random.Random(seed)
    pairs = [(ours.ballots[0], elector) for ours in villages for elector in ours.electors]
    rng.shuffle(pairs)
    moments = sorted(rng.uniform(0, seconds) for _ in range(int(rate * seconds)))
    return [(at, *pair) for at, pair in zip(moments, pairs, strict=False)]


def at(share: float, waits: list[float]) -> float:
    """Return the wait in ms within which this share stayed."""
    return 1000 * sorted(waits)[min(len(waits) - 1, int(share * len(waits)))]


def main() -> int:
    """Measure, print, and end with 1 where 95 of 100 answers took longer than wanted."""
    parser = argparse.ArgumentParser(prog="python -m bench.evening", description=__doc__)
    parser.add_argument("--on", choices=databases.KINDS, default="postgresql")
    parser.add_argument("--villages", type=int, default=100)
    parser.add_argument("--electors", type=int, default=1000)
    parser.add_argument("--seconds", type=float, default=120.0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--cores", default="0,1", help="of web workers and database")
    args = parser.parse_args()
    theirs = {int(core) for core in args.cores.split(",")}
    others = set(range(os.cpu_count() or 1)) - theirs
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="evening-")))
        database = stack.enter_context(databases.opened(args.on, folder))
        villages = plain.prepare(
            folder,
            database.url("portal"),
            villages=args.villages,
            electors=args.electors,
            named=1,
            sealed=1,
            voters=int(RATE * args.seconds / args.villages) + 1,
        )
        if isinstance(database, Postgres):
            head = psutil.Process(database.server.get_pid())
            for process in (head, *head.children(recursive=True)):
                process.cpu_affinity(sorted(theirs))
        if others:
            os.sched_setaffinity(0, others)
        served = stack.enter_context(
            servers.running(
                "wsgi:app",
                environment=villages[0].environment,
                options=["--workers", str(len(theirs))],
                cores=args.cores,
            )
        )
        wake(served.port, villages)
        coming = arrivals(villages, rate=RATE, seconds=args.seconds, seed=args.seed)
        waits, faults, seconds = evening(served.port, coming)
        for ours in villages:
            voted = {elector.resident_id for _at, b, elector in coming if b is ours.ballots[0]}
            ours.acknowledged = {ours.ballots[0].id: len(voted)}
            ours.check_votes()
    every = [wait for taken in waits.values() for wait in taken]
    print(
        f"{args.on}, {args.villages} villages of {args.electors} electors, {len(coming)} voters in "
        f"{seconds:.0f} s ({args.seconds:.0f} planned), {len(every)} requests, seed {args.seed}, "
        f"Python {platform.python_version()}, cores {args.cores} of {os.cpu_count()}, "
        f"load {os.getloadavg()[0]:.1f}; went wrong: {dict(faults)}; every vote is kept once\n\n"
        "| page | requests | p50 ms | p95 ms | p99 ms |\n|---|---|---|---|---|"
    )
    for what, taken in (*waits.items(), ("all", every)):
        figures = " | ".join(f"{at(share, taken):.0f}" for share in (0.5, 0.95, 0.99))
        print(f"| {what} | {len(taken)} | {figures} |")
    return int(at(0.95, every) >= WANTED_MS or bool(faults))


if __name__ == "__main__":
    sys.exit(main())
