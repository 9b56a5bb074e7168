"""Rule profiles: what a rule prescribes, as data, and the ones the portal brings along."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass, fields, replace
from datetime import date
from enum import StrEnum
from typing import Any, Self

from portal.people.rules import lineage


class LegalEffect(StrEnum):
    """Whether the result binds the village or only advises it (domain.md V24)."""

    STATUTORY = "statutory"
    CONSULTATIVE = "consultative"


class Electorate(StrEnum):
    """Whom of the roster the question is put to.

    REGISTERED is the electorate of domain.md V23: registered here, or admitted by the meeting.
    """

    REGISTERED = "registered"
    ROSTER = "roster"


class Body(StrEnum):
    """Whose vote it is by law. Only the first two decide on a village plan (domain.md V1)."""

    VILLAGERS = "villagers"
    REPRESENTATIVES = "representatives"
    GROUP = "group"
    MEMBERS = "members"
    PARTY = "party"


class Unit(StrEnum):
    """Who has one vote; said before the vote is announced (domain.md V4)."""

    PERSON = "person"
    HOUSEHOLD = "household"


class Base(StrEnum):
    """Of whom a decision needs its share: of those present, or of all who may vote (V3, V9)."""

    PRESENT = "present"
    ALL = "all"


Share = tuple[int, int]


@dataclass(frozen=True, kw_only=True)
class Params:
    """What a rule profile prescribes. Shares are pairs of integers (numerator, denominator).

    `quorum` is of the electors, `household_quorum` of their households, `majority` of
    `majority_of`. Each is strict (more than: 过半数) or inclusive (at least: 以上 includes, Civil
    Code Art. 1259), as its `…_inclusive` says. None means that the rule asks for nothing there.

    One helper should write no more than `assisted_by_one` of all papers: more is told (V19). Fewer
    than `secret_from` electors cannot vote in secret. `covers_plans` is False for rules that are
    made for one other matter. After `disclosure_days` on the board the
    result stands; who objects does so within `objection_days` (domain.md §4.2).
    """

    legal_effect: LegalEffect = LegalEffect.CONSULTATIVE
    electorate: Electorate = Electorate.REGISTERED
    body: Body = Body.VILLAGERS
    unit: Unit = Unit.PERSON
    min_age: int | None = 18
    quorum: Share | None = None
    quorum_inclusive: bool = False
    household_quorum: Share | None = None
    household_quorum_inclusive: bool = True
    majority: Share | None = None
    majority_inclusive: bool = False
    majority_of: Base = Base.PRESENT
    remote_counts: bool = True
    real_name: bool = False
    notice_days: int = 0
    disclosure_days: int = 5
    objection_days: int = 5
    party_review: bool = False
    covers_plans: bool = True
    assisted_by_one: Share = (1, 5)
    secret_from: int = 10

    @property
    def decides_plans(self) -> bool:
        """Tell whether a passed vote is the consent that a village plan needs (V1, V24)."""
        is_meeting = self.body in (Body.VILLAGERS, Body.REPRESENTATIVES)
        is_binding = self.legal_effect is LegalEffect.STATUTORY
        return is_binding and is_meeting and self.covers_plans

    @property
    def needs_meeting(self) -> bool:
        """Tell whether votes by this rule are those of a convened meeting (V24).

        Every binding one is, but the written one with real names (V11).
        """
        is_binding = self.legal_effect is LegalEffect.STATUTORY
        return self.body is not Body.VILLAGERS or (is_binding and not self.real_name)

    @property
    def admits_households(self) -> bool:
        """Tell whether each household may have the vote: a binding rule says how many must come.

        The village and the group know households (V2, V7, V11); representatives, members of the
        collective and of the Party vote in person, and land asks for its share of people.
        """
        is_binding = self.legal_effect is LegalEffect.STATUTORY
        return not is_binding or self.household_quorum is not None

    def as_json(self) -> dict[str, Any]:
        """Return the parameters as plain JSON values."""
        return {key: _as_list(value) for key, value in asdict(self).items()}

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> Self:
        """Read what `as_json` wrote, of any age. An unknown parameter raises ValueError."""
        if strange := values.keys() - {f.name for f in fields(cls)}:
            raise ValueError(f"unknown parameters: {', '.join(sorted(strange))}")
        read = {key: _as_tuple(value) for key, value in values.items()}
        return cls(**read | {key: kind(read[key]) for key, kind in ENUMS.items() if key in read})


ENUMS: dict[str, type[StrEnum]] = {
    "legal_effect": LegalEffect,
    "electorate": Electorate,
    "body": Body,
    "unit": Unit,
    "majority_of": Base,
}


def _as_list(value: Any) -> Any:
    return [_as_list(part) for part in value] if isinstance(value, tuple) else value


def _as_tuple(value: Any) -> Any:
    return tuple(_as_tuple(part) for part in value) if isinstance(value, list) else value


@dataclass(frozen=True)
class Preset:
    """A rule profile as the portal brings it along; a region's own stands instead of another."""

    code: str
    region_code: str
    valid_from: date
    params: Params
    citation: str
    instead_of: str = ""


