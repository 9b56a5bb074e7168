"""What stands in the table of what became of opinions (kind B): frozen plain values."""

from dataclasses import dataclass
from datetime import date

from portal.disclosure.contents import Head
from portal.disclosure.contents_plan import Change, Way


@dataclass(frozen=True, kw_only=True)
class Voice:
    """What was said, and under which numbers in these very words."""

    numbers: tuple[int, ...]
    words: str


@dataclass(frozen=True, kw_only=True)
class AdoptionRow:
    """One opinion, or several with one answer: who, when, on what, what became of it, and why.

    `author` is group and masked name, empty for several. Hidden or taken back: numbers alone.
    """

    numbers: tuple[int, ...]
    author: str
    people: int
    said_on: date
    about: str
    voices: tuple[Voice, ...]
    hidden: str
    is_taken_back: bool
    decision: str
    reason: str
    expert: str
    place: str
    before: str
    after: str


@dataclass(frozen=True, kw_only=True)
class GroupPart:
    """How many people of a group, or of small ones together, said something; None: too few."""

    names: tuple[str, ...]
    people: int | None


@dataclass(frozen=True, kw_only=True)
class HearingLine:
    """Another way in which opinions were sought, and what was said."""

    form: str
    held_on: date
    place: str
    people: int
    said: str


@dataclass(frozen=True, kw_only=True)
class Adoption:
    """Kind B, what became of the opinions on a version (domain.md §5 B; URPL Art. 26)."""

    head: Head
    plan_name: str
    plan_version: int
    plan_sha256: str
    notice_from: date
    notice_until: date
    ways: tuple[Way, ...]
    opinions: int
    answered: int
    hidden: int
    taken_back: int
    persons: int
    households: int
    by_channel: tuple[tuple[str, int], ...]
    by_decision: tuple[tuple[str, int], ...]
    by_group: tuple[GroupPart, ...]
    rows: tuple[AdoptionRow, ...]
    hearings: tuple[HearingLine, ...]
    new_version: int | None
    changes: tuple[Change, ...]
