"""Pages of opinions and of the room: who sees what, and nothing typed is lost."""

import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from portal.core.db import db, transaction
from portal.discussion import service
from portal.moderation.rules import Code
from portal.people.models import Resident
from portal.rooms import service as rooms
from portal.rooms.models import Message
from tests.discussion.test_views import filled

HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)>\"'`{{7*7}}"
KEY = "key-00000001"


@pytest.mark.parametrize(
    ("person", "read", "write"),
    [
        ("vera", 200, 302),
        ("wang", 200, 302),
        ("max", 200, 302),
        ("sun", 200, 302),
        ("paula", 200, 302),
        ("otto", 403, 403),
        ("ada", 403, 403),
        ("nora", 403, 403),
        (None, 302, 401),
    ],
)
def test_who_reads_and_who_writes(room, cast, browse, at, person, read, write):
    client = browse(person and getattr(cast, person))
    assert client.get(at(f"/rooms/{room}")).status_code == read
    assert client.get(at(f"/rooms/{room}/messages")).status_code == read
    answer = client.post(at(f"/rooms/{room}"), data={"key": KEY, "body": "大家好"})
    assert answer.status_code == write
    assert db.session.scalar(select(func.count()).select_from(Message)) == (write == 302)


def test_a_neighbours_address_of_the_room_leads_nowhere(room, cast, browse, at, neighbour):
    client = browse(cast.nora)
    for path in (
        f"/rooms/{room}",
        f"/rooms/{room}/messages",
        f"/rooms/{room}/stream",
    ):
        assert client.get(at(path, neighbour)).status_code == 404
    assert (
        client.post(at(f"/rooms/{room}", neighbour), data={"key": KEY, "body": "x"}).status_code
        == 404
    )


@pytest.mark.parametrize(
    ("person", "status"), [("max", 302), ("vera", 403), ("paula", 403), ("nora", 403), (None, 401)]
)
def test_who_opens_the_room(cast, browse, at, person, status):
    client = browse(person and getattr(cast, person))
    assert client.post(at("/rooms")).status_code == status
    assert (rooms.find_room() is not None) == (status == 302)


def test_a_script_gets_the_line_and_the_same_key_the_same_line(room, cast, browse, at):
    client = browse(cast.vera)
    send = lambda body: client.post(  # noqa: E731
        at(f"/rooms/{room}"), data={"key": KEY, "body": body}, headers={"X-Chat": "1"}
    )
    first, second = send("大家好"), send("大家好")
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.text == second.text
    assert 'data-seq="1" data-revision="1"' in first.text
    assert "已送达" in first.text
    assert "已送达" not in browse(cast.wang).get(at(f"/rooms/{room}/messages")).text


@pytest.mark.parametrize(
    ("body", "words"), [("  ", "请先写几个字。"), ("路" * 1001, "最多1000字，请删短一点。")]
)
def test_a_message_not_taken_comes_back(room, cast, browse, at, body, words):
    client = browse(cast.vera)
    page = client.post(at(f"/rooms/{room}"), data={"key": KEY, "body": body})
    assert page.status_code == 422
    assert words in page.text
    assert filled(page.text).strip() == body.strip()
    short = client.post(
        at(f"/rooms/{room}"), data={"key": KEY, "body": body}, headers={"X-Chat": "1"}
    )
    assert (short.status_code, short.text) == (422, words)


def test_too_many_messages_wait(room, cast, browse, at, monkeypatch):
    monkeypatch.setattr("portal.rooms.rules.MESSAGES_A_MINUTE", 1)
    client = browse(cast.vera)
    client.post(at(f"/rooms/{room}"), data={"key": KEY, "body": "一"})
    answer = client.post(at(f"/rooms/{room}"), data={"key": "key-00000002", "body": "二"})
    assert answer.status_code == 429
    assert "请歇一会儿再发" in answer.text
    assert filled(answer.text) == "二"


def test_the_page_ends_with_the_newest_and_leads_to_the_earlier(
    room, cast, browse, at, chat, monkeypatch
):
    monkeypatch.setattr("portal.rooms.rules.MESSAGES_A_MINUTE", 1000)
    for i in range(53):
        chat(cast.wang, f"第{i + 1}句")
    client = browse(cast.vera)
    seqs = lambda page: [int(n) for n in re.findall(r'data-seq="(\d+)"', page)]  # noqa: E731
    page = client.get(at(f"/rooms/{room}")).text
    assert seqs(page) == list(range(4, 54))
    assert 'data-revision="53" data-feed' in page
    assert f"/rooms/{room}?before=4#newest" in page
    earlier = client.get(at(f"/rooms/{room}?before=4")).text
    assert seqs(earlier) == [1, 2, 3]
    assert "chat.js" not in earlier
    assert seqs(client.get(at(f"/rooms/{room}?at=2")).text) == list(range(1, 27))


