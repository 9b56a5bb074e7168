"""Opinions with photos and a voice: sent by a plain form, kept through every fault, seen as they are."""

import io
import re

import pytest
from sqlalchemy import select
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.test import encode_multipart

from portal.core import clock
from portal.core.db import db, transaction
from portal.discussion import service
from portal.discussion.models import Comment
from portal.media.models import MediaFile
from portal.moderation import screening
from portal.moderation.rules import Code, Hold

KEY = "key-00000001"


@pytest.fixture
def post(browse, at, version):
    """Send the form as a browser without scripts does; return the answer."""

    def _post(person, *, photos=(), voice=None, **facts):
        form = MultiDict({"key": KEY, "about": "plan", "body": "路太窄"} | facts)
        for number, data in enumerate(photos):
            form.add("photos", FileStorage(io.BytesIO(data), f"IMG_{number}.jpg"))
        if voice:
            form.add("voice", FileStorage(io.BytesIO(voice), "a.m4a"))
        boundary, body = encode_multipart(form)
        return browse(person).post(
            at(f"/discussion/plans/{version}"),
            data=body,
            content_type=f"multipart/form-data; boundary={boundary}",
        )

    return _post


def files():
    db.session.rollback()
    return list(db.session.scalars(select(MediaFile).order_by(MediaFile.id)))


def test_an_opinion_goes_with_photos_and_a_voice(cast, version, post, browse, at, photo, voice):
    answer = post(cast.vera, photos=[photo], voice=voice, transcript="会车难")
    assert answer.status_code == 302
    comment = db.session.scalar(select(Comment))
    first, second = files()
    assert {f.owner_id for f in (first, second)} == {comment.id}
    for path in ("", f"/plans/{version}", f"/opinions/{comment.id}"):
        page = browse(None).get(at(f"/discussion{path}")).text
        assert f'src="{at(f"/media/{first.id}/small")}" alt="照片1" width="400"' in page
        assert f'<audio controls preload="none" src="{at(f"/media/{second.id}")}"' in page
        assert "2″" in page and "会车难" in page and "css/media.css" in page
    assert browse(None).get(at(f"/media/{second.id}")).status_code == 200


@pytest.mark.parametrize(("kinds", "body"), [("pv", "📷🎤"), ("p", "📷"), ("v", "🎤")])
def test_it_needs_no_word(cast, version, post, browse, at, photo, voice, kinds, body):
    post(
        cast.vera, body=" ", photos=[photo] * ("p" in kinds), voice=voice if "v" in kinds else None
    )
    comment = db.session.scalar(select(Comment))
    assert comment.body == body
    page = browse(cast.wang).get(at(f"/discussion/opinions/{comment.id}")).text
    assert '<p class="said' not in page
    assert page.count("<audio") == ("v" in kinds)


def test_nothing_at_all_is_no_opinion(cast, post):
    answer = post(cast.vera, body="")
    assert (answer.status_code, "请先写几个字。" in answer.text) == (422, True)
    assert files() == []


def test_the_same_form_again_is_one_opinion_with_one_photo(cast, post, photo):
    first, second = post(cast.vera, photos=[photo]), post(cast.vera, photos=[photo])
    assert (first.status_code, first.location) == (302, second.location)
    assert len(files()) == 1
    third = post(cast.vera, photos=[photo + b"other"])  # nothing is added to it afterwards
    assert third.location == first.location
    assert [f.owner_id is not None for f in files()] == [True, False]


def test_a_photo_is_not_lost_with_a_fault_in_the_words(cast, post, photo, at):
    answer = post(cast.vera, body="路" * 2001, photos=[photo])
    assert answer.status_code == 422
    assert files() == []  # the words are looked at first
    answer = post(cast.vera, photos=[photo, b"GIF89a"])
    assert (answer.status_code, "请发照片或录音" in answer.text) == (422, True)
    answer = post(cast.vera, photos=[photo], body="\u202e")
    assert answer.status_code == 302


