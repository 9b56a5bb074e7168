"""What moderation asks of the features above it: the words to judge, and to hide or show them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from portal.moderation.rules import Code, Hold


@dataclass(frozen=True)
class Subject:
    """Something written, as a moderator sees it. `endpoint` and `facts` lead to its public page."""

    kind: str
    subject_id: int
    number: int
    text: str
    author: str
    author_resident_id: int | None
    posted_at: datetime
    hidden_code: Code | None
    held_for: Hold | None
    endpoint: str
    facts: dict[str, object] = field(default_factory=dict)


class Writings(Protocol):
    """One kind of things written, answered by the feature that keeps them."""

    def name(self, number: int) -> str:
        """Return what a reader calls it, such as “Opinion no. 12”."""

    def get_subject(self, subject_id: int) -> Subject:
        """Return it, or raise NoResultFound, as also for one of another village."""

    def list_newest(self, *, limit: int) -> Sequence[Subject]:
        """Return the newest of this village, newest first, hidden ones too."""

    def count_since(self, since: datetime) -> int:
        """Return how many were written in this village since then."""

    def set_standing(
        self, subject_id: int, *, held_for: Hold | None, hidden_code: Code | None
    ) -> None:
        """Hide it for this reason, hold it for that one, or with neither show it."""


_answers: dict[str, Writings] = {}


def answer(kind: str, writings: Writings) -> None:
    """Join a feature to this port; `answers.py` does so at start-up."""
    _answers[kind] = writings


def ask(kind: str) -> Writings | None:
    """Return who keeps this kind of writings, or None: then nothing can be decided about it."""
    return _answers.get(kind)


def kinds() -> list[str]:
    """Return the kinds somebody answers for, in the order they were joined."""
    return list(_answers)