CONSULTATION = Params()
HALF, TWO_THIRDS = (1, 2), (2, 3)
VILLAGE_MEETING = Params(
    legal_effect=LegalEffect.STATUTORY,
    quorum=HALF,
    household_quorum=TWO_THIRDS,
    majority=HALF,
    remote_counts=False,
    notice_days=10,
    party_review=True,
)
VILLAGE_MEETING_HOUSEHOLDS = replace(VILLAGE_MEETING, unit=Unit.HOUSEHOLD, quorum=None)
REPRESENTATIVES = Params(
    legal_effect=LegalEffect.STATUTORY,
    body=Body.REPRESENTATIVES,
    quorum=TWO_THIRDS,
    quorum_inclusive=True,
    majority=HALF,
    remote_counts=False,
    notice_days=5,
    party_review=True,
)
GROUP_MEETING = Params(
    legal_effect=LegalEffect.STATUTORY,
    body=Body.GROUP,
    quorum=TWO_THIRDS,
    quorum_inclusive=True,
    household_quorum=TWO_THIRDS,
    majority=HALF,
    remote_counts=False,
)
COLLECTIVE = Params(
    legal_effect=LegalEffect.STATUTORY,
    body=Body.MEMBERS,
    quorum=TWO_THIRDS,
    quorum_inclusive=True,
    majority=TWO_THIRDS,
    majority_inclusive=True,
    majority_of=Base.ALL,
    notice_days=10,
    party_review=True,
)
LAND = replace(
    VILLAGE_MEETING,
    quorum=None,
    household_quorum=None,
    majority=TWO_THIRDS,
    majority_inclusive=True,
    majority_of=Base.ALL,
    covers_plans=False,
)
LAND_REPRESENTATIVES = replace(
    REPRESENTATIVES,
    quorum=None,
    quorum_inclusive=False,
    majority=TWO_THIRDS,
    majority_inclusive=True,
    majority_of=Base.ALL,
    covers_plans=False,
)
WRITTEN = Params(
    legal_effect=LegalEffect.STATUTORY,
    quorum=HALF,
    household_quorum=TWO_THIRDS,
    majority=HALF,
    real_name=True,
    covers_plans=False,
    party_review=True,
)
PARTY_MEETING = Params(
    legal_effect=LegalEffect.STATUTORY,
    body=Body.PARTY,
    quorum=TWO_THIRDS,
    quorum_inclusive=True,
    majority=HALF,
    majority_inclusive=True,
    majority_of=Base.ALL,
    remote_counts=False,
)

