"""The demonstration village: made up, believable, the same from the same seed."""

import hashlib
import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from portal.core import clock, secrets
from portal.core.db import transaction
from portal.core.scope import village_scope
from portal.people import residents
from portal.people import service as people
from portal.people.rules import Role, Sex
from portal.roster import service as roster
from portal.roster.reading import RosterRow
from portal.sign_in import rules as sign_in_rules
from portal.sign_in import slips
from portal.villages import demo as villages_demo

CODE = "330523999201"
NAME = "青溪村(示例)"
ABOVE = ("浙江省", "湖州市", "安吉县", "云岭镇(示例)")
SEED = 20261121
HOUSEHOLDS = 400
GROUPS = ("溪口", "上坞", "下坞", "枫林", "石桥", "茶山", "竹园", "大塘", "庙前", "岭脚")
SURNAMES = "陈张王李周吴徐沈朱潘章胡赵黄方俞钱叶郑余"
RARE_SURNAMES = "㛃䶮𬭚𫘧𬱖𤧛"
MALE = "建国志强文军海涛永福明华伟东金根水生阿毛家豪宇轩子昂浩然国庆树林春生荣法"
FEMALE = "秀英桂花玉兰美娟丽萍小芳彩凤雪梅雨婷欣怡梓涵思琪月琴爱珍春燕阿珠慧敏"
RARE_GIVEN = ("𬭚", "䶮", "㛃", "𫘧", "𬱖", "𤧛", "䴖", "㬎", "𬸦", "𬘭")
PARTS: dict[str, tuple[Role | None, str]] = {
    "villager": (None, "13800000001"),
    "committee": (Role.COMMITTEE, "13800000002"),
    "planner": (Role.PLANNER, "13800000005"),
    "supervisor": (Role.SUPERVISOR, "13800000003"),
    "administrator": (Role.ADMIN, "13800000006"),
    "head": (Role.HEAD, "13800000007"),
    "operator": (Role.OPERATOR, "13800000010"),
    "auditor": (Role.AUDITOR, "13800000011"),
    "grid-worker": (Role.GRID_WORKER, "13800000008"),
}
FROM_OUTSIDE = {
    "planner": "林规划师",
    "administrator": "县管理员",
    "operator": "县运行员",
    "auditor": "镇审计员",
}
HOMES = {"operator": 6, "auditor": 9}  # as many digits of the code has the region they work for

Loader = Callable[..., None]


@dataclass(frozen=True)
class SignIn:
    """A way into the demonstration village: for whom, by which phone or printed code."""

    part: str
    name: str
    phone: str
    slip: str
    code: str


def is_loaded() -> bool:
    """Tell whether the demonstration village is here."""
    return people.find_village(CODE) is not None


def slip_of(part: str, code: str = CODE) -> str:
    """Return the printed code of a demonstration part: always the same, so it can be shown."""
    number = int.from_bytes(hashlib.sha256(f"demo {part} {code}".encode()).digest())
    letters = ""
    for _ in range(sign_in_rules.CODE_LENGTH):
        number, rest = divmod(number, len(secrets.LETTERS))
        letters += secrets.LETTERS[rest]
    return letters


def load(
    loaders: tuple[Loader, ...],
    *,
    now: datetime,
    seed: int = SEED,
    code: str = CODE,
    name: str = NAME,
) -> None:
    """Load the village with everything that the features bring, in one transaction."""
    with transaction():
        village = people.add_village(code=code, name=name, above=ABOVE, is_synthetic=True)
        with village_scope(village.id):
            roster.import_roster(make_roster(random.Random(seed), day=clock.today(now)), now=now)
            _make_accounts(code, now=now)
            for loader in loaders:
                loader(rng=random.Random(f"{seed} {loader.__module__}"), now=now)


