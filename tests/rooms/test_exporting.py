"""What planners take out of a room: all that can be read, no name, and a trace of who took it."""

import csv
import io
from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.core import clock
from portal.core.access import Part
from portal.core.audit import AccessLog, Look
from portal.core.db import db, transaction
from portal.moderation.rules import Code
from portal.rooms import mending
from portal.rooms import service as rooms
from portal.rooms.models import Author
from tests.rooms.conftest import send


def rows_of(answer):
    return list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))[1:]


@pytest.mark.parametrize(
    ("person", "status"),
    [("max", 200), ("paula", 200), ("vera", 403), ("sun", 403), ("otto", 403), (None, 401)],
)
def test_who_takes_it_and_what_is_noted(room, chat, cast, browse, at, person, status):
    chat(cast.wang, "路灯坏了")
    client = browse(person and getattr(cast, person))
    answer = client.post(at(f"/rooms/{room}/export"), data={"reason": "看看大家关心什么"})
    assert answer.status_code == status
    noted = db.session.scalars(select(AccessLog).where(AccessLog.what == "room-talk")).all()
    assert [(n.look, n.reason) for n in noted] == (
        [(Look.EXPORTED, "看看大家关心什么")] if status == 200 else []
    )


def test_without_a_purpose_nothing_leaves(room, chat, cast, browse, at):
    chat(cast.wang, "路灯坏了")
    answer = browse(cast.max).post(at(f"/rooms/{room}/export"), data={"reason": " "})
    assert answer.status_code == 422
    assert "路灯坏了" not in answer.text
    assert db.session.scalars(select(AccessLog).where(AccessLog.what == "room-talk")).all() == []


def test_it_has_numbers_for_names_and_no_words_that_are_gone(room, chat, cast, browse, at):
    now = clock.now() - timedelta(minutes=5)
    chat(cast.wang, "=1+1", show_name=True, now=now)
    hidden, back = chat(cast.vera, "骂人的话", now=now), chat(cast.vera, "收回的话", now=now)
    with transaction():
        rooms.set_standing(hidden.id, held_for=None, hidden_code=Code.INSULT)
        mending.take_back(back.id, author=Author(cast.vera.resident_id), now=now)
        rooms.send(
            room, body="好的", show_name=True, client_key="key-00000009", badge=Part.COMMITTEE,
            author=Author(cast.max.resident_id), now=now, reply_to=1,
        )  # fmt: skip
        send(room, cast.wang, "谢谢", now=now)
    answer = browse(cast.paula).post(at(f"/rooms/{room}/export"), data={"reason": "规划"})
    rows = rows_of(answer)
    assert [(row[0], row[3], row[5], row[6]) for row in rows] == [
        ("1", "1", "", "'=1+1"),
        ("4", "2", "1", "好的"),
        ("5", "1", "", "谢谢"),
    ]
    text = answer.data.decode("utf-8-sig")
    assert "Wang" not in text
    assert "骂人" not in text
