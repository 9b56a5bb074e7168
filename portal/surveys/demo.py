"""A made-up need survey for the demonstration village, with replies that could be true."""

import random
from contextlib import AbstractContextManager, nullcontext
from datetime import datetime, timedelta

from portal.assisting import demo as assisting_demo
from portal.core import clock
from portal.people import residents
from portal.people import service as people
from portal.people.rules import age_on
from portal.surveys import sample, service

REPLIES = 180
HELPED = 20
DAYS_OPEN, DAYS_LEFT = 6, 12

SURVEY: sample.Rows = (
    (
        "note",
        "welcome",
        "",
        "青溪村正在编制村庄规划，想听听您家的情况和想法。",
        "",
        "The village is making its plan and would like to hear from you.",
    ),
    ("begin group", "plan", "", "您了解规划吗", "", "What you know of the plan"),
    (
        "select_one knows",
        "aware",
        "yes",
        "您知道村里正在编制村庄规划吗？",
        "",
        "Do you know that the village is making a plan?",
    ),
    (
        "select_one line",
        "know_line",
        "",
        "规划里的“村庄建设边界”是指什么？",
        "不清楚也没关系",
        "What is the village construction boundary?",
        "Never mind if you are not sure",
    ),
    (
        "select_one farmland",
        "know_farmland",
        "",
        "永久基本农田里可以盖房吗？",
        "",
        "May one build on permanent basic farmland?",
    ),
    (
        "select_one days",
        "know_days",
        "",
        "规划草案至少要公示多少天？",
        "",
        "For how many days at least must the draft be on notice?",
    ),
    ("end group", "", "", "", "", ""),
    ("begin group", "needs", "", "您家的需要", "", "What you need"),
    (
        "select_multiple wishes",
        "first",
        "yes",
        "您觉得哪些事应当先做？",
        "",
        "What should be done first?",
    ),
    (
        "select_one scale",
        "satisfied",
        "yes",
        "总的来说，您对村里的居住环境满意吗？",
        "",
        "All in all, are you content with living here?",
    ),
    (
        "integer",
        "away",
        "",
        "您家现在有几口人在外务工？",
        "没有就填 0",
        "How many of your household work away?",
        "Write 0 if none",
    ),
    ("text", "words", "", "还有什么想对规划师说的？", "", "Anything else for the planner?"),
    ("end group", "", "", "", "", ""),
)
CHOICES: sample.Rows = (
    ("knows", "yes", "知道", "Yes"),
    ("knows", "heard", "听说过，不清楚内容", "Heard of it"),
    ("knows", "no", "不知道", "No"),
    ("line", "inside", "以后建房只能在这个范围里", "Future houses stand inside it"),
    ("line", "border", "和邻村的分界线", "The border with the next village"),
    ("line", "unsure", "说不清", "Not sure"),
    ("farmland", "no", "不可以", "No"),
    ("farmland", "permit", "经村里同意就可以", "If the village agrees"),
    ("farmland", "unsure", "说不清", "Not sure"),
    ("days", "d7", "7 天", "7 days"),
    ("days", "d30", "30 天", "30 days"),
    ("days", "unsure", "说不清", "Not sure"),
    ("wishes", "road", "通组道路硬化和路灯", "Paved roads and lights"),
    ("wishes", "water", "供水和污水处理", "Water and sewage"),
    ("wishes", "river", "青溪河道清淤", "Clearing the brook"),
    ("wishes", "care", "老年食堂和卫生室", "Canteen for the old, clinic"),
    ("wishes", "school", "孩子上学接送点", "A stop for the school bus"),
    ("wishes", "parking", "停车场和垃圾分类点", "Parking and waste sorting"),
    ("scale", "1", "1 分：很不满意", "1: not at all"),
    ("scale", "2", "2 分：不满意", "2: not really"),
    ("scale", "3", "3 分：一般", "3: so-so"),
    ("scale", "4", "4 分：满意", "4: content"),
    ("scale", "5", "5 分：很满意", "5: very content"),
)
SETTINGS: sample.Rows = (("村民需求调查", "qingxi_needs", "1", sample.ZH),)
LEAD = "3 分钟，告诉规划师您家最需要什么。"

