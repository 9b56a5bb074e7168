"""2,000 electorates with ties, counted by others too: a library, brute force, plain fractions."""

import random
from collections import Counter
from dataclasses import asdict
from fractions import Fraction
from itertools import combinations

import pyrankvote
import pytest

from portal.ballots import verify_poll
from portal.ballots.detail import told
from portal.ballots.tallies.equal_shares import Completion, share_equally
from portal.ballots.tallies.pairwise import compare_all
from portal.ballots.tallies.runoff import run_off

PROFILES = 2000


@pytest.fixture(scope="module")
def profiles() -> list[Counter[tuple[int, ...]]]:
    """Return small electorates, so that ties and circles are frequent."""
    chance = random.Random(20260)
    found = []
    for _ in range(PROFILES):
        options, voters = chance.randint(2, 5), chance.randint(1, 13)
        papers: Counter[tuple[int, ...]] = Counter()
        for _ in range(voters):
            order = chance.sample(range(options), chance.randint(1, options))
            papers[tuple(order.index(i) + 1 if i in order else 0 for i in range(options))] += 1
        found.append(papers)
    return found


def size(papers) -> int:
    return len(next(iter(papers)))


def test_the_run_off_is_that_of_the_library(profiles):
    """Compare with pyrankvote, which breaks ties by second places and then by lot.

    Whatever it draws, its winner is one of ours; where ours is one, it is therefore the same. The
    exception: where several are thrown out at once because together they only reach the next one,
    the library can keep somebody with no more votes than those it throws out, and so choose one
    who loses in any order. The next test, which follows every order to its end, judges there too.
    """
    random.seed(1)
    determined = strays = 0
    for papers in profiles:
        names = [pyrankvote.Candidate(str(i)) for i in range(size(papers))]
        ballots = [
            pyrankvote.Ballot([names[i] for i in sorted(names_of(paper), key=paper.__getitem__)])
            for paper, count in papers.items()
            for _ in range(count)
        ]
        counted = pyrankvote.instant_runoff_voting(names, ballots)
        (theirs,) = counted.get_winners()
        ours = run_off(papers, size(papers))
        assert ours.is_every_way_followed
        if int(theirs.name) not in ours.winners:
            assert is_jumbled(counted)
            strays += 1
        determined += ours.winner is not None
    assert strays <= 3
    assert PROFILES // 2 < determined < PROFILES * 9 // 10


def is_jumbled(counted) -> bool:
    """Tell whether a round threw out several and kept one that had no more votes than they."""
    gone: set[str] = set()
    for turn in counted.rounds:
        found = {
            c.candidate.name: c for c in turn.candidate_results if c.candidate.name not in gone
        }
        out = {name for name, c in found.items() if c.status == "Rejected"}
        kept = [c.number_of_votes for c in found.values() if c.status == "Hopeful"]
        if len(out) > 1 and kept and min(kept) <= max(found[n].number_of_votes for n in out):
            return True
        gone |= out
    return False


def names_of(paper) -> list[int]:
    return [i for i, place in enumerate(paper) if place]


def plain_winners(papers, still_in) -> frozenset[int]:
    """Follow every way of breaking ties, one by one, to the last option."""
    if len(still_in) == 1:
        return still_in
    votes = Counter(dict.fromkeys(still_in, 0))
    for paper, count in papers.items():
        ranked = [i for i in still_in if paper[i]]
        if ranked:
            votes[min(ranked, key=paper.__getitem__)] += count
    last = [i for i in still_in if votes[i] == min(votes.values())]
    return frozenset().union(*(plain_winners(papers, still_in - {i}) for i in last))


def test_every_way_of_breaking_ties_is_followed(profiles):
    for papers in profiles:
        assert run_off(papers, size(papers)).winners == tuple(
            sorted(plain_winners(papers, frozenset(range(size(papers)))))
        )


