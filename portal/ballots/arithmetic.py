"""The arithmetic of votes: inequalities in integers, printed with their numbers."""

from dataclasses import dataclass
from enum import StrEnum

from portal.ballots.profiles import LegalEffect, Params


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


def more_than(part: int, whole: int, share: tuple[int, int]) -> Line:
    """Compare part > whole × share, in integers: 601 of 1200, (1, 2) → “2×601=1202 > 1200”."""
    numerator, denominator = share
    left, right = denominator * part, numerator * whole
    target = str(right) if numerator == 1 else f"{numerator}×{whole}={right}"
    return Line(
        left > right, f"{denominator}×{part}={left} {'>' if left > right else '≤'} {target}"
    )


def at_least(part: int, whole: int, share: tuple[int, int]) -> Line:
    """Compare part ≥ whole × share, in integers: 267 of 400, (2, 3) → “3×267=801 ≥ 2×400=800”."""
    numerator, denominator = share
    left, right = denominator * part, numerator * whole
    target = str(right) if numerator == 1 else f"{numerator}×{whole}={right}"
    return Line(
        left >= right, f"{denominator}×{part}={left} {'≥' if left >= right else '<'} {target}"
    )


@dataclass(frozen=True)
class Quorum:
    """Whether enough took part: by persons or, where the rule allows it, by households."""

    by_persons: Line
    by_households: Line | None

    @property
    def met(self) -> bool:
        """Tell whether one of the two ways is enough."""
        return self.by_persons.met or (self.by_households is not None and self.by_households.met)


def quorum(
    *, present: int, adults: int, households_present: int, households: int, params: Params
) -> Quorum | None:
    """Judge attendance (domain.md V2; Organic Law Art. 22). None if the rule asks for none."""
    if params.quorum is None:
        return None
    by_households = None
    if params.household_quorum and households:
        by_households = at_least(households_present, households, params.household_quorum)
    return Quorum(more_than(present, adults, params.quorum), by_households)


def majority(*, yes: int, attendees: int, params: Params) -> Line | None:
    """Judge the decision: over half of those present (domain.md V3); a tie does not pass (V17).

    Abstentions and spoiled votes stand in the denominator; nobody present never passes.
    """
    return more_than(yes, attendees, params.majority) if params.majority else None


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
