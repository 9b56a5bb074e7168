"""What stands in the documents: frozen plain values. Their digest is the document's."""

from dataclasses import dataclass, is_dataclass
from datetime import date, datetime
from enum import StrEnum
from types import NoneType, UnionType
from typing import Any, Protocol, get_args, get_origin, get_type_hints

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
class Asked:
    """The share that a rule asks for: more than it, or at least it; of those present or of all."""

    numerator: int
    denominator: int
    is_inclusive: bool
    is_of_all: bool


@dataclass(frozen=True, kw_only=True)
class Sitting:
    """The meeting at which a vote was taken: what, where, when, called when, and who was there."""

    kind: str
    title: str
    place: str
    held_at: datetime
    convened_on: date
    on_site: int
    online: int
    by_sheet: int


@dataclass(frozen=True, kw_only=True)
class Rounds:
    """What became of an option in a run-off: its votes in each round, None when it was out."""

    words: str
    votes: tuple[int | None, ...]
    is_winner: bool


@dataclass(frozen=True, kw_only=True)
class Funding:
    """A way of giving the money out: what it funds, what that costs, who has one of theirs in it.

    `way` is greedy, stop-when-exhaustive or until-overspend (the two completions of equal shares).
    """

    way: str
    funded: tuple[str, ...]
    spent: int
    voters: int
    with_any: int


@dataclass(frozen=True, kw_only=True)
class VoteResult:
    """Kind C, the result of a vote (domain.md §5 C). No individual choices, only sums.

    What has a default came later: documents of before are read without it. An `Answer` counts
    ticks, first places or points, as the kind is; `order` is that of the pairs (Condorcet).
    """

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
    kind: str = ""
    secrecy: str = "open"
    votes_by: str = "person"
    attendees: int | None = None
    sitting: Sitting | None = None
    majority_asked: Asked | None = None
    quorum_asked: Asked | None = None
    household_quorum_asked: Asked | None = None
    budget_yuan: int | None = None
    rounds: tuple[Rounds, ...] = ()
    order: tuple[str, ...] = ()
    funding: tuple[Funding, ...] = ()

    @property
    def took_part(self) -> int:
        """Return how many took part: those who were there or voted."""
        return self.cast if self.attendees is None else self.attendees


@dataclass(frozen=True, kw_only=True)
class Passage:
    """A part of a notice that the committee wrote: a title, words, and a table (headings first)."""

    title: str
    text: str
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, kw_only=True)
class Line:
    """A line of what the portal knows of a period: a day, what it was, what came of it."""

    day: date
    words: str
    result: str


@dataclass(frozen=True, kw_only=True)
class Affairs:
    """An item of the catalogue for one period: what was written, and what the portal knows."""

    head: Head
    item: str
    period: str
    citation: str
    passages: tuple[Passage, ...]
    decisions: tuple[Line, ...]
    documents: tuple[Line, ...]
    objections: int
    answered: int


@dataclass(frozen=True, kw_only=True)
class Wording:
    """A wording that was wrong, and the one that takes its place."""

    old: str
    new: str


@dataclass(frozen=True, kw_only=True)
class Correction:
    """Kind M (domain.md §5 M): what is corrected, why, who approved it, and the whole anew.

    `corrected` is the content of the corrected document with the new wordings in it.
    """

    head: Head
    corrected_kind: DocKind
    corrected_subject: int
    corrected_number: str
    corrected_title: str
    corrected_on: date
    corrected_sha256: str
    reason: str
    approver: str
    wordings: tuple[Wording, ...]
    corrected: dict[str, Any]


class Content(Protocol):
    """What every content has: a head. Frozen plain values, whose digest is the document's."""

    @property
    def head(self) -> Head:
        """Return what the document says about itself."""


def load(cls: type[Any], value: Any) -> Any:
    """Return the content that a canonical JSON was made from, so that it can be printed again."""
    if isinstance(cls, UnionType):
        options = [option for option in get_args(cls) if option is not NoneType]
        return None if value is None else load(options[0], value)
    if get_origin(cls) is tuple:
        kinds = get_args(cls)
        if kinds[-1] is Ellipsis:
            return tuple(load(kinds[0], item) for item in value)
        return tuple(load(kind, item) for kind, item in zip(kinds, value, strict=True))
    if is_dataclass(cls):
        known = get_type_hints(cls)
        return cls(**{name: load(known[name], item) for name, item in value.items()})
    if cls in (date, datetime):
        return cls.fromisoformat(value)
    if isinstance(cls, type) and issubclass(cls, StrEnum):
        return cls(value)
    return value
