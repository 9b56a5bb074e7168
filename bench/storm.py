"""Everybody votes at once, everybody sends twice, some from a second tab: ``make storm``.

Each elector's paper is sent twice under one key, and a third one under another key. Whatever the
answers were, afterwards exactly one vote of each elector must be kept.
"""

import argparse
import random
import sys
import tempfile
from pathlib import Path
from urllib.parse import urlencode

from bench import servers, village
from bench.load import drive, request_bytes


def main() -> int:
    """Let the storm pass, and end with 1 when a vote is lost or double."""
    parser = argparse.ArgumentParser(prog="make storm", description=__doc__)
    parser.add_argument("--connections", type=int, default=64)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="storm-") as folder:
        ours = village.prepare(Path(folder), seed=args.seed, ballots=1)
        ballot = ours.ballots[0]
        requests = []
        for elector in ours.electors:
            first, other = village.paper(ballot, elector), village.paper(ballot, elector)
            requests += [
                request_bytes(
                    "POST",
                    ballot.address,
                    headers={"Cookie": "; ".join(f"{k}={v}" for k, v in elector.cookies.items())},
                    body=urlencode(paper).encode("ascii"),
                )
                for paper in (first, first, other)
            ]
        random.Random(args.seed).shuffle(requests)
        with servers.serving("wsgi:app", environment=ours.environment, options=[]) as port:
            answers = drive(port, requests, seconds=None, connections=args.connections)
        print(f"{len(requests)} papers of {ours.elector_count} electors: {dict(answers.outcomes)}")
        print(f"{answers.rate():.0f} answers/s, p99 {answers.wait_at(0.99):.0f} ms")
        ours.acknowledged[ballot.id] = ours.elector_count
        try:
            ours.check_votes()
        except RuntimeError as fault:
            print(fault, file=sys.stderr)
            return 1
    print("exactly one vote of each elector is kept")
    return 0


if __name__ == "__main__":
    sys.exit(main())
