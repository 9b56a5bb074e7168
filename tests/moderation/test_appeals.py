"""Whoever wrote it appeals once; somebody else decides, in three days, and says why."""

from datetime import timedelta

import pytest
from sqlalchemy.exc import IntegrityError, NoResultFound

from portal.core import clock
from portal.core.access import Part
from portal.core.db import db, transaction
from portal.core.errors import Refused
from portal.core.scope import village_scope
from portal.moderation import appeals, appeals_rules, service
from portal.moderation.appeals_models import ModerationAppeal
from portal.moderation.appeals_rules import Outcome, Refusal
from portal.moderation.appeals_views import OUTCOMES, REFUSALS
from portal.moderation.rules import Action, Code
from portal.people import service as people
from portal.people.rules import Role
from portal.rooms import service as rooms
from portal.transparency import service as record

NOW = clock.now()
DAY = timedelta(days=1)


@pytest.fixture
def hidden(cast, write, decide):
    """A message of Vera that Max has hidden."""
    message = write(cast.vera)
    with transaction():
        decide(message, note="请不要骂人")
    return message


@pytest.fixture
def appeal(cast):
    """Appeal as Vera, unless told otherwise; return the appeal's id."""

    def _appeal(message_id, by=None, *, line="我没有骂人", now=None):
        by = by or cast.vera
        return appeals.appeal(
            "message", message_id, line=line, resident_id=by.resident_id, now=now or clock.now()
        ).id

    return _appeal


@pytest.fixture
def answer(cast):
    """Decide an appeal as Sun of the supervisors, unless told otherwise."""

    def _answer(appeal_id, outcome=Outcome.RESTORED, *, by=None, reason="说得有理", now=None):
        by = by or cast.sun
        return appeals.answer(
            appeal_id,
            outcome,
            reason=reason,
            account_id=by.id,
            resident_id=by.resident_id,
            part=Part.SUPERVISOR,
            now=now or clock.now(),
        ).number

    return _answer


@pytest.mark.parametrize(
    ("facts", "reason"),
    [
        ({}, None),
        ({"has_appealed": True, "is_in_force": False}, Refusal.TWICE),
        ({"is_in_force": False}, Refusal.NOT_HELD_AGAINST),
        ({"now": NOW + 30 * DAY - timedelta(microseconds=1)}, None),
        ({"now": NOW + 30 * DAY}, Refusal.TOO_LATE),
    ],
)
def test_why_an_author_cannot_appeal(facts, reason):
    fine = {"is_in_force": True, "has_appealed": False, "decided_at": NOW, "now": NOW}
    assert appeals_rules.why_not_appeal(**(fine | facts)) == reason


@pytest.mark.parametrize(
    ("facts", "reason"),
    [
        ({}, None),
        ({"is_appellant": True, "is_decider": True}, Refusal.OWN_APPEAL),
        ({"is_decider": True}, Refusal.OWN_DECISION),
        ({"is_open": False}, Refusal.STALE),
    ],
)
def test_why_somebody_does_not_decide_an_appeal(facts, reason):
    fine = {"is_open": True, "is_appellant": False, "is_decider": False}
    assert appeals_rules.why_not_answer(**(fine | facts)) == reason


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("话", None),
        ("", Refusal.LINE_MISSING),
        ("话" * 500, None),
        ("话" * 501, Refusal.LINE_TOO_LONG),
    ],
)
def test_an_appeal_says_why(line, reason):
    assert appeals_rules.why_not_line(line) == reason


def test_everything_has_words():
    assert set(REFUSALS) == set(Refusal)
    assert set(OUTCOMES) == set(Outcome)


def test_restored_on_appeal(cast, hidden, appeal, answer, told):
    with transaction():
        number = appeal(hidden)
    assert [h.name for h in appeals.list_open()] == ["聊天第 1 条"]
    with transaction():
        answer(number)
    assert rooms.get_message(hidden).message.hidden_code is None
    assert [(e.decision.number, e.decision.action, e.decision.part) for e in _log()] == [
        (2, Action.RESTORE, Part.SUPERVISOR),
        (1, Action.HIDE, Part.COMMITTEE),
    ]
    held = appeals.get_appeal(number)
    assert (held.appeal.outcome, held.appeal.answer) == (Outcome.RESTORED, "说得有理")
    assert appeals.list_open() == []
    words = [words for name, words, _ in told() if name == "vera"]
    assert any("您的申诉成立" in w for w in words)
    assert record.files_broken() == []