def test_the_pairs_are_those_of_a_count_by_hand(profiles):
    circles = winners = 0
    for papers in profiles:
        options = range(size(papers))
        voters = [paper for paper, count in papers.items() for _ in range(count)]
        found = compare_all(papers, size(papers))

        def beats(i, j, voters=voters):
            better = sum(1 for v in voters if v[i] and (not v[j] or v[i] < v[j]))
            return better > sum(1 for v in voters if v[j] and (not v[i] or v[j] < v[i]))

        alone = [i for i in options if all(beats(i, j) for j in options if j != i)]
        assert [found.winner] == (alone or [None])
        smith = next(
            set(group)
            for k in range(1, len(options) + 1)
            for group in combinations(options, k)
            if all(beats(i, j) for i in group for j in options if j not in group)
        )
        assert set(found.tiers[0]) == smith
        assert sorted(i for tier in found.tiers for i in tier) == list(options)
        for place, tier in enumerate(found.tiers):
            assert all(
                beats(i, j) for i in tier for below in found.tiers[place + 1 :] for j in below
            )
        assert all(
            beats(i, j)
            for i, j in zip(found.circle, (*found.circle[1:], *found.circle[:1]), strict=True)
        )
        circles += bool(found.circle)
        winners += bool(alone)
    assert circles > 50
    assert winners > PROFILES // 3


def test_the_observers_script_counts_the_same(profiles):
    """It stands alone and has its own ways to count, so it is one more that counts the same."""
    for papers in profiles:
        options = size(papers)
        runoff, pairs = run_off(papers, options), compare_all(papers, options)
        assert verify_poll.run_off(papers, options) == set(runoff.winners)
        told_runoff = told(asdict(runoff)) | {"winner": runoff.winner}
        assert verify_poll.run_off_told(papers, options) == told_runoff
        above, tiers = told(pairs.above), told(pairs.tiers)
        assert verify_poll.tiers_of(above) == tiers
        assert verify_poll.is_shortest_circle(list(pairs.circle), above, tiers)
        for odd in ([], [*pairs.circle, 0], [0, 0]):
            assert odd == list(pairs.circle) or not verify_poll.is_shortest_circle(
                odd, above, tiers
            )
        assert verify_poll.pairs(papers, options) == list(
            map(list, compare_all(papers, options).above)
        )
        costs, budget = [3 + 2 * i for i in range(options)], 4 + 2 * options
        for shares in share_equally(papers, costs, budget).values():
            part = Fraction(*shares.voter_budget)
            wanted = {
                i for i, cost in enumerate(costs) if cost <= budget and any(p[i] for p in papers)
            }
            bought = verify_poll.equal_shares(papers, costs, wanted, part)[0]
            assert [
                (option, price.as_integer_ratio(), tuple(tied)) for option, price, tied in bought
            ] == [(one.option, one.price, one.tied) for one in shares.purchases]
    # twenty of thirty choices that nobody ranked leave together, in no time
    wide = {tuple(int(i == j) for i in range(30)): 10 - j for j in range(10)}
    found = run_off(wide, 30)
    assert found.is_every_way_followed
    assert verify_poll.run_off(wide, 30) == set(found.winners)


def plain_shares(papers, costs, part) -> set[int]:
    """Buy as the definition says it, with nothing but fractions."""
    money = {number: Fraction(part) for number in range(len(papers))}
    voters = list(papers.items())
    funded: set[int] = set()
    while True:
        offers = []
        for i in set(range(len(costs))) - funded:
            group = [n for n, (paper, _) in enumerate(voters) if paper[i]]
            if sum(money[n] * voters[n][1] for n in group) < costs[i] or not group:
                continue
            owed, heads = Fraction(costs[i]), sum(voters[n][1] for n in group)
            supporters = heads
            for n in sorted(group, key=lambda n: money[n]):
                if money[n] * heads >= owed:
                    break
                owed -= money[n] * voters[n][1]
                heads -= voters[n][1]
            offers.append((owed / heads / costs[i], -supporters, costs[i], i))
        if not offers:
            return funded
        share, _, cost, i = min(offers)
        funded.add(i)
        for n, (paper, _) in enumerate(voters):
            if paper[i]:
                money[n] -= min(money[n], share * cost)


