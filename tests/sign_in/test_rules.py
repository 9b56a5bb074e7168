"""Codes and doors: the rules as tables."""

from datetime import UTC, datetime, timedelta

import pytest

from portal.sign_in.rules import Refusal, grouped, plain_slip, why_not_pass


def test_printed_codes():
    assert plain_slip(" abcd-2345 wxyz") == "ABCD2345WXYZ"
    assert grouped("ABCD2345WXYZ") == "ABCD-2345-WXYZ"


NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
TICK = timedelta(microseconds=1)


@pytest.mark.parametrize(
    ("now", "tries", "is_right", "refusal"),
    [
        (NOON - TICK, 4, True, None),
        (NOON, 0, True, Refusal.CODE_EXPIRED),
        (NOON - TICK, 5, True, Refusal.NO_TRIES_LEFT),
        (NOON - TICK, 0, False, Refusal.WRONG_CODE),
    ],
)
def test_why_not_pass(now, tries, is_right, refusal):
    assert why_not_pass(now=now, expires_at=NOON, tries=tries, is_right=is_right) is refusal
