"""Rooms of groups, plans and the council: who gets in, what is new to whom, and who knows it."""

import re

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import NoResultFound

from portal.core.access import Part
from portal.core.db import db, transaction
from portal.core.errors import Refused
from portal.moderation.rules import Code, Hold
from portal.people.models import Resident, VillagerGroup
from portal.plans.models import PlanVersion
from portal.plans.rules import State
from portal.rooms import pointers
from portal.rooms import service as rooms
from portal.rooms.models import Room, RoomPointer
from portal.rooms.rules import COUNCIL, Kind, Place, Refusal
from portal.rooms.words import REFUSALS
from tests.rooms.conftest import send, sit


def open_room(place):
    with transaction():
        return rooms.open_room(place).id


@pytest.fixture
def groups(cast, village):
    """Put Wang into a group of his own; return the rooms of Vera's group and of his."""
    with transaction():
        vera = db.session.get_one(Resident, cast.vera.resident_id)
        other = VillagerGroup(number=9, name="第9组")
        db.session.add(other)
        db.session.flush()
        db.session.get_one(Resident, cast.wang.resident_id).group_id = other.id
        keys = vera.group_id, other.id
    return tuple(open_room(Place(Kind.GROUP, key)) for key in keys)


@pytest.mark.parametrize(
    ("person", "own", "other", "council"),
    [
        ("vera", 200, 403, 403),
        ("wang", 403, 200, 403),
        ("max", 200, 200, 200),
        ("paula", 200, 200, 403),
        ("otto", 403, 403, 403),
        (None, 302, 302, 302),
    ],
)
def test_who_gets_into_which_room(groups, cast, browse, at, person, own, other, council):
    paths = (*groups, open_room(COUNCIL))
    client = browse(person and getattr(cast, person))
    for room_id, status in zip(paths, (own, other, council), strict=True):
        for page in ("", "/messages"):
            assert client.get(at(f"/rooms/{room_id}{page}")).status_code == status
        if status == 403:
            form = {"key": "key-00000001", "body": "大家好", "seq": "1"}
            for page in ("", "/read"):
                assert client.post(at(f"/rooms/{room_id}{page}"), data=form).status_code == 403
            assert client.get(at(f"/rooms/{room_id}/stream")).status_code == 403


def test_whoever_sits_in_the_council_gets_into_its_room(cast, browse, at):
    room_id = open_room(COUNCIL)
    assert browse(cast.vera).get(at(f"/rooms/{room_id}")).status_code == 403
    with transaction():
        sit(cast.vera)
    assert browse(cast.vera).get(at(f"/rooms/{room_id}")).status_code == 200
    with transaction():
        assert send(room_id, cast.vera).seq == 1


def test_the_service_refuses_too(groups, cast):
    with pytest.raises(Refused) as refused, transaction():
        send(groups[1], cast.vera)
    assert refused.value.reason is Refusal.OTHER_GROUP
    with transaction():
        assert send(groups[0], cast.vera).seq == 1


def test_every_refusal_has_words():
    assert set(Refusal) <= set(REFUSALS)


def test_only_what_is_there_gets_a_room(cast, neighbour, version):
    for place in (Place(Kind.GROUP, 999_999), Place(Kind.PLAN, 999_999)):
        with pytest.raises(NoResultFound), transaction():
            rooms.open_room(place)
    plan_id = db.session.get_one(PlanVersion, version).plan_id
    assert open_room(Place(Kind.PLAN, plan_id)) == open_room(Place(Kind.PLAN, plan_id))


def test_a_plan_is_talked_about_until_its_notice_is_over(version, cast, browse, at):
    plan_id = db.session.get_one(PlanVersion, version).plan_id
    room_id = open_room(Place(Kind.PLAN, plan_id))
    with transaction():
        send(room_id, cast.vera)
    page = browse(cast.vera).get(at(f"/rooms/{room_id}")).text
    assert 'id="say"' in page
    with transaction():
        db.session.get_one(PlanVersion, version).state = State.REPLYING
    with pytest.raises(Refused) as refused, transaction():
        send(room_id, cast.vera)
    assert refused.value.reason is Refusal.NOTICE_OVER
    page = browse(cast.vera).get(at(f"/rooms/{room_id}")).text
    assert 'id="m-1"' in page
    assert 'id="say"' not in page


@pytest.mark.parametrize(
    ("key", "status"),
    [("council", 302), ("group:999999", 404), ("kitchen", 404), ("plan:x", 404)],
)
def test_the_committee_opens_rooms(cast, browse, at, key, status):
    client = browse(cast.max)
    assert client.post(at("/rooms"), data={"key": key}).status_code == status
    assert db.session.scalar(select(func.count()).select_from(Room)) == (status == 302)


