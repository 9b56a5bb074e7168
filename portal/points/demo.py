"""What the demonstration village has earned: an adopted scheme, and two months of awards."""

import random
from datetime import datetime, timedelta

from portal.core import clock
from portal.core.errors import Refused
from portal.people import posts, residents
from portal.people import service as people
from portal.people.rules import Role
from portal.points import service
from portal.points.catalogue import PLANNING_POINTS

AWARDS = 150
REASONS = {
    "meeting": ("参加九月村民代表会议", "参加规划草案通报会", "参加老年食堂听证会"),
    "survey": ("填写村民需求调查", "上门调查时如实填写"),
    "comment": ("对道路拓宽提出意见", "对污水管走向提出意见", "提出公交延伸的建议"),
    "clean-up": ("清理溪口河道垃圾", "打扫村口广场", "清理公路两侧杂草"),
    "labour": ("修整茶山机耕路", "搬运路灯材料", "疏通大塘排水沟"),
    "patrol": ("巡查污水管施工", "查看建设边界"),
}
OTHER = ("为村里出力", "主动帮忙", "参加集体活动")


def load(*, rng: random.Random, now: datetime) -> None:
    """Adopt the default catalogue and award what the committee saw done in the last 58 days."""
    today = clock.today(now)
    since = today - timedelta(days=120)
    scheme = service.adopt_scheme(
        items=PLANNING_POINTS,
        adopted_on=since,
        in_force_from=since,
        adopted_by="村民代表会议 2026 年第 3 号决议",
    )
    committee = posts.find_by_role(Role.COMMITTEE)
    if committee is None:
        return
    own_household_id = (
        people.get_resident(committee.resident_id).household_id if committee.resident_id else None
    )
    lines, _ = residents.list_residents(per_page=2000)
    active = rng.sample([x for x in lines if not x.is_away and x.born_on], 90)
    items = [item for item in scheme.items if item.points <= 15]
    tried = sorted(people.residents_with_account() - {committee.resident_id})
    for number in range(AWARDS):
        item = rng.choice(items)
        who = tried[number % len(tried)] if number % 15 == 5 else rng.choice(active).id
        done_on = today - timedelta(days=rng.randint(0, 57))
        wish = service.Award(
            resident_id=who,
            item_id=item.id,
            times=1,
            done_on=done_on,
            reason=rng.choice(REASONS.get(item.code, OTHER)),
            key=f"demo award {number}",
        )
        try:
            service.award(
                wish,
                account_id=committee.account_id,
                own_household_id=own_household_id,
                now=min(now, clock.midnight_before(done_on) + timedelta(hours=19)),
            )
        except Refused:  # the cap of an item is reached: the committee awards nothing more for it
            continue
