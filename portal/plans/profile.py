"""What the village's own page and the region's list ask of plans (`villages/ports.py`)."""

from collections.abc import Collection, Mapping

from sqlalchemy import func, select

from portal.core.db import db
from portal.core.scope import all_villages
from portal.plans import reading
from portal.plans.models import PlanVersion
from portal.villages.ports import PlanNow, ProjectLine
from portal.villages.progress import PlanState


class VillagePlans:
    """Answers how far the plans of villages are."""

    def states(self, village_ids: Collection[int]) -> Mapping[int, PlanState]:
        """Tell how far these villages are, in one statement; one without a plan is missing."""
        query = (
            select(PlanVersion.village_id, func.max(PlanVersion.frozen_at))
            .where(PlanVersion.village_id.in_(village_ids))
            .group_by(PlanVersion.village_id)
        )
        with all_villages("a list of villages says of each how far its plan is"):
            rows = db.session.execute(query).all()
        return {
            village_id: PlanState.DRAFT if frozen_at is None else PlanState.PUBLIC
            for village_id, frozen_at in rows
        }

    def plan_now(self) -> PlanNow | None:
        """Return the plan of the village we are in, as far as everybody may read it."""
        version = reading.find_current_version()
        if version is None:
            return None
        return PlanNow(
            version.id,
            version.title,
            version.frozen_at or version.changed_at,
            [
                ProjectLine(project.id, project.name, project.location, project.year)
                for project in reading.list_projects(version.id)
            ],
        )
