"""An invented valley in western Zhejiang for the demonstration: river, fields, woods, hamlets.

Everything is cut out of one village area, one thing after the other, so that parcels share their
borders exactly and nothing overlaps. The same random numbers give the same village.
"""

import json
import math
import random
from typing import Any

import numpy as np
import shapely
from shapely.affinity import rotate, scale, translate
from shapely.geometry import LineString, Point, Polygon, box, mapping
from shapely.geometry.base import BaseGeometry

from portal.maps.ground import Land, Parcel, blob, cells, smooth, wave
from portal.maps.present import groups, places, present, zones
from portal.maps.projection import Projection
from portal.maps.rules import LayerKind

MIDDLE = (118.6215, 29.0378)
"""Where the invented valley lies, in degrees: hills of western Zhejiang, no real village."""

HAMLETS = (
    "溪头",
    "上坞",
    "里村",
    "桥东",
    "祠堂前",
    "下坦",
    "茶山",
    "竹坞",
    "樟树底",
    "溪口",
)
"""The ten hamlets, down the river: one for each villager group."""

_PUBLIC = (
    ("0704", "村综合服务中心", 46, 34),
    ("080403", "青溪小学", 62, 46),
    ("080602", "村卫生室", 26, 20),
    ("080302", "文化礼堂", 36, 28),
    ("1403", "村民广场", 40, 30),
    ("120803", "停车场", 38, 24),
    ("090104", "溪畔民宿", 34, 26),
)


def village(rng: random.Random) -> dict[LayerKind, bytes]:
    """Return the layers of the invented village as GeoJSON files, ready for the import."""
    area = _outline(rng)
    river = shapely.intersection(_river(rng), area.buffer(60))
    road = shapely.offset_curve(river, -95).simplify(4)
    inner = shapely.intersection(river, area.buffer(-170))
    last = len(HAMLETS) - 1
    spots = [inner.interpolate(n / last, normalized=True) for n in range(last + 1)]
    hamlets = [_hamlet(rng, spot, n) for n, spot in enumerate(spots)]
    lanes = [_lane(road, hamlet) for hamlet in hamlets]
    land = Land(area)
    water = river.buffer(17, cap_style="flat").union(_pools(rng, river))
    land.take("1701", "青溪", water)
    land.take("1202", "", road.buffer(8))
    _public_places(land, hamlets[4])
    land.take("1207", "", shapely.union_all([lane.buffer(4.5) for lane in lanes]))
    for hamlet in hamlets:
        land.take("0703", "", hamlet)
    _single_places(rng, land, river, road)
    floor = _valley_floor(rng, river)
    _fields(rng, land, floor, river)
    _slopes(rng, land)
    parcels = land.parcels()
    controls = _controls(parcels, hamlets)
    layers: dict[LayerKind, list[tuple[BaseGeometry, dict[str, str]]]] = {
        LayerKind.VILLAGE_AREA: [(area, {"name": "青溪村(示例)"})],
        LayerKind.LAND_USE: [(g, _named(code, name)) for code, name, g in parcels],
        **controls,
        LayerKind.BUILDING: [(house, {}) for hamlet in hamlets for house in _houses(rng, hamlet)],
        LayerKind.PLACE: [
            (hamlet.centroid, {"name": name}) for hamlet, name in zip(hamlets, HAMLETS, strict=True)
        ],
        LayerKind.PROJECT: _projects(river, road, hamlets),
        LayerKind.LAND_USE_BASE: present(parcels),
        LayerKind.GROUP_AREA: groups(area, hamlets, HAMLETS),
        LayerKind.CONTROL_ZONE: zones(area, parcels, controls),
        **places(parcels, river, area),
    }
    plane = Projection(*MIDDLE)
    return {kind: _file(plane, things) for kind, things in layers.items()}


def _named(code: str, name: str) -> dict[str, str]:
    return {"code": code, "name": name} if name else {"code": code}


def _file(plane: Projection, things: list[tuple[BaseGeometry, dict[str, str]]]) -> bytes:
    features: list[dict[str, Any]] = [
        {
            "type": "Feature",
            "properties": properties,
            "geometry": mapping(
                shapely.transform(plane.unflatten(shape), lambda points: points.round(7))
            ),
        }
        for shape, properties in things
    ]
    text = json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False)
    return text.encode()


