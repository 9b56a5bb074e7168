"""What the structure table is held against: the areas of the map, and the quota of building."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from portal.analysis.balance import ZERO, Column, Flaw, Found, Group, Line, Table, parts_of
from portal.analysis.rules import TOLERANCE_HA, hectares


def compare_with_map(
    lines: Sequence[Line], measured_m2: Mapping[str, int], counts: Mapping[str, int], column: Column
) -> list[Found]:
    """Return where the map has other areas than the table, class by class.

    A class of the map counts in the line with the longest code that begins its own; town and
    village are one here. Each patch was measured to a whole square metre, so half of one is
    allowed for each, on top of the table's tolerance.
    """
    stated: dict[str, Decimal] = {}
    for line in lines:
        if not parts_of(line, lines):
            value = line.base_ha if column is Column.BASE else line.target_ha
            stated[line.code] = stated.get(line.code, ZERO) + (value or ZERO)
    drawn: dict[str, Decimal] = dict.fromkeys(stated, ZERO)
    patches: dict[str, int] = dict.fromkeys(stated, 0)
    found = []
    for code, area in sorted(measured_m2.items()):
        owner = max((c for c in stated if code.startswith(c)), key=len, default=None)
        if owner is None:
            found.append(Found(Flaw.OTHER_ON_MAP, code, column, hectares(area), ZERO))
        else:
            drawn[owner] += hectares(area)
            patches[owner] += counts.get(code, 1)
    for code, value in stated.items():
        allowed = TOLERANCE_HA + hectares(patches[code]) / 2
        if abs(value - drawn[code]) > allowed:
            found.append(Found(Flaw.NOT_ON_MAP, code, column, value, drawn[code]))
    return found


@dataclass(frozen=True, slots=True)
class Quota:
    """The balance of construction land (增减挂钩): what may be built on, and what is."""

    base_ha: Decimal
    linked_ha: Decimal
    target_ha: Decimal

    @property
    def left_ha(self) -> Decimal:
        """Return how much may still be built on; below nothing it is too much."""
        return self.base_ha + self.linked_ha - self.target_ha

    @property
    def holds(self) -> bool:
        """Tell whether no more is built on than there was, and than was linked to it."""
        return self.left_ha >= -TOLERANCE_HA


def quota_of(table: Table, *, linked_ha: Decimal | None) -> Quota:
    """Return the balance of urban and rural construction land (domain.md §1.2 no. 41)."""
    row = table.row(Group.URBAN_RURAL)
    return Quota(row.base_ha, linked_ha or ZERO, row.target_ha)
