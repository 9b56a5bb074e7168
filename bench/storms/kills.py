"""One storm: everybody votes, processes are killed, and the judge compares."""

import random
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import create_engine, text

from bench import databases, plain, servers
from bench.databases import Database, Postgres
from bench.storms import faults
from bench.storms.journal import Journal
from bench.storms.judge import Verdict, judge, read_stored, tallies_off
from bench.storms.voters import fill_in, send_again, vote

HONEST, FORGETFUL = "wsgi:app", "bench.storms.forgetful:app"
FORGETS = {"synchronous_commit": "off", "wal_writer_delay": "10s", "wal_writer_flush_after": "1GB"}
"""PostgreSQL that answers before a commit is on the disk, and keeps it in its memory for long."""
SETTLE_SECONDS = 4.0
ANSWERED = 0.6
"""So many papers are answered at least, however long the database is away."""


@dataclass(frozen=True)
class Storm:
    """What happens: on which database, how many vote in what, and how many processes are killed."""

    name: str
    kind: str
    named: int
    sealed: int
    workers: int
    databases: int = 0
    electors: int = 1000
    app: str = HONEST
    forgets: bool = False
    web: int = 2
    voters: int = 16


@dataclass
class Report:
    """What came of it."""

    verdict: Verdict
    plan: list[tuple[int, str]]
    done: dict[str, int]
    seconds: float
    restarts: list[float]
    sound: bool


def blow(storm: Storm, *, seed: int, journal_path: Path) -> Report:
    """Let one storm pass over a new village; the journal stays where it is."""
    with (
        tempfile.TemporaryDirectory(prefix="storm-") as name,
        databases.opened(storm.kind, Path(name)) as database,
        Journal(journal_path) as journal,
    ):
        return _blow(storm, database, Path(name), seed=seed, journal=journal)


def _blow(storm: Storm, database: Database, folder: Path, *, seed: int, journal: Journal) -> Report:
    url = database.url("portal")
    (ours,) = plain.prepare(
        folder, url, villages=1, electors=storm.electors, named=storm.named, sealed=storm.sealed
    )
    rng = random.Random(seed)
    sheets = [
        fill_in(ballot, elector, rng.randrange(len(ballot.option_ids)))
        for ballot in ours.ballots
        for elector in ours.electors
    ]
    rng.shuffle(sheets)
    if storm.forgets and isinstance(database, Postgres):
        database.set(**FORGETS)
    plan = faults.plan(
        workers=storm.workers,
        databases=storm.databases,
        among=int(ANSWERED * len(sheets)),
        seed=seed,
    )
    facts = {"environment": ours.environment, "options": ["--workers", str(storm.web)]}
    began = time.monotonic()
    with servers.running(storm.app, **facts, is_quiet=True) as served:
        with faults.Faults(plan, journal, database, pid=served.pid, seed=seed) as killer:
            vote(served.port, sheets, journal, voters=storm.voters, seed=seed)
        seconds = time.monotonic() - began
        if storm.app == FORGETFUL:
            time.sleep(SETTLE_SECONDS)  # what was only promised is kept by now, or lost
    before = read_stored(ours.app, ours.id, ours.ballots)
    unknown = {key for key, deed in journal.read().items() if deed.unknown}
    again = [sheet for sheet in sheets if sheet.sent["key"] in unknown]
    others = [sheet for sheet in sheets if sheet.sent["key"] not in unknown]
    with servers.running(HONEST, **facts) as served:
        send_again(served.port, again, journal, times=2)
        if storm.app == HONEST and not storm.forgets:
            send_again(served.port, rng.sample(others, len(others) // 20), journal, times=1)
    stored = read_stored(ours.app, ours.id, ours.ballots)
    verdict = judge(journal.read(), before, stored)
    verdict.tallies_off = tallies_off(ours.app, ours.id, ours.ballots, stored)
    return Report(verdict, plan, dict(killer.done), seconds, killer.restarts, _is_sound(url))


def _is_sound(url: str) -> bool:
    """Ask SQLite whether its file is whole; PostgreSQL said so by coming back."""
    if not url.startswith("sqlite"):
        return True
    engine = create_engine(url)
    with engine.connect() as connection:
        found = connection.execute(text("PRAGMA integrity_check")).scalar()
    engine.dispose()
    return bool(found == "ok")
