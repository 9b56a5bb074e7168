"""Measure the portal beside its floors, in one run, and print the ratios: ``make bench``.

Floors and portal are served by the same gunicorn settings, those of ``make run``. Every round
measures each floor and each journey once, one after the other, so that whatever else the machine
does meets both; a ratio is the median of the rounds' ratios. Only ratios taken in one run count.
"""

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from statistics import median

from bench import databases, servers, village
from bench.floors import database
from bench.load import CONNECTIONS, Answers, drive, request_bytes

RESULTS = Path(__file__).resolve().parent / "results"
WARM_UP_SECONDS = 1.0
VOTES = ("vote with names", "sealed vote")
WHAT = {
    "sqlite": f"SQLite {database.driver.sqlite_version} {database.JOURNAL}, synchronous FULL",
    "postgresql": "PostgreSQL beside it, fsync and synchronous_commit on",
}

Measure = Callable[[], Answers]


@dataclass(frozen=True)
class Journey:
    """Something measured: a floor, or what a villager does and the floor it is held against."""

    name: str
    measure: Measure
    floors: tuple[str, ...] = ()
    aim: float | None = None


@dataclass
class Figures:
    """What the rounds gave for one journey."""

    name: str
    rates: list[float] = field(default_factory=list)
    p50_ms: list[float] = field(default_factory=list)
    p99_ms: list[float] = field(default_factory=list)
    ratios: dict[str, list[float]] = field(default_factory=dict)
    aim: float | None = None

    def ratio(self) -> str:
        """Say how many times each floor this is; the aim is of the first."""
        found = (f"{median(taken):.2f} × {floor}" for floor, taken in self.ratios.items())
        return ", ".join(found) or "floor"

    def goal(self) -> str:
        """Say what is aimed at."""
        return f"≥ {self.aim} × {next(iter(self.ratios))}" if self.aim else ""

    def take(self, answers: Answers) -> None:
        """Keep one round."""
        self.rates.append(answers.rate())
        self.p50_ms.append(answers.wait_at(0.50))
        self.p99_ms.append(answers.wait_at(0.99))


def check(name: str, answers: Answers, wanted: str) -> Answers:
    """Give the answers back. Raises ``RuntimeError`` unless every one has the wanted status."""
    others = {key: n for key, n in answers.outcomes.items() if key != wanted}
    if others or not answers.waits:
        raise RuntimeError(f"{name}: wanted only {wanted}, and got {dict(answers.outcomes)}")
    return answers


def repeated(name: str, port: int, payload: bytes, *, seconds: float, wanted: str) -> Measure:
    """Measure one request, sent again and again; a short warm-up comes first."""

    def measure() -> Answers:
        return check(name, drive(port, [payload], seconds=seconds), wanted)

    drive(port, [payload], seconds=WARM_UP_SECONDS)
    return measure


def measure_all(journeys: list[Journey], rounds: int) -> list[Figures]:
    """Run the rounds."""
    figures = {j.name: Figures(j.name, aim=j.aim) for j in journeys}
    for number in range(1, rounds + 1):
        print(f"round {number} of {rounds}", file=sys.stderr, flush=True)
        for journey in journeys:
            taken = figures[journey.name]
            taken.take(journey.measure())
            for floor in journey.floors:
                ratio = taken.rates[-1] / figures[floor].rates[-1]
                taken.ratios.setdefault(floor, []).append(ratio)
    return list(figures.values())


