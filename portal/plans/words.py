"""The words of plans: states, kinds, refusals, numbers with their units."""

from decimal import Decimal
from enum import StrEnum

from babel.numbers import format_decimal
from flask_babel import LazyString, get_locale, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.core.errors import Refused
from portal.core.forms import Form
from portal.maps.rules import Fault, LayerKind, Repair
from portal.plans.rules import (
    Direction,
    IndicatorKind,
    Missing,
    PlanKind,
    ProjectKind,
    Refusal,
    State,
)

MU_PER_HECTARE = 15

REFUSALS: dict[StrEnum, LazyString] = {
    Refusal.FROZEN: _l("This version was published, so it stays as it is. Start a new version."),
    Refusal.NAME_TAKEN: _l("There is a plan of this name already."),
    Refusal.NOT_A_DRAFT: _l("This version is no longer a draft."),
    Refusal.NOT_ON_NOTICE: _l("The notice of this version is not over yet."),
    Refusal.NOT_YET_ON_NOTICE: _l("Opinions are collected as soon as the notice opens."),
    Refusal.NOTICE_OVER: _l("The notice is over. Opinions are being answered."),
    Refusal.ALREADY_ON_NOTICE: _l("This version is on notice already."),
    Refusal.SHORTER_END: _l(
        "The notice must not end before the last day shown: the day it starts on does not count,"
        " and a rest day moves the end to the next working day."
    ),
    Refusal.NO_BOARD_EVIDENCE: _l("Say where and when the notice was put on the village board."),
    Refusal.BOARD_IN_FUTURE: _l("The time on the village board lies in the future."),
    Refusal.INCOMPLETE: _l("Something is still missing before the notice can open."),
    Refusal.TARGET_BEFORE_BASE: _l("The target year must not be before the base year."),
    Refusal.CODE_TAKEN: _l("This number or code is used already."),
    Refusal.DRAFT_EXISTS: _l("There is a draft of this plan already."),
}
MISSING: dict[Missing, LazyString] = {
    Missing.SUMMARY: _l("five sentences in plain words"),
    Missing.FIGURES: _l("three figures"),
    Missing.TEXT: _l("the full text"),
    Missing.GOALS: _l("goals"),
    Missing.INDICATORS: _l("indicators"),
    Missing.PROJECTS: _l("projects"),
    Missing.MAP: _l("the map"),
}
STATES: dict[State, LazyString] = {
    State.DRAFT: _l("Draft"),
    State.COMMITTEE_REVIEW: _l("In review"),
    State.SCHEDULED: _l("Scheduled"),
    State.ON_NOTICE: _l("On notice"),
    State.NOTICE_CLOSED: _l("Notice over"),
    State.REPLYING: _l("Answering opinions"),
    State.BALLOTING: _l("Being voted on"),
    State.AGREED: _l("Agreed"),
    State.SUBMITTED: _l("Submitted"),
    State.RETURNED: _l("Returned"),
    State.APPROVED: _l("Approved"),
    State.PUBLISHED: _l("Published"),
    State.IN_FORCE: _l("In force"),
    State.AMENDING: _l("Being amended"),
    State.SUPERSEDED: _l("Superseded"),
    State.EXPIRED: _l("Expired"),
    State.WITHDRAWN: _l("Withdrawn"),
}
CHIPS: dict[State, str] = {State.ON_NOTICE: "good", State.IN_FORCE: "good"}
KINDS: dict[PlanKind, LazyString] = {
    PlanKind.PRACTICAL: _l("Village plan"),
    PlanKind.SPECIAL: _l("Special plan"),
    PlanKind.FUSION_UNIT: _l("Fusion-unit plan"),
    PlanKind.PROJECT_LIST: _l("List of projects"),
}
INDICATOR_KINDS: dict[IndicatorKind, LazyString] = {
    IndicatorKind.BINDING: _l("binding"),
    IndicatorKind.EXPECTED: _l("expected"),
}
DIRECTIONS: dict[Direction, LazyString] = {
    Direction.AT_MOST: _l("at most"),
    Direction.AT_LEAST: _l("at least"),
}
PROJECT_KINDS: dict[ProjectKind, LazyString] = {
    ProjectKind.PUBLIC_SERVICE: _l("Public services"),
    ProjectKind.INFRASTRUCTURE: _l("Infrastructure"),
    ProjectKind.INDUSTRY: _l("Livelihood"),
    ProjectKind.LIVING_ENVIRONMENT: _l("Living environment"),
    ProjectKind.ECOLOGY: _l("Ecology"),
    ProjectKind.HERITAGE: _l("Heritage"),
    ProjectKind.DISASTER_PREVENTION: _l("Disaster prevention"),
}
LAYERS: dict[LayerKind, LazyString] = {
    LayerKind.LAND_USE: _l("Land use"),
    LayerKind.VILLAGE_AREA: _l("Village area"),
    LayerKind.PERMANENT_BASIC_FARMLAND: _l("Permanent basic farmland"),
    LayerKind.ECOLOGICAL_REDLINE: _l("Ecological redline"),
    LayerKind.URBAN_BOUNDARY: _l("Urban boundary"),
    LayerKind.VILLAGE_BOUNDARY: _l("Village construction boundary"),
    LayerKind.BUILDING: _l("Houses"),
    LayerKind.ROAD: _l("Roads"),
    LayerKind.PROJECT: _l("Projects"),
    LayerKind.PLACE: _l("Hamlets"),
}
FAULTS: dict[StrEnum, LazyString] = {
    Fault.TOO_BIG: _l("The file is too large."),
    Fault.NOT_UTF8: _l("The file is not written in UTF-8. Export it again as GeoJSON in UTF-8."),
    Fault.NOT_JSON: _l("The file is broken at this line and column."),
    Fault.TOO_DEEP: _l("The file is nested too deeply."),
    Fault.DUPLICATE_MEMBER: _l("This member stands twice, so it is not clear which counts."),
    Fault.NOT_GEOJSON: _l("This is not a GeoJSON file with features."),
    Fault.OTHER_CRS: _l(
        "The file has another coordinate system. Export it in longitude and latitude"
        " (CGCS2000 or WGS 84)."
    ),
    Fault.NO_FEATURES: _l("There is nothing in the file that could be drawn."),
    Fault.TOO_MANY_FEATURES: _l("There are too many features in the file."),
    Fault.TOO_MANY_POSITIONS: _l("There are too many points in the file."),
    Fault.NOT_A_FEATURE: _l("This is not a feature."),
    Fault.BAD_PROPERTIES: _l("The properties are missing or no list of names and values."),
    Fault.BAD_ID: _l("The id is neither a text nor a number."),
    Fault.BAD_BBOX: _l("The bounding box is not made of numbers."),
    Fault.FOREIGN_MEMBER: _l("This member does not belong here."),
    Fault.BAD_GEOMETRY: _l("The shape is missing or of an unknown kind."),
    Fault.COLLECTION: _l("Mixed shapes in one feature cannot be read. Export them one by one."),
    Fault.WRONG_FAMILY: _l("This kind of shape does not fit the layer."),
    Fault.BAD_POSITION: _l("A point is not made of two numbers."),
    Fault.NOT_FINITE: _l("A coordinate is not a finite number."),
    Fault.OUT_OF_RANGE: _l("A coordinate is not a longitude and latitude in degrees."),
    Fault.SWAPPED: _l("Longitude and latitude seem to be swapped: longitude comes first."),
    Fault.LINE_TOO_SHORT: _l("A line needs at least two points."),
    Fault.RING_TOO_SHORT: _l("A ring needs at least four points."),
    Fault.RING_NOT_CLOSED: _l("A ring is not closed: its last point must be its first."),
    Fault.NO_AREA: _l("The area is empty."),
    Fault.NO_CLASS: _l("The land-use code is missing (code or DLBM)."),
    Fault.UNKNOWN_CLASS: _l("We do not know this land-use code (2023 edition)."),
    Fault.TOO_FAR_APART: _l("The map is too large for a village."),
}
REPAIRS: dict[StrEnum, LazyString] = {
    Repair.SELF_CROSSING: _l("crossed itself and was repaired"),
    Repair.RING_ORDER: _l("rings ran the wrong way round and were turned"),
    Repair.HEIGHT_DROPPED: _l("heights were left out"),
    Repair.NO_PLACE: _l("had no shape and was left out"),
    Repair.TEXT_CUT: _l("a name was too long and was cut"),
}


