"""What stands in documents about a plan (kinds A and D): frozen plain values.

Numbers are written as the plan writes them; names of classes, zones and kinds are codes, which the
blocks say in the language of the edition.
"""

from dataclasses import dataclass
from datetime import date

from portal.disclosure.contents import Head


@dataclass(frozen=True, kw_only=True)
class Indicator:
    """One line of the indicator table."""

    code: str
    name: str
    is_binding: bool
    unit: str
    base: str
    target: str
    change: str


@dataclass(frozen=True, kw_only=True)
class StructureRow:
    """A row of the land-use structure table: a group (its key) or a class (its code), in hectares.

    `level` is how deep the row stands; 0 is the whole.
    """

    group: str
    code: str
    is_town: bool
    level: int
    base_ha: str
    base_share: str
    target_ha: str
    target_share: str
    change_ha: str


@dataclass(frozen=True, kw_only=True)
class Bound:
    """A control zone (its code) or a control line (the layer's kind) and the ground within it."""

    key: str
    count: int
    area_ha: str
    share: str


@dataclass(frozen=True, kw_only=True)
class ControlRule:
    """What holds in a zone, for a class of land use, or along a line."""

    subject: str
    title: str
    text: str


@dataclass(frozen=True, kw_only=True)
class Facility:
    """A public facility that is there, is planned, or is to go."""

    kind: str
    name: str
    status: str
    location: str
    radius_m: int | None
    note: str


@dataclass(frozen=True, kw_only=True)
class Road:
    """A road of the map, under its name, and how long it is in all."""

    name: str
    length_m: int


@dataclass(frozen=True, kw_only=True)
class Project:
    """One line of the list of near-term projects."""

    code: str
    name: str
    kind: str
    content: str
    place: str
    area_ha: str
    years: str
    cost_yuan: int | None
    funding: str
    responsible: str
    helper: str
    supervisor: str
    indicators: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Goal:
    """A goal and the codes of the indicators that measure it."""

    code: str
    name: str
    indicators: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Way:
    """A way by which a notice reaches people, since which day."""

    kind: str
    place: str
    note: str
    up_on: date | None


@dataclass(frozen=True, kw_only=True)
class PairCheck:
    """How one set of boundaries fits another: patches checked, in conflict, and hectares."""

    first: str
    second: str
    patches: int
    conflicting: int
    area_ha: str


@dataclass(frozen=True, kw_only=True)
class CheckSummary:
    """What the latest check for spatial conflicts found, as a whole; ratios in per cent."""

    checked_on: date
    patches: int
    conflicting: int
    ratio: str
    benchmark: str
    area_ha: str
    pairs: tuple[PairCheck, ...]
    open: int
    agreed: int
    settled: int


@dataclass(frozen=True, kw_only=True)
class PlanFacts:
    """What a version of a plan says, as far as documents show it."""

    name: str
    version: int
    sha256: str
    base_year: int
    target_year: int
    authority: str
    institute: str
    area: str
    scope: str
    area_ha: str
    population: int | None
    legal_basis: tuple[str, ...]
    summary: str
    indicators: tuple[Indicator, ...]
    structure: tuple[StructureRow, ...]
    zones: tuple[Bound, ...]
    lines: tuple[Bound, ...]
    controls: tuple[ControlRule, ...]
    facilities: tuple[Facility, ...]
    roads: tuple[Road, ...]
    projects: tuple[Project, ...]
    goals: tuple[Goal, ...]
    plates: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class DraftNotice:
    """Kind A, the notice of a draft plan (domain.md §5 A)."""

    head: Head
    plan: PlanFacts
    ways: tuple[Way, ...]
    citation: str
    checks: CheckSummary | None
    comment_url: str


@dataclass(frozen=True, kw_only=True)
class Change:
    """Something that is not as it was on notice: what, before, now, by which opinion, and why."""

    area: str
    kind: str
    where: str
    before: str
    after: str
    opinion: int | None
    reason: str


@dataclass(frozen=True, kw_only=True)
class ApprovedPlan:
    """Kind D, the publication of an approved plan (domain.md §5 D, §2.5 D8)."""

    head: Head
    plan: PlanFacts
    approved_by: str
    approval_number: str
    approved_on: date
    noticed_version: int | None
    changes: tuple[Change, ...]
    full_text_url: str
