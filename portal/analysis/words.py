"""The words of the planners' checks: boundaries, flaws, lights, states, refusals, numbers."""

from decimal import Decimal
from enum import StrEnum

from babel.numbers import format_decimal
from flask_babel import LazyString, get_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.analysis.balance import Column, Flaw, Found, Group
from portal.analysis.boundaries import CONSTRUCTION, ECOLOGICAL, FARMLAND, ZONES
from portal.analysis.coverage import Houses
from portal.analysis.intensity import Source
from portal.analysis.rules import ConflictState, Light, Measure, Preset, Refusal
from portal.analysis.targets import Miss, Missed
from portal.maps.landuse import CLASSES
from portal.maps.remarks import LAYERS
from portal.maps.rules import CONTROL_ZONES, LayerKind
from portal.plans.words import quantity_words

REFUSALS: dict[StrEnum, LazyString] = {
    Refusal.NO_MAP: _l("The plan has no map yet, so there is nothing to compare."),
    Refusal.NO_PAIRS: _l("Choose at least two sets of boundaries to compare."),
    Refusal.SAME_BOUNDARIES: _l("A set of boundaries is not compared with itself."),
    Refusal.UNKNOWN_BOUNDARIES: _l("There are no such boundaries."),
    Refusal.TOO_MANY: _l(
        "Too many patches lie on each other for one check. Compare fewer sets of boundaries."
    ),
    Refusal.MAP_CHANGED: _l("The map was changed while it was checked. Check it again."),
    Refusal.STALE: _l("Somebody changed this in the meantime. Have a look at it, and try again."),
    Refusal.NO_OWNER: _l("Say which unit sees to it."),
    Refusal.NO_PROPOSAL: _l("Say what is to be done."),
    Refusal.STILL_THERE: _l(
        "The map still shows this overlap. Change the map and check it again, or accept it."
    ),
    Refusal.SCENARIO_SLOTS_FULL: _l("There are four scenarios already. Take one away first."),
    Refusal.SCENARIO_FACTS_MISSING: _l(
        "The plan must say how many people there are, and a target year after the base year."
    ),
    Refusal.SCENARIO_OUT_OF_RANGE: _l("This number is not believable."),
    Refusal.TITLE_TAKEN: _l("There is a scenario of this name already."),
    Refusal.ALREADY_RETIRED: _l("This scenario was taken away already."),
}
GROUPS: dict[Group, LazyString] = {
    Group.TOTAL: _l("Village area"),
    Group.NON_CONSTRUCTION: _l("Non-construction land"),
    Group.CONSTRUCTION: _l("Construction land"),
    Group.URBAN_RURAL: _l("Urban and rural construction land"),
    Group.VILLAGE: _l("Village construction land"),
    Group.TOWN: _l("Town construction land"),
    Group.REGIONAL: _l("Regional infrastructure land"),
    Group.OTHER: _l("Other construction land"),
}
COLUMNS: dict[Column, LazyString] = {
    Column.BASE: _l("base year"),
    Column.TARGET: _l("target year"),
    Column.CHANGE: _l("change"),
}
FLAWS: dict[Flaw, LazyString] = {
    Flaw.UNKNOWN_CLASS: _l("There is no such class of land use."),
    Flaw.MIXED_CLASS: _l("This class falls into several groups; use its second level."),
    Flaw.NEGATIVE: _l("An area cannot be below nothing."),
    Flaw.VALUE_MISSING: _l("The area is missing."),
    Flaw.SUBTOTAL: _l("The subtotal is not the sum of its lines."),
    Flaw.NOT_THE_AREA: _l("The lines do not add up to the area of the village."),
    Flaw.CHANGE_NOT_ZERO: _l("The changes do not add up to nothing."),
    Flaw.AREA_UNKNOWN: _l("The plan does not say the area of the village, so it was not compared."),
    Flaw.NO_LINES: _l("The land-use structure table is empty."),
    Flaw.NOT_ON_MAP: _l("The map has another area."),
    Flaw.OTHER_ON_MAP: _l("The map has this class, and the table has not."),
    Flaw.OVER_QUOTA: _l("More is built on than before, without a quota linked to it."),
}
MISSES: dict[Miss, LazyString] = {
    Miss.ABOVE_LIMIT: _l("The target is above the upper limit of the level above."),
    Miss.BELOW_LIMIT: _l("The target is below the lower limit of the level above."),
    Miss.AGAINST_DIRECTION: _l("The target is worse than the base year."),
    Miss.NO_TARGET: _l("There is no target."),
    Miss.LIMITS_CROSSED: _l("The lower limit is above the upper limit."),
}
MENDS: dict[Miss, LazyString] = {
    Miss.ABOVE_LIMIT: _l(
        "bring the target down to %(limit)s, or correct the upper limit if the plan above allows"
        " more"
    ),
    Miss.BELOW_LIMIT: _l(
        "bring the target up to %(limit)s, or correct the lower limit if the plan above allows less"
    ),
    Miss.AGAINST_DIRECTION: _l(
        "bring the target back to the base year's %(limit)s, or enter the limit of the plan above"
        " in this line of the indicator table"
    ),
    Miss.NO_TARGET: _l("fill in the target in the indicator table"),
    Miss.LIMITS_CROSSED: _l("correct one of the two limits in the indicator table"),
}
"""How each is put right; `limit` is what the target is held against."""
MEASURES: dict[Measure, LazyString] = {
    Measure.CONSTRUCTION_SHARE: _l("Share of construction land"),
    Measure.ECO_OCCUPATION: _l("Ecological space that is built on"),
    Measure.PER_CAPITA: _l("Village construction land per person"),
}
FORMULAS: dict[Measure, LazyString] = {
    Measure.CONSTRUCTION_SHARE: _l("construction land / area of the village"),
    Measure.ECO_OCCUPATION: _l("construction land within ecological space / ecological space"),
    Measure.PER_CAPITA: _l("village construction land / people"),
}
LIGHTS: dict[Light, LazyString] = {
    Light.GREEN: _l("Below nine tenths of the cap"),
    Light.YELLOW: _l("Close to the cap"),
    Light.RED: _l("Above the cap"),
    Light.GREY: _l("No cap set"),
}
LIGHT_CHIPS: dict[Light, str] = {
    Light.GREEN: "good",
    Light.YELLOW: "warn",
    Light.RED: "danger",
    Light.GREY: "neutral",
}
SOURCES: dict[Source, LazyString] = {
    Source.SETTING: _l("set by the planners"),
    Source.INDICATOR: _l("limit in the indicator table"),
    Source.PLAN: _l("the plan itself"),
    Source.MAP: _l("measured on the map"),
    Source.TABLE: _l("land-use structure table"),
    Source.ZONES: _l("control zones 0101 and 0102 of the map"),
    Source.REDLINE: _l("ecological redline of the map"),
    Source.NONE: _l("not known"),
}
STATES: dict[ConflictState, LazyString] = {
    ConflictState.OPEN: _l("To be dealt with"),
    ConflictState.AGREED: _l("Proposal agreed"),
    ConflictState.RESOLVED: _l("Resolved"),
    ConflictState.ACCEPTED: _l("Accepted as it is"),
}
STATE_CHIPS: dict[ConflictState, str] = {
    ConflictState.OPEN: "warn",
    ConflictState.AGREED: "info",
    ConflictState.RESOLVED: "good",
    ConflictState.ACCEPTED: "neutral",
}
HOUSES: dict[Houses, LazyString] = {
    Houses.BUILDINGS: _l("Houses are the buildings on the map."),
    Houses.HOMESTEADS: _l(
        "The map shows no buildings, so homestead parcels (0703) stand for houses."
    ),
    Houses.NONE: _l("The map shows neither buildings nor homestead parcels."),
}
PRESETS: dict[Preset, LazyString] = {
    Preset.URBANISATION: _l("Faster urbanisation"),
    Preset.ECOLOGY: _l("Stronger protection of nature"),
    Preset.INDUSTRY: _l("Change of livelihoods"),
    Preset.OWN: _l("Our own assumptions"),
}
PARAMETERS: dict[str, LazyString] = {
    "growth_percent": _l("Growth a year in per cent (k)"),
    "migration": _l("Moving in, less moving out, over the term (M, people)"),
    "household_size": _l("People in a household"),
    "land_m2": _l("Village construction land per person (m²)"),
    "occupied_ha": _l("Farmland built on over the term (ha)"),
    "reclaimed_ha": _l("Farmland reclaimed over the term (ha)"),
    "build_cost": _l("Cost of building (10 000 yuan/ha)"),
    "reclaim_cost": _l("Cost of reclaiming (10 000 yuan/ha)"),
}
_USES: dict[str, LazyString] = {
    CONSTRUCTION: _l("Planned construction land"),
    FARMLAND: _l("Planned cropland"),
    ECOLOGICAL: _l("Planned woodland, grassland, wetland and water"),
}


