"""The clock reminds two days before an answer is due, and tells the township once after."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from portal.core import clock
from portal.core.db import db, transaction
from portal.core.jobs import run_chores
from portal.core.scope import all_villages, village_scope
from portal.discussion import answering, chores
from portal.discussion.answer_models import AnswerAlarm
from portal.people import posts
from portal.people.models import Account, Region
from portal.people.rules import Role

DAY = timedelta(days=1)


@pytest.fixture
def above(cast, village):
    """Return the account of somebody who works for the township."""
    with all_villages("the township lies above"):
        township_id = db.session.get_one(Region, village.id).parent_id
    with village_scope(township_id), transaction():
        account = Account(name="乡镇的人", phone="13900000001")
        db.session.add(account)
        db.session.flush()
        posts.give_post(account.id, Role.AUDITOR, now=clock.now())
        return account.id


@pytest.fixture
def tick(app):
    """Let the chore run; return how many answers it told of."""

    def _tick(now):
        [count] = run_chores(app, (chores.alarm,), now=now).values()
        db.session.rollback()
        return count

    return _tick


def test_the_owner_is_reminded_two_days_before_and_once(version, cast, say, as_, tick, told):
    one, now = say(version, cast.vera), clock.now()
    say(version, cast.wang)
    with transaction():
        answering.assign(
            one, owner_id=cast.paula.id, due=answering.get_work(one).due_on, seen=0,
            actor=as_("max"), now=now,
        )  # fmt: skip
    told()
    assert tick(now + 12 * DAY) == 0
    assert [tick(now + 13 * DAY), tick(now + 13 * DAY), tick(now + 15 * DAY)] == [2, 0, 0]
    assert [(name, "两天内到期" in words, path) for name, words, path in told(now + 15 * DAY)] == [
        ("max", True, f"/v/330523102201/answers/plans/{version}"),
        ("paula", True, f"/v/330523102201/answers/plans/{version}"),
    ]


def test_a_day_of_the_offices_own_reminds_its_owner_and_alarms_nobody(
    version, cast, say, as_, tick, told, above
):
    one, now = say(version, cast.vera), clock.now()
    with transaction():
        answering.assign(
            one, owner_id=cast.paula.id, due=clock.today(now) + DAY, seen=0,
            actor=as_("max"), now=now,
        )  # fmt: skip
    told()
    assert [tick(now), tick(now + 15 * DAY), tick(now + 16 * DAY)] == [1, 0, 1]
    heard = told(now + 16 * DAY)
    assert [(name, "超期" in words) for name, words, _ in heard] == [
        ("", True), ("max", True), ("paula", False),
    ]  # fmt: skip


def test_the_committee_and_the_township_hear_once_of_what_is_overdue(
    version, cast, say, reply, tick, told, above, browse, at
):
    now = clock.now()
    say(version, cast.vera), say(version, cast.wang), reply(say(version, cast.sun))
    told()
    late = now + 16 * DAY
    assert [tick(late), tick(late), tick(late + DAY)] == [2, 0, 0]
    heard = told(late)
    assert [(name, "有2条" in words, path) for name, words, path in heard] == [
        ("", True, f"/v/330523102201/discussion/plans/{version}"),
        ("max", True, f"/v/330523102201/answers/plans/{version}"),
    ]


def test_the_desk_says_that_the_township_was_told(version, cast, say, tick, browse, at):
    now = clock.now()
    one = say(version, cast.vera)
    with transaction():
        answering.get_work(one).comment.done_at = now - 20 * DAY
    client = browse(cast.max)
    page = at(f"/answers/plans/{version}?show=overdue")
    assert "已报乡镇" not in client.get(page).text
    tick(now)
    assert "已报乡镇" in client.get(page).text


def test_a_second_look_has_alarms_of_its_own(version, cast, say, reply, tick):
    one, now = say(version, cast.vera), clock.now()
    assert tick(now + 16 * DAY) == 1
    reply(one, now=now + 16 * DAY)
    with transaction():
        answering.doubt(
            one, words="还不够", resident_id=cast.vera.resident_id,
            account_id=cast.vera.account_id, now=now + 17 * DAY,
        )  # fmt: skip
    assert [tick(now + 18 * DAY), tick(now + 30 * DAY), tick(now + 33 * DAY)] == [0, 1, 1]


def at_once(version, cast, say, race):
    say(version, cast.vera)
    late = clock.now() + 16 * DAY

    def run(_):
        with all_villages("a chore"):
            return chores.alarm(now=late)

    told = sum(found for found in race(4, run) if isinstance(found, int))
    return told, db.session.scalar(select(func.count()).select_from(AnswerAlarm))


@pytest.mark.last_judge
def test_of_four_chores_at_once_one_tells(version, cast, say, race):
    assert at_once(version, cast, say, race) == (1, 1)
