"""The land of the demonstration plan in tables: structure, facilities and control rules."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

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
MOVES = (("0101", "0703", "0.62"), ("0301", "1301", "0.09"), ("0103", "0803", "0.15"))
"""From which class to which how many hectares go, where the map has both."""
FACILITIES = (
    (FacilityKind.COMMITTEE, "村便民服务中心", "existing", "溪口", 1000, "设图书角和公示栏"),
    (FacilityKind.CLINIC, "村卫生室", "existing", "溪口", 1000, "每周三镇卫生院坐诊"),
    (FacilityKind.SCHOOL, "青溪小学", "existing", "祠堂前", 1500, "保留，改造操场"),
    (FacilityKind.ELDERLY, "幸福院和老人食堂", "planned", "祠堂前", 500, "改造旧祠堂厢房"),
    (FacilityKind.CULTURE, "文化礼堂", "existing", "石桥", 1000, ""),
    (FacilityKind.SPORTS, "健身广场", "planned", "里村", 500, ""),
    (FacilityKind.WASTE, "垃圾分类站", "planned", "溪头、岭脚", 500, "两处"),
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
    """Add the tables; the structure is what the map has, less what changes its use."""
    target: dict[str, Decimal] = {}
    for feature in layers[LayerKind.LAND_USE].features:
        area = target.get(feature.code, Decimal(0))
        target[feature.code] = area + Decimal(feature.area_m2) / 10_000
    target = {code: area.quantize(Decimal("0.01")) for code, area in target.items()}
    base = dict(target)
    for source, into, hectares in MOVES:
        if source in base and base.get(into, Decimal(0)) > Decimal(hectares):
            base[source] += Decimal(hectares)
            base[into] -= Decimal(hectares)
    for code in sorted(target):
        service.add_structure_line(
            version_id,
            code=code,
            is_town=False,
            base_ha=base[code],
            target_ha=target[code],
            now=now,
        )
    for kind, name, status, location, radius, note in FACILITIES:
        service.add_facility(
            version_id,
            kind=kind,
            name=name,
            status=FacilityStatus(status),
            location=location,
            longitude=None,
            latitude=None,
            radius_m=radius,
            note=note,
            now=now,
        )
    for subject, title, text in CONTROLS:
        service.add_control(version_id, subject=subject, title=title, text=text, now=now)
    service.describe(
        version_id,
        population=PEOPLE,
        area_ha=sum(target.values(), Decimal(0)),
        scope="青溪村全部行政村域",
        legal_basis=LAWS,
        now=now,
    )