def test_confirmed_on_appeal_it_stays_hidden_and_stands_in_log_and_record(
    cast, hidden, appeal, answer, told
):
    with transaction():
        number = appeal(hidden)
    with transaction():
        answer(number, Outcome.CONFIRMED, reason="确实骂了人")
    assert rooms.get_message(hidden).message.hidden_code is Code.INSULT
    assert [(e.decision.number, e.decision.action, e.decision.code) for e in _log()] == [
        (2, Action.CONFIRM, None),
        (1, Action.HIDE, Code.INSULT),
    ]
    assert record.list_entries().items[0].subject == "管理记录第2号：申诉后维持，聊天第 1 条"
    assert record.files_broken() == []
    heard = [words for name, words, _ in told() if name == "vera"]
    assert any(words.startswith("另一位工作人员看过您的申诉") for words in heard)
    with pytest.raises(Refused) as refused, transaction():
        appeal(hidden)
    assert refused.value.reason is Refusal.TWICE


def test_each_decision_is_appealed_once(cast, hidden, appeal, decide):
    with transaction():
        appeal(hidden)
    with pytest.raises(Refused) as refused, transaction():
        appeal(hidden)
    assert refused.value.reason is Refusal.TWICE
    with transaction():
        decide(hidden, Action.RESTORE, seen=1)
    with transaction():
        decide(hidden, seen=2, code=Code.SPAM)
    with transaction():
        appeal(hidden)  # a new decision, and another appeal


def test_of_eight_appeals_at_once_one_is_taken(hidden, appeal, race):
    results = race(8, lambda _: appeal(hidden))
    assert [r.reason for r in results if isinstance(r, Refused)] == [Refusal.TWICE] * 7
    assert len(appeals.list_open()) == 1


@pytest.mark.last_judge
def test_that_stands_on_the_key(cast, hidden, appeal, race, monkeypatch):
    monkeypatch.setattr(appeals, "why_not_appeal", lambda *_, **__: None)
    results = race(4, lambda _: appeal(hidden))
    assert [r.reason for r in results if isinstance(r, Refused)] == [Refusal.TWICE] * 3
    held = appeals.list_open()[0]
    with pytest.raises(IntegrityError), transaction():
        db.session.add(
            ModerationAppeal(
                decision_id=held.decision.id,
                resident_id=cast.wang.resident_id,
                line="x",
                appealed_at=NOW,
            )
        )
        db.session.flush()


def test_of_four_who_answer_at_once_one_does(cast, hidden, appeal, answer, race):
    with transaction():
        number = appeal(hidden)
    results = race(4, lambda i: answer(number, (Outcome.RESTORED, Outcome.CONFIRMED)[i % 2]))
    assert [r for r in results if isinstance(r, int)] == [2]
    assert {r.reason for r in results if isinstance(r, Refused)} == {Refusal.STALE}
    assert len(_log()) == 2


def test_who_decided_does_not_answer_and_nor_does_the_author(cast, write, decide, appeal, answer):
    message = write(cast.sun)
    with transaction():
        decide(message)
    with transaction():
        number = appeal(message, cast.sun)
    for by, reason in ((cast.max, Refusal.OWN_DECISION), (cast.sun, Refusal.OWN_APPEAL)):
        with pytest.raises(Refused) as refused, transaction():
            answer(number, by=by)
        assert refused.value.reason is reason
    with transaction():
        other = people.add_account(name="Mei", role=Role.COMMITTEE, phone="13800000031")
        answer(number, by=other)
    assert rooms.get_message(message).message.hidden_code is None


def test_another_answers_with_a_reason(cast, hidden, appeal, answer):
    with transaction():
        number = appeal(hidden)
    for reason, refusal in (("", Refusal.ANSWER_MISSING), ("话" * 501, Refusal.LINE_TOO_LONG)):
        with pytest.raises(Refused) as refused, transaction():
            answer(number, reason=reason)
        assert refused.value.reason is refusal
    assert len(_log()) == 1


def test_what_the_committee_shows_again_by_itself_needs_no_answer(
    cast, hidden, appeal, answer, decide, told
):
    with transaction():
        number = appeal(hidden)
    with transaction():
        decide(hidden, Action.RESTORE, seen=1)
    with pytest.raises(Refused) as refused, transaction():
        answer(number, Outcome.CONFIRMED)
    assert refused.value.reason is Refusal.STALE
    told()
    assert appeals.list_open() == []
    assert appeals.get_appeal(number).appeal.outcome is Outcome.RESTORED


