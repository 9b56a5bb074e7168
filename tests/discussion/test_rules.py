"""What may be written, and what is kept of it."""

import pytest

from portal.discussion.rules import LONGEST_OPINION
from portal.moderation import writing
from portal.moderation.writing import Refusal


@pytest.mark.parametrize(
    ("is_resident", "is_minor", "reason"),
    [
        (True, False, None),
        (False, False, Refusal.NOT_A_RESIDENT),
        (True, True, Refusal.MINOR),
        (False, True, Refusal.NOT_A_RESIDENT),
    ],
)
def test_who_may_write(is_resident, is_minor, reason):
    assert writing.why_not_write(is_resident=is_resident, is_minor=is_minor) == reason


@pytest.mark.parametrize(
    ("length", "reason"),
    [(0, Refusal.EMPTY), (1, None), (2000, None), (2001, Refusal.TOO_LONG)],
)
def test_how_long_an_opinion_may_be(length, reason):
    assert writing.why_not_text("路" * length, longest=LONGEST_OPINION) == reason


def test_the_sign_of_words_taken_back_is_no_opinion():
    assert writing.why_not_text(writing.TAKEN_BACK, longest=LONGEST_OPINION) is Refusal.EMPTY
    assert writing.why_not_text("**", longest=LONGEST_OPINION) is None


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("  路窄 \r\n 会车难\r ", "路窄 \n 会车难"),
        (" \r\n\t ", ""),
        ("龙\x00\x08\x1b\x7f\x85王", "龙王"),
        ("好\u202eevil\u2066x\u2069\u2028y\ufeff", "好evilxy"),
        ("𬭚䶮㛃𫘧 👨‍👩‍👧 مرحبا", "𬭚䶮㛃𫘧 👨‍👩‍👧 مرحبا"),
        ("\ud800坏\udfff", "坏"),
    ],
)
def test_what_is_kept_of_a_text(text, kept):
    assert writing.clean(text) == kept
