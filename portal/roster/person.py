"""A resident as plain values, and what a row of a file makes of them. Pure."""

from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from portal.people.rules import Sex
from portal.roster.rules import ChangeKind


@dataclass(frozen=True, slots=True)
class Person:
    """A resident as plain values. `is_representative` None: nobody said, so it stays."""

    household: str
    group: int
    name: str
    sex: Sex = Sex.UNKNOWN
    born_on: date | None = None
    born_on_is_exact: bool = True
    phone: str | None = None
    is_representative: bool | None = None
    is_registered: bool = True
    is_away: bool = False
    admitted_on: date | None = None
    id_digest: str | None = field(default=None, repr=False)
    id_last4: str | None = None
    second_contact: str | None = None
    left_on: date | None = None


FIELDS = tuple(Person.__dataclass_fields__)
_KEPT_WHEN_EMPTY = ("born_on", "phone", "is_representative", "admitted_on", "second_contact")
Pair = tuple[Any, Any]


def differences(before: Person, after: Person) -> dict[str, Pair]:
    """Return the fields in which two states of a person differ, as (before, after).

    An ID number shows by its last four alone, under the name `id_number`.
    """
    found = {
        name: (old, new)
        for name in FIELDS
        if name not in ("id_digest", "id_last4")
        and (old := getattr(before, name)) != (new := getattr(after, name))
    }
    if before.id_digest != after.id_digest:
        found["id_number"] = (before.id_last4, after.id_last4)
    return found


def merged(
    before: Person, row: Person, *, given: frozenset[str] | None = None, is_exact: bool = False
) -> Person:
    """Return the person after a row was read.

    An empty cell erases nothing, and a column that the file does not have (`given`) changes
    nothing; a form (`is_exact`) says everything. Whoever is registered needs no admission.
    """
    if is_exact:
        after = row
        if row.is_representative is None:
            after = replace(after, is_representative=before.is_representative)
    else:
        kept = {name: getattr(before, name) for name in _KEPT_WHEN_EMPTY}
        kept = {name: value for name, value in kept.items() if getattr(row, name) is None}
        if row.born_on is None:
            kept["born_on_is_exact"] = before.born_on_is_exact
        if row.sex is Sex.UNKNOWN:
            kept["sex"] = before.sex
        for name in ("is_registered", "is_away"):
            if given is not None and name not in given:
                kept[name] = getattr(before, name)
        if row.id_digest is None:
            kept["id_digest"], kept["id_last4"] = before.id_digest, before.id_last4
        after = replace(row, **kept)
    if after.is_registered and after.admitted_on is not None:
        after = replace(after, admitted_on=None)
    if after.left_on is not None and after.is_representative:
        after = replace(after, is_representative=False)
    return after


def kind_of(before: Person, after: Person) -> ChangeKind:
    """Return what happened to somebody, from their row before and after."""
    if before.left_on is None and after.left_on is not None:
        return ChangeKind.REMOVED
    if before.left_on is not None and after.left_on is None:
        return ChangeKind.RETURNED
    if before.household != after.household:
        return ChangeKind.MOVED
    if before.admitted_on is None and after.admitted_on is not None:
        return ChangeKind.ADMITTED
    return ChangeKind.CHANGED
