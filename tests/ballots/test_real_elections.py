"""Twelve real elections: what was counted, funded and shared there comes out here too.

Budget, rule and threshold are those of the file, or the corrected ones of `pabulib_current`.
"""

import gzip
import hashlib
import json
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from portal.ballots import exporting, pb
from portal.ballots.papers import why_not_paper
from portal.ballots.rules import Kind
from portal.ballots.tallies.equal_shares import Completion, share_equally
from portal.ballots.tallies.greedy import fund_most_wanted
from portal.ballots.tallies.representing import compare, represent
from portal.people.rules import Channel, Sex, age_band
from tests.real_data import real_data

FOLDER = real_data("pabulib")
EXPECTED = json.loads((FOLDER / "expected.json").read_text()) if FOLDER else {}
TICKS = [name for name, facts in EXPECTED.items() if facts["vote_type"] == "approval"]
PABUTOOLS = json.loads(Path(__file__).with_name("files").joinpath("pabutools.json").read_text())
"""Whom pabutools 1.2.3 gives the money by equal shares, from the files that we write."""
SEXES = {"K": Sex.FEMALE, "F": Sex.FEMALE, "M": Sex.MALE, "": Sex.UNKNOWN}
CHANNELS = {"internet": Channel.SELF, "paper": Channel.PAPER}
KINDS = {"ordinal": Kind.RANKED, "cumulative": Kind.SCORE}


@cache
def election(name) -> pb.Election:
    return pb.read(f"{name}.gz", (FOLDER / f"{name}.gz").read_bytes())


def codes(name, funded) -> list[str]:
    names = list(election(name).projects)
    return sorted(names[i] for i in funded)


def test_all_twelve_are_here():
    assert len(EXPECTED) == (12 if FOLDER else 0)
    assert len(TICKS) == (9 if FOLDER else 0)


@pytest.mark.parametrize("name", EXPECTED)
def test_what_was_voted(name):
    facts = EXPECTED[name]
    raw = gzip.decompress((FOLDER / f"{name}.gz").read_bytes())
    assert hashlib.sha256(raw).hexdigest() == facts["sha256"]
    found = election(name)
    assert found.vote_type == facts["vote_type"]
    assert (len(found.projects), len(found.votes)) == (facts["n_projects"], facts["n_votes"])
    assert found.budget == int(facts["budget"])
    assert sum(found.costs) == int(facts["sum_costs"])
    assert max(len(vote.projects) for vote in found.votes) == facts["max_ballot_length"]
    sums = found.scores
    assert dict(zip(found.projects, sums.voters, strict=True)) == facts["votes_per_project"]
    points = facts.get("points_per_project", {})
    assert all(sums.sums[i] == int(points[c]) for i, c in enumerate(found.projects) if points)
    assert sums.valid == facts["n_votes"]


@pytest.mark.parametrize("name", EXPECTED)
def test_who_voted_and_by_which_channel(name):
    facts, votes = EXPECTED[name], election(name).votes
    if "voters_by_sex" in facts:
        wanted: Counter[Sex] = Counter()
        for letter, count in facts["voters_by_sex"].items():
            wanted[SEXES[letter]] += count
        assert Counter(vote.sex for vote in votes) == wanted
    if "voters_by_age_band" in facts:
        assert Counter(str(age_band(vote.age)) for vote in votes) == facts["voters_by_age_band"]
    if "voters_by_method" in facts:
        assert Counter(vote.channel for vote in votes) == {
            CHANNELS[method]: count for method, count in facts["voters_by_method"].items()
        }


@pytest.mark.parametrize("name", EXPECTED)
def test_every_paper_is_a_paper_of_ours(name):
    found = election(name)
    frame = found.frame
    ticks = Kind.BUDGET if "warszawa_201" in name else Kind.APPROVAL
    assert frame.kind is KINDS.get(EXPECTED[name]["vote_type"], ticks)
    assert [p for p in found.papers if why_not_paper(frame, p)] == []
    assert found.papers.total() == len(found.votes)


@pytest.mark.parametrize("name", EXPECTED)
def test_what_is_funded_by_votes(name):
    facts, found = EXPECTED[name], election(name)
    assert facts["greedy_key"] == ("votes" if name in TICKS else "score")
    for is_skipping, key in (
        (True, "greedy_skip_unaffordable"),
        (False, "greedy_stop_at_first_unaffordable"),
    ):
        funded = fund_most_wanted(
            found.scores.sums, found.costs, found.budget, is_skipping=is_skipping
        ).funded
        assert codes(name, funded) == sorted(facts[key])


