"""The demonstration plan: an invented village plan 2026–2035, on notice for twelve days."""

import random
from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal

from portal.maps.landscape import village
from portal.maps.landuse import CLASSES
from portal.maps.rules import Layer, LayerKind
from portal.plans import service
from portal.plans.rules import Direction, IndicatorKind, ProjectKind

PEOPLE = 1512
NAME = "青溪村(示例)村庄规划(2026–2035年)"
GOALS = (
    ("守住田和山", "耕地、山林和青溪的水一样不少,子孙还有地种、有水喝。"),
    ("路好走,水干净", "路通到每个组,污水不再直排进溪里。"),
    ("老有所养,小有所学", "老人吃得上热饭,孩子在村里上得了学。"),
    ("老房子留得住", "祠堂、古桥和老樟树修好、看好、用好。"),
    ("茶和竹能挣钱", "茶叶、竹子和农家乐让在家的人也有一份收入。"),
)
PROJECTS = (
    (
        "溪头至里村道路拓宽",
        ProjectKind.INFRASTRUCTURE,
        "路面由3.5米拓宽到5米,长1.2公里,加护栏和6处会车道。",
        "溪头、里村",
        "0.62",
        "2026–2027",
        1_860_000,
        "县交通补助、村集体",
        "村民委员会",
        ("urban_rural_construction_land", "village_construction_land"),
    ),
    (
        "溪口污水处理站提升",
        ProjectKind.INFRASTRUCTURE,
        "日处理能力由80吨提高到150吨,新接管网2.6公里,通到8个组。",
        "溪口",
        "0.12",
        "2026",
        2_350_000,
        "县治水专项资金",
        "镇人民政府",
        ("utility_land",),
    ),
    (
        "祠堂前幸福院和老人食堂",
        ProjectKind.PUBLIC_SERVICE,
        "改造旧供销社,设12张床位、60个座位的食堂和康复室。",
        "祠堂前",
        "0.09",
        "2026–2027",
        1_480_000,
        "县民政补助、乡贤捐资",
        "村民委员会",
        ("public_service_land",),
    ),
    (
        "青溪堰坝和河岸修复",
        ProjectKind.ECOLOGY,
        "修复3座旧堰坝,生态护岸1.8公里,两岸补种枫杨和芦苇。",
        "青溪中段",
        "1.35",
        "2027–2028",
        3_120_000,
        "省水利资金",
        "县水利局",
        ("ecological_redline_area", "forest_land_retained"),
    ),
    (
        "茶山机耕路和茶叶初制厂",
        ProjectKind.INDUSTRY,
        "机耕路2.1公里,初制厂房600平方米,由村集体经济组织经营。",
        "茶山",
        "0.48",
        "2027",
        1_720_000,
        "乡村振兴资金、村集体",
        "村股份经济合作社",
        ("village_land_per_capita", "arable_land_retained"),
    ),
    (
        "里村古民居和古桥修缮",
        ProjectKind.HERITAGE,
        "修缮5幢清代民居和1座石拱桥,请本村老匠人带徒弟。",
        "里村",
        "0.31",
        "2028",
        960_000,
        "省古村落保护资金",
        "县文物保护所",
        ("heritage_count",),
    ),
    (
        "樟树底地质灾害点治理",
        ProjectKind.DISASTER_PREVENTION,
        "削坡、挡墙和排水沟320米,设1处可容80人的避灾点。",
        "樟树底",
        "0.26",
        "2026",
        1_150_000,
        "省地质灾害防治资金",
        "县自然资源和规划局",
        ("total_construction_land",),
    ),
    (
        "垃圾分类站和3座公厕改造",
        ProjectKind.LIVING_ENVIRONMENT,
        "分类站加雨棚和冲洗设施,公厕改水冲式并设无障碍厕位。",
        "下坦、桥东、竹坞",
        "0.05",
        "2026",
        420_000,
        "村集体、县补助",
        "村民委员会",
        ("utility_land", "public_service_land"),
    ),
)
SECTIONS = (
    (
        "规划总则",
        "本规划为青溪村(示例)的多规合一实用性村庄规划,范围是全村村域。\n\n基期年为2025年,目标年为2035年,近期到2028年。\n\n**这是示例数据,不是真实村庄的规划。**",
    ),
    (
        "村里现在怎么样",
        "全村10个村民小组,约400户、1500人,常年在外的约四成。\n\n村民代表会议和入户走访提得最多的三件事:\n\n1. 溪头到里村的路太窄,会不了车;\n2. 溪口污水站夏天有味道;\n3. 独居老人吃饭没人管。",
    ),
    (
        "空间怎么安排",
        "全村分三块:\n\n- **山**:北、西、南三面山林,其中西南片划入生态保护红线;\n- **田**:青溪两岸的水田划为永久基本农田,只种粮;\n- **村**:十个自然村在村庄建设边界以内建房,边界以外不批新宅基地。",
    ),
    (
        "宅基地和建房",
        "新批宅基地每户不超过120平方米,不超过三层,檐口高度不超过10.8米。\n\n优先使用空闲宅基地和老宅基地。坡屋顶、白墙、灰瓦,与老村协调。\n\n| 情形 | 怎么办 |\n|---|---|\n| 原址翻建 | 村里受理,镇里20个工作日内答复 |\n| 分户新建 | 先用空闲宅基地 |\n| 地质灾害点 | 搬到避险安置点 |",
    ),
    (
        "路、水、电和公共服务",
        "对外的路拓宽到5米,入户的路硬化到每个组。\n\n污水全部接进管网,由溪口处理站处理后排放。\n\n公共服务集中在祠堂前:村综合服务中心、卫生室、文化礼堂、小学和幸福院,步行一刻钟能到八个组。",
    ),
    (
        "生态和历史文化",
        "青溪两岸各留10米不建房。水库和水源地周边不设养殖场。\n\n保护对象12处:5幢古民居、1座石拱桥、1座祠堂、2口古井、3株古樟。每处都有人看护,修缮先请文物部门看过。",
    ),
    (
        "防灾减灾",
        "地质灾害点2处,其中樟树底1处在2026年治理。\n\n避灾点设在小学和樟树底,共可容纳380人。洪水位以上0.5米方可建房。",
    ),
    (
        "近期做什么",
        "2026年到2028年先做8个项目,合计约1306万元。每个项目写明谁来做、钱从哪里来、哪一年完成。\n\n项目完成情况每半年在村务公开栏和本网站公布一次。",
    ),
)


