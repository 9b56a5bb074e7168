"""Plans on disk: versions and everything a version holds."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    TypeDecorator,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db import JsonList, VillageRow
from portal.plans.rules import (
    Direction,
    FacilityStatus,
    IndicatorKind,
    PlanKind,
    ProjectKind,
    State,
)
from portal.villages.rules import FacilityKind


class ExactNumber(TypeDecorator[Decimal]):
    """A decimal number as it was written: 12.30 stays 12.30, in SQLite and PostgreSQL."""

    impl = String(40)
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: Any) -> str | None:
        """Write plain digits."""
        return None if value is None else format(value, "f")

    def process_result_value(self, value: str | None, dialect: Any) -> Decimal | None:
        """Read them back."""
        return None if value is None else Decimal(value)


class Plan(VillageRow):
    """A plan of the village; what it says is in its versions."""

    __tablename__ = "plan"
    __table_args__ = (UniqueConstraint("village_id", "name"),)

    name: Mapped[str] = mapped_column(String(200))
    kind: Mapped[PlanKind] = mapped_column(default=PlanKind.PRACTICAL)
    created_at: Mapped[datetime]


class PlanVersion(VillageRow):
    """One wording of a plan. Its content is frozen when its notice opens.

    ``replaces_id`` is the version that this one revises, ``amends_id`` the one in force that it is
    to amend. Of the wordings of a plan one at most is in force.
    """

    __tablename__ = "plan_version"
    __table_args__ = (
        UniqueConstraint("plan_id", "number"),
        CheckConstraint("target_year >= base_year", name="years_in_order"),
        CheckConstraint("population >= 0", name="population_not_negative"),
        CheckConstraint("(content_sha256 IS NULL) = (frozen_at IS NULL)", name="frozen_with_hash"),
        Index(
            "uq_plan_version_in_force",
            "plan_id",
            unique=True,
            sqlite_where=text("state IN ('in_force', 'amending')"),
            postgresql_where=text("state IN ('in_force', 'amending')"),
        ),
    )

    plan_id: Mapped[int] = mapped_column(ForeignKey("plan.id"), index=True)
    number: Mapped[int]
    state: Mapped[State] = mapped_column(default=State.DRAFT)
    title: Mapped[str] = mapped_column(String(200))
    base_year: Mapped[int]
    target_year: Mapped[int]
    compiled_by: Mapped[str] = mapped_column(String(120), default="")
    sentences: Mapped[JsonList] = mapped_column(default=list)
    figures: Mapped[JsonList] = mapped_column(default=list)
    population: Mapped[int | None]
    area_ha: Mapped[Decimal | None] = mapped_column(ExactNumber)
    scope: Mapped[str] = mapped_column(default="")
    legal_basis: Mapped[JsonList] = mapped_column(default=list)
    map_sheet_id: Mapped[int | None] = mapped_column(ForeignKey("map_sheet.id"), index=True)
    content_sha256: Mapped[str | None] = mapped_column(String(64))
    frozen_at: Mapped[datetime | None]
    replaces_id: Mapped[int | None] = mapped_column(ForeignKey("plan_version.id"))
    amends_id: Mapped[int | None] = mapped_column(ForeignKey("plan_version.id"))
    justification: Mapped[str] = mapped_column(String(600), default="")
    consent: Mapped[str] = mapped_column(String(200), default="")
    party_review_on: Mapped[date | None]
    party_review_note: Mapped[str] = mapped_column(String(400), default="")
    scheduled_for: Mapped[date | None]
    resolution: Mapped[str] = mapped_column(String(200), default="")
    approval_authority: Mapped[str] = mapped_column(String(200), default="")
    approval_number: Mapped[str] = mapped_column(String(120), default="")
    approved_on: Mapped[date | None]
    published_on: Mapped[date | None]
    in_force_on: Mapped[date | None]
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]


class PlanSection(VillageRow):
    """A chapter of the full text, in Markdown."""

    __tablename__ = "plan_section"
    __table_args__ = (UniqueConstraint("version_id", "position"),)

    version_id: Mapped[int] = mapped_column(ForeignKey("plan_version.id", ondelete="CASCADE"))
    position: Mapped[int]
    title: Mapped[str] = mapped_column(String(120))
    text: Mapped[str]


class Goal(VillageRow):
    """What the plan wants for the village."""

    __tablename__ = "plan_goal"
    __table_args__ = (UniqueConstraint("version_id", "position"),)

    version_id: Mapped[int] = mapped_column(ForeignKey("plan_version.id", ondelete="CASCADE"))
    position: Mapped[int]
    title: Mapped[str] = mapped_column(String(120))
    text: Mapped[str] = mapped_column(default="")


class Indicator(VillageRow):
    """A number that shows whether goals are reached (a line of the 目标表)."""

    __tablename__ = "plan_indicator"
    __table_args__ = (
        UniqueConstraint("version_id", "code"),
        UniqueConstraint("version_id", "position"),
    )

    version_id: Mapped[int] = mapped_column(ForeignKey("plan_version.id", ondelete="CASCADE"))
    position: Mapped[int]
    code: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(120))
    unit: Mapped[str] = mapped_column(String(20))
    kind: Mapped[IndicatorKind]
    direction: Mapped[Direction]
    base: Mapped[Decimal | None] = mapped_column(ExactNumber)
    target: Mapped[Decimal | None] = mapped_column(ExactNumber)
    current: Mapped[Decimal | None] = mapped_column(ExactNumber)
    lower_limit: Mapped[Decimal | None] = mapped_column(ExactNumber)
    upper_limit: Mapped[Decimal | None] = mapped_column(ExactNumber)


class GoalIndicator(VillageRow):
    """Which goal an indicator measures, and with which weight among the others."""

    __tablename__ = "plan_goal_indicator"
    __table_args__ = (UniqueConstraint("goal_id", "indicator_id"),)

    goal_id: Mapped[int] = mapped_column(ForeignKey("plan_goal.id", ondelete="CASCADE"))
    indicator_id: Mapped[int] = mapped_column(
        ForeignKey("plan_indicator.id", ondelete="CASCADE"), index=True
    )
    weight: Mapped[Decimal | None] = mapped_column(ExactNumber)


class Project(VillageRow):
    """A line of the near-term project table (近期建设项目表)."""

    __tablename__ = "plan_project"
    __table_args__ = (
        UniqueConstraint("version_id", "code"),
        UniqueConstraint("version_id", "position"),
        CheckConstraint("cost_yuan >= 0", name="cost_not_negative"),
    )

    version_id: Mapped[int] = mapped_column(ForeignKey("plan_version.id", ondelete="CASCADE"))
    position: Mapped[int]
    code: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(400))
    kind: Mapped[ProjectKind | None]
    content: Mapped[str] = mapped_column(default="")
    location: Mapped[str] = mapped_column(String(200), default="")
    area_ha: Mapped[Decimal | None] = mapped_column(ExactNumber)
    year: Mapped[str] = mapped_column(String(20), default="")
    cost_yuan: Mapped[int | None]
    funding: Mapped[str] = mapped_column(String(200), default="")
    responsible: Mapped[str] = mapped_column(String(120), default="")
    helper: Mapped[str] = mapped_column(String(120), default="")
    supervisor: Mapped[str] = mapped_column(String(120), default="")
    deadline: Mapped[date | None]
    group_numbers: Mapped[JsonList] = mapped_column(default=list)


class IndicatorProject(VillageRow):
    """Which indicator a project supports."""

    __tablename__ = "plan_indicator_project"
    __table_args__ = (UniqueConstraint("indicator_id", "project_id"),)

    indicator_id: Mapped[int] = mapped_column(ForeignKey("plan_indicator.id", ondelete="CASCADE"))
    project_id: Mapped[int] = mapped_column(
        ForeignKey("plan_project.id", ondelete="CASCADE"), index=True
    )


class StructureLine(VillageRow):
    """A line of the land-use structure table (用地结构调整表): one class, base and target year.

    The same class counts as town or as village, by where it lies; only the lines of lowest level
    are kept, sums are made from them.
    """

    __tablename__ = "plan_structure_line"
    __table_args__ = (
        UniqueConstraint("version_id", "code", "is_town"),
        UniqueConstraint("version_id", "position"),
    )

    version_id: Mapped[int] = mapped_column(ForeignKey("plan_version.id", ondelete="CASCADE"))
    position: Mapped[int]
    code: Mapped[str] = mapped_column(String(20))
    is_town: Mapped[bool] = mapped_column(default=False)
    base_ha: Mapped[Decimal | None] = mapped_column(ExactNumber)
    target_ha: Mapped[Decimal | None] = mapped_column(ExactNumber)


class PlannedFacility(VillageRow):
    """A public facility that is there, is planned, or is to go. Degrees in CGCS2000."""

    __tablename__ = "plan_facility"
    __table_args__ = (
        UniqueConstraint("version_id", "position"),
        CheckConstraint("radius_m > 0", name="radius_positive"),
        CheckConstraint("(longitude IS NULL) = (latitude IS NULL)", name="both_or_none"),
    )

    version_id: Mapped[int] = mapped_column(ForeignKey("plan_version.id", ondelete="CASCADE"))
    position: Mapped[int]
    kind: Mapped[FacilityKind]
    name: Mapped[str] = mapped_column(String(120))
    status: Mapped[FacilityStatus]
    location: Mapped[str] = mapped_column(String(200), default="")
    longitude: Mapped[Decimal | None] = mapped_column(ExactNumber)
    latitude: Mapped[Decimal | None] = mapped_column(ExactNumber)
    radius_m: Mapped[int | None]
    note: Mapped[str] = mapped_column(default="")


class ControlRule(VillageRow):
    """What holds in a zone, for a class of land use, or along a line of the map.

    ``subject`` is ``zone:0202``, ``landuse:0703`` or ``line:ecological_redline``.
    """

    __tablename__ = "plan_control_rule"
    __table_args__ = (UniqueConstraint("version_id", "position"),)

    version_id: Mapped[int] = mapped_column(ForeignKey("plan_version.id", ondelete="CASCADE"))
    position: Mapped[int]
    subject: Mapped[str] = mapped_column(String(60))
    title: Mapped[str] = mapped_column(String(120))
    text: Mapped[str]


class LayerUpload(VillageRow):
    """A map file that was handed in for a draft, and waits until somebody has looked at it.

    Nothing of it is in the plan. It goes when it was taken in or thrown away, or after a day.
    """

    __tablename__ = "layer_upload"

    version_id: Mapped[int] = mapped_column(
        ForeignKey("plan_version.id", ondelete="CASCADE"), index=True
    )
    filename: Mapped[str] = mapped_column(String(200))
    data: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    given_at: Mapped[datetime]


class HouseholdPlot(VillageRow):
    """A parcel that a resident says is their household's; only that household is shown it.

    It stands on the consent of whoever said so (`privacy.rules.Purpose.PLOT`) and goes with it.
    """

    __tablename__ = "household_plot"
    __table_args__ = (UniqueConstraint("household_id", "feature_id"),)

    household_id: Mapped[int] = mapped_column(ForeignKey("household.id"), index=True)
    resident_id: Mapped[int] = mapped_column(ForeignKey("resident.id"), index=True)
    feature_id: Mapped[int] = mapped_column(ForeignKey("map_feature.id", ondelete="CASCADE"))
    agreed_at: Mapped[datetime]
