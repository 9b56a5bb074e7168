"""One thread holds all readers, tells each what is new, and loses nobody's place."""

import socket
import threading
import time
from collections import namedtuple

import pytest
from flask import Flask
from sqlalchemy.exc import OperationalError

from portal.core import broadcasting, live, news, readers, waking
from portal.core.broadcasting import Broadcaster
from portal.core.news import Found, News
from portal.core.readers import Full, Reader

Row = namedtuple("Row", "revision words")
LONG = "长" * 20_000


class Topics:
    """Topics in memory, which note what they were asked."""

    def __init__(self):
        self.rows = {}
        self.put_off, self.unaskable = set(), set()
        self.counted, self.admitted, self.reads, self.writes = [], [], [], []
        self.is_away = self.is_broken = False
        self.limit = 100

    def say(self, topic, words):
        rows = self.rows.setdefault(topic, [])
        rows.append(Row(len(rows) + 1, words))

    def counters(self, topics):
        self.counted.append(sorted(topics))
        if self.is_away:
            raise OperationalError("SELECT", {}, Exception("the database is away"))
        return {topic: len(self.rows.get(topic, ())) for topic in topics}

    def admit(self, tickets):
        self.admitted.append(len(tickets))
        if self.unaskable & set(tickets):
            raise ValueError("a fault of ours")
        return {ticket: ticket[1] for ticket in tickets if ticket not in self.put_off}

    def read(self, ticket, after):
        self.reads.append((ticket[0], after))
        if self.is_broken:
            raise ValueError("a fault of ours")
        rows = self.rows[ticket[0]][after : after + self.limit]
        return Found(rows, rows[-1].revision if rows else after, is_whole=len(rows) < self.limit)

    def kind(self, found, eyes):
        return eyes

    def write(self, ticket, found, eyes):
        self.writes.append(eyes)
        return [News(row.revision, row.words) for row in found.rows if eyes or row.words != "*"]


class Deaf:
    """An ear that hears nothing: only what is told in the process, and the clock."""

    tick = 0.5

    def fileno(self):
        return -1

    def has_moved(self):
        return False

    def close(self):
        pass


@pytest.fixture(autouse=True)
def deaf(monkeypatch):
    monkeypatch.setattr(waking, "open_own_ear", Deaf)


@pytest.fixture
def topics():
    return Topics()


@pytest.fixture
def made(topics):
    """Make broadcasters; see that their threads end when nobody reads."""
    tellers = []
    Phone.all = []

    def make(**facts):
        teller = Broadcaster(Flask("live"), topics, **({"beat": 60, "capacity": 5} | facts))
        tellers.append(teller)
        return teller

    yield make
    for phone in Phone.all:
        phone.hang_up()
    for teller in tellers:
        wait_until(lambda teller=teller: not teller.is_at_work)
        assert teller.count_readers() == 0


class Phone:
    """The far end of a line; each is hung up after the test."""

    all = []

    def __init__(self, teller, topic=7, *, eyes=True, after=0, wait=0, person=1, head=b""):
        teller.join(person)
        self.far, near = socket.socketpair()
        self.far.settimeout(5)
        self.ticket = (topic, eyes, person)
        self.reader = Reader(topic, person, self.ticket, seen=after, wait=wait)
        self.heard = b""
        self.all.append(self)
        self.reader.head = head if wait else b""
        teller.take(self.reader, near.detach(), b"" if wait else head)

    def hear(self, until=b""):
        """Return all that was heard when this was among it, or when the line is closed."""
        while not until or until not in self.heard:
            words = self.far.recv(65536)
            if not words:
                break
            self.heard += words
        return self.heard.decode()

    def hang_up(self):
        self.far.close()


def wait_until(fact, seconds=5):
    end = time.monotonic() + seconds
    while not fact():
        assert time.monotonic() < end, "it never came true"
        time.sleep(0.005)


