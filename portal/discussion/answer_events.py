"""What happened to opinions and their answers."""

from dataclasses import dataclass
from typing import ClassVar

from portal.core.outbox import Event


@dataclass(frozen=True, kw_only=True)
class OpinionAssigned(Event):
    """Somebody of the office is to see to an opinion."""

    kind: ClassVar[str] = "discussion.assigned"

    comment_id: int
    account_id: int


@dataclass(frozen=True, kw_only=True)
class OpinionAnswered(Event):
    """An opinion was answered; `number` 2 is the last answer."""

    kind: ClassVar[str] = "discussion.answered"

    comment_id: int
    number: int


@dataclass(frozen=True, kw_only=True)
class AnswerDoubted(Event):
    """The author asks for another look at an answer."""

    kind: ClassVar[str] = "discussion.doubted"

    comment_id: int