def test_files_that_were_kept_come_back_with_the_form(cast, post, photo, at, monkeypatch):
    def refuse(*_args, **_facts):
        raise screening_refusal

    from portal.core.errors import Refused  # noqa: PLC0415 -- beside its one use
    from portal.moderation.writing import Refusal  # noqa: PLC0415 -- the same

    screening_refusal = Refused(Refusal.REFUSED_WORDS)
    monkeypatch.setattr(screening, "screen", refuse)
    page = post(cast.vera, photos=[photo])
    assert page.status_code == 422
    [kept] = files()
    assert f'name="media" type="hidden" value="{kept.client_key}"' in page.text
    assert at(f"/media/{kept.id}/small") in page.text
    assert "已经收到1个文件" in page.text
    monkeypatch.undo()
    assert post(cast.vera, media=kept.client_key).status_code == 302
    assert files()[0].owner_kind == "opinion"


def test_a_file_that_is_here_no_longer_is_named_no_more(cast, post):
    page = post(cast.vera, media="key-of-a-file-1")
    assert page.status_code == 422
    assert 'name="media" type="hidden" value=""' in page.text
    assert "请重新选" in page.text


@pytest.mark.parametrize("person", ["otto", "nora", "paula", None])
def test_files_of_nobody_here_are_not_even_looked_at(cast, post, photo, person, monkeypatch):
    monkeypatch.setattr("portal.media.making.DARKROOM", "nowhere")
    answer = post(person and getattr(cast, person), photos=[photo])
    assert answer.status_code == 403
    assert files() == []


@pytest.mark.parametrize("state", [{"hidden_code": Code.INSULT, "held_for": None}, {"hidden_code": None, "held_for": Hold.WORDS}])  # fmt: skip
def test_what_is_hidden_or_held_is_seen_by_author_and_committee(
    cast, version, post, browse, at, photo, state
):
    post(cast.vera, photos=[photo])
    [file] = files()
    with transaction():
        service.set_standing(file.owner_id, **state)
    for person, status in (("vera", 200), ("max", 200), ("wang", 404), ("paula", 404), (None, 404)):
        client = browse(person and getattr(cast, person))
        for path in (f"/media/{file.id}", f"/media/{file.id}/small"):
            assert client.get(at(path)).status_code == status
        page = client.get(at(f"/discussion/plans/{version}")).text
        assert (f"/media/{file.id}/small" in page) == (person == "vera")


def test_words_that_are_masked_are_masked_in_what_was_spoken_too(
    cast, post, photo, voice, monkeypatch
):
    seen = []

    def screen(body, **_facts):
        seen.append(body)
        return screening.Screened(body.replace("坏", "*"))

    monkeypatch.setattr(screening, "screen", screen)
    post(cast.vera, body="坏路\n很坏", voice=voice, transcript="坏\n 路")
    assert set(seen) == {"坏路\n很坏\n坏 路"}  # whenever they are judged, all of them together
    assert db.session.scalar(select(Comment.body)) == "*路\n很*"
    assert files()[0].transcript == "* 路"


def test_lists_ask_the_same_whatever_goes_with_them(
    cast, version, post, browse, at, photo, count_queries
):
    counts = {}
    for rows in (1, 3):
        while len(files()) < rows:
            post(cast.vera, key=f"key-{len(files()):08}", photos=[photo])
        db.session.rollback()
        for path in ("", f"/plans/{version}", "/mine"):
            with count_queries() as counted:
                page = browse(cast.vera).get(at(f"/discussion{path}"))
            assert len(re.findall(r"/small\"", page.text)) == rows
            counts.setdefault(path, set()).add(counted.n)
    assert {path: len(n) for path, n in counts.items()} == dict.fromkeys(counts, 1)


def test_what_was_spoken_is_told_to_its_speaker(cast, post, voice, browse, at):
    post(cast.vera, voice=voice, transcript="会车难", body="")
    assert clock.now() > files()[0].uploaded_at
    page = browse(cast.vera).get(at("/privacy/data"))
    assert page.status_code == 200
    assert "会车难" in page.text