def test_a_reader_hears_what_was_before_and_what_comes(made, topics):
    teller = made()
    topics.say(7, "一")
    phone = Phone(teller, head=b"HTTP/1.1 200 OK\r\n\r\n")
    assert phone.hear(b"data") == "HTTP/1.1 200 OK\r\n\r\nid: 1\nevent: news\ndata: 一\n\n"
    topics.say(7, "二")
    teller.wake()
    assert phone.hear("二\n\n".encode()).endswith("id: 2\nevent: news\ndata: 二\n\n")


def test_what_is_new_is_read_once_and_written_once_for_each_kind_of_reader(made, topics):
    teller = made(capacity=50)
    phones = [Phone(teller, eyes=i % 2 == 0, person=i) for i in range(40)]
    topics.say(7, "一")
    topics.say(7, "*")
    teller.wake()
    for phone in phones:
        phone.hear(b"id: 2\n")
    assert topics.reads == [(7, 0)]
    assert sorted(topics.writes) == [False, True]
    assert topics.admitted == [40]
    assert phones[0].heard.decode().endswith("id: 2\nevent: news\ndata: *\n\n")
    assert phones[1].heard.decode() == "id: 1\nevent: news\ndata: 一\n\nid: 2\n\n"  # not theirs


def test_only_readers_of_the_topic_are_told_and_one_question_serves_all(made, topics):
    teller = made()
    here, there = Phone(teller, 7), Phone(teller, 8, person=2)
    wait_until(lambda: [7, 8] in topics.counted)
    topics.say(7, "一")
    teller.wake()
    here.hear("一\n\n".encode())
    there.far.settimeout(0.1)
    with pytest.raises(TimeoutError):
        there.hear()
    assert sum(thread.name == "live" for thread in threading.enumerate()) == 1
    assert [asked for asked in topics.reads if asked[0] == 8] == []


def test_a_long_way_back_is_gone_in_steps(made, topics):
    topics.limit = 3
    for i in range(8):
        topics.say(7, f"第{i}")
    phone = Phone(made())
    phone.hear("第7\n\n".encode())
    assert topics.reads == [(7, 0), (7, 3), (7, 6)]
    assert phone.heard.decode().count("event: news") == 8


def test_those_who_were_away_are_told_by_few_readings(made, topics):
    """However many come back, and wherever each had come to."""
    teller = made(capacity=40)
    for number in range(250):
        topics.say(7, f"第{number}句")
    topics.is_away = True
    phones = [Phone(teller, after=8 * i, person=i) for i in range(30)]
    wait_until(lambda: not teller._arrived)
    topics.is_away = False
    for phone in phones:
        phone.hear("data: 第249句".encode())
        told = [line for line in phone.heard.split(b"\n") if line.startswith(b"id: ")]
        assert told == [b"id: %d" % n for n in range(8 * phone.ticket[2] + 1, 251)]
    assert len(topics.reads) <= 5
    assert topics.reads[0][1] >= 150  # whoever had heard nearly all waits for nobody


def test_whoever_was_away_is_not_kept_waiting_by_who_comes_after(made, topics):
    """At each reading somebody new comes from the beginning; somebody in the middle goes on."""
    teller = made(capacity=200)
    for number in range(2000):
        topics.say(7, f"第{number}句")
    read, newcomers = topics.read, []

    def read_while_they_come(ticket, after):
        if len(newcomers) < 100:
            newcomers.append(Phone(teller, person=2 + len(newcomers)))
        return read(ticket, after)

    topics.read = read_while_they_come
    middle = Phone(teller, after=1000)
    middle.hear("data: 第1999句".encode())
    topics.read, came = read, len(newcomers)
    wait_until(lambda: not teller._restless)
    assert came < 100
    told = [line for line in middle.heard.split(b"\n") if line.startswith(b"id: ")]
    assert told == [b"id: %d" % n for n in range(1001, 2001)]


@pytest.mark.alone
def test_a_long_poll_waits_no_longer_than_it_asked(made, topics):
    began = time.monotonic()
    Phone(made(beat=1), wait=1.2).hear()
    assert 1.15 < time.monotonic() - began < 1.9  # not at the second beat


