"""What the life of a version asks of the features above. An unanswered question refuses.

`answers.py` joins those who answer. Until a feature is there, whatever needs its answer is
refused in words: this part of the portal is not there yet.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from portal.plans.life import Lacking


class Standing(StrEnum):
    """How the vote on a version stands, the statutory ballots on its very wording counted alone."""

    NONE = "none"
    OTHER_TEXT = "other-text"
    RUNNING = "running"
    PASSED = "passed"
    NOT_PASSED = "not-passed"


class Paper(StrEnum):
    """A document that goes with the submission; the letters are those of domain.md §5."""

    NOTICE = "notice"
    ADOPTION = "adoption"
    RESULT = "result"


class Opinions(Protocol):
    """Knows what became of the opinions on a version (O1–O3)."""

    def count_open(self, version_id: int) -> int:
        """Return how many are not decided, or have no reason where one is owed."""

    def other_hearings(self, version_id: int) -> int:
        """Return how often opinions were sought besides the notice (O1)."""

    def titles(self, version_id: int) -> Mapping[int, str]:
        """Return the opinions that a change can be linked to, by number: how each begins."""

    def adopted(self, version_id: int) -> Collection[int]:
        """Return the numbers of those whose answer was sent and adopts them, in part at least."""


class Said(Protocol):
    """Knows how much was said about each part of a version."""

    def by_anchor(self, version_id: int) -> Mapping[str, int]:
        """Count the opinions by what they are about ("" is the whole plan); none are left out."""


class Ballots(Protocol):
    """Knows the votes on a version (V1, V24)."""

    def standing(self, version_id: int, *, content_sha256: str, now: datetime) -> Standing:
        """Return how the vote on exactly this wording stands."""


class Checks(Protocol):
    """Knows what the planners' checks found in a version."""

    def lacks(self, version_id: int) -> Sequence[Lacking]:
        """Return what must be put right before the review; warnings are not among it."""


class Papers(Protocol):
    """Knows which documents on a version were published (domain.md §5)."""

    def published(self, version_ids: Collection[int]) -> Collection[Paper]:
        """Return the kinds that are published about one of these versions."""


class _Answers:
    opinions: Opinions | None = None
    ballots: Ballots | None = None
    checks: Checks | None = None
    papers: Papers | None = None
    said: Said | None = None


_answers = _Answers()


def answer(
    *,
    opinions: Opinions | None = None,
    ballots: Ballots | None = None,
    checks: Checks | None = None,
    papers: Papers | None = None,
    said: Said | None = None,
) -> None:
    """Join features to these ports; `answers.py` does so at start-up."""
    _answers.opinions = opinions or _answers.opinions
    _answers.ballots = ballots or _answers.ballots
    _answers.checks = checks or _answers.checks
    _answers.papers = papers or _answers.papers
    _answers.said = said or _answers.said


def opinions() -> Opinions | None:
    """Return who knows the opinions, or None while nobody does."""
    return _answers.opinions


def ballots() -> Ballots | None:
    """Return who knows the votes, or None while nobody does."""
    return _answers.ballots


def checks() -> Checks | None:
    """Return who knows the checks, or None while nobody does."""
    return _answers.checks


def papers() -> Papers | None:
    """Return who knows the documents, or None while nobody does."""
    return _answers.papers


def said(version_id: int) -> Mapping[str, int]:
    """Return how many opinions there are by what they are about; none while nobody counts."""
    return _answers.said.by_anchor(version_id) if _answers.said else {}
