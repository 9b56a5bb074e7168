"""Pages of moderation: the committee decides, everybody reads why."""

import re

import pytest

from portal.core import clock
from portal.core.db import transaction
from portal.moderation import policies, rules, service
from portal.moderation.forms import CODES
from portal.moderation.rules import Action, Code, Mode
from portal.moderation.rules_views import RULES
from portal.moderation.screening_rules import Policy
from portal.moderation.views import ACTIONS, REFUSALS
from portal.rooms import service as rooms


def test_everything_has_words():
    assert set(REFUSALS) == set(rules.Refusal)
    assert set(CODES) == set(Code)
    assert set(ACTIONS) == set(Action)


@pytest.mark.parametrize(
    ("person", "status"),
    [
        ("max", 200),
        ("vera", 403),
        ("paula", 403),
        ("sun", 403),
        ("ada", 403),
        ("otto", 403),
        ("nora", 403),
        (None, 302),
    ],
)
def test_who_may_decide(cast, write, browse, at, person, status):
    message = write(cast.wang)
    client = browse(person and getattr(cast, person))
    for path in ("", f"/message/{message}"):
        assert client.get(at(f"/moderation{path}")).status_code == status
    answer = client.post(
        at(f"/moderation/message/{message}"),
        data={"action": "hide", "code": "insult", "seen_revision": "0"},
    )
    assert answer.status_code == {200: 302, 302: 401}.get(status, status)
    assert (rooms.get_message(message).message.hidden_code is not None) == (person == "max")


def test_hide_and_restore_as_the_committee_does(cast, write, browse, at):
    message = write(cast.vera)
    client = browse(cast.max)
    page = client.get(at(f"/moderation/message/{message}")).text
    assert "骂人的话" in page
    assert "批评规划、批评村委会都不能作为隐藏的原因" in page
    answer = client.post(
        at(f"/moderation/message/{message}"),
        data={"action": "hide", "code": "insult", "seen_revision": "0", "note": "请不要骂人"},
    )
    assert answer.location == at("/moderation")
    page = client.get(at(f"/moderation/message/{message}")).text
    assert 'value="restore"' in page
    assert "请不要骂人" in page
    answer = client.post(
        at(f"/moderation/message/{message}"), data={"action": "restore", "seen_revision": "1"}
    )
    assert answer.status_code == 302
    assert rooms.get_message(message).message.hidden_code is None


def test_whoever_is_late_sees_what_was_decided(cast, write, decide, browse, at):
    message = write(cast.vera)
    with transaction():
        decide(message, code=Code.SPAM)
    answer = browse(cast.max).post(
        at(f"/moderation/message/{message}"),
        data={"action": "hide", "code": "insult", "seen_revision": "0", "note": "我写的话"},
    )
    assert answer.status_code == 409
    assert "别人已经处理过了" in answer.text
    assert "广告刷屏" in answer.text
    assert "我写的话" in answer.text
    assert re.search(r'name="seen_revision"[^>]*value="1"', answer.text)
    assert rooms.get_message(message).message.hidden_code is Code.SPAM


@pytest.mark.parametrize(
    ("data", "status", "words"),
    [
        ({"action": "hide", "seen_revision": "0"}, 422, "请选原因。批评意见不能作为原因。"),
        (
            {"action": "hide", "code": "insult", "seen_revision": "0", "note": "话" * 501},
            422,
            "最多500字。",
        ),
        ({"action": "burn", "code": "insult", "seen_revision": "0"}, 400, ""),
        ({"action": "hide", "code": "criticism", "seen_revision": "0"}, 422, ""),
        ({"action": "hide", "code": "insult"}, 422, ""),
        ({"action": "hide", "code": "insult", "seen_revision": "-1"}, 422, ""),
    ],
)
def test_an_unfinished_decision_comes_back(cast, write, browse, at, data, status, words):
    message = write(cast.vera)
    answer = browse(cast.max).post(at(f"/moderation/message/{message}"), data=data)
    assert answer.status_code == status
    assert words in answer.text
    assert rooms.get_message(message).message.hidden_code is None


def test_own_words_are_for_somebody_else(cast, write, browse, at):
    message = write(cast.max)
    page = browse(cast.max).get(at(f"/moderation/message/{message}")).text
    assert "要由村委会的其他人来定" in page
    assert "<textarea" not in page
    answer = browse(cast.max).post(
        at(f"/moderation/message/{message}"),
        data={"action": "hide", "code": "spam", "seen_revision": "0"},
    )
    assert answer.status_code == 403
    assert rooms.get_message(message).message.hidden_code is None


def test_everybody_reads_the_log_and_no_name_stands_in_it(cast, write, decide, browse, at):
    message = write(cast.vera, "骂人的话")
    with transaction():
        decide(message, note="只给作者的话")
    for person in (None, cast.vera, cast.nora, cast.otto, cast.max):
        page = browse(person).get(at("/moderation/log")).text
        main = page[page.index("<main") : page.index("</main>")]
        assert "聊天第 1 条" in main
        assert "原因：辱骂他人" in main
        assert "村委会" in main
        for secret in ("骂人的话", "只给作者的话", "Max", "Vera", "V*a"):
            assert secret not in main


def test_the_log_goes_on(cast, write, decide, browse, at, monkeypatch):
    monkeypatch.setattr("portal.moderation.views.LOG_LENGTH", 2)
    for _ in range(5):
        message = write(cast.vera)
        with transaction():
            decide(message)
    page = browse(None).get(at("/moderation/log")).text
    assert re.findall(r"聊天第 (\d) 条", page) == ["5", "4"]
    assert at("/moderation/log?before=4") in page
    assert re.findall(r"聊天第 (\d) 条", browse(None).get(at("/moderation/log?before=2")).text) == [
        "1"
    ]


def test_pages_ask_the_same_whatever_their_length(cast, write, decide, browse, at, count_queries):
    counts = {}
    for rows in (1, 3):
        while len(service.list_log(limit=9)) < rows:
            message = write(cast.vera)
            with transaction():
                decide(message)
        for path, person in (("", cast.max), ("/log", None)):
            client = browse(person)
            with count_queries() as counted:
                assert client.get(at(f"/moderation{path}")).status_code == 200
            counts.setdefault(path, []).append(counted.n)
    assert all(one == three for one, three in counts.values())


def test_the_desk_tells_the_committee_what_is_new(cast, write, browse, at):
    write(cast.vera), write(cast.wang)
    assert "七天内新增 2 条" in browse(cast.max).get(at("/desk")).text
    assert "七天内新增" not in browse(cast.paula).get(at("/desk")).text


def test_everybody_reads_what_may_be_written(cast, write, browse, at):
    assert set(RULES) == set(Code)
    with transaction():
        policies.set_policy(
            "room",
            "",
            Policy(mode=Mode.PRE),
            account_id=cast.max.account_id,
            now=clock.now(),
        )
    for person in (None, cast.vera, cast.nora, cast.otto, cast.max):
        page = browse(person).get(at("/moderation/rules")).text
        assert "批评规划、批评村委会、批评规划师都欢迎" in page
        assert "所有聊天室" in page
        assert "村委会先看" in page
        assert "Max" not in page[page.index("<main") : page.index("</main>")]
