"""The planners' checks on disk: settings, the register of conflicts, lights, scenarios."""

from datetime import datetime
from decimal import Decimal

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from portal.analysis.rules import ConflictState, Light, Measure, Preset
from portal.core.db import JsonDict, JsonList, VillageRow
from portal.plans.models import ExactNumber


class AnalysisSetting(VillageRow):
    """What the checks of a plan measure against: tolerances, caps of the level above, a quota."""

    __tablename__ = "analysis_setting"
    __table_args__ = (
        UniqueConstraint("plan_id"),
        CheckConstraint("tolerance_m2 >= 0", name="tolerance_not_negative"),
    )

    plan_id: Mapped[int] = mapped_column(ForeignKey("plan.id", ondelete="CASCADE"))
    tolerance_m2: Mapped[int]
    tolerance_percent: Mapped[Decimal] = mapped_column(ExactNumber)
    pairs: Mapped[JsonList] = mapped_column(default=list)
    construction_cap_percent: Mapped[Decimal | None] = mapped_column(ExactNumber)
    eco_cap_percent: Mapped[Decimal | None] = mapped_column(ExactNumber)
    per_capita_cap_m2: Mapped[Decimal | None] = mapped_column(ExactNumber)
    cap_source: Mapped[str] = mapped_column(String(200), default="")
    linked_quota_ha: Mapped[Decimal | None] = mapped_column(ExactNumber)
    quota_source: Mapped[str] = mapped_column(String(200), default="")
    changed_at: Mapped[datetime]


class ConflictCheck(VillageRow):
    """The latest check of the boundaries on a version's map. The row is the check's lock, too."""

    __tablename__ = "conflict_check"
    __table_args__ = (
        UniqueConstraint("version_id"),
        CheckConstraint(
            "conflicting_count >= 0 AND conflicting_count <= patch_count", name="part_of_whole"
        ),
    )

    version_id: Mapped[int] = mapped_column(ForeignKey("plan_version.id", ondelete="CASCADE"))
    tolerance_m2: Mapped[int]
    tolerance_percent: Mapped[Decimal] = mapped_column(ExactNumber)
    pairs: Mapped[JsonList]
    patch_count: Mapped[int]
    conflicting_count: Mapped[int]
    tolerated_count: Mapped[int]
    checked_m2: Mapped[int] = mapped_column(BigInteger)
    overlap_m2: Mapped[int] = mapped_column(BigInteger)
    map_sha256: Mapped[str] = mapped_column(String(64))
    checked_at: Mapped[datetime]


class SpatialConflict(VillageRow):
    """One overlap of two patches (冲突图斑), and who sees to it.

    The key names the two patches by what they are, not by where they stand in a file: a new check
    finds the conflict again and keeps its owner and proposal. `is_present` is whether the latest
    check still found it. The key is the last judge of two checks at once.
    """

    __tablename__ = "spatial_conflict"
    __table_args__ = (
        UniqueConstraint("version_id", "key"),
        CheckConstraint("area_m2 >= 0", name="area_not_negative"),
    )

    version_id: Mapped[int] = mapped_column(ForeignKey("plan_version.id", ondelete="CASCADE"))
    key: Mapped[str] = mapped_column(String(64))
    first_set: Mapped[str] = mapped_column(String(40))
    second_set: Mapped[str] = mapped_column(String(40))
    first_patch: Mapped[str] = mapped_column(String(160))
    second_patch: Mapped[str] = mapped_column(String(160))
    area_m2: Mapped[int] = mapped_column(BigInteger)
    smaller_m2: Mapped[int] = mapped_column(BigInteger)
    share_percent: Mapped[Decimal] = mapped_column(ExactNumber)
    geometry: Mapped[JsonDict]
    is_present: Mapped[bool] = mapped_column(default=True)
    state: Mapped[ConflictState] = mapped_column(default=ConflictState.OPEN)
    owner: Mapped[str] = mapped_column(String(120), default="")
    proposal: Mapped[str] = mapped_column(default="")
    revision: Mapped[int] = mapped_column(default=1)
    found_at: Mapped[datetime]
    changed_at: Mapped[datetime]


class IntensityLight(VillageRow):
    """The light that was last seen of a measure, so that a change of it is told once."""

    __tablename__ = "intensity_light"
    __table_args__ = (UniqueConstraint("version_id", "measure"),)

    version_id: Mapped[int] = mapped_column(ForeignKey("plan_version.id", ondelete="CASCADE"))
    measure: Mapped[Measure]
    light: Mapped[Light]
    value: Mapped[Decimal | None] = mapped_column(ExactNumber)
    cap: Mapped[Decimal | None] = mapped_column(ExactNumber)
    seen_at: Mapped[datetime]


class Scenario(VillageRow):
    """One way the village may go (情景), with everything its figures come from.

    Never changed: another wording is a new row, and the old one is retired. So whatever was put to
    the villagers stays what it was; the digest says so.
    """

    __tablename__ = "scenario"
    __table_args__ = (
        CheckConstraint("slot BETWEEN 1 AND 4", name="at_most_four"),
        CheckConstraint("target_year > base_year", name="years_in_order"),
        Index(
            "uq_scenario_slot_in_use",
            "plan_id",
            "slot",
            unique=True,
            sqlite_where=text("retired_at IS NULL"),
            postgresql_where=text("retired_at IS NULL"),
        ),
    )

    plan_id: Mapped[int] = mapped_column(ForeignKey("plan.id", ondelete="CASCADE"), index=True)
    slot: Mapped[int]
    preset: Mapped[Preset]
    title: Mapped[str] = mapped_column(String(80))
    base_year: Mapped[int]
    target_year: Mapped[int]
    facts: Mapped[JsonDict]
    parameters: Mapped[JsonDict]
    formula: Mapped[int]
    digest: Mapped[str] = mapped_column(String(64))
    made_at: Mapped[datetime]
    retired_at: Mapped[datetime | None]
