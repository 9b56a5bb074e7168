"""What the checks of a plan measure against: one row for each plan, made when first changed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from portal.analysis.boundaries import DEFAULT_PAIRS
from portal.analysis.intensity import Caps, Source
from portal.analysis.models import AnalysisSetting
from portal.analysis.overlaps import Tolerance, check_pairs
from portal.analysis.rules import CENT, Measure
from portal.core.db import db
from portal.plans.content import Content
from portal.plans.models import Plan

DEFAULT_TOLERANCE = Tolerance(100, Decimal(0))
"""Overlaps below 100 m² are passed over until a planner says otherwise (no number was found)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The settings of a plan; what nobody set is at its default."""

    tolerance: Tolerance = DEFAULT_TOLERANCE
    pairs: tuple[tuple[str, str], ...] = DEFAULT_PAIRS
    construction_cap_percent: Decimal | None = None
    eco_cap_percent: Decimal | None = None
    per_capita_cap_m2: Decimal | None = None
    cap_source: str = ""
    linked_quota_ha: Decimal | None = None
    quota_source: str = ""


def settings_of(plan_id: int) -> Settings:
    """Return the settings of a plan."""
    row = _find(plan_id)
    if row is None:
        return Settings()
    return Settings(
        tolerance=Tolerance(row.tolerance_m2, row.tolerance_percent),
        pairs=tuple((one, two) for one, two in row.pairs) or DEFAULT_PAIRS,
        construction_cap_percent=row.construction_cap_percent,
        eco_cap_percent=row.eco_cap_percent,
        per_capita_cap_m2=row.per_capita_cap_m2,
        cap_source=row.cap_source,
        linked_quota_ha=row.linked_quota_ha,
        quota_source=row.quota_source,
    )


def set_tolerance(
    plan_id: int, tolerance: Tolerance, pairs: Sequence[tuple[str, str]], *, now: datetime
) -> None:
    """Keep what is compared and what is passed over. Raises Refused for pairs that cannot be."""
    check_pairs(pairs)
    row = _row(plan_id, now=now)
    row.tolerance_m2, row.tolerance_percent = tolerance.area_m2, tolerance.percent
    row.pairs = [list(pair) for pair in pairs]
    db.session.flush()


def set_caps(
    plan_id: int,
    *,
    construction_percent: Decimal | None,
    eco_percent: Decimal | None,
    per_capita_m2: Decimal | None,
    cap_source: str,
    linked_quota_ha: Decimal | None,
    quota_source: str,
    now: datetime,
) -> None:
    """Keep the caps of the level above and the quota linked to the village."""
    row = _row(plan_id, now=now)
    row.construction_cap_percent, row.eco_cap_percent = construction_percent, eco_percent
    row.per_capita_cap_m2, row.cap_source = per_capita_m2, cap_source
    row.linked_quota_ha, row.quota_source = linked_quota_ha, quota_source
    db.session.flush()


def caps_of(settings: Settings, content: Content) -> Caps:
    """Return the caps, and where each comes from: a setting, else the limit of an indicator.

    The cap of the share of construction land follows from the upper limit of the construction
    land and the area of the village; that of land a person is the indicator's own.
    """
    limits = {i.code: i.upper_limit for i in content.indicators if i.upper_limit is not None}
    values: dict[Measure, Decimal] = {}
    sources: dict[Measure, Source] = {}
    land = limits.get("total_construction_land")
    if land is not None and content.area_ha:
        values[Measure.CONSTRUCTION_SHARE] = (land * 100 / content.area_ha).quantize(CENT)
    if "village_land_per_capita" in limits:
        values[Measure.PER_CAPITA] = limits["village_land_per_capita"]
    sources = dict.fromkeys(values, Source.INDICATOR)
    for measure, cap in (
        (Measure.CONSTRUCTION_SHARE, settings.construction_cap_percent),
        (Measure.ECO_OCCUPATION, settings.eco_cap_percent),
        (Measure.PER_CAPITA, settings.per_capita_cap_m2),
    ):
        if cap is not None:
            values[measure], sources[measure] = cap, Source.SETTING
    return Caps(values, sources)


def _find(plan_id: int) -> AnalysisSetting | None:
    return db.session.scalar(select(AnalysisSetting).where(AnalysisSetting.plan_id == plan_id))


def _row(plan_id: int, *, now: datetime) -> AnalysisSetting:
    """Return the row to be changed, made now if need be; two at once come one after the other."""
    db.session.get_one(Plan, plan_id)
    row = _find(plan_id)
    if row is None:
        fresh = AnalysisSetting(
            plan_id=plan_id,
            tolerance_m2=DEFAULT_TOLERANCE.area_m2,
            tolerance_percent=DEFAULT_TOLERANCE.percent,
            pairs=[],
            changed_at=now,
        )
        try:
            with db.session.begin_nested():
                db.session.add(fresh)
            row = fresh
        except IntegrityError:  # somebody was as quick
            row = db.session.scalars(
                select(AnalysisSetting).where(AnalysisSetting.plan_id == plan_id)
            ).one()
    row.changed_at = now
    return row
