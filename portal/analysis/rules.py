"""What planners check, in which words of their own, and why something is refused. Pure."""

from decimal import Decimal
from enum import StrEnum

SQUARE_METRES_PER_HECTARE = 10_000
MU_PER_HECTARE = 15
HECTARES_PER_SQUARE_KILOMETRE = 100
CENT = Decimal("0.01")
BENCHMARK = Decimal("12.3")
"""Per cent of patches in conflict, as seed Q3 reports of a check in 2024 (not verified)."""
TOLERANCE_HA = Decimal("0.01")
"""By how much areas of the structure table may miss each other (domain.md §2.3)."""
MOST_SCENARIOS = 4
FEWEST_SCENARIOS = 2


class Measure(StrEnum):
    """How densely a village is built up (domain.md §2.3, warnings)."""

    CONSTRUCTION_SHARE = "construction_share"
    ECO_OCCUPATION = "eco_occupation_rate"
    PER_CAPITA = "per_capita_land"


class Light(StrEnum):
    """Where a measure stands against its cap."""

    GREEN = "green"
    YELLOW = "yellow"
    RED = "red"
    GREY = "grey"


class ConflictState(StrEnum):
    """How far a spatial conflict is."""

    OPEN = "open"
    AGREED = "agreed"
    RESOLVED = "resolved"
    ACCEPTED = "accepted"


SETTLED = (ConflictState.RESOLVED, ConflictState.ACCEPTED)


class Preset(StrEnum):
    """Which way a scenario takes (domain.md §1.2 no. 36)."""

    URBANISATION = "urbanisation"
    ECOLOGY = "ecology"
    INDUSTRY = "industry"
    OWN = "own"


class Refusal(StrEnum):
    """Why something is not done; words.py has the words."""

    NO_MAP = "no-map"
    NO_PAIRS = "no-pairs"
    SAME_BOUNDARIES = "same-boundaries"
    UNKNOWN_BOUNDARIES = "unknown-boundaries"
    TOO_MANY = "too-many"
    MAP_CHANGED = "map-changed"
    STALE = "stale"
    NO_OWNER = "no-owner"
    NO_PROPOSAL = "no-proposal"
    STILL_THERE = "still-there"
    SCENARIO_SLOTS_FULL = "scenario-slots-full"
    SCENARIO_FACTS_MISSING = "scenario-facts-missing"
    SCENARIO_OUT_OF_RANGE = "scenario-out-of-range"
    TITLE_TAKEN = "title-taken"
    ALREADY_RETIRED = "already-retired"


def hectares(square_metres: int | Decimal) -> Decimal:
    """Turn square metres into hectares, exactly."""
    return Decimal(square_metres) / SQUARE_METRES_PER_HECTARE


def square_metres(hectares_: Decimal) -> Decimal:
    """Turn hectares into square metres, exactly."""
    return hectares_ * SQUARE_METRES_PER_HECTARE


def mu(hectares_: Decimal) -> Decimal:
    """Turn hectares into 亩: 15 of them are one hectare."""
    return hectares_ * MU_PER_HECTARE


def square_kilometres(hectares_: Decimal) -> Decimal:
    """Turn hectares into square kilometres: a hundred hectares are one."""
    return hectares_ / HECTARES_PER_SQUARE_KILOMETRE


def light_of(value: Decimal | None, cap: Decimal | None) -> Light:
    """Return the light of a value: below 90 % of its cap green, up to the cap yellow, above red.

    Without a cap, or without a value, it is grey. A cap of nothing allows nothing.
    """
    if cap is None or value is None:
        return Light.GREY
    if value > cap:
        return Light.RED
    return Light.YELLOW if value * 10 >= cap * 9 and cap > 0 else Light.GREEN


def why_not_settle(
    *, state: ConflictState, owner: str, proposal: str, is_present: bool
) -> Refusal | None:
    """Say why a conflict cannot be given this state.

    From an agreement on it has an owner and a proposal; what the map still shows is not resolved.
    """
    if state is ConflictState.OPEN:
        return None
    if not owner.strip():
        return Refusal.NO_OWNER
    if not proposal.strip():
        return Refusal.NO_PROPOSAL
    if state is ConflictState.RESOLVED and is_present:
        return Refusal.STILL_THERE
    return None


def ratio(part: int, whole: int) -> Decimal | None:
    """Return a share in per cent to two places, half up; None of nothing."""
    if whole <= 0:
        return None
    return ((Decimal(part) * 100) / whole).quantize(CENT, rounding="ROUND_HALF_UP")
