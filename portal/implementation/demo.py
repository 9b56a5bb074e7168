"""What the demonstration village follows up: figures read, a year evaluated, an idle house."""

import random
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from portal.core import clock
from portal.implementation import concerned, duties, idle, monitoring, service, visiting
from portal.implementation.rules import AssetKind, AssetState, DutyKind, VisitKind
from portal.people import posts, residents
from portal.people import service as people
from portal.people.rules import Role
from portal.plans import service as plans


def load(*, rng: random.Random, now: datetime) -> None:
    """Fill the follow-up of the plan that the village has."""
    today = clock.today(now)
    version = service.find_followed()
    if version is None:
        return
    for line in service.list_followed(version, today=today):
        if line.base is not None and line.target is not None:
            share = Decimal(rng.choice(("0.05", "0.1", "0.02")))
            monitoring.record_reading(
                line.id,
                read_on=today - timedelta(days=20),
                value=(line.base + (line.target - line.base) * share).quantize(Decimal("0.01")),
                source="村委会统计（示例）",
                entered_by=None,
                now=now,
            )
    duties.assign_projects(version.id, now=now)
    for number, project in enumerate(service.list_project_lines(version.id)):
        if number % 3 == 0:
            monitoring.record_progress(
                project.id,
                on_day=today - timedelta(days=10),
                percent=rng.choice((5, 10, 20)),
                paid_yuan=None,
                note="已开工，先清理场地。",
                entered_by=None,
                now=now,
            )
    duties.assign(
        DutyKind.OTHER,
        subject_id=None,
        what="把规划图贴到三个自然村的公示栏",
        owner="村委会",
        helper="各村民小组",
        supervisor="村务监督委员会",
        due_on=today - timedelta(days=3),
        now=now,
    )
    _idle(now)
    _planner(today, now)
    _concerned(version.id, now)


def _idle(now: datetime) -> None:
    group_ids = list(people.group_names())
    facts = (
        (AssetKind.HOUSE, AssetState.IDLE, "老粮站", "村口东侧", 320, "村集体", 2009, ""),
        (
            AssetKind.LAND,
            AssetState.PLANNED,
            "旧晒谷场",
            "祠堂前",
            860,
            "村集体",
            2015,
            "改成健身场地",
        ),
        (AssetKind.HOUSE, AssetState.IDLE, "旧小学校舍", "上溪", 540, "村集体", 2012, ""),
    )
    for number, (kind, state, name, place, area, owner, year, words) in enumerate(facts):
        asset = idle.save_asset(
            None,
            entered_by=None,
            now=now,
            kind=kind,
            state=state,
            name=name,
            place=place,
            group_id=group_ids[number % len(group_ids)] if group_ids else None,
            area_m2=area,
            owned_by=owner,
            since_year=year,
            plan_words=words,
        )
        someone, _total = residents.list_residents(page=number + 2, per_page=1)
        for line in someone:
            text = ("办个老年食堂吧，离得近。", "晒谷还用得着，留一半。", "可以做村史馆。")[number]
            idle.suggest(asset.id, resident_id=line.id, text=text, now=now)


def _planner(today: date, now: datetime) -> None:
    holder = posts.find_by_role(Role.PLANNER)
    if holder is None:
        return
    for days, kind, minutes, met, notes in (
        (40, VisitKind.VISIT, 180, 12, "走访三户，看了溪边的堤。"),
        (25, VisitKind.BRIEFING, 90, 46, "在祠堂讲解规划草案。"),
        (6, VisitKind.OFFICE_HOUR, 120, 9, "答了停车场和宅基地的问题。"),
    ):
        visiting.add_visit(
            account_id=holder.account_id,
            kind=kind,
            on_day=today - timedelta(days=days),
            minutes=minutes,
            place="村委会",
            people_met=met,
            notes=notes,
            today=today,
            now=now,
        )
    visiting.add_office_hour(
        account_id=holder.account_id,
        on_day=today + timedelta(days=5),
        begins=time(14),
        ends=time(16),
        place="村委会二楼",
    )


def _concerned(version_id: int, now: datetime) -> None:
    anchors = [(k, w) for k, w in plans.list_anchors(version_id).items() if k.startswith("project")]
    someone, _total = residents.list_residents(page=5, per_page=1)
    for (anchor, words), line in zip(anchors, someone, strict=False):
        concerned.name_party(
            version_id,
            anchor=anchor,
            anchor_words=words,
            resident_id=line.id,
            reason="项目用地紧挨着您家的院子",
            named_by=None,
            now=now,
        )
