"""How far the setting up of a village is, step by step. Pure."""

from dataclasses import dataclass
from enum import StrEnum

from portal.people.rules import Role


class PlanState(StrEnum):
    """How far a village is with its plan."""

    NONE = "none"
    DRAFT = "draft"
    PUBLIC = "public"


class Step(StrEnum):
    """A step in which a village is set up; the order is the one in which they are taken."""

    NAMED = "named"
    ADMIN = "administrator"
    ROSTER = "roster"
    COMMITTEE = "committee"
    PROFILE = "profile"
    PLANNER = "planner"
    PLAN = "plan"


@dataclass(frozen=True, kw_only=True)
class Progress:
    """How far the setting up of a village is: what is done, by what there is."""

    residents: int = 0
    households: int = 0
    roles: frozenset[Role] = frozenset()
    has_profile: bool = False
    plan: PlanState = PlanState.NONE

    def is_done(self, step: Step) -> bool:
        """Tell whether a step is done."""
        return {
            Step.NAMED: True,
            Step.ADMIN: Role.ADMIN in self.roles,
            Step.ROSTER: self.residents > 0,
            Step.COMMITTEE: bool(self.roles & {Role.COMMITTEE, Role.HEAD}),
            Step.PROFILE: self.has_profile,
            Step.PLANNER: Role.PLANNER in self.roles,
            Step.PLAN: self.plan is not PlanState.NONE,
        }[step]

    @property
    def done(self) -> int:
        """Return how many steps are done."""
        return sum(self.is_done(step) for step in Step)

    @property
    def next(self) -> Step | None:
        """Return the first step that is not done, or None."""
        return next((step for step in Step if not self.is_done(step)), None)
