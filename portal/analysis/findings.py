"""Everything the checks say of a version that follows from its content alone."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from portal.analysis.balance import Column, Flaw, Found, Group, Line, Table, make_table
from portal.analysis.intensity import (
    People,
    Reading,
    read_construction,
    read_ecology,
    read_per_capita,
)
from portal.analysis.ledger import Quota, compare_with_map, quota_of
from portal.analysis.settings import Settings, caps_of
from portal.analysis.targets import Missed, check_indicators
from portal.maps.rules import Feature, LayerKind, Sheet
from portal.plans.content import Content

PEOPLE = "population"


@dataclass(frozen=True, slots=True)
class Balance:
    """The structure table, what the map has otherwise, and the quota of building."""

    table: Table
    on_map: tuple[Found, ...]
    has_base_map: bool
    has_target_map: bool
    quota: Quota

    @property
    def stopping(self) -> tuple[Found, ...]:
        """Return what stops the plan."""
        return tuple(found for found in self.table.found if found.stops)

    @property
    def said(self) -> tuple[Found, ...]:
        """Return what is only said."""
        return (*(found for found in self.table.found if not found.stops), *self.on_map)


def balance_of(content: Content, settings: Settings) -> Balance:
    """Return the structure table of a plan, checked."""
    lines = lines_of(content)
    table = make_table(lines, area_ha=content.area_ha)
    base, target = measured(content.map, Column.BASE), measured(content.map, Column.TARGET)
    on_map: list[Found] = []
    if lines and base:
        on_map += compare_with_map(lines, *_areas(base), Column.BASE)
    if lines and target:
        on_map += compare_with_map(lines, *_areas(target), Column.TARGET)
    quota = quota_of(table, linked_ha=settings.linked_quota_ha)
    if lines and not quota.holds:
        over = Found(
            Flaw.OVER_QUOTA, Group.URBAN_RURAL, Column.TARGET, quota.target_ha,
            quota.base_ha + quota.linked_ha,
        )  # fmt: skip
        on_map.append(over)
    return Balance(table, tuple(on_map), bool(base), bool(target), quota)


def lines_of(content: Content) -> list[Line]:
    """Return the lines of the plan's structure table."""
    return [Line(s.code, s.is_town, s.base_ha, s.target_ha) for s in content.structure]


def measured(sheet: Sheet | None, column: Column) -> dict[str, list[int]]:
    """Return the areas of the patches on the map by class, in square metres.

    Present use: its own layer, else what each planned parcel is now, where that is known of all.
    """
    if sheet is None:
        return {}
    planned, present = sheet.layer(LayerKind.LAND_USE), sheet.layer(LayerKind.LAND_USE_BASE)
    if column is Column.TARGET:
        return _by_code((f.code, f) for f in planned)
    if present:
        return _by_code((f.code, f) for f in present)
    return _by_code((f.base_code, f) for f in planned) if _all_known(planned) else {}


def _all_known(planned: tuple[Feature, ...]) -> bool:
    return bool(planned) and all(f.base_code for f in planned)


def _by_code(codes: Iterable[tuple[str, Feature]]) -> dict[str, list[int]]:
    areas: dict[str, list[int]] = {}
    for code, feature in codes:
        areas.setdefault(code, []).append(feature.area_m2)
    return areas


def _areas(found: Mapping[str, list[int]]) -> tuple[dict[str, int], dict[str, int]]:
    sums = {code: sum(parts) for code, parts in found.items()}
    return sums, {code: len(parts) for code, parts in found.items()}


def targets_of(content: Content) -> list[Missed]:
    """Return the indicators that miss."""
    return check_indicators(content.indicators)


def intensity_of(content: Content, settings: Settings) -> tuple[Reading, ...]:
    """Return the three measures of how densely the village is built up."""
    table, caps = make_table(lines_of(content), area_ha=content.area_ha), caps_of(settings, content)
    return (
        read_construction(table, caps),
        read_ecology(content.map, caps),
        read_per_capita(table, people_of(content), caps),
    )


def people_of(content: Content) -> People:
    """Return how many people there are, by the indicator, else by the plan's own number."""
    stated = Decimal(content.population) if content.population is not None else None
    indicator = next((i for i in content.indicators if i.code == PEOPLE), None)
    if indicator is None:
        return People(stated, stated)
    return People(
        indicator.base if indicator.base is not None else stated,
        indicator.target if indicator.target is not None else stated,
    )
