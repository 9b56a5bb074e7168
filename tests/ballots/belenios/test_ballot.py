"""A ballot of high stakes from its first key to its sum, on the pages as people use them."""

import re
from datetime import timedelta
from threading import Event

import pytest
from sqlalchemy import select

from portal.ballots import life, service
from portal.ballots.belenios import (
    archive,
    aside,
    election,
    jobs,
    opening,
    setting_up,
    tool,
    voting,
)
from portal.ballots.belenios.models import BeleniosBallot
from portal.ballots.belenios.rules import Round, Seat
from portal.ballots.models import BallotElector, Turnout
from portal.core import clock
from portal.core.db import db, transaction
from portal.core.errors import Refused
from portal.people.rules import Channel
from portal.transparency import service as record
from tests.core.test_pdf_frame import text_of

CREDENTIAL = re.compile(r"\b(?:[1-9A-HJ-NP-Za-km-z]{3}-){4}[1-9A-HJ-NP-Za-km-z]{3}\b")
SECRET = re.compile(r'id="letters">(.*?)</p>')


@pytest.fixture
def pages(browse, at, draft):
    """Return what opens a page of the box as somebody, or sends a form to it."""
    browsers = {}

    def page(person, path="/", data=None, status=None, **facts):
        name = getattr(person, "name", None)
        client = browsers.setdefault(name, browse(person))
        address = at(f"/ballots/{draft}/belenios{path}")
        answer = client.post(address, data=data) if data is not None else client.get(address)
        expected = status or (200 if data is None else 303)
        assert answer.status_code == expected, (path, answer.status_code, answer.text[:2000])
        db.session.rollback()
        return answer

    return page


def make_keys(pages, *trustees):
    """Let each trustee make a key, write it down, and take part in the other two rounds."""
    letters = {}
    for person in trustees:
        shown = pages(person, "/key/new", {}, 200).text
        letters[person.name] = re.sub("<[^>]*>", "", SECRET.findall(shown)[0])
        fields = dict(re.findall(r'name="(seat|certificate)"[^>]*value="([^"]*)"', shown))
        fields = {key: value.replace("&#34;", '"') for key, value in fields.items()}
        pages(person, "/key/keep", fields | {"secret": "1" * 22}, 422)
        pages(person, "/key/keep", fields | {"secret": letters[person.name]})
    for _round in ("share", "receive"):
        for person in trustees:
            other = next(each for each in trustees if each is not person)
            assert (
                "/key" in pages(person, "/key", {"secret": letters[other.name]}, 422).request.path
            )
            pages(person, "/key", {"secret": letters[person.name]})
    return letters


