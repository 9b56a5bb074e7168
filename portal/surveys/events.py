"""What happened to surveys."""

from dataclasses import dataclass
from typing import ClassVar

from portal.core.outbox import Event


@dataclass(frozen=True, kw_only=True)
class SurveyOpened(Event):
    """A survey can be answered."""

    kind: ClassVar[str] = "surveys.opened"

    survey_id: int
