"""Are the answers to two different votes alike, in bytes, length and time? Over HTTP.

Electors vote in pairs, one for each of two options, in the order of a coin, on one connection to a
real server. What is random in the answers (codes, digests, signatures) is blotted out, and the rest
must be the same to the last byte; so must the page of the receipt, as a stranger sees it. The times
are compared pair by pair, by Wilcoxon's signed ranks. The control is a house that waits for three
milliseconds with one of the options: it must be found, in as many pairs or, where the machine is
busy, in three times as many.
"""

import argparse
import os
import random
import re
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from http.client import HTTPConnection
from math import sqrt
from pathlib import Path
from statistics import median
from urllib.parse import urlencode

from bench import databases, plain, servers
from bench.load import HOST
from bench.polls import Elector, OpenBallot, paper

HONEST, TELLING = "wsgi:app", "bench.storms.telling:app"
BOUND = 4.0
"""So many deviations from no difference are one: chance gets there once in some 16,000 runs."""
CONTROLS = 3
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
_CODE = r"[0-9A-HJKMNP-TV-Z]{4}"
_RANDOM = re.compile(rf"[\w-]{{32,}}|\b{_CODE}(?:(?:</span><span>)?{_CODE}){{3}}\b")


@dataclass
class Seen:
    """What an onlooker has of the votes for two options: answers, their lengths, seconds."""

    answers: tuple[set[str], set[str]] = field(default_factory=lambda: (set(), set()))
    lengths: tuple[set[int], set[int]] = field(default_factory=lambda: (set(), set()))
    seconds: tuple[list[float], list[float]] = field(default_factory=lambda: ([], []))

    @property
    def deviations(self) -> float:
        """Return how far the times of the two options are apart."""
        return signed_ranks([b - a for a, b in zip(*self.seconds, strict=True)])

    def __str__(self) -> str:
        first, second = (1000 * median(some) for some in self.seconds)
        return (
            f"{len(self.seconds[0])} pairs: {len(self.answers[0] | self.answers[1])} kind(s) of"
            f" answer, lengths {sorted(self.lengths[0] | self.lengths[1])}, medians {first:.2f} and"
            f" {second:.2f} ms, {self.deviations:+.1f} deviations (bound {BOUND})"
        )


def signed_ranks(differences: Sequence[float]) -> float:
    """Return how many deviations the differences of pairs lie above zero (Wilcoxon 1945)."""
    ranked = sorted((one for one in differences if one), key=abs)
    total = sum(rank if one > 0 else -rank for rank, one in enumerate(ranked, start=1))
    return total / sqrt(sum(rank**2 for rank in range(1, len(ranked) + 1)) or 1)


def watch(kind: str, *, pairs: int, seed: int) -> dict[str, Seen]:
    """Let everybody vote: with names, sealed, and with names in the house that tells."""
    with (
        tempfile.TemporaryDirectory(prefix="alike-") as name,
        databases.opened(kind, Path(name)) as database,
    ):
        (ours,) = plain.prepare(
            Path(name),
            database.url("portal"),
            villages=1,
            electors=2 * pairs,
            named=1 + CONTROLS,
            sealed=1,
        )
        named, *controls, sealed = ours.ballots
        rng = random.Random(seed)
        seen = {"with names": Seen(), "sealed": Seen(), "control": Seen()}
        facts = {"environment": ours.environment, "options": ["--workers", "1"]}
        with servers.running(HONEST, **facts) as served:
            _vote(served.port, named, ours.electors, rng, seen["with names"])
            _vote(served.port, sealed, ours.electors, rng, seen["sealed"])
        with servers.running(TELLING, **facts) as served:
            while controls and abs(seen["control"].deviations) <= BOUND:
                _vote(served.port, controls.pop(), ours.electors, rng, seen["control"])
        return seen


def _vote(
    port: int, ballot: OpenBallot, electors: Sequence[Elector], rng: random.Random, seen: Seen
) -> None:
    """Let electors vote two by two, the one for the first option and the other for the second."""
    line = HTTPConnection(HOST, port, timeout=30)
    everybody = rng.sample(list(electors), len(electors))
    for pair in zip(everybody[::2], everybody[1::2], strict=True):
        sheets = [(place, elector) for place, elector in enumerate(pair)]
        for place, elector in rng.sample(sheets, 2):
            sent = urlencode(paper(ballot, elector, place))
            began = time.perf_counter()
            line.request("POST", ballot.address, sent, FORM | {"Cookie": elector.cookie})
            answer = line.getresponse()
            body = answer.read().decode()
            seen.seconds[place].append(time.perf_counter() - began)
            if str(answer.status) != ballot.status:
                raise RuntimeError(f"a vote was answered with {answer.status}: {body[:300]}")
            head = "\n".join(f"{k}: {v}" for k, v in answer.getheaders() if k != "Date")
            whole = f"{head}\n\n{body}{_told(line, answer.headers['Location'])}"
            seen.lengths[place].add(len(whole.encode()))
            seen.answers[place].add(_RANDOM.sub("…", whole))
    line.close()


def _told(line: HTTPConnection, receipt: str | None) -> str:
    """Return what a stranger is told of a receipt; of an envelope there is no page of its own."""
    if receipt is None:
        return ""
    line.request("GET", receipt)
    return line.getresponse().read().decode()


def why_told_apart(seen: dict[str, Seen]) -> list[str]:
    """Return by what two choices can be told apart, and whether the comparison is blind."""
    found = []
    for title, one in seen.items():
        if one.answers[0] ^ one.answers[1]:
            found.append(f"{title}: the answers differ")
        if one.lengths[0] ^ one.lengths[1]:
            found.append(f"{title}: the answers are not of one length")
        if (abs(one.deviations) > BOUND) != (title == "control"):
            found.append(f"{title}: {one.deviations:+.1f} deviations between the times")
    return found


def main() -> int:
    """Compare on both databases."""
    parser = argparse.ArgumentParser(prog="bench.alike", description=__doc__)
    parser.add_argument("--pairs", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    print(f"seed {args.seed} · {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
    bad = []
    for kind in databases.KINDS:
        seen = watch(kind, pairs=args.pairs, seed=args.seed)
        for title, one in seen.items():
            print(f"{kind}, {title}: {one}", flush=True)
        bad += [f"{kind}, {fault}" for fault in why_told_apart(seen)]
    for fault in bad:
        print(fault, file=sys.stderr)
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
