"""The privacy notice: read by everybody, asked for once, before anything is written."""

import re

import pytest

from portal.core import clock, retention
from portal.core.db import db, transaction
from portal.core.scope import village_scope
from portal.people import service as people
from portal.people.rules import Role
from portal.privacy import notices, service
from portal.privacy.models import NoticeSeen
from portal.privacy.rules import Purpose, Refusal, RequestState
from portal.privacy.words import KINDS, PURPOSES, REASONS, REFUSALS, STATES
from portal.rooms import service as rooms
from portal.sign_in import slips

NOW = retention.version()


def test_each_version_is_the_text_that_was_in_force():
    assert {version: notices.digest(version) for version in notices.versions()} == notices.DIGESTS


@pytest.mark.parametrize("language", notices.LANGUAGES)
def test_both_languages_say_the_same_things_in_the_same_order(language):
    blocks = notices.read(retention.version(), language)
    others = notices.read(retention.version(), "zh_Hans")
    assert [(b.kind, len(b.lines)) for b in blocks] == [(b.kind, len(b.lines)) for b in others]


def test_there_are_words_for_everything():
    assert (
        set(KINDS)
        == set(REASONS)
        == set(retention.Kept)
        == set(retention.promised(retention.version()))
    )
    assert set(PURPOSES) == set(Purpose)
    assert set(REFUSALS) == set(Refusal)
    assert set(STATES) == set(RequestState)


def test_everybody_can_read_it_and_a_stranger_is_not_asked(cast, browse, at):
    page = browse().get(at("/privacy"))
    assert page.status_code == 200
    text = page.get_data(as_text=True)
    assert "谁负责" in text and "30天" in text.replace(" ", "") and "青溪村" in text
    assert 'name="privacy_read"' not in text
    assert browse().get(at("/privacy?version=1999-01")).status_code == 404
    assert 'href="' + at("/privacy") + '"' in browse().get(at("/")).get_data(as_text=True)


def test_after_signing_in_it_is_read_once(app, cast, browse, at):
    vera = browse(cast.vera, new=True)
    assert vera.get(at("/")).status_code == 200  # reading is never held
    page = vera.get(at(f"/privacy?next={at('/me')}")).get_data(as_text=True)
    assert 'name="privacy_read" value="' + NOW + '"' in page
    answer = vera.post(at("/privacy/read"), data={"privacy_read": NOW, "next": at("/me")})
    assert (answer.status_code, answer.location) == (303, at("/me"))
    assert 'name="privacy_read"' not in vera.get(at("/privacy")).get_data(as_text=True)
    assert [(row.account_id, row.version) for row in db.session.query(NoticeSeen)] == [
        (cast.vera.id, NOW)
    ]


def test_another_version_than_the_one_in_force_is_not_taken(cast, browse, at):
    vera = browse(cast.vera, new=True)
    vera.post(at("/privacy/read"), data={"privacy_read": "2020-01"})
    assert not service.has_seen(cast.vera.id)


def test_what_is_written_before_reading_is_held_and_not_lost(cast, browse, at):
    with transaction():
        room_id = rooms.open_room().id
    vera = browse(cast.vera, new=True)
    words = {"body": "井边的路灯坏了", "key": "k" * 12, "show_name": ""}
    held = vera.post(at(f"/rooms/{room_id}"), data=words)
    assert held.status_code == 428
    assert rooms.list_newest(limit=5) == []
    form = held.get_data(as_text=True).partition("<main")[2].partition("</main")[0]
    fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', form))
    assert fields == {**words, "privacy_read": NOW}
    sent = vera.post(at(f"/rooms/{room_id}"), data=fields)
    assert sent.status_code == 302
    db.session.rollback()
    assert [line.message.body for line in rooms.list_newest(limit=5)] == ["井边的路灯坏了"]
    assert service.has_seen(cast.vera.id)


def test_a_script_is_told_in_words(cast, browse, at):
    with transaction():
        room_id = rooms.open_room().id
    answer = browse(cast.vera, new=True).post(
        at(f"/rooms/{room_id}"),
        data={"body": "好", "key": "k" * 12},
        headers={"X-Chat": "1"},
    )
    assert answer.status_code == 422 and "个人信息" in answer.get_data(as_text=True)


def test_who_may_not_do_it_anyway_is_refused_as_ever(cast, browse, at):
    with transaction():
        room_id = rooms.open_room().id
    for who, status in ((cast.nora, 403), (cast.otto, 403), (None, 401)):
        answer = browse(who, new=True).post(at(f"/rooms/{room_id}"), data={"body": "x"})
        assert answer.status_code == status


def test_a_new_version_is_asked_for_anew(cast, browse, at, monkeypatch, tmp_path):
    vera = browse(cast.vera)
    assert 'name="privacy_read"' not in vera.get(at("/privacy")).get_data(as_text=True)
    for language in notices.LANGUAGES:
        (tmp_path / f"2027-01.{language}.md").write_text("新的说明", encoding="utf-8")
        (tmp_path / f"{NOW}.{language}.md").write_text("旧的说明", encoding="utf-8")
    monkeypatch.setattr(notices, "TEXTS", tmp_path)
    notices.read.cache_clear()
    spans = retention.promised(NOW)
    monkeypatch.setattr(retention, "PROMISED", (*retention.PROMISED, ("2027-01", spans)))
    page = vera.get(at("/privacy")).get_data(as_text=True)
    assert "新的说明" in page and 'name="privacy_read" value="2027-01"' in page
    older = vera.get(at(f"/privacy?version={NOW}")).get_data(as_text=True)
    assert "旧的说明" in older and 'name="privacy_read"' not in older
    assert vera.post(at("/desk/none"), data={}).status_code == 404
    notices.read.cache_clear()


def test_signing_in_leads_past_it(cast, browse, at, app):
    """By the printed slip, as in every village."""
    with transaction():
        code = slips.make_slip(account_id=cast.vera.id, now=clock.now())
    client = browse()
    first = client.post(at("/sign-in/slip"), data={"slip": code})
    assert first.location == at(f"/privacy?next={at('/')}")
    client.post(at("/privacy/read"), data={"privacy_read": NOW})
    client.post(at("/sign-out"))
    again = client.post(at("/sign-in/slip"), data={"slip": code})
    assert again.location == at("/")


def test_two_taps_at_once_are_one(cast, race, village):
    results = race(6, lambda _i: service.note_seen(cast.vera.id, now=clock.now()))
    assert results == [None] * 6
    assert db.session.query(NoticeSeen).count() == 1


def test_whoever_works_for_a_region_reads_it_there(app, cast, browse, village):
    region = people.path_of(village.id)[2]  # the county
    with village_scope(region.id), transaction():
        account = people.add_account(name="县管", role=Role.OPERATOR, phone="13600000001")
        code = slips.make_slip(account_id=account.id, now=clock.now())
    client = browse()
    first = client.post(f"/v/{region.code}/sign-in/slip", data={"slip": code})
    assert first.location.startswith(f"/v/{region.code}/privacy?next=")
    assert client.get(first.location).status_code == 200
    answer = client.post(f"/v/{region.code}/privacy/read", data={"privacy_read": NOW})
    assert answer.status_code == 303
    db.session.rollback()
    with village_scope(region.id):
        assert service.has_seen(account.id)
