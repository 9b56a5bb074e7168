"""Every way to count papers: known elections, both edges, ties, and conservation."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.ballots.tallies.greedy import Verdict, fund_most_wanted
from portal.ballots.tallies.pairwise import compare_all
from portal.ballots.tallies.representing import compare, represent
from portal.ballots.tallies.runoff import run_off
from portal.ballots.tallies.scores import add_up, points_for_places

# Memphis 0, Nashville 1, Chattanooga 2, Knoxville 3: the example of every textbook
TENNESSEE = Counter({(1, 2, 3, 4): 42, (4, 1, 2, 3): 26, (4, 3, 1, 2): 15, (4, 3, 2, 1): 17})
CIRCLE = Counter({(1, 2, 3, 4): 4, (3, 1, 2, 4): 3, (2, 3, 1, 4): 2})


def test_sums_and_who_shares_a_place():
    sums = add_up({(1, 0, 1): 4, (0, 1, 1): 2, (1, 1, 0): 2}, 3)
    assert (sums.sums, sums.voters, sums.valid) == ((6, 4, 6), (6, 4, 6), 8)
    assert sums.order == ((0, 2), (1,))
    assert sums.first == (0, 2)
    assert add_up({}, 3).first == ()
    points = add_up({(5, 0, 3): 2, (1, 1, 0): 1}, 3)
    assert (points.sums, points.voters) == ((11, 1, 6), (3, 1, 2))


def test_points_for_places():
    found = points_for_places({(1, 2, 3, 0): 2, (0, 1, 0, 0): 1}, 4, 3)
    assert (found.sums, found.valid) == ((6, 7, 2, 0), 3)


def test_the_run_off_of_the_textbook():
    found = run_off(TENNESSEE, 4)
    assert [(r.votes, r.out) for r in found.rounds] == [
        ((42, 26, 15, 17), (2,)),
        ((42, 26, None, 32), (1,)),
        ((42, None, None, 58), ()),
    ]
    assert (found.winner, found.valid) == (3, 100)


def test_nobody_leaves_together_who_could_overtake_the_next():
    papers = Counter({(1, 0, 0, 0): 6, (0, 1, 0, 0): 5, (2, 0, 1, 0): 2, (0, 2, 0, 1): 2})
    found = run_off(papers, 4)
    assert (found.rounds[0].out, found.rounds[0].tied) == ((2, 3), ())
    assert (found.rounds[1].votes, found.winner) == ((8, 7, None, None), 0)
    alone = run_off(
        Counter({(1, 0, 0, 0): 6, (0, 1, 0, 0): 4, (2, 0, 1, 0): 2, (0, 2, 0, 1): 2}), 4
    )
    assert (alone.rounds[0].out, alone.rounds[0].tied) == ((3,), (2, 3))


@pytest.mark.parametrize(
    ("papers", "winners"),
    [
        ({(1, 2): 3, (2, 1): 3}, (0, 1)),
        ({(1, 0): 3, (0, 1): 3}, (0, 1)),
        ({}, (0, 1)),
        ({(1, 2): 4, (2, 1): 3}, (0,)),
        # who leaves first of the two last decides who wins: so there is a tie, and a run-off
        ({(1, 0, 0): 3, (0, 1, 2): 2, (0, 2, 1): 2}, (1, 2)),
        # both ways lead to the same: no tie
        ({(1, 0, 0): 3, (2, 1, 0): 2, (2, 0, 1): 2}, (0,)),
    ],
)
def test_a_tie_is_told_and_not_drawn(papers, winners):
    found = run_off(papers, len(next(iter(papers), (0, 0))))
    assert found.winners == winners
    assert (found.winner is None) is (len(winners) > 1)


def test_exhausted_papers_are_told_and_half_of_all_is_not_needed():
    found = run_off({(1, 0, 0): 4, (0, 1, 0): 3, (0, 0, 1): 2}, 3)
    assert [r.exhausted for r in found.rounds] == [0, 2]
    assert found.winner == 0
    assert [r.votes for r in run_off({}, 3).rounds] == [(0, 0, 0)]


def test_too_many_ways_of_breaking_ties_follow_the_rounds():
    everybody = {tuple(int(i == j) for i in range(40)): 1 for j in range(40)}
    found = run_off(everybody, 40)
    assert not found.is_every_way_followed
    assert found.winners == (0,)
    assert run_off({(1, 0): 1}, 2).is_every_way_followed


def test_the_pairs_of_the_textbook():
    found = compare_all(TENNESSEE, 4)
    assert found.above[1][0] == 58
    assert found.above[0][1] == 42
    assert found.winner == 1
    assert found.tiers == ((1,), (2,), (3,), (0,))
    assert found.circle == ()


def test_a_circle_is_told():
    found = compare_all(CIRCLE, 4)
    assert found.winner is None
    assert found.tiers == ((0, 1, 2), (3,))
    assert found.circle == (0, 1, 2)
    assert all(found.beats(one, other) for one, other in ((0, 1), (1, 2), (2, 0)))


def test_a_tie_is_no_circle_and_what_is_not_ranked_is_last():
    found = compare_all({(1, 2, 0): 2, (2, 1, 0): 2}, 3)
    assert (found.tiers, found.circle, found.winner) == (((0, 1), (2,)), (), None)
    assert found.above == ((0, 2, 4), (2, 0, 4), (0, 0, 0))


def test_the_money_goes_down_the_list():
    found = fund_most_wanted([9, 8, 7, 1], [60, 50, 40, 1], 100)
    assert found.funded == (0, 2)
    assert found.spent == 100
    assert [turn.verdict for turn in found.turns] == [
        Verdict.FUNDED,
        Verdict.NO_MONEY_LEFT,
        Verdict.FUNDED,
        Verdict.NO_MONEY_LEFT,
    ]
    stopped = fund_most_wanted([9, 8, 7, 1], [60, 50, 40, 1], 100, is_skipping=False)
    assert stopped.funded == (0,)
    assert [turn.verdict for turn in stopped.turns[2:]] == [Verdict.AFTER_THE_STOP] * 2


def test_too_few_votes_are_not_funded_and_stop_nothing():
    found = fund_most_wanted([9, 4, 5, 0], [10, 10, 10, 0], 30, min_votes=5, is_skipping=False)
    assert found.funded == (0, 2)
    assert fund_most_wanted([0], [1], 9).funded == ()


def test_equal_votes_go_by_the_paper_and_that_is_told():
    found = fund_most_wanted([5, 5, 4], [60, 50, 40], 100)
    assert found.funded == (0, 2)
    assert [turn.tied for turn in found.turns] == [(1,), (0,), ()]
    assert found.tied_at_the_edge == (0, 1)
    assert fund_most_wanted([5, 5], [60, 40], 100).tied_at_the_edge == ()


def test_who_is_represented():
    papers = {(1, 1, 0): 3, (0, 1, 0): 2, (0, 0, 1): 5}
    first = represent(papers, [100, 10, 50], (0, 1))
    assert (first.with_any, first.with_none, first.by_number) == (5, 5, (5, 2, 3))
    assert (first.mean_number, first.mean_yuan) == ((8, 10), (350, 10))
    assert (first.chosen_yuan, first.spent) == (600, 110)
    assert represent({}, [1], (0,)).by_number == (0,)
    sides = compare(papers, [100, 10, 50], (0, 1), (1, 2))
    assert (sides.better_first, sides.better_second, sides.same) == (3, 5, 2)


papers_of_ticks = st.integers(1, 6).flatmap(
    lambda n: st.dictionaries(st.tuples(*[st.integers(0, 1)] * n), st.integers(1, 9), min_size=1)
)


@given(papers_of_ticks)
def test_nothing_is_lost_and_nothing_added(papers):
    options, valid = len(next(iter(papers))), sum(papers.values())
    sums = add_up(papers, options)
    assert sum(sums.sums) == sum(sum(paper) * count for paper, count in papers.items())
    assert all(count <= valid for count in sums.sums)
    assert sums.valid == valid
    ranked: Counter[tuple[int, ...]] = Counter()
    for paper, count in papers.items():
        ranked[tuple(sum(paper[: i + 1]) if value else 0 for i, value in enumerate(paper))] += count
    for turn in run_off(ranked, options).rounds:
        assert sum(votes or 0 for votes in turn.votes) + turn.exhausted == valid
    pairs = compare_all(ranked, options).above
    assert all(pairs[i][j] + pairs[j][i] <= valid for i in range(options) for j in range(options))
    shown = represent(papers, [1] * options, range(options))
    assert sum(shown.by_number) == valid
    assert shown.yuan == shown.chosen_yuan == sum(sums.sums)


@given(papers_of_ticks, st.integers(0, 5), st.integers(1, 9))
def test_more_ticks_never_harm(papers, option, more):
    """Monotony: whoever gets further ticks is no lower and, by greedy, no less funded."""
    options = len(next(iter(papers)))
    option %= options
    before = add_up(papers, options)
    tick = tuple(int(i == option) for i in range(options))
    after = add_up({**papers, tick: papers.get(tick, 0) + more}, options)
    assert after.sums[option] == before.sums[option] + more
    above = [i for i in range(options) if before.sums[i] < before.sums[option]]
    assert all(after.sums[i] < after.sums[option] for i in above)
    costs, budget = [10 * (i + 1) for i in range(options)], 10 * options
    if option in fund_most_wanted(before.sums, costs, budget).funded:
        assert option in fund_most_wanted(after.sums, costs, budget).funded
