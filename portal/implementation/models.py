"""What follows a plan, on disk."""

from datetime import date, datetime, time
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db import VillageRow
from portal.implementation.rules import AssetKind, AssetState, DutyKind, Light, VisitKind
from portal.plans.models import ExactNumber


class IndicatorReading(VillageRow):
    """What an indicator was on a day, and who says so. The newest is its current value."""

    __tablename__ = "indicator_reading"
    __table_args__ = (UniqueConstraint("indicator_id", "read_on"),)

    indicator_id: Mapped[int] = mapped_column(ForeignKey("plan_indicator.id"), index=True)
    read_on: Mapped[date]
    value: Mapped[Decimal] = mapped_column(ExactNumber)
    light: Mapped[Light]
    source: Mapped[str] = mapped_column(String(200))
    entered_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    entered_at: Mapped[datetime]


class Duty(VillageRow):
    """Something that somebody has to do until a day: who is responsible, who helps, who watches."""

    __tablename__ = "duty"
    __table_args__ = (UniqueConstraint("village_id", "kind", "subject_id"),)

    kind: Mapped[DutyKind]
    subject_id: Mapped[int | None]
    what: Mapped[str] = mapped_column(String(400))
    owner: Mapped[str] = mapped_column(String(120))
    helper: Mapped[str] = mapped_column(String(120), default="")
    supervisor: Mapped[str] = mapped_column(String(120), default="")
    owner_account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    due_on: Mapped[date | None]
    done_on: Mapped[date | None]
    done_note: Mapped[str] = mapped_column(Text, default="")
    made_at: Mapped[datetime]


class ProjectProgress(VillageRow):
    """How far a project was on a day, and what was paid. It only goes forward."""

    __tablename__ = "project_progress"
    __table_args__ = (
        UniqueConstraint("project_id", "on_day"),
        CheckConstraint("percent BETWEEN 0 AND 100", name="percent"),
        CheckConstraint("paid_yuan >= 0", name="paid_not_negative"),
    )

    project_id: Mapped[int] = mapped_column(ForeignKey("plan_project.id"), index=True)
    on_day: Mapped[date]
    percent: Mapped[int]
    paid_yuan: Mapped[int | None]
    note: Mapped[str] = mapped_column(Text, default="")
    entered_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    entered_at: Mapped[datetime]


class Evaluation(VillageRow):
    """The evaluation of a year (年度评估): its words, and the figures as they were then."""

    __tablename__ = "evaluation"
    __table_args__ = (UniqueConstraint("version_id", "year"),)

    version_id: Mapped[int] = mapped_column(ForeignKey("plan_version.id"), index=True)
    year: Mapped[int]
    findings: Mapped[str] = mapped_column(Text, default="")
    outlook: Mapped[str] = mapped_column(Text, default="")
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    made_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]


class EvaluationLine(VillageRow):
    """An indicator in an evaluation, frozen when the evaluation is finished."""

    __tablename__ = "evaluation_line"
    __table_args__ = (UniqueConstraint("evaluation_id", "code"),)

    evaluation_id: Mapped[int] = mapped_column(ForeignKey("evaluation.id", ondelete="CASCADE"))
    code: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(120))
    unit: Mapped[str] = mapped_column(String(20))
    base: Mapped[Decimal | None] = mapped_column(ExactNumber)
    target: Mapped[Decimal | None] = mapped_column(ExactNumber)
    expected: Mapped[Decimal | None] = mapped_column(ExactNumber)
    current: Mapped[Decimal | None] = mapped_column(ExactNumber)
    light: Mapped[Light]
    cause: Mapped[str] = mapped_column(Text, default="")


class IdleAsset(VillageRow):
    """Land or a house that lies idle, and what is to become of it."""

    __tablename__ = "idle_asset"

    kind: Mapped[AssetKind]
    state: Mapped[AssetState] = mapped_column(default=AssetState.IDLE)
    name: Mapped[str] = mapped_column(String(120))
    place: Mapped[str] = mapped_column(String(200))
    group_id: Mapped[int | None] = mapped_column(ForeignKey("villager_group.id"), index=True)
    area_m2: Mapped[int | None]
    owned_by: Mapped[str] = mapped_column(String(60), default="")
    since_year: Mapped[int | None]
    plan_words: Mapped[str] = mapped_column(Text, default="")
    entered_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    entered_at: Mapped[datetime]
    changed_at: Mapped[datetime]


class IdleSuggestion(VillageRow):
    """What a resident suggests for something idle; one for each person and thing."""

    __tablename__ = "idle_suggestion"
    __table_args__ = (UniqueConstraint("asset_id", "resident_id"),)

    asset_id: Mapped[int] = mapped_column(ForeignKey("idle_asset.id", ondelete="CASCADE"))
    resident_id: Mapped[int] = mapped_column(ForeignKey("resident.id"), index=True)
    text: Mapped[str] = mapped_column(Text)
    made_at: Mapped[datetime]


class InterestedParty(VillageRow):
    """A resident whose rights a parcel or project touches (利害关系人): told, asked apart."""

    __tablename__ = "interested_party"
    __table_args__ = (
        UniqueConstraint("version_id", "anchor", "resident_id"),
        CheckConstraint("(opinion = '') = (said_at IS NULL)", name="said_with_words"),
    )

    version_id: Mapped[int] = mapped_column(ForeignKey("plan_version.id"), index=True)
    anchor: Mapped[str] = mapped_column(String(60))
    anchor_words: Mapped[str] = mapped_column(String(400))
    resident_id: Mapped[int] = mapped_column(ForeignKey("resident.id"), index=True)
    reason: Mapped[str] = mapped_column(String(400))
    named_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    named_at: Mapped[datetime]
    told_at: Mapped[datetime | None]
    opinion: Mapped[str] = mapped_column(Text, default="")
    said_at: Mapped[datetime | None]


class PlannerVisit(VillageRow):
    """What a responsible planner did in the village, on which day and for how long."""

    __tablename__ = "planner_visit"
    __table_args__ = (CheckConstraint("minutes > 0", name="takes_time"),)

    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    kind: Mapped[VisitKind]
    on_day: Mapped[date]
    minutes: Mapped[int]
    place: Mapped[str] = mapped_column(String(200))
    people_met: Mapped[int]
    notes: Mapped[str] = mapped_column(Text, default="")
    entered_at: Mapped[datetime]


class OfficeHour(VillageRow):
    """When a responsible planner can be met, and where."""

    __tablename__ = "office_hour"
    __table_args__ = (
        UniqueConstraint("account_id", "on_day", "begins"),
        CheckConstraint("ends > begins", name="ends_after_it_begins"),
    )

    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    on_day: Mapped[date]
    begins: Mapped[time]
    ends: Mapped[time]
    place: Mapped[str] = mapped_column(String(200))
