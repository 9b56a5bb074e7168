"""What went wrong where people talk at others (trust.md §3). Each test is shown to be able to fail."""

import re
import time
from dataclasses import replace

from flask import request

from portal.core import clock, news
from portal.core.access import Part
from portal.core.db import db, transaction
from portal.core.outbox import handle_now
from portal.moderation import writers, writing
from portal.proposals import handing_in
from portal.proposals import service as proposals
from portal.proposals.models import Proposal
from portal.proposals.rules import State
from portal.rooms import promoting
from portal.rooms import service as rooms
from portal.rooms.rules import VILLAGE
from tests.peer.guards import without
from tests.proposals.conftest import propose
from tests.rooms.conftest import chat, room, stream_server

__all__ = ["chat", "propose", "room", "stream_server"]

FRAME = "明天开会\n\nevent: gone\nid: 9000\ndata: <p>会议取消</p>\n\n: x"
"""Words that would end one event of a stream and begin another, if they came as they are."""


# --- P03: anyone accepted changes of a proposal -----------------------------------------------------


def state_after(browse, at, proposal_id, person) -> State:
    """Return where a proposal stands after somebody tried to take it back."""
    seen = {"seen": db.session.get_one(Proposal, proposal_id).position}
    browse(person).post(at(f"/proposals/{proposal_id}/withdraw"), data=seen)
    db.session.expire_all()
    return db.session.get_one(Proposal, proposal_id).state


def test_p03_only_its_author_takes_a_proposal_back(cast, browse, at, propose):
    proposal_id = propose(cast.vera)
    for person in (cast.wang, cast.max, cast.paula, cast.otto):
        assert state_after(browse, at, proposal_id, person) is not State.WITHDRAWN
    with without(handing_in, "withdraw", careless):
        assert state_after(browse, at, proposal_id, cast.wang) is State.WITHDRAWN


def careless(proposal_id: int, *, resident_id: int, seen: int, now) -> None:
    """Take a proposal back for whoever asks, as others did."""
    proposal = proposals.get_proposal(proposal_id, locked=True)
    proposals.step(proposal, State.WITHDRAWN, seen=seen, account_id=None, now=now)


# --- P41: read receipts, over-mighty moderators, a badge by a form ----------------------------------


def seen_of(browse, at, room, person) -> list[str]:
    """Return what somebody's pages of the rooms say, without what is new in every answer."""
    client = browse(person)
    pages = [client.get(at(path)).text for path in ("/rooms/", f"/rooms/{room}", "/moderation/")]
    return [re.sub(r'(name="(csrf_token|key)"|nonce|data-token)[^>]*>', "", page) for page in pages]


def test_p41_nobody_is_told_who_has_read(cast, browse, at, room, chat):
    chat(cast.wang, "修路的事大家看看")
    others = (cast.max, cast.wang, cast.paula)
    for person in others:  # they have read it themselves
        browse(person).post(at(f"/rooms/{room}/read"), data={"seq": "1"})
    before = [seen_of(browse, at, room, person) for person in others]
    assert browse(cast.vera).post(at(f"/rooms/{room}/read"), data={"seq": "1"}).status_code < 400
    assert [seen_of(browse, at, room, person) for person in others] == before
    chat(cast.wang, "还有一件")  # what does change is seen
    assert [seen_of(browse, at, room, person) for person in others] != before


GET_READY = rooms.get_ready
BADGE = {"badge": "committee", "is_announcement": "1", "resident_id": "1", "account_id": "1"}


def badge_of(browse, at, room, person, key) -> object:
    """Return the badge of a message whose form asks for the committee's."""
    sent = browse(person).post(at(f"/rooms/{room}"), data={"body": "全体注意", "key": key, **BADGE})
    assert sent.status_code == 302, sent.text
    db.session.expire_all()
    line = rooms.list_newest(limit=1)[0]
    assert line.message.resident_id == person.resident_id
    return line.message.badge


def test_p41_a_form_gives_no_badge(cast, browse, at, room):
    assert badge_of(browse, at, room, cast.vera, "a-key-of-vera-1") is None
    with without(rooms, "get_ready", as_the_form_says):
        assert badge_of(browse, at, room, cast.vera, "a-key-of-vera-2") is Part.COMMITTEE


def as_the_form_says(saying):
    return GET_READY(replace(saying, badge=Part(request.form["badge"])))


def test_p41_what_is_done_later_asks_again(cast, browse, at, room, chat, version):
    """A suggestion is no right: whoever may not write any more gives no opinion by it either."""
    message = chat(cast.wang, "校车站一定要挪到桥东路口")
    with transaction():
        promoting.suggest(message.id, VILLAGE, account_id=cast.max.account_id, now=clock.now())
    handle_now()
    page = at(f"/rooms/{room}/messages/1/opinion")
    refused = writing.Refusal.MUTED
    with without(writers, "why_not", lambda *_args, **_facts: refused):
        assert browse(cast.wang).post(page, data={"wish": "yes"}).status_code >= 400
    assert browse(cast.wang).post(page, data={"wish": "yes"}).status_code == 302


# --- P59: readers spoke as the server ---------------------------------------------------------------


def heard(stream_server, cast, chat, body) -> list[tuple[str, int]]:
    """Return the events that a reader hears when somebody says this, and then one thing more."""
    reader = stream_server.listen(cast.vera)
    reader.connect()
    reader.connection.sock and reader.connection.sock.sendall(FRAME.encode())
    chat(cast.wang, body)
    last = chat(cast.wang, "就这些").revision
    end = time.monotonic() + 10
    reader.read(until=lambda r: r.last >= last or time.monotonic() > end)
    reader.cut()
    return [(kind, revision) for kind, revision, _html in reader.events]


def test_p59_nobody_speaks_as_the_server(stream_server, cast, chat):
    assert heard(stream_server, cast, chat, FRAME) == [("news", 1), ("news", 2)]
    plain = lambda kind, revision, html: f"id: {revision}\nevent: {kind}\ndata: {html}\n\n"  # noqa: E731
    with without(news, "as_event", plain):
        assert ("gone", 9000) in heard(stream_server, cast, chat, FRAME)
