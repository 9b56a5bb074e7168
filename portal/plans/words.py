"""The words of plans: states, kinds, refusals, numbers with their units."""

from decimal import Decimal
from enum import StrEnum

from babel.numbers import format_decimal
from flask_babel import LazyString, get_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.core.errors import Refused
from portal.core.forms import Form
from portal.maps.landuse import CLASSES
from portal.maps.remarks import LAYERS
from portal.maps.rules import LayerKind
from portal.notices.words import REFUSALS as NOTICE_REFUSALS
from portal.plans.rules import (
    Direction,
    FacilityStatus,
    IndicatorKind,
    Missing,
    PlanKind,
    ProjectKind,
    Refusal,
    State,
)

MU_PER_HECTARE = 15
UNITS: dict[str, LazyString] = {
    "公顷": _l("ha"),
    "亩": _l("mu (1/15 ha)"),
    "平方米": _l("m²"),
    "平方米/人": _l("m² a person"),
    "处": _l("sites"),
    "个": _l("in number"),
    "幢": _l("buildings"),
    "条": _l("lines"),
    "人": _l("people"),
    "户": _l("households"),
    "公里": _l("km"),
    "米": _l("m"),
    "万元": _l("times 10,000 yuan"),
    "元": _l("yuan"),
}

REFUSALS: dict[StrEnum, LazyString] = {
    Refusal.FROZEN: _l("This version was published, so it stays as it is. Start a new version."),
    Refusal.NAME_TAKEN: _l("There is a plan of this name already."),
    Refusal.NOT_A_DRAFT: _l("This version is no longer a draft."),
    Refusal.IN_REVIEW: _l("This version is being reviewed. Send it back to change it."),
    Refusal.ILLEGAL_STEP: _l("This step cannot be taken from where the plan is now."),
    Refusal.LACKING: _l("Something is still missing for this step."),
    Refusal.ANOTHER_IN_FORCE: _l("Another version of this plan is in force already."),
    Refusal.STEP_TAKEN: _l("Somebody else has just taken a step. Look at the plan again."),
    Refusal.NOT_YOURS: _l("Your post does not take this step."),
    Refusal.EXPLAINED_ALREADY: _l("The plan was submitted. What was said about it stays."),
    Refusal.NO_CAUSE: _l("Name the opinion, or say in words what caused the change."),
    Refusal.NO_SUCH_OPINION: _l("There is no opinion of this number on the plan."),
    Refusal.NO_SUCH_CHANGE: _l("There is no such change in this version."),
    Refusal.NOT_ON_NOTICE: _l("The notice of this version is not over yet."),
    Refusal.NOT_YET_ON_NOTICE: _l("Opinions are collected as soon as the notice opens."),
    Refusal.NOTICE_OVER: _l("The notice is over. Opinions are being answered."),
    Refusal.ALREADY_ON_NOTICE: _l("This version is on notice already."),
    Refusal.INCOMPLETE: _l("Something is still missing before the notice can open."),
    Refusal.TARGET_BEFORE_BASE: _l("The target year must not be before the base year."),
    Refusal.CODE_TAKEN: _l("This number or code is used already."),
    Refusal.CLASS_TAKEN: _l("This class of land use stands in the table already."),
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
FACILITY_STATES: dict[FacilityStatus, LazyString] = {
    FacilityStatus.EXISTING: _l("there already"),
    FacilityStatus.PLANNED: _l("planned"),
    FacilityStatus.REMOVED: _l("to go"),
}
ZONES: dict[str, LazyString] = {
    "0101": _l("General ecological space"),
    "0102": _l("Ecological redline"),
    "0201": _l("General agricultural space"),
    "0202": _l("Permanent basic farmland"),
    "0301": _l("Village construction area"),
    "0302": _l("Village reserve area"),
    "0400": _l("Urban space"),
    "0900": _l("Other space"),
}


def subject_words(subject: str) -> str:
    """Return what a control rule is about: a zone, a class of land use, or a line of the map."""
    kind, _colon, key = subject.partition(":")
    if kind == "zone" and key in ZONES:
        return f"{key} {ZONES[key]}"
    if kind == "landuse" and (found := CLASSES.get(key)):
        return f"{key} {found.name(str(get_locale() or 'zh_Hans'))}"
    return str(LAYERS[LayerKind(key)]) if key in set(LayerKind) else subject


def class_words(code: str, *, is_town: bool) -> str:
    """Return the class of a line of the structure table, and whether it lies inside a town."""
    words = subject_words(f"landuse:{code}")
    return _("%(land)s (in town)", land=words) if is_town else words


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
    return f"{number_words(value)} {unit_words(unit)}"


def unit_words(unit: str) -> str:
    """Return a unit in the reader's language, or as it was written."""
    return str(UNITS.get(unit, unit))


def mu_of(hectares: Decimal) -> Decimal:
    """Return hectares as 亩 (15 亩 = 1 公顷), from the two decimals that are shown.

    The same ground has the same 亩 wherever it stands, beside more exact hectares or not.
    """
    if abs(hectares) < 1:
        return (hectares * MU_PER_HECTARE).quantize(Decimal("0.1"))
    shown = hectares.quantize(Decimal("0.01"))
    return (shown * MU_PER_HECTARE).quantize(Decimal(1))


def hectare_words(value: Decimal) -> str:
    """Return hectares, with 亩 beside them."""
    mu = mu_of(value)
    return _("%(ha)s ha (%(mu)s mu)", ha=number_words(value), mu=number_words(mu))


def area_words(square_metres: int) -> str:
    """Return an area given in square metres as hectares with two decimals, and 亩."""
    return hectare_words((Decimal(square_metres) / 10_000).quantize(Decimal("0.01")))


def ground_words(square_metres: int) -> str:
    """Return the area of a piece of ground: a small one in square metres and 亩, else hectares."""
    if square_metres >= 1000:
        return area_words(square_metres)
    mu = (Decimal(square_metres) * 3 / 2000).quantize(Decimal("0.01"))
    return _("%(m2)s m² (%(mu)s mu)", m2=number_words(square_metres), mu=number_words(mu))


def parcel_words(number: int, name: str = "") -> str:
    """Return what a parcel is called: its number, and its name where it has one."""
    return _("Parcel %(number)s", number=number) + (f" · {name}" if name else "")


def layer_words(kind: LayerKind) -> str:
    """Return what a layer of the map is called."""
    return str(LAYERS[kind])


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


def refusal_words(refused: Refused) -> str:
    """Put a refusal of plans, or of the notice of one, into words."""
    return str({**NOTICE_REFUSALS, **REFUSALS}[refused.reason])


def refuse(form: Form, refused: Refused) -> None:
    """Put a refusal into words above the form."""
    words = refusal_words(refused)
    if missing := refused.facts.get("missing"):
        words += " " + missing_words(missing)  # type: ignore[arg-type]  # a list of Missing
    form.form_errors.append(words)
