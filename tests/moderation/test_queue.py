"""What waits is decided card by card or a page at once; whoever is late changes nothing."""

import re

import pytest

from portal.core import clock
from portal.core.access import Part
from portal.core.db import db, transaction
from portal.moderation import items, policies, queue, reports, service
from portal.moderation.desk_words import REFUSALS
from portal.moderation.queue import Verdict
from portal.moderation.rules import Action, Code, Hold, Mode, Refusal, Why
from portal.moderation.screening_rules import Policy
from portal.rooms import service as rooms


@pytest.fixture
def waiting(cast, write):
    """Let everything wait, and have some words written; return their ids."""

    def _waiting(n, person=None):
        with transaction():
            policies.set_policy(
                "", "", Policy(mode=Mode.PRE), account_id=cast.max.account_id, now=clock.now()
            )
        return [write(person or cast.vera, f"第{i}句") for i in range(n)]

    return _waiting


def decide_all(person, *verdicts):
    with transaction():
        return queue.decide_all(
            verdicts,
            account_id=person.account_id,
            resident_id=person.resident_id,
            part=Part.COMMITTEE,
            now=clock.now(),
        )


def through(message_id, seen=0):
    return Verdict("message", message_id, seen, Action.APPROVE)


def hidden(message_id, seen=0, code=Code.SPAM):
    return Verdict("message", message_id, seen, Action.HIDE, code)


def standing(message_id):
    message = rooms.get_message(message_id).message
    return message.held_for, message.hidden_code


def test_a_page_is_decided_at_once(cast, waiting):
    one, two, three = waiting(3)
    assert [(q.item.why, q.item.detail, q.waiting.subject.text) for q in queue.list_waiting()] == [
        (Why.HELD, "place", "第0句"),
        (Why.HELD, "place", "第1句"),
        (Why.HELD, "place", "第2句"),
    ]
    outcome = decide_all(cast.max, through(one), hidden(two))
    assert [d.number for d in outcome.taken] == [1, 2]
    assert outcome.overtaken == []
    assert [standing(m) for m in (one, two, three)] == [
        (None, None),
        (None, Code.SPAM),
        (Hold.PLACE, None),
    ]
    assert queue.count_waiting() == 1
    assert [e.decision.action for e in service.list_log(limit=9)] == [Action.HIDE, Action.APPROVE]


def test_readers_of_a_room_get_what_was_let_through_as_news(cast, waiting, room):
    one, _two = waiting(2)
    seen = rooms.revisions_of([room])[room]
    decide_all(cast.max, through(one))
    assert [line.message.id for line in rooms.read_feed(room, after=seen)] == [one]


def test_the_author_hears_of_it_and_of_a_mere_look_nothing(cast, waiting, write, told):
    one, two = waiting(2)
    with transaction():
        policies.remove_policy(policies.list_policies()[0].id)
    seen = write(cast.vera, "大家看得到")
    with transaction():
        items.put("message", seen, 3, why=Why.REPORTED, now=clock.now())
    decide_all(cast.max, through(one), hidden(two), through(seen))
    assert [(who, words) for who, words, _path in told()] == [
        ("vera", "您写的内容被隐藏了：聊天第 2 条。原因：广告刷屏"),
        ("vera", "您写的话大家都能看到了：聊天第 1 条"),
    ]


def test_whoever_is_late_is_told_what_holds_and_the_rest_is_done(cast, waiting, decide):
    one, two, own = *waiting(2), *waiting(1, cast.max)
    with transaction():
        decide(one, code=Code.RUMOR)
    outcome = decide_all(cast.max, through(one), through(two), through(own))
    assert [d.number for d in outcome.taken] == [2]
    assert [(o.name, o.reason, o.holds and o.holds.code) for o in outcome.overtaken] == [
        ("聊天第 1 条", Refusal.STALE, Code.RUMOR),
        ("聊天第 3 条", Refusal.OWN_WORDS, None),
    ]
    assert [standing(m)[1] for m in (one, two, own)] == [Code.RUMOR, None, None]
    assert standing(own)[0] is Hold.PLACE


