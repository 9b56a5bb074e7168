"""The faults of a storm: which process is killed, and after how many acknowledged votes."""

import random
import signal
import threading
import time
from collections import Counter
from contextlib import suppress

import psutil

from bench.databases import Database, Postgres
from bench.storms.journal import Journal

WORKER, DATABASE = "worker", "postgresql"


def plan(*, workers: int, databases: int, among: int, seed: int) -> list[tuple[int, str]]:
    """Return after which acknowledged vote what is killed, spread over the first `among` of them.

    Each fault has a span of its own, so that they do not fall on each other.
    """
    rng = random.Random(seed)
    kinds = [WORKER] * workers + [DATABASE] * databases
    rng.shuffle(kinds)
    span = among / max(1, len(kinds))
    return [(int(span * (at + rng.random())), kind) for at, kind in enumerate(kinds)]


class Faults:
    """Kills processes as the plan says, while the block runs."""

    def __init__(
        self,
        plan: list[tuple[int, str]],
        journal: Journal,
        database: Database,
        *,
        pid: int,
        seed: int,
    ) -> None:
        self.plan, self.journal, self.database = plan, journal, database
        self.server = psutil.Process(pid)
        self.rng = random.Random(seed)
        self.done: Counter[str] = Counter()
        self.restarts: list[float] = []
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._work)

    def __enter__(self) -> "Faults":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _work(self) -> None:
        for after, kind in self.plan:
            while self.journal.acknowledged < after:
                if self._over.is_set():
                    return
                time.sleep(0.005)
            if kind == WORKER:
                self._kill_worker()
            elif isinstance(self.database, Postgres):
                self.database.kill()
                self.restarts.append(self.database.restart())
            self.done[kind] += 1

    def _kill_worker(self) -> None:
        """Kill any worker; one that has just been born is waited for."""
        while not (workers := self.server.children()):
            time.sleep(0.01)
        with suppress(psutil.NoSuchProcess):
            self.rng.choice(workers).send_signal(signal.SIGKILL)