def boundary_words(key: str) -> str:
    """Return what a set of boundaries is called."""
    if key in _USES:
        return str(_USES[key])
    if key in ZONES:
        return _("Zone %(code)s %(name)s", code=ZONES[key], name=CONTROL_ZONES[ZONES[key]])
    return str(LAYERS[LayerKind(key)])


def line_words(line: str) -> str:
    """Return which line of the structure table is meant: a class with its name, or a group."""
    if line in set(Group):
        return str(GROUPS[Group(line)])
    known = CLASSES.get(line)
    return f"{line} {known.name(str(get_locale()))}" if known else line


def number_words(value: Decimal | int | None, places: int = 2) -> str:
    """Write a number with its thousands apart; a dash for none."""
    if value is None:
        return "—"
    shown = "#,##0" + ("." + "0" * places if places else "")
    return str(format_decimal(value, format=shown, locale=get_locale()))


def exact_words(value: Decimal) -> str:
    """Write a number with as many places as it needs, at most four."""
    return str(format_decimal(value, format="#,##0.####", locale=get_locale()))


def found_words(found: Found) -> str:
    """Return a flaw in one sentence: line, figure, what stands there, and what should."""
    said = f"{line_words(found.line)}"
    if found.column is not None:
        said += f" · {COLUMNS[found.column]}"
    said += f"：{FLAWS[found.flaw]}" if _is_chinese() else f": {FLAWS[found.flaw]}"
    if found.value is not None and found.expected is not None:
        said += " " + _(
            "Here %(value)s ha, expected %(expected)s ha.",
            value=number_words(found.value, 4),
            expected=number_words(found.expected, 4),
        )
    return said


def mend_words(missed: Missed) -> str:
    """Say how an indicator that misses is put right."""
    return str(MENDS[missed.miss]) % {"limit": quantity_words(missed.expected, missed.unit)}


def missed_words(missed: Missed) -> str:
    """Return an indicator that misses in one sentence: its target, and how it is put right."""
    return _(
        "%(name)s, target %(value)s: %(mend)s",
        name=missed.name,
        value=quantity_words(missed.value, missed.unit),
        mend=mend_words(missed),
    )


def _is_chinese() -> bool:
    return str(get_locale()).startswith("zh")
