"""Who may be somebody that is on the roster under other facts. Pure."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from portal.people.rules import Sex
from portal.roster.person import Person


class Likeness(StrEnum):
    """Why a row may be somebody who is on the roster under other facts."""

    MOVED = "moved"
    DATE_FILLED = "date-filled"
    DATE_CHANGED = "date-changed"
    RENAMED = "renamed"


@dataclass(frozen=True, slots=True)
class Likely:
    """A row that is likely somebody who is here; `is_same` is what was decided about it."""

    likeness: Likeness
    place: int
    resident_id: int
    before: Person
    row: Person
    is_same: bool


def find_likely(
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
    open_places = {place: None for place in range(len(rows)) if place not in matched}
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
            del open_places[place]
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
