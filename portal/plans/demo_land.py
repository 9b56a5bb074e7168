"""The land of the demonstration plan in tables: structure, facilities and control rules."""

from collections.abc import Mapping
from datetime import datetime
from decimal import ROUND_DOWN, Decimal

from portal.maps.rules import Layer, LayerKind
from portal.plans import service
from portal.plans.rules import FacilityStatus
from portal.villages.rules import FacilityKind

PEOPLE = 1512
LAWS = (
    "《中华人民共和国城乡规划法》第十八条、第二十二条、第二十六条",
    "《中华人民共和国土地管理法》",
    "《云岭镇国土空间总体规划（2021—2035年）》（示例）",
)
CENT = Decimal("0.01")
FACILITIES = (
    (FacilityKind.COMMITTEE, "村综合服务中心", "existing", "祠堂前", 1000, "设图书角和公示栏"),
    (FacilityKind.CLINIC, "村卫生室", "existing", "祠堂前", 1000, "每周三镇卫生院坐诊"),
    (FacilityKind.SCHOOL, "青溪小学", "existing", "祠堂前", 1500, "保留，改造操场"),
    (FacilityKind.ELDERLY, "幸福院和老人食堂", "planned", "祠堂前", 500, "改造旧祠堂厢房"),
    (FacilityKind.CULTURE, "文化礼堂", "existing", "祠堂前", 1000, ""),
    (FacilityKind.SPORTS, "健身广场", "planned", "里村", 500, ""),
    (FacilityKind.WASTE, "溪头垃圾分类站", "planned", "溪头", 500, ""),
    (FacilityKind.WASTE, "桥东垃圾分类站", "planned", "桥东", 500, ""),
    (FacilityKind.WATER, "污水处理站", "existing", "溪口", None, "规模扩大一倍"),
)
CONTROLS = (
    (
        "line:permanent_basic_farmland",
        "不得占用",
        "任何单位和个人不得占用永久基本农田，不得挖塘养鱼、种树绿化。",
    ),
    (
        "line:ecological_redline",
        "以保护为主",
        "除原住居民生产生活设施的维修外，不得新建建筑物；现有宅基地逐步搬出。",
    ),
    (
        "line:village_boundary",
        "集中建设",
        "新建住房只在村庄建设边界内，先用闲置宅基地；不超过三层，檐口高度不超过10.5米。",
    ),
    ("landuse:0703", "一户一宅", "每户宅基地不超过120平方米，坡屋顶，白墙灰瓦。"),
    ("landuse:0101", "良田粮用", "水田优先种植粮食作物，进出水渠不得填埋。"),
)


def load(version_id: int, layers: Mapping[LayerKind, Layer], *, now: datetime) -> None:
    """Add the tables: the structure has the areas of the map, the facilities its places."""
    area, base = rounded(by_code(layers[LayerKind.LAND_USE_BASE]))
    area, target = rounded(by_code(layers[LayerKind.LAND_USE]))
    for code in sorted(base | target):
        service.add_structure_line(
            version_id,
            code=code,
            is_town=False,
            base_ha=base.get(code, Decimal(0)),
            target_ha=target.get(code, Decimal(0)),
            now=now,
        )
    spots = {
        f.name: f.geometry["coordinates"]
        for kind in (LayerKind.PLACE, LayerKind.FACILITY)
        for f in layers[kind].features
    }
    for kind, name, status, location, radius, note in FACILITIES:
        longitude, latitude = (
            Decimal(str(degrees)) for degrees in spots.get(name) or spots[location]
        )
        service.add_facility(
            version_id,
            kind=kind,
            name=name,
            status=FacilityStatus(status),
            location=location,
            longitude=longitude,
            latitude=latitude,
            radius_m=radius,
            note=note,
            now=now,
        )
    for subject, title, text in CONTROLS:
        service.add_control(version_id, subject=subject, title=title, text=text, now=now)
    service.describe(
        version_id,
        population=PEOPLE,
        area_ha=area,
        scope="青溪村全部行政村域",
        legal_basis=LAWS,
        now=now,
    )


def by_code(layer: Layer) -> dict[str, Decimal]:
    """Return the hectares of each class on a layer, exactly."""
    found: dict[str, Decimal] = {}
    for feature in layer.features:
        found[feature.code] = (
            found.get(feature.code, Decimal(0)) + Decimal(feature.area_m2) / 10_000
        )
    return found


def rounded(exact: Mapping[str, Decimal]) -> tuple[Decimal, dict[str, Decimal]]:
    """Return the whole to hundredths of a hectare, and parts that add up to it (largest rest)."""
    whole = sum(exact.values(), Decimal(0)).quantize(CENT)
    parts = {code: value.quantize(CENT, ROUND_DOWN) for code, value in exact.items()}
    missing = int((whole - sum(parts.values(), Decimal(0))) / CENT)
    for code in sorted(exact, key=lambda c: (parts[c] - exact[c], c))[:missing]:
        parts[code] += CENT
    return whole, parts
