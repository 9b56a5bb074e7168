"""Opinions are numbered, taken once, kept for good; the room has one order."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import NoResultFound

from portal.core import clock
from portal.core.db import db, transaction
from portal.core.errors import Refused
from portal.core.scope import village_scope
from portal.moderation.rules import Code
from portal.moderation.writing import Refusal
from portal.rooms import rules
from portal.rooms import service as rooms
from portal.rooms.models import Author, Message, Room


def send(room, person, key, body="大家好"):
    return rooms.send(
        room,
        body=body,
        show_name=False,
        client_key=key,
        author=Author(person.resident_id),
        badge=None,
        now=clock.now(),
    )


def test_the_room_is_opened_once(cast, race):
    assert len(set(race(8, lambda _: rooms.open_room().id))) == 1
    assert db.session.scalar(select(func.count()).select_from(Room)) == 1


def test_messages_stand_in_one_order(room, cast, chat):
    for person in (cast.vera, cast.wang, cast.vera):
        chat(person)
    assert [(line.message.seq, line.author, line.group) for line in rooms.list_page(room)] == [
        (1, "V*a", "第1组"),
        (2, "W*g", "第2组"),
        (3, "V*a", "第1组"),
    ]


def test_what_was_said_is_known_again_when_the_room_is_read_only(room, cast, chat):
    first = chat(cast.vera, key="key-00000001")
    with transaction():
        rooms.set_rules(room, slow_seconds=0, is_read_only=True)
    with pytest.raises(Refused):
        chat(cast.vera)
    assert chat(cast.vera, key="key-00000001").id == first.id


def test_eight_sendings_with_one_key_are_one_message(room, cast, race):
    results = race(8, lambda _: send(room, cast.vera, "key-00000001").seq)
    assert results == [1] * 8
    lines = rooms.read_feed(room, after=0)
    assert [line.message.seq for line in lines] == [1]
    with transaction():
        assert send(room, cast.wang, "key-00000002").seq == 2  # the seven left no gap


@pytest.mark.parametrize("database", ["postgresql"])  # SQLite can drop no constraint
def test_without_its_keys_and_lock_the_room_would_break(room, cast, race):
    """The control: what the tests above see when the last judges are taken away."""
    with db.engine.begin() as connection:
        for columns in ("room_id_seq", "room_id_revision", "room_id_resident_id_client_key"):
            connection.execute(text(f"ALTER TABLE message DROP CONSTRAINT uq_message_{columns}"))

    def send_without_lock(_):
        last = db.session.scalar(select(func.coalesce(func.max(Message.seq), 0)))
        db.session.execute(select(func.pg_sleep(0.05)))
        db.session.add(
            Message(
                room_id=room,
                seq=last + 1,
                revision=last + 1,
                resident_id=cast.vera.resident_id,
                badge=None,
                body="大家好",
                client_key="key-00000001",
                posted_at=clock.now(),
            )
        )

    race(8, send_without_lock)
    seqs = [line.message.seq for line in rooms.read_feed(room, after=0)]
    assert len(seqs) > 1
    assert len(set(seqs)) < len(seqs)


def test_parallel_messages_are_numbered_without_gap(room, cast, race):
    people = [cast.vera, cast.wang, cast.sun, cast.max]

    def three(i):
        return [send(room, people[i % 4], f"key-{i:04}-{j}").seq for j in range(3)]

    results = race(8, three)
    assert sorted(seq for seqs in results for seq in seqs) == list(range(1, 25))
    room_row = rooms.get_room(room)
    assert (room_row.last_seq, room_row.last_revision) == (24, 24)


def test_what_was_hidden_meanwhile_reaches_a_reader_like_something_new(room, cast, chat):
    first, _ = chat(cast.vera, "骂人的话"), chat(cast.wang)
    with transaction():
        rooms.set_standing(first.id, held_for=None, hidden_code=Code.INSULT)
    news = rooms.read_feed(room, after=2)
    assert [(n.message.seq, n.message.revision, n.message.hidden_code) for n in news] == [
        (1, 3, Code.INSULT)
    ]
    with transaction():
        rooms.set_standing(first.id, held_for=None, hidden_code=None)
    assert [
        (n.message.seq, n.message.revision, n.message.hidden_code)
        for n in rooms.read_feed(room, after=0)
    ] == [
        (2, 2, None),
        (1, 4, None),
    ]
    assert chat(cast.wang).seq == 3
    assert rooms.revisions_of([room]) == {room: 5}


def test_one_question_asks_for_the_rooms_of_all_villages(
    room, cast, neighbour, chat, count_queries
):
    chat(cast.vera)
    with village_scope(neighbour.id), transaction():
        other = rooms.open_room().id
    db.session.rollback()
    with count_queries() as counted:
        assert rooms.revisions_of([room, other]) == {room: 1, other: 0}
    assert sum("SELECT" in statement for statement in counted.statements) == 1


def test_a_room_of_another_village_is_not_there(room, cast, neighbour):
    with village_scope(neighbour.id):
        with pytest.raises(NoResultFound):
            rooms.get_room(room)
        with pytest.raises(NoResultFound), transaction():
            send(room, cast.nora, "key-00000001")
        assert rooms.read_feed(room, after=0) == []


def test_thirty_messages_a_minute_are_enough(room, cast, chat):
    now = clock.now()
    for i in range(rules.MESSAGES_A_MINUTE):
        chat(cast.vera, key=f"key-{i:08}", now=now)
    with pytest.raises(Refused) as refused:
        chat(cast.vera, now=now)
    assert refused.value.reason is Refusal.TOO_FAST
    assert chat(cast.vera, key="key-00000003", now=now).seq == 4  # sent again, not sent anew
    assert chat(cast.wang, now=now).seq == 31
    assert chat(cast.vera, now=now + timedelta(seconds=61)).seq == 32


def test_whoever_showed_the_name_shows_it_next_time(room, cast, chat):
    assert rooms.shows_name(room, cast.vera.resident_id) is False
    chat(cast.vera, show_name=True)
    assert rooms.shows_name(room, cast.vera.resident_id) is True
    assert rooms.list_page(room)[0].author == "Vera"


def test_earlier_messages_come_in_pages(room, cast, chat):
    for _ in range(7):
        chat(cast.vera)
    seqs = lambda **facts: [line.message.seq for line in rooms.list_page(room, **facts)]  # noqa: E731
    assert seqs(limit=3) == [5, 6, 7]
    assert seqs(limit=3, before=5) == [2, 3, 4]
    assert seqs(limit=3, before=2) == [1]