def test_late_news_of_showing_closes_no_appeal_against_a_later_decision(
    cast, hidden, appeal, decide, told
):
    with transaction():
        decide(hidden, Action.RESTORE, seen=1)
    with transaction():
        decide(hidden, seen=2)
    with transaction():
        number = appeal(hidden)
    told()
    assert [held.appeal.id for held in appeals.list_open()] == [number]


def test_only_the_author_appeals(cast, hidden, appeal, neighbour):
    for by in (cast.wang, cast.max):
        with pytest.raises(NoResultFound), transaction():
            appeal(hidden, by)
    with village_scope(neighbour.id), pytest.raises(NoResultFound), transaction():
        appeal(hidden, cast.nora)


def test_after_three_days_it_is_overdue(cast, hidden, appeal):
    with transaction():
        appeal(hidden, now=NOW)
    assert appeals.count_open(now=NOW + 3 * DAY - timedelta(seconds=1)) == (1, 0)
    assert appeals.count_open(now=NOW + 3 * DAY) == (1, 1)


def test_appeal_and_answer_as_people_do(cast, hidden, browse, at):
    vera, sun = browse(cast.vera), browse(cast.sun)
    mine = vera.get(at("/appeals/mine")).text
    assert "请不要骂人" in mine and at(f"/appeals/message/{hidden}") in mine
    page = vera.get(at(f"/appeals/message/{hidden}")).text
    assert "骂人的话" in page and "原因：辱骂他人" in page
    answer = vera.post(at(f"/appeals/message/{hidden}"), data={"line": "我没有骂人"})
    assert answer.location == at("/appeals/mine")
    assert vera.post(at(f"/appeals/message/{hidden}"), data={"line": "再来"}).status_code == 409
    assert "我的申诉：我没有骂人" in vera.get(at("/appeals/mine")).text
    number = appeals.list_open()[0].appeal.id
    own = browse(cast.max).get(at(f"/appeals/{number}")).text
    assert "申诉由别人来定" in own and "<textarea" not in own
    data = {"outcome": "confirmed", "reason": "看过了，确实骂人"}
    assert browse(cast.max).post(at(f"/appeals/{number}"), data=data).status_code == 403
    assert "1 件申诉待处理" in sun.get(at("/desk")).text
    assert f"/appeals/{number}" in sun.get(at("/appeals")).text
    assert sun.post(at(f"/appeals/{number}"), data={"outcome": "confirmed"}).status_code == 422
    assert sun.post(at(f"/appeals/{number}"), data=data).location == at("/appeals")
    late = sun.post(at(f"/appeals/{number}"), data=data)
    assert late.status_code == 409 and "别人已经处理过了" in late.text
    assert "看过了，确实骂人" in vera.get(at("/appeals/mine")).text
    log = browse(None).get(at("/moderation/log"))
    assert log.status_code == 200 and "申诉后维持" in log.text
    assert "我没有骂人" not in log.text and "看过了" not in log.text


@pytest.mark.parametrize("data", [{}, {"line": "  "}, {"line": "话" * 501}])
def test_an_unfinished_appeal_comes_back(cast, hidden, browse, at, data):
    answer = browse(cast.vera).post(at(f"/appeals/message/{hidden}"), data=data)
    assert answer.status_code == 422
    assert appeals.list_open() == []


def test_an_appeal_is_not_confirmed_past_its_page(cast, hidden, browse, at):
    answer = browse(cast.max).post(
        at(f"/moderation/message/{hidden}"), data={"action": "confirm", "seen_revision": "1"}
    )
    assert answer.status_code == 400
    assert len(_log()) == 1


def test_pages_ask_the_same_whatever_their_length(
    cast, write, decide, appeal, browse, at, count_queries
):
    counts = {}
    for rows in (1, 3):
        while len(appeals.list_open()) < rows:
            message = write(cast.vera)
            with transaction():
                decide(message)
            with transaction():
                appeal(message)
        for path, person in (("/appeals", cast.sun), ("/appeals/mine", cast.vera)):
            client = browse(person)
            with count_queries() as counted:
                assert client.get(at(path)).status_code == 200
            counts.setdefault(path, []).append(counted.n)
    assert all(one == three <= 10 for one, three in counts.values()), counts


def _log():
    return service.list_log(limit=9)
