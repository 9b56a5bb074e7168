"""What lies around the plan of the invented village: the land now, groups, zones, places."""

from collections.abc import Sequence

import shapely
from shapely.geometry import LineString, Polygon
from shapely.geometry.base import BaseGeometry

from portal.maps.ground import Parcel
from portal.maps.rules import LayerKind

Things = list[tuple[BaseGeometry, dict[str, str]]]
_NOW = {
    "村综合服务中心": ("0704", "老村委会"),
    "村卫生室": ("0703", ""),
    "文化礼堂": ("0703", "老祠堂"),
    "村民广场": ("0703", ""),
    "停车场": ("0703", ""),
    "溪畔民宿": ("0703", ""),
    "污水处理站": ("0103", ""),
    "农产品仓库": ("0703", ""),
    "育秧大棚": ("0101", ""),
    "公益性墓地": ("1506", "老墓地"),
}
"""What the new places of the plan are today; every other parcel stays what it is."""
_RECLAIMED = 3
_RECLAIMED_M2 = (900.0, 2500.0)
"""So many unnamed dry fields of this size are old house plots today, to be ploughed again."""
_FACILITIES = {"0704", "080403", "080602", "080302", "120803", "1302", "1301", "1309"}
_FARMED, _LEAST = ("01", "02"), 400.0


def present(parcels: Sequence[Parcel]) -> Things:
    """Return the land use of the base year, on the same parcels."""
    things: Things = []
    least, most = _RECLAIMED_M2
    fields = [g for code, name, g in parcels if (code, name) == ("0103", "")]
    old_plots = [ground for ground in fields if least <= ground.area <= most][:_RECLAIMED]
    for code, name, ground in parcels:
        now, called = ("0703", "") if ground in old_plots else _NOW.get(name, (code, name))
        things.append((ground, {"code": now, "name": called} if called else {"code": now}))
    return things


def groups(area: Polygon, hamlets: Sequence[Polygon], names: Sequence[str]) -> Things:
    """Part the village among its groups: to each what is nearest to its hamlet."""
    middles = [hamlet.centroid for hamlet in hamlets]
    cells = shapely.get_parts(
        shapely.voronoi_polygons(shapely.multipoints(middles), extend_to=area)
    )
    things: Things = []
    for number, (middle, name) in enumerate(zip(middles, names, strict=True), start=1):
        cell = next(cell for cell in cells if cell.covers(middle))
        things.append((_whole(cell.intersection(area)), {"code": str(number), "name": name}))
    return things


def zones(area: Polygon, parcels: Sequence[Parcel], lines: dict[LayerKind, Things]) -> Things:
    """Return the control zones: protected first, then where to build, then field and wood."""
    taken: BaseGeometry = Polygon()
    things: Things = []
    farmed = [ground for code, _, ground in parcels if code.startswith(_FARMED)]
    for code, wanted in (
        ("0102", [line for line, _ in lines[LayerKind.ECOLOGICAL_REDLINE]]),
        ("0202", [line for line, _ in lines[LayerKind.PERMANENT_BASIC_FARMLAND]]),
        ("0301", [line for line, _ in lines[LayerKind.VILLAGE_BOUNDARY]]),
        ("0201", farmed),
        ("0101", [area]),
    ):
        zone = shapely.union_all(wanted).intersection(area).difference(taken)
        taken = shapely.union_all([taken, zone])
        things += [(part, {"code": code}) for part in _parts(zone)]
    return things


def places(parcels: Sequence[Parcel], river: LineString, area: Polygon) -> dict[LayerKind, Things]:
    """Return facilities, heritage, the green corridor along the river, and slopes that may slip."""
    named = [
        (ground.centroid, {"code": code, "name": name})
        for code, name, ground in parcels
        if name and code in _FACILITIES
    ]
    hall = next((ground for _, name, ground in parcels if name == "文化礼堂"), area)
    bridge = river.interpolate(0.52, normalized=True)
    slope = river.interpolate(0.28, normalized=True).buffer(90, quad_segs=4)
    banks = river.buffer(40, cap_style="flat").intersection(area)
    return {
        LayerKind.FACILITY: named,
        LayerKind.HERITAGE: [(hall.centroid, {"name": "老祠堂"}), (bridge, {"name": "古石桥"})],
        LayerKind.CORRIDOR: [(part, {"name": "青溪生态廊道"}) for part in _parts(banks)],
        LayerKind.HAZARD: [(slope.intersection(area), {"name": "上坞滑坡隐患点"})],
    }


def _parts(ground: BaseGeometry) -> list[BaseGeometry]:
    parts = shapely.get_parts(ground).tolist()
    return [part for part in parts if part.geom_type == "Polygon" and part.area >= _LEAST]


def _whole(ground: BaseGeometry) -> BaseGeometry:
    return max(shapely.get_parts(ground), key=lambda part: part.area)
