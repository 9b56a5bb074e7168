"""What happens to documents. No event carries a name or what somebody wrote."""

from dataclasses import dataclass
from typing import ClassVar

from portal.core.outbox import Event


@dataclass(frozen=True, kw_only=True)
class ReviewAsked(Event):
    """A document waits for the supervision committee."""

    kind: ClassVar[str] = "disclosure.review-asked"

    case_id: int


@dataclass(frozen=True, kw_only=True)
class SentBack(Event):
    """The supervision committee sent a document back."""

    kind: ClassVar[str] = "disclosure.sent-back"

    case_id: int


@dataclass(frozen=True, kw_only=True)
class PublishDay(Event):
    """The day has come that is printed on a reviewed document."""

    kind: ClassVar[str] = "disclosure.publish-day"

    case_id: int
    steps: int


@dataclass(frozen=True, kw_only=True)
class Published(Event):
    """A document is published."""

    kind: ClassVar[str] = "disclosure.published"

    case_id: int


@dataclass(frozen=True, kw_only=True)
class Objected(Event):
    """Somebody objected to a document."""

    kind: ClassVar[str] = "disclosure.objected"

    objection_id: int


@dataclass(frozen=True, kw_only=True)
class ObjectionAnswered(Event):
    """An objection has an answer."""

    kind: ClassVar[str] = "disclosure.objection-answered"

    objection_id: int
    level: int


@dataclass(frozen=True, kw_only=True)
class ItemOverdue(Event):
    """What was to be disclosed by a day was not."""

    kind: ClassVar[str] = "disclosure.item-overdue"

    due_id: int


@dataclass(frozen=True, kw_only=True)
class CertificateEnds(Event):
    """The village's certificate is about to end, or has."""

    kind: ClassVar[str] = "disclosure.certificate-ends"

    certificate_id: int
