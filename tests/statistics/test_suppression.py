"""No hidden cell follows from what is shown: checked against every table that would fit."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.core.suppression import is_small, merge_few, room_of, suppress_small


@pytest.mark.parametrize(("count", "expected"), [(0, False), (1, True), (4, True), (5, False)])
def test_small_is_one_to_four(count, expected):
    assert is_small(count) is expected


def test_a_table_of_large_cells_is_shown_whole():
    assert suppress_small([[40, 80], [35, 75], [5, 90]]) == frozenset()


def test_nobody_is_not_few():
    assert suppress_small([[0, 80], [35, 75]]) == frozenset()


def test_one_small_row_takes_the_next_smallest_with_it():
    table = [[40, 80], [3, 75], [12, 90]]
    assert suppress_small(table) == {(1, 0), (1, 1), (2, 0), (2, 1)}


def test_few_who_did_not_act_are_hidden_as_well():
    table = [[80, 40], [75, 2], [30, 60]]
    assert suppress_small(table) == {(1, 0), (1, 1), (0, 0), (0, 1)}


def test_when_the_margins_alone_give_it_away_they_must_go_too():
    assert suppress_small([[3, 97]]) is None
    assert suppress_small([[3, 0], [3, 0]]) is None  # 6 of 6 acted: everybody did


def test_a_two_way_table_hides_a_rectangle():
    table = [[30, 20, 2], [25, 30, 9], [40, 22, 8]]
    hidden = suppress_small(table)
    assert (0, 2) in hidden
    for row, column in hidden:
        assert sum(1 for r, _ in hidden if r == row) >= 2
        assert sum(1 for _, c in hidden if c == column) >= 2
    assert len(hidden) == 4


def fitting(table, hidden):
    """Return every table with these margins and these shown cells, by trying them all.

    Cells are tried one after the other; what a row or column has left is the most for the next.
    """
    rows, columns = (
        [sum(line) for line in table],
        [sum(column) for column in zip(*table, strict=True)],
    )
    for r, line in enumerate(table):
        for c, value in enumerate(line):
            if (r, c) not in hidden:
                rows[r] -= value
                columns[c] -= value
    open_cells, trial = sorted(hidden), [list(line) for line in table]

    def tried(index):
        if index == len(open_cells):
            if not any(rows) and not any(columns):
                yield [list(line) for line in trial]
            return
        r, c = open_cells[index]
        is_last = index + 1 == len(open_cells) or open_cells[index + 1][0] != r
        most = min(rows[r], columns[c])
        for value in range(rows[r] if is_last else 0, most + 1):  # the last one takes the rest
            trial[r][c] = value
            rows[r], columns[c] = rows[r] - value, columns[c] - value
            yield from tried(index + 1)
            rows[r], columns[c] = rows[r] + value, columns[c] + value

    return list(tried(0))


def test_trying_finds_them_all():
    table, everything = [[1, 2], [3, 0]], {(0, 0), (0, 1), (1, 0), (1, 1)}
    assert fitting(table, everything) == [[[n, 3 - n], [4 - n, n - 1]] for n in (1, 2, 3)]
    assert fitting(table, {(0, 0), (0, 1)}) == [table]
    assert fitting(table, set()) == [table]


tables = st.integers(2, 3).flatmap(
    lambda columns: st.lists(
        st.lists(st.integers(0, 5), min_size=columns, max_size=columns), min_size=1, max_size=3
    )
)


@settings(max_examples=200, deadline=None)
@given(tables)
def test_every_hidden_cell_keeps_its_room(table):
    threshold = 3
    hidden = suppress_small(table, threshold=threshold)
    if hidden is None:
        return
    candidates = fitting(table, hidden)
    for r, line in enumerate(table):
        for c, value in enumerate(line):
            possible = {trial[r][c] for trial in candidates}
            if is_small(value, threshold=threshold):
                assert (r, c) in hidden
                column = sum(other[c] for other in table)
                assert len(possible) >= min(threshold, sum(line) + 1, column + 1) >= 2
            if (r, c) in hidden:
                assert room_of(table, hidden, (r, c)) == (min(possible), max(possible))
            else:
                assert possible == {value}


@settings(max_examples=200, deadline=None)
@given(tables)
def test_none_is_only_said_where_all_cells_hidden_are_not_enough(table):
    threshold = 3
    if suppress_small(table, threshold=threshold) is not None:
        return
    everything = {(r, c) for r, line in enumerate(table) for c in range(len(line))}
    candidates = fitting(table, everything)
    assert any(
        is_small(value, threshold=threshold)
        and len({trial[r][c] for trial in candidates})
        < min(threshold, sum(line) + 1, sum(other[c] for other in table) + 1)
        for r, line in enumerate(table)
        for c, value in enumerate(line)
    )


@pytest.mark.parametrize(
    ("sizes", "expected"),
    [
        ([120, 90, 80], [(0,), (1,), (2,)]),
        ([120, 9, 80], [(0,), (1, 2)]),
        ([120, 4, 7, 80], [(0,), (3,), (1, 2)]),
        ([120, 4, 3, 80], [(0,), (1, 2, 3)]),
        ([4, 3], [(0, 1)]),
        ([0, 30], [(1,)]),
        ([], []),
    ],
)
def test_groups_of_few_are_shown_together(sizes, expected):
    assert merge_few(sizes) == expected


@given(st.lists(st.integers(0, 40), max_size=12))
def test_merging_loses_nobody(sizes):
    merged = merge_few(sizes)
    assert sorted(i for part in merged for i in part) == [i for i, s in enumerate(sizes) if s]
    if sum(sizes) >= 10:
        assert all(sum(sizes[i] for i in part) >= 10 for part in merged)
