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
class AnswersDue(Event):
    """Answers are due within two days; `account_id` sees to them, or nobody yet."""

    kind: ClassVar[str] = "discussion.answers-due"

    version_id: int
    account_id: int | None
    count: int


@dataclass(frozen=True, kw_only=True)
class AnswersOverdue(Event):
    """The last day for answers went by."""

    kind: ClassVar[str] = "discussion.answers-overdue"

    version_id: int
    count: int


@dataclass(frozen=True, kw_only=True)
class AnswerDoubted(Event):
    """The author asks for another look at an answer."""

    kind: ClassVar[str] = "discussion.doubted"

    comment_id: int
