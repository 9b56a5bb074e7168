"""What a notice asks of the feature whose thing it announces. An unanswered question refuses."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from portal.core.errors import Refused
from portal.notices.rules import Refusal


@dataclass(frozen=True)
class Frozen:
    """What a subject is from the opening on: its fingerprint, and its line in the public record."""

    content_sha256: str
    record_number: int


class Subject(Protocol):
    """Knows one kind of things that notices are about. Ids are of the village we are in.

    A kind stands for one type of notice: who has two of them (a draft, its approval) answers twice.
    """

    def freeze(self, subject_id: int, *, by: int | None, now: datetime) -> Frozen:
        """Make the thing ready for its notice, for good; `by` opens it. Raises Refused."""

    def opened(self, subject_id: int, *, now: datetime) -> None:
        """Hear that its notice is open: tell those who should know."""

    def digest(self, subject_id: int) -> str:
        """Return the fingerprint of the thing as it lies here now (T6)."""

    def voided(self, subject_id: int, *, reason: str, by: int | None, now: datetime) -> None:
        """Hear that its notice is void."""

    def page(self, subject_id: int) -> tuple[str, dict[str, Any]]:
        """Return the endpoint and values of its page, where people read it and say something."""

    def desk(self, subject_id: int) -> tuple[str, dict[str, Any]]:
        """Return the endpoint and values of the page of those who prepare it."""


_answers: dict[str, Subject] = {}


def answer(kind: str, subject: Subject) -> None:
    """Join a feature to this port; `answers.py` does so at start-up."""
    _answers[kind] = subject


def subject(kind: str) -> Subject:
    """Return who knows things of this kind. Raises Refused."""
    if kind not in _answers:
        raise Refused(Refusal.NO_SUBJECT)
    return _answers[kind]
