"""Opinions are numbered, taken once, kept for good; the room has one order."""

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError, NoResultFound

from portal.core import clock
from portal.core.db import db, transaction
from portal.core.errors import Refused
from portal.core.scope import village_scope
from portal.discussion import rules, service
from portal.discussion.models import Comment
from portal.moderation.rules import Code
from portal.moderation.writing import Refusal
from portal.people.rules import AgeBand, Channel, Sex
from portal.plans.models import PlanVersion
from portal.plans.rules import State
from tests.tampering import without_triggers


def post(version, person, key, body="路太窄"):
    return service.post_comment(
        version,
        body=body,
        about="",
        about_title="",
        show_name=False,
        client_key=key,
        resident_id=person.resident_id,
        now=clock.now(),
    )


def test_an_opinion_keeps_who_its_author_was(version, cast):
    now = clock.now()
    with transaction():
        comment_id = service.post_comment(
            version,
            body=" 学校门口要有校车站 ",
            about="project-P01",
            about_title="校车站",
            show_name=False,
            client_key="key-00000001",
            resident_id=cast.wang.resident_id,
            now=now,
        ).id
    kept = service.get_opinion(comment_id)
    c = kept.comment
    assert (c.number, c.body, c.about, c.about_title, c.hidden_code) == (
        1,
        "学校门口要有校车站",
        "project-P01",
        "校车站",
        None,
    )
    assert (c.resident_id, c.sex, c.age_band, c.is_away, c.channel) == (
        cast.wang.resident_id,
        Sex.MALE,
        AgeBand.FROM_30,
        True,
        Channel.SELF,
    )
    assert c.done_at == now
    assert (kept.author, kept.group) == ("W*g", "第2组")


def test_a_name_is_masked_unless_shown(version, cast, say):
    masked, shown = say(version, cast.vera), say(version, cast.vera, show_name=True)
    assert service.get_opinion(masked).author == "V*a"
    assert service.get_opinion(shown).author == "Vera"


@pytest.mark.parametrize(
    ("body", "reason"), [("  \r\n", Refusal.EMPTY), ("路" * 2001, Refusal.TOO_LONG)]
)
def test_a_text_that_is_not_taken(version, cast, body, reason):
    with pytest.raises(Refused) as refused, transaction():
        post(version, cast.vera, "key-00000001", body)
    assert refused.value.reason is reason
    assert service.tally(version) == service.Tally(0, 0)


def test_nobody_outside_the_roster_and_nobody_before_the_notice(version, cast):
    with pytest.raises(Refused) as refused, transaction():
        post(version, cast.otto, "key-00000001")
    assert refused.value.reason is Refusal.NOT_A_RESIDENT
    with transaction():
        db.session.get_one(PlanVersion, version).state = State.DRAFT
    with pytest.raises(Refused) as refused, transaction():
        post(version, cast.vera, "key-00000001")
    assert refused.value.reason is rules.Refusal.NOT_OPEN


def test_a_neighbour_finds_neither_plan_nor_resident(version, cast, neighbour):
    with pytest.raises(NoResultFound), transaction():
        post(version, cast.nora, "key-00000001")
    with village_scope(neighbour.id), pytest.raises(NoResultFound), transaction():
        post(version, cast.nora, "key-00000001")


def test_the_same_key_again_gives_the_first_opinion(version, cast):
    with transaction():
        first = post(version, cast.vera, "key-00000001").id
    with transaction():
        assert post(version, cast.vera, "key-00000001", "改口了").id == first
    with transaction():
        assert post(version, cast.wang, "key-00000001").number == 2
    assert service.get_opinion(first).comment.body == "路太窄"


def test_what_was_taken_is_known_again_after_the_notice_is_over(version, cast):
    with transaction():
        first = post(version, cast.vera, "key-00000001").id
    with transaction(), without_triggers("plan_version"):
        db.session.get_one(PlanVersion, version).state = State.NOTICE_CLOSED
    with pytest.raises(Refused), transaction():
        post(version, cast.vera, "key-00000002")
    with transaction():
        assert post(version, cast.vera, "key-00000001").id == first


def test_eight_taps_at_once_post_once(version, cast, race):
    results = race(8, lambda _: post(version, cast.vera, "key-00000001").number)
    assert results == [1] * 8
    assert db.session.scalar(select(func.count()).select_from(Comment)) == 1


def test_parallel_opinions_are_numbered_without_gap(version, cast, race):
    people = [cast.vera, cast.wang, cast.sun, cast.max]
    results = race(8, lambda i: post(version, people[i % 4], f"key-0000000{i}").number)
    assert sorted(results) == list(range(1, 9))


def test_the_database_refuses_a_number_twice(version, cast, say):
    say(version, cast.vera), say(version, cast.wang)
    with pytest.raises(IntegrityError), transaction():
        first, second = db.session.scalars(select(Comment).order_by(Comment.number))
        second.number = first.number
        db.session.flush()


def test_a_hidden_opinion_stays_counted(version, cast, say):
    first, _ = say(version, cast.vera), say(version, cast.wang)
    with transaction():
        service.set_standing(first, held_for=None, hidden_code=Code.INSULT)
    assert service.tally(version) == service.Tally(total=2, hidden=1)
    assert [o.comment.hidden_code for o in service.list_opinions(version, limit=9)] == [
        None,
        Code.INSULT,
    ]


def test_pages_of_opinions_follow_each_other(version, cast, say):
    for _ in range(5):
        say(version, cast.vera)
    numbers = lambda **facts: [o.comment.number for o in service.list_opinions(version, **facts)]  # noqa: E731
    assert numbers(limit=2) == [5, 4]
    assert numbers(limit=2, before=4) == [3, 2]
    assert numbers(limit=2, before=2) == [1]
