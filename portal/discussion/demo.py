"""What the demonstration village says: opinions on its plan."""

import random
from datetime import datetime, timedelta

from portal.core import clock
from portal.core.access import Part
from portal.discussion import service
from portal.moderation import service as moderation
from portal.moderation.rules import Action, Code
from portal.people import posts, residents
from portal.people import service as people
from portal.people.residents import RosterLine
from portal.people.rules import Role
from portal.plans import service as plans

# Words of the project's name that an opinion is about ("" = the whole plan), and the opinion.
OPINIONS = (
    ("道路", "溪头到里村这段,拖拉机和小车碰上就得倒车两百米。5米宽我们赞成,会车道最好做8处。"),
    ("道路", "拓宽的时候请把路边水沟一起做深,每年梅雨水都漫到我家灶间。"),
    ("道路", "修路那几个月,老人看病怎么出去?请先说好便道怎么走。"),
    ("污水", "我们下坞有十几户到现在没接管网,这次能不能排进第一批?"),
    ("污水", "处理站夏天味道重,离我家只有60米。能不能加盖,再种一排树隔一隔?"),
    ("幸福院", "老人食堂希望一天供两餐,走不动的能送到家里,钱我们自己也愿意出一点。"),
    ("幸福院", "12张床位怕不够。我们组75岁以上的就有九个,儿女都在外面。"),
    ("堰坝", "修堰坝请留一段浅滩,夏天小孩子玩水,大人也放心。"),
    ("堰坝", "堰坝修高了,上游的田会不会淹?请把水位画在图上给大家看。"),
    ("茶", "机耕路请绕开鹰嘴岩那片老茶树,那是几代人传下来的。"),
    ("茶", "初制厂建起来,鲜叶按什么价收,要先跟茶农说清楚。"),
    ("古民居", "老房子修好以后谁来管?空着又要坏,能不能租给村里人开茶馆?"),
    ("古民居", "石拱桥只能走人,千万别再让车上去了,桥头立个石墩吧。"),
    ("灾害", "樟树底那面坡去年已经掉过石头,请排在最前面,别等到汛期。"),
    ("垃圾", "垃圾站离小学近,早上收运请避开孩子上学的时间。"),
    ("垃圾", "公厕门口的台阶轮椅上不去,改造时请做斜坡,装扶手。"),
    ("", "文化礼堂前的停车位不够,过年回来的车都停在路上,救护车进不来。"),
    ("", "校车停靠站请放在桥东路口,不要让孩子横穿县道。"),
    ("", "广场舞我们也爱跳,可是礼堂边上住着老人和考生,请定个时间,晚上九点前结束。"),
    ("", "河边那片水田是全村最好的田,永久基本农田一分都不要动。"),
    ("", "竹园的井水枯水期不够用,请把自来水管接到第7组。"),
    ("", "我在杭州打工,一年回来两次。希望投票和意见都能在手机上办,谢谢村里。"),
    ("", "新宅基地排队排了六年,请把空闲宅基地的名单公布出来。"),
    ("", "路灯只装到庙前,岭脚晚上黑,老人出门要打手电。"),
    ("", "规划里说种枫杨,我看种樟树更好,枫杨的毛絮飘到屋里。"),
    ("", "村委会上次说修水渠,说了两年没修。这次写进规划,请写清楚哪一年修。"),
    ("", "希望给年轻人留一块打球的地方,礼堂后面那块空地就合适。"),
)
INSULT = ("", "大塘组某某家就是占路的,这一家人没一个好东西!")
NOTE = "说占路的事没有问题,请不要骂人。您改一改再发一条,我们一样会答复。"


def load(*, rng: random.Random, now: datetime) -> None:
    """Load the opinions, one of them hidden. All made up."""
    people_here = speakers(now=now)
    committee = next(p for p in people_here if p[1] is Part.COMMITTEE)
    villagers = [line for line, part in people_here if part is None]
    rng.shuffle(villagers)
    _load_opinions(rng, villagers, committee[0], now=now)


def speakers(*, now: datetime) -> list[tuple[RosterLine, Part | None]]:
    """Return grown-ups of every group, the same each time, and who works for the committee."""
    rng = random.Random(6)
    grown = clock.today(now).year - 18
    known = people.residents_with_account()
    found: list[tuple[RosterLine, Part | None]] = []
    for group in people.list_groups():
        lines, _ = residents.list_residents(group_id=group.id, per_page=200)
        adults = [x for x in lines if x.born_on and x.born_on.year < grown]
        staff = [x for x in adults if x.id in known and _roles_of(x)]
        found += [(x, Part.COMMITTEE) for x in staff if Role.COMMITTEE in _roles_of(x)]
        found += [(x, None) for x in rng.sample([x for x in adults if x not in staff], 5)]
    return found


def _roles_of(line: RosterLine) -> list[Role]:
    account = people.find_account(line.id)
    return [post.role for post in posts.posts_of(account.id)] if account else []


def _load_opinions(
    rng: random.Random, villagers: list[RosterLine], committee: RosterLine, *, now: datetime
) -> None:
    version = plans.find_current_version()
    if version is None or not plans.is_on_notice(version.id, now=now):
        return
    notice = plans.notice_of(version.id)
    begun = notice.opened_at if notice else now - timedelta(days=10)
    anchors = plans.list_anchors(version.id)
    said = rng.sample(OPINIONS, len(OPINIONS))
    said.insert(len(said) * 2 // 3, INSULT)
    moments = sorted(rng.uniform(0.04, 0.97) for _ in said)
    for number, ((word, body), moment) in enumerate(zip(said, moments, strict=True)):
        about = next((a for a, title in anchors.items() if word and word in title), "")
        author = villagers[number % len(villagers)]
        comment = service.post_comment(
            version.id,
            body=body,
            about=about,
            about_title=anchors.get(about, ""),
            show_name=rng.random() < 0.2,
            client_key=f"demo-opinion-{number}",
            resident_id=author.id,
            now=_by_day(begun + (now - begun) * moment, latest=now),
        )
        if body == INSULT[1]:
            _hide(comment.id, committee, now=comment.done_at + timedelta(minutes=40))


def _hide(comment_id: int, committee: RosterLine, *, now: datetime) -> None:
    moderation.decide(
        kind=service.KIND,
        subject_id=comment_id,
        action=Action.HIDE,
        code=Code.INSULT,
        note=NOTE,
        seen_revision=0,
        account_id=people.account_of(committee.id).id,
        resident_id=committee.id,
        part=Part.COMMITTEE,
        now=now,
    )


def _by_day(moment: datetime, *, latest: datetime) -> datetime:
    """Return the moment, moved out of the night: people write between 7 and 22 o'clock."""
    hour = moment.astimezone(clock.SHANGHAI).hour
    return min(moment + timedelta(hours=9), latest) if hour < 7 else moment