def make_roster(rng: random.Random, *, day: date) -> list[RosterRow]:
    """Return about 1,500 residents, some 1,200 of them adults, in 400 households of 10 groups."""
    rows: list[RosterRow] = []
    for index in range(HOUSEHOLDS):
        group = index % len(GROUPS) + 1
        surname = rng.choice(SURNAMES if index % 67 else RARE_SURNAMES)
        head_age = rng.choices(
            (rng.randint(28, 44), rng.randint(45, 62), rng.randint(63, 88)), (22, 48, 30)
        )[0]
        members = [
            (surname, Sex.MALE, head_age),
            (rng.choice(SURNAMES), Sex.FEMALE, max(22, head_age - rng.randint(-2, 6))),
        ]
        if head_age > 44:
            child_sex = rng.choice((Sex.MALE, Sex.FEMALE))
            members.append((surname, child_sex, max(3, head_age - rng.randint(23, 29))))
        if head_age < 63 and rng.random() < 0.62:
            members.append((surname, rng.choice((Sex.MALE, Sex.FEMALE)), rng.randint(1, 19)))
        if rng.random() < 0.36:
            members.append((surname, Sex.FEMALE, min(96, head_age + rng.randint(20, 26))))
        names: set[str] = set()
        for place, (family, sex, age) in enumerate(members):
            name = family + _given(rng, sex)
            while name in names:
                name = family + _given(rng, sex)
            names.add(name)
            away = 20 <= age <= 50 and rng.random() < 0.45
            born_on = day - timedelta(days=age * 365 + age // 4 + rng.randint(0, 364))
            phone = f"1390{index:04d}{place:03d}" if age >= 16 and rng.random() < 0.9 else None
            rows.append(
                RosterRow(
                    f"{index + 1:03d}",
                    group,
                    name,
                    sex,
                    born_on,
                    phone,
                    place == 0,
                    rng.random() < 0.96,
                    away,
                )
            )
    return rows


def _given(rng: random.Random, sex: Sex) -> str:
    letters = MALE if sex is Sex.MALE else FEMALE
    if rng.random() < 0.02:
        return rng.choice(RARE_GIVEN)
    place = rng.randrange(0, len(letters) - 1, 2)
    return letters[place : place + 2] if rng.random() < 0.85 else letters[place]


def _make_accounts(code: str, *, now: datetime) -> None:
    """Give the parts of a try-out to fitting people, and each a phone and a printed code."""
    groups = people.list_groups()
    for group, word in zip(groups, GROUPS, strict=True):
        group.name = f"第{group.number}组({word})"
    for part, (role, phone) in PARTS.items():
        with village_scope(_home_of(part, code)):
            if part in FROM_OUTSIDE:
                if people.names_of_accounts([phone]):
                    continue  # of a region whose first village has been loaded
                account = people.add_account(name=FROM_OUTSIDE[part], phone=phone)
            else:
                group = groups[list(PARTS).index(part)]
                lines, _ = residents.list_residents(group_id=group.id, per_page=80)
                line = next(x for x in lines if x.is_representative and not x.is_away)
                people.get_resident(line.id).phone = phone
                account = people.add_account(name=line.name, phone=phone, resident_id=line.id)
            if role is not None:
                villages_demo.give_post(account.id, role, now=now)
            slips.make_slip(account_id=account.id, code=slip_of(part, code), now=now)


def _home_of(part: str, code: str) -> int:
    """Return the place where the account of a part is at home: the village, or a region above."""
    place = people.find_place(code[: HOMES.get(part, len(code))])
    assert place is not None  # noqa: S101 -- made just before
    return place.id


def sign_ins() -> list[SignIn]:
    """Return one sign-in for each part of the demonstration village."""
    if not is_loaded():
        return []
    found = []
    for part, (_, phone) in PARTS.items():
        with village_scope(_home_of(part, CODE)):
            name = people.names_of_accounts([phone])[phone]
        found.append(SignIn(part, name, phone, slip_of(part), CODE[: HOMES.get(part, len(CODE))]))
    return found
