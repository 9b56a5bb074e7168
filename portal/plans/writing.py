"""Writing the whole content of a draft at once: all of it or nothing. Never commits."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, select
from sqlalchemy.exc import IntegrityError

from portal.core.db import VillageRow, db
from portal.core.errors import Refused
from portal.maps import service as maps
from portal.plans import rules
from portal.plans.content import Content
from portal.plans.drafting import open_draft
from portal.plans.gathering import content_of
from portal.plans.models import (
    ControlRule,
    Goal,
    GoalIndicator,
    Indicator,
    IndicatorProject,
    PlannedFacility,
    PlanSection,
    PlanVersion,
    Project,
    StructureLine,
)

TABLES: tuple[type[VillageRow], ...] = (
    PlanSection,
    Goal,
    Indicator,
    Project,
    StructureLine,
    PlannedFacility,
    ControlRule,
)


def replace_content(version_id: int, content: Content, *, now: datetime) -> PlanVersion:
    """Put this content in the place of all that a draft says, but its map. Raises Refused."""
    version = open_draft(version_id, now=now)
    if content.target_year < content.base_year:
        raise Refused(rules.Refusal.TARGET_BEFORE_BASE)
    for table in TABLES:
        model: Any = table
        db.session.execute(delete(table).where(model.version_id == version_id))
    db.session.expire_all()
    _write_head(version, content)
    try:
        with db.session.begin_nested():
            _write_tables(version_id, content)
    except IntegrityError as twice:
        raise Refused(rules.Refusal.CODE_TAKEN) from twice
    return version


def clone_version(version_id: int, *, now: datetime) -> PlanVersion:
    """Start the next version of a plan as a draft with the same content and map.

    Raises Refused while the plan has another draft.
    """
    old = db.session.get_one(PlanVersion, version_id)
    content, sheet_id = content_of(old, with_map=False), old.map_sheet_id
    new = add_version(old.plan_id, content, now=now)
    if sheet_id is not None:
        new.map_sheet_id = maps.copy_sheet(sheet_id).id
    db.session.flush()
    return new


def add_version(plan_id: int, content: Content, *, now: datetime) -> PlanVersion:
    """Add the next version of a plan with this content, without a map.

    Raises Refused while the plan has another draft.
    """
    known = db.session.execute(
        select(PlanVersion.number, PlanVersion.state, PlanVersion.frozen_at).where(
            PlanVersion.plan_id == plan_id
        )
    ).all()
    if any(state in rules.BEFORE_NOTICE and not frozen_at for _, state, frozen_at in known):
        raise Refused(rules.Refusal.DRAFT_EXISTS)
    new = PlanVersion(
        plan_id=plan_id,
        number=max((number for number, *_ in known), default=0) + 1,
        created_at=now,
        changed_at=now,
    )
    _write_head(new, content)
    try:
        with db.session.begin_nested():
            db.session.add(new)
            db.session.flush()
    except IntegrityError as twice:
        raise Refused(rules.Refusal.DRAFT_EXISTS) from twice
    _write_tables(new.id, content)
    return new


def _write_head(version: PlanVersion, content: Content) -> None:
    version.title, version.compiled_by = content.title, content.compiled_by
    version.base_year, version.target_year = content.base_year, content.target_year
    version.sentences = list(content.sentences)
    version.figures = [[f.number, f.unit, f.caption] for f in content.figures]
    version.population, version.area_ha = content.population, content.area_ha
    version.scope, version.legal_basis = content.scope, list(content.legal_basis)
    db.session.flush()


def _write_tables(version_id: int, content: Content) -> None:
    _put(version_id, PlanSection, content.sections, ("title", "text"))
    _put(version_id, Goal, content.goals, ("title", "text"))
    _put(
        version_id, Indicator, content.indicators,
        ("code", "name", "unit", "kind", "direction", "base", "target", "lower_limit",
         "upper_limit"),
    )  # fmt: skip
    _put(
        version_id, Project, content.projects,
        ("code", "name", "kind", "content", "location", "area_ha", "year", "cost_yuan", "funding",
         "responsible", "helper", "supervisor", "deadline", "group_numbers"),
    )  # fmt: skip
    _put(
        version_id, StructureLine, content.structure,
        ("code", "is_town", "base_ha", "target_ha"),
    )  # fmt: skip
    _put(
        version_id, PlannedFacility, content.facilities,
        ("kind", "name", "status", "location", "longitude", "latitude", "radius_m", "note"),
    )  # fmt: skip
    _put(version_id, ControlRule, content.controls, ("subject", "title", "text"))
    _link(version_id, content)


def _put(
    version_id: int, table: type[VillageRow], things: Iterable[Any], names: tuple[str, ...]
) -> None:
    rows = [
        {
            "version_id": version_id,
            "position": position,
            **{name: _column(getattr(thing, name)) for name in names},
        }
        for position, thing in enumerate(things, start=1)
    ]
    if rows:
        db.session.execute(insert(table), rows)


def _column(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


def _link(version_id: int, content: Content) -> None:
    """Write which goal an indicator measures and which indicator a project supports."""
    goals = _ids(Goal, Goal.position, version_id)
    indicators = _ids(Indicator, Indicator.code, version_id)
    projects = _ids(Project, Project.code, version_id)
    measures = [
        {
            "goal_id": goals[position],
            "indicator_id": indicators[code],
            "weight": dict(goal.weights).get(code),
        }
        for position, goal in enumerate(content.goals, start=1)
        for code in goal.indicators
    ]
    supports = [
        {"indicator_id": indicators[code], "project_id": projects[project.code]}
        for project in content.projects
        for code in project.indicators
    ]
    if measures:
        db.session.execute(insert(GoalIndicator), measures)
    if supports:
        db.session.execute(insert(IndicatorProject), supports)


def _ids(table: Any, key: Any, version_id: int) -> Mapping[Any, int]:
    rows = db.session.execute(select(key, table.id).where(table.version_id == version_id))
    return {value: row_id for value, row_id in rows}
