"""What villages ask of the features above them. An unanswered question refuses."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from portal.villages.progress import PlanState


@dataclass(frozen=True)
class ProjectLine:
    """A project of the plan, as the village's own page names it."""

    id: int
    name: str
    place: str
    year: str


@dataclass(frozen=True)
class PlanNow:
    """The plan that matters now: its projects, and when it was last changed."""

    version_id: int
    title: str
    updated_at: datetime
    projects: Sequence[ProjectLine]


class Plans(Protocol):
    """Knows the plans of villages."""

    def states(self, village_ids: Collection[int]) -> Mapping[int, PlanState]:
        """Tell how far these villages are, in one statement; one without a plan is missing."""

    def plan_now(self) -> PlanNow | None:
        """Return the plan of the village we are in, as far as everybody may read it."""


_answers: dict[str, Plans] = {}


def answer(plans: Plans) -> None:
    """Join the feature that keeps the plans; `answers.py` does so at start-up."""
    _answers["plans"] = plans


def plans() -> Plans:
    """Return who keeps the plans."""
    return _answers["plans"]
