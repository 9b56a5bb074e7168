"""Are the answers to two different votes alike, in bytes, length and time? Over HTTP.

Electors vote in pairs, one for each of two options, in the order of a coin, on one connection to a
real server. What is random in the answers (codes, digests, signatures) is blotted out, and the rest
must be the same to the last byte; so must the page of the receipt, as a stranger sees it. The times
are compared by the fastest of each, as the best attacks on times do (the box test: Crosby, Wallach
and Riedi 2009), against coins thrown for each pair. The control is a house that waits for three
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
from pathlib import Path
from statistics import mean
from urllib.parse import urlencode

from bench import databases, plain, servers
from bench.load import HOST
from bench.polls import Elector, OpenBallot, paper

HONEST, TELLING = "wsgi:app", "bench.storms.telling:app"
SHUFFLES = 10_000
"""A difference is one that none of so many coins makes: chance does so once in 10,000 runs."""
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
    def is_apart(self) -> bool:
        """Tell whether the times of the two options are further apart than by chance."""
        return bool(self.seconds[0]) and not as_far_by_chance(*self.seconds)

    def __str__(self) -> str:
        first, second = (1000 * low(some) for some in self.seconds)
        kinds, lengths = self.answers[0] | self.answers[1], self.lengths[0] | self.lengths[1]
        return (
            f"{len(self.seconds[0])} pairs: {len(kinds)} kind(s) of answer, lengths"
            f" {sorted(lengths)}, fastest quarter {first:.2f} and {second:.2f} ms, as far by"
            f" {as_far_by_chance(*self.seconds)} of {SHUFFLES} coins"
        )


def low(seconds: Sequence[float]) -> float:
    """Return the mean of the fastest quarter: what a busy machine adds is mostly not in it."""
    return mean(sorted(seconds)[: max(len(seconds) // 4, 1)])


def as_far_by_chance(first: Sequence[float], second: Sequence[float]) -> int:
    """Return how often the two lie as far apart if in each pair a coin tells which is which."""
    coin, pairs = random.Random(1), list(zip(first, second, strict=True))
    apart, found = abs(low(first) - low(second)), 0
    for _ in range(SHUFFLES):
        swaps = coin.getrandbits(len(pairs))
        one = [pair[swaps >> at & 1] for at, pair in enumerate(pairs)]
        other = [pair[1 - (swaps >> at & 1)] for at, pair in enumerate(pairs)]
        found += abs(low(one) - low(other)) >= apart
    return found


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
            while controls and not seen["control"].is_apart:
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
        if one.is_apart != (title == "control"):
            found.append(f"{title}: the times are {'not ' * (not one.is_apart)}apart")
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
