"""Who must sit in a meeting, and who can ask for one: the law's numbers as data (domain.md V6, V8).

What is said here about a meeting's members warns and blocks nothing; a request that reaches its
share obliges the committee to convene.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TypeVar

from portal.ballots.arithmetic import Line, at_least
from portal.ballots.profiles import (
    GROUP_LAW,
    NATION,
    ORGANIC_LAW,
    ORGANIC_LAW_SINCE,
    REPRESENTATIVES_LAW,
    SHANGHAI,
    SHANGHAI_RULES,
    ZHEJIANG,
    ZHEJIANG_RULES,
    Body,
    Share,
    is_in,
)


@dataclass(frozen=True, kw_only=True)
class Convening:
    """Whose request obliges to convene: a share of the body, or of the representatives."""

    body: Body
    region_code: str
    valid_from: date
    share: Share | None = None
    share_of_representatives: Share | None = None
    citation: str


@dataclass(frozen=True, kw_only=True)
class Composition:
    """Who must sit in a representatives' meeting. `least_heads`: people from … on, heads."""

    region_code: str
    valid_from: date
    seats: Share
    women: Share
    households_for_one: tuple[int, int]
    least_heads: tuple[tuple[int, int], ...] = ()
    one_of_a_household: bool = False
    citation: str


CONVENINGS = (
    Convening(
        body=Body.VILLAGERS,
        region_code=NATION,
        valid_from=ORGANIC_LAW_SINCE,
        share=(1, 10),
        share_of_representatives=(1, 3),
        citation=ORGANIC_LAW,
    ),
    Convening(
        body=Body.REPRESENTATIVES,
        region_code=NATION,
        valid_from=ORGANIC_LAW_SINCE,
        share_of_representatives=(1, 5),
        citation=REPRESENTATIVES_LAW,
    ),
    Convening(
        body=Body.GROUP,
        region_code=SHANGHAI,
        valid_from=date(2020, 5, 14),
        share=(1, 3),
        citation=f"{GROUP_LAW}、{SHANGHAI_RULES}第十九条",
    ),
)
COMPOSITIONS = (
    Composition(
        region_code=NATION,
        valid_from=ORGANIC_LAW_SINCE,
        seats=(4, 5),
        women=(1, 3),
        households_for_one=(5, 15),
        citation=REPRESENTATIVES_LAW,
    ),
    Composition(
        region_code=ZHEJIANG,
        valid_from=date(2020, 7, 31),
        seats=(4, 5),
        women=(1, 3),
        households_for_one=(5, 15),
        least_heads=((0, 30), (500, 40), (1000, 50)),
        one_of_a_household=True,
        citation=f"{REPRESENTATIVES_LAW}、{ZHEJIANG_RULES}",
    ),
    Composition(
        region_code=SHANGHAI,
        valid_from=date(2020, 5, 14),
        seats=(4, 5),
        women=(1, 3),
        households_for_one=(5, 15),
        least_heads=((0, 35),),
        citation=f"{REPRESENTATIVES_LAW}、{SHANGHAI_RULES}",
    ),
)


Rule = TypeVar("Rule", Convening, Composition)


def find_convening(body: Body, village_code: str, *, on: date) -> Convening | None:
    """Return what holds for a meeting in a village on a day, its region's own first."""
    return _nearest([rule for rule in CONVENINGS if rule.body is body], village_code, on)


def find_composition(village_code: str, *, on: date) -> Composition | None:
    """Return what holds for the representatives of a village on a day, its region's own first."""
    return _nearest(COMPOSITIONS, village_code, on)


def _nearest(rules: Iterable[Rule], village_code: str, on: date) -> Rule | None:
    here = [r for r in rules if is_in(r.region_code, village_code) and r.valid_from <= on]
    return max(here, key=lambda r: (r.region_code.rstrip("0"), r.valid_from), default=None)


def requests(
    rule: Convening, *, supporters: int, electors: int, asking: int = 0, representatives: int = 0
) -> tuple[Line, ...]:
    """Return the inequalities of a request; if one holds, the meeting must be convened (V8).

    `asking` of the `representatives` want it, and `supporters` of the body's own electors.
    """
    lines = []
    if rule.share and electors:
        lines.append(at_least(supporters, electors, rule.share))
    if rule.share_of_representatives and representatives:
        lines.append(at_least(asking, representatives, rule.share_of_representatives))
    return tuple(lines)


class Lack(StrEnum):
    """What a representatives' meeting lacks; bodies warn, words.py has the sentences."""

    SEATS = "seats"
    WOMEN = "women"
    TOO_FEW_FOR_THE_HOUSEHOLDS = "too-few-for-the-households"
    TOO_MANY_FOR_THE_HOUSEHOLDS = "too-many-for-the-households"
    HEADS = "heads"
    TWO_OF_A_HOUSEHOLD = "two-of-a-household"


@dataclass(frozen=True, kw_only=True)
class Seats:
    """Who sits in a representatives' meeting: members are the committee and the representatives."""

    members: int
    representatives: int
    women: int
    households: int
    people: int
    households_twice: int = 0


def lacks(rule: Composition, seats: Seats) -> dict[Lack, str]:
    """Return what is to be warned of, each with its numbers (V6)."""
    most_households, fewest = max(rule.households_for_one), min(rule.households_for_one)
    least = -(-seats.households // most_households)
    most = seats.households // fewest
    heads = max((n for people, n in rule.least_heads if people <= seats.people), default=0)
    lines = {
        Lack.SEATS: at_least(seats.representatives, seats.members, rule.seats),
        Lack.WOMEN: at_least(seats.women, seats.members, rule.women),
        Lack.TOO_FEW_FOR_THE_HOUSEHOLDS: _at_least(seats.representatives, least),
        Lack.TOO_MANY_FOR_THE_HOUSEHOLDS: _at_most(seats.representatives, most),
        Lack.HEADS: _at_least(seats.representatives, heads),
        Lack.TWO_OF_A_HOUSEHOLD: _at_most(
            seats.households_twice if rule.one_of_a_household else 0, 0
        ),
    }
    return {lack: line.text for lack, line in lines.items() if not line.met}


def _at_least(part: int, bound: int) -> Line:
    return Line(part >= bound, f"{part} {'≥' if part >= bound else '<'} {bound}")


def _at_most(part: int, bound: int) -> Line:
    return Line(part <= bound, f"{part} {'≤' if part <= bound else '>'} {bound}")
