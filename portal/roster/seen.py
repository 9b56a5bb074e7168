"""What a reader remembers of the rows before, to find who stands twice. Pure.

A county has half a million residents: so of each row a few numbers are kept, never a name.
"""

from dataclasses import dataclass, field

_ROW_BITS, _PLACE_BITS = 21, 40
_PLACE = (1 << _PLACE_BITS) - 1
_SHORT = 0xFFFFFF


def pack(sheet: int, row: int) -> int:
    """Return a place as one number."""
    return sheet << _ROW_BITS | row


def unpack(place: int) -> tuple[int, int]:
    """Return the sheet's index and the row of a place."""
    return place >> _ROW_BITS & _SHORT >> 5, place & (1 << _ROW_BITS) - 1


@dataclass(frozen=True, slots=True)
class Same:
    """An earlier row of the same name in the same household. `born`: ordinal of the day, or 0."""

    place: int
    born: int


@dataclass
class Seen:
    """The households, ID numbers and names of the rows before."""

    households: dict[int, int] = field(default_factory=dict)
    groups: dict[int, int] = field(default_factory=dict)
    heads: dict[int, int] = field(default_factory=dict)
    representatives: dict[int, int] = field(default_factory=dict)
    head_names: dict[int, int] = field(default_factory=dict)
    ids: dict[int, int] = field(default_factory=dict)
    names: dict[int, int] = field(default_factory=dict)
    people: dict[int, int] = field(default_factory=dict)

    def add_id(self, id_number: str, household: int, place: int) -> tuple[int, bool] | None:
        """Remember an ID number; return where it stood before, and whether in this household."""
        key = int(id_number[:17])
        short = household & _SHORT
        before = self.ids.setdefault(key, short << _PLACE_BITS | place)
        if before & _PLACE == place:
            return None
        return before & _PLACE, before >> _PLACE_BITS == short

    def add_name(self, household: int, name: str, born: int, place: int) -> list[Same]:
        """Remember somebody of a household; return those of the same name there.

        `born`: the ordinal of the day, or 0.
        """
        key = hash((household, name))
        if key not in self.names:
            self.names[key] = born << _PLACE_BITS | place
            return []
        found, nth = [], 0
        while key in self.names:
            value = self.names[key]
            found.append(Same(value & _PLACE, value >> _PLACE_BITS))
            nth += 1
            key = hash((household, name, nth))
        self.names[key] = born << _PLACE_BITS | place
        return found
