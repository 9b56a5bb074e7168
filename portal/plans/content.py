"""The whole content of a version as plain values, and its fingerprint. Pure."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import MISSING, Field, dataclass, fields, is_dataclass
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Any

from portal.maps.rules import Sheet
from portal.plans.rules import (
    Direction,
    FacilityStatus,
    IndicatorKind,
    PlanKind,
    ProjectKind,
)
from portal.villages.rules import FacilityKind


@dataclass(frozen=True, slots=True)
class Figure:
    """One of the three numbers of the summary."""

    number: str
    unit: str
    caption: str


@dataclass(frozen=True, slots=True)
class SectionFacts:
    """A chapter of the full text, in Markdown."""

    id: int
    position: int
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class GoalFacts:
    """A goal, the codes of the indicators that measure it, and weights where one was given."""

    id: int
    position: int
    title: str
    text: str
    indicators: tuple[str, ...]
    weights: tuple[tuple[str, Decimal], ...] = ()


@dataclass(frozen=True, slots=True)
class IndicatorFacts:
    """An indicator, the positions of its goals and the codes of the projects that move it.

    ``current`` is followed up while the plan runs, so it is no part of the fingerprint.
    """

    id: int
    position: int
    code: str
    name: str
    unit: str
    kind: IndicatorKind
    direction: Direction
    base: Decimal | None
    target: Decimal | None
    current: Decimal | None
    goals: tuple[int, ...]
    projects: tuple[str, ...]
    lower_limit: Decimal | None = None
    upper_limit: Decimal | None = None

    @property
    def change(self) -> Decimal | None:
        """Return target minus base, where both are known."""
        if self.base is None or self.target is None:
            return None
        return self.target - self.base


@dataclass(frozen=True, slots=True)
class ProjectFacts:
    """A near-term project and the codes of the indicators it supports. Money in whole yuan."""

    id: int
    position: int
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
    indicators: tuple[str, ...]
    helper: str = ""
    supervisor: str = ""
    deadline: date | None = None
    group_numbers: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class StructureFacts:
    """A line of the land-use structure table, in hectares; ``is_town``: it lies inside a town."""

    id: int
    position: int
    code: str
    is_town: bool
    base_ha: Decimal | None
    target_ha: Decimal | None

    @property
    def change_ha(self) -> Decimal:
        """Return target minus base; what is not said is none."""
        return (self.target_ha or Decimal(0)) - (self.base_ha or Decimal(0))


@dataclass(frozen=True, slots=True)
class FacilityFacts:
    """A public facility: there, planned, or to go. Degrees in CGCS2000, radius in metres."""

    id: int
    position: int
    kind: FacilityKind
    name: str
    status: FacilityStatus
    location: str
    longitude: Decimal | None
    latitude: Decimal | None
    radius_m: int | None
    note: str


@dataclass(frozen=True, slots=True)
class ControlFacts:
    """What holds in a zone, for a class of land use, or along a line (``subject``)."""

    id: int
    position: int
    subject: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Content:
    """Everything a version says.

    A fact that has a default came later: while it is at its default, the fingerprint leaves it out.
    """

    plan: str
    kind: PlanKind
    number: int
    title: str
    base_year: int
    target_year: int
    compiled_by: str
    sentences: tuple[str, ...]
    figures: tuple[Figure, ...]
    sections: tuple[SectionFacts, ...]
    goals: tuple[GoalFacts, ...]
    indicators: tuple[IndicatorFacts, ...]
    projects: tuple[ProjectFacts, ...]
    map: Sheet | None
    population: int | None = None
    area_ha: Decimal | None = None
    scope: str = ""
    legal_basis: tuple[str, ...] = ()
    structure: tuple[StructureFacts, ...] = ()
    facilities: tuple[FacilityFacts, ...] = ()
    controls: tuple[ControlFacts, ...] = ()

    @property
    def cost_yuan(self) -> int:
        """Return what the projects with a known cost come to."""
        return sum(project.cost_yuan or 0 for project in self.projects)

    def indicators_of(self, codes: tuple[str, ...]) -> tuple[IndicatorFacts, ...]:
        """Return the indicators with these codes, in the order of the table."""
        return tuple(i for i in self.indicators if i.code in codes)

    def projects_of(self, codes: tuple[str, ...]) -> tuple[ProjectFacts, ...]:
        """Return the projects with these codes, in the order of the table."""
        return tuple(p for p in self.projects if p.code in codes)

    def goals_of(self, positions: tuple[int, ...]) -> tuple[GoalFacts, ...]:
        """Return the goals at these positions."""
        return tuple(g for g in self.goals if g.position in positions)


_NOT_CONTENT = frozenset({"id", "current"})
"""Names of facts that are no part of what the plan says."""


def canonical(content: Content) -> bytes:
    """Return the content as JSON that is the same byte for byte wherever it is made.

    Keys sorted, no spaces, UTF-8; decimals as they were written; row numbers of the database
    left out. So are facts that have a default while they are at it: what was fingerprinted before
    there was such a fact keeps its fingerprint.
    """
    text = json.dumps(
        _plain(content), sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False
    )
    return text.encode()


def sha256(content: Content) -> str:
    """Return the fingerprint of the content: SHA-256 of its canonical JSON, in hex."""
    return hashlib.sha256(canonical(content)).hexdigest()


def _plain(value: Any) -> Any:
    if is_dataclass(value):
        return {
            field.name: _plain(getattr(value, field.name))
            for field in fields(value)
            if field.name not in _NOT_CONTENT and not _is_unsaid(field, getattr(value, field.name))
        }
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, tuple | list):
        return [_plain(inner) for inner in value]
    return value


def _is_unsaid(field: "Field[Any]", value: Any) -> bool:
    return field.default is not MISSING and bool(value == field.default)