TEXTS = (
    "石桥头那段路一下雨就积水，车子过不去。",
    "老人看病要走到镇上，希望卫生室每天有人。",
    "路灯只装到大塘，岭脚晚上一片黑。",
    "年轻人都出去了，茶山没人采，能不能合起来管。",
    "希望把老祠堂修一修，不要拆。",
    "孩子上学要走两里路到车站，冬天太早。",
    "自来水夏天经常断。",
    "垃圾桶离家太远，大家图省事就倒溪边了。",
    "规划图看不太懂，能不能开个会讲一讲。",
    "停车的地方少，过年堵得厉害。",
    "宅基地批得慢，儿子要结婚了还没着落。",
    "竹园那边的水渠多年没清了。",
    "要是有个老年食堂，我妈一个人在家我就放心了。",
    "支持规划，就怕写在纸上不动工。",
    "下坞的老樟树一定要保下来。",
    "田埂路太窄，收割机进不来。",
    "在外打工，过年才回来，希望网上也能看到进度。",
    "污水管接到户要不要自己出钱？",
    "村口建个小公园，晚上大家有地方走走。",
    "茶厂旁边的空房子可以给回来创业的人用。",
)


def load(*, rng: random.Random, now: datetime) -> None:
    """Import the form as the committee would, open it six days ago, and let people answer."""
    began = now - timedelta(days=DAYS_OPEN)
    content = sample.workbook(SURVEY, CHOICES, SETTINGS)
    survey = service.import_survey("村民需求调查.xlsx", content, now=began)
    service.open_survey(
        survey,
        title="村民需求调查",
        lead=LEAD,
        first_day=clock.today(began),
        last_day=clock.today(now) + timedelta(days=DAYS_LEFT),
        now=began,
    )
    respondents = _respondents(rng, now=now)
    words = dict(zip(rng.sample(respondents, len(TEXTS)), TEXTS, strict=True))
    left = HELPED
    for number, resident_id in enumerate(respondents):
        moment = began + (now - began) * rng.random()
        given = _answers(rng, resident_id, now=moment)
        if resident_id in words:
            given["words"] = [words[resident_id]]
        key = f"{rng.getrandbits(128):032x}"
        by_whom: AbstractContextManager[object] = nullcontext()
        if left and number % 3 == 0:  # entered by a helper before a witness, if the rules let them
            by_whom = assisting_demo.helped(resident_id, rng=rng, now=moment)
        with by_whom as sitting:
            service.reply(survey, resident_id, given, key=key, now=moment)
        left -= sitting is not None


def _respondents(rng: random.Random, *, now: datetime) -> list[int]:
    """Draw adults from all groups, some groups keener than others."""
    lines, total = residents.list_residents(per_page=10_000)
    today = clock.today(now)
    adults = [line for line in lines if (age_on(line.born_on, today) or 0) >= 18]
    keen = {group: rng.uniform(0.5, 1.5) for group in sorted({line.group for line in adults})}
    drawn = sorted(adults, key=lambda line: rng.random() / keen[line.group])
    return [line.id for line in drawn[: min(REPLIES, total)]]


def _answers(rng: random.Random, resident_id: int, *, now: datetime) -> dict[str, list[str]]:
    """Make up one reply: those who know the plan know more, the old want a clinic."""
    resident = people.get_resident(resident_id)
    age = age_on(resident.born_on, clock.today(now)) or 40
    aware = rng.choices(("yes", "heard", "no"), (44, 33, 23))[0]
    sure = {"yes": 0.72, "heard": 0.45, "no": 0.2}[aware]
    given = {
        "aware": [aware],
        "know_line": [_knows(rng, sure, "inside", ("border", "unsure"))],
        "know_farmland": [_knows(rng, min(0.95, sure + 0.2), "no", ("permit", "unsure"))],
        "know_days": [_knows(rng, sure - 0.15, "d30", ("d7", "unsure"))],
        "first": _wishes(rng, age),
        "satisfied": [rng.choices("12345", (6, 14, 31, 36, 13))[0]],
    }
    if rng.random() < 0.9:
        given["away"] = [rng.choices("01234", (34, 30, 24, 9, 3))[0]]
    return given


def _knows(rng: random.Random, chance: float, right: str, wrong: tuple[str, str]) -> str:
    return right if rng.random() < chance else rng.choice(wrong)


def _wishes(rng: random.Random, age: int) -> list[str]:
    """Choose one to four wishes by how much somebody of this age cares."""
    weights = {
        "road": 9.0,
        "water": 7.0,
        "river": 4.0,
        "care": 10.0 if age >= 60 else 4.0,
        "school": 6.0 if 25 <= age < 45 else 1.5,
        "parking": 3.0 if age >= 60 else 5.0,
    }
    ranked = sorted(weights, key=lambda wish: rng.random() ** (1 / weights[wish]), reverse=True)
    return ranked[: rng.choices((1, 2, 3, 4), (14, 33, 38, 15))[0]]
