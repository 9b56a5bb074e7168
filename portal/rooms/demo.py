"""What the demonstration village says in its rooms in a week. All made up."""

import random
from datetime import datetime, timedelta

from portal.core.access import Part
from portal.discussion.demo import speakers
from portal.people import residents
from portal.people import service as people
from portal.people.models import VillagerGroup
from portal.people.residents import RosterLine
from portal.rooms import service
from portal.rooms.models import Author
from portal.rooms.rules import COUNCIL, Kind, Place

# The part of a speaker ("" = a resident), and what is said. A blank line ends a day.
TALK = """
:各位早,公示的规划图谁看懂了?我家在石桥,找了半天
:先点“图”,再点图例,我孙女教我的😄
committee:祠堂前也挂了大图,今天下午两点到四点有人讲解,来看看。
:好的,我带我爸过去
:老人看手机字太小
:右上角有“长辈版”,点一下字就大了
:真大,谢谢👍

:昨天晚上广场舞又跳到九点半,孩子要中考了
:我们明天早点散,不好意思
committee:礼堂门口贴了时间:夏天九点、冬天八点半结束,请大家互相体谅。
:这样好
:音响朝河边放,声音小很多

:县道桥东路口今天又差点出事,校车站一定要挪
:同意,我每天送孩子,提心吊胆
:写到规划意见里去,有编号,要答复的
:写了,第18号
:我也去写一条

:里村的路哪天开工?
committee:规划通过以后先做施工图,最快明年三月。开工前会公示便道怎么走。
:修路占到我家菜地边上一点,怎么算?
committee:占地的都会上门量,签字才算数,量之前不会动。
:这话我记住了
:大家都看着呢😄

:茶山的鲜叶今年多少钱一斤?
:明前的六十,雨前的三十五
:初制厂建起来就不用挑到镇上去了
:先把机耕路修好,摩托车都上不去

:今天溪水涨了,堰坝那边小孩别去玩
:谢谢提醒
:岭脚的路灯坏了两盏
committee:电工明天上午去修。
:修好了,亮堂多了
:谢谢师傅

:表决开始了没有?在哪里投?
:点下面的“参与”,一分钟就好
:我不会,谁教教我
:晚饭后来我家,我教您
committee:不会用手机的,村委会每天有人帮忙,纸质票也可以。
:我在宁波,也投好了
:在外面的也算数,真方便
:有空都去看看规划,别到时候又说不知道
"""

VILLAGER = "13800000001"
# In the room of one group, and in that of the council.
GROUP_TALK = """
:水渠那头谁家明天有空,一起去清一清?
:我有空,带铁锹来
:早上六点半,桥头见
committee:工具村里出,中午在礼堂吃饭。

:清好了,水下来了
:辛苦大家了👍
"""
COUNCIL_TALK = """
committee:下周三晚上七点议事会,先议停车位的事,请大家先到现场看一看。
committee:材料已经放在村委会,想先看的随时来拿。
"""


def load(*, rng: random.Random, now: datetime) -> None:
    """Load a week of talk."""
    people_here = speakers(now=now)
    committee = next(p for p in people_here if p[1] is Part.COMMITTEE)
    villagers = [line for line, part in people_here if part is None]
    _load_talk(service.open_room().id, TALK, rng, villagers, committee[0], now=now)
    own = random.Random(11)  # so that what is loaded after this stays as it was
    group = _group_of_whoever_tries_it()
    neighbours = [line for line in villagers if line.group == group.name]
    room = service.open_room(Place(Kind.GROUP, group.id))
    _load_talk(room.id, GROUP_TALK, own, neighbours, committee[0], now=now)
    council = service.open_room(COUNCIL)
    _load_talk(council.id, COUNCIL_TALK, own, [], committee[0], now=now)


def _group_of_whoever_tries_it() -> VillagerGroup:
    """Return the group of the villager as whom the demonstration is tried."""
    (line, *_others), _ = residents.list_residents(search=VILLAGER)
    return next(group for group in people.list_groups() if group.name == line.group)


def _load_talk(
    room_id: int,
    talk: str,
    rng: random.Random,
    villagers: list[RosterLine],
    committee: RosterLine,
    *,
    now: datetime,
) -> None:
    days = [day.splitlines() for day in talk.strip().split("\n\n")]
    number = 0
    for ago, lines in zip(range(len(days) - 1, -1, -1), days, strict=True):
        end = now - timedelta(days=ago)
        moment = end - timedelta(minutes=7 * len(lines) + rng.randint(5, 90))
        before: RosterLine | None = None
        for line in lines:
            part, _, body = line.partition(":")
            speaker = committee if part else rng.choice([v for v in villagers if v != before])
            before = speaker
            moment += timedelta(minutes=rng.randint(1, 6), seconds=rng.randint(0, 59))
            service.send(
                room_id,
                body=body,
                show_name=bool(part),
                client_key=f"demo-{room_id}-{number}",
                author=Author(speaker.id),
                badge=Part.COMMITTEE if part else None,
                now=moment,
            )
            number += 1
