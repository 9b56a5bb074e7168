"""The words that stand in cells, in both languages, and what they mean here. Pure."""

from collections.abc import Mapping
from enum import StrEnum
from typing import TypeVar

from portal.intake.columns import plain
from portal.plans.rules import (
    Direction,
    FacilityStatus,
    IndicatorKind,
    PlanKind,
    ProjectKind,
)
from portal.villages.rules import FacilityKind

Word = TypeVar("Word", bound=StrEnum)

# Each meaning: the Chinese word of the template, the English one, and what else people write.
PLAN_KINDS: Mapping[PlanKind, tuple[str, ...]] = {
    PlanKind.PRACTICAL: ("实用性村庄规划", "Village plan", "村庄规划", "多规合一"),
    PlanKind.SPECIAL: ("专项规划", "Special plan"),
    PlanKind.FUSION_UNIT: ("融合单元规划", "Fusion-unit plan", "融合单元"),
    PlanKind.PROJECT_LIST: ("项目清单", "List of projects"),
}
INDICATOR_KINDS: Mapping[IndicatorKind, tuple[str, ...]] = {
    IndicatorKind.BINDING: ("约束性", "binding", "约束", "约束性指标", "强制性"),
    IndicatorKind.EXPECTED: ("预期性", "expected", "预期", "预期性指标", "引导性"),
}
DIRECTIONS: Mapping[Direction, tuple[str, ...]] = {
    Direction.AT_MOST: ("不超过", "at most", "≤", "<=", "上限", "不高于", "控制", "不大于"),
    Direction.AT_LEAST: ("不低于", "at least", "≥", ">=", "下限", "不少于", "不小于"),
}
PROJECT_KINDS: Mapping[ProjectKind, tuple[str, ...]] = {
    ProjectKind.PUBLIC_SERVICE: ("公共服务", "Public services", "公共服务设施", "公服"),
    ProjectKind.INFRASTRUCTURE: ("基础设施", "Infrastructure", "市政", "道路", "公用设施"),
    ProjectKind.INDUSTRY: ("产业", "Livelihood", "产业发展", "产业项目", "industry"),
    ProjectKind.LIVING_ENVIRONMENT: ("人居环境", "Living environment", "人居环境整治", "环境整治"),
    ProjectKind.ECOLOGY: ("生态修复", "Ecology", "生态", "生态保护", "国土整治", "生态保护修复"),
    ProjectKind.HERITAGE: ("历史文化", "Heritage", "历史文化保护", "文化保护", "古建"),
    ProjectKind.DISASTER_PREVENTION: ("防灾", "Disaster prevention", "防灾减灾", "安全防灾"),
}
STATUSES: Mapping[FacilityStatus, tuple[str, ...]] = {
    FacilityStatus.EXISTING: ("现有", "existing", "现状", "保留", "已建", "现状保留"),
    FacilityStatus.PLANNED: (
        "规划",
        "planned",
        "新建",
        "规划新建",
        "改建",
        "扩建",
        "改扩建",
        "拟建",
    ),
    FacilityStatus.REMOVED: ("撤除", "removed", "拆除", "取消", "撤并"),
}
FACILITY_KINDS: Mapping[FacilityKind, tuple[str, ...]] = {
    FacilityKind.COMMITTEE: (
        "村委会",
        "Committee and service hall",
        "综合服务中心",
        "便民服务中心",
    ),
    FacilityKind.CLINIC: ("村卫生所", "Health", "卫生室", "卫生院", "卫生服务站", "clinic"),
    FacilityKind.SCHOOL: (
        *("学校", "School and kindergarten", "小学", "中学", "幼儿园", "托儿所"),
        *("托儿所/幼儿园", "school"),
    ),
    FacilityKind.ELDERLY: ("幸福院", "For the elderly", "养老", "敬老院", "老人食堂", "elderly"),
    FacilityKind.CULTURE: (
        *("文化活动场所", "Culture", "基层综合性文化服务中心", "文化礼堂", "图书室", "古街古巷"),
        *("古民居", "宗祠寺庙", "古树", "古井", "古桥"),
    ),
    FacilityKind.SPORTS: ("健身场地", "Sports and play", "运动场地", "健身广场", "sports"),
    FacilityKind.SHOP: ("集贸市场", "Shop and farm supplies", "商店", "超市", "农资店", "shop"),
    FacilityKind.POST: ("村邮站", "Post and parcels", "快递点", "邮政", "post"),
    FacilityKind.TRANSPORT: (
        *("停车场", "Bus and parking", "城乡公交停靠点", "公交站", "transport"),
    ),
    FacilityKind.WATER: ("供水设施", "Water and power", "电力设施", "供水", "供电", "water"),
    FacilityKind.WASTE: (
        *("污水处理设施", "Waste and toilets", "公共厕所", "垃圾转运站", "垃圾收集点", "公厕"),
        *("污水处理站", "waste"),
    ),
    FacilityKind.OTHER: ("其他", "Other", "农村避灾点", "避灾点", "其它"),
}
YES, NO = ("是", "yes", "y", "1", "true", "√", "201", "202"), ("否", "no", "n", "0", "false", "203")
SUBJECT_KINDS: Mapping[str, tuple[str, ...]] = {
    "zone": ("管控分区", "zone", "分区", "控制区", "空间分区"),
    "landuse": ("用地类型", "land use", "地类", "用地", "用地用海分类"),
    "line": ("控制线", "line", "三线", "边界线"),
}
LINES: Mapping[str, tuple[str, ...]] = {
    "ecological_redline": ("生态保护红线", "Ecological redline", "生态红线"),
    "permanent_basic_farmland": ("永久基本农田", "Permanent basic farmland", "永农", "基本农田"),
    "urban_boundary": ("城镇开发边界", "Urban boundary"),
    "village_boundary": ("村庄建设边界", "Village construction boundary"),
}
# The indicators that practice knows (domain.md §2.3): code -> names.
INDICATORS: Mapping[str, tuple[str, ...]] = {
    "total_construction_land": ("村域建设用地总面积", "建设用地总面积", "建设用地总规模"),
    "urban_rural_construction_land": (
        "村域城乡建设用地面积",
        "城乡建设用地面积",
        "城乡建设用地规模",
    ),
    "village_construction_land": ("村庄建设用地规模", "村庄建设用地面积"),
    "public_service_land": ("公共管理与公共服务用地规模", "公共管理与公共服务设施用地规模"),
    "utility_land": ("公用设施用地规模", "公用设施用地面积"),
    "village_land_per_capita": ("人均村庄建设用地面积", "人均村庄建设用地"),
    "ecological_redline_area": ("生态保护红线面积", "生态保护红线规模"),
    "permanent_basic_farmland": ("永久基本农田保护面积", "永久基本农田面积", "基本农田保护面积"),
    "arable_land_retained": ("耕地保有量",),
    "forest_land_retained": ("林地保有量",),
    "wetland_area": ("湿地面积", "湿地保有量"),
    "natural_shoreline_ratio": ("大陆自然海岸线保有率", "自然岸线保有率"),
    "heritage_count": ("自然和文化遗产",),
    "population": ("人口规模", "户籍人口规模", "常住人口规模"),
    "household_count": ("户数",),
    "homestead_area_per_household": ("户均宅基地面积", "户均宅基地规模"),
    "idle_house_count": ("闲置农房", "闲置宅基地"),
}
AT_MOST = frozenset(
    {
        *("total_construction_land", "urban_rural_construction_land", "village_construction_land"),
        *("village_land_per_capita", "homestead_area_per_household", "idle_house_count"),
    }
)
"""Of those, the indicators whose target is a cap; the others must not fall below it."""


def meaning(text: str, words: Mapping[Word, tuple[str, ...]]) -> Word | None:
    """Return what a word means, or None."""
    wanted = plain(text) or text.strip()
    for found, names in words.items():
        if wanted == plain(found.value) or any(wanted == (plain(name) or name) for name in names):
            return found
    return None


def code_named(name: str) -> str | None:
    """Return the code of an indicator that practice knows by this name."""
    wanted = plain(name)
    return next((c for c, names in INDICATORS.items() if wanted in map(plain, names)), None)