def test_equal_shares_is_its_own_definition_yuan_by_yuan():
    """The part is raised here one by one; the product jumps over parts that change nothing."""
    chance = random.Random(7)
    differ = 0
    for _ in range(150):
        options, voters = chance.randint(2, 6), chance.randint(2, 12)
        papers: Counter[tuple[int, ...]] = Counter()
        for _ in range(voters):
            papers[tuple(chance.choice((0, 0, 1)) for _ in range(options))] += 1
        costs = [chance.randint(1, 30) for _ in range(options)]
        budget = chance.randint(5, 60)
        wanted = [i for i in range(options) if any(p[i] for p in papers) and costs[i] <= budget]
        payable = [c if i in wanted else 10**9 for i, c in enumerate(costs)]
        found = share_equally(papers, costs, budget)
        assert set(found[Completion.NONE].funded) == plain_shares(
            papers, payable, Fraction(budget, voters)
        )
        part, exhaustive = budget // voters, None
        while True:
            funded = plain_shares(papers, payable, part)
            spent = sum(costs[i] for i in funded)
            if spent > budget:
                part -= 1
                break
            if exhaustive is None and all(
                spent + costs[i] > budget for i in wanted if i not in funded
            ):
                exhaustive = (part, funded)
            if len(funded) == len(wanted):
                break
            part += 1
        last = plain_shares(papers, payable, part)
        stopped = exhaustive or (part, last)
        for completion, (raised, bought) in (
            (Completion.STOP_WHEN_EXHAUSTIVE, stopped),
            (Completion.UNTIL_OVERSPEND, (part, last)),
        ):
            shares = found[completion]
            assert set(shares.funded) == bought
            assert shares.voter_budget == (raised, 1)
            assert shares.raises == raised - budget // voters
            assert shares.spent <= budget
            assert shares.completion is completion
        differ += stopped[1] != last
    assert differ > 3


def test_a_tie_is_told_with_what_broke_it():
    """Equal parts of the cost: more supporters first, then the lower cost, then the paper."""
    papers = {(1, 0, 0): 2, (0, 1, 0): 2, (0, 0, 1): 2}
    bought = share_equally(papers, [20, 10, 10], 60)[Completion.NONE].purchases
    assert [(p.option, p.tied) for p in bought] == [(1, (0, 2)), (2, (0,)), (0, ())]
    assert [p.price for p in bought] == [(5, 1), (5, 1), (10, 1)]
    # Z takes all of c's money; then X asks half of its cost of two of its three supporters, and the
    # cheaper Y, first on the paper, half of its own of two
    papers = {(0, 1, 1): 1, (0, 0, 1): 4, (0, 1, 0): 2, (1, 0, 0): 2}
    bought = share_equally(papers, [16, 20, 50], 90)[Completion.NONE].purchases
    assert [(p.option, p.tied) for p in bought] == [(2, ()), (1, (0,)), (0, ())]
    free = share_equally({(1, 0): 1, (0, 0): 1}, [0, 0], 10)[Completion.NONE]
    assert (free.funded, free.spent, free.is_exhaustive) == ((0,), 0, True)


def test_the_part_rises_over_millions_in_no_time():
    papers = {(1, 0, 0, 0): 200, (1, 1, 0, 0): 199, (0, 0, 1, 1): 1}
    found = share_equally(papers, [30_000, 40_000, 20_000, 9_900_000], 10_000_000)
    raised = found[Completion.STOP_WHEN_EXHAUSTIVE]
    assert (raised.raises, raised.voter_budget) == (9_895_000, (9_920_000, 1))
    assert set(raised.funded) == {0, 1, 2, 3}
    nobody = share_equally({}, [5], 10)[Completion.UNTIL_OVERSPEND]
    assert (nobody.funded, nobody.raises, nobody.is_exhaustive) == ((), 0, True)
    assert found[Completion.NONE].purchases[0].price == (10_000, 133)
