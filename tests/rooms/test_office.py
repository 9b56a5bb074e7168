"""Whoever works for the village without living in it speaks in its rooms: under name and office."""

from types import SimpleNamespace

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError

from portal.core import clock, outbox
from portal.core.access import Part
from portal.core.db import db, transaction
from portal.core.errors import Refused
from portal.core.personal import Wish
from portal.inbox.models import InboxMessage
from portal.media.models import MediaFile
from portal.moderation.events import WritingHidden
from portal.moderation.rules import Code
from portal.people import posts
from portal.people import service as people
from portal.people.rules import Role
from portal.privacy import erasing
from portal.rooms import mending, promoting, rules
from portal.rooms import service as rooms
from portal.rooms.models import Author, Message
from portal.rooms.rules import Refusal
from tests.rooms.conftest import counter_held, send

KEY = "key-00000001"


def author(person):
    return Author(person.resident_id, person.id, person.name)


def say(room, person, body="图上标了三处", *, key=KEY, badge=Part.PLANNER):
    return rooms.send(
        room,
        body=body,
        show_name=True,
        client_key=key,
        author=author(person),
        badge=badge,
        now=clock.now(),
    )


@pytest.fixture
def said(room, cast):
    """Let the planner say something; return the message's id."""
    with transaction():
        return say(room, cast.paula).id


def test_a_planner_from_elsewhere_is_read_with_name_and_office(room, cast, browse, at):
    page = at(f"/rooms/{room}")
    planner = browse(cast.paula)
    shown = planner.get(page).text
    assert "Paula" in shown
    assert 'name="show_name"' not in shown
    assert 'name="photos"' not in shown
    assert planner.post(page, data={"key": KEY, "body": "图上标了三处"}).status_code == 302
    row = db.session.scalars(select(Message)).one()
    assert (row.resident_id, row.account_id, row.signed_as, row.badge) == (
        None, cast.paula.id, "Paula", Part.PLANNER,
    )  # fmt: skip
    for reader in (cast.vera, cast.max):
        read = browse(reader).get(page).text
        assert "图上标了三处" in read
        assert "Paula" in read
        assert '<span class="badge-word">' in read
    assert "Paula" in browse(cast.vera).get(at("/rooms")).text  # as the last that was said


def test_their_words_are_theirs_and_nobody_elses(said, room, cast, browse, at):
    with transaction():
        other = people.add_account(name="Piet", role=Role.PLANNER, phone="13800000077")
    piet = Author(None, other.id, other.name)
    for somebody in (piet, author(cast.vera), author(cast.otto)):
        with pytest.raises(Refused) as refused, transaction():
            mending.edit(said, body="别的话", author=somebody, now=clock.now())
        assert refused.value.reason is Refusal.OTHERS_WORDS
        with pytest.raises(Refused), transaction():
            mending.take_back(said, author=somebody, now=clock.now())
    planner, message = browse(cast.paula), at(f"/rooms/{room}/messages/1")
    assert planner.post(f"{message}/edit", data={"body": "图上标了四处"}).status_code == 302
    assert "图上标了四处" in browse(cast.vera).get(message).text
    assert planner.post(f"{message}/take-back").status_code == 302
    assert "图上标了四处" not in browse(cast.vera).get(message).text


def test_what_they_say_becomes_no_opinion(said, version, room, cast, browse, at):
    with pytest.raises(Refused) as refused, transaction():
        promoting.suggest(said, rules.VILLAGE, account_id=cast.max.id, now=clock.now())
    assert refused.value.reason is Refusal.SAID_IN_OFFICE
    page = browse(cast.max).get(at(f"/rooms/{room}/messages/1")).text
    assert "/suggest" not in page


def test_they_can_be_answered_pinned_exported_and_called_by_nobody(said, room, cast, browse, at):
    with transaction():
        send(room, cast.wang, "@Paula 在哪里?", reply_to=1)
    page = browse(cast.vera).get(at(f"/rooms/{room}")).text
    assert 'data-quotes="1"' in page
    pin = at(f"/rooms/{room}/messages/1/pin")
    assert browse(cast.max).post(pin, data={"wish": "announce"}).status_code == 302
    export = browse(cast.max).post(at(f"/rooms/{room}/export"), data={"reason": "规划"})
    assert "图上标了三处" in export.data.decode("utf-8-sig")
    assert "Paula" not in export.data.decode("utf-8-sig").split("\n", 1)[1].split("@")[0]


