"""What the demonstration village tells about itself, and who works for it."""

import random
from datetime import datetime, timedelta

from portal.core import clock
from portal.people import posts
from portal.people.rules import Role
from portal.villages import rules, service
from portal.villages.rules import FacilityKind

PROFILE = {
    "about": (
        "青溪村在云岭脚下，一条溪水穿村而过，十个村民小组散在两岸。村里种白茶、毛竹，"
        "这几年办起了民宿和茶叶加工。\n年轻人多在县城和外地做工，老人和孩子留在村里。"
    ),
    "address": "安吉县云岭镇青溪村溪口 1 号，村便民服务中心一楼(示例)",
    "phone": "0572-0000 100",
    "office_hours": "周一至周五 8:00–11:30、13:30–17:00；周六上午有人值班",
}
FACILITIES: tuple[tuple[FacilityKind, str, str, str, str], ...] = (
    (
        FacilityKind.COMMITTEE,
        "村便民服务中心",
        "溪口 1 号",
        "周一至周五 8:00–17:00",
        "0572-0000 100",
    ),
    (FacilityKind.CLINIC, "村卫生室", "溪口 3 号", "每天 8:00–17:00", "0572-0000 101"),
    (FacilityKind.SCHOOL, "青溪幼儿园", "下坞 12 号", "周一至周五 7:30–16:30", "0572-0000 102"),
    (FacilityKind.ELDERLY, "居家养老服务站", "枫林 5 号", "每天 7:00–18:00，中午供餐", ""),
    (FacilityKind.CULTURE, "文化礼堂", "溪口 2 号", "每天 9:00–20:30", ""),
    (FacilityKind.CULTURE, "农家书屋", "文化礼堂二楼", "周末 9:00–16:00", ""),
    (FacilityKind.SPORTS, "健身广场", "石桥头", "全天", ""),
    (FacilityKind.SHOP, "供销社便民店", "石桥 8 号", "每天 6:30–20:00", "0572-0000 103"),
    (FacilityKind.POST, "快递服务点", "供销社便民店内", "每天 8:00–19:00", ""),
    (FacilityKind.TRANSPORT, "公交站 青溪村", "村口", "到县城每天 6 班，首班 6:20，末班 17:40", ""),
    (FacilityKind.TRANSPORT, "公共停车场", "茶山路口，46 个车位", "全天", ""),
    (FacilityKind.WATER, "供水服务", "村供水站", "报修全天", "0572-0000 104"),
    (FacilityKind.WASTE, "垃圾分类站", "大塘边", "6:00–9:00、16:00–19:00 有人值守", ""),
    (FacilityKind.WASTE, "公共厕所", "文化礼堂旁、茶山路口", "全天", ""),
)
# For each post: since how many days, for how many years, organisation, duties, office hours.
TERMS: dict[Role, tuple[int, int | None, str, str, str]] = {
    Role.COMMITTEE: (620, 5, "", "规划意见的答复和公示", "周一、周三上午"),
    Role.HEAD: (620, 5, "", "主持村民委员会工作", "周一至周五上午"),
    Role.GRID_WORKER: (300, None, "", "第 9 组的走访、代填和通知", ""),
    Role.PLANNER: (
        260,
        3,
        "省乡村规划设计院(示例)",
        "指导规划编制和实施，推动村民参与，对每条意见给出专业说明，每年向村民报告一次",
        "每月第一个周三，村便民服务中心",
    ),
    Role.SUPERVISOR: (200, 3, "", "巡查规划项目的实施，把问题和整改写进记录", ""),
    Role.ADMIN: (700, None, "县农业农村局(示例)", "管理本村的平台账号", ""),
    Role.AUDITOR: (500, None, "镇审计站(示例)", "查阅各村的统计和记录，不改动任何内容", ""),
    Role.OPERATOR: (700, None, "县数字乡村办(示例)", "全县平台的运行", ""),
}


def give_post(account_id: int, role: Role, *, now: datetime) -> None:
    """Give somebody a post as it stands in the demonstration."""
    since, years, organisation, duties, office_hours = TERMS[role]
    begins_on = clock.today(now) - timedelta(days=since)
    posts.give_post(
        account_id,
        role,
        now=now,
        begins_on=begins_on,
        ends_on=rules.years_after(begins_on, years) if years else None,
        organisation=organisation,
        duties=duties,
        office_hours=office_hours,
    )


def load(*, rng: random.Random, now: datetime) -> None:
    """Tell about the village, and list what there is, as it was kept up over the last months."""
    service.save_profile(
        PROFILE, seen_revision=0, account_id=None, now=now - timedelta(days=rng.randint(20, 60))
    )
    for kind, name, place, hours, phone in FACILITIES:
        service.add_facility(
            kind=kind,
            name=name,
            place=place,
            hours=hours,
            phone=phone,
            account_id=None,
            now=now - timedelta(days=rng.randint(3, 200)),
        )
