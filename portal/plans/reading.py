"""Reading plans: versions, their parts, their whole content. Constant numbers of statements."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import case, func, select

from portal.core import clock
from portal.core.db import db
from portal.maps import service as maps
from portal.maps.rules import Sheet
from portal.notices.models import Notice
from portal.notices.reading import in_force
from portal.plans import rules
from portal.plans.content import (
    Content,
    Figure,
    GoalFacts,
    IndicatorFacts,
    ProjectFacts,
    SectionFacts,
    sha256,
)
from portal.plans.models import (
    Goal,
    GoalIndicator,
    Indicator,
    IndicatorProject,
    Plan,
    PlanSection,
    PlanVersion,
    Project,
)

SUBJECT = "plan_version"
"""The kind of subject that a version on notice is (`notices.ports`)."""


@dataclass(frozen=True, slots=True)
class VersionLine:
    """A version as a list shows it; ``state`` is the one of the clock."""

    id: int
    plan_id: int
    number: int
    title: str
    kind: rules.PlanKind
    base_year: int
    target_year: int
    state: rules.State
    is_public: bool
    closes_at: datetime | None

    @property
    def is_open(self) -> bool:
        """Tell whether opinions are being collected."""
        return self.state is rules.State.ON_NOTICE


def get_plan(plan_id: int) -> Plan:
    """Return the plan, or raise NoResultFound, which the app shows as 404."""
    return db.session.get_one(Plan, plan_id)


def get_version(version_id: int) -> PlanVersion:
    """Return the version, or raise NoResultFound, which the app shows as 404."""
    return db.session.get_one(PlanVersion, version_id)


def get_project(project_id: int) -> Project:
    """Return the project, or raise NoResultFound, which the app shows as 404."""
    return db.session.get_one(Project, project_id)


def is_public(version: PlanVersion) -> bool:
    """Tell whether everybody may read the version: from its freezing on."""
    return version.frozen_at is not None


def find_current_version() -> PlanVersion | None:
    """Return the version that matters now: the one on notice, else the newest public one."""
    first = case((PlanVersion.state == rules.State.ON_NOTICE, 0), else_=1)
    return db.session.scalar(
        select(PlanVersion)
        .where(PlanVersion.frozen_at.is_not(None))
        .order_by(first, PlanVersion.frozen_at.desc(), PlanVersion.id.desc())
        .limit(1)
    )


def find_public_version(plan_id: int) -> PlanVersion | None:
    """Return the newest version of a plan that everybody may read."""
    return db.session.scalar(
        select(PlanVersion)
        .where(PlanVersion.plan_id == plan_id, PlanVersion.frozen_at.is_not(None))
        .order_by(PlanVersion.number.desc())
        .limit(1)
    )


def list_versions(*, public_only: bool, now: datetime) -> list[VersionLine]:
    """Return all versions, plans with a notice first, then the newest."""
    ends = select(func.max(Notice.ends_at)).where(
        in_force(SUBJECT), Notice.subject_id == PlanVersion.id
    )
    query = (
        select(PlanVersion, Plan.kind, ends.correlate(PlanVersion).scalar_subquery())
        .join(Plan, Plan.id == PlanVersion.plan_id)
        .order_by(PlanVersion.id.desc())
    )
    if public_only:
        query = query.where(PlanVersion.frozen_at.is_not(None))
    lines = [
        VersionLine(
            id=version.id,
            plan_id=version.plan_id,
            number=version.number,
            title=version.title,
            kind=kind,
            base_year=version.base_year,
            target_year=version.target_year,
            state=rules.state_at(version.state, ends_at=ends_at, now=now),
            is_public=is_public(version),
            closes_at=ends_at,
        )
        for version, kind, ends_at in db.session.execute(query)
    ]
    return sorted(lines, key=lambda line: not line.is_open)


def list_public_versions(*, now: datetime | None = None) -> list[VersionLine]:
    """Return the versions that everybody may read; without ``now``, as the clock has it."""
    return list_versions(public_only=True, now=now or clock.now())


def list_projects(version_id: int) -> list[Project]:
    """Return the projects of a version in the order of its table."""
    return list(
        db.session.scalars(
            select(Project).where(Project.version_id == version_id).order_by(Project.position)
        )
    )


def list_anchors(version_id: int) -> dict[str, str]:
    """Return what an opinion can be about, by key: goals, projects (by id) and chapters."""
    goals = db.session.execute(
        select(Goal.position, Goal.title)
        .where(Goal.version_id == version_id)
        .order_by(Goal.position)
    )
    anchors = {f"goal-{position}": title for position, title in goals}
    anchors |= {f"project-{p.id}": f"{p.code} {p.name}" for p in list_projects(version_id)}
    return anchors | {f"section-{s.position}": s.title for s in _sections(version_id)}


def content_of(version: PlanVersion, *, with_map: bool = True) -> Content:
    """Return everything a version says, as plain values, in at most eight statements."""
    plan = get_plan(version.plan_id)
    goals = _goals(version.id)
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
        sections=_sections(version.id),
        goals=tuple(
            GoalFacts(
                goal.id,
                goal.position,
                goal.title,
                goal.text,
                tuple(codes[i] for i in codes if (goal.id, i) in measured),
            )
            for goal in goals
        ),
        indicators=tuple(
            IndicatorFacts(
                i.id, i.position, i.code, i.name, i.unit, i.kind, i.direction,
                i.base, i.target, i.current,
                tuple(numbers[g] for g in numbers if (g, i.id) in measured),
                tuple(names[p] for p in names if (i.id, p) in supported),
            )
            for i in indicators
        ),
        projects=tuple(
            ProjectFacts(
                p.id, p.position, p.code, p.name, p.kind, p.content, p.location, p.area_ha,
                p.year, p.cost_yuan, p.funding, p.responsible,
                tuple(codes[i] for i in codes if (i, p.id) in supported),
            )
            for p in projects
        ),
        map=sheet,
    )  # fmt: skip


def recheck(version: PlanVersion) -> bool:
    """Tell whether a frozen version still says exactly what its fingerprint stands for."""
    return version.content_sha256 == sha256(content_of(version))


def _sections(version_id: int) -> tuple[SectionFacts, ...]:
    rows = db.session.execute(
        select(PlanSection.id, PlanSection.position, PlanSection.title, PlanSection.text)
        .where(PlanSection.version_id == version_id)
        .order_by(PlanSection.position)
    )
    return tuple(SectionFacts(*row) for row in rows)


def _goals(version_id: int) -> list[Goal]:
    return list(
        db.session.scalars(
            select(Goal).where(Goal.version_id == version_id).order_by(Goal.position)
        )
    )


def _indicators(version_id: int) -> tuple[list[Indicator], set[tuple[int, int]]]:
    """Return the indicators, and the pairs of goal and indicator, in one statement."""
    rows = db.session.execute(
        select(Indicator, GoalIndicator.goal_id)
        .outerjoin(GoalIndicator, GoalIndicator.indicator_id == Indicator.id)
        .where(Indicator.version_id == version_id)
        .order_by(Indicator.position)
    ).all()
    found = {indicator.id: indicator for indicator, _ in rows}
    return list(found.values()), {(goal, i.id) for i, goal in rows if goal is not None}


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
