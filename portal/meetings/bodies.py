"""Who must sit in a representatives' meeting, and who can ask for one: the law's numbers as data.

What is said here about a meeting's members warns and blocks nothing (domain.md V6); a request that
reaches its share obliges the committee to convene (V8).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TypeVar

from portal.meetings.rules import Kind
from portal.people.rules import lineage

Share = tuple[int, int]
FEWEST_HOUSEHOLDS, MOST_HOUSEHOLDS = 5, 15
NATION, SHANGHAI, ZHEJIANG = "", "31", "33"
LAW = "《中华人民共和国村民委员会组织法》(2018)"
SHANGHAI_RULES = "《上海市实施〈中华人民共和国村民委员会组织法〉办法》(2020)"
SINCE = date(2018, 12, 29)


@dataclass(frozen=True, kw_only=True)
class Convening:
    """Whose request obliges to convene a meeting: a share of its electors, of representatives."""

    kind: Kind
    region: str
    valid_from: date
    share: Share | None = None
    share_of_representatives: Share | None = None
    citation: str


@dataclass(frozen=True, kw_only=True)
class Seating:
    """What a region wants of its representatives. `least_heads`: from so many people, so many."""

    region: str
    valid_from: date
    least_heads: tuple[tuple[int, int], ...] = ()
    one_of_a_household: bool = False


CONVENINGS = (
    Convening(
        kind=Kind.VM,
        region=NATION,
        valid_from=SINCE,
        share=(1, 10),
        share_of_representatives=(1, 3),
        citation=f"{LAW}第二十一条",
    ),
    Convening(
        kind=Kind.VR,
        region=NATION,
        valid_from=SINCE,
        share_of_representatives=(1, 5),
        citation=f"{LAW}第二十六条",
    ),
    Convening(
        kind=Kind.VG,
        region=SHANGHAI,
        valid_from=date(2020, 5, 14),
        share=(1, 3),
        citation=f"{SHANGHAI_RULES}第十九条",
    ),
)
SEATINGS = (
    Seating(region=NATION, valid_from=SINCE),
    Seating(
        region=ZHEJIANG,
        valid_from=date(2020, 7, 31),
        least_heads=((0, 30), (500, 40), (1000, 50)),
        one_of_a_household=True,
    ),
    Seating(region=SHANGHAI, valid_from=date(2020, 5, 14), least_heads=((0, 35),)),
)

Rule = TypeVar("Rule", Convening, Seating)


def find_convening(kind: Kind, village_code: str, *, on: date) -> Convening | None:
    """Return what holds for a meeting in a village on a day, its region's own first."""
    return _nearest([rule for rule in CONVENINGS if rule.kind is kind], village_code, on)


def find_seating(village_code: str, *, on: date) -> Seating:
    """Return what holds for the representatives of a village on a day, its region's own first."""
    return _nearest(SEATINGS, village_code, on) or SEATINGS[0]


def _nearest(rules: Iterable[Rule], village_code: str, on: date) -> Rule | None:
    places = ("", *lineage(village_code))
    here = [rule for rule in rules if rule.region in places and rule.valid_from <= on]
    return max(here, key=lambda rule: (rule.region, rule.valid_from), default=None)


@dataclass(frozen=True)
class Needed:
    """So many electors, or so many representatives, oblige to convene; None: not this way."""

    electors: int | None
    representatives: int | None


def needed(rule: Convening, *, electors: int, representatives: int) -> Needed:
    """Return how many must ask for a meeting, so that it must be convened (V8)."""
    return Needed(
        _part(rule.share, electors), _part(rule.share_of_representatives, representatives)
    )


def _part(share: Share | None, whole: int) -> int | None:
    return -(-share[0] * whole // share[1]) if share and whole else None


class Lack(StrEnum):
    """What the law wants otherwise of those who represent the village."""

    TOO_FEW_OF_MEMBERS = "too-few-of-members"
    TOO_FEW_WOMEN = "too-few-women"
    TOO_FEW_FOR_HOUSEHOLDS = "too-few-for-households"
    TOO_MANY_FOR_HOUSEHOLDS = "too-many-for-households"
    TOO_FEW_HEADS = "too-few-heads"
    TWO_OF_A_HOUSEHOLD = "two-of-a-household"


@dataclass(frozen=True, kw_only=True)
class Composition:
    """Who represents the village, in numbers. `members` are they and the committee."""

    representatives: int
    women: int
    members: int
    households: int
    people: int
    households_twice: int

    @property
    def fewest(self) -> int:
        """Return the least number that fits the households: one for fifteen of them."""
        return -(-self.households // MOST_HOUSEHOLDS)

    @property
    def most(self) -> int:
        """Return the greatest number that fits the households: one for five of them."""
        return self.households // FEWEST_HOUSEHOLDS


def lacks(who: Composition, seating: Seating) -> list[Lack]:
    """Return what is otherwise than Organic Law Art. 25 and the region's rules want it (V6)."""
    heads = max((n for people, n in seating.least_heads if people <= who.people), default=0)
    found = {
        Lack.TOO_FEW_OF_MEMBERS: 5 * who.representatives < 4 * who.members,
        Lack.TOO_FEW_WOMEN: 3 * who.women < who.members,
        Lack.TOO_FEW_FOR_HOUSEHOLDS: who.representatives < who.fewest,
        Lack.TOO_MANY_FOR_HOUSEHOLDS: who.representatives > who.most,
        Lack.TOO_FEW_HEADS: who.representatives < heads,
        Lack.TWO_OF_A_HOUSEHOLD: seating.one_of_a_household and who.households_twice > 0,
    }
    return [lack for lack, is_so in found.items() if is_so]