def test_of_four_who_hand_in_the_same_page_each_card_is_decided_once(cast, waiting, race):
    ids = waiting(6)
    verdicts = [hidden(m) if i % 2 else through(m) for i, m in enumerate(ids)]

    def hand_in(_index):
        outcome = queue.decide_all(
            verdicts,
            account_id=cast.max.account_id,
            resident_id=cast.max.resident_id,
            part=Part.COMMITTEE,
            now=clock.now(),
        )
        return len(outcome.taken), len(outcome.overtaken)

    results = race(4, hand_in)
    assert sum(taken for taken, _late in results) == 6
    assert sum(late for _taken, late in results) == 18
    assert queue.count_waiting() == 0
    assert [e.decision.number for e in service.list_log(limit=99)] == [6, 5, 4, 3, 2, 1]


def test_the_queue_asks_the_same_whatever_its_length(cast, waiting, count_queries):
    counts = []
    for wanted in (1, 3):
        while queue.count_waiting() < wanted:
            waiting(1)
        db.session.rollback()
        with count_queries() as counted:
            assert len(queue.list_waiting()) == wanted
        counts.append(counted.n)
    assert counts[0] == counts[1] <= 5


def test_the_page_of_cards(cast, waiting, browse, at):
    one, two, three = waiting(3)
    client = browse(cast.max)
    page = client.get(at("/moderation/queue")).text
    for text in ("第0句", "第1句", "第2句", "有3条等着处理", "这里都是先审后发"):
        assert text in page
    assert page.count('name="card"') == 3
    answer = client.post(
        at("/moderation/queue"),
        data={
            "card": [f"message:{m}:0:0:0" for m in (one, two, three)],
            f"choice-message-{one}": "approve",
            f"choice-message-{two}": "insult",
            f"choice-message-{three}": "",
        },
    )
    assert answer.location == at("/moderation/queue")
    assert "办好了：放行1条，隐藏1条。" in client.get(answer.location).text
    assert [standing(m) for m in (one, two, three)] == [
        (None, None),
        (None, Code.INSULT),
        (Hold.PLACE, None),
    ]


def test_the_rest_is_let_through_only_where_it_was_on_the_page(cast, waiting, browse, at):
    one, two, later = waiting(3)
    data = {
        "card": [f"message:{one}:0:0:0", f"message:{two}:0:0:0"],
        f"choice-message-{two}": "off_topic",
        "rest": "1",
    }
    browse(cast.max).post(at("/moderation/queue"), data=data)
    assert [standing(m) for m in (one, two, later)] == [
        (None, None),
        (None, Code.OFF_TOPIC),
        (Hold.PLACE, None),
    ]


def test_a_late_page_shows_who_was_first(cast, waiting, decide, browse, at):
    one, two = waiting(2)
    with transaction():
        decide(one, code=Code.RUMOR)
    answer = browse(cast.max).post(
        at("/moderation/queue"),
        data={"card": [f"message:{one}:0:0:0", f"message:{two}:0:0:0"], "rest": "1"},
    )
    assert answer.status_code == 409
    assert "别人已经处理了" in answer.text
    assert "原因：造谣传谣" in answer.text or "原因：" in answer.text
    assert "办好了：放行1条" in answer.text
    assert standing(two) == (None, None)


@pytest.mark.parametrize(
    ("data", "status"),
    [
        ({"card": "message"}, 400),
        ({"card": "message:x:0:0:0", "rest": "1"}, 400),
        ({"card": ["message:1:0:0:0", "message:1:0:0:0"], "rest": "1"}, 400),
        ({"card": "message:1:0:0:0", "choice-message-1": "criticism"}, 400),
        ({"card": "message:999:0:0:0", "rest": "1"}, 404),
        ({"card": "poem:1:0:0:0", "rest": "1"}, 404),
        ({}, 302),
    ],
)
def test_a_page_that_is_none_of_ours(cast, room, browse, at, data, status):
    assert browse(cast.max).post(at("/moderation/queue"), data=data).status_code == status


def test_own_words_have_no_choice(cast, waiting, browse, at):
    (own,) = waiting(1, cast.max)
    page = browse(cast.max).get(at("/moderation/queue")).text
    assert "要由村委会的其他人来定" in page
    assert f"choice-message-{own}" not in page