def _outline(rng: random.Random) -> Polygon:
    count = 84
    run = wave(rng, count, 0.15)
    return Polygon(
        (
            round(1560 * (1 + run[i]) * math.cos(math.tau * i / count), 1),
            round(1640 * (1 + run[i]) * math.sin(math.tau * i / count), 1),
        )
        for i in range(count)
    )


def _river(rng: random.Random) -> LineString:
    steps = 11
    points = []
    for i in range(steps):
        along = -2050 + 4100 * i / (steps - 1)
        bend = (260 if i % 2 else -260) * rng.uniform(0.55, 1.0)
        points.append((along * 0.86 - bend * 0.45, -along * 0.62 - bend * 0.75))
    return smooth(points)


def _pools(rng: random.Random, river: LineString) -> BaseGeometry:
    pools = [river.interpolate(rng.uniform(0.2, 0.8), normalized=True) for _ in range(4)]
    return shapely.union_all([p.buffer(rng.uniform(24, 38), quad_segs=5) for p in pools])


def _hamlet(rng: random.Random, spot: Point, number: int) -> Polygon:
    side = 1 if number % 2 else -1
    away = (150 if number == 4 else rng.uniform(150, 250)) * side
    middle = Point(spot.x + away * 0.6, spot.y + away * 0.8)
    size = 128 if number == 4 else rng.uniform(70, 98)
    shape = blob(rng, middle, size)
    return rotate(scale(shape, 1.35, 0.8), rng.uniform(-55, 10), origin=middle)


def _lane(road: LineString, hamlet: Polygon) -> LineString:
    end = hamlet.centroid
    start = road.interpolate(road.project(end))
    turn = ((start.x + end.x) / 2 + 0.14 * (end.y - start.y), (start.y + end.y) / 2)
    return smooth([(start.x, start.y), turn, (end.x, end.y)])


def _public_places(land: Land, hamlet: Polygon) -> None:
    """Set the public places of the main hamlet out in two rows around its middle."""
    middle = hamlet.centroid
    x, row = -112.0, 0
    for code, name, wide, high in _PUBLIC:
        if x + wide > 118:
            x, row = -64.0, row + 1
        plot = box(0, 0, wide, high)
        plot = translate(plot, middle.x + x, middle.y + 8 - row * 58)
        land.take(code, name, rotate(plot, -24, origin=middle))
        x += wide + 5


def _single_places(rng: random.Random, land: Land, river: LineString, road: LineString) -> None:
    """Set what stands alone: water works, a store, a pond, livestock, a burial ground."""
    sites = (
        ("1302", "污水处理站", 0.93, 60, 40, 30),
        ("1301", "供水站", 0.05, 120, 34, 28),
        ("1309", "垃圾分类站", 0.62, -150, 30, 22),
        ("1101", "农产品仓库", 0.71, -160, 70, 44),
        ("060202", "生态养殖场", 0.83, 330, 90, 60),
        ("060201", "育秧大棚", 0.36, 215, 96, 56),
        ("1001", "竹木加工厂", 0.17, -190, 84, 58),
        ("1506", "公益性墓地", 0.28, 620, 90, 70),
    )
    for code, name, share, away, wide, high in sites:
        at = (river if away > 0 else road).interpolate(share, normalized=True)
        turned = rotate(box(-wide / 2, -high / 2, wide / 2, high / 2), rng.uniform(-40, -10))
        land.take(code, name, translate(turned, at.x + away * 0.55, at.y + away * 0.83))
    for share, away, size in ((0.22, -230, 42), (0.47, 300, 55), (0.78, -260, 38)):
        at = river.interpolate(share, normalized=True)
        pond = blob(rng, Point(at.x + away * 0.55, at.y + away * 0.83), size, 0.1)
        land.take("1704", "", pond)
    at = river.interpolate(0.5, normalized=True)
    lake = blob(rng, Point(at.x - 620, at.y - 640), 120, 0.2)
    land.take("1703", "青溪水库", scale(lake, 1.5, 0.7))


def _valley_floor(rng: random.Random, river: LineString) -> BaseGeometry:
    wide = [
        river.interpolate(i / 40, normalized=True).buffer(
            330 + 90 * math.sin(i / 3.1) + rng.uniform(-30, 30), quad_segs=6
        )
        for i in range(41)
    ]
    return shapely.union_all(wide).buffer(-40).buffer(40)


