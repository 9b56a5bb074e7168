"""Everybody votes while processes are killed, and everybody races: ``make storm``.

1. Storms: web workers, SQLite's writers and PostgreSQL are killed with SIGKILL while votes with
   names and sealed ones are cast. Voters keep a journal of their own; afterwards none that was
   acknowledged may be lost, double or wrong, and whoever had no answer gets the one receipt by
   sending again.
2. Controls: the same with a house that loses votes; the judge must find it, or the run is void.
3. Races: 20,000 papers of few electors at once; exactly one vote of each elector is kept.

Ends with 1 where anything is wrong. Journals are kept under ``bench/results``.
"""

import argparse
import os
import platform
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

from bench import servers
from bench.storms.kills import FORGETFUL, Report, Storm, blow
from bench.storms.racing import race

RESULTS = Path(__file__).resolve().parent / "results"
STORMS = (
    Storm("SQLite writers", "sqlite", named=3, sealed=3, workers=40),
    Storm("PostgreSQL and web workers", "postgresql", 3, 3, workers=30, databases=5, electors=1250),
)
CONTROLS = (
    Storm("control: answers first", "sqlite", 1, 1, 5, electors=400, app=FORGETFUL),
    Storm("control: forgets", "postgresql", 1, 1, 0, databases=2, electors=400, forgets=True),
)
SMALL_STORM = Storm("small", "sqlite", named=1, sealed=1, workers=2, electors=110, voters=8)
SMALL_CONTROL = Storm(
    "small control", "sqlite", 0, 1, 1, electors=24, voters=4, web=1, app=FORGETFUL
)
CASTS, CONNECTIONS = 20_000, 64


def run(storm: Storm, *, seed: int) -> Report:
    """Let a storm pass and print what came of it."""
    RESULTS.mkdir(exist_ok=True)
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
    journal = RESULTS / f"{stamp}-{storm.kind}-{storm.app.split('.')[-1].split(':')[0]}.jsonl"
    report = blow(storm, seed=seed, journal_path=journal)
    print(f"\n{storm.name} ({storm.kind}, {storm.web} workers, {storm.voters} voters at once)")
    print(f"  faults by acknowledged votes: {report.plan}")
    print(f"  killed: {report.done}; {report.seconds:.0f} s", end="")
    print(
        f"; PostgreSQL back after {[round(s, 1) for s in report.restarts]} s"
        * bool(report.restarts)
    )
    print(f"  {report.verdict}; database whole: {report.sound}", flush=True)
    return report


def why_not_calm(storm: Storm, report: Report, *, acknowledged: int) -> str:
    """Return what a storm has shown that must not be, or nothing."""
    killed = sum(report.done.values())
    if killed < storm.workers + storm.databases:
        return f"only {killed} processes were killed"
    if report.verdict.acknowledged < acknowledged:
        return f"only {report.verdict.acknowledged} votes were acknowledged"
    return str(report.verdict) if report.verdict.faults or not report.sound else ""


def main() -> int:
    """Let all of it pass."""
    parser = argparse.ArgumentParser(
        prog="make storm", description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", choices=("storms", "controls", "races"), action="append")
    args = parser.parse_args()
    parts = args.only or ["storms", "controls", "races"]
    commit = subprocess.run(
        ["git", "describe", "--always", "--dirty", "--abbrev=10"],
        cwd=servers.ROOT,
        capture_output=True,
        text=True,
        check=False,
    ).stdout.strip()
    print(
        f"seed {args.seed} · commit {commit or 'none'} · Python {platform.python_version()} · "
        f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}"
    )
    bad: list[str] = []
    for storm in STORMS if "storms" in parts else ():
        if fault := why_not_calm(storm, run(storm, seed=args.seed), acknowledged=5000):
            bad.append(f"{storm.name}: {fault}")
    for storm in CONTROLS if "controls" in parts else ():
        if not run(storm, seed=args.seed).verdict.lost:
            bad.append(f"{storm.name}: nothing was lost, so the judge is blind and the run void")
    for kind in ("sqlite", "postgresql") if "races" in parts else ():
        answers, votes = race(
            kind, casts=CASTS, electors=1250, connections=CONNECTIONS, seed=args.seed
        )
        print(f"\n{len(answers.waits)} papers race on {kind}: {dict(answers.outcomes)}")
        print(f"  {answers.rate():.0f} answers/s, p99 {answers.wait_at(0.99):.0f} ms")
        print(f"  {votes} could vote: exactly one vote of each is kept", flush=True)
    for fault in bad:
        print(fault, file=sys.stderr)
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