@pytest.mark.parametrize("way", ["the card", "the rest of the page", "the case"])
def test_what_was_reported_since_is_not_let_through_unread(cast, write, browse, at, way):
    one, client = write(cast.vera), browse(cast.max)
    queued, case = at("/moderation/queue"), at(f"/moderation/message/{one}")

    def report(person, line):
        with transaction():
            facts = {"line": line, "resident_id": person.resident_id, "now": clock.now()}
            return reports.report("message", one, code=Code.INSULT, **facts).id

    def let_through(seen):
        if way == "the case":
            data = {"action": "approve", "seen_revision": "0", "seen_report": str(seen)}
            return client.post(case, data=data)
        chosen = {f"choice-message-{one}": "approve"} if way == "the card" else {"rest": "1"}
        return client.post(queued, data={"card": f"message:{one}:0:0:{seen}"} | chosen)

    seen, newest = report(cast.wang, "先来的"), report(cast.sun, "后来的")
    page = client.get(queued).text
    assert f'value="message:{one}:0:0:{newest}"' in page
    assert "先来的" in page and "后来的" in page and "辱骂他人" in page
    fields = re.findall(r'<input[^>]*name="seen_report"[^>]*>', client.get(case).text)
    assert [f'value="{newest}"' in field for field in fields] == [True, True]
    late = let_through(seen)
    assert late.status_code == 409
    assert str(REFUSALS[Refusal.REPORTED]) in late.text and "后来的" in late.text
    assert queue.count_waiting() == 1 and service.count_log()[Action.APPROVE] == 0
    db.session.rollback()
    assert let_through(newest).status_code == 302
    assert queue.count_waiting() == 0


def test_what_was_reported_since_can_be_hidden(cast, write):
    message = write(cast.vera)
    with transaction():
        facts = {"code": Code.SPAM, "line": "", "now": clock.now()}
        reports.report("message", message, resident_id=cast.wang.resident_id, **facts)
    assert decide_all(cast.max, hidden(message)).overtaken == []


def test_reports_cost_the_queue_no_statement_each(cast, write, count_queries):
    counts = []
    for wanted in (1, 3):
        while queue.count_waiting() < wanted:
            message = write(cast.vera)
            with transaction():
                facts = {"code": Code.SPAM, "line": "", "now": clock.now()}
                reports.report("message", message, resident_id=cast.wang.resident_id, **facts)
        db.session.rollback()
        with count_queries() as counted:
            assert [q.reported.count for q in queue.list_waiting()] == [1] * wanted
        counts.append(counted.n)
    assert counts[0] == counts[1] <= 6


def test_policies_are_set_and_removed(cast, room, browse, at):
    client = browse(cast.max)
    page = client.get(at("/moderation/policies")).text
    assert f'value="room:{room}|"' in page
    assert 'value="plan|on_notice"' in page
    data = {"where": f"room:{room}|", "mode": "pre", "holds_links": "y"}
    assert client.post(at("/moderation/policies"), data=data).status_code == 302
    (row,) = policies.list_policies()
    assert (row.place, row.phase, row.mode, row.holds_first, row.holds_links) == (
        f"room:{room}",
        "",
        Mode.PRE,
        False,
        True,
    )
    for wrong in ({"where": "room:999|"}, {"where": "moon|"}, {"mode": "never"}, {"mode": ""}):
        assert client.post(at("/moderation/policies"), data=data | wrong).status_code == 422
    client.post(at(f"/moderation/policies/{row.id}/remove"))
    db.session.rollback()
    assert policies.list_policies() == []


def test_the_desk_says_that_something_waits(cast, waiting, browse, at):
    assert "等村委会处理" in browse(cast.max).get(at("/desk")).text  # the way there
    waiting(2)
    assert "有2条要村委会看一看" in browse(cast.max).get(at("/desk")).text
    assert "要村委会看一看" not in browse(cast.paula).get(at("/desk")).text


def test_the_case_page_lets_through_too(cast, waiting, browse, at):
    (one,) = waiting(1)
    client = browse(cast.max)
    page = client.get(at(f"/moderation/message/{one}")).text
    assert "别人还看不到" in page
    client.post(at(f"/moderation/message/{one}"), data={"action": "approve", "seen_revision": "0"})
    assert standing(one) == (None, None)
