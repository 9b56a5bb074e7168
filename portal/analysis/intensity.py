"""How densely the village is built up, against caps of the level above: lights. Exact decimals."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

import shapely

from portal.analysis.balance import ZERO, Group, Table
from portal.analysis.boundaries import plane_of
from portal.analysis.rules import CENT, Light, Measure, light_of, square_metres
from portal.maps.landuse import CLASSES
from portal.maps.rules import Feature, LayerKind, Sheet


class Stage(StrEnum):
    """At which time a value holds."""

    BASE = "base"
    TARGET = "target"


class Source(StrEnum):
    """Where a cap or a figure comes from; words.py says it."""

    SETTING = "setting"
    INDICATOR = "indicator"
    PLAN = "plan"
    MAP = "map"
    TABLE = "table"
    ZONES = "zones"
    REDLINE = "redline"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Reading:
    """One measure: its values and parts, its cap, and its light at each stage.

    `parts` are numerator and denominator of each value, as they were used.
    """

    measure: Measure
    base: Decimal | None
    target: Decimal | None
    base_parts: tuple[Decimal, Decimal] | None
    target_parts: tuple[Decimal, Decimal] | None
    cap: Decimal | None
    cap_from: Source
    from_: Source

    def light(self, stage: Stage) -> Light:
        """Return the light at a stage."""
        return light_of(self.base if stage is Stage.BASE else self.target, self.cap)


@dataclass(frozen=True, slots=True)
class Caps:
    """The caps: per cent, per cent, and square metres per person; with where each comes from."""

    values: Mapping[Measure, Decimal]
    sources: Mapping[Measure, Source]


@dataclass(frozen=True, slots=True)
class People:
    """How many people the village has at base and target, and where that is said."""

    base: Decimal | None
    target: Decimal | None


def share_of(part: Decimal, whole: Decimal) -> Decimal | None:
    """Return a part in per cent of the whole to two places, half up; None of nothing."""
    if whole <= 0:
        return None
    return (part * 100 / whole).quantize(CENT, rounding="ROUND_HALF_UP")


def read_construction(table: Table, caps: Caps) -> Reading:
    """Return the share of construction land: construction land / all land (domain.md §2.3)."""
    built, whole = table.row(Group.CONSTRUCTION), table.row(Group.TOTAL)
    area_base, area_target = table.area_ha or whole.base_ha, table.area_ha or whole.target_ha
    return _reading(
        Measure.CONSTRUCTION_SHARE,
        (built.base_ha, area_base) if area_base > 0 else None,
        (built.target_ha, area_target) if area_target > 0 else None,
        caps,
        Source.TABLE,
        Decimal(100),
    )


def read_per_capita(table: Table, people: People, caps: Caps) -> Reading:
    """Return village construction land per person, in square metres."""
    village = table.row(Group.VILLAGE)
    base = (square_metres(village.base_ha), people.base) if people.base else None
    target = (square_metres(village.target_ha), people.target) if people.target else None
    return _reading(Measure.PER_CAPITA, base, target, caps, Source.TABLE, Decimal(1))


def read_ecology(sheet: Sheet | None, caps: Caps) -> Reading:
    """Return the share of ecological space that is built on: construction ∩ ecological space.

    Ecological space are the control zones 0101 and 0102 where the map has zones, else the
    ecological redline. Base needs a layer of present land use, or what each parcel is now.
    """
    if sheet is None:
        return _reading(Measure.ECO_OCCUPATION, None, None, caps, Source.NONE, Decimal(100))
    zones = [f for f in sheet.layer(LayerKind.CONTROL_ZONE) if f.code in ("0101", "0102")]
    space = zones or list(sheet.layer(LayerKind.ECOLOGICAL_REDLINE))
    source = Source.ZONES if zones else Source.REDLINE if space else Source.NONE
    planned = sheet.layer(LayerKind.LAND_USE)
    present = sheet.layer(LayerKind.LAND_USE_BASE)
    known = [f for f in planned if f.base_code]
    now = [f for f in present if _is_built(f.code)] or [f for f in known if _is_built(f.base_code)]
    return _reading(
        Measure.ECO_OCCUPATION,
        _occupied(sheet, space, now) if present or known else None,
        _occupied(sheet, space, [f for f in planned if _is_built(f.code)]) if planned else None,
        caps,
        source,
        Decimal(100),
    )


def _occupied(
    sheet: Sheet, space: Sequence[Feature], built: Sequence[Feature]
) -> tuple[Decimal, Decimal] | None:
    """Return the built and the whole ecological space, in hectares."""
    if not space:
        return None
    plane = plane_of(sheet)
    ground = shapely.union_all([plane.flatten(shapely.geometry.shape(f.geometry)) for f in space])
    houses = [plane.flatten(shapely.geometry.shape(f.geometry)) for f in built]
    near = [house for house in houses if house.intersects(ground)]
    inside = shapely.union_all(near).intersection(ground).area if near else 0.0
    return _ha(inside), _ha(ground.area)


def _ha(square_metres_: float) -> Decimal:
    return Decimal(round(square_metres_)).scaleb(-4)


def _is_built(code: str) -> bool:
    return code in CLASSES and CLASSES[code].construction


def _reading(
    measure: Measure,
    base: tuple[Decimal, Decimal] | None,
    target: tuple[Decimal, Decimal] | None,
    caps: Caps,
    source: Source,
    times: Decimal,
) -> Reading:
    values = [
        None
        if parts is None or parts[1] <= ZERO
        else (parts[0] * times / parts[1]).quantize(CENT, rounding="ROUND_HALF_UP")
        for parts in (base, target)
    ]
    return Reading(
        measure, values[0], values[1], base, target, caps.values.get(measure),
        caps.sources.get(measure, Source.NONE), source,
    )  # fmt: skip