def number_words(value: Decimal | int) -> str:
    """Return a number as it was written, with separators: 1,140.50."""
    digits = -value.as_tuple().exponent if isinstance(value, Decimal) else 0  # type: ignore[operator]  # finite
    pattern = "#,##0" + ("." + "0" * digits if digits > 0 else "")
    return str(format_decimal(value, pattern, locale=get_locale() or "zh_Hans"))


def quantity_words(value: Decimal | None, unit: str) -> str:
    """Return a quantity with its unit; hectares also in 亩 (15 亩 = 1 公顷)."""
    if value is None:
        return "—"
    if unit in ("公顷", "ha"):
        return hectare_words(value)
    return f"{number_words(value)} {unit}"


def hectare_words(value: Decimal) -> str:
    """Return hectares, with 亩 beside them."""
    mu = (value * MU_PER_HECTARE).quantize(Decimal("0.1") if abs(value) < 1 else Decimal(1))
    return _("%(ha)s ha (%(mu)s mu)", ha=number_words(value), mu=number_words(mu))


def area_words(square_metres: int) -> str:
    """Return an area given in square metres as hectares with two decimals, and 亩."""
    return hectare_words((Decimal(square_metres) / 10_000).quantize(Decimal("0.01")))


def money_words(yuan: int | None) -> str:
    """Return an amount in 万元 where that is how people say it, else in yuan."""
    if yuan is None:
        return _("Cost not known yet")
    locale = get_locale()
    if locale is None or locale.language == "zh":
        if yuan < 10_000:
            return f"{number_words(yuan)} 元"
        digits = "1" if yuan % 10_000 == 0 else "0.01" if yuan % 1000 else "0.1"
        return f"{number_words((Decimal(yuan) / 10_000).quantize(Decimal(digits)))} 万元"
    return _("%(number)s yuan", number=number_words(yuan))


def missing_words(missing: list[Missing]) -> str:
    """Return what is missing as one line."""
    return "、".join(str(MISSING[what]) for what in missing)


def features_words(numbers: list[int | None]) -> str:
    """Return which features of a file something is about: the first ones, and how many more."""
    said = sorted(number for number in numbers if number is not None)
    if not said:
        return _("The file")
    listed = ", ".join(str(number) for number in said[:8])
    if len(said) > 8:
        rest = len(said) - 8
        return (
            _("Features %(list)s", list=listed)
            + " "
            + ngettext("and %(num)d more", "and %(num)d more", rest)
        )
    return ngettext("Feature %(list)s", "Features %(list)s", len(said), list=listed)


def refuse(form: Form, refused: Refused) -> None:
    """Put a refusal into words above the form."""
    words = str(REFUSALS[refused.reason])
    if missing := refused.facts.get("missing"):
        words += " " + missing_words(missing)  # type: ignore[arg-type]  # a list of Missing
    form.form_errors.append(words)