def test_from_the_first_key_to_the_sum(pages, many, draft, app, village):
    trustees = (many.max, many.sun, many.ada)
    letters = make_keys(pages, *trustees)
    pages(many.max, "/slips", status=403)
    slips = pages(many.sun, "/slips", {"is_sure": "y"}, 200)
    codes = CREDENTIAL.findall(text_of(slips.data))
    electors = setting_up.find_credentials(draft).electors
    assert len(codes) == len(set(codes)) == electors + 3
    assert pages(many.sun, "/slips", {"is_sure": "y"}).mimetype == "text/html"
    assert "is_sure" not in pages(many.sun, "/slips").text
    with pytest.raises(Refused, match="no-key"), transaction():
        service.announce_drafted(draft, now=clock.now())
    pages(many.max, "/set-up", {})
    with transaction():
        service.announce_drafted(draft, now=clock.now() - timedelta(hours=3))
        service.open_ballot(draft, now=clock.now() - timedelta(minutes=59))
    fresh = pages(None, "/archive").data

    bad = pages(many.vera, "/vote", {"chosen": "0", "credential": "abc-abc-abc-abc-abc"}, 422)
    assert "不是本次投票的投票码" in bad.text
    sealed = seal(pages, many.vera, codes[0], "0")
    receipt = pages(many.vera, "/cast", {"sealed": sealed})
    again = pages(many.vera, "/cast", {"sealed": sealed})
    assert receipt.location == again.location
    pages(many.vera, "/cast", {"sealed": seal_by_tool(fresh, codes[1])})
    pages(many.max, "/cast", {"sealed": seal_by_tool(fresh, codes[0])})
    assert count(BeleniosBallot) == count(Turnout) == 1
    pages(many.max, "/cast", {"sealed": seal(pages, many.max, codes[5], "1")})
    pages(many.sun, "/cast", {"sealed": seal_by_tool(fresh, codes[3])})
    assert count(BeleniosBallot) == count(Turnout) == 3
    assert {row.done_at for row in db.session.query(Turnout)} == {
        clock.midnight_before(clock.today(clock.now()))
    }

    pages(many.max, "/key", {"secret": letters["Max"]}, 422)
    facts = {"now": clock.now(), "account_id": many.max.account_id}
    with transaction():
        service.suspend_ballot(draft, reason="停电", **facts)
    assert jobs.look_after_boxes(app, now=clock.now() + timedelta(days=9)) == 0
    with transaction():
        service.resume_ballot(draft, **facts)
    cast_more(draft, fresh, codes[6:13])
    end_now(draft)
    assert jobs.look_after_boxes(app, now=clock.now()) == 1
    assert jobs.look_after_boxes(app, now=clock.now()) == 0
    pages(many.wang, "/cast", {"sealed": seal_by_tool(fresh, codes[4])})
    assert count(BeleniosBallot) == 10
    closed = pages(None, "/archive").data
    pages(many.max, "/key", {"secret": letters["Sun"]}, 422)
    pages(many.ada, "/key", {"secret": letters["Ada"]})
    part_is_made()
    pages(many.ada, "/key", {"secret": letters["Ada"]}, 422)
    assert archive.read(pages(None, "/archive").data).sums is None
    assert jobs.look_after_boxes(app, now=clock.now()) == 0
    pages(many.max, "/key", {"secret": letters["Max"]})
    part_is_made()
    pages(many.sun, "/key", {"secret": letters["Sun"]}, 422)
    assert jobs.look_after_boxes(app, now=clock.now()) == 1
    assert jobs.look_after_boxes(app, now=clock.now()) == 0
    done = pages(None, "/archive").data
    election.verify(done)
    election.verify_diff(fresh, closed)
    election.verify_diff(closed, done)
    assert archive.read(done).sums == (9, 1, 0)
    tracker = receipt.location.rsplit("/", 1)[1]
    assert tracker in archive.read(done).ballots
    assert re.search(r"<b>9</b>", pages(None).text)
    assert record.why_broken() is None
    assert record.files_broken() == []
    result = service.result_of(service.get_ballot(draft), now=clock.now())
    assert [tally.count for tally in result.tallies] == [9, 1, 0]
    assert (result.cast, result.valid, result.by_channel) == (10, 10, {Channel.SELF: 10})
    assert all(not any(part.counts) for part in result.by_sex)


def seal(pages, person, code, chosen):
    """Let the booth of the pages seal a ballot."""
    shown = pages(person, "/vote", {"chosen": chosen, "credential": code.replace("-", " ")}, 200)
    found = re.search(r'name="sealed"[^>]*value="([^"]*)"', shown.text)
    return found[1].replace("&#34;", '"')


def seal_by_tool(fresh, code):
    """Seal a ballot as somebody does on a computer of their own."""
    return election.seal(fresh, code, (1, 0, 0))


def cast_more(ballot_id, fresh, codes):
    """Let as many more electors vote, each with their slip."""
    voted = select(Turnout.resident_id).where(Turnout.ballot_id == ballot_id)
    others = select(BallotElector.resident_id).where(
        BallotElector.ballot_id == ballot_id, BallotElector.resident_id.not_in(voted)
    )
    with transaction():
        for resident_id, code in zip(db.session.scalars(others).all(), codes, strict=False):
            voting.cast(ballot_id, resident_id, seal_by_tool(fresh, code), now=clock.now())


def part_is_made():
    """Wait until the one thread that makes parts is done with them."""
    aside.ONE_AT_A_TIME.submit(int).result(60)
    db.session.rollback()


def count(model):
    db.session.rollback()
    return db.session.query(model).count()


def end_now(ballot_id):
    with transaction():
        life.locked(ballot_id).closed_at = clock.now() - timedelta(seconds=1)


