"""The whole content of a version, gathered from its tables. A constant number of statements."""

from decimal import Decimal
from typing import Any, TypeVar

from sqlalchemy import select

from portal.core.db import VillageRow, db
from portal.maps import service as maps
from portal.maps.rules import Sheet
from portal.plans.content import (
    Content,
    ControlFacts,
    FacilityFacts,
    Figure,
    GoalFacts,
    IndicatorFacts,
    ProjectFacts,
    StructureFacts,
    sha256,
)
from portal.plans.models import (
    ControlRule,
    Goal,
    GoalIndicator,
    Indicator,
    IndicatorProject,
    PlannedFacility,
    PlanVersion,
    Project,
    StructureLine,
)
from portal.plans.reading import get_plan, list_sections

Row = TypeVar("Row", bound=VillageRow)


def content_of(version: PlanVersion, *, with_map: bool = True) -> Content:
    """Return everything a version says, as plain values, in at most eleven statements."""
    plan = get_plan(version.plan_id)
    goals = _rows(Goal, version.id)
    indicators, measured = _indicators(version.id)
    projects, supported = _projects(version.id)
    numbers = {goal.id: goal.position for goal in goals}
    codes = {indicator.id: indicator.code for indicator in indicators}
    names = {project.id: project.code for project in projects}
    sheet: Sheet | None = None
    if with_map and version.map_sheet_id is not None:
        sheet = maps.gather(version.map_sheet_id)
    return Content(
        plan=plan.name,
        kind=plan.kind,
        number=version.number,
        title=version.title,
        base_year=version.base_year,
        target_year=version.target_year,
        compiled_by=version.compiled_by,
        sentences=tuple(version.sentences),
        figures=tuple(Figure(*figure) for figure in version.figures),
        sections=list_sections(version.id),
        goals=tuple(
            GoalFacts(
                goal.id,
                goal.position,
                goal.title,
                goal.text,
                tuple(codes[i] for i in codes if (goal.id, i) in measured),
                tuple(
                    (codes[i], weight)
                    for i in codes
                    if (weight := measured.get((goal.id, i))) is not None
                ),
            )
            for goal in goals
        ),
        indicators=tuple(
            IndicatorFacts(
                i.id, i.position, i.code, i.name, i.unit, i.kind, i.direction,
                i.base, i.target, i.current,
                tuple(numbers[g] for g in numbers if (g, i.id) in measured),
                tuple(names[p] for p in names if (i.id, p) in supported),
                i.lower_limit, i.upper_limit,
            )
            for i in indicators
        ),
        projects=tuple(
            ProjectFacts(
                p.id, p.position, p.code, p.name, p.kind, p.content, p.location, p.area_ha,
                p.year, p.cost_yuan, p.funding, p.responsible,
                tuple(codes[i] for i in codes if (i, p.id) in supported),
                p.helper, p.supervisor, p.deadline, tuple(p.group_numbers),
            )
            for p in projects
        ),
        map=sheet,
        population=version.population,
        area_ha=version.area_ha,
        scope=version.scope,
        legal_basis=tuple(version.legal_basis),
        structure=tuple(
            StructureFacts(s.id, s.position, s.code, s.is_town, s.base_ha, s.target_ha)
            for s in _rows(StructureLine, version.id)
        ),
        facilities=tuple(
            FacilityFacts(
                f.id, f.position, f.kind, f.name, f.status, f.location,
                f.longitude, f.latitude, f.radius_m, f.note,
            )
            for f in _rows(PlannedFacility, version.id)
        ),
        controls=tuple(
            ControlFacts(c.id, c.position, c.subject, c.title, c.text)
            for c in _rows(ControlRule, version.id)
        ),
    )  # fmt: skip


def recheck(version: PlanVersion) -> bool:
    """Tell whether a frozen version still says exactly what its fingerprint stands for."""
    return version.content_sha256 == sha256(content_of(version))


def _rows(model: type[Row], version_id: int) -> list[Row]:
    """Return the rows of one table of a version, in its order."""
    table: Any = model
    query = select(model).where(table.version_id == version_id).order_by(table.position)
    return list(db.session.scalars(query))


def _indicators(
    version_id: int,
) -> tuple[list[Indicator], dict[tuple[int, int], Decimal | None]]:
    """Return the indicators, and the weights by goal and indicator, in one statement."""
    rows = db.session.execute(
        select(Indicator, GoalIndicator.goal_id, GoalIndicator.weight)
        .outerjoin(GoalIndicator, GoalIndicator.indicator_id == Indicator.id)
        .where(Indicator.version_id == version_id)
        .order_by(Indicator.position)
    ).all()
    found = {indicator.id: indicator for indicator, _, _ in rows}
    linked = {(goal, i.id): weight for i, goal, weight in rows if goal is not None}
    return list(found.values()), linked


def _projects(version_id: int) -> tuple[list[Project], set[tuple[int, int]]]:
    """Return the projects, and the pairs of indicator and project, in one statement."""
    rows = db.session.execute(
        select(Project, IndicatorProject.indicator_id)
        .outerjoin(IndicatorProject, IndicatorProject.project_id == Project.id)
        .where(Project.version_id == version_id)
        .order_by(Project.position)
    ).all()
    found = {project.id: project for project, _ in rows}
    return list(found.values()), {(i, p.id) for p, i in rows if i is not None}
