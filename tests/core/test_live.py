"""Readers sleep on counters, and one thread wakes them."""

import threading
import time

import pytest
from flask import Flask
from sqlalchemy.exc import OperationalError

from portal.core import live
from portal.core.live import Full, Watcher


class Counters:
    """A table of counters that notes how often it was asked."""

    def __init__(self):
        self.values = {}
        self.asked = []
        self.is_away = False

    def __call__(self, topics):
        self.asked.append(sorted(topics))
        if self.is_away:
            raise OperationalError("SELECT", {}, Exception("the database is away"))
        return {topic: self.values.get(topic, 0) for topic in topics}


@pytest.fixture
def counters():
    return Counters()


@pytest.fixture
def watcher(counters):
    return Watcher(Flask("live"), counters, tick=0.01, capacity=5)


def wait_until(fact, seconds=5):
    end = time.monotonic() + seconds
    while not fact():
        assert time.monotonic() < end, "it never came true"
        time.sleep(0.005)


def test_a_reader_sleeps_until_the_counter_passes_him(watcher, counters):
    counters.values = {7: 3}
    watcher.join(7, person=1)
    assert watcher.wait(7, after=2, timeout=5) is True
    assert watcher.wait(7, after=3, timeout=0.05) is False
    threading.Timer(0.05, counters.values.update, ({7: 4},)).start()
    assert watcher.wait(7, after=3, timeout=5) is True
    watcher.leave(7, person=1)


def test_only_readers_of_the_topic_are_woken(watcher, counters):
    watcher.join(7, person=1)
    watcher.join(8, person=2)
    counters.values = {7: 1}
    assert watcher.wait(7, after=0, timeout=5) is True
    assert watcher.wait(8, after=0, timeout=0.05) is False
    watcher.leave(7, person=1)
    watcher.leave(8, person=2)


def test_one_question_a_tick_serves_all_readers_and_none_is_asked_without_readers(
    watcher, counters
):
    for person in range(5):
        watcher.join(7, person)
    wait_until(lambda: len(counters.asked) >= 3)
    assert {tuple(topics) for topics in counters.asked} == {(7,)}
    assert sum(thread.name == "live" for thread in threading.enumerate()) == 1
    for person in range(5):
        watcher.leave(7, person)
    wait_until(lambda: not any(thread.name == "live" for thread in threading.enumerate()))
    asked = len(counters.asked)
    time.sleep(0.05)
    assert len(counters.asked) == asked


def test_the_next_reader_starts_it_again(watcher, counters):
    for revision in (1, 2):
        watcher.join(7, person=1)
        counters.values = {7: revision}
        assert watcher.wait(7, after=revision - 1, timeout=5) is True
        watcher.leave(7, person=1)
        wait_until(lambda: not any(thread.name == "live" for thread in threading.enumerate()))


def test_readers_keep_their_place_while_the_database_is_away(watcher, counters):
    counters.is_away = True
    watcher.join(7, person=1)
    wait_until(lambda: len(counters.asked) >= 3)
    counters.values, counters.is_away = {7: 1}, False
    assert watcher.wait(7, after=0, timeout=5) is True
    watcher.leave(7, person=1)


def test_there_is_no_place_for_one_too_many(watcher):
    for person in range(5):
        watcher.join(7, person)
    with pytest.raises(Full):
        watcher.join(7, person=6)
    assert watcher.count_readers() == 5
    watcher.leave(7, person=0)
    watcher.join(7, person=6)
    for person in (1, 2, 3, 4, 6):
        watcher.leave(7, person)
    assert watcher.count_readers() == 0


def test_one_person_cannot_take_every_place(counters):
    watcher = Watcher(Flask("live"), counters, tick=0.01, capacity=1000)
    for _ in range(live.EACH):
        watcher.join(7, person=1)
    with pytest.raises(Full):
        watcher.join(7, person=1)
    watcher.join(7, person=2)
    watcher.leave(7, person=2)
    for _ in range(live.EACH):
        watcher.leave(7, person=1)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_content_cannot_leave_its_event(end):
    content = f"<li>hello{end}{end}event: end{end}id: 99{end}</li>"
    assert live.as_event("news", 4, content) == (
        "id: 4\nevent: news\ndata: <li>hello\ndata: \ndata: event: end\ndata: id: 99\ndata: </li>\n\n"
    )


@pytest.mark.parametrize(
    ("header", "query", "seen"),
    [
        (None, "", 0),
        (None, "?after=12", 12),
        ("40", "?after=12", 40),
        ("-1", "", 0),
        ("9" * 40, "", 0),
        ("1; DROP", "?after=3", 0),
        (None, "?after=%00", 0),
    ],
)
def test_where_a_reader_goes_on(header, query, seen):
    headers = {"Last-Event-ID": header} if header else {}
    with Flask("live").test_request_context(f"/{query}", headers=headers):
        assert live.seen_by_reader() == seen
