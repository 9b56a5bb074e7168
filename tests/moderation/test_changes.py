"""Whatever the committee changes about how one writes stands in the log and in the record."""

from portal.core import clock
from portal.core.db import db
from portal.moderation import changes, policies, service
from portal.moderation.rules import Action
from portal.transparency import service as record
from portal.transparency.models import RecordEntry


def log():
    db.session.rollback()
    return [(e.decision.action, e.name) for e in service.list_log(limit=9)]


def recorded():
    query = db.select(RecordEntry.subject).where(RecordEntry.kind == "moderation")
    return list(db.session.scalars(query.order_by(RecordEntry.number)))


def test_policies(cast, room, browse, at):
    client = browse(cast.max)
    data = {"where": f"room:{room}|", "mode": "pre", "holds_links": "y"}
    assert client.post(at("/moderation/policies"), data=data).status_code == 302
    assert log() == [(Action.CHANGE, "哪里先审后发")]
    row = policies.list_policies()[0].id
    assert client.post(at(f"/moderation/policies/{row}/remove")).status_code == 302
    assert [action for action, _name in log()] == [Action.CHANGE] * 2
    assert recorded() == [
        "发言管理第 1 号：重新设定，哪里先审后发 村里聊天室：村委会先看，再给大家看",
        "发言管理第 2 号：重新设定，哪里先审后发 村里聊天室：和别处一样",
    ]


def test_word_lists(cast, village, browse, at):
    client = browse(cast.max)
    data = {"list": "insults", "action": "hold", "is_on": "y"}
    assert client.post(at("/moderation/words/set"), data=data).status_code == 302
    assert client.post(at("/moderation/words/allowed"), data={"word": "王二"}).status_code == 302
    assert [action for action, _name in log()] == [Action.CHANGE] * 2
    data["list"] = "no-such-list"
    assert client.post(at("/moderation/words/set"), data=data).status_code == 404
    assert len(log()) == 2
    assert recorded() == [
        "发言管理第 1 号：重新设定，词表 辱骂：等村委会看过再显示",
        "发言管理第 2 号：重新设定，词表 放行的名称",
    ]


def test_the_rules_of_a_room(cast, room, browse, at):
    data = {"slow_seconds": "30", "is_read_only": "y"}
    answer = browse(cast.max).post(at(f"/rooms/{room}/settings"), data=data)
    assert answer.status_code == 303
    assert log() == [(Action.CHANGE, "聊天室的规矩")]
    page = browse(None).get(at("/moderation/log")).text
    assert "聊天室的规矩" in page and "重新设定" in page
    assert record.files_broken() == []
    assert recorded() == [
        "发言管理第 1 号：重新设定，聊天室的规矩 村里聊天室，两条消息间隔 30 秒，只让村委会发言，其他人只看"
    ]


def test_of_four_changes_at_once_each_has_its_line(cast, village, race):
    def change(_index):
        words = f"{_index}"
        changes.write_down(
            changes.LISTS, words=words, account_id=cast.max.account_id, now=clock.now()
        )

    assert race(4, change) == [None] * 4
    assert [e.decision.revision for e in service.list_log(limit=9)] == [4, 3, 2, 1]
