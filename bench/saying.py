"""What people say while they are measured: opinions on the plan, and messages in the room."""

import secrets
from urllib.parse import urlencode

from sqlalchemy import func, select

from bench.load import request_bytes
from bench.polls import Elector
from portal.core.db import db
from portal.discussion.models import Comment
from portal.rooms.models import Message

WORDS = ("路", "水沟", "路灯", "停车场", "井水", "老屋", "茶园", "桥", "晒场", "公厕", "水渠", "坡")


def paper(elector: Elector) -> dict[str, str]:
    """Fill in what somebody says, under a key of its own; no two say the same."""
    said = [secrets.choice(WORDS) for _ in range(6)]
    return {
        "csrf_token": elector.form_token,
        "key": secrets.token_hex(16),
        "about": "plan",
        "body": f"{'、'.join(said)}请修一修,第{secrets.randbelow(10**9)}件事。",
    }


def request(address: str, elector: Elector) -> bytes:
    """Write the request that says something; the room's script asks like this too."""
    headers = {"Cookie": elector.cookie, "X-Chat": "1"}
    body = urlencode(paper(elector)).encode("ascii")
    return request_bytes("POST", address, headers=headers, body=body)


def check(opinions: int, messages: int) -> None:
    """Compare what was acknowledged with what is kept. Raises ``RuntimeError``."""
    kept = db.session.execute(select(func.count(), func.max(Comment.number))).one()
    rooms = select(func.count().label("kept"), func.max(Message.seq).label("last"))
    room = rooms.group_by(Message.room_id).subquery()
    said = db.session.execute(select(func.sum(room.c.kept), func.sum(room.c.last))).one()
    if not opinions == kept[0] == kept[1] or not messages == said[0] == said[1]:
        raise RuntimeError(
            f"{opinions} opinions acknowledged, {kept[0]} kept with numbers up to {kept[1]}; "
            f"{messages} messages acknowledged, {said[0]} kept with numbers up to {said[1]}"
        )


def count() -> tuple[int, int]:
    """Return how many opinions and messages there are."""
    opinions = db.session.scalar(select(func.count()).select_from(Comment)) or 0
    return opinions, db.session.scalar(select(func.count()).select_from(Message)) or 0
