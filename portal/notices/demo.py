"""The demonstration village's general notice: who needs to build a house. Synthetic."""

import random
from datetime import datetime, timedelta

from portal.core import clock
from portal.notices import service
from portal.notices.demo_picture import draw_board
from portal.notices.rules import ChannelKind, NoticeType

TITLE = "2026年下半年农村建房需求计划表(示例)"
BODY = """现将本村2026年下半年农村建房需求计划公示如下，请村民监督。

| 组 | 户 | 建房原因 | 宅基地 |
|---|---|---|---|
| 第2组 | 叶*户 | 危房翻建 | 原址 |
| 第5组 | 潘*户 | 分户新建 | 溪口规划宅基地 |
| 第7组 | 沈*户 | 危房翻建 | 原址 |

- 个人信息已脱敏，完整名单可到村委会查阅。
- 建房面积和层数按县里规定执行。
"""
WHAT_TO_DO = "有不同意见的，请在公示期内到村委会办公室提出，也可以告诉村务监督委员会。电话：0572-5000000(示例)。"
BOARDS = ("村委会公开栏", "溪头自然村公开栏", "里村自然村公开栏")


def load(*, rng: random.Random, now: datetime) -> None:
    """Plan, prove and open the notice as if three days ago."""
    opened = now - timedelta(days=3)
    planned = opened - timedelta(days=2)
    is_rest_day = service.rest_days()
    notice = service.plan_notice(
        NoticeType.HOUSING_NEED,
        title=TITLE,
        body=BODY,
        what_to_do=WHAT_TO_DO,
        planned_for=clock.today(opened),
        ways=[
            *(service.Way(ChannelKind.BOARD, place) for place in BOARDS),
            service.Way(ChannelKind.BROADCAST, "", is_mandatory=False),
        ],
        made_by=None,
        is_rest_day=is_rest_day,
        now=planned,
    )
    for number, channel in enumerate(service.missing_ways(notice.id), 1):
        service.confirm_channel(
            notice.id,
            channel.id,
            up_at=opened - timedelta(hours=4 - number),
            note=f"网格员张贴，照片编号JF-{number:02}(示例)",
            photos=[draw_board("农村建房需求计划公示", rng=rng)],
            confirmed_by=None,
            now=opened,
        )
    service.open_notice(notice.id, opened_by=None, is_rest_day=is_rest_day, now=opened)