@pytest.mark.parametrize("name", EXPECTED)
def test_what_the_city_funded(name):
    """With the corrected budget and threshold the official choice comes out, if it was greedy."""
    facts, found = EXPECTED[name], election(name)
    current = facts.get("pabulib_current", {})
    for is_skipping, key in ((True, "skip"), (False, "no_skip")):
        told = current.get(f"selected_equals_greedy_{key}_with_threshold")
        if told is None:
            continue
        funded = fund_most_wanted(
            found.scores.sums,
            found.costs,
            int(current["budget"]),
            min_votes=int(current["min_project_score_threshold"] or 0),
            is_skipping=is_skipping,
        ).funded
        assert (codes(name, funded) == sorted(facts["official_selected"])) is told


@pytest.mark.parametrize("name", TICKS)
def test_what_is_funded_by_equal_shares(name):
    facts, found = EXPECTED[name], election(name)
    shares = share_equally(found.papers, found.costs, found.budget)
    assert codes(name, shares[Completion.NONE].funded) == sorted(facts["mes_cost_utility"])
    for completion, key, budget in (
        (
            Completion.STOP_WHEN_EXHAUSTIVE,
            "mes_cost_add1_stop_when_exhaustive",
            "mes_add1_voter_budget",
        ),
        (
            Completion.UNTIL_OVERSPEND,
            "mes_cost_add1_until_overspend",
            "mes_add1_until_overspend_voter_budget",
        ),
    ):
        if key in facts:
            assert codes(name, shares[completion].funded) == sorted(facts[key])
        if budget in facts:
            assert shares[completion].voter_budget == (int(facts[budget]), 1)
        assert shares[completion].spent <= found.budget
    if "mes_add1_steps" in facts:
        assert shares[Completion.STOP_WHEN_EXHAUSTIVE].raises == facts["mes_add1_steps"]


def test_the_choice_of_wieliczka():
    name = "poland_wieliczka_2023.pb"
    if name not in EXPECTED:
        return
    found, facts = election(name), EXPECTED[name]
    shares = share_equally(found.papers, found.costs, found.budget)
    official = shares[Completion.UNTIL_OVERSPEND]
    assert codes(name, official.funded) == sorted(facts["official_selected"])
    assert official.spent == int(facts["official_cost"])
    stopped = codes(name, shares[Completion.STOP_WHEN_EXHAUSTIVE].funded)
    assert set(stopped) ^ set(facts["official_selected"]) == {"46", "66", "67"}
    greedy = fund_most_wanted(found.scores.sums, found.costs, found.budget)
    ours = represent(found.papers, found.costs, official.funded)
    theirs = represent(found.papers, found.costs, greedy.funded)
    assert ours.with_any > theirs.with_any
    sides = compare(found.papers, found.costs, official.funded, greedy.funded)
    assert sides.better_first + sides.better_second + sides.same == ours.voters == 6586


@pytest.mark.parametrize("name", EXPECTED)
def test_it_can_be_written_and_read_again(name):
    found = election(name)
    again = pb.read("again.pb", exporting.write(found))
    assert again.projects == found.projects
    assert again.votes == found.votes
    assert again.frame == found.frame
    assert again.meta == found.meta


@pytest.mark.parametrize("name", TICKS)
def test_pabutools_funded_the_same(name):
    found = election(name)
    ours = share_equally(found.papers, found.costs, found.budget)[Completion.NONE]
    assert codes(name, ours.funded) == PABUTOOLS[name]


def test_pabutools_says_so_of_what_we_write(tmp_path):
    """Where it happens to be installed; it brings a licensed solver, so it is none of our tools."""
    why = "pabutools is not installed (its answers are kept in files/pabutools.json)"
    pabutools = pytest.importorskip("pabutools.election", reason=why)
    rules = pytest.importorskip("pabutools.rules", reason=why)
    for name in TICKS:
        file = tmp_path / name
        file.write_bytes(exporting.write(election(name)))
        instance, profile = pabutools.parse_pabulib(str(file))
        theirs = rules.method_of_equal_shares(
            instance, profile.as_multiprofile(), sat_class=pabutools.Cost_Sat
        )
        assert sorted(project.name for project in theirs) == PABUTOOLS[name]
