"""Plans as places where people write: plans stand below, so moderation answers for them."""

from collections.abc import Sequence
from datetime import datetime

from flask_babel import gettext as _

from portal.moderation import ports
from portal.plans import service as plans
from portal.plans.rules import BEFORE_NOTICE, State
from portal.plans.words import STATES

PHASES = tuple(state for state in State if state not in BEFORE_NOTICE)


def phases() -> dict[str, str]:
    """Return the states that a public version goes through, with their words."""
    return {state.value: str(STATES[state]) for state in PHASES}


def phase_of(version_id: int, *, now: datetime) -> str:
    """Return the state of a version as the clock has it."""
    version, notice = plans.get_with_notice(version_id)
    return plans.state_of(version, notice, now=now).value


class PlanPlaces:
    """Public versions of plans, with their states as phases (`moderation.ports.Places`)."""

    def title(self) -> str:
        """Return what all plans are called."""
        return str(_("All plans"))

    def phases(self) -> dict[str, str]:
        """Return the states that a public version goes through."""
        return phases()

    def list_places(self, *, now: datetime) -> Sequence[ports.Place]:
        """Return the public versions, the newest first."""
        return [
            ports.Place(f"plan:{line.id}", f"{line.title} · {line.number}", line.state.value)
            for line in plans.list_versions(public_only=True, now=now)
        ]

    def find_phase(self, place_id: int, *, now: datetime) -> str:
        """Return the state of a version as the clock has it."""
        return phase_of(place_id, now=now)
