"""Residents report, once each; nobody learns who; everybody who did learns the result."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError, NoResultFound

from portal.core import clock
from portal.core.db import db, transaction
from portal.core.errors import Refused
from portal.core.scope import all_villages, village_scope
from portal.moderation import items, ports, reports, reports_rules, service
from portal.moderation.reports_models import ModerationReport
from portal.moderation.reports_rules import MOST_A_DAY, Outcome, Refusal
from portal.moderation.reports_views import OUTCOMES, REFUSALS
from portal.moderation.rules import Action, Code, Why

FINE = {"is_resident": True, "is_author": False, "has_reported": False, "in_a_day": 0, "line": ""}


@pytest.fixture
def report(cast):
    """Report a message as somebody."""

    def _report(message_id, by, *, code=Code.INSULT, line="", now=None):
        return reports.report(
            "message",
            message_id,
            code=code,
            line=line,
            resident_id=by.resident_id,
            now=now or clock.now(),
        ).id

    return _report


@pytest.mark.parametrize(
    ("facts", "reason"),
    [
        ({}, None),
        ({"is_resident": False}, Refusal.NOT_A_RESIDENT),
        ({"is_author": True}, Refusal.OWN_WORDS),
        ({"has_reported": True}, Refusal.TWICE),
        ({"in_a_day": MOST_A_DAY - 1}, None),
        ({"in_a_day": MOST_A_DAY}, Refusal.TOO_MANY),
        ({"line": "话" * 300}, None),
        ({"line": "话" * 301}, Refusal.LINE_TOO_LONG),
    ],
)
def test_why_a_report_is_not_taken(facts, reason):
    assert reports_rules.why_not_report(**(FINE | facts)) == reason


@pytest.mark.parametrize(
    ("facts", "reason"),
    [
        ({}, None),
        ({"waiting": 8}, Refusal.STALE),
        ({"waiting": 0, "seen": 0}, Refusal.STALE),
    ],
)
def test_why_reports_are_not_answered(facts, reason):
    fine = {"waiting": 7, "seen": 7}
    assert reports_rules.why_not_keep(**(fine | facts)) == reason


def test_everything_has_words():
    assert set(REFUSALS) == set(Refusal)
    assert set(OUTCOMES) == set(Outcome)


def test_what_waits_is_counted_by_reason_and_the_most_reported_stands_first(cast, write, report):
    one, two = write(cast.vera), write(cast.vera)
    with transaction():
        report(one, cast.wang, line="骂我家")
        report(two, cast.wang, code=Code.SPAM)
        report(two, cast.sun, code=Code.SPAM)
        report(two, cast.max, code=Code.RUMOR)
    found = reports.list_open()
    assert [(r.name, r.count, dict(r.codes), r.lines) for r in found] == [
        ("聊天第 2 条", 3, {Code.SPAM: 2, Code.RUMOR: 1}, ()),
        ("聊天第 1 条", 1, {Code.INSULT: 1}, ("骂我家",)),
    ]
    assert reports.count_open() == 4
    assert reports.find_open("message", one).count == 1
    assert items.find_open("message", one).why is Why.REPORTED
    assert reports.find_open("message", 999).count == 0


def test_once_per_person_and_thing(cast, write, report):
    message = write(cast.vera)
    with transaction():
        report(message, cast.wang)
    for code in (Code.INSULT, Code.SPAM):
        with pytest.raises(Refused) as refused, transaction():
            report(message, cast.wang, code=code)
        assert refused.value.reason is Refusal.TWICE
    assert reports.count_open() == 1


def test_answered_reports_are_forgotten_after_a_year_and_open_ones_never(cast, write, report):
    one, two = write(cast.vera), write(cast.vera)
    now = clock.now()
    with transaction():
        report(one, cast.wang, now=now), report(two, cast.sun, now=now)
        newest = reports.find_open("message", one).newest
        reports.settle("message", one, Outcome.KEPT, upto=newest, now=now)
    for days, left in ((364, 2), (366, 1), (9999, 1)):
        with transaction(), all_villages("a chore looks after every village"):
            reports.prune(now=now + timedelta(days=days))
        assert db.session.scalar(select(func.count()).select_from(ModerationReport)) == left


def test_of_eight_reports_of_one_person_at_once_one_is_taken(cast, write, report, race):
    message = write(cast.vera)
    results = race(8, lambda _: report(message, cast.wang))
    assert sorted(r.reason for r in results if isinstance(r, Refused)) == [Refusal.TWICE] * 7
    assert reports.count_open() == 1


@pytest.mark.last_judge
def test_that_stands_on_the_key(cast, write, report, race, monkeypatch):
    """Nobody asks before and no key holds: more than one is taken."""
    message = write(cast.vera)
    monkeypatch.setattr(reports, "why_not_report", lambda *_, **__: None)
    with pytest.raises(IntegrityError), transaction():
        db.session.add_all(
            ModerationReport(
                resident_id=cast.wang.resident_id,
                subject_kind="message",
                subject_id=message,
                subject_number=1,
                code=Code.SPAM,
                reported_at=clock.now(),
            )
            for _ in range(2)
        )
        db.session.flush()
    results = race(4, lambda _: report(message, cast.wang))
    assert [r.reason for r in results if isinstance(r, Refused)] == [Refusal.TWICE] * 3


def test_a_flood_of_one_person_ends(cast, write, report, monkeypatch):
    monkeypatch.setattr(reports_rules, "MOST_A_DAY", 2)
    now = clock.now()
    one, two, three = (write(cast.vera) for _ in range(3))
    with transaction():
        report(one, cast.wang, now=now - timedelta(hours=25))
        report(two, cast.wang, now=now)
        report(three, cast.wang, now=now)
    four = write(cast.vera)
    with pytest.raises(Refused) as refused, transaction():
        report(four, cast.wang, now=now)
    assert refused.value.reason is Refusal.TOO_MANY


def test_nobody_reports_what_he_cannot_read(
    cast, write, report, decide, neighbour, browse, at, monkeypatch
):
    message = write(cast.vera)
    with village_scope(neighbour.id), pytest.raises(NoResultFound), transaction():
        report(message, cast.nora)
    monkeypatch.setitem(ports._readers, "message", lambda *_, **__: False)
    with pytest.raises(NoResultFound), transaction():
        report(message, cast.wang)
    assert browse(cast.wang).get(at(f"/reports/message/{message}")).status_code == 404
    monkeypatch.undo()
    assert browse(cast.wang).get(at(f"/reports/message/{message}")).status_code == 200
    with transaction():
        decide(message)
    page = browse(cast.wang).get(at(f"/reports/message/{message}"))
    assert page.status_code == 404 and "骂人的话" not in page.text
    assert browse(cast.wang).get(at("/reports/poem/1")).status_code == 404


def test_what_is_hidden_answers_its_reports_and_each_reporter_hears_it(
    cast, write, report, decide, told
):
    message, other = write(cast.vera), write(cast.vera)
    with transaction():
        report(message, cast.wang)
        report(message, cast.sun, code=Code.SPAM)
        report(other, cast.sun)
    with transaction():
        decide(message)
    heard = sorted([*told(), *told()])
    assert [name for name, _, _ in heard] == ["sun", "vera", "wang"]
    assert "已经隐藏：聊天第 1 条" in heard[0][1]
    assert "举报" not in heard[1][1]
    assert [(m.name, m.report.outcome) for m in reports.list_of(cast.sun.resident_id)] == [
        ("聊天第 2 条", None),
        ("聊天第 1 条", Outcome.HIDDEN),
    ]
    assert reports.count_open() == 1


def test_no_rule_is_broken(cast, write, report, told, browse, at):
    message = write(cast.vera)
    with transaction():
        newest = report(message, cast.wang)
    client = browse(cast.max)
    page = client.get(at("/reports")).text
    assert f'name="seen" value="{newest}"' in page
    answer = client.post(at(f"/reports/message/{message}/keep"), data={"seen": newest})
    assert answer.location == at("/reports")
    heard = [*told(), *told()]  # what was decided, then what that means for reports
    assert [(name, "没有违反规定" in words) for name, words, _ in heard] == [("wang", True)]
    assert reports.count_open() == 0
    assert [(e.decision.action, e.name) for e in service.list_log(limit=9)] == [
        ("approve", "聊天第 1 条")
    ]
    again = client.post(at(f"/reports/message/{message}/keep"), data={"seen": newest})
    assert again.status_code == 409


def test_a_report_that_came_in_between_is_looked_at_too(cast, write, report, browse, at):
    message = write(cast.vera)
    with transaction():
        seen = report(message, cast.wang)
    with transaction():
        report(message, cast.sun)
    answer = browse(cast.max).post(at(f"/reports/message/{message}/keep"), data={"seen": seen})
    assert answer.status_code == 409
    assert "情况有变化" in answer.text
    assert reports.count_open() == 2


@pytest.mark.parametrize("action", [Action.HIDE, Action.APPROVE])
def test_a_decision_answers_the_reports_before_it_by_any_clock_and_none_after_it(
    cast, write, report, decide, told, action
):
    message, hour, now = write(cast.vera), timedelta(hours=1), clock.now()
    with transaction():
        report(message, cast.wang, now=now + hour)  # a clock that is ahead
    with transaction():
        decide(message, action)
    if action is Action.APPROVE:  # nobody reports what is hidden
        with transaction():
            report(message, cast.sun, now=now - hour)
    heard = [*told(), *told()]
    assert [name for name, words, _ in heard if "举报" in words] == ["wang"]
    waiting = [] if action is Action.HIDE else [1]
    assert [r.count for r in reports.list_open()] == waiting
    assert (items.find_open("message", message) is not None) is bool(waiting)


def test_of_a_report_and_a_decision_at_once_no_report_is_left_behind(
    cast, write, report, decide, race, told
):
    """It came first and is answered, or came later and is refused or waits in the queue."""
    ways = [
        lambda m: report(m, cast.wang),
        lambda m: decide(m).number,
        lambda m: report(m, cast.sun),
    ]
    for _ in range(4):
        message = write(cast.vera)
        race(3, lambda i, message=message: ways[i](message))
        told(), told()
        assert reports.find_open("message", message).count == 0
        assert items.find_open("message", message) is None


def test_nobody_answers_reports_on_his_own_words(cast, write, report, browse, at):
    message = write(cast.max)
    with transaction():
        seen = report(message, cast.wang)
    answer = browse(cast.max).post(at(f"/reports/message/{message}/keep"), data={"seen": seen})
    assert answer.status_code == 403
    assert reports.count_open() == 1


def test_of_four_who_answer_at_once_one_does(cast, write, report, race):
    message = write(cast.vera)
    with transaction():
        seen = report(message, cast.wang)
    results = race(
        4,
        lambda _: (
            reports.keep(
                "message",
                message,
                seen=seen,
                account_id=cast.max.id,
                resident_id=cast.max.resident_id,
                now=clock.now(),
            ).number
        ),
    )
    assert [r for r in results if isinstance(r, int)] == [1]
    assert {str(r.reason) for r in results if isinstance(r, Refused)} <= {"stale", "report-stale"}
    assert len([r for r in results if isinstance(r, Refused)]) == 3


def test_report_as_a_resident_does_without_a_name_anywhere(cast, write, browse, at):
    message = write(cast.vera)
    client = browse(cast.wang)
    assert "不会告诉任何人" in client.get(at(f"/reports/message/{message}")).text
    answer = client.post(
        at(f"/reports/message/{message}"), data={"code": "insult", "line": "他骂我们组"}
    )
    assert answer.location == at("/reports/mine")
    mine = client.get(at("/reports/mine")).text
    assert "聊天第 1 条" in mine and "他骂我们组" in mine
    assert client.post(at(f"/reports/message/{message}"), data={"code": "spam"}).status_code == 409
    for person, path in ((cast.max, "/reports"), (cast.max, f"/moderation/message/{message}")):
        page = browse(person).get(at(path)).text
        assert "Wang" not in page and "W*g" not in page
    assert "他骂我们组" in browse(cast.max).get(at("/reports")).text
    assert "他骂我们组" not in browse(cast.vera).get(at("/reports/mine")).text


@pytest.mark.parametrize(
    ("data", "status"),
    [({}, 422), ({"code": "criticism"}, 422), ({"code": "spam", "line": "话" * 301}, 422)],
)
def test_an_unfinished_report_comes_back(cast, write, browse, at, data, status):
    message = write(cast.vera)
    answer = browse(cast.wang).post(at(f"/reports/message/{message}"), data=data)
    assert answer.status_code == status
    assert reports.count_open() == 0


def test_own_words_are_not_reported(cast, write, browse, at):
    message = write(cast.vera)
    answer = browse(cast.vera).post(at(f"/reports/message/{message}"), data={"code": "spam"})
    assert answer.status_code == 403
    assert "这是您自己写的" in answer.text


def test_the_lists_ask_the_same_whatever_their_length(
    cast, write, report, browse, at, count_queries
):
    counts = {}
    for rows in (1, 3):
        while reports.count_open() < rows:
            message = write(cast.vera)
            with transaction():
                report(message, cast.wang)
        for path, person in (("/reports", cast.max), ("/reports/mine", cast.wang)):
            client = browse(person)
            with count_queries() as counted:
                assert client.get(at(path)).status_code == 200
            counts.setdefault(path, []).append(counted.n)
    assert all(one == three <= 10 for one, three in counts.values()), counts


def test_the_desk_tells_the_committee_what_waits(cast, write, report, browse, at):
    message = write(cast.vera)
    assert "条举报待处理" not in browse(cast.max).get(at("/desk")).text
    with transaction():
        report(message, cast.wang)
    assert "1 条举报待处理" in browse(cast.max).get(at("/desk")).text
    assert db.session.scalar(select(func.count()).select_from(ModerationReport)) == 1


def test_the_page_of_a_message_leads_to_the_report_and_its_author_to_the_appeal(
    cast, room, write, decide, browse, at
):
    message = write(cast.vera)
    report, appeal = (at(f"/{way}/message/{message}") for way in ("reports", "appeals"))

    def ways(person):
        page = browse(person).get(at(f"/rooms/{room}/messages/1")).text
        return report in page, appeal in page

    assert ways(cast.wang) == (True, False)
    assert ways(cast.vera) == (False, False)
    with transaction():
        decide(message)
    assert ways(cast.wang) == (False, False)
    assert ways(cast.vera) == (False, True)
