"""The live stream: nothing is lost, nothing comes twice, and only those who may read hear it."""

import socket
import threading
import time
from contextvars import Context

import pytest
from sqlalchemy import update
from werkzeug.test import EnvironBuilder

from deploy.stream_worker import Line
from portal.core import clock, live
from portal.core.db import db, transaction
from portal.core.scope import enter_village
from portal.meetings.council_models import Councillor
from portal.moderation.rules import Code
from portal.people.models import Account
from portal.rooms import service as rooms
from portal.rooms.models import Author
from portal.rooms.rules import COUNCIL
from portal.rooms.telling import Talk, Ticket
from portal.sign_in import sessions
from tests.rooms.conftest import send, sit

MESSAGES, WRITERS, CUTS = 100, 5, 5


@pytest.fixture
def write(app, village, room, cast):
    """Write 100 messages from five threads; return the threads, started."""
    people = [cast.vera, cast.wang, cast.sun, cast.max, cast.vera]

    def run(writer):
        with app.app_context(), app.test_request_context():
            enter_village(village.id)
            for i in range(MESSAGES // WRITERS):
                with transaction():
                    rooms.send(
                        room,
                        body=f"{writer}-{i}",
                        show_name=False,
                        client_key=f"key-{writer}-{i:04}",
                        author=Author(people[writer].resident_id),
                        badge=None,
                        now=clock.now(),
                    )
                time.sleep(0.01)
            db.session.remove()

    def start():
        threads = [threading.Thread(target=run, args=(w,)) for w in range(WRITERS)]
        for thread in threads:
            thread.start()
        return threads

    return start


@pytest.fixture(autouse=True)
def no_hurry(monkeypatch):
    """Let one test's writer write more than a person does in a minute."""
    monkeypatch.setattr("portal.rooms.rules.MESSAGES_A_MINUTE", 1000)


def listen_with_cuts(reader):
    """Read until the last message is there, cut off five times on the way."""
    for cut in range(CUTS):
        wanted = 12 * (cut + 1)
        assert reader.connect().status == 200
        reader.read(until=lambda r, wanted=wanted: len(r.events) >= wanted)
        reader.cut()
        time.sleep(0.06)
    reader.connect()
    reader.read(until=lambda r: r.last >= MESSAGES)
    reader.cut()


def test_a_reader_cut_off_five_times_has_exactly_the_hundred_in_order(
    stream_server, cast, write, room
):
    reader = stream_server.listen(cast.vera)
    threads = write()
    listen_with_cuts(reader)
    for thread in threads:
        thread.join()
    assert [revision for _, revision, _ in reader.events] == list(range(1, MESSAGES + 1))
    written = [line.message.body for line in rooms.list_page(room, limit=200)]
    assert reader.bodies == written
    assert sorted(written) == sorted(f"{w}-{i}" for w in range(WRITERS) for i in range(20))


def test_a_reader_that_starts_at_what_is_newest_loses_messages(stream_server, cast, chat):
    """The control: a chat that does not resume shows the loss that the test above would see."""
    reader = stream_server.listen(cast.vera)
    reader.connect()
    chat(cast.wang)
    reader.read(until=lambda r: r.last == 1)
    reader.cut()
    chat(cast.wang), chat(cast.wang)  # while the reader is away
    reader.last = 3
    reader.connect()
    chat(cast.wang)
    reader.read(until=lambda r: r.last == 4)
    reader.cut()
    assert [revision for _, revision, _ in reader.events] == [1, 4]


def test_the_feed_says_what_the_stream_says(stream_server, cast, chat, browse, at, room):
    for body in ("一", "二", "三"):
        chat(cast.wang, body)
    reader = stream_server.listen(cast.vera)
    reader.connect()
    reader.read(until=lambda r: len(r.events) == 3)
    reader.cut()
    feed = browse(cast.vera).get(at(f"/rooms/{room}/messages?after=1")).text
    assert feed == "\n".join(html for _, _, html in reader.events[1:]) or feed == "".join(
        html for _, _, html in reader.events[1:]
    )


def test_a_line_that_arrives_can_be_reported_like_those_of_the_page(
    stream_server, cast, chat, browse, at, room
):
    theirs, own = chat(cast.wang, "骂人的话"), chat(cast.vera, "好话")
    page = browse(cast.vera).get(at(f"/rooms/{room}")).text
    reader = stream_server.listen(cast.vera)
    reader.connect()
    reader.read(until=lambda r: len(r.events) == 2)
    reader.cut()
    for told in (page, "".join(html for _, _, html in reader.events)):
        assert at(f"/reports/message/{theirs.id}") in told
        assert at(f"/reports/message/{own.id}") not in told
    assert "/reports/" not in browse(cast.paula).get(at(f"/rooms/{room}")).text
    path = at(f"/reports/message/{theirs.id}")
    assert browse(cast.vera).get(path).status_code == 200
    with transaction():
        rooms.set_standing(theirs.id, held_for=None, hidden_code=Code.INSULT)
    assert path not in browse(cast.vera).get(at(f"/rooms/{room}")).text


def test_a_message_hidden_meanwhile_arrives_as_hidden(stream_server, cast, chat):
    message = chat(cast.wang, "骂人的话")
    reader = stream_server.listen(cast.vera, after=1)
    reader.connect()
    with transaction():
        rooms.set_standing(message.id, held_for=None, hidden_code=Code.INSULT)
    reader.read(until=lambda r: r.events)
    reader.cut()
    [(kind, revision, html)] = reader.events
    assert (kind, revision) == ("news", 2)
    assert 'id="m-1"' in html
    assert "骂人的话" not in html


def test_heartbeats_keep_the_line_open_and_the_session_is_given_back(stream_server, cast, app):
    reader = stream_server.listen(cast.vera)
    reader.connect()
    reader.read(until=lambda r: r.heartbeats >= 2)
    assert reader.events == []
    db.session.remove()
    samples = []
    for _ in range(60):
        samples.append(
            db.engine.pool.checkedout()
        )  # now and then the watcher holds one, or the beat
        time.sleep(0.005)
    assert min(samples) == 0
    reader.cut()


def test_a_stream_has_an_end_and_the_next_goes_on(stream_server, cast, chat, app):
    app.config["LIVE_LIFE"] = 0.3
    chat(cast.wang)
    reader = stream_server.listen(cast.vera)
    reader.connect()
    reader.read()  # until the server ends it
    assert [e[:2] for e in reader.events] == [("news", 1)]
    chat(cast.wang)
    reader.connect()
    reader.read()
    assert [e[:2] for e in reader.events] == [("news", 1), ("news", 2)]


def sign_out(cast, reader):
    with transaction():
        sessions.end_session(reader.cookie.partition("=")[2], now=clock.now())


def lock_out(cast, reader):
    with transaction():
        db.session.execute(
            update(Account).where(Account.id == cast.vera.account_id).values(is_active=False)
        )


@pytest.mark.parametrize("leave", [sign_out, lock_out])
def test_whoever_may_no_longer_read_hears_nothing_more(stream_server, cast, chat, leave):
    reader = stream_server.listen(cast.vera)
    reader.connect()
    chat(cast.wang, "还听得到")
    reader.read(until=lambda r: r.events)
    leave(cast, reader)
    chat(cast.wang, "听不到了")
    reader.read()  # the server ends it
    assert [kind for kind, _, _ in reader.events] == ["news", "end"]
    assert "听不到了" not in str(reader.events)
    assert reader.connect().status in (302, 403)
    reader.cut()


def test_the_council_listens_as_long_as_it_sits_and_the_village_beside_it(
    stream_server, cast, chat, app
):
    with transaction():
        council = rooms.open_room(COUNCIL).id
        seats = [sit(cast.vera, seat=1), sit(cast.wang, seat=2)]
        seat_id = seats[0].id
    vera, wang, max_ = (
        stream_server.listen(one, room_id=council) for one in (cast.vera, cast.wang, cast.max)
    )
    villager = stream_server.listen(cast.sun)
    for reader in (vera, wang, max_, villager):
        assert reader.connect().status == 200
    for reader in (vera, wang, max_, villager):
        reader.read(until=lambda r: r.heartbeats >= 2)
        assert (reader.heartbeats, reader.events) == (2, [])
    with transaction():
        db.session.get_one(Councillor, seat_id).ended_on = clock.today(clock.now())
    vera.read()  # the server ends it
    assert [kind for kind, _, _ in vera.events] == ["end"]
    with transaction():
        send(council, cast.wang, "议事厅")
    chat(cast.wang, "村里")
    for reader, heard in ((wang, "议事厅"), (max_, "议事厅"), (villager, "村里")):
        reader.read(until=lambda r: r.events)
        reader.cut()
        assert reader.bodies == [heard]


def test_seats_are_asked_for_once_for_each_village(
    stream_server, cast, app, village, count_queries
):
    with transaction():
        council = rooms.open_room(COUNCIL).id
        sit(cast.vera, seat=1), sit(cast.wang, seat=2)
    name = app.config["SIGN_IN_COOKIE"]

    def tickets(*people):
        for person in people:
            token = stream_server.listen(person).cookie.removeprefix(f"{name}=")
            digest = sessions.digest_of(token)
            yield Ticket(digest, village.id, village.code, council, COUNCIL, "zh")

    one, three = set(tickets(cast.vera)), set(tickets(cast.vera, cast.wang, cast.sun))
    Talk().admit(one)  # the village is known from now on
    counts = []
    for some in (one, three):
        with count_queries() as count:
            admitted = Talk().admit(some)
        counts.append(count.n)
    assert len(admitted) == 2
    assert counts == [2, 2]


@pytest.mark.parametrize(
    ("person", "status"),
    [
        ("vera", 200),
        ("wang", 200),
        ("max", 200),
        ("sun", 200),
        ("paula", 200),
        ("otto", 403),
        ("ada", 403),
        ("nora", 403),
        (None, 302),
    ],
)
def test_who_may_listen(stream_server, cast, person, status):
    reader = stream_server.listen(person and getattr(cast, person))
    assert reader.connect().status == status
    reader.cut()


def test_a_second_reader_too_many_is_sent_to_the_feed(stream_server, cast, app):
    app.config["LIVE_CAPACITY"] = 1
    first, second = stream_server.listen(cast.vera), stream_server.listen(cast.wang)
    assert first.connect().status == 200
    response = second.connect()
    assert (response.status, response.headers["Retry-After"]) == (503, "30")
    first.cut(), second.cut()


def test_nobody_can_speak_as_the_server(stream_server, cast, browse, at, room):
    body = "hi\r\n\r\nevent: end\ndata: bye\n\nid: 999\n\n<script>alert(1)</script>"
    client = browse(cast.wang)
    answer = client.post(
        at(f"/rooms/{room}"),
        data={
            "key": "key-00000001",
            "body": body,
            "event": "end",
            "id": "999",
            "revision": "999",
            "seq": "999",
        },
    )
    assert answer.status_code == 302
    reader = stream_server.listen(cast.vera)
    reader.connect()
    reader.read(until=lambda r: r.events)
    reader.cut()
    [(kind, revision, html)] = reader.events
    assert (kind, revision) == ("news", 1)
    assert "event: end\ndata: bye\n\nid: 999\n\n&lt;script&gt;alert(1)&lt;/script&gt;" in html


def test_headers_of_a_stream(stream_server, cast):
    reader = stream_server.listen(cast.vera)
    response = reader.connect(Origin="https://evil.example")
    assert response.headers["Content-Type"].startswith("text/event-stream")
    assert response.headers["Cache-Control"] == "no-store"
    assert response.headers["X-Accel-Buffering"] == "no"
    assert response.headers.get("Access-Control-Allow-Origin") is None
    assert response.headers.get("Content-Encoding") is None
    reader.cut()


def test_an_answer_that_is_handed_over_is_told_as_plain_as_it_comes(
    stream_server, cast, chat, app, at, room
):
    """The stream worker writes the answer itself; what was said of the empty one is not true."""
    chat(cast.wang, "水渠清好了" * 40)
    head = {"Cookie": stream_server.listen(cast.vera).cookie, "Accept-Encoding": "br, zstd, gzip"}
    environ = EnvironBuilder(at(f"/rooms/{room}/stream?wait=5"), headers=head).get_environ()
    with socket.create_server(("127.0.0.1", 0)) as door:
        ours = socket.create_connection(door.getsockname(), timeout=10)
        line = Line(door.accept()[0])
    environ[live.HAND_OVER] = line
    body = Context().run(app.wsgi_app, environ, line.start)
    line.give(line.receive)
    body.close()
    with ours, ours.makefile("rb") as answer:
        head, _, html = answer.read().partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 200 OK")
    assert b"Content-Encoding" not in head
    assert b"Content-Length: %d" % len(html) in head
    assert "水渠清好了" in html.decode()


@pytest.mark.parametrize(
    ("origin", "allowed"),
    [
        ("http://127.0.0.1:8000", "http://127.0.0.1:8000"),
        ("http://evil.example", None),
        ("null", None),
    ],
)
def test_only_the_pages_origin_may_read_across_ports(stream_server, cast, app, origin, allowed):
    app.config["SETTINGS"].page_origin = "http://127.0.0.1:8000"
    reader = stream_server.listen(cast.vera)
    headers = reader.connect(Origin=origin).headers
    assert headers.get("Access-Control-Allow-Origin") == allowed
    assert headers.get("Access-Control-Allow-Credentials") == (allowed and "true")
    assert "Origin" in headers["Vary"]
    reader.cut()
