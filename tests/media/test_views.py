"""Addresses of files: who sends, who sees and hears, in parts too, and never by a name alone."""

import io

import pytest
from PIL import Image

from portal.core import clock
from portal.core.db import db, transaction
from portal.media import ports, rules, service, words
from portal.media.models import MediaFile


class Open:
    """Answers for things of a kind of this test: those above 100 are shut."""

    def may_read(self, owner_id):
        return owner_id < 100


@pytest.fixture
def bound(sent, monkeypatch):
    """Send a file and bind it to something; return its id."""
    monkeypatch.setitem(ports._answers, "test", Open())

    def _bound(person, data, owner_id=7, kind="test"):
        file = sent(person, data)
        with transaction():
            service.attach(
                kind, owner_id, [file.key], resident_id=person.resident_id, now=clock.now()
            )
        return file.id

    return _bound


def test_every_refusal_and_kind_has_words():
    assert set(words.REFUSALS) == set(rules.Refusal)
    assert set(words.KINDS) == set(rules.Kind)


def test_a_script_sends_a_file_once(cast, upload, photo):
    first, second = upload(cast.vera, photo), upload(cast.vera, photo)
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json == second.json
    assert first.json | {"id": 0} == {
        "key": "file-key-00",
        "kind": "photo",
        "seconds": None,
        "id": 0,
    }


@pytest.mark.parametrize(
    ("data", "words_of", "status"),
    [
        (b"<html><script>alert(1)</script>", "请发照片或录音", 422),
        (b"\xff\xd8\xff" + b"\0" * rules.MAX_BYTES, "超过12兆", 422),
        (b"\0\0\0\x18ftypheic" + b"\0" * 90, "请用 JPEG", 422),
        (b"OggS" + b"\0" * 90, "请重新录一遍", 422),
    ],
)
def test_what_is_not_taken_is_answered_with_a_reason(cast, upload, data, words_of, status):
    answer = upload(cast.vera, data, name="photo.jpg")
    assert (answer.status_code, words_of in answer.text) == (status, True), answer.text
    assert db.session.query(MediaFile).count() == 0


@pytest.mark.parametrize(
    ("person", "status"),
    [("vera", 201), ("max", 201), ("paula", 403), ("otto", 403), ("nora", 403), (None, 401)],
)
def test_who_sends(cast, upload, photo, person, status):
    assert upload(person and getattr(cast, person), photo).status_code == status


@pytest.mark.parametrize("key", ["", "short", "a b c d e f g", "x" * 65, "../../etc/passwd"])
def test_a_key_that_is_none_is_refused(cast, upload, photo, key):
    assert upload(cast.vera, photo, key=key).status_code == 400


def test_before_it_belongs_to_something_only_its_sender_sees_it(cast, browse, at, sent, photo):
    file = sent(cast.vera, photo)
    for path in (f"/media/{file.id}", f"/media/{file.id}/small"):
        assert browse(cast.vera).get(at(path)).status_code == 200
        for person in (cast.wang, cast.max, cast.ada, cast.nora, None):
            assert browse(person).get(at(path)).status_code == 404


def test_then_whoever_may_read_that_sees_it(cast, browse, at, bound, photo, neighbour):
    seen, shut = bound(cast.vera, photo), bound(cast.vera, photo, 100)
    lost = bound(cast.vera, photo, kind="unanswered")
    for person in (cast.vera, cast.wang, cast.nora, None):
        client = browse(person)
        answer = client.get(at(f"/media/{seen}"))
        assert (answer.status_code, answer.mimetype) == (200, "image/jpeg")
        assert Image.open(io.BytesIO(answer.data)).size == (400, 300)
        assert Image.open(io.BytesIO(client.get(at(f"/media/{seen}/small")).data)).size == (
            320,
            240,
        )
        for other in (shut, lost, 2_000_000_000):
            assert client.get(at(f"/media/{other}")).status_code == 404
            assert client.get(at(f"/media/{other}/small")).status_code == 404
        assert client.get(at(f"/media/{seen}", neighbour)).status_code == 404


def test_a_recording_is_heard_in_parts(cast, browse, at, bound, voice):
    path = at(f"/media/{bound(cast.vera, voice)}")
    client = browse(cast.wang)
    whole = client.get(path)
    assert (whole.status_code, whole.mimetype) == (200, "audio/mpeg")
    assert whole.headers["Accept-Ranges"] == "bytes"
    part = client.get(path, headers={"Range": "bytes=1000-1999"})
    assert (part.status_code, part.data) == (206, whole.data[1000:2000])
    assert part.headers["Content-Range"] == f"bytes 1000-1999/{len(whole.data)}"
    last = client.get(path, headers={"Range": "bytes=-10"})
    assert (last.status_code, last.data) == (206, whole.data[-10:])
    beyond = client.get(path, headers={"Range": f"bytes={len(whole.data)}-"})
    assert beyond.status_code == 416
    assert client.get(at(f"{path.removeprefix(at(''))}/small")).status_code == 404


def test_nobody_on_the_way_keeps_it_and_it_is_nothing_but_a_picture(cast, browse, at, bound, photo):
    file_id = bound(cast.vera, photo)
    client = browse(cast.wang)
    answer = client.get(at(f"/media/{file_id}"))
    headers = answer.headers
    assert headers["Cache-Control"] == "private, no-cache"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert headers["Content-Disposition"] == f'inline; filename="photo-{file_id}.jpg"'
    assert "Cookie" in headers["Vary"]
    again = client.get(at(f"/media/{file_id}"), headers={"If-None-Match": headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    ports._answers["test"].may_read = lambda _: False
    hidden = client.get(at(f"/media/{file_id}"), headers={"If-None-Match": headers["ETag"]})
    assert hidden.status_code == 404
