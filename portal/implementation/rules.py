"""What follows a plan: how far an indicator is, what is overdue, who decides. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum


class Refusal(StrEnum):
    """Why something cannot be done; words.py says it."""

    NOT_FOLLOWED = "not-followed"
    READ_TWICE = "read-twice"
    IN_THE_FUTURE = "in-the-future"
    YEAR_TAKEN = "year-taken"
    YEAR_NOT_OVER = "year-not-over"
    FINISHED = "finished"
    NO_ACTION = "no-action"
    NOT_CONCERNED = "not-concerned"
    ALREADY_NAMED = "already-named"
    BACKWARDS = "backwards"
    OVER_BUDGET = "over-budget"
    DONE_ALREADY = "done-already"


class Light(StrEnum):
    """How an indicator stands on its way to its target."""

    ON_TRACK = "on_track"
    BEHIND = "behind"
    BREACH = "breach"
    UNKNOWN = "unknown"


class DutyKind(StrEnum):
    """What somebody is responsible for."""

    PROJECT = "project"
    CORRECTION = "correction"
    ANSWER = "answer"
    OTHER = "other"


class DutyState(StrEnum):
    """How a duty stands on a day."""

    DONE = "done"
    OVERDUE = "overdue"
    DUE_SOON = "due_soon"
    RUNNING = "running"
    NO_DEADLINE = "no_deadline"


class AssetKind(StrEnum):
    """What lies idle (闲置)."""

    LAND = "land"
    HOUSE = "house"


class AssetState(StrEnum):
    """What became of something idle."""

    IDLE = "idle"
    PLANNED = "planned"
    IN_USE = "in_use"


class VisitKind(StrEnum):
    """What a responsible planner did in the village."""

    VISIT = "visit"
    BRIEFING = "briefing"
    WORKSHOP = "workshop"
    OFFICE_HOUR = "office_hour"


BEHIND_SHARE = Decimal("0.8")
"""An indicator is behind when less than this share of what was due by now is reached."""

SOON_DAYS = 14

PLACES = Decimal("0.0001")


def expected_on(
    *, base: Decimal, target: Decimal, base_year: int, target_year: int, day: date
) -> Decimal:
    """Return the value a straight way from base to target has on a day; outside of it, its ends.

    The base is that of the last day of the base year, the target that of the target year's.
    """
    first, last = date(base_year, 12, 31), date(target_year, 12, 31)
    if day <= first or last <= first:
        return base if day <= first < last else target
    if day >= last:
        return target
    share = Decimal((day - first).days) / Decimal((last - first).days)
    return (base + (target - base) * share).quantize(PLACES, ROUND_HALF_UP).normalize()


def attainment(*, base: Decimal, target: Decimal, current: Decimal, at_most: bool) -> Decimal:
    """Return how much of the way is done, 0 to 1 (domain.md §6 no. 38).

    Where base and target are the same, 1 while the current value keeps to the target's side.
    """
    if base == target:
        keeps = current <= target if at_most else current >= target
        return Decimal(1) if keeps else Decimal(0)
    share = (current - base) / (target - base)
    return min(max(share, Decimal(0)), Decimal(1))


def light_of(
    *,
    base: Decimal | None,
    target: Decimal | None,
    current: Decimal | None,
    at_most: bool,
    is_binding: bool,
    expected: Decimal | None,
) -> Light:
    """Return how an indicator stands.

    A value on the wrong side of the target of an indicator that is not meant to move there, or past
    a binding limit, is a breach; less than four fifths of what was due by now is behind.
    """
    if base is None or target is None or current is None:
        return Light.UNKNOWN
    worse = current > max(base, target) if at_most else current < min(base, target)
    if worse:
        return Light.BREACH if is_binding or base == target else Light.BEHIND
    if base == target or expected is None or expected == base:
        return Light.ON_TRACK
    due, done = expected - base, current - base
    return Light.ON_TRACK if done / due >= BEHIND_SHARE else Light.BEHIND


def duty_state(*, due_on: date | None, done_on: date | None, today: date) -> DutyState:
    """Return how a duty stands: its last day still belongs to it (T2)."""
    if done_on is not None:
        return DutyState.DONE
    if due_on is None:
        return DutyState.NO_DEADLINE
    if today > due_on:
        return DutyState.OVERDUE
    return DutyState.DUE_SOON if (due_on - today).days <= SOON_DAYS else DutyState.RUNNING


@dataclass(frozen=True, slots=True)
class OwnerLine:
    """How many duties an owner has, how many of them are overdue, and since when the oldest is."""

    owner: str
    open: int
    overdue: int
    oldest: date | None


def by_owner(
    duties: Iterable[tuple[str, date | None, date | None]], today: date
) -> list[OwnerLine]:
    """Return a line for each owner with something open, the most overdue first."""
    found: dict[str, list[date | None]] = {}
    for owner, due_on, done_on in duties:
        if done_on is None:
            found.setdefault(owner, []).append(due_on)
    lines = []
    for owner, dues in found.items():
        late = [due for due in dues if due is not None and due < today]
        lines.append(OwnerLine(owner, len(dues), len(late), min(late, default=None)))
    return sorted(lines, key=lambda line: (-line.overdue, line.oldest or date.max, line.owner))


def why_not_progress(
    *, before: int, percent: int, paid_yuan: int | None, cost_yuan: int | None
) -> Refusal | None:
    """Refuse progress that goes backwards, and payments above the budget (domain.md §4.7)."""
    if percent < before:
        return Refusal.BACKWARDS
    if paid_yuan is not None and cost_yuan is not None and paid_yuan > cost_yuan:
        return Refusal.OVER_BUDGET
    return None


def why_not_evaluate(*, year: int, today: date, is_taken: bool) -> Refusal | None:
    """Say why no evaluation of a year can begin: one for each year, and the year is over."""
    if is_taken:
        return Refusal.YEAR_TAKEN
    return Refusal.YEAR_NOT_OVER if today <= date(year, 12, 30) else None
