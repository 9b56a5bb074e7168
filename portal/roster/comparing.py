"""Who is new, who changed and who left: a roster beside the one that is here. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from portal.roster.likeness import Likely, find_likely
from portal.roster.person import Pair, Person, differences, kind_of, merged
from portal.roster.rules import ChangeKind, Refusal


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
    likely = find_likely(known, rows, matched, decided or {}, is_complete=is_complete)
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
        Change(kind_of(known[i], person), i, known[i], person, places.get(i))
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
