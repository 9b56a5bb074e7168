"""What the demonstration village follows up: figures read, a year evaluated, an idle house."""

import random
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from portal.core import clock
from portal.implementation import (
    concerned,
    duties,
    evaluating,
    idle,
    monitoring,
    service,
    visiting,
)
from portal.implementation.rules import AssetKind, AssetState, DutyKind, Light, VisitKind
from portal.people import posts, residents
from portal.people import service as people
from portal.people.rules import Role
from portal.plans import service as plans
from portal.plans.models import PlanVersion

BEHIND_NOW = "idle_house_count"
SHORT_LAST_YEAR = "arable_land_retained"
"""Which indicator has not moved since the base year, and which fell short in the first year."""


def load(*, rng: random.Random, now: datetime) -> None:
    """Fill the follow-up of the plan that the village has."""
    today = clock.today(now)
    version = service.find_followed()
    if version is None:
        return
    last_year = today.year - 1
    _read(version, date(last_year, 12, 10), {SHORT_LAST_YEAR: Decimal("-0.30")}, now=now)
    if version.base_year <= last_year:
        _evaluate(version.id, last_year, today=today, now=now)
    share = Decimal(today.year - version.base_year) / (version.target_year - version.base_year)
    _read(version, today - timedelta(days=20), {}, share=share, now=now)
    duties.assign_projects(version.id, now=now)
    urgent = next(p for p in service.list_project_lines(version.id) if "灾害" in p.name)
    monitoring.record_progress(
        urgent.id,
        on_day=today - timedelta(days=10),
        percent=15,
        paid_yuan=172_500,
        note="应急排险先行：截水沟已挖通，挡墙开始备料。",
        entered_by=None,
        now=now,
    )
    for kind, what, owner, helper, days in (
        (DutyKind.OTHER, "把规划图贴到三个自然村的公示栏", "村民委员会", "各村民小组", -3),
        (DutyKind.ANSWER, "答复桥东村民：修堰坝时田里怎么用水", "县水利局", "村委会", -8),
        (DutyKind.OTHER, "把空闲农房逐幢核对一遍，填进登记册", "村民委员会", "网格员", 20),
    ):
        duties.assign(
            kind,
            subject_id=None,
            what=what,
            owner=owner,
            helper=helper,
            supervisor="村务监督委员会",
            due_on=today + timedelta(days=days),
            now=now,
        )
    _idle(now)
    _planner(today, now)
    _concerned(version.id, now)


def _read(
    version: PlanVersion,
    day: date,
    off: Mapping[str, Decimal],
    *,
    share: Decimal = Decimal(0),
    now: datetime,
) -> None:
    """Read every indicator on a day: so far on its way, and off its way where that is said."""
    for line in service.list_followed(version, today=day):
        if line.base is not None and line.target is not None:
            done = Decimal(0) if line.code == BEHIND_NOW else share
            value = line.base + (line.target - line.base) * done + off.get(line.code, Decimal(0))
            monitoring.record_reading(
                line.id,
                read_on=day,
                value=value.quantize(Decimal("0.01")),
                source="村委会统计、县国土变更调查（示例）",
                entered_by=None,
                now=now,
            )


def _evaluate(version_id: int, year: int, *, today: date, now: datetime) -> None:
    """Write and finish the evaluation of a year; what deviated then was put right since."""
    evaluation = evaluating.begin(version_id, year, made_by=None, now=now)
    for line in evaluating.list_lines(evaluation.id):
        if line.light in (Light.BEHIND, Light.BREACH):
            duty = evaluating.add_action(
                line.id,
                cause="修路的弃土临时堆在茶山脚下的旱地上，压占了0.30公顷。",
                what="清走弃土，翻耕复种，由镇里验收",
                owner="村民委员会",
                helper="第7组",
                supervisor="云岭镇人民政府",
                due_on=today - timedelta(days=40),
                now=now,
            )
            duties.finish(duty.id, note="弃土已清，种上了油菜。", today=today - timedelta(days=45))
    evaluating.write(
        evaluation.id,
        findings="这是规划期的第一次体检。生态保护红线和永久基本农田与基期年一致；"
        "耕地因临时堆土少了0.30公顷；项目都还没有开工。",
        outlook="明年先治樟树底的地质灾害点，再把空闲农房逐幢登记，优先用起来。",
    )
    evaluating.finish(evaluation.id, now=now)


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
    """Name whoever can look at it in the demonstration, and a neighbour who said something."""
    signed_in = sorted(people.residents_with_account())
    accounts = {people.account_of(resident_id).id: resident_id for resident_id in signed_in}
    busy = {post.account_id for post in posts.posts_of(*accounts)}
    one = next((person for account, person in accounts.items() if account not in busy), None)
    [other], _total = residents.list_residents(page=5, per_page=1)
    projects = [(f"project-{p.id}", f"{p.code} {p.name}") for p in plans.list_projects(version_id)]
    for (anchor, words), resident_id, reason, opinion in (
        (projects[0], one, "拓宽后的路紧挨着您家的院墙", ""),
        (projects[1], other.id, "新接的管网从您家菜地边上过", "管子埋深些，别影响种菜。"),
    ):
        if resident_id is not None:
            party = concerned.name_party(
                version_id,
                anchor=anchor,
                anchor_words=words,
                resident_id=resident_id,
                reason=reason,
                named_by=None,
                now=now,
            )
            if opinion:
                concerned.say(party.id, resident_id=resident_id, opinion=opinion, now=now)
