"""Where patches of two sets of boundaries lie on each other: found by a tree, measured exactly."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

import numpy as np
import shapely
from shapely.geometry import MultiPolygon
from shapely.geometry.base import BaseGeometry

from portal.analysis.boundaries import KEYS, Patch, patches_of, plane_of
from portal.analysis.rules import CENT, Refusal, ratio
from portal.core.errors import Refused
from portal.maps.projection import Projection
from portal.maps.rules import Sheet

MOST_CANDIDATES = 200_000
"""As many pairs of patches as one check looks at; a village has some thousands."""
MOST_CONFLICTS = 20_000
_DEGREES = 7
_DUST = 0.5
"""Overlaps below half a square metre are rounding, not ground."""


@dataclass(frozen=True, slots=True)
class Tolerance:
    """What is too small to be a conflict: below so many m², or so many per cent of the smaller."""

    area_m2: int
    percent: Decimal

    def allows(self, area_m2: float, share: Decimal) -> bool:
        """Tell whether an overlap is passed over."""
        return area_m2 < self.area_m2 or share < self.percent


@dataclass(frozen=True, slots=True)
class Overlap:
    """Two patches that lie on each other. The share is per cent of the smaller patch."""

    key: str
    first_set: str
    second_set: str
    first: Patch
    second: Patch
    area_m2: int
    smaller_m2: int
    share: Decimal
    shape: BaseGeometry
    geometry: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Pair:
    """What a check found between two sets."""

    first: str
    second: str
    patches: int
    conflicting: int
    overlap_m2: int

    @property
    def ratio(self) -> Decimal | None:
        """Return the share of patches in conflict, in per cent."""
        return ratio(self.conflicting, self.patches)


@dataclass(frozen=True, slots=True)
class Survey:
    """A whole check: each pair, each conflict, and how many patches were looked at."""

    pairs: tuple[Pair, ...]
    overlaps: tuple[Overlap, ...]
    tolerance: Tolerance
    patches: int
    conflicting: int
    tolerated: int
    checked_m2: int
    overlap_m2: int
    map_sha256: str

    @property
    def ratio(self) -> Decimal | None:
        """Return the share of checked patches that are in conflict (`conflict_patch_ratio`)."""
        return ratio(self.conflicting, self.patches)


def check_pairs(pairs: Sequence[tuple[str, str]]) -> None:
    """Refuse pairs that cannot be compared: of one set with itself, or of a set unknown here."""
    if not pairs:
        raise Refused(Refusal.NO_PAIRS)
    for first, second in pairs:
        if first not in KEYS or second not in KEYS:
            raise Refused(Refusal.UNKNOWN_BOUNDARIES)
        if first == second:
            raise Refused(Refusal.SAME_BOUNDARIES)


def survey(sheet: Sheet, pairs: Sequence[tuple[str, str]], tolerance: Tolerance) -> Survey:
    """Hold the sets of each pair against each other. Raises Refused where it is too much work."""
    check_pairs(pairs)
    plane = plane_of(sheet)
    sets = {key: patches_of(sheet, key, plane) for key in {k for pair in pairs for k in pair}}
    overlaps: list[Overlap] = []
    lines: list[Pair] = []
    tolerated = 0
    for first, second in pairs:
        found, passed = _between(first, sets[first], second, sets[second], tolerance)
        tolerated += passed
        touched = {o.first.source for o in found} | {o.second.source for o in found}
        seen = {p.source for p in (*sets[first], *sets[second])}
        area = _area_of_all([o.shape for o in found])
        lines.append(Pair(first, second, len(seen), len(touched), area))
        overlaps += found
        if len(overlaps) > MOST_CONFLICTS:
            raise Refused(Refusal.TOO_MANY)
    finished = _with_geometry(overlaps, plane)
    patches = {p.source: p.shape for key in sets for p in sets[key]}
    touched = {source for o in overlaps for source in (o.first.source, o.second.source)}
    return Survey(
        pairs=tuple(lines),
        overlaps=tuple(finished),
        tolerance=tolerance,
        patches=len(patches),
        conflicting=len(touched),
        tolerated=tolerated,
        checked_m2=_area_of_all(list(patches.values())),
        overlap_m2=_area_of_all([o.shape for o in overlaps]),
        map_sha256=fingerprint(sheet),
    )


def fingerprint(sheet: Sheet) -> str:
    """Return a fingerprint of the shapes and codes on a map: a check is of this and no other."""
    facts = [
        [layer.kind.value, f.number, f.code, f.ref, f.geometry]
        for layer in sheet.layers
        for f in layer.features
    ]
    text = json.dumps(facts, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def _between(
    first_set: str, first: list[Patch], second_set: str, second: list[Patch], tolerance: Tolerance
) -> tuple[list[Overlap], int]:
    """Return the overlaps of two sets, the largest first, and how many were passed over."""
    if not first or not second:
        return [], 0
    ones, others = np.array([p.shape for p in first]), np.array([p.shape for p in second])
    left, right = shapely.STRtree(others).query(ones, predicate="intersects")
    if len(left) > MOST_CANDIDATES:
        raise Refused(Refusal.TOO_MANY)
    shapes = shapely.intersection(ones[left], others[right])
    areas = shapely.area(shapes)
    smaller = np.minimum(shapely.area(ones[left]), shapely.area(others[right]))
    found: list[Overlap] = []
    passed, seen = 0, set[str]()
    for n in np.argsort(-areas, kind="stable").tolist():
        one, other, area = first[left[n]], second[right[n]], float(areas[n])
        if area < _DUST or one.source == other.source:
            continue
        share = (Decimal(area) * 100 / Decimal(float(smaller[n]))).quantize(CENT)
        if tolerance.allows(area, share):
            passed += 1
            continue
        key = _key(first_set, one.identity, second_set, other.identity, seen)
        found.append(
            Overlap(
                key, first_set, second_set, one, other, round(area), round(float(smaller[n])),
                share, _areas(shapes[n]), {},
            )
        )  # fmt: skip
    return found, passed


def _key(first_set: str, one: str, second_set: str, other: str, seen: set[str]) -> str:
    """Name a conflict by its two patches; equal twins on one map get a number behind."""
    said = "|".join((first_set, one, second_set, other))
    key, number = hashlib.sha256(said.encode()).hexdigest(), 1
    while key in seen:
        number += 1
        key = hashlib.sha256(f"{said}|{number}".encode()).hexdigest()
    seen.add(key)
    return key


def _areas(geometry: BaseGeometry) -> BaseGeometry:
    """Return the polygons of an intersection: where borders only touch there is no ground."""
    parts = [p for p in shapely.get_parts(geometry) if p.geom_type == "Polygon"]
    deep = [q for p in shapely.get_parts(geometry) for q in shapely.get_parts(p)]
    parts = parts or [p for p in deep if p.geom_type == "Polygon"]
    return parts[0] if len(parts) == 1 else MultiPolygon(parts)


def _with_geometry(overlaps: Sequence[Overlap], plane: Projection) -> list[Overlap]:
    """Return the overlaps with their shapes in degrees as well, as they are kept."""
    if not overlaps:
        return []
    flat = np.array([o.shape for o in overlaps], dtype=object)
    degrees = shapely.transform(flat, lambda p: plane.to_degrees(p).round(_DEGREES))
    said = shapely.to_geojson(degrees)
    return [replace(o, geometry=json.loads(g)) for o, g in zip(overlaps, said, strict=True)]


def _area_of_all(shapes: Sequence[BaseGeometry]) -> int:
    """Return the ground that shapes cover together, each piece of it counted once."""
    return round(shapely.union_all(list(shapes)).area) if shapes else 0


@dataclass(frozen=True, slots=True)
class Known:
    """A conflict of an earlier check: its row, its key, its sets and its shape in degrees."""

    row_id: int
    key: str
    first_set: str
    second_set: str
    shape: BaseGeometry


def find_again(
    known: Sequence[Known], shapes: Iterable[tuple[str, str, str, BaseGeometry]]
) -> dict[str, int]:
    """Return for each new conflict (by key) the row of the earlier one that it still is.

    First by its key; then, where a patch was drawn anew, by lying on at least half of what both
    cover together. Shapes are in degrees: (key, first set, second set, shape).
    """
    by_key = {old.key: old for old in known}
    new = list(shapes)
    again = {key: by_key[key].row_id for key, _, _, _ in new if key in by_key}
    free = [old for old in known if old.row_id not in set(again.values())]
    left = [(key, one, two, form) for key, one, two, form in new if key not in again]
    if not free or not left:
        return again
    tree = shapely.STRtree([old.shape for old in free])
    likely: list[tuple[float, str, int]] = []
    for key, one, two, form in left:
        for n in tree.query(form, predicate="intersects").tolist():
            old = free[n]
            if (old.first_set, old.second_set) != (one, two):
                continue
            both = old.shape.intersection(form).area
            likely.append((both / (old.shape.area + form.area - both), key, old.row_id))
    taken: set[int] = set()
    for common, key, row_id in sorted(likely, key=lambda it: (-it[0], it[1], it[2])):
        if common >= 0.5 and key not in again and row_id not in taken:
            again[key] = row_id
            taken.add(row_id)
    return again
