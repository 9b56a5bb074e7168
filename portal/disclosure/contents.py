"""What stands in the documents: frozen plain values. Their digest is the document's."""

from dataclasses import dataclass
from datetime import date, datetime

from portal.disclosure.rules import DocKind


@dataclass(frozen=True, kw_only=True)
class Office:
    """Who answers for the document, and where they are found."""

    unit: str
    address: str
    phone: str
    email: str
    hours: str


@dataclass(frozen=True, kw_only=True)
class Head:
    """What every document says about itself."""

    kind: DocKind
    number: str
    issue: int
    village_code: str
    village: str
    township: str
    is_synthetic: bool
    issued_on: date
    period_start: date
    period_end: date
    period_days: int
    office: Office


@dataclass(frozen=True, kw_only=True)
class Inequality:
    """A condition with its numbers, such as 2×512=1024 > 823."""

    met: bool
    text: str


@dataclass(frozen=True, kw_only=True)
class Answer:
    """One thing that could be chosen: `key` is yes, no, abstain or ""."""

    key: str
    code: str
    words: str
    cost_yuan: int | None
    count: int


@dataclass(frozen=True, kw_only=True)
class Stratum:
    """A part of the electorate, or several small parts together.

    `cells` are the answers (for a choice of projects: the votes cast), then those who did not vote;
    None stands for a number that would say too much about too few.
    """

    keys: tuple[str, ...]
    electors: int
    cells: tuple[int | None, ...]


@dataclass(frozen=True, kw_only=True)
class VoteResult:
    """Kind C, the result of a vote (domain.md §5 C). No individual choices, only sums."""

    head: Head
    question: str
    is_choice_of_projects: bool
    is_statutory: bool
    max_choices: int | None
    plan_name: str
    plan_version: int
    plan_sha256: str
    ballot_sha256: str
    citation: str
    party_review_on: date | None
    announced_on: date
    opened_at: datetime
    closes_at: datetime
    electors: int
    households: int
    cast: int
    valid: int
    invalid: int
    households_present: int
    by_channel: tuple[tuple[str, int], ...]
    quorum_by_persons: Inequality | None
    quorum_by_households: Inequality | None
    majority: Inequality | None
    outcome: str
    answers: tuple[Answer, ...]
    by_group: tuple[Stratum, ...]
    by_sex: tuple[Stratum, ...]
    by_age_band: tuple[Stratum, ...]


@dataclass(frozen=True, kw_only=True)
class Indicator:
    """One line of the indicator table; numbers are written as the plan writes them."""

    code: str
    name: str
    is_binding: bool
    unit: str
    base: str
    target: str
    change: str


@dataclass(frozen=True, kw_only=True)
class Project:
    """One line of the list of near-term projects."""

    code: str
    name: str
    place: str
    years: str
    cost_yuan: int | None
    responsible: str
    indicators: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Goal:
    """A goal and the codes of the indicators that measure it."""

    code: str
    name: str
    indicators: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class DraftNotice:
    """Kind A, the notice of a draft plan (domain.md §5 A)."""

    head: Head
    plan_name: str
    plan_version: int
    plan_sha256: str
    base_year: int
    target_year: int
    authority: str
    institute: str
    area: str
    legal_basis: tuple[str, ...]
    board: str
    summary: str
    indicators: tuple[Indicator, ...]
    goals: tuple[Goal, ...]
    projects: tuple[Project, ...]
    has_map: bool
    comment_url: str


Content = VoteResult | DraftNotice
