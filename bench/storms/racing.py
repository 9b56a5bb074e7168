"""Everybody sends many papers at once, some of them copies: exactly one vote of each is kept."""

import random
import tempfile
from collections import Counter
from pathlib import Path

from bench import databases, plain, polls, servers
from bench.load import Answers, drive

AT_ONCE = 8


def race(
    kind: str, *, casts: int, electors: int, connections: int, seed: int, web: int = 2
) -> tuple[Answers, int]:
    """Send so many papers, eight of one elector after each other, and return the answers.

    Half of an elector's papers have one key, each other one a key of its own. Raises RuntimeError
    where what is kept is not one vote of each who sent any. Also returns how many those are.
    """
    rng = random.Random(seed)
    with (
        tempfile.TemporaryDirectory(prefix="race-") as name,
        databases.opened(kind, Path(name)) as database,
    ):
        url = database.url("portal")
        (ours,) = plain.prepare(Path(name), url, villages=1, electors=electors, named=1, sealed=1)
        pairs = [(ballot, elector) for ballot in ours.ballots for elector in ours.electors]
        rng.shuffle(pairs)
        racing = [pairs[number % len(pairs)] for number in range(casts // AT_ONCE)]
        requests = []
        for ballot, elector in racing:
            papers = [polls.paper(ballot, elector)] * (AT_ONCE // 2)
            papers += [polls.paper(ballot, elector) for _ in range(AT_ONCE // 2)]
            rng.shuffle(papers)
            requests += [polls.request(ballot, elector, sent) for sent in papers]
        options = ["--workers", str(web)]
        with servers.serving("wsgi:app", environment=ours.environment, options=options) as port:
            answers = drive(port, requests, seconds=None, connections=connections)
        voters = Counter(ballot.id for ballot, _elector in pairs[: len(racing)])
        ours.acknowledged = dict(voters)
        ours.check_votes()
    return answers, voters.total()
