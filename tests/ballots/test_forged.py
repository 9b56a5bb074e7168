"""What the observer's script finds by counting again, line by line of its list (trust.md §5.4)."""

import json
import random
from dataclasses import asdict
from datetime import timedelta

import pytest

from portal.ballots import archive, asking, verify_poll
from portal.ballots.detail import told
from portal.ballots.rules import Kind
from portal.ballots.tallies.equal_shares import Completion, share_equally
from portal.core import clock
from portal.core.db import transaction

from . import sealed_village
from .conftest import publish_plan
from .forging import forge, month
from .polls import add_people, hold

SEED = 20261121
BOTH = ("stop-when-exhaustive", "until-overspend")
AUGUST = month("2026-08", "2026-09-01T00:00:00.000000+00:00")
SEPTEMBER = month("2026-09", "2026-10-01T00:00:00.000000+00:00")


@pytest.fixture
def version(village, cast):
    costs = (320_000, 480_000, 150_000, 90_000)
    with transaction():
        add_people(24, rng=random.Random(SEED))
        projects = [(f"P{n}", f"项目{n}", cost) for n, cost in enumerate(costs)]
        return publish_plan(projects=projects)


@pytest.fixture
def judge(tmp_path, capsys):
    """Hand the script an archive and return what it says."""

    def _judge(files: dict, *more: str) -> str:
        file = tmp_path / "archive.zip"
        file.write_bytes(archive.pack(files))
        code = verify_poll.main([str(file), "--key", files["about"]["keys"][0], *more])
        said = capsys.readouterr().out
        assert code == ("FAULT" in said), said
        return said

    return _judge


def files_of(ballot) -> dict:
    return json.loads(json.dumps(archive.contents(ballot)))


def put(*path, by):
    """Return an edit that changes one place: by adding a number, or into another value."""

    def _edit(files: dict) -> None:
        for key in path[:-1]:
            files = files[key]
        old = files[path[-1]]
        files[path[-1]] = old + by if isinstance(by, int) else by

    return _edit


def absent(files: dict) -> None:
    """Strike out somebody who has voted."""
    files["voted"].remove(files["papers"][0][0])
    (channel,) = files["closing"]["turnout"]
    files["closing"]["turnout"][channel] -= 1


def ahead(files: dict) -> None:
    """Close a day later than was announced."""
    files["manifest"]["closes_at"] = files["manifest"]["opened_at"]


MONEY = [
    ("1: announced", put("manifest", "question", by="?"), "not those that were announced"),
    ("1: in order", put("manifest", "opened_at", by="2020-01-01T00:00:00.000000+00:00"), "wrong order"),
    ("1: span", ahead, "open longer than announced"),
    ("4: people", absent, "of somebody who did not vote"),
    ("5: sums", put("counting", "sums", 0, by=1), "come to other sums"),
    ("5: spent", put("counting", "detail", "greedy", "spent", by=1), "other projects get the money"),
    ("5: represented", put("counting", "detail", "represented", "greedy", "by_number", 0, by=1), "others are represented"),
    ("5: outcome", put("counting", "outcome", by="passed"), "By its rule this vote is heard"),
    *(
        (f"5: {where} of {rule}", put("counting", "detail", group, rule, *where.split(), by=by), words)
        for rule in BOTH
        for group, where, by, words in (
            ("shares", "voter_budget", [1, 1], f"({rule}), everybody has"),
            ("shares", "funded", [0], f"({rule}), other projects"),
            ("shares", "spent", 1, f"({rule}), other projects"),
            ("compared", "same", 1, f"comparison comes out otherwise ({rule})"),
        )
    ),
    ("6: twice", lambda files: (AUGUST(files), AUGUST(files)), "not in order"),
    ("6: backwards", lambda files: (SEPTEMBER(files), AUGUST(files)), "not in order"),
    ("6: not over", month("2026-09", "2026-09-30T15:59:59.000000+00:00"), "not in order"),
    ("6: nameless", month("", "2026-09-30T00:00:00.000000+00:00"), "not in order"),
]  # fmt: skip


def test_whoever_forges_a_vote_and_signs_it_anew_is_found(version, judge):
    files = files_of(hold(version.id, Kind.BUDGET, rng=random.Random(SEED)))
    assert "Everything holds" in judge(forge(files, AUGUST, SEPTEMBER))
    for line, edit, words in MONEY:
        said = judge(forge(files, edit))
        assert words in said, (line, said)


def test_whoever_forges_a_ranking_is_found(version, judge):
    files = files_of(hold(version.id, Kind.RANKED, rng=random.Random(SEED)))
    assert "Everything holds" in judge(forge(files))
    runoff = files["counting"]["detail"]["runoff"]
    losers = sorted(set(range(4)) - set(runoff["winners"]))
    for edit, words in (
        (put("counting", "detail", "runoff", "winners", by=losers), "another winner"),
        (put("counting", "detail", "pairwise", "above", 0, 1, by=1), "pairs come to other numbers"),
    ):
        assert words in judge(forge(files, edit))


def test_whoever_forges_a_secret_vote_is_found(version, village, judge):
    people = sealed_village.add_people(12)
    now = clock.now()
    opens_at, closes_at = now - timedelta(hours=2), now - timedelta(hours=1)
    box = sealed_village.open_sealed(
        version, village, opens_at=opens_at, closes_at=closes_at, now=opens_at - timedelta(days=1)
    )
    for resident_id in people[:11]:
        with transaction():
            receipt = box.cast(resident_id, box.envelope(1, 0, 0), now=opens_at)
    box.count()
    files = files_of(box.ballot)
    assert "Everything holds" in judge(forge(files))
    last = files["urn_checkpoints"][-1]
    mine, printed = ("--receipt", receipt.code, "--promise"), f"{last['size']}:{last['root']}"
    manifest = asking.digest_of(files["manifest"])
    for more, odd in (
        ((*mine, receipt.promise), (*mine, "0" * 128)),
        (("--checkpoint", printed), ("--checkpoint", f"1:{last['root']}")),
        (("--manifest", manifest), ("--manifest", "0" * 64)),
    ):
        assert "Everything holds" in judge(files, *more)
        assert "FAULT" in judge(files, *odd)
    for edit, words in (
        (put("manifest", "public_key", by=""), "without its key"),
        (put("closing", "turnout", by={"self": 10, "paper": 1}), "1 people voted on paper, but 0"),
        (put("urn_checkpoints", by=[]), "covers the whole urn"),
        (lambda files: files["urn"].append("0" * 64), "11 voted into the urn; it holds 12"),
    ):
        assert words in judge(forge(files, edit))


def test_equal_shares_are_counted_alike_by_two_programs():
    """The script follows prices as lines; the portal halves. They agree to the last yuan."""
    rng = random.Random(SEED)
    for _ in range(300):
        options, budget = rng.randint(1, 6), rng.choice([1, 7, 30, 100, 1000])
        drawn = [
            tuple(rng.randint(0, 1) for _ in range(options)) for _ in range(rng.randint(0, 12))
        ]
        papers = {paper: drawn.count(paper) for paper in drawn}
        costs = [rng.randint(0, rng.choice([3, 60, 400])) for _ in range(options)]
        found = verify_poll.raised_shares(papers, costs, budget)
        shares = share_equally(papers, costs, budget)
        for rule in (Completion.STOP_WHEN_EXHAUSTIVE, Completion.UNTIL_OVERSPEND):
            stated = told(asdict(shares[rule])) | {"funded": list(shares[rule].funded)}
            assert found[rule.value] == stated, (papers, costs, budget)