def load(*, rng: random.Random, now: datetime) -> None:
    """Put the demonstration plan in, and open its notice as if twelve days ago."""
    opened = now - timedelta(days=12)
    drafted = opened - timedelta(days=20)
    version = service.create_plan(
        name=NAME,
        base_year=2025,
        target_year=2035,
        compiled_by="县乡村规划设计院(示例)",
        now=drafted,
    )
    files = village(rng)
    layers = {
        kind: Layer(kind, service.put_layer(version.id, kind, data, now=drafted).features)
        for kind, data in files.items()
    }
    for title, text in SECTIONS:
        service.add_section(version.id, title=title, text=text, now=drafted)
    goals = [service.add_goal(version.id, title=t, text=text, now=drafted).id for t, text in GOALS]
    indicators = _add_indicators(version.id, goals, layers, now=drafted)
    for number, (name, kind, content, place, area, year, cost, fund, who, supports) in enumerate(
        PROJECTS, 1
    ):
        service.add_project(
            version.id, code=str(number), name=name, kind=kind, content=content, location=place,
            area_ha=Decimal(area), year=year, cost_yuan=cost, funding=fund, responsible=who,
            indicator_ids=[indicators[code] for code in supports], now=drafted,
        )  # fmt: skip
    farmland = _hectares(layers[LayerKind.PERMANENT_BASIC_FARMLAND])
    total = sum(project[6] for project in PROJECTS)
    service.write_summary(
        version.id,
        sentences=(
            "今后十年,青溪村的田不少一亩,山不少一片,溪水要比现在清。",
            "溪头到里村的路加宽到5米,十个组都通上硬化路。",
            "全村污水接进管网,溪口的处理站扩大一倍。",
            "祠堂前办幸福院和老人食堂,小学、卫生室留在村里。",
            "新房只在村庄建设边界里建,先用空着的老宅基地。",
        ),
        figures=(
            (f"{farmland * 15:,.0f}", "亩", "永久基本农田,一亩不少"),
            (str(len(PROJECTS)), "个", "2026–2028年要做的项目"),
            (f"{total // 10_000:,}", "万元", "这些项目的估算投资"),
        ),
        now=drafted,
    )
    service.open_notice(
        version.id,
        board_evidence="十个自然村公开栏和村委会公开栏均已张贴,照片编号GK-01至GK-11(示例)。",
        board_at=opened - timedelta(hours=2),
        opened_by=None,
        is_rest_day=service.rest_days(),
        now=opened,
    )


