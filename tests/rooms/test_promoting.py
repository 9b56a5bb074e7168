"""A remark becomes an opinion by its author's own yes, and by nothing else."""

import pytest
from sqlalchemy import func, select

from portal.core import clock, outbox
from portal.core.db import db, transaction
from portal.core.errors import Refused
from portal.discussion.models import Comment
from portal.inbox.models import InboxMessage
from portal.media import service as media
from portal.media.making import Made
from portal.media.rules import Kind
from portal.moderation.rules import Code
from portal.plans import service as plans
from portal.plans.models import PlanVersion
from portal.plans.rules import State
from portal.rooms import promoting, rules
from portal.rooms import service as rooms
from portal.rooms.models import Author, MessagePromotion
from portal.rooms.rules import VILLAGE, Refusal
from tests.plans.conftest import fill, notice


@pytest.fixture
def asked(version, room, chat, cast):
    """Let Wang say something, and the committee ask for it; return the message's id."""
    message = chat(cast.wang, "校车站一定要挪到桥东路口")
    with transaction():
        promoting.suggest(message.id, VILLAGE, account_id=cast.max.account_id, now=clock.now())
    return message.id


@pytest.mark.parametrize(
    ("person", "status"), [("max", 302), ("paula", 302), ("vera", 403), ("otto", 403)]
)
def test_who_asks(version, room, chat, cast, browse, at, person, status):
    chat(cast.wang, "校车站一定要挪")
    client = browse(getattr(cast, person))
    assert client.post(at(f"/rooms/{room}/messages/1/suggest")).status_code == status
    assert db.session.scalar(select(func.count()).select_from(MessagePromotion)) == (status == 302)


def test_the_author_is_told_and_says_yes(asked, room, cast, browse, at):
    outbox.handle_now()
    told = db.session.scalars(
        select(InboxMessage).where(InboxMessage.kind == "rooms.opinion-suggested")
    ).one()
    assert told.account_id == cast.wang.account_id
    assert f"/rooms/{room}/messages/1/opinion" in told.path
    page = at(f"/rooms/{room}/messages/1/opinion")
    for person in (cast.vera, cast.max):
        assert browse(person).get(page).status_code == 404
        assert browse(person).post(page, data={"wish": "yes"}).status_code == 404
    assert db.session.scalar(select(func.count()).select_from(Comment)) == 0
    client = browse(cast.wang)
    assert "校车站一定要挪" in client.get(page).text
    first = client.post(page, data={"wish": "yes"})
    again = client.post(page, data={"wish": "yes"})
    assert first.status_code == again.status_code == 302
    assert first.location == again.location
    comment = db.session.scalars(select(Comment)).one()
    assert (comment.body, comment.resident_id) == (
        "校车站一定要挪到桥东路口", cast.wang.resident_id,
    )  # fmt: skip
    assert first.location.endswith(f"/discussion/opinions/{comment.id}")
    there = browse(cast.vera).get(first.location).text
    assert f"/rooms/{room}?at=1#m-1" in there
    assert f"/rooms/{room}?at=1" not in browse(None).get(first.location).text
    back = browse(cast.vera).get(at(f"/rooms/{room}/messages/1")).text
    assert f"/discussion/opinions/{comment.id}" in back


def test_a_no_leaves_it_a_remark_and_a_later_yes_counts(asked, room, cast, browse, at):
    page, client = at(f"/rooms/{room}/messages/1/opinion"), browse(cast.wang)
    assert client.post(page, data={"wish": "no"}).status_code == 302
    assert db.session.scalar(select(func.count()).select_from(Comment)) == 0
    assert "说话的人不同意。" in browse(cast.max).get(at(f"/rooms/{room}/messages/1")).text
    client.post(page, data={"wish": "yes"})
    assert client.post(page, data={"wish": "no"}).status_code == 422
    assert db.session.scalar(select(func.count()).select_from(Comment)) == 1


def test_nobody_is_asked_twice_at_once(version, room, chat, cast, race):
    message = chat(cast.wang, "校车站一定要挪")

    def ask(_):
        try:
            promoting.suggest(message.id, VILLAGE, account_id=cast.max.account_id, now=clock.now())
        except Refused as refused:
            return refused.reason

    results = race(6, ask)
    assert results.count(Refusal.ASKED_ALREADY) == 5
    assert db.session.scalar(select(func.count()).select_from(MessagePromotion)) == 1


def test_a_yes_said_on_two_phones_is_one_opinion(asked, cast, race):
    def agree(_):
        mine = {"resident_id": cast.wang.resident_id, "now": clock.now()}
        return promoting.agree(asked, show_name=False, **mine).number

    assert len(set(race(4, agree))) == 1
    assert db.session.scalar(select(func.count()).select_from(Comment)) == 1


