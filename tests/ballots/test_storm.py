"""The small form of `make storm`: workers are killed while votes are cast; the judge sees loss."""

import json

import pytest

from bench.storm import SMALL_CONTROL, SMALL_STORM, why_not_calm
from bench.storms.faults import plan
from bench.storms.journal import deeds_of
from bench.storms.judge import judge
from bench.storms.kills import blow


def test_two_killed_workers_lose_and_double_nothing(tmp_path):
    report = blow(SMALL_STORM, seed=1, journal_path=tmp_path / "journal.jsonl")
    assert not why_not_calm(SMALL_STORM, report, acknowledged=200)
    assert report.verdict.unknown > 0  # else nobody had to send again


def test_a_house_that_forgets_is_found_out(tmp_path):
    """The control: without it the test above could be blind."""
    report = blow(SMALL_CONTROL, seed=1, journal_path=tmp_path / "journal.jsonl")
    assert report.verdict.lost > 0, report


def line(what, key="k1", **facts):
    return json.dumps({"what": what, "key": key, **facts})


INTENT = line("intent", ballot=1, resident=7, place=2)
ACK = line("ack", receipt="R")
UNKNOWN = line("unknown", answer="500")
KEPT = {(1, 7): [("R", 2)]}


@pytest.mark.parametrize(
    ("lines", "before", "stored", "fault"),
    [
        ([INTENT, ACK], KEPT, KEPT, {}),
        ([INTENT, ACK], {}, {}, {"lost": 1}),
        ([INTENT, ACK], {}, KEPT, {"lost": 1}),
        ([INTENT, ACK], KEPT, {(1, 7): [("R", 1)]}, {"wrong": 1}),
        ([INTENT, ACK], KEPT, {(1, 7): [("Q", 2)]}, {"wrong": 1}),
        ([INTENT, ACK, line("ack", receipt="Q")], KEPT, KEPT, {"wrong": 1}),
        ([INTENT, ACK], KEPT, {(1, 7): [("R", 2), ("Q", 2)]}, {"double": 1}),
        ([INTENT, ACK], KEPT, KEPT | {(1, 8): [("Q", 0)]}, {"phantom": 1}),
        ([INTENT, UNKNOWN, ACK, ACK], {}, KEPT, {}),
        ([INTENT, UNKNOWN, ACK, ACK], KEPT, KEPT, {"kept_unanswered": 1}),
        ([INTENT, UNKNOWN, ACK], {}, KEPT, {"unresolved": 1}),
        ([INTENT, UNKNOWN, ACK, ACK], {(1, 7): [("Q", 2)]}, KEPT, {"unresolved": 1}),
        ([INTENT, line("refused", answer="409")], {}, {}, {"refused": 1}),
    ],
)
def test_the_judge_tells_what_is_wrong(lines, before, stored, fault):
    verdict = judge(deeds_of(lines), before, stored)
    found = {name: count for name, count in vars(verdict).items() if count}
    counted = {"acknowledged", "unknown"}
    assert {name: count for name, count in found.items() if name not in counted} == (
        {"kept_unanswered": 1} if before and lines[1] == UNKNOWN else {}
    ) | fault


def test_faults_are_drawn_from_the_seed_and_do_not_fall_on_each_other():
    drawn = plan(workers=30, databases=5, among=5000, seed=1)
    assert drawn == plan(workers=30, databases=5, among=5000, seed=1)
    assert drawn != plan(workers=30, databases=5, among=5000, seed=2)
    assert [kind for _after, kind in drawn].count("postgresql") == 5
    assert sorted(drawn) == drawn