def _hectares(layer: Layer) -> Decimal:
    return Decimal(sum(f.area_m2 for f in layer.features)) / 10_000


def _add_indicators(
    version_id: int, goals: list[int], layers: Mapping[LayerKind, Layer], *, now: datetime
) -> dict[str, int]:
    """Add the indicator table with the areas that the map really has."""
    by_code: dict[str, int] = {}
    for feature in layers[LayerKind.LAND_USE].features:
        by_code[feature.code] = by_code.get(feature.code, 0) + feature.area_m2

    def land(*starts: str) -> Decimal:
        return Decimal(sum(a for code, a in by_code.items() if code.startswith(starts))) / 10_000

    def flagged(flag: str) -> Decimal:
        return (
            Decimal(sum(a for code, a in by_code.items() if getattr(CLASSES[code], flag))) / 10_000
        )

    built, homes = flagged("construction"), flagged("village_construction")
    redline = _hectares(layers[LayerKind.ECOLOGICAL_REDLINE])
    farmland = _hectares(layers[LayerKind.PERMANENT_BASIC_FARMLAND])
    binding, expected = IndicatorKind.BINDING, IndicatorKind.EXPECTED
    most, least = Direction.AT_MOST, Direction.AT_LEAST
    table = (
        (
            "total_construction_land",
            "村域建设用地总面积",
            "公顷",
            binding,
            most,
            built - Decimal("0.86"),
            built,
            (1,),
        ),
        (
            "urban_rural_construction_land",
            "村域城乡建设用地面积",
            "公顷",
            binding,
            most,
            homes - Decimal("0.62"),
            homes,
            (1,),
        ),
        (
            "village_construction_land",
            "村庄建设用地规模",
            "公顷",
            expected,
            most,
            homes - Decimal("0.62"),
            homes,
            (1,),
        ),
        (
            "village_land_per_capita",
            "人均村庄建设用地面积",
            "平方米/人",
            expected,
            most,
            homes * 10_000 / PEOPLE - 4,
            homes * 10_000 / PEOPLE,
            (4,),
        ),
        (
            "public_service_land",
            "公共管理与公共服务用地规模",
            "公顷",
            expected,
            least,
            land("08", "0704") - Decimal("0.14"),
            land("08", "0704"),
            (2,),
        ),
        (
            "utility_land",
            "公用设施用地规模",
            "公顷",
            expected,
            least,
            land("13") - Decimal("0.09"),
            land("13"),
            (1,),
        ),
        (
            "ecological_redline_area",
            "生态保护红线面积",
            "公顷",
            binding,
            least,
            redline,
            redline,
            (0,),
        ),
        (
            "permanent_basic_farmland",
            "永久基本农田保护面积",
            "公顷",
            binding,
            least,
            farmland,
            farmland,
            (0,),
        ),
        (
            "arable_land_retained",
            "耕地保有量",
            "公顷",
            binding,
            least,
            land("01") + Decimal("0.31"),
            land("01"),
            (0, 4),
        ),
        (
            "forest_land_retained",
            "林地保有量",
            "公顷",
            binding,
            least,
            land("03") - Decimal("1.20"),
            land("03"),
            (0,),
        ),
        ("heritage_count", "自然和文化遗产", "处", expected, least, Decimal(12), Decimal(12), (3,)),
        ("idle_house_count", "闲置农房", "幢", expected, most, Decimal(37), Decimal(15), (4,)),
    )
    found: dict[str, int] = {}
    for code, name, unit, kind, direction, base, target, measures in table:
        whole = unit in ("处", "幢")
        digits = Decimal(1) if whole else Decimal("0.01")
        indicator = service.add_indicator(
            version_id, code=code, name=name, unit=unit, kind=kind, direction=direction,
            base=base.quantize(digits), target=target.quantize(digits),
            goal_ids=[goals[n] for n in measures], now=now,
        )  # fmt: skip
        found[code] = indicator.id
    return found
