"""The words of what follows a plan."""

from decimal import Decimal
from enum import StrEnum

from babel.numbers import format_decimal
from flask_babel import LazyString, get_locale
from flask_babel import lazy_gettext as _l

from portal.implementation.rules import (
    AssetKind,
    AssetState,
    DutyKind,
    DutyState,
    Light,
    Refusal,
    VisitKind,
)
from portal.plans.words import unit_words

LIGHTS: dict[Light, LazyString] = {
    Light.ON_TRACK: _l("on track"),
    Light.BEHIND: _l("behind"),
    Light.BREACH: _l("past its limit"),
    Light.UNKNOWN: _l("not measured yet"),
}
LIGHT_KINDS = {
    Light.ON_TRACK: "good",
    Light.BEHIND: "warn",
    Light.BREACH: "danger",
    Light.UNKNOWN: "neutral",
}
DUTY_KINDS: dict[DutyKind, LazyString] = {
    DutyKind.PROJECT: _l("Project"),
    DutyKind.CORRECTION: _l("Correction"),
    DutyKind.ANSWER: _l("Answer"),
    DutyKind.OTHER: _l("Other"),
}
DUTY_STATES: dict[DutyState, LazyString] = {
    DutyState.DONE: _l("done"),
    DutyState.OVERDUE: _l("overdue"),
    DutyState.DUE_SOON: _l("due soon"),
    DutyState.RUNNING: _l("under way"),
    DutyState.NO_DEADLINE: _l("no deadline"),
}
DUTY_STATE_KINDS = {
    DutyState.DONE: "good",
    DutyState.OVERDUE: "danger",
    DutyState.DUE_SOON: "warn",
    DutyState.RUNNING: "info",
    DutyState.NO_DEADLINE: "neutral",
}
ASSET_KINDS: dict[AssetKind, LazyString] = {
    AssetKind.LAND: _l("Idle land"),
    AssetKind.HOUSE: _l("Idle house"),
}
ASSET_STATES: dict[AssetState, LazyString] = {
    AssetState.IDLE: _l("idle"),
    AssetState.PLANNED: _l("a use is planned"),
    AssetState.IN_USE: _l("in use again"),
}
VISITS: dict[VisitKind, LazyString] = {
    VisitKind.VISIT: _l("Visit"),
    VisitKind.BRIEFING: _l("Briefing"),
    VisitKind.WORKSHOP: _l("Workshop"),
    VisitKind.OFFICE_HOUR: _l("Office hour"),
}
REFUSALS: dict[StrEnum, LazyString] = {
    Refusal.NOT_FOLLOWED: _l("There is no plan to follow up yet."),
    Refusal.READ_TWICE: _l("There is an entry for this day already."),
    Refusal.IN_THE_FUTURE: _l("This day is still to come."),
    Refusal.YEAR_TAKEN: _l("This year has its evaluation already."),
    Refusal.YEAR_NOT_OVER: _l("This year is not over yet."),
    Refusal.FINISHED: _l("This evaluation is finished and stays as it is."),
    Refusal.NO_ACTION: _l(
        "Write what you found, and for every deviation its cause and what is done about it."
    ),
    Refusal.NOT_CONCERNED: _l("Only whoever is concerned can answer here."),
    Refusal.ALREADY_NAMED: _l("This is on the list already."),
    Refusal.BACKWARDS: _l("Progress only goes forward: take a later day and no smaller share."),
    Refusal.OVER_BUDGET: _l("More was paid than the project costs. Check both numbers."),
    Refusal.DONE_ALREADY: _l("This is done already."),
}


def value_words(value: Decimal | None, unit: str = "") -> str:
    """Return a figure with at most two decimals and its unit; a dash for none."""
    if value is None:
        return "—"
    number = format_decimal(value, "#,##0.##", locale=get_locale() or "zh_Hans")
    return f"{number} {unit_words(unit)}".strip()
