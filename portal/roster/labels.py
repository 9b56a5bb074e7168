"""The roster's changes in words, masked as everybody sees them by default."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Any

from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.core.masking import mask_phone
from portal.people.rules import Basis, Sex
from portal.roster.likeness import Likeness
from portal.roster.person import Pair
from portal.roster.rules import Action, ChangeKind, ImportState, Refusal
from portal.roster.writing import PHONES

SEXES: dict[Sex, LazyString] = {
    Sex.MALE: _l("male"),
    Sex.FEMALE: _l("female"),
    Sex.UNKNOWN: _l("unknown"),
}
BASES: dict[Basis, LazyString] = {
    Basis.REGISTERED: _l("registered and living here"),
    Basis.REGISTERED_AWAY: _l("registered here, lives away"),
    Basis.ADMITTED: _l("registered elsewhere, admitted by the meeting"),
    Basis.NONE: _l("not of the electorate"),
}
FIELDS: dict[str, LazyString] = {
    "household": _l("Household"),
    "group": _l("Group"),
    "name": _l("Name"),
    "sex": _l("Sex"),
    "born_on": _l("Date of birth"),
    "born_on_is_exact": _l("Day of birth is certain"),
    "phone": _l("Phone"),
    "is_representative": _l("Represents the household"),
    "is_registered": _l("Registered here"),
    "is_away": _l("Lives away"),
    "admitted_on": _l("Admitted by the meeting on"),
    "id_number": _l("ID number"),
    "second_contact": _l("Second contact"),
    "left_on": _l("Left on"),
}
KINDS: dict[ChangeKind, LazyString] = {
    ChangeKind.ADDED: _l("added"),
    ChangeKind.CHANGED: _l("corrected"),
    ChangeKind.REMOVED: _l("left the village"),
    ChangeKind.RETURNED: _l("is here again"),
    ChangeKind.MOVED: _l("moved to another household"),
    ChangeKind.ADMITTED: _l("admitted by the meeting"),
    ChangeKind.DIED: _l("died"),
}
ACTIONS: dict[Action, LazyString] = {
    Action.FILE: _l("Roster from a file"),
    Action.ADD: _l("Add a resident"),
    Action.CORRECT: _l("Correct a resident"),
    Action.MOVE: _l("Move to another household"),
    Action.ADMIT: _l("Admitted by the meeting"),
    Action.LEAVE: _l("Left the village"),
    Action.DIE: _l("Died"),
    Action.RETURN: _l("Is here again"),
}
STATES: dict[ImportState, tuple[LazyString, str]] = {
    ImportState.PREPARED: (_l("not yet in"), "info"),
    ImportState.WAITING: (_l("waits for a second person"), "warn"),
    ImportState.DONE: (_l("done"), "good"),
    ImportState.DROPPED: (_l("thrown away"), "neutral"),
}
LIKENESS: dict[Likeness, LazyString] = {
    Likeness.MOVED: _l("Same name and birthday, another household."),
    Likeness.DATE_FILLED: _l("Same household and name; one of the two has no date of birth."),
    Likeness.DATE_CHANGED: _l("Same household and name, another date of birth."),
    Likeness.RENAMED: _l("Same household and birthday, another name."),
}
REFUSALS: dict[StrEnum, LazyString] = {
    Refusal.OVER: _l("This has been decided already."),
    Refusal.ROSTER_CHANGED: _l(
        "Somebody changed the roster meanwhile. Look at the new comparison, then decide."
    ),
    Refusal.ANOTHER_WAITS: _l(
        "Another change waits for a second person. Finish that one first; a ballot is under way."
    ),
    Refusal.OWN_CHANGE: _l("You prepared this yourself. Somebody else must agree to it."),
    Refusal.NOTHING_TO_CHANGE: _l("Nothing would change."),
    Refusal.CLASH: _l("This person stands on the roster already."),
    Refusal.ID_OF_ANOTHER: _l("This ID number belongs to somebody else on the roster."),
    Refusal.ELECTORATE_IN_USE: _l("A ballot is under way: a second person must agree."),
    Refusal.UNANSWERED: _l("First say for each likely person whether it is the same one."),
    Refusal.REMOVES: _l("Say that you agree to those who leave, then send it again."),
    Refusal.NEW_HOUSEHOLD: _l("This household is new: choose its group."),
    Refusal.NOT_HERE: _l("This person has left the village."),
    Refusal.STILL_HERE: _l("This person is here."),
    Refusal.REGISTERED: _l("Whoever is registered here needs no admission."),
    Refusal.DAY_TO_COME: _l("This day is still to come."),
    Refusal.BEFORE_BIRTH: _l("This day is before the day of birth."),
}


def shown(name: str, value: Any) -> str:
    """Return a fact of a person as lists show it: phones, birthdays and ID numbers masked."""
    if value is None or value == "":
        return "—"
    if name in PHONES:
        return value if "*" in value else mask_phone(value)
    if name == "id_number":
        return "**************" + str(value)[-4:]
    if name == "born_on":
        return f"{str(value)[:4]}-**-**"
    return told(name, value)


def told(name: str, value: Any) -> str:
    """Return a fact of a person in full."""
    if value is None or value == "":
        return "—"
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if name == "sex":
        return str(SEXES[Sex(value)])
    if name == "group":
        return _("Group %(number)s", number=value)
    return value.isoformat() if isinstance(value, date) else str(value)


def lines(fields: Mapping[str, Pair]) -> list[tuple[LazyString, str, str]]:
    """Return what changes as (field, before, after), masked; masks that are alike say so."""
    found = []
    for name, (old, new) in fields.items():
        before, after = shown(name, old), shown(name, new)
        if before == after:
            after = _("changed") if after == "—" else _("%(value)s (another)", value=after)
        found.append((FIELDS[name], before, after))
    return found
