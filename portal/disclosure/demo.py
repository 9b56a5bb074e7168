"""Documents of the demonstration village: made, reviewed, published, objected to, answered."""

import random
from datetime import datetime, timedelta

from portal.analysis import service as analysis
from portal.core import clock, scope
from portal.disclosure import catalogue_keeping, certificates, service
from portal.disclosure.press import press_of
from portal.disclosure.rules import DocKind
from portal.disclosure.stepping import Actor
from portal.people import posts
from portal.people import service as people
from portal.people.rules import Role
from portal.plans import service as plans

ACCOUNTS = [
    ["收支项目", "本月收入（元）", "本月支出（元）"],
    ["土地流转租金", "86,400.00", "—"],
    ["村道保洁", "—", "12,600.00"],
    ["路灯电费", "—", "3,180.50"],
]


def load(*, rng: random.Random, now: datetime) -> None:
    """Say who answers, then lead whatever waits through its whole life."""
    village = people.path_of(scope.require_village())[-1]
    service.set_office(
        unit=f"{village.name.removesuffix('(示例)')}村民委员会",
        address="村便民服务中心二楼(示例)",
        phone="0572-0000000(示例)",
        email="",
        hours="周一至周五 8:30—11:30、13:30—17:00",
        county_publishes=True,
    )
    committee = posts.find_by_role(Role.COMMITTEE)
    supervisor = posts.find_by_role(Role.SUPERVISOR)
    assert committee and supervisor  # noqa: S101 -- the demonstration has both
    drafter = Actor(account_id=committee.account_id, part="committee")
    reviewer = Actor(account_id=supervisor.account_id, part="supervisor")
    catalogue_keeping.plan(today=clock.today(now).replace(day=1))
    accounts = next(due for due in catalogue_keeping.list_open() if due.code == "finance")
    in_time = clock.midnight_before(accounts.due_on) + timedelta(hours=10)
    in_time = min(now, max(in_time, now - timedelta(days=3)))  # one can still object to it
    certificates.make(f"{village.name}村民委员会", account_id=committee.account_id, now=in_time)
    for line in plans.list_public_versions(now=now):
        if line.is_open and analysis.find_register(line.id) is None:
            settings = analysis.settings_of(line.plan_id)
            analysis.keep(line.id, analysis.look(line.id, settings), now=now)
    begun = [
        service.begin(
            DocKind.AFFAIRS,
            accounts.id,
            actor=drafter,
            title=accounts.title,
            body=[{"title": "收支明细", "text": "单位：元。", "rows": ACCOUNTS}],
            now=in_time,
        )
    ]
    begun += [
        service.begin(item.kind, item.subject_id, actor=drafter, title=item.name, now=now)
        for item in service.list_waiting(now=now)
    ]
    with press_of(village.code) as press:
        for case in begun:
            at, day = case.since, clock.today(case.since)
            service.generate(case.id, publish_on=day, press=press, actor=drafter, now=at)
            service.hand_in(case.id, actor=drafter, now=at)
            service.approve(case.id, actor=reviewer, is_committee=False, now=at)
            service.publish(case.id, actor=drafter, now=at)
    if supervisor.resident_id is not None:
        service.object_to(
            begun[0].id,
            resident_id=supervisor.resident_id,
            account_id=supervisor.account_id,
            words="路灯电费比上月多，请说明原因。",
            now=now,
        )
