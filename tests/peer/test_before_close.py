"""Results that leaked before the close at others (trust.md §3); each test is seen to fail."""

import re
from datetime import timedelta

import pytest
import sqlalchemy
from sqlalchemy import delete, select

from portal.ballots import rules
from portal.ballots.models import Ballot, BallotChoice, BallotOption, Turnout
from portal.ballots.rules import Kind
from portal.ballots.states import Secrecy, State
from portal.core import clock
from portal.core.db import db, transaction
from portal.core.scope import all_villages
from portal.statistics import service as statistics
from tests.ballots.conftest import version
from tests.ballots.sealed_village import add_people, open_sealed
from tests.house.crawl import Crawl, words_of
from tests.house.test_access import addresses, routes
from tests.peer.guards import without

__all__ = ["version"]

READERS = ("nobody", "resident", "committee", "supervisor", "auditor")
OF_BALLOTS = ("ballots", "belenios", "statistics")
BESIDE = (
    "assisting", "disclosure", "discussion", "inbox", "meetings", "moderation", "notices",
    "people", "points", "privacy", "transparency", "villages",
)  # fmt: skip
"""Where else something of a vote could be told: news, streams, documents, lists, the record."""
OWN = re.compile(r'nonce[="-]+[\w=-]+|value="[\w.-]{16,}"|\d\d:\d\d(:\d\d)?|retry: \d+')
"""What differs each time a page is asked for: keys, nonces, the minute."""


def all_choose(world, place):
    """Let all who have voted in the open vote have chosen the option at this place alone.

    But for those who look: everybody may see what they chose themselves.
    """
    world.restore()
    with world.app.app_context(), all_villages("a test writes what others chose"):
        ballot = db.session.scalars(
            select(Ballot).where(
                Ballot.village_id == world.here,
                Ballot.kind == Kind.APPROVAL,
                Ballot.secrecy == Secrecy.OPEN,
                Ballot.opened_at.is_not(None),
                Ballot.closed_at.is_(None),
                Ballot.closes_at > clock.now(),
            )
        ).one()
        options = select(BallotOption.id).where(BallotOption.ballot_id == ballot.id)
        chosen = db.session.scalars(options.order_by(BallotOption.position)).all()[place]
        looking = {player.resident_id for player in world.players.values()} - {None}
        turnout = db.session.scalars(
            select(Turnout.id).where(
                Turnout.ballot_id == ballot.id, Turnout.resident_id.not_in(looking)
            )
        ).all()
        rows = [
            {"village_id": world.here, "ballot_id": ballot.id, "turnout_id": id_}
            | {"option_id": chosen, "value": 1}
            for id_ in turnout
        ]
        raw = db.session.connection()
        raw.exec_driver_sql("DROP TRIGGER ballot_choice_no_delete")
        raw.execute(delete(BallotChoice.__table__).where(BallotChoice.turnout_id.in_(turnout)))
        db.session.execute(BallotChoice.__table__.insert(), rows)
        db.session.commit()
        assert len(rows) > 20
        return ballot.id


def told(world, readers, blueprints):
    """Return what every address under these blueprints tells each reader."""
    heard = {}
    for who in readers:
        client = world.browser(who)
        for rule, method in routes(world.app):
            if method != "GET" or rule.endpoint.partition(".")[0] not in blueprints:
                continue
            for _state, address in addresses(world, rule):
                if "draft-notice" in address:  # a plan of many pages, before any vote
                    continue
                answer = client.get(address, buffered=False)
                body = b"".join(Crawl._pieces(answer))
                kind = answer.headers.get("Content-Type", "")
                text = words_of(body, kind) if answer.status_code == 200 else ""
                heard[who, address] = (answer.status_code, answer.location, OWN.sub("", text))
                answer.close()
    return heard


def differing(world, readers, blueprints):
    """Return who is told something else where by two worlds that differ in nothing but choices."""
    all_choose(world, 0)
    one = told(world, readers, blueprints)
    all_choose(world, 2)
    other = told(world, readers, blueprints)
    assert len(one) > 20 * len(readers)
    assert {status for status, _to, _text in one.values()} >= {200}
    return sorted(where for where in one if one[where] != other[where])


@pytest.fixture
def quiet(world, monkeypatch):
    """The world at one moment; a page that fails answers, as it does at others."""
    now = clock.now()
    monkeypatch.setattr(clock, "now", lambda: now)
    monkeypatch.setitem(world.app.config, "PROPAGATE_EXCEPTIONS", False)
    yield world
    world.restore()


def test_p28_nobody_is_told_before_the_close(quiet):
    assert differing(quiet, READERS, OF_BALLOTS) == []
    with without(State, "is_counted", property(lambda _state: True)):
        leaks = differing(quiet, ("nobody",), OF_BALLOTS)
    assert any(address.endswith("/result") for _who, address in leaks)


def test_p38_no_page_beside_it_tells_either(quiet):
    assert differing(quiet, ("resident", "committee"), BESIDE) == []
    with without(State, "is_counted", property(lambda _state: True)):
        leaks = differing(quiet, ("committee",), ("disclosure",))
    assert any(".pdf" in address for _who, address in leaks)


# --- P44: the list of who has not voted, and numbers that move by one ------------------------------

HOUR = timedelta(hours=1)
COUNTING = (
    "/", "/me", "/desk", "/ballots/", "/ballots/desk", "/ballots/{}", "/ballots/{}/sealed",
    "/ballots/{}/life", "/ballots/{}/roll", "/ballots/{}/result", "/statistics/",
    "/statistics/ballots/{}", "/statistics/statistics.csv", "/statistics/how-we-count",
)  # fmt: skip


def numbers_told(browse, at, cast, sealed):
    """Return what each page that counts says to everybody but the voter."""
    heard = {}
    for reader in (None, cast.vera, cast.max, cast.sun, cast.paula, cast.ada):
        client = browse(reader)
        for page in COUNTING:
            answer = client.get(at(page.format(sealed.ballot_id)))
            heard[reader and reader.name, page] = (answer.status_code, OWN.sub("", answer.text))
    return heard


def test_p44_no_number_moves_by_one_before_the_close(cast, version, village, browse, at):
    electors = add_people(12)
    now = clock.now()
    sealed = open_sealed(
        version, village, opens_at=now - HOUR, closes_at=now + HOUR, now=now - 480 * HOUR
    )
    before = numbers_told(browse, at, cast, sealed)
    assert {status for status, _text in before.values()} >= {200}

    def who_notices(resident_id):
        with transaction():
            sealed.cast(resident_id, sealed.envelope(1, 0, 0))
        now_told = numbers_told(browse, at, cast, sealed)
        return {page for who, page in before if before[who, page] != now_told[who, page]}

    assert who_notices(electors[0]) == set()
    with without(rules, "in_steps", lambda count: count):
        assert "/desk" in who_notices(electors[1])
    with without(statistics, "is_told", sqlalchemy.true):
        assert "/statistics/" in who_notices(electors[2])