def test_the_committee_hides_their_words_too(said, room, cast, browse, at):
    case, log = at(f"/moderation/message/{said}"), browse(None).get(at("/moderation/log")).text
    paper = {"action": "hide", "code": "privacy", "note": "", "seen_revision": "0"}
    assert "Paula" in browse(cast.max).get(case).text
    assert browse(cast.max).post(case, data=paper).status_code == 302
    assert browse(None).get(at("/moderation/log")).text != log
    assert "图上标了三处" not in browse(cast.vera).get(at(f"/rooms/{room}")).text
    mine = browse(cast.paula).get(at(f"/rooms/{room}")).text
    assert "图上标了三处" in mine  # with the reason beside it
    outbox.handle_now()
    db.session.rollback()
    told = select(InboxMessage.account_id).where(InboxMessage.kind == WritingHidden.kind)
    assert db.session.scalars(told).all() == [cast.paula.id]


def test_nobody_decides_about_their_own_words(room, cast, browse, at):
    with transaction():
        cora = people.add_account(name="Cora", role=Role.COMMITTEE, phone="13800000078")
        cora = SimpleNamespace(
            id=cora.id,
            account_id=cora.id,
            resident_id=None,
            name="Cora",
            village_id=cora.village_id,
        )
        message = say(room, cora, badge=Part.COMMITTEE).id
        rooms.set_standing(message, held_for=None, hidden_code=Code.SPAM)
    case = at(f"/moderation/message/{message}")
    paper = {"action": "restore", "code": "", "note": "", "seen_revision": "0"}
    assert browse(cora).post(case, data=paper).status_code == 403
    assert browse(cast.max).post(case, data=paper).status_code == 302


def test_they_are_called_by_nobody(said, room, cast, browse, at):
    assert "call=1" not in browse(cast.vera).get(at(f"/rooms/{room}/messages/1")).text
    assert "@ Paula" not in browse(cast.vera).get(at(f"/rooms/{room}?call=1")).text


def test_they_hurry_no_more_than_others_and_say_nothing_where_they_may_not(room, cast):
    with transaction():
        for number in range(rules.MESSAGES_A_MINUTE):
            say(room, cast.paula, key=f"key-{number:08}")
    with pytest.raises(Refused), transaction():
        say(room, cast.paula, key="one-too-many")
    with transaction():
        council = rooms.open_room(rules.COUNCIL).id
    with pytest.raises(Refused) as refused, transaction():
        say(council, cast.paula)
    assert refused.value.reason is Refusal.COUNCIL_ONLY
    with pytest.raises(Refused), transaction():
        say(room, cast.otto, badge=None)


def test_files_are_for_residents(room, cast, browse, at):
    answer = browse(cast.paula).post(
        at(f"/rooms/{room}"), data={"key": KEY, "body": "看图", "media": "somebody-elses-key"}
    )
    assert answer.status_code == 302
    assert db.session.scalar(select(func.count()).select_from(MediaFile)) == 0


def test_said_twice_at_once_it_stands_there_once(room, cast, race):
    seqs = race(8, lambda _i: say(room, cast.paula).seq)
    assert seqs == [1] * 8


@pytest.mark.last_judge
@pytest.mark.parametrize("database", ["postgresql"])  # SQLite can drop no constraint
def test_without_the_key_it_would_stand_there_twice(room, cast, race):
    with db.engine.begin() as connection:
        name = "uq_message_room_id_account_id_client_key"
        connection.execute(text(f"ALTER TABLE message DROP CONSTRAINT {name}"))
    with counter_held(room, until=8):
        race(8, lambda _i: say(room, cast.paula).seq)
    assert db.session.scalar(select(func.count()).select_from(Message)) == 8


@pytest.mark.parametrize("database", ["postgresql"])
def test_of_eight_who_all_saw_nothing_one_is_kept(room, cast, race):
    with counter_held(room, until=8):
        assert race(8, lambda _i: say(room, cast.paula).seq) == [1] * 8
    with transaction():
        assert say(room, cast.paula, key="key-00000002").seq == 2  # the seven left no gap


def test_every_message_has_one_author(room, cast):
    for both in ({}, {"resident_id": cast.vera.resident_id, "account_id": cast.paula.id}):
        with pytest.raises(IntegrityError), transaction():
            row = Message(
                room_id=room, seq=1, revision=1, badge=None, body="?", client_key=KEY,
                posted_at=clock.now(), **both,
            )  # fmt: skip
            db.session.add(row)


def test_whoever_is_erased_loses_name_and_words(said, room, cast, village):
    with transaction():
        for post in posts.posts_of(cast.paula.id):
            posts.end_post(post.id, now=clock.now())
        wish = Wish(takes_words_back=True, clears_roster=False)
        erasing.erase(cast.paula.id, wish, now=clock.now())
    line = rooms.get_message(said)
    assert line.is_taken_back
    assert line.author == "*"
    assert "图上" not in line.message.body
