"""What follows a plan, for other features and for the pages. Never commits."""

from sqlalchemy import select

from portal.core.db import db
from portal.implementation.concerned import (
    PartyLine,
    is_concerned,
    list_parties,
    name_party,
    note_told,
    parties_of,
    say,
)
from portal.implementation.duties import (
    DutyLine,
    assign,
    assign_projects,
    duties_of,
    list_duties,
    list_owners,
)
from portal.implementation.evaluating import (
    actions_of,
    get_evaluation,
    list_evaluations,
    list_lines,
)
from portal.implementation.monitoring import (
    Followed,
    ProjectLine,
    list_followed,
    list_project_lines,
    list_readings,
)
from portal.plans import service as plans
from portal.plans.models import PlanVersion
from portal.plans.rules import State

FOLLOWED = (State.IN_FORCE, State.AMENDING, State.PUBLISHED)
"""States of a version that is being carried out."""


def find_followed() -> PlanVersion | None:
    """Return the version that is being carried out; before there is one, the newest public one."""
    found = db.session.scalar(
        select(PlanVersion)
        .where(PlanVersion.state.in_(FOLLOWED), PlanVersion.frozen_at.is_not(None))
        .order_by(PlanVersion.frozen_at.desc(), PlanVersion.id.desc())
        .limit(1)
    )
    return found or plans.find_current_version()


__all__ = [
    "DutyLine",
    "Followed",
    "PartyLine",
    "ProjectLine",
    "actions_of",
    "assign",
    "assign_projects",
    "duties_of",
    "find_followed",
    "get_evaluation",
    "is_concerned",
    "list_duties",
    "list_evaluations",
    "list_followed",
    "list_lines",
    "list_owners",
    "list_parties",
    "list_project_lines",
    "list_readings",
    "name_party",
    "note_told",
    "parties_of",
    "say",
]
