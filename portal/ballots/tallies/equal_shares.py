"""The Method of Equal Shares: every voter gets the same part of the money for their own projects.

Cost utilities, exact integers. A project can be bought if those who chose it can pay for it
together, each the same, or all they have left where that is less. Bought next is always the project
whose supporters pay the smallest part of its cost each; equal ones by more supporters, then by the
lower cost, then by the order on the paper. Money that nobody can use alone is left over, so the
part of everybody is raised yuan by yuan, as if there were more, and all is bought anew.
(Peters and Skowron 2020; Peters, Pierczynski and Skowron 2021; equalshares.net).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from fractions import Fraction

from portal.ballots.papers import Paper

Share = tuple[int, int]


class Completion(StrEnum):
    """How money left over is used: not at all, or by raising everybody's part.

    STOP_WHEN_EXHAUSTIVE takes the first part with which no further project fits;
    UNTIL_OVERSPEND the last one before more would be spent than there is.
    """

    NONE = "none"
    STOP_WHEN_EXHAUSTIVE = "stop-when-exhaustive"
    UNTIL_OVERSPEND = "until-overspend"


@dataclass(frozen=True)
class Purchase:
    """A bought project: who supports it, and what the best-off of them pay (a pair of integers).

    `tied` are projects that would have asked the same part of their cost just then.
    """

    option: int
    supporters: int
    price: Share
    tied: tuple[int, ...]


Run = tuple[list[Purchase], list[object]]
"""What was bought, and every decision on the way."""


@dataclass(frozen=True)
class Shares:
    """What was bought in which order, and with which part for each voter."""

    purchases: tuple[Purchase, ...]
    completion: Completion
    voter_budget: Share
    raises: int
    budget: int
    spent: int
    is_exhaustive: bool

    @property
    def funded(self) -> tuple[int, ...]:
        """Return the bought projects in their order."""
        return tuple(purchase.option for purchase in self.purchases)


def share_equally(
    papers: Mapping[Paper, int], costs: Sequence[int], budget: int
) -> dict[Completion, Shares]:
    """Count chosen projects (any value is a tick) for each completion.

    A project that costs more than the budget is not bought; one that costs nothing always is, as
    long as somebody chose it.
    """
    shop = _Shop(papers, costs, budget)
    part = Fraction(budget, max(shop.voters, 1))
    plain = shop.result(shop.buy(part)[0], part, 0, Completion.NONE)
    return {Completion.NONE: plain} | _raise(shop, int(part))


def _raise(shop: "_Shop", first: int) -> dict[Completion, Shares]:
    """Raise the part from `first` on, yuan by yuan, until both completions are found."""
    exhaustive: Shares | None = None
    part, run = first, shop.buy(Fraction(first))
    while True:
        now = shop.result(run[0], Fraction(part), part - first, Completion.STOP_WHEN_EXHAUSTIVE)
        if now.is_exhaustive and exhaustive is None:
            exhaustive = now
        if len(now.purchases) == len(shop.wanted):
            break
        part, after = _last_alike(shop, part, run)
        if sum(shop.costs[purchase.option] for purchase in after[0]) > shop.budget:
            break
        part, run = part + 1, after
    bought = shop.buy(Fraction(part))[0]  # decided as in `run`, with the prices of this part
    last = shop.result(bought, Fraction(part), part - first, Completion.UNTIL_OVERSPEND)
    stopped = exhaustive or replace(last, completion=Completion.STOP_WHEN_EXHAUSTIVE)
    return {stopped.completion: stopped, last.completion: last}


def _last_alike(shop: "_Shop", part: int, run: Run) -> tuple[int, Run]:
    """Return the last part with which all is decided as in `run`, and what the next one leads to.

    With given decisions all prices are linear in the part. So what is decided alike with two
    parts is decided alike with all parts between them, and the end can be searched by halving.
    """
    alike, other = part, part + 1
    after = shop.buy(Fraction(other))
    while after[1] == run[1]:
        alike, other = other, 2 * other - part
        after = shop.buy(Fraction(other))
    while other - alike > 1:
        middle = (alike + other) // 2
        found = shop.buy(Fraction(middle))
        if found[1] == run[1]:
            alike = middle
        else:
            other, after = middle, found
    return alike, after


class _Shop:
    """Papers and costs, ready to be bought from with different parts for each voter."""

    def __init__(self, papers: Mapping[Paper, int], costs: Sequence[int], budget: int) -> None:
        self.costs = costs
        self.budget = budget
        self.voters = sum(papers.values())
        self.weights = list(papers.values())
        self.supporters: list[list[int]] = [[] for _ in costs]
        for number, paper in enumerate(papers):
            for option, value in enumerate(paper):
                if value:
                    self.supporters[option].append(number)
        self.counts = [sum(self.weights[n] for n in group) for group in self.supporters]
        self.wanted = [i for i, n in enumerate(self.counts) if n and costs[i] <= budget]
        self.free = [Purchase(i, self.counts[i], (0, 1), ()) for i in self.wanted if not costs[i]]

    def result(
        self, bought: list[Purchase], part: Fraction, raises: int, completion: Completion
    ) -> Shares:
        funded = {purchase.option for purchase in bought}
        spent = sum(self.costs[option] for option in funded)
        return Shares(
            tuple(bought),
            completion,
            part.as_integer_ratio(),
            raises,
            self.budget,
            spent,
            all(spent + self.costs[i] > self.budget for i in self.wanted if i not in funded),
        )

    def buy(self, part: Fraction) -> Run:
        """Buy with this part for each voter until nothing more can be paid."""
        costs, counts = self.costs, self.counts
        unit = part.denominator
        money = [part.numerator] * len(self.weights)  # in 1/unit yuan
        least = {i: Fraction(1, counts[i]) for i in self.wanted if costs[i]}  # it only grows
        bought = [*self.free]
        decisions: list[object] = []
        while least:
            fresh: dict[int, Fraction] = {}
            while least:
                option = min(least, key=lambda i: (least[i], -counts[i], costs[i], i))
                decisions.append(option)
                if option in fresh:
                    break
                asked = self._price(option, money, unit, decisions)
                if asked is None:
                    del least[option]
                else:
                    least[option] = fresh[option] = Fraction(asked, unit * costs[option])
            else:
                break
            share = least.pop(option)
            even = [i for i, bound in least.items() if bound == share]
            tied = tuple(
                i for i in even if self._price(i, money, unit, []) == share * costs[i] * unit
            )
            price = share * costs[option]
            bought.append(Purchase(option, counts[option], price.as_integer_ratio(), tied))
            if unit % price.denominator:
                factor = (price * unit).denominator
                unit *= factor
                money = [amount * factor for amount in money]
            pay = int(price * unit)
            for number in self.supporters[option]:
                money[number] -= min(pay, money[number])
        return bought, decisions

    def _price(
        self, option: int, money: list[int], unit: int, decisions: list[object]
    ) -> Fraction | None:
        """Return what the best-off supporters pay so that all is paid, in 1/unit yuan."""
        weights = self.weights
        owed, payers = self.costs[option] * unit, self.counts[option]
        group = self.supporters[option]
        while payers:
            level = -(-owed // payers)
            poor = [n for n in group if money[n] < level]
            decisions.append(poor)
            if not poor:
                return Fraction(owed, payers)
            owed -= sum(money[n] * weights[n] for n in poor)
            payers -= sum(weights[n] for n in poor)
            group = [n for n in group if money[n] >= level]
        return None
