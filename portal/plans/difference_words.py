"""The words of differences: areas, kinds, the names of facts and their values."""

from decimal import Decimal
from enum import Enum
from typing import Any

from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.maps.words import layer_names
from portal.plans.differences import Area, Change, Kind
from portal.plans.rules import Direction, FacilityStatus, IndicatorKind, ProjectKind
from portal.plans.words import (
    DIRECTIONS,
    FACILITY_STATES,
    INDICATOR_KINDS,
    PROJECT_KINDS,
    area_words,
    class_words,
    number_words,
    subject_words,
)

AREAS: dict[Area, LazyString] = {
    Area.HEAD: _l("Name and years"),
    Area.SUMMARY: _l("The plan in 60 seconds"),
    Area.TEXT: _l("Full text"),
    Area.GOALS: _l("Goals"),
    Area.INDICATORS: _l("Indicators"),
    Area.STRUCTURE: _l("Land-use structure"),
    Area.FACILITIES: _l("Facilities"),
    Area.PROJECTS: _l("Projects"),
    Area.CONTROLS: _l("Rules for zones and lines"),
    Area.MAP: _l("Map"),
}
KINDS: dict[Kind, LazyString] = {
    Kind.ADDED: _l("added"),
    Kind.REMOVED: _l("removed"),
    Kind.CHANGED: _l("changed"),
}
KIND_CHIPS: dict[Kind, str] = {Kind.ADDED: "good", Kind.REMOVED: "danger", Kind.CHANGED: "warn"}
FACTS: dict[str, LazyString] = {
    "title": _l("Title"),
    "base_year": _l("Base year"),
    "target_year": _l("Target year"),
    "compiled_by": _l("Compiled by"),
    "population": _l("Population"),
    "area_ha": _l("Area (ha)"),
    "scope": _l("What it covers"),
    "legal_basis": _l("Rests on"),
    "name": _l("What it is called"),
    "text": _l("Text"),
    "indicators": _l("Indicators"),
    "weights": _l("Weights"),
    "unit": _l("Unit"),
    "kind": _l("Kind"),
    "direction": _l("Direction"),
    "base": _l("Base"),
    "target": _l("Target"),
    "lower_limit": _l("Lower limit"),
    "upper_limit": _l("Upper limit"),
    "base_ha": _l("Base year (ha)"),
    "target_ha": _l("Target year (ha)"),
    "status": _l("Status"),
    "location": _l("Place"),
    "longitude": _l("Longitude"),
    "latitude": _l("Latitude"),
    "radius_m": _l("Serves within (m)"),
    "note": _l("Note"),
    "content": _l("What is done"),
    "year": _l("When"),
    "cost_yuan": _l("Cost (yuan)"),
    "funding": _l("Money from"),
    "responsible": _l("Responsible"),
    "helper": _l("Helps"),
    "supervisor": _l("Supervises"),
    "deadline": _l("Deadline"),
    "group_numbers": _l("Groups"),
    "subject": _l("Where it holds"),
}
_VALUES: dict[type[Enum], dict[Any, LazyString]] = {
    IndicatorKind: dict(INDICATOR_KINDS),
    Direction: dict(DIRECTIONS),
    ProjectKind: dict(PROJECT_KINDS),
    FacilityStatus: dict(FACILITY_STATES),
}


def fact_words(name: str) -> str:
    """Return what a fact is called."""
    return str(FACTS.get(name, name))


def value_words(value: Any, name: str = "") -> str:
    """Return a value as a table shows it; nothing is a dash."""
    if value is None or value in ("", ()):
        return "—"
    if isinstance(value, Enum):
        return str(_VALUES.get(type(value), {}).get(value, value.value))
    if isinstance(value, Decimal) or (isinstance(value, int) and "year" not in name):
        return number_words(value)
    if isinstance(value, tuple | list):
        return "、".join(value_words(inner) for inner in value)
    return str(value)


def title_words(change: Change) -> str:
    """Return what a change is about."""
    if change.area is Area.STRUCTURE:
        return class_words(change.title, is_town=change.place.endswith("t"))
    if change.feature is not None:
        layer = layer_names().get(change.feature.layer, "")
        return f"{layer} · {change.title}" if change.title else layer
    if change.place == "figures":
        return _("Three figures")
    return change.title or str(AREAS[change.area])


def feature_rows(change: Change) -> list[tuple[str, str, str]]:
    """Return what is different about a thing on the map: name of the fact, before, after."""
    feature = change.feature
    if feature is None:
        return []
    old, new = feature.before, feature.after
    rows = [
        (
            _("Class"),
            subject_words(f"landuse:{old.code}") if old and old.code else "—",
            subject_words(f"landuse:{new.code}") if new and new.code else "—",
        ),
        (
            _("Name of the place"),
            (old.name if old else "") or "—",
            (new.name if new else "") or "—",
        ),
        (
            _("Area"),
            area_words(old.area_m2) if old and old.area_m2 else "—",
            area_words(new.area_m2) if new and new.area_m2 else "—",
        ),
    ]
    found = [row for row in rows if row[1] != row[2]]
    return found or [(_("Shape"), _("as before"), _("another one"))]
