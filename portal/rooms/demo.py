"""What the demonstration village says in its room in a week. All made up."""

import random
from datetime import datetime, timedelta

from portal.core.access import Part
from portal.discussion.demo import speakers
from portal.people.residents import RosterLine
from portal.rooms import service

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


def load(*, rng: random.Random, now: datetime) -> None:
    """Load a week of talk."""
    people_here = speakers(now=now)
    committee = next(p for p in people_here if p[1] is Part.COMMITTEE)
    villagers = [line for line, part in people_here if part is None]
    _load_talk(rng, villagers, committee[0], now=now)


def _load_talk(
    rng: random.Random, villagers: list[RosterLine], committee: RosterLine, *, now: datetime
) -> None:
    room = service.open_room()
    days = [day.splitlines() for day in TALK.strip().split("\n\n")]
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
                room.id,
                body=body,
                show_name=bool(part),
                client_key=f"demo-message-{number}",
                resident_id=speaker.id,
                badge=Part.COMMITTEE if part else None,
                now=moment,
            )
            number += 1
