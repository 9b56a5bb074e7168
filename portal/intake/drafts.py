"""What was read of a plan before it is put together: rows with their places. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from portal.intake.faults import Place
from portal.plans.rules import Direction, FacilityStatus, IndicatorKind, ProjectKind
from portal.villages.rules import FacilityKind


@dataclass(frozen=True, slots=True, kw_only=True)
class GoalRow:
    """A goal; ``number`` is what indicators call it."""

    place: Place
    number: int
    title: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class IndicatorRow:
    """An indicator, and the goals it says it measures, with their weights."""

    place: Place
    code: str
    name: str
    unit: str
    kind: IndicatorKind
    direction: Direction
    base: Decimal | None
    target: Decimal | None
    current: Decimal | None
    lower_limit: Decimal | None
    upper_limit: Decimal | None
    goals: Sequence[tuple[str, Decimal | None]]
    links: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectRow:
    """A near-term project, and what it says it supports."""

    place: Place
    code: str
    name: str
    kind: ProjectKind | None
    content: str
    location: str
    area_ha: Decimal | None
    year: str
    cost_yuan: int | None
    funding: str
    responsible: str
    helper: str
    supervisor: str
    deadline: date | None
    group_numbers: tuple[int, ...]
    indicators: Sequence[str]
    links: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class StructureRow:
    """A line of the structure table."""

    place: Place
    code: str
    is_town: bool
    base_ha: Decimal | None
    target_ha: Decimal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FacilityRow:
    """A facility."""

    kind: FacilityKind
    name: str
    status: FacilityStatus
    location: str
    longitude: Decimal | None
    latitude: Decimal | None
    radius_m: int | None
    note: str


@dataclass(frozen=True, slots=True)
class TextPart:
    """A chapter, or a control rule without its subject."""

    title: str
    text: str


@dataclass(frozen=True, slots=True)
class RuleRow:
    """A control rule."""

    subject: str
    title: str
    text: str


@dataclass(slots=True)
class Parts:
    """What a bundle has of a plan; None: it says nothing about that part."""

    overview: dict[str, Any] | None = None
    goals: list[GoalRow] | None = None
    indicators: list[IndicatorRow] | None = None
    structure: list[StructureRow] | None = None
    projects: list[ProjectRow] | None = None
    facilities: list[FacilityRow] | None = None
    controls: list[RuleRow] | None = None
    timetable: list[TextPart] | None = None
    sections: list[TextPart] | None = None
    places: dict[str, Place] = field(default_factory=dict)
