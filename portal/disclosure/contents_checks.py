"""What stands in the conflict table (kind J) and the yearly evaluation: frozen plain values."""

from dataclasses import dataclass
from datetime import date

from portal.disclosure.contents import Head
from portal.disclosure.contents_plan import CheckSummary


@dataclass(frozen=True, kw_only=True)
class Conflict:
    """One patch in which two sets of boundaries overlap: where, how much, who sees to it."""

    number: int
    first: str
    second: str
    first_patch: str
    second_patch: str
    area_ha: str
    share: str
    department: str
    proposal: str
    state: str
    is_present: bool


@dataclass(frozen=True, kw_only=True)
class ConflictTable:
    """Kind J, the table of spatial conflicts of a version (domain.md §5 J)."""

    head: Head
    plan_name: str
    plan_version: int
    plan_sha256: str
    checked_on: date
    tolerance_m2: int
    tolerance_share: str
    summary: CheckSummary
    conflicts: tuple[Conflict, ...]


@dataclass(frozen=True, kw_only=True)
class Reading:
    """An indicator at the end of a year: where it should be, where it is, and why it is not."""

    code: str
    name: str
    unit: str
    base: str
    target: str
    expected: str
    current: str
    deviation: str
    light: str
    cause: str


@dataclass(frozen=True, kw_only=True)
class Progress:
    """How far a project is at the end of a year."""

    code: str
    name: str
    percent: int | None
    cost_yuan: int | None
    paid_yuan: int | None
    responsible: str


@dataclass(frozen=True, kw_only=True)
class Correction:
    """What is to be done about a deviation, by whom and until when."""

    what: str
    responsible: str
    due_on: date | None
    done_on: date | None


@dataclass(frozen=True, kw_only=True)
class YearlyEvaluation:
    """The evaluation of a year (年度评估): indicators, projects, and what is done about it."""

    head: Head
    plan_name: str
    plan_version: int
    plan_sha256: str
    year: int
    evaluated_on: date
    readings: tuple[Reading, ...]
    projects: tuple[Progress, ...]
    corrections: tuple[Correction, ...]
    findings: str
    outlook: str