def test_the_feed_goes_on_where_the_reader_was(room, cast, browse, at, chat):
    for body in ("一", "二", "三"):
        chat(cast.wang, body)
    feed = lambda query: re.findall(  # noqa: E731
        r'class="said">(.)</p>',
        browse(cast.vera).get(at(f"/rooms/{room}/messages{query}")).text,
    )
    assert [feed(q) for q in ("", "?after=1", "?after=3", "?after=x")] == [
        ["一", "二", "三"],
        ["二", "三"],
        [],
        ["一", "二", "三"],
    ]


def test_a_hidden_message_is_a_placeholder_but_for_its_author(room, cast, browse, at, chat):
    message = chat(cast.vera, "骂人的话")
    with transaction():
        rooms.set_standing(message.id, held_for=None, hidden_code=Code.INSULT)
    for path in (f"/rooms/{room}", f"/rooms/{room}/messages", "/discussion"):
        for person in (cast.wang, cast.max, cast.paula):
            assert "骂人的话" not in browse(person).get(at(path)).text
    assert "骂人的话" in browse(cast.vera).get(at(f"/rooms/{room}")).text
    assert "原因：辱骂他人" in browse(cast.wang).get(at(f"/rooms/{room}/messages")).text


def test_hostile_words_stay_words(version, room, cast, browse, at, say, chat):
    with transaction():
        db.session.get_one(Resident, cast.wang.resident_id).name = HOSTILE[:60]
    comment = say(version, cast.wang, HOSTILE, show_name=True, about="goal-1", about_title=HOSTILE)
    chat(cast.wang, HOSTILE, show_name=True)
    pages = [
        "/discussion",
        f"/discussion/plans/{version}",
        f"/plans/{version}?about={HOSTILE}",
        f"/discussion/opinions/{comment}",
        f"/rooms/{room}",
        f"/rooms/{room}/messages",
        "/discussion/mine",
    ]
    for person in (cast.vera, cast.wang, cast.max):
        for path in pages:
            page = browse(person).get(at(path)).text
            assert "<script>alert" not in page
            assert "<img src=x" not in page
        for path in ("", f"/opinion/{comment}", "/message/1", "/log"):
            page = browse(person).get(at(f"/moderation{path}")).text
            assert "<script>alert" not in page
            assert "<img src=x" not in page
        for path in ("/", "/me"):
            assert "<script>alert" not in browse(person).get(at(path)).text


def test_no_page_and_no_fragment_carries_a_phone(version, room, cast, browse, at, say, chat):
    say(version, cast.vera, show_name=True), chat(cast.vera, show_name=True)
    for path in (
        "/discussion",
        f"/discussion/plans/{version}",
        "/discussion/opinions/1",
        f"/rooms/{room}",
        f"/rooms/{room}/messages",
    ):
        page = browse(cast.wang).get(at(path)).text
        page = re.sub(r"[0-9a-f]{30,}", "", page)  # a key drawn at random is no phone
        assert not re.search(r"1[3-9]\d{9}|\d{3}\*{4}\d{4}|@\w+\.", page)


def test_lists_ask_the_same_whatever_their_length(
    version, room, cast, browse, at, say, chat, count_queries
):
    counts = {}
    for rows in (1, 3):
        while service.tally(version).total < rows:
            say(version, cast.vera), chat(cast.wang)
        db.session.rollback()
        for path in (
            "/discussion",
            f"/discussion/plans/{version}",
            "/discussion/mine",
            f"/rooms/{room}",
            f"/rooms/{room}/messages",
        ):
            client = browse(cast.vera)
            with count_queries() as counted:
                assert client.get(at(path)).status_code == 200
            counts.setdefault(path, []).append(counted.n)
    assert {path: len(set(n)) for path, n in counts.items()} == dict.fromkeys(counts, 1)
    assert max(n[0] for n in counts.values()) <= 11


def test_what_only_some_may_read_is_stored_by_nobody(room, cast, browse, at, chat):
    chat(cast.wang)
    for path in (f"/rooms/{room}", f"/rooms/{room}/messages"):
        answer = browse(cast.vera).get(at(path))
        assert "no-store" in answer.headers["Cache-Control"]
        assert "Cookie" in answer.headers["Vary"]


def test_pages_and_streams_keep_to_their_own_processes(
    make_app, version, room, cast, browse, at, database
):
    token = browse(cast.vera)
    cookie = token.get_cookie("sid").value
    got = {}
    for group in ("pages", "streams"):
        app = make_app(database, create=False, streams=group)
        client = FlaskClient(app, app.response_class)  # a stream is closed where it was opened
        client.set_cookie("sid", cookie)
        page = client.get(at(f"/rooms/{room}"))
        stream = client.get(at(f"/rooms/{room}/stream"), buffered=False)
        got[group] = (page.status_code, stream.status_code)
        stream.close()
    assert got == {"pages": (200, 404), "streams": (404, 200)}


def test_cards_lead_to_the_talk(version, room, cast, browse, at, say, chat):
    say(version, cast.vera), chat(cast.wang, "今天天气真好,大家出来走走")
    home = browse(cast.vera).get(at("/")).text
    assert "今天天气真好" in home
    assert f"/rooms/{room}#newest" in home
    assert "今天天气真好" not in browse(None).get(at("/")).text
    assert "1 条意见" in browse(cast.vera).get(at("/me")).text
