"""Proposals with photos and a recording: sent by a plain form, seen by whoever may read the words."""

import io

import pytest
from sqlalchemy import select
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.test import encode_multipart

from portal.core import clock
from portal.core.access import Part
from portal.core.db import db, transaction
from portal.core.scope import village_scope
from portal.media.models import MediaFile
from portal.moderation import appeals, ports
from portal.moderation import service as moderation
from portal.moderation.rules import Action, Code, Hold
from portal.privacy import erasing
from portal.proposals import service
from portal.proposals.models import Proposal
from tests.media.recordings import recording
from tests.pictures import picture
from tests.proposals.test_views import FORM


@pytest.fixture
def post(browse, at, crowd):
    """Hand a proposal in as a browser without scripts does; return the answer."""
    crowd(76)

    def _post(person, *files, voice=None, **facts):
        form = MultiDict(FORM | facts)
        for number, data in enumerate(files):
            form.add("photos", FileStorage(io.BytesIO(data), f"IMG_{number}.jpg"))
        if voice:
            form.add("voice", FileStorage(io.BytesIO(voice), "a.m4a"))
        boundary, body = encode_multipart(form)
        return browse(person).post(
            at("/proposals/new"),
            data=body,
            content_type=f"multipart/form-data; boundary={boundary}",
        )

    return _post


def kept():
    db.session.rollback()
    return list(db.session.scalars(select(MediaFile).order_by(MediaFile.id)))


def test_a_proposal_goes_with_a_photo_and_a_voice(cast, post, browse, at):
    answer = post(cast.vera, picture((400, 300)), voice=recording(2), transcript="桥头很黑")
    assert answer.status_code == 303
    photo, voice = kept()
    page = browse(None).get(answer.location).text
    assert f'src="{at(f"/media/{photo.id}/small")}" alt="照片1" width="400"' in page
    assert f'<audio controls preload="none" src="{at(f"/media/{voice.id}")}"' in page
    assert "桥头很黑" in page and "css/media.css" in page
    assert browse(None).get(at(f"/media/{photo.id}")).status_code == 200
    assert post(cast.vera, picture((400, 300))).location == answer.location
    assert len(kept()) == 2


def test_a_file_that_is_none_is_refused_with_the_words_kept(cast, post):
    answer = post(cast.vera, picture((400, 300)), b"GIF89a")
    assert answer.status_code == 422
    assert "请发照片或录音" in answer.text
    assert FORM["body"] in answer.text
    assert db.session.scalars(select(Proposal)).all() == []


def test_files_are_held_hidden_and_taken_back_as_the_words_are(cast, post, browse, at, village):
    post(cast.vera, picture((400, 300)))
    [photo] = kept()
    proposal_id, path = photo.owner_id, at(f"/media/{photo.id}")
    db.session.rollback()
    for held, hidden in ((Hold.FIRST, None), (None, Code.INSULT)):
        with village_scope(village.id), transaction():
            service.set_standing(proposal_id, held_for=held, hidden_code=hidden)
        who = (cast.vera, cast.max, cast.sun, None)
        seen = [browse(person).get(path).status_code == 200 for person in who]
        assert seen == [True, True, False, False]
    with village_scope(village.id):
        subject = ports.ask(service.KIND).get_subject(proposal_id)
        assert [file.id for file in subject.files] == [photo.id]
    db.session.rollback()
    with village_scope(village.id), transaction():
        erasing.erase(
            cast.vera.id, erasing.Wish(takes_words_back=True, clears_roster=False), now=clock.now()
        )
    assert browse(cast.max).get(path).status_code == 404


def test_a_supervisor_sees_the_files_of_what_was_hidden_once_its_author_appeals(
    cast, post, browse, at, village
):
    post(cast.vera, picture((400, 300)))
    [photo] = kept()
    proposal_id, path = photo.owner_id, at(f"/media/{photo.id}")
    db.session.rollback()
    with village_scope(village.id), transaction():
        moderation.decide(
            kind=service.KIND,
            subject_id=proposal_id,
            action=Action.HIDE,
            code=Code.SPAM,
            note="",
            seen_revision=0,
            account_id=cast.max.id,
            resident_id=cast.max.resident_id,
            part=Part.COMMITTEE,
            now=clock.now(),
        )
    assert browse(cast.sun).get(path).status_code == 404
    with village_scope(village.id), transaction():
        facts = {"line": "不是", "resident_id": cast.vera.resident_id, "now": clock.now()}
        appeals.appeal(service.KIND, proposal_id, **facts)
    seen = [browse(person).get(path).status_code for person in (cast.sun, cast.max, cast.wang)]
    assert seen == [200, 200, 404]
