"""The life of a version on disk: every step it took, why its content changed, and its freezing."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Table, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.append_only import append_only
from portal.core.db import Base, JsonDict, VillageRow
from portal.core.frozen import frozen_with
from portal.maps.models import MapFeature, MapLayer, MapSheet
from portal.plans.life import Step
from portal.plans.models import (
    ControlRule,
    Goal,
    GoalIndicator,
    Indicator,
    IndicatorProject,
    Plan,
    PlannedFacility,
    PlanSection,
    PlanVersion,
    Project,
    StructureLine,
)
from portal.plans.rules import State


class PlanStep(VillageRow):
    """A step that a version took: who, in which post, when, from where to where, and why.

    Never changed, never gone. `role` is empty where the clock or the law took it. Two who take a
    step at once ask for the same number, and the key refuses one.
    """

    __tablename__ = "plan_step"
    __table_args__ = (
        UniqueConstraint("version_id", "number"),
        UniqueConstraint("village_id", "record_number"),
        CheckConstraint("number >= 1", name="counts_from_one"),
    )

    version_id: Mapped[int] = mapped_column(ForeignKey("plan_version.id"))
    number: Mapped[int]
    step: Mapped[Step]
    before: Mapped[State]
    after: Mapped[State]
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), index=True)
    role: Mapped[str] = mapped_column(String(40), default="")
    taken_at: Mapped[datetime]
    reason: Mapped[str] = mapped_column(String(600), default="")
    facts: Mapped[JsonDict] = mapped_column(default=dict)
    content_sha256: Mapped[str | None] = mapped_column(String(64))
    record_number: Mapped[int | None]


class PlanChange(VillageRow):
    """Why one place of a version is not as in the version it revises (O8).

    `place` is the key of `differences.py`; the cause is an opinion's number, words, or both.
    """

    __tablename__ = "plan_change"
    __table_args__ = (
        UniqueConstraint("version_id", "place"),
        CheckConstraint("opinion_number IS NOT NULL OR cause <> ''", name="has_a_cause"),
    )

    version_id: Mapped[int] = mapped_column(ForeignKey("plan_version.id", ondelete="CASCADE"))
    place: Mapped[str] = mapped_column(String(120))
    opinion_number: Mapped[int | None]
    cause: Mapped[str] = mapped_column(String(200), default="")
    reason: Mapped[str] = mapped_column(String(600), default="")
    made_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"), index=True)
    made_at: Mapped[datetime]


_steps = PlanStep.__table__
assert isinstance(_steps, Table)  # noqa: S101 -- for the type checker
append_only(_steps)

_OF_VERSION, _OF_SHEET = "id IN ({version_id})", "map_sheet_id IN ({sheet_id})"
FROZEN: dict[type[VillageRow], str] = {
    Plan: "plan_id IN ({id})",
    PlanVersion: "id IN ({id})",
    PlanSection: _OF_VERSION,
    Goal: _OF_VERSION,
    Indicator: _OF_VERSION,
    Project: _OF_VERSION,
    StructureLine: _OF_VERSION,
    PlannedFacility: _OF_VERSION,
    ControlRule: _OF_VERSION,
    GoalIndicator: "id IN (SELECT version_id FROM plan_goal WHERE id IN ({goal_id}))",
    IndicatorProject: ("id IN (SELECT version_id FROM plan_project WHERE id IN ({project_id}))"),
    MapSheet: "map_sheet_id IN ({id})",
    MapLayer: _OF_SHEET,
    MapFeature: ("map_sheet_id IN (SELECT sheet_id FROM map_layer WHERE id IN ({layer_id}))"),
}
"""Every table of which `gathering.content_of` reads, and how a row of it leads to its versions."""

FREE: dict[type[VillageRow], frozenset[str]] = {
    Indicator: frozenset({"current"}),
    PlanVersion: frozenset(
        {
            "state", "changed_at", "justification", "consent", "party_review_on",
            "party_review_note", "scheduled_for", "resolution", "approval_authority",
            "approval_number", "approved_on", "published_on", "in_force_on",
        }
    ),
}  # fmt: skip
"""What is told of a version while it lives on, and is no part of what it says."""

for _model, _held in FROZEN.items():
    frozen_with(
        Base.metadata.tables[_model.__tablename__],
        PlanVersion.__tablename__,
        _held,
        free=FREE.get(_model, frozenset()),
    )
