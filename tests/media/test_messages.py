"""Messages with photos and a voice: once, in their room, and gone with their words."""

import io

import pytest
from sqlalchemy import select
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from portal.core import clock
from portal.core.db import db, transaction
from portal.media.models import MediaFile
from portal.moderation.rules import Code
from portal.rooms import mending
from portal.rooms import service as rooms
from portal.rooms.models import Author, Message

KEY = "key-00000001"


@pytest.fixture
def room(cast, village):
    with transaction():
        return rooms.open_room().id


@pytest.fixture
def send(browse, at, room):
    """Send a message as a script does, naming files that were sent before."""

    def _send(person, *, script=True, **facts):
        form = {"key": KEY, "body": "", **facts}
        boundary, body = encode_multipart(form)
        headers = {"X-Chat": "1"} if script else {}
        kind = f"multipart/form-data; boundary={boundary}"
        return browse(person).post(
            at(f"/rooms/{room}"), data=body, content_type=kind, headers=headers
        )

    return _send


def test_a_voice_and_a_photo_come_as_one_line_however_often_they_are_sent(
    cast, send, upload, photo, voice, browse, at, room
):
    for data, key in ((photo, "the-photo-1"), (voice, "the-voice-1")):
        for _ in range(2):
            assert upload(cast.vera, data, key=key).status_code == 201
    first = send(cast.vera, media="the-photo-1 the-voice-1")
    second = send(cast.vera, media="the-photo-1 the-voice-1")
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.text == second.text
    assert first.text.count("<audio") == first.text.count("<img") == 1
    assert '<p class="said' not in first.text
    assert db.session.scalars(select(Message.body)).all() == ["📷🎤"]
    for path in (f"/rooms/{room}", f"/rooms/{room}/messages"):
        page = browse(cast.wang).get(at(path)).text
        assert "<audio" in page
    files = db.session.scalars(select(MediaFile)).all()
    for person, status in (
        ("wang", 200),
        ("paula", 200),
        ("otto", 404),
        ("nora", 404),
        (None, 404),
    ):
        for file in files:
            answer = browse(person and getattr(cast, person)).get(at(f"/media/{file.id}"))
            assert answer.status_code == status


def test_the_plain_form_sends_a_photo(cast, send, photo, browse, at, room):
    answer = send(cast.vera, script=False, photos=FileStorage(io.BytesIO(photo), "a.jpg"))
    assert answer.status_code == 302
    assert "/small" in browse(cast.wang).get(at(f"/rooms/{room}")).text


def test_what_is_not_taken_is_told_to_the_script(cast, send):
    answer = send(cast.vera, media="not-here-at-all")
    assert (answer.status_code, "已经不在了" in answer.text) == (422, True)
    assert send(cast.vera).status_code == 422
    assert db.session.scalar(select(Message)) is None


def test_files_go_with_the_words(cast, send, upload, photo, browse, at):
    upload(cast.vera, photo, key="the-photo-1")
    send(cast.vera, media="the-photo-1", body="看图")
    file, message = db.session.scalar(select(MediaFile)), db.session.scalar(select(Message))
    path = at(f"/media/{file.id}")
    with transaction():
        rooms.set_standing(message.id, held_for=None, hidden_code=Code.INSULT)
    seen = [browse(p).get(path).status_code for p in (cast.vera, cast.max, cast.wang)]
    assert seen == [200, 200, 404]
    with transaction():
        rooms.set_standing(message.id, held_for=None, hidden_code=None)
        mending.take_back(message.id, author=Author(cast.vera.resident_id), now=clock.now())
    seen = [browse(p).get(path).status_code for p in (cast.vera, cast.max, cast.wang)]
    assert seen == [404, 404, 404]