def _fields(rng: random.Random, land: Land, floor: BaseGeometry, river: LineString) -> None:
    """Part the valley floor into fields, wet near the river and dry or planted further up."""
    seeds = []
    for x in np.arange(-2000, 2001, 165):
        for y in np.arange(-2000, 2001, 135):
            at = rotate(Point(x + rng.uniform(-38, 38), y + rng.uniform(-30, 30)), -36, (0, 0))
            if floor.contains(at):
                seeds.append((at.x, at.y))
    for cell in cells(seeds, floor):
        away = river.distance(cell.centroid)
        kinds: tuple[str, ...] = ("0101",) * 8 + ("0103",) * 2
        if away > 200:
            kinds = ("0101", "0101", "0103", "0103", "0202", "0202", "0201")
        land.take(rng.choice(kinds), "", cell.intersection(floor))


def _slopes(rng: random.Random, land: Land) -> None:
    """Part what is left into woods, bamboo and tea on the slopes; leave nothing over."""
    seeds = [(rng.uniform(-1900, 1900), rng.uniform(-1900, 1900)) for _ in range(64)]
    for cell in cells(seeds, land.area):
        middle = cell.centroid
        kinds: tuple[str, ...] = ("0301",) * 6 + ("0302",) * 3 + ("0303",)
        if middle.x > 500 and middle.y > -300:
            kinds = ("0301", "0202", "0202", "0302")
        land.take(rng.choice(kinds), "", cell)
    land.take("0304", "", land.area.buffer(1))


def _controls(
    parcels: list[Parcel], hamlets: list[Polygon]
) -> dict[LayerKind, list[tuple[BaseGeometry, dict[str, str]]]]:
    """Draw the control lines around the parcels that they protect or allow."""
    paddies = [g for code, _, g in parcels if code == "0101" and g.area > 6000]
    farmland = shapely.union_all(paddies).buffer(-6).buffer(3)
    woods = [
        g
        for code, _, g in parcels
        if code.startswith("03") and g.centroid.y < -250 and g.centroid.x < 150
    ]
    redline = shapely.union_all(woods).buffer(-12).buffer(8)
    taken = ("17", "01", "1202")
    open_land = shapely.union_all([g for code, _, g in parcels if code.startswith(taken)])
    built = shapely.union_all(hamlets).buffer(26, quad_segs=4).difference(open_land.buffer(1))
    blocks = [part for part in shapely.get_parts(built.simplify(2)) if part.area > 6000]
    return {
        LayerKind.PERMANENT_BASIC_FARMLAND: _parts(farmland, 8000),
        LayerKind.ECOLOGICAL_REDLINE: _parts(redline, 40_000),
        LayerKind.VILLAGE_BOUNDARY: [(block, {}) for block in blocks],
    }


def _parts(shape: BaseGeometry, least: float) -> list[tuple[BaseGeometry, dict[str, str]]]:
    parts = [p for p in shapely.get_parts(shape.simplify(2)) if p.area >= least]
    return [(Polygon(part.exterior), {}) for part in parts]


def _houses(rng: random.Random, hamlet: Polygon) -> list[Polygon]:
    """Set rows of houses into a hamlet, all facing the same way."""
    turn = rng.uniform(-35, -10)
    west, south, east, north = hamlet.bounds
    inner = hamlet.buffer(-14)
    houses = []
    for x in np.arange(west, east, 40):
        for y in np.arange(south, north, 36):
            wide, high = rng.uniform(14, 22), rng.uniform(11, 14)
            house = box(-wide / 2, -high / 2, wide / 2, high / 2)
            at = (float(x) + rng.uniform(-6, 6), float(y) + rng.uniform(-5, 5))
            house = translate(rotate(house, turn), *at)
            if inner.contains(house) and rng.random() < 0.62:
                houses.append(house)
    return houses


def _projects(
    river: LineString, road: LineString, hamlets: list[Polygon]
) -> list[tuple[BaseGeometry, dict[str, str]]]:
    """Pin the near-term projects, by the numbers of the project table."""
    ends = [road.interpolate(s, normalized=True) for s in (0.34, 0.57)]
    banks = [river.interpolate(s, normalized=True) for s in (0.3, 0.94)]
    spots = [
        ends[0],
        banks[1],
        translate(hamlets[4].centroid, 40, -70),
        banks[0],
        translate(hamlets[6].centroid, 90, 120),
        translate(hamlets[2].centroid, 60, 60),
        translate(hamlets[8].centroid, -90, 50),
        ends[1],
    ]
    return [(spot, {"ref": str(n)}) for n, spot in enumerate(spots, start=1)]
