"""Who reads the checks of which version, and what every page of them needs."""

from dataclasses import dataclass

from flask import abort, g

from portal.analysis import service
from portal.analysis.settings import Settings
from portal.core.access import Part, may
from portal.core.pages import village_blueprint
from portal.plans import service as plans
from portal.plans.content import Content
from portal.plans.models import PlanVersion

EDITORS = (Part.COMMITTEE, Part.PLANNER, Part.ADMIN)
ELDER_TEXT = 1.3

bp = village_blueprint("analysis", __name__, "/analysis")


@dataclass(frozen=True, slots=True)
class Opened:
    """A version that is being looked at, with what its checks measure against."""

    version: PlanVersion
    settings: Settings
    may_edit: bool

    @property
    def layout(self) -> str:
        """Return the frame: the desk for those who work on plans, else that of every reader."""
        return "staff.html" if self.may_edit else "base.html"


def opened(version_id: int) -> Opened:
    """Return the version if whoever asks may read it: drafts are for those who write them."""
    version, may_edit = plans.get_version(version_id), may(*EDITORS)
    if not plans.is_public(version) and not may_edit:
        abort(404)
    return Opened(version, service.settings_of(version.plan_id), may_edit)


def content_of(seen: Opened, *, with_map: bool = True) -> Content:
    """Return what the version says."""
    return plans.content_of(seen.version, with_map=with_map)


def text_size() -> float:
    """Return how large the words on a map are for this reader."""
    return ELDER_TEXT if g.look.mode == "elder" else 1.0
