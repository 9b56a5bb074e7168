"""Tells the plan's pages how much was said about each of their parts."""

from collections.abc import Mapping

from portal.discussion import reading


class PlanOpinions:
    """Counts opinions, as plans ask for it (`plans.ports.Said`)."""

    def by_anchor(self, version_id: int) -> Mapping[str, int]:
        """Count the opinions by what they are about."""
        return reading.by_anchor(version_id)
