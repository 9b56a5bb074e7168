"""A version's map with what the plan says about places, measured once and kept in this process."""

from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock

from portal.maps.detail import Detail, frame_of
from portal.maps.parcels import Atlas
from portal.plans.content import Content, ControlFacts, FacilityFacts, ProjectFacts
from portal.plans.gathering import content_of
from portal.plans.models import PlanVersion

KEPT = 12
_grounds: "OrderedDict[tuple[int, str], Ground]" = OrderedDict()
_lock = Lock()


@dataclass(frozen=True, slots=True)
class Ground:
    """The measured map (None without one), and what is told place by place."""

    atlas: Atlas | None
    controls: tuple[ControlFacts, ...]
    projects: tuple[ProjectFacts, ...]
    facilities: tuple[FacilityFacts, ...]
    frame: Detail | None = None
    """Where the full map lies in its picture; None without a map."""


def ground_of(version: PlanVersion, content: Content | None = None) -> Ground:
    """Return the ground of a version: of a frozen one from memory, of a draft measured anew.

    Who has gathered its content already gives that too.
    """
    if version.content_sha256 is None:
        return _measure(content or content_of(version))
    key = (version.id, version.content_sha256)
    with _lock:
        found = _grounds.get(key)
        if found is not None:
            _grounds.move_to_end(key)
            return found
    made = _measure(content or content_of(version))
    with _lock:
        _grounds[key] = made
        while len(_grounds) > KEPT:
            _grounds.popitem(last=False)
    return made


def forget() -> None:
    """Throw everything away (for tests)."""
    with _lock:
        _grounds.clear()


def _measure(content: Content) -> Ground:
    has_land = content.map is not None and content.map.layers
    return Ground(
        atlas=Atlas(content.map) if content.map is not None and has_land else None,
        controls=content.controls,
        projects=content.projects,
        facilities=content.facilities,
        frame=frame_of(content.map) if content.map is not None and has_land else None,
    )