class Deafened(Deaf):
    """An ear whose connection is lost: it no longer tells its number."""

    def __init__(self):
        self.line, self.far = socket.socketpair()
        self.is_lost = False

    def fileno(self):
        if self.is_lost:
            raise OSError("the connection is lost")
        return self.line.fileno()

    def has_moved(self):
        return False

    def close(self):
        self.line.close()
        self.far.close()


def test_an_ear_that_is_lost_leaves_nothing_behind(made, topics, monkeypatch):
    ears = []

    def open_ear():
        ears.append(Deafened())
        return ears[-1]

    monkeypatch.setattr(waking, "open_own_ear", open_ear)
    teller = made()
    phone = Phone(teller)
    wait_until(lambda: ears)
    for lost in range(1, 4):
        ears[-1].is_lost = topics.is_away = True
        teller.wake()
        wait_until(lambda: teller._ear is None)
        topics.is_away = False
        topics.say(7, f"第{lost}次")
        teller.wake()
        phone.hear(f"data: 第{lost}次".encode())
        numbers = {key.fd for key in teller._selector.get_map().values()}
        assert len(numbers) == 3  # the bell, the reader, and the new ear
    assert teller.count_readers() == 1


def test_nobody_asks_where_nobody_reads(made, topics):
    teller = made()
    for revision in (1, 2):
        topics.say(7, "一")
        phone = Phone(teller, after=revision - 1)
        phone.hear(b"data")
        phone.hang_up()
        wait_until(lambda: not teller.is_at_work)
    asked = len(topics.counted)
    teller.wake()
    time.sleep(0.05)
    assert len(topics.counted) == asked


def test_the_next_reader_comes_while_the_thread_of_the_last_one_ends(made, topics):
    teller = made()
    topics.say(7, "一")
    for _ in range(50):
        phone = Phone(teller)
        assert "一" in phone.hear(b"data")
        phone.hang_up()


def test_readers_keep_their_place_while_the_database_is_away(made, topics, monkeypatch):
    monkeypatch.setattr(broadcasting, "FIRST_PAUSE", 0.01)
    topics.is_away = True
    phone = Phone(made())
    wait_until(lambda: len(topics.counted) >= 3)
    topics.say(7, "一")
    topics.is_away = False
    assert "一" in phone.hear(b"data")


def test_a_fault_in_one_topic_silences_no_other(made, topics):
    teller = made()
    topics.is_broken = True
    topics.say(7, "一")
    assert Phone(teller).hear() == ""  # sent away: the page asks the feed
    topics.is_broken = False
    phone = Phone(teller, after=0)
    assert "一" in phone.hear(b"data")


def test_whoever_may_no_longer_read_hears_the_end_and_nothing_else(made, topics):
    teller = made()
    phone, other = Phone(teller), Phone(teller, person=2)
    wait_until(lambda: topics.counted)
    topics.put_off.add(phone.ticket)
    topics.say(7, "一")
    teller.wake()
    assert phone.hear() == "id: 0\nevent: end\ndata: \n\n"
    assert "一" in other.hear("一\n\n".encode())


def test_rights_are_asked_at_every_beat_for_all_at_once(made, topics, monkeypatch):
    monkeypatch.setattr(broadcasting, "AT_ONCE", 20)
    teller = made(beat=0.1, capacity=50)
    phones = [Phone(teller, person=i) for i in range(30)]
    for phone in phones:
        phone.hear(b": still here\n\n: still here\n\n")
    assert sum(topics.admitted) >= 60
    assert len(topics.admitted) < 40
    assert topics.reads == []
    topics.put_off.add(phones[0].ticket)
    assert phones[0].hear().endswith("id: 0\nevent: end\ndata: \n\n")


