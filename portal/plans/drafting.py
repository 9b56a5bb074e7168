"""Writing a draft: every change asks first whether the version is still open. Never commits."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, TypeVar

from sqlalchemy import delete, func, insert, select
from sqlalchemy.exc import IntegrityError

from portal.core.db import VillageRow, db, keep_once
from portal.core.errors import Refused
from portal.plans import rules
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

Row = TypeVar("Row", bound=VillageRow)


def create_plan(
    *,
    name: str,
    base_year: int,
    target_year: int,
    now: datetime,
    kind: rules.PlanKind = rules.PlanKind.PRACTICAL,
    compiled_by: str = "",
) -> PlanVersion:
    """Start a plan and return its first version, an empty draft. Raises Refused."""
    if target_year < base_year:
        raise Refused(rules.Refusal.TARGET_BEFORE_BASE)
    plan = Plan(name=name, kind=kind, created_at=now)
    add_row(plan, taken=rules.Refusal.NAME_TAKEN)
    return add_row(
        PlanVersion(
            plan_id=plan.id,
            number=1,
            title=name,
            base_year=base_year,
            target_year=target_year,
            compiled_by=compiled_by,
            created_at=now,
            changed_at=now,
        )
    )


def open_draft(version_id: int, *, now: datetime) -> PlanVersion:
    """Return a version to be changed, and keep others from changing it until we are done.

    Raises Refused from the moment its notice has opened.
    """
    version = db.session.execute(
        select(PlanVersion)
        .where(PlanVersion.id == version_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).scalar_one()
    refusal = rules.why_not_edit(state=version.state, is_frozen=version.frozen_at is not None)
    if refusal:
        raise Refused(refusal)
    version.changed_at = now
    return version


def change_version(
    version_id: int,
    *,
    now: datetime,
    title: str,
    base_year: int,
    target_year: int,
    compiled_by: str,
) -> PlanVersion:
    """Change the head of a draft. Raises Refused."""
    version = open_draft(version_id, now=now)
    if target_year < base_year:
        raise Refused(rules.Refusal.TARGET_BEFORE_BASE)
    version.title, version.compiled_by = title, compiled_by
    version.base_year, version.target_year = base_year, target_year
    db.session.flush()
    return version


def describe(
    version_id: int,
    *,
    population: int | None,
    area_ha: Decimal | None,
    scope: str,
    legal_basis: Sequence[str],
    now: datetime,
) -> None:
    """Say what the plan covers and on which laws and plans above it rests. Raises Refused."""
    version = open_draft(version_id, now=now)
    version.population, version.area_ha = population, area_ha
    version.scope, version.legal_basis = scope, [line for line in legal_basis if line]
    db.session.flush()


def write_summary(
    version_id: int,
    *,
    sentences: Sequence[str],
    figures: Sequence[tuple[str, str, str]],
    now: datetime,
) -> None:
    """Write the summary: sentences in plain words, and figures (number, unit, caption)."""
    version = open_draft(version_id, now=now)
    version.sentences = [sentence for sentence in sentences if sentence]
    version.figures = [list(figure) for figure in figures if figure[0]]
    db.session.flush()


def add_section(version_id: int, *, title: str, text: str, now: datetime) -> PlanSection:
    """Add a chapter at the end of the full text, in Markdown."""
    open_draft(version_id, now=now)
    position = next_position(PlanSection, version_id)
    return add_row(PlanSection(version_id=version_id, position=position, title=title, text=text))


def add_goal(version_id: int, *, title: str, now: datetime, text: str = "") -> Goal:
    """Add a goal."""
    open_draft(version_id, now=now)
    position = next_position(Goal, version_id)
    return add_row(Goal(version_id=version_id, position=position, title=title, text=text))


def add_indicator(
    version_id: int,
    *,
    code: str,
    name: str,
    unit: str,
    kind: rules.IndicatorKind,
    direction: rules.Direction,
    base: Decimal | None,
    target: Decimal | None,
    lower_limit: Decimal | None = None,
    upper_limit: Decimal | None = None,
    goal_ids: Iterable[int] = (),
    now: datetime,
) -> Indicator:
    """Add an indicator and link it to its goals. Raises Refused for a code that is taken."""
    open_draft(version_id, now=now)
    indicator = Indicator(
        version_id=version_id,
        position=next_position(Indicator, version_id),
        code=code,
        name=name,
        unit=unit,
        kind=kind,
        direction=direction,
        base=base,
        target=target,
        lower_limit=lower_limit,
        upper_limit=upper_limit,
    )
    add_row(indicator, taken=rules.Refusal.CODE_TAKEN)
    known = set(db.session.scalars(select(Goal.id).where(Goal.version_id == version_id)))
    db.session.add_all(
        GoalIndicator(goal_id=goal_id, indicator_id=indicator.id)
        for goal_id in sorted(known & set(goal_ids))
    )
    db.session.flush()
    return indicator


def add_project(
    version_id: int, *, indicator_ids: Iterable[int] = (), now: datetime, **facts: Any
) -> Project:
    """Add a near-term project (facts: the columns of ``Project``) and link its indicators.

    Raises Refused for a code that is taken.
    """
    open_draft(version_id, now=now)
    project = Project(version_id=version_id, position=next_position(Project, version_id), **facts)
    add_row(project, taken=rules.Refusal.CODE_TAKEN)
    known = set(db.session.scalars(select(Indicator.id).where(Indicator.version_id == version_id)))
    db.session.add_all(
        IndicatorProject(indicator_id=indicator_id, project_id=project.id)
        for indicator_id in sorted(known & set(indicator_ids))
    )
    db.session.flush()
    return project


def add_projects(version_id: int, rows: Iterable[Mapping[str, Any]], *, now: datetime) -> int:
    """Add many projects in one statement; each row has the columns of ``Project``.

    ``code`` and ``name`` must be there, ``cost_yuan`` usually is. Returns how many.
    """
    open_draft(version_id, now=now)
    first = next_position(Project, version_id)
    blank: dict[str, Any] = {
        "kind": None,
        "content": "",
        "location": "",
        "area_ha": None,
        "year": "",
    }
    blank |= {"cost_yuan": None, "funding": "", "responsible": "", "helper": "", "supervisor": ""}
    blank |= {"deadline": None, "group_numbers": []}
    values = [
        {**blank, **row, "version_id": version_id, "position": position}
        for position, row in enumerate(rows, start=first)
    ]
    if values:
        try:
            with db.session.begin_nested():
                db.session.execute(insert(Project), values)
        except IntegrityError as twice:
            raise Refused(rules.Refusal.CODE_TAKEN) from twice
    return len(values)


PARTS: Mapping[str, type[VillageRow]] = {
    "section": PlanSection,
    "goal": Goal,
    "indicator": Indicator,
    "project": Project,
    "structure": StructureLine,
    "facility": PlannedFacility,
    "control": ControlRule,
}


def remove_part(version_id: int, part: str, part_id: int, *, now: datetime) -> None:
    """Take a section, goal, indicator or project out of a draft. Raises Refused."""
    open_draft(version_id, now=now)
    model: Any = PARTS[part]
    db.session.execute(delete(model).where(model.id == part_id, model.version_id == version_id))


def next_position(model: Any, version_id: int) -> int:
    """Return the position after the last row of a table of the version."""
    last = db.session.scalar(select(func.max(model.position)).where(model.version_id == version_id))
    return (last or 0) + 1


def add_row(row: Row, *, taken: rules.Refusal | None = None) -> Row:
    """Write one row; where its key is taken, refuse with that reason."""
    if taken is not None:
        return keep_once(row, twice=taken)
    db.session.add(row)
    db.session.flush()
    return row