def test_what_is_hidden_or_too_late_becomes_nothing(asked, version, room, cast, browse, at):
    page, client = at(f"/rooms/{room}/messages/1/opinion"), browse(cast.wang)
    with transaction():
        rooms.set_standing(asked, held_for=None, hidden_code=Code.SPAM)
    assert client.post(page, data={"wish": "yes"}).status_code == 422
    with transaction():
        rooms.set_standing(asked, held_for=None, hidden_code=None)
        db.session.get_one(PlanVersion, version).state = State.REPLYING
    answer = client.post(page, data={"wish": "yes"})
    assert answer.status_code == 422
    assert db.session.scalar(select(func.count()).select_from(Comment)) == 0


def test_why_not():
    assert rules.why_not_suggest(is_readable=False, is_on_notice=True) is Refusal.NOT_SHOWN
    assert rules.why_not_suggest(is_readable=True, is_on_notice=False) is Refusal.NO_PLAN
    facts = {"is_author": True, "is_asked": True, "is_readable": True}
    assert rules.why_not_promote(**facts) is None
    for fact, refusal in (
        ("is_author", Refusal.OTHERS_WORDS),
        ("is_asked", Refusal.NOT_ASKED),
        ("is_readable", Refusal.NOT_SHOWN),
    ):
        assert rules.why_not_promote(**(facts | {fact: False})) is refusal


def test_a_spoken_remark_goes_with_its_recording_and_to_its_place(village, room, cast, browse, at):
    now, mine = clock.now(), cast.wang.resident_id
    with transaction():
        plan = plans.create_plan(name="青溪村规划", base_year=2025, target_year=2035, now=now)
        fill(plan.id, now=now)
        notice(plan.id, now=now)
        made = Made(kind=Kind.VOICE, data=b"voice", sha256="0" * 64, seconds=7)
        media.keep(made, key="spoken-01", transcript="桥头太窄", resident_id=mine, now=now)
        message = rooms.send(
            room, body="", show_name=False, client_key="message-01", author=Author(mine), badge=None,
            files=["spoken-01"], now=now,
        )  # fmt: skip
        promoting.suggest(message.id, VILLAGE, account_id=cast.max.account_id, now=now)
        message_id = message.id
    page, client = at(f"/rooms/{room}/messages/1/opinion"), browse(cast.wang)
    assert 'value="project-1"' in client.get(page).text
    data = {"wish": "yes", "about": "project-1"}
    assert client.post(page, data=data).location == client.post(page, data=data).location
    comment = db.session.scalars(select(Comment)).one()
    title = plans.list_anchors(plan.id)["project-1"]
    assert (comment.about, comment.about_title) == ("project-1", title)
    [copied] = media.shown("opinion", [comment.id])[comment.id]
    [first] = media.shown("message", [message_id])[message_id]
    assert (
        (copied.seconds, copied.transcript) == (first.seconds, first.transcript) == (7, "桥头太窄")
    )
    assert copied.id != first.id
    assert media.get_file(copied.id).data == b"voice"


def test_a_no_is_asked_again_for_the_next_version_and_a_yes_never(
    asked, version, cast, browse, at, room
):
    now, later = clock.now(), None

    def ask():
        promoting.suggest(asked, VILLAGE, account_id=cast.max.account_id, now=now)

    with transaction():
        promoting.decline(asked, resident_id=cast.wang.resident_id, now=now)
    with pytest.raises(Refused) as refused, transaction():
        ask()
    assert refused.value.reason is Refusal.ASKED_ALREADY
    assert "问问本人" not in browse(cast.max).get(at(f"/rooms/{room}/messages/1")).text
    with transaction():
        before = db.session.get_one(PlanVersion, version)
        before.state = State.REPLYING
        later = PlanVersion(
            plan_id=before.plan_id, number=2, title="第二稿", base_year=2024, target_year=2035,
            state=State.ON_NOTICE, created_at=now, changed_at=now, content_sha256="1" * 64,
            frozen_at=now,
        )  # fmt: skip
        db.session.add(later)
    assert "问问本人" in browse(cast.max).get(at(f"/rooms/{room}/messages/1")).text
    with transaction():
        ask()
    with transaction():
        given = promoting.agree(asked, resident_id=cast.wang.resident_id, show_name=False, now=now)
        assert given.version_id == later.id
        later.state = State.REPLYING
        before.state = State.ON_NOTICE
    with pytest.raises(Refused) as refused, transaction():
        ask()
    assert refused.value.reason is Refusal.ASKED_ALREADY
