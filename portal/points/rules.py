"""When points are given and taken back. Pure: no Flask, no database, no clock."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

AWARD_LIMIT = 30
"""Points one award may carry. More would need a second person (domain.md J14; trust.md I8)."""

LATEST_DAYS = 60
"""Days after the deed in which it can still be entered."""

MANY_TIMES = 6
"""How often one award may count its item, for instance half-days of work."""

OLD_ENOUGH = 14
"""Age from which somebody earns without a guardian's confirmation (domain.md J16)."""

SHORTEST_REASON = 2


class AccountKind(StrEnum):
    """Whose points an account holds."""

    HOUSEHOLD = "household"
    ISSUE = "issue"


class TransferKind(StrEnum):
    """What moved the points."""

    EARN = "earn"
    REVERSE = "reverse"


class Refusal(StrEnum):
    """Why points do not move; views.py has the words."""

    NOT_IN_FORCE = "not-in-force"
    NOT_A_VILLAGER = "not-a-villager"
    OWN_HOUSEHOLD = "own-household"
    NO_REASON = "no-reason"
    TIMES = "times"
    TOO_MANY_POINTS = "too-many-points"
    DAY_AHEAD = "day-ahead"
    DAY_TOO_OLD = "day-too-old"
    CHILD = "child"
    CAP_OF_DAY = "cap-of-day"
    CAP_OF_YEAR = "cap-of-year"
    KEY_USED = "key-used"
    ALREADY_REVERSED = "already-reversed"
    SAME_PERSON = "same-person"
    NOT_ENOUGH = "not-enough"


@dataclass(frozen=True)
class ItemRules:
    """What the catalogue says about one item.

    `times_per_day` limits a person, `points_per_year` a household; None is no limit.
    """

    points: int
    times_per_day: int | None = None
    points_per_year: int | None = None


def why_not_award(
    *,
    item: ItemRules,
    is_in_force: bool,
    is_villager: bool,
    age: int | None,
    is_own_household: bool,
    reason: str,
    times: int,
    done_on: date,
    today: date,
    times_that_day: int,
    points_that_year: int,
) -> Refusal | None:
    """Return the first reason to refuse the award, or None.

    Nobody awards his own household (domain.md J5; trust.md I8). `times_that_day` counts what this
    person already has for the item on the day of the deed, `points_that_year` what the household
    has for it in that year (domain.md J7). An unknown age is taken for old enough.
    """
    points = item.points * times
    checks = (
        (not is_in_force, Refusal.NOT_IN_FORCE),
        (not is_villager, Refusal.NOT_A_VILLAGER),
        (is_own_household, Refusal.OWN_HOUSEHOLD),
        (age is not None and age < OLD_ENOUGH, Refusal.CHILD),
        (len(reason.strip()) < SHORTEST_REASON, Refusal.NO_REASON),
        (not 1 <= times <= MANY_TIMES, Refusal.TIMES),
        (points > AWARD_LIMIT, Refusal.TOO_MANY_POINTS),
        (done_on > today, Refusal.DAY_AHEAD),
        ((today - done_on).days > LATEST_DAYS, Refusal.DAY_TOO_OLD),
        (_is_over(times_that_day + times, item.times_per_day), Refusal.CAP_OF_DAY),
        (_is_over(points_that_year + points, item.points_per_year), Refusal.CAP_OF_YEAR),
    )
    return next((refusal for failed, refusal in checks if failed), None)


def why_not_reverse(
    *,
    is_reversed: bool,
    is_awarder: bool,
    is_own_household: bool,
    reason: str,
    points: int,
    available: int,
) -> Refusal | None:
    """Return the first reason to refuse the reversal, or None.

    It needs somebody else than whoever awarded, from another household, and happens once
    (trust.md I6, I8). What the household no longer has cannot be taken back (I3).
    """
    checks = (
        (is_reversed, Refusal.ALREADY_REVERSED),
        (is_awarder, Refusal.SAME_PERSON),
        (is_own_household, Refusal.OWN_HOUSEHOLD),
        (len(reason.strip()) < SHORTEST_REASON, Refusal.NO_REASON),
        (points > available, Refusal.NOT_ENOUGH),
    )
    return next((refusal for failed, refusal in checks if failed), None)


def is_balanced(movements: Sequence[int]) -> bool:
    """Tell whether these signed points may be one transfer: none is zero, their sum is."""
    return len(movements) >= 2 and 0 not in movements and sum(movements) == 0


def _is_over(count: int, cap: int | None) -> bool:
    return cap is not None and count > cap
