"""Opinions that say the like: suggested, bundled by people, each still counted."""

import re

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from portal.core import clock
from portal.core.db import db, transaction
from portal.core.errors import Refused
from portal.discussion import grouping, reading, service
from portal.discussion.group_models import OpinionGroup, OpinionGroupMember
from portal.discussion.likeness import LEAST, alike, likeness, pairs_of
from portal.discussion.rules import GroupRefusal
from portal.moderation.rules import Code

ROAD = "溪头到里村这段路太窄,会车困难,请拓宽到5米。"
SAME_ROAD = "溪头到里村这段路太窄了!会车很困难,希望拓宽到５米"
LAMPS = "路灯只装到庙前,岭脚晚上黑,老人出门要打手电。"


@pytest.mark.parametrize(
    ("one", "other", "is_like"),
    [
        (ROAD, ROAD, True),
        (ROAD, SAME_ROAD, True),
        (ROAD, LAMPS, False),
        ("同意", "同意!", True),
        ("同意", "不同意", True),  # a machine cannot tell; that is why people decide
        ("好", "坏", False),
        ("!!!", "???", False),
        ("", "", False),
        ("WIDE ROAD", "wide　road", True),
    ],
)
def test_what_seems_to_say_the_like(one, other, is_like):
    if not one.strip("!?"):
        assert pairs_of(one) == pairs_of(other) or not is_like
        return
    assert (likeness(pairs_of(one), pairs_of(other)) >= LEAST) is is_like


def test_bundles_are_chains_and_the_largest_comes_first():
    texts = {1: LAMPS, 2: ROAD, 3: SAME_ROAD, 4: "水沟", 5: LAMPS, 6: ROAD}
    assert alike(texts) == [[2, 3, 6], [1, 5]]
    assert alike({}) == alike({1: ROAD}) == []


@pytest.fixture
def three(version, cast, say):
    return [say(version, cast.vera, ROAD), say(version, cast.wang, SAME_ROAD), say(version, cast.sun, LAMPS)]  # fmt: skip


def put(version, ids, cast):
    with transaction():
        return grouping.put_together(version, ids, account_id=cast.max.id, now=clock.now())


def together(ids):
    return {o.comment.id: o.together for o in reading.list_these(ids)}


def test_a_suggestion_waits_for_people_and_a_group_counts_each(version, cast, three):
    (bundle,) = grouping.suggest(version)
    assert [c.id for c in bundle.comments] == three[:2]
    assert grouping.group_of(three) == {}
    group = put(version, three[:2], cast)
    assert grouping.group_of(three) == dict.fromkeys(three[:2], group)
    assert grouping.members(group) == three[:2]
    both = grouping.Together(group, 2)
    assert together(three) == {three[0]: both, three[1]: both, three[2]: None}
    assert grouping.suggest(version) == []
    assert service.tally(version).total == 3


def test_two_opinions_of_one_person_are_one_person(version, cast, say):
    ids = [say(version, cast.vera, ROAD), say(version, cast.vera, ROAD), say(version, cast.wang, ROAD)]  # fmt: skip
    put(version, ids, cast)
    assert together(ids)[ids[0]].people == 2


def test_a_group_grows_merges_and_comes_apart(version, cast, say, three):
    more = [say(version, cast.vera, LAMPS), say(version, cast.max, ROAD)]
    first, second = put(version, three[:2], cast), put(version, [three[2], more[0]], cast)
    (suggested,) = grouping.suggest(version)
    assert (suggested.group_id, suggested.new_ids) == (first, {more[1]})
    assert put(version, [three[0], more[1]], cast) == first
    assert put(version, [more[1], three[2]], cast) == first
    assert grouping.members(first) == [*three, *more]
    assert grouping.members(second) == []
    with transaction():
        for comment_id in (*three, more[0]):
            grouping.take_out(comment_id)
    assert grouping.group_of([*three, *more]) == {}
    assert db.session.scalar(select(func.count()).select_from(OpinionGroup)) == 0
    with pytest.raises(Refused) as refused, transaction():
        grouping.take_out(three[0])
    assert refused.value.reason is GroupRefusal.STALE


def test_words_nobody_may_read_are_not_compared(version, cast, three):
    with transaction():
        service.set_standing(three[0], held_for=None, hidden_code=Code.INSULT)
    assert grouping.suggest(version) == []


def test_one_alone_or_of_another_plan_is_no_group(version, cast, three):
    for ids in ([], three[:1], [three[0], 99]):
        with pytest.raises(Refused) as refused:
            put(version, ids, cast)
        assert refused.value.reason is GroupRefusal.TOO_FEW


@pytest.mark.last_judge
def test_two_of_the_staff_at_once_make_one_group(version, cast, three, race):
    def bundle(_):
        try:
            return grouping.put_together(
                version, three[:2], account_id=cast.max.id, now=clock.now()
            )
        except Refused as refused:
            return refused.reason

    groups = {found for found in race(4, bundle) if found is not GroupRefusal.STALE}
    assert len(groups) == 1
    assert db.session.scalar(select(func.count()).select_from(OpinionGroupMember)) == 2


def test_the_database_refuses_an_opinion_in_two_groups(version, cast, three):
    put(version, three[:2], cast)
    with pytest.raises(IntegrityError), transaction():
        other = OpinionGroup(version_id=version, made_by=cast.max.id, made_at=clock.now())
        db.session.add(other)
        db.session.flush()
        db.session.add(
            OpinionGroupMember(
                group_id=other.id, comment_id=three[0], put_by=cast.max.id, put_at=clock.now()
            )
        )
        db.session.flush()


def test_the_committee_bundles_on_its_page(version, cast, browse, at, three):
    client = browse(cast.max)
    here = at(f"/discussion/plans/{version}/alike")
    page = client.get(here).text
    assert re.findall(r'name="number" value="(\d)" checked', page) == ["1", "2"]
    answer = client.post(here, data={"number": ["1", "2"]})
    assert (answer.status_code, answer.location) == (303, here)
    assert "2 条意见归到一起了" in client.get(here).text
    stranger = browse(None).get(at(f"/discussion/plans/{version}")).text
    assert stranger.count("2 人说法相近") == 2
    assert "说法相近的意见" not in stranger
    assert (
        "还有 1 条说法相近的意见" in browse(None).get(at(f"/discussion/opinions/{three[0]}")).text
    )
    assert client.post(here, data={"numbers": "1, 3"}).status_code == 303
    assert set(grouping.group_of(three)) == set(three)
    assert client.post(at(f"/discussion/opinions/{three[2]}/alone")).status_code == 303
    db.session.rollback()  # what the test has read before is old by now
    assert set(grouping.group_of(three)) == set(three[:2])
    refused = client.post(here, data={"numbers": "7"})
    assert refused.status_code == 422
    assert "请至少选两条对这份规划的意见" in refused.text


def test_the_page_of_bundles_takes_as_many_statements_however_many(
    version, cast, browse, at, say, three, count_queries
):
    client, here = browse(cast.max), at(f"/discussion/plans/{version}/alike")
    put(version, three[:2], cast)
    client.get(here)
    with count_queries() as few:
        client.get(here)
    more = [
        say(version, cast.vera, f"{word}要修一修,越快越好") for word in "桥渠堰坝沟" for _ in "12"
    ]
    put(version, more, cast)
    with count_queries() as many:
        client.get(here)
    assert few.n == many.n <= 10