@pytest.fixture
def closed_box(many, box, whole, app):
    """Return what closes the box of three trustees with so many ballots in it."""

    def close(voted):
        for place, (seat, person) in enumerate(
            zip(Seat, (many.max, many.sun, many.ada), strict=True)
        ):
            given = whole.certificates[place], whole.shares[place], whole.received[place].output
            for step, content in zip(
                (Round.CERTIFY, Round.SHARE, Round.RECEIVE), given, strict=True
            ):
                facts = {"account_id": person.account_id, "now": clock.now()}
                with transaction():
                    setting_up.keep_piece(box, seat, step, content, **facts)
        cast_more(box, whole.fresh, whole.credentials.secrets[:voted])
        end_now(box)
        assert jobs.look_after_boxes(app, now=clock.now()) == 1
        db.session.rollback()
        return box

    return close


def test_a_box_with_nine_ballots_stays_closed_and_everybody_reads_why(
    pages, many, closed_box, whole, app, browse, at
):
    box = closed_box(9)
    refused = pages(many.max, "/key", {"secret": whole.keys[0].secret}, 422).text
    assert "票箱永远不再打开" in refused
    assert 'name="secret"' not in refused
    assert jobs.look_after_boxes(app, now=clock.now()) == 0
    assert not archive.read(pages(None, "/archive").data).opened_by
    assert "票箱永远不再打开" in pages(None).text
    assert "票箱永远不再打开" in browse(None).get(at(f"/ballots/{box}")).text


def test_a_part_is_made_beside_the_pages_and_one_at_a_time(
    pages, many, closed_box, whole, monkeypatch
):
    box, go_on = closed_box(10), Event()
    decrypt = election.decrypt

    def slow(*words):
        assert go_on.wait(60)
        return decrypt(*words)

    monkeypatch.setattr(election, "decrypt", slow)
    pages(many.max, "/key", {"secret": whole.keys[0].secret})
    assert "正在生成您的一份" in pages(many.max, "/key").text
    assert "之后轮到您" in pages(many.sun, "/key").text
    early = pages(many.sun, "/key", {"secret": whole.keys[1].secret}, 422).text
    assert "之后轮到您" in early
    assert 'name="secret"' not in early
    later = clock.now() + opening.LONGEST + timedelta(seconds=1)
    assert opening.being_made(setting_up.find_archive(box), now=later) is None
    go_on.set()
    part_is_made()
    assert archive.read(setting_up.find_archive(box).content).opened_by == (1,)
    assert 'name="secret"' in pages(many.sun, "/key").text


def test_a_part_that_was_not_made_is_asked_for_again(pages, many, closed_box, whole, monkeypatch):
    box = closed_box(10)
    with monkeypatch.context() as patch:
        patch.setattr(tool, "SECONDS", 0.001)
        patch.setattr(opening, "check_letters", lambda *_ids, **_typed: None)
        pages(many.max, "/key", {"secret": whole.keys[0].secret})
        part_is_made()
    assert archive.read(setting_up.find_archive(box).content).opened_by == ()
    assert "上次没有完成" in pages(many.max, "/key").text


def test_without_the_tool_the_pages_say_so_and_nothing_breaks(pages, many, box, app, monkeypatch):
    assert "这台服务器没有" not in pages(None).text
    monkeypatch.setenv("PATH", "/nowhere")
    assert tool.find() is None
    missing = "这台服务器没有重大事项投票要用的程序（belenios-tool），所以这种投票已关闭。"
    assert missing in pages(None).text
    assert pages(many.vera, "/vote", status=302).location.endswith("/belenios/")
    with_code = {"chosen": "0", "credential": "abc-abc-abc-abc-abc"}
    assert missing in pages(many.vera, "/vote", with_code, 422).text
    assert jobs.look_after_boxes(app, now=clock.now() + timedelta(hours=3)) == 0
    assert not archive.read(pages(None, "/archive").data).has(archive.Happening.END)


def test_without_the_tool_nobody_makes_a_key_or_prints_slips(pages, many, draft, monkeypatch):
    monkeypatch.setenv("PATH", "/nowhere")
    missing = "belenios-tool"
    assert missing in pages(many.max, "/key").text
    pages(many.max, "/key/new", {})
    assert missing in pages(many.sun, "/slips").text
    pages(many.sun, "/slips", {"is_sure": "y"})
    assert setting_up.find_credentials(draft) is None
    assert setting_up.list_trustees(draft) == {}
