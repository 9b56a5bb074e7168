"""What waits for the committee stands nowhere but before its author and the committee, and counts."""

import re
from urllib.parse import urlsplit

import pytest

from portal.core import clock
from portal.core.access import Part
from portal.core.db import db, transaction
from portal.discussion import service as discussion
from portal.moderation import policies, queue
from portal.moderation.rules import Action, Mode
from portal.moderation.screening_rules import Policy
from portal.rooms import service as rooms
from tests.discussion.conftest import say as say

CANARY = "独一无二的金丝雀"
MOST_PAGES = 60
_LINK = re.compile(r'(?:href|action|src)="([^"#]+)')


@pytest.fixture
def held(cast, version, room, write, say):
    """Have an opinion and a message wait; return their ids."""
    with transaction():
        policies.set_policy(
            "", "", Policy(mode=Mode.PRE), account_id=cast.max.account_id, now=clock.now()
        )
    return say(version, cast.vera, f"{CANARY}意见"), write(cast.vera, f"{CANARY}消息")


def crawl(client, starts):
    """Yield every page of the village that can be reached by reading, up to a limit."""
    waiting, seen = list(starts), set()
    while waiting and len(seen) < MOST_PAGES:
        path = waiting.pop(0)
        if path in seen or path.startswith(starts[0] + "plans") or "/stream" in path:
            continue
        seen.add(path)
        answer = client.get(path)
        text = answer.get_data(as_text=True) if answer.mimetype.startswith("text/") else ""
        yield path, text
        base = starts[0]
        for link in _LINK.findall(text):
            found = urlsplit(link.replace("&amp;", "&"))
            if not found.netloc and found.path.startswith(base):
                waiting.append(found.path + (f"?{found.query}" if found.query else ""))


@pytest.fixture
def found(browse, at, held, room, version):
    """Return the pages on which somebody can read the words."""
    opinion, _message = held

    def _found(person):
        starts = [
            at("/"),
            at("/discussion"),
            at(f"/discussion/plans/{version}"),
            at(f"/discussion/opinions/{opinion}"),
            at(f"/rooms/{room}"),
            at(f"/rooms/{room}/messages?after=0"),
            at("/moderation/log"),
        ]
        pages = list(crawl(browse(person), starts))
        return len(pages), [path for path, text in pages if CANARY in text]

    return _found


@pytest.mark.parametrize("who", ["wang", "paula", "sun", "otto", "nora", None])
def test_nobody_else_reads_it(cast, found, who):
    pages, where = found(who and getattr(cast, who))
    assert pages > 5
    assert where == []


def test_its_author_and_the_committee_do(cast, held, found, at, room):
    assert at(f"/rooms/{room}") in found(cast.vera)[1]
    assert at(f"/moderation/message/{held[1]}") in found(cast.max)[1]


def test_its_author_is_told_why_it_waits_and_nobody_else(cast, held, browse, at, room, version):
    opinion, _message = held
    for path in (f"/rooms/{room}", f"/discussion/opinions/{opinion}"):
        assert "为什么要等：这里都是先审后发" in browse(cast.vera).get(at(path)).text
        assert "先审后发" not in browse(cast.wang).get(at(path)).text


def test_it_is_counted_as_received(held, version):
    assert discussion.tally(version).total == 1
    assert rooms.count_since(clock.now().replace(year=2000)) == 1


def test_let_through_everybody_reads_it(cast, held, found, decide, at, version):
    opinion, message = held
    with transaction():
        outcome = queue.decide_all(
            [
                queue.Verdict("opinion", opinion, 0, Action.APPROVE),
                queue.Verdict("message", message, 0, Action.APPROVE),
            ],
            account_id=cast.max.account_id,
            resident_id=cast.max.resident_id,
            part=Part.COMMITTEE,
            now=clock.now(),
        )
    assert len(outcome.taken) == 2
    db.session.rollback()
    where = found(cast.wang)[1]
    assert at(f"/discussion/opinions/{opinion}") in where
    assert any("/rooms/" in path for path in where)
