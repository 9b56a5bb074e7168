"""Disclosure control: which cells of a published table stay hidden, so that nobody is found out.

A table has one row for each stratum (a villager group, a sex, an age band) and one column for each
part that its people fall into (voted and did not; yes, no and abstained). Both margins are
published with it, so a hidden cell must not follow from them and the cells beside it
(domain.md S13, §6; trust.md T22). What the margins themselves say cannot be kept secret here:
whoever publishes a table with a small total decides about that first, with `is_small`.
"""

from collections import deque
from collections.abc import Iterator, Sequence

THRESHOLD = 5
"""Counts of 1 to 4 people are hidden. What comes from a secret ballot asks for 10."""

FEWEST = 10
"""Strata of fewer people are shown together with another one."""

Table = Sequence[Sequence[int]]
Cell = tuple[int, int]
_Node = tuple[str, int]


def is_small(count: int, *, threshold: int = THRESHOLD) -> bool:
    """Tell whether a count speaks of so few people that it stays hidden. Nobody is not few."""
    return 0 < count < threshold


def suppress_small(table: Table, *, threshold: int = THRESHOLD) -> frozenset[Cell] | None:
    """Return the cells (row, column) to hide, or None where even hiding all of them is not enough.

    Every small cell is hidden. Then more are hidden, the smallest first, those in its own row or
    column before others, until each small cell could be any of `room` + 1 values for somebody who
    knows the margins and all shown cells. `room` is threshold − 1, or all that the margins allow.
    None means that the margins alone give a small cell away: then they must be hidden too.
    """
    small = [cell for cell in _cells(table) if is_small(_at(table, cell), threshold=threshold)]
    hidden = set(small)
    while bare := next((c for c in small if not _is_safe(table, hidden, c, threshold)), None):
        shown = [cell for cell in _cells(table) if cell not in hidden]
        if not shown:
            return None
        hidden.add(min(shown, key=lambda cell: _rank(table, cell, hidden, bare)))
    return frozenset(hidden)


def room_of(table: Table, hidden: frozenset[Cell] | set[Cell], cell: Cell) -> tuple[int, int]:
    """Return the least and the greatest value a hidden cell could have for an outsider.

    Exact: the cell is raised or lowered along alternating paths of hidden cells, which is a flow.
    """
    value = _at(table, cell)
    up = _flow(table, hidden, cell, raised=True)
    down = min(value, _flow(table, hidden, cell, raised=False))
    return value - down, value + up


def merge_few(sizes: Sequence[int], *, fewest: int = FEWEST) -> list[tuple[int, ...]]:
    """Return which rows stand alone and which are shown as one, so that none has too few people.

    Rows with fewer than `fewest` come together at the end; if they are too few even so, the next
    smallest row joins them. A row of nobody is left out.
    """
    there = [index for index, size in enumerate(sizes) if size]
    few = [index for index in there if sizes[index] < fewest]
    alone = [index for index in there if index not in few]
    while few and alone and (len(few) == 1 or sum(sizes[index] for index in few) < fewest):
        nearest = min(alone, key=lambda index: (sizes[index], index))
        alone.remove(nearest)
        few.append(nearest)
    return [(index,) for index in alone] + ([tuple(sorted(few))] if few else [])


def _cells(table: Table) -> Iterator[Cell]:
    return ((row, column) for row, line in enumerate(table) for column in range(len(line)))


def _at(table: Table, cell: Cell) -> int:
    return table[cell[0]][cell[1]]


def _is_safe(table: Table, hidden: set[Cell], cell: Cell, threshold: int) -> bool:
    row_total = sum(table[cell[0]])
    column_total = sum(line[cell[1]] for line in table)
    least, greatest = room_of(table, hidden, cell)
    return greatest - least >= min(threshold - 1, row_total, column_total)


def _rank(table: Table, cell: Cell, hidden: set[Cell], bare: Cell) -> tuple[int, bool, int, Cell]:
    """Order the cells that could be hidden to protect `bare`; the lowest is the best.

    First a line of `bare` in which it stands alone, then its other line, then what closes a
    rectangle with it, then the rest.
    """
    row, column = cell
    lines = 0
    if row == bare[0]:
        lines = 4 if not any(r == row and c != bare[1] for r, c in hidden) else 2
    elif column == bare[1]:
        lines = 4 if not any(c == column and r != bare[0] for r, c in hidden) else 2
    elif (bare[0], column) in hidden and (row, bare[1]) in hidden:
        lines = 3
    elif (bare[0], column) in hidden or (row, bare[1]) in hidden:
        lines = 1
    value = _at(table, cell)
    return -lines, value == 0, value, cell


def _flow(table: Table, hidden: frozenset[Cell] | set[Cell], cell: Cell, *, raised: bool) -> int:
    """Return by how much the cell can be raised (or lowered) with all margins and shown cells kept.

    What is added in its column must be taken from another hidden cell there, given back in that
    cell's row, and so on, until it is taken from the cell's own row.
    """
    endless = sum(map(sum, table)) + 1
    room: dict[_Node, dict[_Node, int]] = {}
    for row, column in hidden - {cell}:
        value = table[row][column]
        to_row, to_column = (value, endless) if raised else (endless, value)
        room.setdefault(("column", column), {})[("row", row)] = to_row
        room.setdefault(("row", row), {})[("column", column)] = to_column
    start, end = ("column", cell[1]), ("row", cell[0])
    total = 0
    while path := _path(room, start, end):
        amount = min(room[a][b] for a, b in path)
        for a, b in path:
            room[a][b] -= amount
            room[b][a] += amount
        total += amount
    return total


def _path(
    room: dict[_Node, dict[_Node, int]], start: _Node, end: _Node
) -> list[tuple[_Node, _Node]]:
    """Return the shortest way with room left, or nothing."""
    came_from: dict[_Node, _Node] = {start: start}
    queue = deque([start])
    while queue and end not in came_from:
        here = queue.popleft()
        for there, left in room.get(here, {}).items():
            if left > 0 and there not in came_from:
                came_from[there] = here
                queue.append(there)
    if end not in came_from:
        return []
    path, here = [], end
    while here != start:
        path.append((came_from[here], here))
        here = came_from[here]
    return path
