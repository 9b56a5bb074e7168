"""Who is new, who changed and who left: a roster beside the one that is here. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from typing import Any

from portal.people.rules import Sex
from portal.roster.rules import ChangeKind, Refusal


class Likeness(StrEnum):
    """Why a row may be somebody who is on the roster under other facts."""

    MOVED = "moved"
    DATE_FILLED = "date-filled"
    DATE_CHANGED = "date-changed"
    RENAMED = "renamed"


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


@dataclass(frozen=True, slots=True)
class Change:
    """One resident before and after. `place`: the row of the import, or None where none says it."""

    kind: ChangeKind
    resident_id: int
    before: Person
    after: Person
    place: int | None = None

    @property
    def fields(self) -> dict[str, Pair]:
        """Return what changes, as (before, after); an ID number goes by one name."""
        return differences(self.before, self.after)


@dataclass(frozen=True, slots=True)
class Likely:
    """A row that is likely somebody who is here; `is_same` is what was decided about it."""

    likeness: Likeness
    place: int
    resident_id: int
    before: Person
    row: Person
    is_same: bool


@dataclass(frozen=True, slots=True)
class Clash:
    """A row that cannot go in: it would make one person of two, or two of one."""

    place: int
    refusal: Refusal
    row: Person


@dataclass(frozen=True, slots=True)
class Comparison:
    """What an import would do to the roster, and nothing is done yet."""

    added: list[tuple[int, Person]]
    changed: list[Change]
    unchanged: int
    likely: list[Likely]
    clashes: list[Clash]

    def of(self, kind: ChangeKind) -> list[Change]:
        """Return the changes of one kind."""
        return [change for change in self.changed if change.kind is kind]

    @property
    def is_empty(self) -> bool:
        """Tell whether the roster stays exactly as it is."""
        return not self.added and not self.changed


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


def compare(
    known: Mapping[int, Person],
    rows: Sequence[Person],
    *,
    day: date,
    decided: Mapping[int, int | None] | None = None,
    given: frozenset[str] | None = None,
    is_complete: bool = False,
    is_exact: bool = False,
) -> Comparison:
    """Return what the rows would do to the roster as it is known.

    A person is known by the ID number, else by household, name and birth date. Where neither
    is here, somebody alike may be: such a row is shown as likely, and `decided` (place → id of
    the resident, or None for a new one) is what people said about it. `is_complete`: whoever is
    in no row has left; `day` is their last.
    """
    matched, clashes = _match(known, rows)
    likely = _find_likely(known, rows, matched, decided or {}, is_complete=is_complete)
    matched |= {likeness.place: likeness.resident_id for likeness in likely if likeness.is_same}
    for place, resident_id in (decided or {}).items():
        if resident_id is not None and resident_id in known:
            matched[place] = resident_id
    after, added = _after(known, rows, matched, given=given, is_exact=is_exact)
    _settle_households(known, rows, matched, after)
    if is_complete:
        for resident_id in known.keys() - set(matched.values()):
            if known[resident_id].left_on is None:
                after[resident_id] = replace(
                    after.get(resident_id, known[resident_id]),
                    left_on=day,
                    is_representative=False,
                )
    places = {resident_id: place for place, resident_id in matched.items()}
    changed = [
        Change(_kind(known[i], person), i, known[i], person, places.get(i))
        for i, person in sorted(after.items())
        if person != known[i]
    ]
    moved = {change.resident_id: change.after for change in changed}
    clashes += _find_clashes(known, moved, added, places)
    unchanged = len(matched) - sum(1 for change in changed if change.place is not None)
    return Comparison(added, changed, unchanged, likely, clashes)


def _match(
    known: Mapping[int, Person], rows: Sequence[Person]
) -> tuple[dict[int, int], list[Clash]]:
    by_digest = {p.id_digest: i for i, p in known.items() if p.id_digest}
    by_key = {_key(p): i for i, p in sorted(known.items(), reverse=True)}
    matched: dict[int, int] = {}
    taken: dict[int, int] = {}
    clashes: list[Clash] = []
    for place, row in enumerate(rows):
        found = by_digest.get(row.id_digest) if row.id_digest else None
        if found is None:
            found = by_key.get(_key(row))
        if found is None:
            continue
        if found in taken:
            clashes.append(Clash(place, Refusal.CLASH, row))
            continue
        matched[place] = found
        taken[found] = place
    return matched, clashes


def _key(person: Person) -> tuple[str, str, date | None]:
    return person.household, person.name, person.born_on


def _find_likely(
    known: Mapping[int, Person],
    rows: Sequence[Person],
    matched: Mapping[int, int],
    decided: Mapping[int, int | None],
    *,
    is_complete: bool,
) -> list[Likely]:
    """Pair rows without a match with residents without one, where one fits one alone."""
    free = {i: known[i] for i in known.keys() - set(matched.values())}
    if not free:
        return []
    open_places = [place for place in range(len(rows)) if place not in matched]
    found: list[Likely] = []
    for likeness, sure in (
        (Likeness.MOVED, True),
        (Likeness.DATE_FILLED, True),
        (Likeness.DATE_CHANGED, is_complete),
        (Likeness.RENAMED, is_complete),
    ):
        residents, candidates = defaultdict(list), defaultdict(list)
        for i, person in free.items():
            residents[_trait(likeness, person)].append(i)
        for place in open_places:
            candidates[_trait(likeness, rows[place])].append(place)
        for trait, places in candidates.items():
            if trait is None or len(places) > 1 or len(residents.get(trait, ())) != 1:
                continue
            place, resident_id = places[0], residents[trait][0]
            if not _may_be(likeness, known[resident_id], rows[place]):
                continue
            is_same = decided[place] == resident_id if place in decided else sure
            found.append(
                Likely(likeness, place, resident_id, known[resident_id], rows[place], is_same)
            )
            del free[resident_id]
            open_places.remove(place)
    return sorted(found, key=lambda likely: likely.place)


def _trait(likeness: Likeness, person: Person) -> tuple[object, ...] | None:
    if likeness is Likeness.MOVED:
        return (person.name, person.born_on) if person.born_on else None
    if likeness is Likeness.RENAMED:
        return (person.household, person.born_on) if person.born_on else None
    return person.household, person.name


def _may_be(likeness: Likeness, before: Person, row: Person) -> bool:
    """Tell whether nothing speaks against it: neither two ID numbers nor two sexes."""
    if before.id_digest and row.id_digest and before.id_digest != row.id_digest:
        return False
    if Sex.UNKNOWN not in (before.sex, row.sex) and before.sex is not row.sex:
        return False
    is_filled = before.born_on is None or row.born_on is None
    if likeness is Likeness.DATE_FILLED:
        return is_filled
    return likeness is not Likeness.RENAMED or before.left_on is None


def _after(
    known: Mapping[int, Person],
    rows: Sequence[Person],
    matched: Mapping[int, int],
    *,
    given: frozenset[str] | None,
    is_exact: bool,
) -> tuple[dict[int, Person], list[tuple[int, Person]]]:
    after: dict[int, Person] = {}
    added: list[tuple[int, Person]] = []
    for place, row in enumerate(rows):
        if place in matched:
            before = known[matched[place]]
            after[matched[place]] = merged(before, row, given=given, is_exact=is_exact)
        else:
            person = row
            if person.is_representative is None or person.left_on is not None:
                person = replace(person, is_representative=False)
            if person.is_registered and person.admitted_on is not None:
                person = replace(person, admitted_on=None)
            added.append((place, person))
    return after, added


def _settle_households(
    known: Mapping[int, Person],
    rows: Sequence[Person],
    matched: Mapping[int, int],
    after: dict[int, Person],
) -> None:
    """Let a household be of one group and have one representative, also those in no row."""
    groups = {row.household: row.group for row in rows}
    heads = {
        row.household: place
        for place, row in enumerate(rows)
        if row.is_representative and row.left_on is None
    }
    for resident_id, before in known.items():
        person = after.get(resident_id, before)
        group = groups.get(person.household, person.group)
        if group != person.group:
            person = replace(person, group=group)
        head = heads.get(person.household)
        if person.is_representative and head is not None and matched.get(head) != resident_id:
            person = replace(person, is_representative=False)
        if person is not before:
            after[resident_id] = person
    _one_head_each(known, after)


def _one_head_each(known: Mapping[int, Person], after: dict[int, Person]) -> None:
    """Let whoever moves into a household leave its representative be."""
    stays = {p.household for i, p in known.items() if p.is_representative and i not in after}
    stays |= {
        p.household
        for i, p in after.items()
        if p.is_representative and known[i].household == p.household
    }
    for resident_id, person in after.items():
        has_moved = known[resident_id].household != person.household
        if person.is_representative and has_moved and person.household in stays:
            after[resident_id] = replace(person, is_representative=False)
        elif person.is_representative and has_moved:
            stays.add(person.household)


def _kind(before: Person, after: Person) -> ChangeKind:
    if before.left_on is None and after.left_on is not None:
        return ChangeKind.REMOVED
    if before.left_on is not None and after.left_on is None:
        return ChangeKind.RETURNED
    return ChangeKind.CHANGED


def _find_clashes(
    known: Mapping[int, Person],
    moved: Mapping[int, Person],
    added: Iterable[tuple[int, Person]],
    places: Mapping[int, int],
) -> list[Clash]:
    """Find who would take a place in a household, or an ID number, that is somebody else's."""
    keys = {_key(p): i for i, p in known.items() if p.born_on}
    digests = {p.id_digest: i for i, p in known.items() if p.id_digest}
    found: list[Clash] = []
    newcomers = [(places.get(i, -1), i, p) for i, p in moved.items()]
    newcomers += [(place, -1 - place, person) for place, person in added]
    for place, resident_id, person in newcomers:
        if person.id_digest and digests.setdefault(person.id_digest, resident_id) != resident_id:
            found.append(Clash(place, Refusal.ID_OF_ANOTHER, person))
        elif person.born_on and keys.setdefault(_key(person), resident_id) != resident_id:
            found.append(Clash(place, Refusal.CLASH, person))
    return found
