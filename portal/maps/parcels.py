"""What each parcel is now and becomes, what lies on it, and whose group's ground it is. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import shapely
from shapely.geometry import Point, shape
from shapely.geometry.base import BaseGeometry

from portal.maps.projection import Projection, around
from portal.maps.rules import LayerKind, Sheet

CRUMB_M2 = 2.0
"""Less ground than this is a matter of drawing, not of planning."""
CRUMB_SHARE = 0.005
"""So is less than this share of a parcel."""
LINES = (
    LayerKind.ECOLOGICAL_REDLINE,
    LayerKind.PERMANENT_BASIC_FARMLAND,
    LayerKind.URBAN_BOUNDARY,
    LayerKind.VILLAGE_BOUNDARY,
    LayerKind.HERITAGE,
    LayerKind.HAZARD,
)
"""The lines that a parcel can lie within."""


@dataclass(frozen=True, slots=True)
class Part:
    """Some ground of one present class, in square metres; ``code`` is empty where unknown."""

    code: str
    area_m2: int


@dataclass(frozen=True, slots=True)
class Parcel:
    """A parcel of the plan: what it becomes, what it is now, where it lies.

    ``middle`` is a point within it, longitude and latitude.
    """

    number: int
    name: str
    code: str
    area_m2: int
    now: tuple[Part, ...]
    zones: tuple[str, ...]
    lines: tuple[LayerKind, ...]
    groups: tuple[str, ...]
    middle: tuple[float, float]

    @property
    def changes(self) -> bool:
        """Tell whether any of its ground becomes something else than it is now."""
        return any(part.code and part.code != self.code for part in self.now)

    @property
    def is_known(self) -> bool:
        """Tell whether the map says what it is now."""
        return any(part.code for part in self.now)


@dataclass(frozen=True, slots=True)
class Change:
    """Ground that one class gives to another, and the parcels it lies on."""

    before: str
    after: str
    area_m2: int
    parcels: tuple[tuple[int, str, int], ...]
    """Number, name and changed square metres of each."""


@dataclass(frozen=True, slots=True)
class GroupGround:
    """What a villager group has on the map. Areas in square metres, within its own area."""

    number: str
    area_m2: int
    changes: tuple[Change, ...]
    lines: tuple[tuple[LayerKind, int], ...]
    zones: tuple[tuple[str, int], ...]
    refs: tuple[str, ...]
    """References of the projects drawn there."""
    knows_now: bool

    @property
    def changed_m2(self) -> int:
        """Return how much ground becomes something else."""
        return sum(change.area_m2 for change in self.changes)


Key = TypeVar("Key", bound=str)


class Atlas:
    """A sheet, measured: every parcel and group of it, and what lies on what."""

    def __init__(self, sheet: Sheet) -> None:
        """Measure a sheet; two thousand parcels take a second."""
        shapes = [shape(f.geometry) for layer in sheet.layers for f in layer.features]
        bounds = tuple(shapely.total_bounds(shapes).tolist()) if shapes else (0.0, 0.0, 0.0, 0.0)
        self._plane: Projection = around(bounds)
        self._features = {f.number: f for f in sheet.layer(LayerKind.LAND_USE)}
        self._shapes = self._flat(sheet, LayerKind.LAND_USE)
        self._tree = shapely.STRtree(self._shapes)
        self._areas = shapely.area(self._shapes)
        self._now = self._parts(sheet)
        self._layers = {kind: self._flat(sheet, kind) for kind in LINES if sheet.layer(kind)}
        self._zones = self._by_code(sheet, LayerKind.CONTROL_ZONE)
        self._groups = self._by_code(sheet, LayerKind.GROUP_AREA)
        self._pins = [
            (f.ref or str(f.number), self._plane.flatten(shape(f.geometry)).representative_point())
            for f in sheet.layer(LayerKind.PROJECT)
        ]
        lines = {kind: self._upon(grounds) for kind, grounds in self._layers.items()}
        zones = {code: self._upon([ground]) for code, ground in self._zones.items()}
        groups = {code: self._upon([ground]) for code, ground in self._groups.items()}
        middles = self._middles()
        self.parcels: Mapping[int, Parcel] = {
            feature.number: Parcel(
                number=feature.number,
                name=feature.name,
                code=feature.code,
                area_m2=feature.area_m2,
                now=self._now[place],
                zones=tuple(code for code, on in zones.items() if place in on),
                lines=tuple(kind for kind, on in lines.items() if place in on),
                groups=tuple(code for code, on in groups.items() if place in on),
                middle=middles[place],
            )
            for place, feature in enumerate(self._features.values())
        }
        self.groups: Mapping[str, GroupGround] = {
            code: self._group(code, ground) for code, ground in self._groups.items()
        }

    def group_at(self, longitude: float, latitude: float) -> str | None:
        """Return the number of the group on whose ground a point lies."""
        spot = self._plane.flatten(Point(longitude, latitude))
        return next((code for code, g in self._groups.items() if g.covers(spot)), None)

    def parcel_at(self, longitude: float, latitude: float) -> Parcel | None:
        """Return the parcel on which a point lies."""
        found = self._tree.query(self._plane.flatten(Point(longitude, latitude)), "intersects")
        numbers = list(self._features)
        return self.parcels[numbers[int(min(found))]] if len(found) else None

    def _flat(self, sheet: Sheet, kind: LayerKind) -> list[BaseGeometry]:
        return self._plane.flatten_all([shape(f.geometry) for f in sheet.layer(kind)])

    def _by_code(self, sheet: Sheet, kind: LayerKind) -> dict[str, BaseGeometry]:
        by_code: dict[str, list[BaseGeometry]] = {}
        for feature, ground in zip(sheet.layer(kind), self._flat(sheet, kind), strict=True):
            by_code.setdefault(feature.code, []).append(ground)
        return {code: shapely.union_all(by_code[code]) for code in sorted(by_code, key=_natural)}

    def _middles(self) -> list[tuple[float, float]]:
        spots = self._plane.unflatten_all(list(shapely.point_on_surface(self._shapes)))
        return [(round(spot.x, 7), round(spot.y, 7)) for spot in spots]

    def _parts(self, sheet: Sheet) -> list[tuple[Part, ...]]:
        """Return for each parcel what it is now: as it says itself, else by the present map."""
        features = list(self._features.values())
        said: list[tuple[Part, ...]] = [(Part(f.base_code, f.area_m2),) for f in features]
        open_ = [place for place, f in enumerate(features) if not f.base_code]
        present = self._by_code(sheet, LayerKind.LAND_USE_BASE) if open_ else {}
        for code, ground in present.items():
            shapely.prepare(ground)
            for place in open_:
                part = _overlap(self._shapes[place], ground)
                if not _is_crumb(part, self._areas[place]):
                    known = said[place] if said[place][0].code else ()
                    said[place] = (*known, Part(code, round(part)))
        return said

    def _upon(self, grounds: Iterable[BaseGeometry]) -> dict[int, float]:
        """Return which parcels lie on these grounds, and with how many square metres."""
        found: dict[int, float] = {}
        for ground in grounds:
            places = self._tree.query(ground, "intersects")
            if not len(places):
                continue
            cut = shapely.intersection(np.array(self._shapes, dtype=object)[places], ground)
            for place, area in zip(places.tolist(), shapely.area(cut).tolist(), strict=True):
                found[place] = found.get(place, 0.0) + area
            if ground.area == 0:  # a line or a point lies on what it crosses
                found |= dict.fromkeys(places.tolist(), float("inf"))
        return {p: area for p, area in found.items() if not _is_crumb(area, self._areas[p])}

    def _group(self, code: str, ground: BaseGeometry) -> GroupGround:
        numbers = list(self._features)
        moved: dict[tuple[str, str], list[tuple[int, str, int]]] = {}
        inside = self._upon([ground])
        for place, area in inside.items():
            feature = self._features[numbers[place]]
            for part in self._now[place]:
                changed = part.area_m2 * min(1.0, area / self._areas[place])
                if part.code and part.code != feature.code and changed >= CRUMB_M2:
                    line = (feature.number, feature.name, round(changed))
                    moved.setdefault((part.code, feature.code), []).append(line)
        changes = [
            Change(before, after, sum(m2 for _, _, m2 in lines), tuple(lines))
            for (before, after), lines in moved.items()
        ]
        return GroupGround(
            number=code,
            area_m2=round(ground.area),
            changes=tuple(sorted(changes, key=lambda c: -c.area_m2)),
            lines=_shared(self._layers.items(), ground),
            zones=_shared(((c, [g]) for c, g in self._zones.items()), ground),
            refs=tuple(ref for ref, spot in self._pins if ground.covers(spot)),
            knows_now=any(part.code for place in inside for part in self._now[place]),
        )


def _shared(
    layers: Iterable[tuple[Key, list[BaseGeometry]]], ground: BaseGeometry
) -> tuple[tuple[Key, int], ...]:
    """Return what touches a ground, with the square metres both have."""
    found = [(key, shapely.union_all(grounds)) for key, grounds in layers]
    return tuple(
        (key, round(shapely.intersection(whole, ground).area))
        for key, whole in found
        if whole.intersects(ground) and _overlap(whole, ground) > max(CRUMB_M2, ground.area / 2000)
    )


def _overlap(one: BaseGeometry, other: BaseGeometry) -> float:
    return float(shapely.intersection(one, other).area) if one.intersects(other) else 0.0


def _is_crumb(area: float, whole: float) -> bool:
    return area < max(CRUMB_M2, CRUMB_SHARE * whole)


def _natural(code: str) -> tuple[int, str]:
    return (int(code), code) if code.isdecimal() else (10**9, code)
