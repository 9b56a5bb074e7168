"""Answers and quotes, calling by name, changing and taking back one's words, the top of a room."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from portal.core import clock, outbox
from portal.core.access import Part
from portal.core.db import db, transaction
from portal.core.errors import Refused
from portal.inbox.models import InboxMessage
from portal.moderation import writing
from portal.moderation.rules import Code, Hold
from portal.rooms import mending, pinning, rules
from portal.rooms import service as rooms
from portal.rooms.models import Author, Message, MessageWording, RoomPin
from portal.rooms.rules import Refusal, Speaker

CALLED = [Speaker(1, "第1组", "陈*明"), Speaker(2, "第2组", "陈*明"), Speaker(3, "第1组", "张三"),
          Speaker(4, "第1组", "张三丰")]  # fmt: skip


@pytest.mark.parametrize(
    ("body", "called"),
    [
        ("@张三 你看呢", [3]),
        ("＠张三,您好", [3]),
        ("@第1组 张三 你看", [3]),
        ("@张三丰 来一下", [4]),
        ("@陈*明 是谁", []),
        ("@第2组 陈*明 来", [2]),
        ("张三 来", []),
        ("@李四", []),
        ("@张三@第2组陈*明", [2, 3]),
        ("@第9组 自己", []),
    ],
)
def test_a_name_that_is_seen_calls_one_person_or_nobody(body, called):
    speakers = [*CALLED, Speaker(9, "第9组", "自己")]
    assert sorted(rules.mentioned(body, speakers, by=9)) == called


def test_somebody_called_finds_it_in_the_inbox(room, chat, cast):
    chat(cast.wang, show_name=True)
    chat(cast.vera, "@Wang 水渠的事怎么说", key="key-00000001")
    chat(cast.vera, "@Wang 水渠的事怎么说", key="key-00000001")
    outbox.handle_now()
    found = db.session.scalars(
        select(InboxMessage).where(InboxMessage.kind == "rooms.mentioned")
    ).all()
    assert [(m.account_id, m.path.split("/rooms/")[1]) for m in found] == [
        (cast.wang.account_id, f"{room}?at=2#m-2")
    ]
    assert "水渠" not in str(found[0].facts)


def test_what_waits_for_the_committee_calls_nobody_until_it_is_shown(room, chat, cast):
    chat(cast.wang, show_name=True)
    message = chat(cast.vera, "@Wang 来")
    with transaction():
        rooms.set_standing(message.id, held_for=Hold.WORDS, hidden_code=None)
    outbox.handle_now()
    count = select(func.count()).where(InboxMessage.kind == "rooms.mentioned")
    assert db.session.scalar(count) == 0
    db.session.rollback()
    with transaction():
        rooms.set_standing(message.id, held_for=None, hidden_code=None)
    outbox.handle_now()
    assert db.session.scalar(count) == 1


def test_a_quote_says_what_the_quoted_line_says_now(room, chat, cast, browse, at):
    first = chat(cast.wang, "桥什么时候修")
    client = browse(cast.vera)
    form = {"key": "key-00000001", "body": "明年三月", "reply_to": "1"}
    assert client.post(at(f"/rooms/{room}"), data=form).status_code == 302
    quote = lambda: re.search(  # noqa: E731
        r'data-quotes="1".*?<span>(.*?)</span>', client.get(at(f"/rooms/{room}")).text
    )[1]
    assert quote() == "桥什么时候修"
    with transaction():
        rooms.set_standing(first.id, held_for=None, hidden_code=Code.INSULT)
    assert quote() == "这句话已经看不到了。"
    assert (
        client.post(at(f"/rooms/{room}"), data=form | {"key": "key-00000002"}).status_code == 422
    ), "what cannot be read is not answered"
    assert (
        client.post(
            at(f"/rooms/{room}"), data=form | {"key": "key-00000003", "reply_to": "99"}
        ).status_code
        == 422
    )


def test_without_script_one_answers_and_calls_by_address(room, chat, cast, browse, at):
    chat(cast.wang, "桥什么时候修", show_name=True)
    client = browse(cast.vera)
    page = client.get(at(f"/rooms/{room}?reply=1")).text
    assert re.search(r'name="reply_to"[^>]*value="1"', page)
    bar = re.search(r'id="answering">(.*?)</p>', page, re.S)[1]
    assert "第2组 Wang: 桥什么时候修" in re.sub(r"<[^>]*>", "", bar)
    assert "@第2组 Wang" in client.get(at(f"/rooms/{room}?call=1")).text
    for odd in ("reply=99", "reply=x", "reply=99999999999", "call=0"):
        assert client.get(at(f"/rooms/{room}?{odd}")).status_code == 200


def test_a_slip_is_mended_within_a_quarter_of_an_hour(room, chat, cast, browse, at):
    message = chat(cast.vera, "明天清水取")
    edit = at(f"/rooms/{room}/messages/1/edit")
    for person, status in ((cast.wang, 422), (cast.paula, 422), (cast.otto, 403), (cast.vera, 302)):
        assert browse(person).post(edit, data={"body": "明天清水渠"}).status_code == status
    db.session.expire_all()
    line = rooms.get_message(message.id)
    assert (line.message.body, line.message.revision) == ("明天清水渠", 2)
    page = browse(cast.wang).get(at(f"/rooms/{room}")).text
    assert "改过" in page
    assert "明天清水取" not in page
    assert "明天清水取" in browse(cast.max).get(at(f"/rooms/{room}/messages/1")).text
    assert "明天清水取" not in browse(cast.wang).get(at(f"/rooms/{room}/messages/1")).text
    assert browse(cast.vera).post(edit, data={"body": "明天清水渠"}).status_code == 422
    late = clock.now() + timedelta(minutes=16)
    with pytest.raises(Refused) as refused, transaction():
        mending.edit(message.id, body="后天", author=Author(cast.vera.resident_id), now=late)
    assert refused.value.reason is Refusal.TOO_LATE


def test_words_taken_back_are_gone_with_their_earlier_wordings(room, chat, cast, browse, at):
    message = chat(cast.vera, "说错了的话")
    with transaction():
        mending.edit(
            message.id, body="又错了", author=Author(cast.vera.resident_id), now=clock.now()
        )
    back = at(f"/rooms/{room}/messages/1/take-back")
    assert browse(cast.wang).post(back).status_code == 422
    assert browse(cast.vera).post(back).status_code == 302
    assert browse(cast.vera).post(back).status_code == 422
    assert db.session.scalar(select(func.count()).select_from(MessageWording)) == 0
    assert db.session.scalars(select(Message.body)).all() == [writing.TAKEN_BACK]
    for person in (cast.vera, cast.wang, cast.max):
        for path in (f"/rooms/{room}", f"/rooms/{room}/messages/1", f"/rooms/{room}/messages"):
            page = browse(person).get(at(path)).text
            assert "作者已收回这些话。" in page
            assert "错了" not in page


@pytest.mark.parametrize(
    ("facts", "refusal"),
    [
        ({}, None),
        ({"is_author": False}, Refusal.OTHERS_WORDS),
        ({"is_taken_back": True}, Refusal.TAKEN_BACK),
        ({"is_in_case": True}, Refusal.IN_CASE),
    ],
)
def test_what_the_committee_looks_at_stays(facts, refusal):
    facts = {"is_author": True, "is_taken_back": False, "is_in_case": False} | facts
    assert rules.why_not_take_back(**facts) == refusal
    now = clock.now()
    for age, late in ((15, refusal), (15.1, refusal or Refusal.TOO_LATE)):
        posted = now - timedelta(minutes=age)
        assert rules.why_not_edit(**facts, posted_at=posted, now=now) == late


def test_two_changes_at_once_leave_both_wordings(room, chat, cast, race):
    message = chat(cast.vera, "零")
    change = lambda i: mending.edit(  # noqa: E731
        message.id, body=f"第{i}次", author=Author(cast.vera.resident_id), now=clock.now()
    )
    race(4, change)
    wordings = mending.list_wordings(message.id)
    assert [w.step for w in wordings] == [1, 2, 3, 4]
    bodies = [w.body for w in wordings] + [db.session.scalar(select(Message.body))]
    assert bodies[0] == "零"
    assert len(set(bodies)) == 5


@pytest.mark.parametrize(("person", "status"), [("max", 302), ("vera", 403), ("paula", 403)])
def test_who_puts_what_at_the_top(room, chat, cast, browse, at, person, status):
    chat(cast.wang, "周六清水渠")
    pin = at(f"/rooms/{room}/messages/1/pin")
    assert browse(getattr(cast, person)).post(pin, data={"wish": "pin"}).status_code == status
    page = browse(cast.vera).get(at(f"/rooms/{room}")).text
    assert ('class="pins"' in page) == (status == 302)
    if status == 302:
        browse(cast.max).post(pin, data={"wish": "unpin"})
        assert 'class="pins"' not in browse(cast.vera).get(at(f"/rooms/{room}")).text


def test_what_is_hidden_leaves_the_top(room, chat, cast, browse, at):
    message = chat(cast.wang, "周六清水渠")
    with transaction():
        pinning.pin(message.id, account_id=cast.max.account_id, now=clock.now())
    with transaction():
        rooms.set_standing(message.id, held_for=None, hidden_code=Code.SPAM)
    assert "周六清水渠" not in browse(cast.vera).get(at(f"/rooms/{room}")).text
    with pytest.raises(Refused) as refused, transaction():
        pinning.pin(message.id, account_id=cast.max.account_id, now=clock.now())
    assert refused.value.reason is Refusal.NOT_SHOWN


def test_no_more_than_three_stand_at_the_top(room, chat, cast, race):
    ids = [chat(cast.wang).id for _ in range(5)]

    def pin(i):
        try:
            pinning.pin(ids[i], account_id=cast.max.account_id, now=clock.now())
        except Refused as refused:
            return refused.reason

    results = race(5, pin)
    assert results.count(Refusal.TOO_MANY_PINS) == 2
    assert db.session.scalar(select(func.count()).select_from(RoomPin)) == 3
    race(4, lambda _: pinning.pin(
        pinning.list_pins(room)[0].message.id, account_id=cast.max.account_id, now=clock.now()
    ))  # fmt: skip
    assert db.session.scalar(select(func.count()).select_from(RoomPin)) == 3


def test_what_nobody_can_read_takes_no_place_at_the_top(room, chat, cast):
    messages = [chat(cast.wang) for _ in range(4)]

    def pin(message):
        with transaction():
            pinning.pin(message.id, account_id=cast.max.account_id, now=clock.now())

    for message in messages[:3]:
        pin(message)
    with transaction():
        rooms.set_standing(messages[0].id, held_for=None, hidden_code=Code.SPAM)
    pin(messages[3])
    with transaction():
        rooms.set_standing(messages[0].id, held_for=None, hidden_code=None)
    assert [line.message.seq for line in pinning.list_pins(room)] == [4, 3, 2]


def test_an_announcement_is_told_to_everybody_who_reads_there(room, chat, cast, browse, at):
    chat(cast.max, "明天停水")
    pin = at(f"/rooms/{room}/messages/1/pin")
    for _ in range(2):
        browse(cast.max).post(pin, data={"wish": "announce"})
    outbox.handle_now()
    told = db.session.scalars(
        select(InboxMessage.account_id).where(InboxMessage.kind == "rooms.announced")
    ).all()
    assert {cast.vera.account_id, cast.wang.account_id} <= set(told)
    assert cast.max.account_id not in told
    assert len(told) == len(set(told))


def test_in_a_closed_room_no_words_become_others(room, chat, cast, browse, at):
    chat(cast.vera, "今晚开会")
    chat(cast.max, "七点", badge=Part.COMMITTEE)
    with transaction():
        rooms.set_rules(room, slow_seconds=0, is_read_only=True)
    vera = browse(cast.vera)
    page = at(f"/rooms/{room}/messages/1")
    assert "/edit" not in vera.get(page).text
    assert vera.post(f"{page}/edit", data={"body": "不用来了"}).status_code == 422
    assert rooms.list_page(room)[0].message.body == "今晚开会"
    change = {"body": "七点半"}
    assert (
        browse(cast.max).post(at(f"/rooms/{room}/messages/2/edit"), data=change).status_code == 302
    )


def test_who_was_called_is_called_once(room, chat, cast, told):
    chat(cast.wang, "我在")
    name = rooms.list_page(room)[0].author
    message = chat(cast.vera, f"@{name} 来一下")
    with transaction():
        mending.edit(
            message.id, body=f"@{name} 请来", author=Author(cast.vera.resident_id), now=clock.now()
        )
        rooms.set_standing(message.id, held_for=Hold.WORDS, hidden_code=None)
    with transaction():
        rooms.set_standing(message.id, held_for=None, hidden_code=None)
    assert [who for who, *_words in told()] == ["wang"]
