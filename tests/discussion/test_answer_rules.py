"""Who answers an opinion, when, and with which reasons: every reason to refuse, both edges."""

from datetime import UTC, date, datetime, timedelta

import pytest

from portal.discussion import answer_rules as rules
from portal.discussion.answer_rules import AnswerState, Decision, Refusal
from portal.discussion.answer_words import (
    DECISION_CHIPS,
    DECISION_NOTES,
    DECISIONS,
    FORMS,
    REFUSALS,
    STATES,
    STEPS,
)

DAY = date(2026, 3, 1)
NOON = datetime(2026, 3, 1, 4, tzinfo=UTC)
TEN, NINE = "路" * 10, "路" * 9


def test_everything_has_words():
    assert set(REFUSALS) == set(Refusal)
    assert set(DECISIONS) == set(DECISION_CHIPS) == set(DECISION_NOTES) == set(Decision)
    assert set(STATES) == set(AnswerState)
    assert set(STEPS) == set(rules.AnswerStep)
    assert set(FORMS) == set(rules.Form)


@pytest.mark.parametrize(
    ("decision", "reason", "place", "after", "refusal"),
    [
        (Decision.ADOPTED, "", "项目3", "会车道8处", None),
        (Decision.ADOPTED, "好", "", "会车道8处", Refusal.NO_CHANGE),
        (Decision.ADOPTED, "好", "项目3", "", Refusal.NO_CHANGE),
        (Decision.PARTIAL, "路基不够宽", "项目3", "会车道8处", None),
        (Decision.PARTIAL, "", "项目3", "会车道8处", Refusal.NO_REASON),
        (Decision.PARTIAL, "路基不够宽", "", "", Refusal.NO_CHANGE),
        (Decision.REJECTED, TEN, "", "", None),
        (Decision.REJECTED, NINE, "", "", Refusal.REASON_TOO_SHORT),
        (Decision.REJECTED, NINE + " \n　 ", "", "", Refusal.REASON_TOO_SHORT),
        (Decision.REJECTED, "", "", "", Refusal.NO_REASON),
        (Decision.EXPLAINED, "见第三章", "", "", None),
        (Decision.EXPLAINED, "", "", "", Refusal.NO_REASON),
        (Decision.FORWARDED, "已转镇水利站", "", "", None),
        (Decision.FORWARDED, "", "", "", Refusal.NO_REASON),
        (Decision.EXPLAINED, "路" * 1000, "", "", None),
        (Decision.EXPLAINED, "路" * 1001, "", "", Refusal.TOO_LONG),
        (Decision.ADOPTED, "", "路" * 121, "改", Refusal.TOO_LONG),
        (Decision.ADOPTED, "", "项目3", "路" * 601, Refusal.TOO_LONG),
    ],
)
def test_what_an_answer_must_say(decision, reason, place, after, refusal):
    found = rules.why_not_say(
        decision=decision, reason=reason, place=place, before="", after=after, expert=""
    )
    assert found == refusal


@pytest.mark.parametrize(
    ("state", "is_owed", "is_author", "refusal"),
    [
        (AnswerState.WAITING, True, False, None),
        (AnswerState.ASSIGNED, True, False, None),
        (AnswerState.DRAFTED, True, False, None),
        (AnswerState.REOPENED, True, False, None),
        (AnswerState.REPLIED, True, False, Refusal.ANSWERED),
        (AnswerState.FINAL, True, False, Refusal.ANSWERED),
        (AnswerState.WAITING, False, False, Refusal.NOT_OWED),
        (AnswerState.WAITING, True, True, Refusal.OWN_OPINION),
    ],
)
def test_what_can_be_worked_on(state, is_owed, is_author, refusal):
    assert rules.why_not_touch(state=state, is_owed=is_owed, is_author=is_author) == refusal


@pytest.mark.parametrize(
    ("due", "refusal"),
    [
        (DAY, None),
        (DAY - timedelta(days=1), Refusal.DUE_TOO_LATE),
        (DAY + timedelta(days=15), None),
        (DAY + timedelta(days=16), Refusal.DUE_TOO_LATE),
    ],
)
def test_until_when_somebody_can_see_to_it(due, refusal):
    assert rules.why_not_assign(due=due, today=DAY, received=DAY) == refusal


@pytest.mark.parametrize("due", [DAY + timedelta(days=15), DAY + timedelta(days=20)])
def test_nobody_sees_to_it_after_the_laws_day(due):
    today = DAY + timedelta(days=20)
    assert rules.why_not_assign(due=due, today=today, received=DAY) is Refusal.DUE_TOO_LATE


@pytest.mark.parametrize(
    ("state", "is_drafter", "is_of_committee", "committee_drafted", "refusal"),
    [
        (AnswerState.DRAFTED, False, True, False, None),
        (AnswerState.DRAFTED, False, False, True, None),
        (AnswerState.DRAFTED, False, True, True, None),
        (AnswerState.DRAFTED, False, False, False, Refusal.COMMITTEE_FIRST),
        (AnswerState.DRAFTED, True, True, True, Refusal.OWN_DRAFT),
        (AnswerState.ASSIGNED, False, True, True, Refusal.NOT_DRAFTED),
        (AnswerState.WAITING, False, True, True, Refusal.NOT_DRAFTED),
    ],
)
def test_who_checks_a_draft(state, is_drafter, is_of_committee, committee_drafted, refusal):
    found = rules.why_not_check(
        state=state,
        is_drafter=is_drafter,
        is_of_committee=is_of_committee,
        committee_drafted=committee_drafted,
    )
    assert found == refusal


@pytest.mark.parametrize(
    ("is_author", "days", "has_doubted", "refusal"),
    [
        (True, 0, False, None),
        (True, 15, False, None),
        (True, 15.001, False, Refusal.TOO_LATE),
        (True, 1, True, Refusal.DOUBTED_ALREADY),
        (False, 1, False, Refusal.NOT_YOURS),
        (True, None, False, Refusal.NOT_ANSWERED),
    ],
)
def test_when_an_author_can_ask_again(is_author, days, has_doubted, refusal):
    found = rules.why_not_doubt(
        is_author=is_author,
        replied_at=NOON if days is not None else None,
        has_doubted=has_doubted,
        now=NOON + timedelta(days=days or 0),
    )
    assert found == refusal
