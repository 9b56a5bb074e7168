"""What may be said, by whom and when."""

import pytest

from portal.discussion import rules
from portal.discussion.rules import Refusal


@pytest.mark.parametrize(
    ("is_resident", "is_minor", "is_open", "reason"),
    [
        (True, False, True, None),
        (False, False, True, Refusal.NOT_A_RESIDENT),
        (True, False, False, Refusal.NOT_OPEN),
        (False, False, False, Refusal.NOT_A_RESIDENT),
        (True, True, True, Refusal.MINOR),
        (True, True, False, Refusal.MINOR),
    ],
)
def test_who_may_comment_when(is_resident, is_minor, is_open, reason):
    refusal = rules.why_not_comment(is_resident=is_resident, is_minor=is_minor, is_open=is_open)
    assert refusal == reason


@pytest.mark.parametrize(
    ("is_resident", "is_minor", "sent", "reason"),
    [
        (True, False, 0, None),
        (True, False, rules.MESSAGES_A_MINUTE - 1, None),
        (True, False, rules.MESSAGES_A_MINUTE, Refusal.TOO_FAST),
        (False, False, 0, Refusal.NOT_A_RESIDENT),
        (True, True, 0, Refusal.MINOR),
    ],
)
def test_who_may_send(is_resident, is_minor, sent, reason):
    refusal = rules.why_not_send(is_resident=is_resident, is_minor=is_minor, sent_last_minute=sent)
    assert refusal == reason


@pytest.mark.parametrize(
    ("length", "reason"),
    [(0, Refusal.EMPTY), (1, None), (2000, None), (2001, Refusal.TOO_LONG)],
)
def test_how_long_an_opinion_may_be(length, reason):
    assert rules.why_not_text("路" * length, longest=rules.LONGEST_OPINION) == reason


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
    assert rules.clean(text) == kept