def test_the_committee_sees_what_is_not_open_yet(groups, room, cast, version, browse, at):
    page = browse(cast.max).get(at("/rooms")).text
    plan_id = db.session.get_one(PlanVersion, version).plan_id
    keys = re.findall(r'name="key" value="([^"]+)"', page)
    assert keys[-2:] == [f"plan:{plan_id}", "council"]
    assert not any(key == "village" for key in keys)
    assert 'name="key"' not in browse(cast.vera).get(at("/rooms")).text


def test_rooms_are_listed_to_those_who_read_them(groups, room, chat, cast, browse, at):
    chat(cast.wang, "桥修好了")
    with transaction():
        send(groups[0], cast.vera, "水渠要清了")
    listed = lambda person: re.findall(  # noqa: E731
        r'class="cell" href="[^"]*/rooms/(\d+)#', browse(person).get(at("/discussion")).text
    )
    assert listed(cast.vera) == [str(room), str(groups[0])]
    assert listed(cast.wang) == [str(room), str(groups[1])]
    assert listed(cast.max) == listed(cast.paula) == [str(room), *map(str, groups)]
    page = browse(cast.vera).get(at("/rooms")).text
    assert "桥修好了" in page
    assert "水渠要清了" in page
    assert "水渠要清了" not in browse(cast.wang).get(at("/rooms")).text


def test_a_list_of_rooms_asks_the_same_however_many(groups, room, cast, browse, at, count_queries):
    client, counts = browse(cast.max), {}
    for _ in range(2):
        for path in ("/discussion", "/rooms", f"/rooms/{room}"):
            with count_queries() as counted:
                assert client.get(at(path)).status_code == 200
            counts.setdefault(path, set()).add(counted.n)
        with transaction():
            for room_id in groups:
                for _ in range(3):
                    send(room_id, cast.max, badge=Part.COMMITTEE)
            rooms.open_room(COUNCIL)
    assert {path: len(n) for path, n in counts.items()} == dict.fromkeys(counts, 1)
    assert max(map(max, counts.values())) <= 11


def test_what_is_new_is_counted_for_each_by_their_own_pointer(room, chat, cast, browse, at):
    for body in ("一", "二", "三"):
        chat(cast.wang, body)
    client = browse(cast.vera)
    assert "3条新的" in client.get(at("/discussion")).text
    page = client.get(at(f"/rooms/{room}")).text
    assert 'id="unread"' not in page, "a first visit has no last one"
    client.get(at(f"/rooms/{room}"))
    assert "3条新的" in client.get(at("/discussion")).text, "looking writes nothing"
    client.post(at(f"/rooms/{room}/read"), data={"seq": "2"})
    assert "1条新的" in client.get(at("/discussion")).text
    page = client.get(at(f"/rooms/{room}")).text
    assert page.index('id="m-2"') < page.index('id="unread"') < page.index('id="m-3"')
    assert f"/rooms/{room}#unread" in client.get(at("/discussion")).text
    answer = client.post(at(f"/rooms/{room}/read"), data={"seq": "999", "by_script": "1"})
    assert answer.status_code == 204
    client.post(at(f"/rooms/{room}/read"), data={"seq": "1"})
    assert "条新的" not in client.get(at("/discussion")).text, "a pointer never goes back"
    assert "3条新的" in browse(cast.max).get(at("/discussion")).text
    for seq in ("", "x", "-1", str(2**31)):
        assert client.post(at(f"/rooms/{room}/read"), data={"seq": seq}).status_code == 422


def test_two_phones_of_one_person_keep_one_pointer(room, chat, cast, race):
    for _ in range(8):
        chat(cast.wang)
    account_id = cast.vera.account_id
    race(8, lambda i: pointers.move_pointer(room, account_id, i + 1))
    assert list(db.session.scalars(select(RoomPointer.seq))) == [8]


def test_what_is_held_is_there_for_its_author_and_the_committee(room, chat, cast, browse, at):
    message = chat(cast.vera, "等一等的话")
    with transaction():
        rooms.set_standing(message.id, held_for=Hold.WORDS, hidden_code=None)
    for path in (f"/rooms/{room}", f"/rooms/{room}/messages", "/discussion", "/rooms", "/"):
        for person in (cast.wang, cast.paula):
            assert "等一等的话" not in browse(person).get(at(path)).text
    assert "等一等的话" in browse(cast.vera).get(at(f"/rooms/{room}")).text
    assert "等一等的话" in browse(cast.max).get(at(f"/moderation/message/{message.id}")).text
    feed = browse(cast.wang).get(at(f"/rooms/{room}/messages")).text
    assert 'id="m-1" data-seq="1" data-revision="2"' in feed, "whoever saw it is told"


def test_a_list_shows_the_last_that_everybody_can_read(room, chat, cast, browse, at):
    chat(cast.wang, "看得见的话")
    message = chat(cast.vera, "骂人的话")
    with transaction():
        rooms.set_standing(message.id, held_for=None, hidden_code=Code.INSULT)
    page = browse(cast.wang).get(at("/rooms")).text
    assert "看得见的话" in page
    assert "骂人的话" not in page
