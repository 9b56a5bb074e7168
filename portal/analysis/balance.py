"""The land-use structure table (用地结构调整表): its groups, subtotals, shares, and what is wrong.

Exact decimals throughout; areas in hectares, shares in per cent (domain.md §2.3).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from portal.analysis.rules import TOLERANCE_HA
from portal.maps.landuse import CLASSES

ZERO = Decimal(0)
_MIXED = frozenset({"07", "10", "12", "13"})
"""First-level classes whose second level falls into different groups: they say too little."""


class Group(StrEnum):
    """A group of rows of the table, from the whole down to those that hold classes."""

    TOTAL = "total"
    NON_CONSTRUCTION = "non_construction"
    CONSTRUCTION = "construction"
    URBAN_RURAL = "urban_rural"
    VILLAGE = "village"
    TOWN = "town"
    REGIONAL = "regional"
    OTHER = "other"


CHILDREN: Mapping[Group, tuple[Group, ...]] = {
    Group.TOTAL: (Group.NON_CONSTRUCTION, Group.CONSTRUCTION),
    Group.CONSTRUCTION: (Group.URBAN_RURAL, Group.REGIONAL, Group.OTHER),
    Group.URBAN_RURAL: (Group.VILLAGE, Group.TOWN),
}


class Column(StrEnum):
    """Which figure of a row is meant."""

    BASE = "base"
    TARGET = "target"
    CHANGE = "change"


class Flaw(StrEnum):
    """What can be wrong with the table; words.py says it."""

    UNKNOWN_CLASS = "unknown-class"
    MIXED_CLASS = "mixed-class"
    NEGATIVE = "negative"
    VALUE_MISSING = "value-missing"
    SUBTOTAL = "subtotal"
    NOT_THE_AREA = "not-the-area"
    CHANGE_NOT_ZERO = "change-not-zero"
    AREA_UNKNOWN = "area-unknown"
    NO_LINES = "no-lines"
    NOT_ON_MAP = "not-on-map"
    OTHER_ON_MAP = "other-on-map"
    OVER_QUOTA = "over-quota"


REMARKS = frozenset({Flaw.AREA_UNKNOWN, Flaw.NOT_ON_MAP, Flaw.OTHER_ON_MAP})
"""What is said and stops nobody: the map is measured, the table is what counts."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line as the plan has it: a class, inside a town or not."""

    code: str
    is_town: bool
    base_ha: Decimal | None
    target_ha: Decimal | None


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the finished table. Shares are per cent of the whole, None of nothing.

    `code` is empty in the row of a group; `level` is how deep it stands, 0 the whole.
    """

    group: Group
    code: str
    is_town: bool
    level: int
    base_ha: Decimal
    base_share: Decimal | None
    target_ha: Decimal
    target_share: Decimal | None

    @property
    def change_ha(self) -> Decimal:
        """Return target minus base."""
        return self.target_ha - self.base_ha


@dataclass(frozen=True, slots=True)
class Found:
    """One flaw: in which line (class code or group), which figure, its value, and the right one."""

    flaw: Flaw
    line: str
    column: Column | None = None
    value: Decimal | None = None
    expected: Decimal | None = None

    @property
    def stops(self) -> bool:
        """Tell whether the plan cannot be put up for review with it."""
        return self.flaw not in REMARKS


@dataclass(frozen=True, slots=True)
class Table:
    """The whole table and everything that is wrong with it."""

    rows: tuple[Row, ...]
    found: tuple[Found, ...]
    area_ha: Decimal | None

    def row(self, group: Group) -> Row:
        """Return the row of a group."""
        return next(row for row in self.rows if row.group is group and not row.code)

    @property
    def balances(self) -> bool:
        """Tell whether nothing in it stops the plan."""
        return not any(found.stops for found in self.found)


def group_of(code: str, *, is_town: bool) -> Group | None:
    """Return the group that a class counts in, or None where the class does not say enough.

    The same class counts as town where it lies inside a town, else as village (domain.md §2.3).
    """
    known = CLASSES.get(code)
    if known is None or code in _MIXED:
        return None
    if known.village_construction:
        return Group.TOWN if is_town else Group.VILLAGE
    if known.regional_infrastructure:
        return Group.REGIONAL
    if known.other_construction:
        return Group.OTHER
    return Group.TOWN if known.construction else Group.NON_CONSTRUCTION


def make_table(lines: Sequence[Line], *, area_ha: Decimal | None) -> Table:
    """Return the table with groups and subtotals, and each flaw of it."""
    found = [flaw for line in lines for flaw in _flaws_of(line)]
    stated = [line for line in lines if parts_of(line, lines)]
    for line in stated:
        found += _compareparts_of(line, parts_of(line, lines))
    counted = [
        (group, line)
        for line in lines
        if line not in stated and (group := group_of(line.code, is_town=line.is_town))
    ]
    base = shares([line.base_ha or ZERO for _, line in counted])
    target = shares([line.target_ha or ZERO for _, line in counted])
    leaves = [
        Row(
            group, line.code, line.is_town, 0,
            line.base_ha or ZERO, base[n], line.target_ha or ZERO, target[n],
        )
        for n, (group, line) in enumerate(counted)
    ]  # fmt: skip
    rows = _rows(Group.TOTAL, leaves, level=0)
    return Table(tuple(rows), tuple(found + _sums(rows[0], area_ha, bool(lines))), area_ha)


def shares(values: Sequence[Decimal]) -> list[Decimal | None]:
    """Return shares in per cent to two places that sum to exactly 100.00 (largest remainder).

    Of equal remainders the earlier one is rounded up. Nothing, or less than nothing, has no shares.
    """
    whole = sum(values, ZERO)
    if whole <= 0 or any(value < 0 for value in values):
        return [None] * len(values)
    exact = [value * 10_000 / whole for value in values]
    parts = [int(share) for share in exact]
    by_rest = sorted(range(len(values)), key=lambda n: (parts[n] - exact[n], n))
    for n in by_rest[: 10_000 - sum(parts)]:
        parts[n] += 1
    return [Decimal(part).scaleb(-2) for part in parts]


def _rows(group: Group, leaves: Sequence[Row], *, level: int) -> list[Row]:
    """Return the row of a group, and below it those of its groups or its classes."""
    inner: list[Row] = []
    if group in CHILDREN:
        for child in CHILDREN[group]:
            inner += _rows(child, leaves, level=level + 1)
        parts = [row for row in inner if row.level == level + 1]
    else:
        parts = sorted((r for r in leaves if r.group is group), key=lambda r: (r.code, r.is_town))
        inner = _by_first_level(parts, level + 1)
    return [_sum(group, "", level, parts), *inner]


def _by_first_level(parts: Sequence[Row], level: int) -> list[Row]:
    """Return the rows of classes; several of one first-level class come under its own row."""
    rows: list[Row] = []
    for first in dict.fromkeys(row.code[:2] for row in parts):
        below = [row for row in parts if row.code[:2] == first]
        if len(below) > 1:
            rows.append(_sum(below[0].group, first, level, below))
        deeper = level + (len(below) > 1)
        rows += [
            Row(r.group, r.code, r.is_town, deeper, r.base_ha, r.base_share, r.target_ha,
                r.target_share)
            for r in below
        ]  # fmt: skip
    return rows


def _sum(group: Group, code: str, level: int, parts: Sequence[Row]) -> Row:
    return Row(
        group, code, False, level,
        sum((row.base_ha for row in parts), ZERO), _sum_shares([r.base_share for r in parts]),
        sum((row.target_ha for row in parts), ZERO), _sum_shares([r.target_share for r in parts]),
    )  # fmt: skip


def _sum_shares(values: Sequence[Decimal | None]) -> Decimal | None:
    known = [value for value in values if value is not None]
    return sum(known, Decimal("0.00")) if known or not values else None


def _flaws_of(line: Line) -> list[Found]:
    found = []
    if line.code not in CLASSES:
        found.append(Found(Flaw.UNKNOWN_CLASS, line.code))
    elif line.code in _MIXED:
        found.append(Found(Flaw.MIXED_CLASS, line.code))
    for column, value in ((Column.BASE, line.base_ha), (Column.TARGET, line.target_ha)):
        if value is None:
            found.append(Found(Flaw.VALUE_MISSING, line.code, column))
        elif value < 0:
            found.append(Found(Flaw.NEGATIVE, line.code, column, value, ZERO))
    return found


def parts_of(line: Line, lines: Sequence[Line]) -> list[Line]:
    """Return the lines that are parts of this one; then it is a subtotal that the plan states."""
    return [
        other
        for other in lines
        if other.code != line.code
        and other.code.startswith(line.code)
        and other.is_town == line.is_town
    ]


def _compareparts_of(line: Line, parts: Sequence[Line]) -> list[Found]:
    lowest = [part for part in parts if not parts_of(part, parts)]
    found = []
    for column, value, below in (
        (Column.BASE, line.base_ha, sum((p.base_ha or ZERO for p in lowest), ZERO)),
        (Column.TARGET, line.target_ha, sum((p.target_ha or ZERO for p in lowest), ZERO)),
    ):
        if value is not None and abs(value - below) > TOLERANCE_HA:
            found.append(Found(Flaw.SUBTOTAL, line.code, column, value, below))
    return found


def _sums(whole: Row, area_ha: Decimal | None, has_lines: bool) -> list[Found]:
    """Check the sums: the area of the village, and no change in all."""
    if not has_lines:
        return [Found(Flaw.NO_LINES, Group.TOTAL)]
    found = []
    if area_ha is None:
        found.append(Found(Flaw.AREA_UNKNOWN, Group.TOTAL))
    else:
        for column, value in ((Column.BASE, whole.base_ha), (Column.TARGET, whole.target_ha)):
            if abs(value - area_ha) > TOLERANCE_HA:
                found.append(Found(Flaw.NOT_THE_AREA, Group.TOTAL, column, value, area_ha))
    if abs(whole.change_ha) > TOLERANCE_HA:
        found.append(Found(Flaw.CHANGE_NOT_ZERO, Group.TOTAL, Column.CHANGE, whole.change_ha, ZERO))
    return found