def test_a_fault_in_asking_about_one_reader_lets_go_of_no_other(made, topics):
    teller = made(beat=0.1)
    phones = [Phone(teller, topic, person=i) for i, topic in enumerate((7, 7, 7, 8))]
    topics.unaskable.add(phones[1].ticket)
    assert "event" not in phones[1].hear()  # the line ends; no word that they may not read
    for phone in (phones[0], phones[2], phones[3]):
        phone.hear(b": still here\n\n: still here\n\n")
    phones.append(Phone(teller, person=4))
    topics.unaskable.add(phones[4].ticket)
    topics.say(7, "一")
    teller.wake()
    assert phones[4].hear() == ""
    assert "一" in phones[0].hear("一\n\n".encode())


def test_a_slow_line_is_told_no_more_until_it_has_taken_what_it_was_told(made, topics):
    teller = made()
    phone = Phone(teller)
    for i in range(30):
        topics.say(7, f"{i}{LONG}")
    teller.wake()
    wait_until(lambda: phone.reader.waits)
    wait_until(lambda: not teller._restless)
    reads = len(topics.reads)
    for i in range(30, 60):
        topics.say(7, f"{i}{LONG}")
        teller.wake()
    time.sleep(0.1)
    assert len(topics.reads) == reads  # its own buffer holds what it has, and no more comes to it
    phone.hear(f"id: 60\nevent: news\ndata: 59{LONG}\n\n".encode())
    told = [line for line in phone.heard.split(b"\n") if line.startswith(b"id: ")]
    assert told == [b"id: %d" % n for n in range(1, 61)]


def test_a_line_that_takes_nothing_any_more_is_closed(made, topics):
    teller = made(beat=0.1)
    Phone(teller)
    for i in range(30):
        topics.say(7, f"{i}{LONG}")
    teller.wake()
    wait_until(lambda: teller.count_readers() == 0)
    assert all(phone.reader.line < 0 for phone in Phone.all)


def test_a_stream_ends_in_time_and_gives_its_place_back(made, topics):
    teller = made(beat=0.05, life=0.2)
    phone = Phone(teller)
    assert set(phone.hear().split("\n\n")) == {": still here", ""}
    wait_until(lambda: teller.count_readers() == 0)


def test_who_asks_once_hears_the_first_news_alone(made, topics):
    teller = made()
    topics.say(7, "一"), topics.say(7, "二")
    head = b"HTTP/1.1 200 OK\r\n"
    whole = head.decode() + "Content-Length: 6\r\n\r\n一二"  # a cut answer is known as one
    assert Phone(teller, wait=5, head=head).hear() == whole
    later = Phone(teller, after=2, wait=5)
    wait_until(lambda: teller.count_readers() == 1)
    topics.say(7, "三")
    teller.wake()
    assert later.hear() == "三"


@pytest.mark.alone
def test_who_asks_once_and_in_vain_is_answered_with_nothing(made, topics):
    began = time.monotonic()
    assert Phone(made(), wait=0.2).hear() == ""
    assert 0.15 < time.monotonic() - began < 2


def test_there_is_no_place_for_one_too_many(made):
    teller = made()
    phones = [Phone(teller, person=person) for person in range(5)]
    with pytest.raises(Full):
        teller.join(6)
    assert teller.count_readers() == 5
    phones.pop().hang_up()
    wait_until(lambda: teller.count_readers() == 4)
    teller.join(6)
    teller.leave(6)


def test_one_person_cannot_take_every_place(made):
    teller = made(capacity=1000)
    for _ in range(readers.EACH):
        teller.join(1)
    with pytest.raises(Full):
        teller.join(1)
    teller.join(2)
    teller.leave(2)
    for _ in range(readers.EACH):
        teller.leave(1)


def test_a_reader_is_small():
    """No request, no frame, no thread stays behind: a few hundred bytes are all."""
    reader = Reader(7, 1, (7, True, 1), seen=0)
    assert not hasattr(reader, "__dict__")
    assert reader.__sizeof__() < 200


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_content_cannot_leave_its_event(end):
    content = f"<li>hello{end}{end}event: end{end}id: 99{end}</li>"
    assert news.as_event("news", 4, content) == (
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
