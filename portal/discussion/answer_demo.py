"""What the demonstration village has answered so far: a few opinions, all five classes."""

import random
from datetime import datetime, timedelta

from sqlalchemy import select

from portal.core.access import Part
from portal.core.db import db
from portal.discussion import answering
from portal.discussion.answer_rules import Decision
from portal.discussion.answering import Actor, Said
from portal.discussion.models import Comment
from portal.people import posts
from portal.people.rules import Role
from portal.plans import service as plans

# How an opinion begins, and what was said to it.
ANSWERS = (
    (
        "希望给年轻人留一块打球的地方",
        Said(
            decision=Decision.ADOPTED,
            place="礼堂后面的空地",
            before="空闲地",
            after="体育用地，半个篮球场",
            expert="地势平，离住户四十米，可以做。",
        ),
    ),
    (
        "溪头到里村这段",
        Said(
            decision=Decision.PARTIAL,
            reason="会车道做6处，另外两处边上是永久基本农田，不能占。",
            place="道路拓宽项目",
            before="会车道4处",
            after="会车道6处",
        ),
    ),
    (
        "规划里说种枫杨",
        Said(
            decision=Decision.REJECTED,
            reason="枫杨根系固岸好，樟树不耐水淹；靠近住户的一段改种雌株少的品种。",
            expert="溪边常受淹，宜种耐水的树。",
        ),
    ),
    (
        "河边那片水田是全村最好的田",
        Said(decision=Decision.EXPLAINED, reason="规划里这片田全部是永久基本农田，一分不动。"),
    ),
    (
        "校车停靠站请放在桥东路口",
        Said(decision=Decision.FORWARDED, reason="已转镇中心校和交警中队。"),
    ),
)

NOTE = "请对照规划文本再核一遍。"


def load(*, rng: random.Random, now: datetime) -> None:
    """Load the answers: the planner drafts, the committee checks. All made up."""
    version = plans.find_current_version()
    planner, office = (posts.find_by_role(role) for role in (Role.PLANNER, Role.COMMITTEE))
    if version is None or planner is None or office is None:
        return
    drafter = Actor(account_id=planner.account_id, resident_id=None, part=Part.PLANNER)
    checker = Actor(account_id=office.account_id, resident_id=None, part=Part.COMMITTEE)
    for begins, said in ANSWERS:
        query = select(Comment).where(
            Comment.version_id == version.id, Comment.body.startswith(begins)
        )
        for comment in db.session.scalars(query.order_by(Comment.number)).all():
            if not comment.is_shown:
                continue
            at = min(comment.done_at + timedelta(days=3), now)
            answering.draft({comment.id: 0}, said, note=NOTE, actor=drafter, now=at)
            answering.reply({comment.id: 1}, actor=checker, now=at)
