"""The arithmetic of votes: inequalities in integers, printed with their numbers."""

from dataclasses import dataclass
from enum import StrEnum

from portal.ballots.profiles import Base, LegalEffect, Params, Share, Unit


class Outcome(StrEnum):
    """What came of a ballot. A consultative one never passes or fails: it was heard."""

    PASSED = "passed"
    FAILED = "failed"
    NO_QUORUM = "no-quorum"
    VOID = "void"
    HEARD = "heard"


@dataclass(frozen=True)
class Line:
    """One inequality with its numbers, as it is printed, and whether it holds."""

    met: bool
    text: str


def more_than(part: int, whole: int, share: Share) -> Line:
    """Compare part > whole × share, in integers: 601 of 1200, (1, 2) → “2×601=1202 > 1200”."""
    numerator, denominator = share
    left, right = denominator * part, numerator * whole
    target = str(right) if numerator == 1 else f"{numerator}×{whole}={right}"
    return Line(
        left > right, f"{denominator}×{part}={left} {'>' if left > right else '≤'} {target}"
    )


def at_least(part: int, whole: int, share: Share) -> Line:
    """Compare part ≥ whole × share, in integers: 267 of 400, (2, 3) → “3×267=801 ≥ 2×400=800”."""
    numerator, denominator = share
    left, right = denominator * part, numerator * whole
    target = str(right) if numerator == 1 else f"{numerator}×{whole}={right}"
    return Line(
        left >= right, f"{denominator}×{part}={left} {'≥' if left >= right else '<'} {target}"
    )


def reaches(part: int, whole: int, share: Share, *, inclusive: bool) -> Line:
    """Compare at least or more than, as the rule says. Nobody never reaches anything."""
    line = at_least(part, whole, share) if inclusive else more_than(part, whole, share)
    return line if part else Line(False, line.text)


@dataclass(frozen=True)
class Quorum:
    """Whether enough took part: by persons or by households, as far as the rule knows them."""

    by_persons: Line | None
    by_households: Line | None

    @property
    def met(self) -> bool:
        """Tell whether one of the two ways is enough."""
        return any(line.met for line in (self.by_persons, self.by_households) if line)


def quorum(
    *,
    present: int,
    adults: int,
    households_present: int,
    households: int,
    params: Params,
    by_household: bool = False,
) -> Quorum | None:
    """Judge attendance (domain.md V2, V5, V7, V9, V11). None if the rule asks for none.

    `adults` are all electors of the body, whatever it is. Nobody present is never a quorum. Where
    households vote, persons are none either: a rule that knows only persons is not met.
    """
    if params.quorum is None and params.household_quorum is None:
        return None
    by_persons = by_households = None
    if params.quorum and not by_household:
        by_persons = reaches(present, adults, params.quorum, inclusive=params.quorum_inclusive)
    if params.household_quorum and households:
        by_households = reaches(
            households_present,
            households,
            params.household_quorum,
            inclusive=params.household_quorum_inclusive,
        )
    return Quorum(by_persons, by_households)


def majority(
    *, yes: int, attendees: int, params: Params, electors: int | None = None
) -> Line | None:
    """Judge the decision: the share of those present, or of all electors (domain.md V3, V9, V10).

    Abstentions and spoiled votes stand in the denominator; nobody present never passes, and a tie
    passes only where the rule includes its share (V17).
    """
    if params.majority is None:
        return None
    if params.majority_of is Base.ALL:
        if electors is None:
            raise ValueError("this rule asks for a share of all electors: how many are they?")
        whole = electors
    else:
        whole = attendees
    return reaches(yes, whole, params.majority, inclusive=params.majority_inclusive)


@dataclass(frozen=True, kw_only=True)
class Count:
    """The numbers of a counted ballot. In household mode each attendee stands for a household."""

    electors: int
    households: int
    attendees: int
    households_present: int
    cast: int
    yes: int
    content_unchanged: bool = True


@dataclass(frozen=True)
class Judgement:
    """The inequalities of a ballot, and what came of it."""

    quorum: Quorum | None
    majority: Line | None
    outcome: Outcome


def judge(count: Count, params: Params, unit: Unit | None = None) -> Judgement:
    """Say what came of a ballot, with every inequality and its numbers.

    `unit`, if the ballot declared one of its own, stands before the rule's.
    """
    by_household = (unit or params.unit) is Unit.HOUSEHOLD
    reached = quorum(
        present=count.attendees,
        adults=count.electors,
        households_present=count.attendees if by_household else count.households_present,
        households=count.households,
        params=params,
        by_household=by_household,
    )
    decided = majority(
        yes=count.yes,
        attendees=count.attendees,
        params=params,
        electors=count.households if by_household else count.electors,
    )
    return Judgement(
        reached,
        decided,
        outcome(
            params=params,
            cast=count.cast,
            attendees=count.attendees,
            quorum_met=reached.met if reached else None,
            majority_met=decided.met if decided else None,
            content_unchanged=count.content_unchanged,
        ),
    )


def outcome(
    *,
    params: Params,
    cast: int,
    attendees: int,
    quorum_met: bool | None,
    majority_met: bool | None,
    content_unchanged: bool,
) -> Outcome:
    """Say what came of a ballot (domain.md V3, V15, V24, T6)."""
    if cast > attendees or not content_unchanged:
        return Outcome.VOID
    if params.legal_effect is LegalEffect.CONSULTATIVE:
        return Outcome.HEARD
    if quorum_met is False:
        return Outcome.NO_QUORUM
    return Outcome.PASSED if majority_met else Outcome.FAILED


def assisted_too_much(*, by_one: int, cast: int, params: Params) -> Line | None:
    """Return the line that is to be told if one helper wrote more papers than is usual (V19)."""
    line = more_than(by_one, cast, params.assisted_by_one)
    return line if line.met else None