def machine(options: list[str], seed: int, on: str) -> dict[str, str]:
    """Say where and with what the run was made."""
    commit = subprocess.run(
        ["git", "describe", "--always", "--dirty", "--abbrev=10"],
        cwd=servers.ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    return {
        "when": datetime.now(UTC).isoformat(timespec="seconds"),
        "commit": commit.stdout.strip() or "no commit yet",
        "interpreter": f"{platform.python_implementation()} {platform.python_version()}",
        "system": f"{platform.system()} {platform.machine()}",
        "cores": str(os.cpu_count()),
        "database": WHAT[on],
        "server": " ".join(["gunicorn, deploy/gunicorn_pages.py", *options]),
        "seed": str(seed),
        "connections": str(CONNECTIONS),
    }


def print_table(where: dict[str, str], figures: list[Figures], ceiling: Answers) -> None:
    """Print what was measured."""
    for name, value in where.items():
        print(f"{name:>12}  {value}")
    own = 1e6 * ceiling.own_seconds / len(ceiling.waits)
    print(f"{'generator':>12}  {ceiling.rate():.0f} req/s against a raw hello, {own:.0f} µs each")
    print(f"\n{'':28}{'req/s':>8}{'p50 ms':>9}{'p99 ms':>9}  {'ratio':24}  aim")
    for taken in figures:
        print(
            f"{taken.name:28}{median(taken.rates):8.0f}{median(taken.p50_ms):9.1f}"
            f"{median(taken.p99_ms):9.1f}  {taken.ratio():24}  {taken.goal()}"
        )


def print_markdown(where: dict[str, str], figures: list[Figures]) -> None:
    """Print the rows of ``docs/measured.md``."""
    print("\n| journey | req/s | p50 / p99 ms | ratio | aim |\n|---|---|---|---|---|")
    for taken in figures:
        print(
            f"| {taken.name} | {median(taken.rates):.0f} | {median(taken.p50_ms):.1f} / "
            f"{median(taken.p99_ms):.1f} | {taken.ratio()} | {taken.goal()} |"
        )
    print("\n" + " · ".join(f"{name}: {value}" for name, value in where.items()))


def main() -> None:
    """Measure, print, and keep the figures under ``bench/results``."""
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=3.0, help="of one measurement")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--on", choices=databases.KINDS, default="sqlite")
    parser.add_argument("--votes-only", action="store_true", help="deeds, no pages")
    parser.add_argument("--said-only", action="store_true", help="opinions and messages alone")
    parser.add_argument("--markdown", action="store_true", help="print rows for docs/measured.md")
    parser.add_argument("options", nargs="*", help="of gunicorn, after --: -- --threads 4")
    args = parser.parse_args()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="bench-")))
        place = stack.enter_context(databases.opened(args.on, folder))
        votes = args.rounds + 1
        ours = village.prepare(
            folder, seed=args.seed, ballots=votes, sealed=votes, url=place.url("portal")
        )
        floor = stack.enter_context(servers.floors(place, options=args.options))
        port = stack.enter_context(
            servers.serving("wsgi:app", environment=ours.environment, options=args.options)
        )
        hello = request_bytes("GET", "/")
        ceiling = repeated("hello", floor["hello"], hello, seconds=2, wanted="200")()

        def page(name: str, at: int, request: bytes) -> Measure:
            return repeated(name, at, request, seconds=args.seconds, wanted="200")

        def bare_vote(name: str) -> Answers:
            requests = [
                request_bytes("POST", "/", body=b"elector=%d&choice=yes" % number)
                for number in range(ours.elector_count)
            ]
            return check(name, drive(floor[name], requests, seconds=None), "302")

        def vote(wanted: str) -> Answers:
            return check("vote", ours.vote(port, is_sealed=wanted == "200"), wanted)

        def say(address: str, wanted: str) -> Answers:
            return check("say", ours.say(port, address), wanted)

        writes = [
            Journey("F2", partial(bare_vote, "f2_write")),
            Journey("F3", partial(bare_vote, "f3_raw")),
            Journey("vote with names", partial(vote, "303"), ("F2", "F3"), aim=0.5),
            Journey("sealed vote", partial(vote, "200"), ("F2", "F3"), aim=0.5),
            Journey("opinion", partial(say, ours.opinions, "302"), ("F2", "F3"), aim=0.5),
            Journey("message", partial(say, ours.room, "201"), ("F2", "F3"), aim=0.5),
        ]
        writes = [j for j in writes if not args.said_only or j.name not in VOTES]
        for journey in writes:
            journey.measure()
        pages = [
            Journey("F1", page("F1", floor["f1_page"], hello)),
            Journey("plan page, anonymous", page("plan", port, ours.anonymous), ("F1",), aim=0.8),
            Journey("plan page, signed in", page("plan", port, ours.signed_in), ("F1",), aim=0.5),
        ]
        no_pages = args.votes_only or args.said_only
        figures = measure_all(([] if no_pages else pages) + writes, args.rounds)
        ours.check_votes()
        ours.check_said()
    where = machine(args.options, args.seed, args.on)
    print_table(where, figures, ceiling)
    if args.markdown:
        print_markdown(where, figures)
    RESULTS.mkdir(exist_ok=True)
    name = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ.json")
    kept = {"where": where, "figures": [asdict(taken) for taken in figures]}
    (RESULTS / name).write_text(json.dumps(kept, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
