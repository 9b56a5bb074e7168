"""Two signs find what was said, on an index; what is gone is never found; a slow and a still room."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.dialects import sqlite

from portal.core import clock
from portal.core.access import Part
from portal.core.db import db, transaction
from portal.core.errors import Refused
from portal.moderation.rules import Code, Hold
from portal.rooms import folding, mending, rules, searching
from portal.rooms import service as rooms
from portal.rooms.models import Author, MessagePair
from portal.rooms.rules import Person, Refusal
from tests.rooms.conftest import send


@pytest.mark.parametrize(
    ("text", "query", "is_found"),
    [
        ("县道桥东路口今天又差点出事", "路口", True),
        ("县道桥东路口今天又差点出事", "东路口今", True),
        ("县道桥东路口今天又差点出事", "路出", False),
        ("县道桥东路口今天又差点出事", "县道 出事", True),
        ("县道桥东路口今天又差点出事", "县道 水渠", False),
        ("裏村的橋頭", "里村", True),
        ("里村的桥头", "橋頭", True),
        ("买了ＷＩＦＩ１２３", "wifi123", True),
        ("WeChat 群", "wechat", True),
        ("石桥,找了半天", "桥找", False),
        ("𬭚𫘧来了", "𬭚𫘧", True),
        ("出事了路口,路又出", "事路", False),
        ("路口", "口", False),
        ("路口", "", False),
        ("路口", "%_", False),
    ],
)
def test_what_two_signs_find(room, chat, cast, text, query, is_found):
    chat(cast.wang, text)
    chat(cast.vera, "别的话")
    found = searching.search(room, query)
    assert [line.message.body for line in found.lines] == ([text] if is_found else [])


def test_pairs_that_stand_apart_are_no_find(room, chat, cast):
    chat(cast.wang, "水渠边上,渠道通了")
    assert searching.search(room, "水渠道").lines == []


def test_what_is_gone_is_never_found(room, chat, cast, browse, at):
    ids = [chat(cast.vera, f"桥头第{i}句").id for i in range(5)]
    with transaction():
        rooms.set_standing(ids[0], held_for=None, hidden_code=Code.SPAM)
        rooms.set_standing(ids[1], held_for=Hold.WORDS, hidden_code=None)
        mending.take_back(ids[2], author=Author(cast.vera.resident_id), now=clock.now())
        mending.edit(ids[3], body="村口的话", author=Author(cast.vera.resident_id), now=clock.now())
    assert [line.message.id for line in searching.search(room, "桥头").lines] == [ids[4]]
    assert [line.message.id for line in searching.search(room, "村口").lines] == [ids[3]]
    gone = select(func.count()).where(MessagePair.message_id == ids[2])
    assert db.session.scalar(gone) == 0


def test_a_find_leads_to_its_place(room, chat, cast, browse, at):
    for body in ("修桥的事", "别的", "谁去修桥"):
        chat(cast.wang, body)
    page = browse(cast.vera).get(at(f"/rooms/{room}/search?q=修桥")).text
    assert re.findall(r"at=(\d)#m-\1", page) == ["3", "1"]
    assert "谁去<mark>修桥</mark>" in page
    assert browse(cast.otto).get(at(f"/rooms/{room}/search?q=修桥")).status_code == 403
    short = browse(cast.vera).get(at(f"/rooms/{room}/search?q=桥")).text
    assert "请至少打两个连在一起的字" in short
    for odd in ("q=%00%00", "q=修桥&before=x", "q=修桥&before=99999999999999", "q=" + "桥" * 500):
        assert browse(cast.vera).get(at(f"/rooms/{room}/search?{odd}")).status_code == 200


def test_a_page_of_finds_goes_on_where_it_ended(room, chat, cast, monkeypatch):
    monkeypatch.setattr(searching, "CANDIDATES", 2)
    for i in range(5):
        chat(cast.wang, f"修桥{i}")
    seen, before = [], None
    for _ in range(4):
        found = searching.search(room, "修桥", before=before)
        seen += [line.message.body for line in found.lines]
        before = found.older
        if before is None:
            break
    assert seen == [f"修桥{i}" for i in (4, 3, 2, 1, 0)]


def test_a_search_asks_the_same_and_scans_nothing(
    room, chat, cast, browse, at, count_queries, monkeypatch
):
    monkeypatch.setattr("portal.rooms.rules.MESSAGES_A_MINUTE", 1000)
    client, counts = browse(cast.vera), set()
    for _ in range(2):
        for i in range(10):
            chat(cast.wang, f"修桥第{i}天")
        with count_queries() as counted:
            client.get(at(f"/rooms/{room}/search?q=修桥"))
        counts.add(counted.n)
    assert len(counts) == 1
    assert max(counts) <= 10


@pytest.mark.parametrize("database", ["sqlite"])
def test_the_index_is_used(room, chat, cast, app):
    chat(cast.wang, "修桥的事谁去")
    query = searching.candidates(room, ["修桥的事"], before=None)
    words = query.compile(dialect=sqlite.dialect(), compile_kwargs={"literal_binds": True})
    with db.engine.connect() as connection:
        plan = [row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {words}")]
    assert plan
    assert not any(step.startswith("SCAN") or "TEMP B-TREE" in step for step in plan)


@pytest.mark.parametrize(
    ("text", "wanted", "parts"),
    [
        ("谁去修桥呢", ["修桥"], ("谁去", "修桥", "呢")),
        ("买ＷＩＦＩ", ["wifi"], ("买", "ＷＩＦＩ", "")),
        ("没有", ["修桥"], ("没有", "", "")),
    ],
)
def test_a_find_is_marked(text, wanted, parts):
    assert folding.cut(text, wanted) == parts


def test_in_a_slow_room_one_waits(room, chat, cast):
    with transaction():
        rooms.set_rules(room, slow_seconds=30, is_read_only=False)
    now = clock.now()
    chat(cast.vera, "一", key="key-00000001", now=now)
    with pytest.raises(Refused) as refused:
        chat(cast.vera, "二", now=now + timedelta(seconds=29))
    assert refused.value.reason is Refusal.SLOW
    assert chat(cast.vera, "一", key="key-00000001", now=now + timedelta(seconds=1)).seq == 1
    assert chat(cast.wang, "三", now=now + timedelta(seconds=1)).seq == 2
    assert chat(cast.vera, "二", now=now + timedelta(seconds=30)).seq == 3
    chat(cast.max, "四", badge=Part.COMMITTEE, now=now)
    assert chat(cast.max, "五", badge=Part.COMMITTEE, now=now).seq == 5


def test_in_a_slow_room_one_of_four_at_once_is_taken_and_known_again(room, cast, race):
    with transaction():
        rooms.set_rules(room, slow_seconds=60, is_read_only=False)
    results = race(4, lambda index: send(room, cast.vera, key=f"key-0000000{index}").seq)
    assert sorted(map(str, results)) == ["1", "slow", "slow", "slow"]
    results = race(4, lambda _: send(room, cast.wang, key="key-00000001").seq)
    assert results == [2, 2, 2, 2]


def test_a_pause_ends_to_the_second():
    now, person = clock.now(), Person(is_resident=True)
    wait = lambda seconds: rules.why_not_yet(  # noqa: E731
        person, slow_seconds=30, last_at=now - timedelta(seconds=seconds), now=now
    )
    assert (wait(29), wait(30)) == (Refusal.SLOW, None)
    assert rules.why_not_yet(person, slow_seconds=0, last_at=now, now=now) is None
    assert rules.why_not_yet(person, slow_seconds=30, last_at=None, now=now) is None


def test_the_committee_says_how_one_writes(room, cast, browse, at):
    address = at(f"/rooms/{room}/settings")
    for person, status in ((cast.vera, 403), (cast.paula, 403), (cast.max, 303)):
        form = {"slow_seconds": "60", "is_read_only": "y"}
        assert browse(person).post(address, data=form).status_code == status
    assert browse(cast.max).post(address, data={"slow_seconds": "7"}).status_code == 422
    assert 'value="60"' in browse(cast.max).get(address).text
    page = browse(cast.vera).get(at(f"/rooms/{room}")).text
    assert "这个聊天室现在只有村委会能发言" in page
    assert 'id="say"' not in page
    form = {"key": "key-00000001", "body": "大家好"}
    assert browse(cast.vera).post(at(f"/rooms/{room}"), data=form).status_code == 422
    assert browse(cast.max).post(at(f"/rooms/{room}"), data=form).status_code == 302


def test_one_can_read_the_committee_and_the_planner_alone(room, chat, cast, browse, at):
    chat(cast.wang, "什么时候开工")
    chat(cast.max, "明年三月", badge=Part.COMMITTEE)
    with transaction():
        send(room, cast.sun, "图上标了", badge=Part.PLANNER)
    page = browse(cast.vera).get(at(f"/rooms/{room}?only=staff")).text
    assert re.findall(r'data-seq="(\d)"', page) == ["2", "3"]
    assert "chat.js" not in page
