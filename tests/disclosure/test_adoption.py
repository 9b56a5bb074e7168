"""Document B: what it lists, and which versions wait for it."""

import json
from datetime import timedelta

from portal.core import clock
from portal.core.db import db, transaction
from portal.disclosure import kind_adoption
from portal.disclosure.rules import DocKind
from portal.discussion import hearings
from portal.discussion.answer_rules import Form
from portal.meetings import attending, convening
from portal.meetings.rules import Kind
from portal.people.models import Resident
from tests.disclosure.conftest import make_notice, publish_whole

LATER = timedelta(days=40)


def hold(version, cast, *, now, opens=True):
    """Convene a meeting of Wang's group about a version, and hold it with Wang there."""
    group_id = db.session.get_one(Resident, cast.wang.resident_id).group_id
    draft = convening.Draft(
        kind=Kind.VG, title="小组说规划", agenda="规划", place="祠堂",
        held_at=now + timedelta(minutes=1), group_id=group_id, version_id=version,
    )  # fmt: skip
    meeting = convening.convene(draft, account_id=cast.max.id, now=now - timedelta(days=20))
    if opens:
        convening.open_meeting(meeting.id, chair="Max", account_id=cast.max.id, now=now)
        attending.tick(meeting.id, cast.wang.resident_id, account_id=cast.max.id, now=now)


def test_a_group_meeting_that_was_held_counts_and_is_listed(office, cast, press, browse, at):
    now = clock.now()
    with transaction():
        version = make_notice(now=now)
        hearings.enter(
            version, form=Form.HEARING, held_on=clock.today(now) - timedelta(days=1),
            place="礼堂", people=9, said="谈了水。", client_key="key-00000001",
            account_id=cast.max.id, now=now,
        )  # fmt: skip
        hold(version, cast, now=now)
        hold(version, cast, now=now, opens=False)
    assert hearings.count(version) == 2
    page = browse().get(at(f"/answers/plans/{version}/hearings")).text
    assert page.index("谈了水。") < page.index("小组说规划")
    with transaction():
        doc = publish_whole(DocKind.ADOPTION, version, press, now=now + LATER)
    listed = [
        (one["form"], one["place"], one["people"], one["said"])
        for one in json.loads(doc.content)["hearings"]
    ]
    assert listed == [("hearing", "礼堂", 9, "谈了水。"), ("talk", "祠堂", 1, "小组说规划")]


def test_as_many_statements_for_three_versions_as_for_one(village, count_queries):
    now = clock.now()

    def ask():
        db.session.rollback()
        with count_queries() as counted:
            waiting = kind_adoption.list_waiting(now=now + LATER)
        return counted.n, len(waiting)

    with transaction():
        make_notice(now=now)
    assert kind_adoption.list_waiting(now=now) == []
    statements, n = ask()
    assert n == 1
    with transaction():
        make_notice(name="下坞村规划", now=now), make_notice(name="上坞村规划", now=now)
    assert ask() == (statements, 3)