NATION = "000000000000"
SHANGHAI, ZHEJIANG = "310000000000", "330000000000"
ORGANIC_LAW_SINCE = date(2018, 12, 29)
ORGANIC_LAW = "《中华人民共和国村民委员会组织法》(2018)第二十一条、第二十二条"
REPRESENTATIVES_LAW = "《中华人民共和国村民委员会组织法》(2018)第二十五条、第二十六条"
GROUP_LAW = "《中华人民共和国村民委员会组织法》(2018)第二十八条"
COLLECTIVE_LAW = "《中华人民共和国农村集体经济组织法》(2024)第二十六条至第二十八条"
LAND_LAW = "《中华人民共和国土地管理法》(2019)第六十三条"
SHANGHAI_RULES = "《上海市实施〈中华人民共和国村民委员会组织法〉办法》(2020)"
ZHEJIANG_RULES = "《浙江省实施〈中华人民共和国村民委员会组织法〉办法》(2020)"
FOUR_STEPS = "“四议两公开”工作法（党员大会审议）；依据为各地工作规范，使用前请核对本地规定"
OWN_CHOICE = "本平台设定，仅供征求意见"
NOTICE_BY_PRACTICE = "（会前公告五天为本平台设定，法律未规定）"


def _presets() -> Iterator[Preset]:
    law = ORGANIC_LAW_SINCE
    yield Preset("consultative", NATION, date(2026, 1, 1), CONSULTATION, OWN_CHOICE)
    everybody = Params(min_age=None, electorate=Electorate.ROSTER)
    yield Preset("consultative-all-ages", NATION, date(2000, 1, 1), everybody, OWN_CHOICE)
    yield Preset("village-meeting", NATION, law, VILLAGE_MEETING, ORGANIC_LAW)
    remote = replace(VILLAGE_MEETING, remote_counts=True)
    yield Preset("village-meeting-remote", NATION, law, remote, ORGANIC_LAW)
    households = VILLAGE_MEETING_HOUSEHOLDS
    yield Preset("village-meeting-households", NATION, law, households, ORGANIC_LAW)
    cited = REPRESENTATIVES_LAW
    yield Preset("representatives", NATION, law, REPRESENTATIVES, cited + NOTICE_BY_PRACTICE)
    yield Preset(
        "representatives-zhejiang",
        ZHEJIANG,
        date(2020, 7, 31),
        replace(REPRESENTATIVES, notice_days=3),
        cited + ZHEJIANG_RULES,
        instead_of="representatives",
    )
    yield Preset(
        "representatives-shanghai",
        SHANGHAI,
        date(2020, 5, 14),
        replace(REPRESENTATIVES, notice_days=10),
        cited + SHANGHAI_RULES,
        instead_of="representatives",
    )
    yield Preset("group-meeting", NATION, law, GROUP_MEETING, GROUP_LAW)
    yield Preset("collective", NATION, date(2025, 5, 1), COLLECTIVE, COLLECTIVE_LAW)
    yield Preset("land", NATION, date(2020, 1, 1), LAND, LAND_LAW)
    yield Preset("land-representatives", NATION, date(2020, 1, 1), LAND_REPRESENTATIVES, LAND_LAW)
    written = f"{SHANGHAI_RULES}第十六条"
    yield Preset("written-shanghai", SHANGHAI, date(2020, 5, 14), WRITTEN, written)
    yield Preset("party-meeting", NATION, date(2018, 12, 29), PARTY_MEETING, FOUR_STEPS)


PRESETS = {preset.code: preset for preset in _presets()}


def is_in(region_code: str, village_code: str) -> bool:
    """Tell whether a village lies in a region whose code is filled up with zeros."""
    above = (code.ljust(12, "0") for code in lineage(village_code))
    return region_code == NATION or region_code in above


def list_presets(village_code: str) -> list[Preset]:
    """Return the profiles that hold in a village, its region's own instead of the nation's."""
    here = [preset for preset in PRESETS.values() if is_in(preset.region_code, village_code)]
    replaced = {preset.instead_of for preset in here}
    return [preset for preset in here if preset.code not in replaced]
