"""Finding and listing plans, their versions and parts. Constant numbers of statements."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import case, func, select

from portal.core import clock
from portal.core.db import db
from portal.notices.models import Notice
from portal.notices.reading import in_force
from portal.plans import life, rules
from portal.plans.content import SectionFacts
from portal.plans.models import Plan, PlanSection, PlanVersion, Project

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


def list_names() -> frozenset[str]:
    """Return the names of all plans of the village, which a new one cannot have."""
    return frozenset(db.session.scalars(select(Plan.name)))


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
    """Return the version that matters now: the one on notice, else the newest that still counts."""
    first = case(
        (PlanVersion.state == rules.State.ON_NOTICE, 0),
        (PlanVersion.state.in_(rules.OVER), 2),
        else_=1,
    )
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
            state=life.state_at(
                version.state,
                ends_at=ends_at,
                in_force_on=version.in_force_on,
                target_year=version.target_year,
                now=now,
                today=clock.today(now),
            ),
            is_public=is_public(version),
            closes_at=ends_at,
        )
        for version, kind, ends_at in db.session.execute(query)
    ]
    return sorted(lines, key=lambda line: not line.is_open)


def list_public_versions(*, now: datetime | None = None) -> list[VersionLine]:
    """Return the versions that everybody may read; without ``now``, as the clock has it."""
    return list_versions(public_only=True, now=now or clock.now())


def list_siblings(version: PlanVersion, *, public_only: bool) -> list[PlanVersion]:
    """Return the versions of the same plan, the first first."""
    query = select(PlanVersion).where(PlanVersion.plan_id == version.plan_id)
    if public_only:
        query = query.where(PlanVersion.frozen_at.is_not(None))
    return list(db.session.scalars(query.order_by(PlanVersion.number)))


def list_projects(version_id: int) -> list[Project]:
    """Return the projects of a version in the order of its table."""
    return list(
        db.session.scalars(
            select(Project).where(Project.version_id == version_id).order_by(Project.position)
        )
    )


def list_sections(version_id: int) -> tuple[SectionFacts, ...]:
    """Return the chapters of the full text."""
    rows = db.session.execute(
        select(PlanSection.id, PlanSection.position, PlanSection.title, PlanSection.text)
        .where(PlanSection.version_id == version_id)
        .order_by(PlanSection.position)
    )
    return tuple(SectionFacts(*row) for row in rows)
