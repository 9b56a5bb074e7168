"""What answers add up to, and what stays hidden."""

import pytest

from portal.surveys.rules import Choice, Kind, Question
from portal.surveys.tally import (
    Numbers,
    Scale,
    hide_parts,
    per_mille,
    tally_choices,
    tally_numbers,
)


@pytest.mark.parametrize(
    ("cells", "shown"),
    [
        ([10, 20, 30], [10, 20, 30]),
        ([0, 20, 30], [0, 20, 30]),
        ([5, 20, 30], [5, 20, 30]),
        ([4, 20, 30], [None, None, 30]),  # 4 alone would follow from the base
        ([3, 2, 30, 40], [None, None, 30, 40]),
        ([1, 2, 30, 40], [None, None, None, 40]),  # together they are but 3
        ([4, 0, 30], [None, 0, None]),
        ([4, 0, 0], [None, None, None]),
    ],
)
def test_hide_parts(cells, shown):
    assert hide_parts(cells) == shown


def _question(kind, names):
    choices = tuple(Choice(name, {}) for name in names)
    return Question(kind=kind, name="q", label={}, choices=choices)


def test_percentages_of_several_choices_are_of_people():
    question = _question(Kind.SELECT_MULTIPLE, ["a", "b", "c"])
    tally = tally_choices(question, base=10, counts={"a": 10, "b": 7, "c": 2})
    assert [(line.count, line.tenths) for line in tally.lines] == [
        (10, 1000),
        (7, 700),
        (None, None),
    ]
    assert tally.is_hidden


def test_fewer_than_five_people_show_nothing():
    question = _question(Kind.SELECT_ONE, ["a", "b"])
    tally = tally_choices(question, base=4, counts={"a": 4})
    assert tally.base is None
    assert [line.count for line in tally.lines] == [None, None]


def test_a_scale_has_a_mean_and_a_top():
    question = _question(Kind.SELECT_ONE, ["1", "2", "3", "4", "5"])
    counts = {"1": 5, "2": 5, "3": 10, "4": 20, "5": 10}
    tally = tally_choices(question, base=50, counts=counts)
    assert tally.scale == Scale(mean_hundredths=350, top_tenths=600, highest=5)


def test_a_scale_with_a_hidden_cell_has_no_mean():
    question = _question(Kind.SELECT_ONE, ["1", "2", "3"])
    assert tally_choices(question, base=31, counts={"1": 1, "2": 10, "3": 20}).scale is None


def test_words_are_no_scale():
    question = _question(Kind.SELECT_ONE, ["yes", "no", "maybe"])
    assert tally_choices(question, base=30, counts={"yes": 10, "no": 10, "maybe": 10}).scale is None


@pytest.mark.parametrize(
    ("values", "numbers"),
    [
        ([0, 1, 1, 2, 4], Numbers(total=8, mean_hundredths=160, median_tenths=10)),
        ([0, 1, 2, 3, 3, 3], Numbers(total=12, mean_hundredths=200, median_tenths=25)),
        ([0, 1, 1, 2], None),
    ],
)
def test_numbers(values, numbers):
    assert tally_numbers(_question(Kind.INTEGER, []), values).numbers == numbers


def test_the_share_of_the_domain_book():
    assert per_mille(118, 292) == 404
