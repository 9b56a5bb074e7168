"""The small form of `bench.alike` in `make storm`: answers to two choices are alike, over HTTP."""

from copy import deepcopy

import pytest

from bench import alike

PAIRS = 48


@pytest.mark.alone
def test_two_choices_are_answered_alike_and_a_telling_house_is_found():
    seen = alike.watch("sqlite", pairs=PAIRS, seed=1)
    assert not alike.why_told_apart(seen), {title: str(one) for title, one in seen.items()}
    assert len(seen["sealed"].answers[0]) == 1  # all that is random was blotted out
    assert len(seen["with names"].answers[0]) == 1


@pytest.mark.parametrize(
    ("part", "fault"),
    [("answers", "with names: the answers differ"), ("lengths", "not of one length")],
)
def test_one_other_answer_is_enough(part, fault):
    calm, telling = [0.010 + n / 1e6 for n in range(PAIRS)], [0.013] * PAIRS
    one = alike.Seen(({"page"}, {"page"}), ({100}, {100}), (calm, calm[::-1]))
    control = alike.Seen(seconds=(calm, telling))
    seen = {"with names": one, "control": control}
    assert not alike.why_told_apart(seen)
    odd = deepcopy(seen)
    getattr(odd["with names"], part)[1].add(101 if part == "lengths" else "other page")
    assert fault in alike.why_told_apart(odd)[0]
    assert "times are not apart" in alike.why_told_apart(seen | {"control": alike.Seen()})[0]
    assert "times are apart" in alike.why_told_apart(seen | {"with names": control})[0]
