"""A plan to talk about, a room to talk in, and a stream server to listen to."""

import http.client
import re
import threading
import time
from contextlib import contextmanager
from uuid import uuid4

import pytest
from sqlalchemy import text
from werkzeug.serving import make_server

from portal.core import clock
from portal.core.db import db, transaction
from portal.core.scope import village_scope
from portal.meetings.council_models import Councillor
from portal.people.models import Resident
from portal.rooms import service as rooms
from portal.rooms.models import Author
from tests.discussion.conftest import say


@pytest.fixture
def room(cast, village):
    """Return the id of the village's open room."""
    with transaction():
        return rooms.open_room().id


@pytest.fixture
def chat(room, village):
    """Say something in the room; return its message."""
    keys = iter(range(10_000))

    def _chat(person, body="大家好", *, key=None, show_name=False, badge=None, now=None):
        with transaction():
            return rooms.send(
                room,
                body=body,
                show_name=show_name,
                client_key=key or f"chat-key-{next(keys)}",
                author=Author(person.resident_id),
                badge=badge,
                now=now or clock.now(),
            )

    return _chat


def sit(person, *, seat=1):
    """Let somebody sit in the council today; the transaction is the caller's."""
    today = clock.today(clock.now())
    councillor = Councillor(
        resident_id=person.resident_id,
        group_id=db.session.get_one(Resident, person.resident_id).group_id,
        seat=seat,
        begins_on=today,
        ends_on=today,
        made_at=clock.now(),
    )
    db.session.add(councillor)
    return councillor


def send(room_id, person, body="大家好", *, key=None, badge=None, now=None, reply_to=None):
    """Say something in any room; the transaction is the caller's."""
    return rooms.send(
        room_id,
        body=body,
        show_name=False,
        client_key=key or uuid4().hex,
        author=Author(person.resident_id),
        badge=badge,
        now=now or clock.now(),
        reply_to=reply_to,
    )


@contextmanager
def counter_held(room_id, *, until):
    """Let nobody count on in the room before so many wait for it, all having looked what is there.

    It is for the controls of races on PostgreSQL, which would otherwise hang on who is quicker.
    """
    waiting = text(
        "SELECT count(*) FROM pg_stat_activity"
        " WHERE datname = current_database() AND cardinality(pg_blocking_pids(pid)) > 0"
    )
    gate = db.engine.connect()
    gate.execute(text("SELECT id FROM room WHERE id = :id FOR UPDATE"), {"id": room_id})

    def open_gate():
        end = time.monotonic() + 20
        while gate.scalar(waiting) < until and time.monotonic() < end:
            time.sleep(0.02)
            gate.execute(text("SELECT pg_stat_clear_snapshot()"))
        gate.close()

    opener = threading.Thread(target=open_gate)
    opener.start()
    yield
    opener.join()


class Reader:
    """Listens to a stream over a real connection, and remembers how far it has come."""

    def __init__(self, server, path, cookie, after=0):
        self.server, self.path, self.cookie = server, path, cookie
        self.last = after
        self.events = []
        self.heartbeats = 0
        self.response = self.connection = None

    def connect(self, **headers):
        self.connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=10)
        headers = {"Cookie": self.cookie, "Last-Event-ID": str(self.last)} | headers
        self.connection.request("GET", self.path, headers=headers)
        self.response = self.connection.getresponse()
        return self.response

    def read(self, until=lambda _: False):
        """Read events until the stream ends, or until this is true of them."""
        event = {"data": []}
        while line := self.response.readline():
            line = line.decode().rstrip("\n")
            if line.startswith(":"):
                self.heartbeats += 1
            elif line:
                name, _, value = line.partition(": ")
                event["data"].append(value) if name == "data" else event.update({name: value})
            elif "id" in event:
                self.last = int(event["id"])
                self.events.append((event["event"], self.last, "\n".join(event["data"])))
                event = {"data": []}
            if until(self):
                return

    def cut(self):
        """Close the connection as a dead line does: at once, in the middle of whatever."""
        self.response.close()
        self.connection.close()

    @property
    def bodies(self):
        return [
            re.search(r'class="said">(.*?)</p>', html, re.S)[1]
            for kind, _, html in self.events
            if kind == "news"
        ]


@pytest.fixture
def stream_server(app, browse, at, room):
    """Serve the app on a loopback port of its own, as the stream processes do."""
    app.config.update(LIVE_BEAT=0.2, LIVE_LIFE=30)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()

    def listen(person, after=0, *, room_id=room):
        client = browse(person)
        name = app.config["SIGN_IN_COOKIE"]
        cookie = client.get_cookie(name)
        return Reader(
            server,
            at(f"/rooms/{room_id}/stream"),
            f"{name}={cookie.value}" if cookie else "",
            after,
        )

    server.listen = listen
    yield server
    server.shutdown()
    thread.join()
    server.server_close()
    teller = app.extensions.get("live", {}).get("rooms")
    end = time.monotonic() + 10
    while teller and (teller.count_readers() or teller.is_at_work) and time.monotonic() < end:
        time.sleep(0.02)
    assert not teller or teller.count_readers() == 0, "a reader kept its place"


__all__ = ["say", "village_scope"]
