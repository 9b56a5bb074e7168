"""Lines that are cut again and again: every page ends as exactly what can be seen (bench/cuts.py whole)."""

import random
import threading
import time
from types import SimpleNamespace

import pytest

from bench import cuts, servers
from bench.listeners import Crowd, House

READERS, EVENTS, RATE = 20, 150, 50.0
LONGEST = 0.7
"""Seconds; whoever reads is cut every third of a second, and as long away."""


@pytest.fixture(autouse=True)
def no_hurry(monkeypatch):
    """Let four people say more than they could in a minute."""
    monkeypatch.setattr("portal.rooms.rules.MESSAGES_A_MINUTE", 1000)


@pytest.fixture
def streams(app, tmp_path):
    """Serve the streams with two processes of the real kind; return their port."""
    environment = {
        "PORTAL_DATABASE_URL": app.config["SQLALCHEMY_DATABASE_URI"],
        "PORTAL_SECRET_KEY": app.config["SECRET_KEY"],
        "PORTAL_JOBS_PATH": str(tmp_path / "jobs.db"),
        "PORTAL_STREAMS": "streams",
    }
    with servers.serving(
        "wsgi:app",
        environment=environment,
        options=["--workers", "2"],
        settings="deploy/gunicorn_streams.py",
    ) as port:
        yield port


def test_whoever_is_cut_off_ends_with_exactly_what_can_be_seen(
    app, cast, village, room, browse, at, streams, stream_server
):
    people = [cast.vera, cast.wang, cast.max, cast.paula]
    name = app.config["SIGN_IN_COOKIE"]
    cookies = [f"{name}={browse(person).get_cookie(name).value}" for person in people]
    readers = cuts.make_readers(cookies, READERS)
    state = SimpleNamespace(newest=0, last=0)
    crowd = Crowd(
        House(
            streams, stream_server.port, at(f"/rooms/{room}/stream"), at(f"/rooms/{room}/messages")
        ),
        readers,
        longest=LONGEST,
        seed=1,
        newest=lambda: state.newest,
        last=lambda: state.last,
    )
    reading = threading.Thread(target=crowd.run, kwargs={"within": 60})
    reading.start()
    writers = [person.resident_id for person in (cast.vera, cast.wang, cast.sun, cast.max)]
    talk = cuts.Talk(app, village.id, room, writers, random.Random(1))
    late = time.monotonic() + 30
    while min(reader.cuts for reader in readers) < 1 and time.monotonic() < late:
        state.newest = talk.go_on()  # until everybody's line was cut, however slow they came in
    cuts.talk_while_read(talk, state, events=EVENTS, rate=RATE)
    reading.join()
    wrong, losses = cuts.judge(cuts.Outcome(readers, crowd.words, crowd.faults), talk.expected())
    assert dict(wrong) == {}
    assert min(reader.cuts for reader in readers) >= 1
    assert {reader.way for reader in readers} == {"stream", "poll", "feed"}
    assert losses >= 1, (
        "the control went on with the newest and lost nothing: the test sees no loss"
    )
