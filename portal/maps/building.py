"""From a layer as it stands in a file to one in degrees: moved, mended, measured, checked.

What it returns is plain, so that the process that works on a stranger's file can hand it on.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry import mapping
from shapely.geometry.base import BaseGeometry

from portal.maps.attributes import check_areas, is_area, telling
from portal.maps.coordinates import Understanding, understand
from portal.maps.mending import check_degrees, mend
from portal.maps.projection import around
from portal.maps.raw_layer import RawLayer
from portal.maps.rfc7946 import Stop
from portal.maps.rules import (
    FAMILIES,
    MAX_EXTENT_M,
    MAX_POSITIONS,
    Family,
    Fault,
    Remark,
    Repair,
)
from portal.maps.sources import CrsChoice

Points = NDArray[np.float64]
HUGE = 1e9


@dataclass
class Part:
    """The shapes of one family of a layer, in degrees, with their number in the file."""

    family: Family
    numbers: list[int] = field(default_factory=list)
    rows: list[dict[str, Any]] = field(default_factory=list)
    shapes: list[BaseGeometry] = field(default_factory=list)
    areas: list[int] = field(default_factory=list)


class Building:
    """The work on one layer."""

    def __init__(self, layer: RawLayer, choice: CrsChoice, *, budget: int) -> None:
        self.layer, self.budget = layer, budget
        self.is_geojson = layer.format == "GeoJSON"
        self.faults, self.repairs = list(layer.faults), list(layer.repairs)
        self.parts: dict[Family, Part] = {}
        self.understood = self._understand(choice)

    def run(self) -> list[dict[str, Any]]:
        """Return one plain source for each family of shapes in the layer."""
        if self.understood.fault is not None:
            self.faults.append(Remark(self.understood.fault, None, self.understood.detail))
        else:
            self._build()
        if self.budget < 0:
            self.faults.append(Remark(Fault.TOO_MANY_POSITIONS, None, str(MAX_POSITIONS)))
        if len(self.parts) > 1:
            self.repairs.append(Remark(Repair.MIXED, None, " + ".join(sorted(self.parts))))
        for part in self.parts.values():
            self._measure(part)
        if not self.parts and not self.faults:
            self.faults.append(Remark(Fault.NO_FEATURES))
        if self.faults or not self.parts:
            return [self._plain(None)]
        return [self._plain(part) for part in self.parts.values()]

    def _understand(self, choice: CrsChoice) -> Understanding:
        points = shapely.get_coordinates([g for g in self.layer.shapes if g is not None])
        points = points[(np.abs(points) < HUGE).all(axis=1)]
        if not len(points):
            return understand((0, 0, 0, 0), self.layer.crs or "EPSG:4490", choice)
        low, high = np.percentile(points, [5, 95], axis=0)  # a single stray point tells nothing
        bounds = (float(low[0]), float(low[1]), float(high[0]), float(high[1]))
        found = understand(bounds, self.layer.crs, choice, may_swap=not self.is_geojson)
        if found.is_swapped:
            self.repairs.append(Remark(Repair.SWAPPED_AXES))
        return found

    def _build(self) -> None:
        seen: set[tuple[bytes, str]] = set()
        columns = telling(self.layer.columns)
        for number, row, built in zip(
            self.layer.numbers, self.layer.rows, self.layer.shapes, strict=True
        ):
            if built is None or built.is_empty:
                self.repairs.append(Remark(Repair.NO_PLACE, number))
                continue
            told = {column: row[column] for column in columns if row.get(column) is not None}
            try:
                for piece in self._pieces(built, number):
                    self.budget -= shapely.get_num_coordinates(piece)
                    if self.budget < 0:
                        return
                    self._add(piece, number, told, seen)
            except Stop as stop:
                self.faults.append(Remark(stop.reason, number, stop.detail))

    def _pieces(self, built: BaseGeometry, number: int) -> Iterator[BaseGeometry]:
        """Part a collection into shapes of one family each."""
        if built.geom_type in FAMILIES:
            yield built
            return
        if built.geom_type != "GeometryCollection":
            raise Stop(Fault.BAD_GEOMETRY, built.geom_type)
        inner: dict[Family, list[BaseGeometry]] = {}
        for part in _singles(built):
            if part.geom_type not in FAMILIES:
                raise Stop(Fault.BAD_GEOMETRY, part.geom_type)
            inner.setdefault(FAMILIES[part.geom_type], []).append(part)
        self.repairs.append(Remark(Repair.COLLECTION_SPLIT, number))
        join = {
            Family.AREA: shapely.multipolygons,
            Family.LINE: shapely.multilinestrings,
            Family.POINT: shapely.multipoints,
        }
        yield from (join[family](parts) for family, parts in inner.items())

    def _add(
        self, piece: BaseGeometry, number: int, row: dict[str, Any], seen: set[tuple[bytes, str]]
    ) -> None:
        family = FAMILIES[piece.geom_type]
        if piece.has_z:
            heights = shapely.get_coordinates(piece, include_z=True)[:, 2]
            if np.nan_to_num(heights).any():
                self.repairs.append(Remark(Repair.HEIGHT_DROPPED, number))
        built, mended = mend(self._move(piece), family, says_order=self.is_geojson)
        self.repairs.extend(Remark(reason, number, detail) for reason, detail in mended)
        key = (shapely.to_wkb(shapely.normalize(built)), json.dumps(row, default=str))
        if key in seen:
            self.repairs.append(Remark(Repair.DOUBLE, number))
            return
        seen.add(key)
        part = self.parts.setdefault(family, Part(family))
        part.numbers.append(number)
        part.rows.append(row)
        part.shapes.append(built)

    def _move(self, piece: BaseGeometry) -> BaseGeometry:
        """Turn the numbers of the file into degrees, and refuse what are none."""

        def move(points: Points) -> Points:
            if not np.isfinite(points).all():
                raise Stop(Fault.NOT_FINITE)
            if (np.abs(points) >= HUGE).any():
                x, y = points[(np.abs(points) >= HUGE).any(axis=1)][0]
                raise Stop(Fault.OUT_OF_RANGE, f"{x:g}, {y:g}")
            if self.understood.is_swapped:
                points = points[:, ::-1]
            degrees = self.understood.to_degrees(points)
            check_degrees(degrees)
            return degrees

        return shapely.transform(shapely.force_2d(piece), move)

    def _measure(self, part: Part) -> None:
        """Measure in metres, and refuse what is spread over half a country."""
        plane = around(tuple(shapely.total_bounds(part.shapes).tolist()))
        for number, built in zip(part.numbers, part.shapes, strict=True):
            flat = plane.flatten(built)
            if max(abs(edge) for edge in flat.bounds) > MAX_EXTENT_M / 2:
                self.faults.append(
                    Remark(Fault.TOO_FAR_APART, number, f"{MAX_EXTENT_M // 1000} km")
                )
                return
            part.areas.append(round(flat.area))
        if part.family is Family.AREA:
            self._compare_areas(part)

    def _compare_areas(self, part: Part) -> None:
        for column in filter(is_area, self.layer.columns):
            pairs = [
                (number, float(row[column]), float(area))
                for number, row, area in zip(part.numbers, part.rows, part.areas, strict=True)
                if isinstance(row.get(column), int | float)
            ]
            found = check_areas(column, pairs)
            if found is None:
                continue
            detail, off = found
            features: list[int | None] = [*off] or [None]
            reason = Repair.AREA_UNIT if "→" in detail else Repair.AREA_DIFFERS
            self.repairs.extend(
                Remark(reason, number, detail, column=column) for number in features
            )

    def _plain(self, part: Part | None) -> dict[str, Any]:
        found = self.understood
        return {
            "file": self.layer.file,
            "name": self.layer.name,
            "family": part.family if part else None,
            "crs": found.crs,
            "known": found.known,
            "candidates": [choice.key for choice in found.candidates],
            "encoding": self.layer.encoding,
            "columns": self.layer.columns,
            "numbers": part.numbers if part else [],
            "rows": part.rows if part else [],
            "shapes": [mapping(built) for built in part.shapes] if part else [],
            "areas": part.areas if part else [],
            "faults": [_remark(fault) for fault in self.faults],
            "repairs": [_remark(repair) for repair in self._repairs_of(part)],
        }

    def _repairs_of(self, part: Part | None) -> list[Remark]:
        """Return what is said of a part: its own features, and with the first all the rest."""
        parts = list(self.parts.values())
        elsewhere = {number for other in parts if other is not part for number in other.numbers}
        if part is not None and part is not parts[0]:
            return [r for r in self.repairs if r.feature in part.numbers]
        return [r for r in self.repairs if r.feature is None or r.feature not in elsewhere]


def _singles(built: BaseGeometry) -> Iterator[BaseGeometry]:
    for part in shapely.get_parts(built):
        if part.geom_type.startswith("Multi") or part.geom_type == "GeometryCollection":
            yield from _singles(part)
        else:
            yield part


def _remark(remark: Remark) -> list[Any]:
    return [remark.reason, remark.feature, remark.detail, remark.column]
