"""When words may be hidden and shown again."""

import pytest

from portal.moderation import rules
from portal.moderation.rules import Action, Code, Refusal

FINE = {
    "action": Action.HIDE,
    "code": Code.INSULT,
    "note": "",
    "is_hidden": False,
    "revision": 0,
    "seen_revision": 0,
    "is_author": False,
}


@pytest.mark.parametrize(
    ("facts", "reason"),
    [
        ({}, None),
        ({"is_author": True}, Refusal.OWN_WORDS),
        ({"seen_revision": 1}, Refusal.STALE),
        ({"revision": 2, "seen_revision": 1}, Refusal.STALE),
        ({"is_hidden": True}, Refusal.STALE),
        ({"code": None}, Refusal.REASON_MISSING),
        ({"note": "话" * 500}, None),
        ({"note": "话" * 501}, Refusal.NOTE_TOO_LONG),
        (
            {
                "action": Action.RESTORE,
                "is_hidden": True,
                "revision": 1,
                "seen_revision": 1,
                "code": None,
            },
            None,
        ),
        ({"action": Action.RESTORE, "code": None}, Refusal.STALE),
        ({"action": Action.APPROVE, "code": None}, None),
        ({"action": Action.APPROVE, "code": None, "is_waiting": False}, Refusal.STALE),
        ({"action": Action.APPROVE, "code": None, "is_hidden": True}, Refusal.STALE),
        ({"action": Action.APPROVE, "code": None, "is_author": True}, Refusal.OWN_WORDS),
        (
            {"action": Action.RESTORE, "is_hidden": True, "is_author": True, "code": None},
            Refusal.OWN_WORDS,
        ),
    ],
)
def test_why_a_decision_is_not_taken(facts, reason):
    assert rules.why_not_decide(**(FINE | facts)) == reason


def test_criticism_is_no_reason():
    assert {code.value for code in Code} == {
        "illegal",
        "rumor",
        "insult",
        "privacy",
        "spam",
        "obscene",
        "minor_harm",
        "off_topic",
        "duplicate",
    }
