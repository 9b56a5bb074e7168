"""Whoever decides about words sees and hears what goes with them, and no older words."""

import pytest

from portal.core import clock
from portal.core.access import Part
from portal.core.db import db, transaction
from portal.core.errors import Refused
from portal.moderation import appeals, items, policies, queue, sanctions, service
from portal.moderation.rules import Action, Code, Mode, Refusal, Why
from portal.moderation.sanctions_rules import Span
from portal.moderation.screening_rules import Policy
from portal.rooms import mending
from portal.rooms import service as rooms
from portal.rooms.models import Author


@pytest.fixture
def room(cast, village):
    with transaction():
        return rooms.open_room().id


@pytest.fixture
def write(room, sent):
    """Say something, with files if they are given; return the message's id."""
    keys = iter(range(100))

    def _write(person, body="看看", *files):
        named = [sent(person, data, transcript="录音里说的话").key for data in files]
        with transaction():
            return rooms.send(
                room,
                body=body,
                show_name=False,
                client_key=f"say-it-{next(keys):02}",
                author=Author(person.resident_id),
                badge=None,
                now=clock.now(),
                files=named,
            ).id

    return _write


@pytest.fixture
def held(cast):
    with transaction():
        policies.set_policy(
            "", "", Policy(mode=Mode.PRE), account_id=cast.max.account_id, now=clock.now()
        )


def decide(person, message_id, action, *, seen=0, code=None, **facts):
    with transaction():
        return service.decide(
            kind="message",
            subject_id=message_id,
            action=action,
            code=code,
            note="",
            seen_revision=seen,
            account_id=person.account_id,
            resident_id=person.resident_id,
            part=Part.COMMITTEE,
            now=clock.now(),
            **facts,
        )


def test_the_queue_and_the_case_show_what_was_held(cast, held, write, photo, voice, browse, at):
    message = write(cast.vera, "", photo, voice)
    for path in ("/moderation/queue", f"/moderation/message/{message}"):
        page = browse(cast.max).get(at(path)).text
        assert page.count("<audio") == page.count('/small"') == page.count("录音里说的话") == 1
        assert "css/media.css" in page
        assert '<p class="said">📷' not in page


def test_photos_cost_the_queue_no_statement_each(cast, held, write, photo, count_queries):
    counts = []
    for wanted in (1, 3):
        while queue.count_waiting() < wanted:
            write(cast.vera, "看图", photo)
        db.session.rollback()
        with count_queries() as counted:
            assert [len(q.waiting.subject.files) for q in queue.list_waiting()] == [1] * wanted
        counts.append(counted.n)
    assert counts[0] == counts[1] <= 5


def test_a_supervisor_sees_what_was_hidden_once_its_author_appeals(cast, write, photo, browse, at):
    message = write(cast.vera, "看图", photo)
    decide(cast.max, message, Action.HIDE, code=Code.SPAM)
    (file,) = service.get_waiting("message", message).subject.files
    path = at(f"/media/{file.id}")
    assert browse(cast.sun).get(path).status_code == 404
    with transaction():
        appeal = appeals.appeal(
            "message", message, line="不是", resident_id=cast.vera.resident_id, now=clock.now()
        )
        number = appeal.id
    page = browse(cast.sun).get(at(f"/appeals/{number}")).text
    assert f'src="{path}/small"' in page
    seen = [browse(person).get(path).status_code for person in (cast.sun, cast.max, cast.wang)]
    assert seen == [200, 200, 404]


def test_a_supervisor_sees_it_too_once_the_author_appeals_against_being_stopped(
    cast, write, photo, browse, at
):
    message, other = write(cast.vera, "看图", photo), write(cast.vera, "再看", photo)
    for one in (message, other):
        decide(cast.max, one, Action.HIDE, code=Code.SPAM)
    with transaction():
        stop = sanctions.mute(
            "message",
            message,
            span=Span.DAY,
            is_everywhere=True,
            note="",
            words="广告刷屏",
            account_id=cast.max.id,
            resident_id=cast.max.resident_id,
            now=clock.now(),
        ).id

    def seen(message_id):
        (file,) = service.get_waiting("message", message_id).subject.files
        db.session.rollback()
        return browse(cast.sun).get(at(f"/media/{file.id}")).status_code

    assert [seen(message), seen(other)] == [404, 404]
    with transaction():
        facts = {"line": "不是", "resident_id": cast.vera.resident_id, "now": clock.now()}
        appeals.appeal("sanction", stop, **facts)
    assert [seen(message), seen(other)] == [200, 404]


def edit(message_id, person, body):
    with transaction():
        mending.edit(message_id, body=body, author=Author(person.resident_id), now=clock.now())


def test_words_put_differently_are_not_decided_about_as_they_were(cast, write, room, browse, at):
    message = write(cast.vera, "好话")
    client = browse(cast.max)
    path = at(f"/moderation/message/{message}")
    assert 'name="seen_wording" type="hidden" value="0"' in client.get(path).text
    edit(message, cast.vera, "更好的话")
    data = {"action": "hide", "code": "insult", "seen_revision": "0", "seen_wording": "0"}
    answer = client.post(path, data=data)
    assert (answer.status_code, "作者改过这段话" in answer.text) == (409, True)
    assert "更好的话" in answer.text
    assert '<p class="said">好话</p>' in answer.text  # as it was before
    data["seen_wording"] = str(service.get_waiting("message", message).subject.wording)
    assert f'value="{data["seen_wording"]}"' in answer.text
    assert client.post(path, data=data).status_code == 302


def test_a_page_of_cards_leaves_out_words_put_differently(cast, write, browse, at):
    one, other = write(cast.vera, "原话"), write(cast.vera, "别的")
    edit(one, cast.vera, "换了的话")
    with transaction():
        for message in (one, other):
            items.put("message", message, 1, why=Why.FLAGGED, now=clock.now())
    assert [q.waiting.subject.wording > 0 for q in queue.list_waiting()] == [True, False]
    data = {"card": [f"message:{one}:0:0:0", f"message:{other}:0:0:0"], "rest": "1"}
    answer = browse(cast.max).post(at("/moderation/queue"), data=data)
    assert (answer.status_code, "作者改过这段话" in answer.text) == (409, True)
    assert [q.waiting.subject.text for q in queue.list_waiting()] == ["换了的话"]
    wording = queue.list_waiting()[0].waiting.subject.wording
    assert f'value="message:{one}:0:{wording}:0"' in answer.text


def test_the_last_word_about_the_wording_is_in_the_room(cast, write, held):
    message = write(cast.vera, "原话")
    with pytest.raises(Refused) as refused, transaction():
        rooms.set_standing(message, held_for=None, hidden_code=None, wording=1)
    assert refused.value.reason is Refusal.REWORDED
    assert not rooms.get_message(message).message.is_shown


def test_what_was_reported_or_flagged_stays_until_it_is_decided(cast, write, browse, at, room):
    message = write(cast.vera, "原话")
    with transaction():
        items.put("message", message, 1, why=Why.REPORTED, now=clock.now())
    for path, data in (("edit", {"body": "改了"}), ("take-back", {})):
        answer = browse(cast.vera).post(at(f"/rooms/{room}/messages/1/{path}"), data=data)
        assert answer.status_code == 422
        assert "村委会" in answer.text
    db.session.expire_all()
    assert rooms.get_message(message).message.body == "原话"
    decide(cast.max, message, Action.APPROVE)
    edit(message, cast.vera, "改了")
    assert service.get_waiting("message", message).subject.earlier == ("原话",)
