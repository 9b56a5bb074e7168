"""What a plan does to one group or one parcel: which rules, projects and facilities. Pure."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from portal.maps.parcels import Atlas, GroupGround, Parcel
from portal.maps.rules import LayerKind
from portal.plans.content import ControlFacts, FacilityFacts, ProjectFacts

SAME: Mapping[str, str] = {
    "0102": LayerKind.ECOLOGICAL_REDLINE,
    "0202": LayerKind.PERMANENT_BASIC_FARMLAND,
    "0301": LayerKind.VILLAGE_BOUNDARY,
    "0400": LayerKind.URBAN_BOUNDARY,
}
"""The zones that a line of the map encloses: a rule for one holds for the other."""


@dataclass(frozen=True, slots=True)
class GroupEffects:
    """What the plan changes for one villager group; ``ground`` is None where the map has none."""

    ground: GroupGround | None
    controls: tuple[ControlFacts, ...]
    projects: tuple[ProjectFacts, ...]
    facilities: tuple[FacilityFacts, ...]

    @property
    def is_nothing(self) -> bool:
        """Tell whether nothing is known of this group."""
        return self.ground is None and not self.projects and not self.facilities


def controls_for(
    controls: Iterable[ControlFacts],
    *,
    codes: Collection[str],
    zones: Collection[str],
    lines: Collection[str],
) -> tuple[ControlFacts, ...]:
    """Return the rules that hold on ground of these classes, zones and lines.

    A rule for a class holds for the classes below it too: ``landuse:07`` for 0703.
    """
    within = {*zones, *(zone for zone, line in SAME.items() if line in lines)}
    along = {*lines, *(line for zone, line in SAME.items() if zone in zones)}
    found = []
    for control in controls:
        kind, _colon, key = control.subject.partition(":")
        holds = {
            "zone": key in within,
            "line": key in along,
            "landuse": any(code.startswith(key) for code in codes),
        }
        if key and holds.get(kind, False):
            found.append(control)
    return tuple(found)


def lines_beyond(parcel: Parcel) -> list[LayerKind]:
    """Return the lines that a parcel lies within, but for those that a zone of it says already."""
    said = {SAME.get(zone) for zone in parcel.zones}
    return [line for line in parcel.lines if line not in said]


def effects_on(
    number: int,
    *,
    atlas: Atlas | None,
    controls: Iterable[ControlFacts],
    projects: Iterable[ProjectFacts],
    facilities: Iterable[FacilityFacts],
) -> GroupEffects:
    """Return what the plan changes for the villager group of this number."""
    ground = None
    if atlas is not None:
        ground = next((g for code, g in atlas.groups.items() if is_group(code, number)), None)
    refs = set(ground.refs) if ground else set()
    rules: tuple[ControlFacts, ...] = ()
    if ground is not None:
        rules = controls_for(
            controls,
            codes={change.after for change in ground.changes},
            zones=[zone for zone, _ in ground.zones],
            lines=[line for line, _ in ground.lines],
        )
    return GroupEffects(
        ground=ground,
        controls=rules,
        projects=tuple(p for p in projects if number in p.group_numbers or p.code in refs),
        facilities=tuple(f for f in facilities if _lies_in(f, atlas, number)),
    )


def is_group(code: str, number: int) -> bool:
    """Tell whether the code of an area is the number of a group: 3, 03."""
    return code.isdecimal() and int(code) == number


def _lies_in(facility: FacilityFacts, atlas: Atlas | None, number: int) -> bool:
    if atlas is None or facility.longitude is None or facility.latitude is None:
        return False
    code = atlas.group_at(float(facility.longitude), float(facility.latitude))
    return code is not None and is_group(code, number)
