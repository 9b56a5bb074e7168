"""Indicators and projects followed up: what was read, how it stands. Never commits."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import func, select

from portal.core import clock
from portal.core.db import db, keep_once
from portal.core.errors import Refused
from portal.core.outbox import publish
from portal.implementation import rules
from portal.implementation.events import IndicatorAlarm
from portal.implementation.models import IndicatorReading, ProjectProgress
from portal.implementation.rules import Light, Refusal
from portal.plans.models import Indicator, PlanVersion, Project
from portal.plans.rules import Direction, IndicatorKind


@dataclass(frozen=True, slots=True)
class Followed:
    """An indicator on its way: what it was, is to be, should be by now, and is."""

    id: int
    code: str
    name: str
    unit: str
    is_binding: bool
    at_most: bool
    base: Decimal | None
    target: Decimal | None
    expected: Decimal | None
    current: Decimal | None
    read_on: date | None
    light: Light
    attainment: Decimal | None


@dataclass(frozen=True, slots=True)
class ProjectLine:
    """A project with its newest progress; money in whole yuan."""

    id: int
    code: str
    name: str
    responsible: str
    helper: str
    supervisor: str
    deadline: date | None
    cost_yuan: int | None
    percent: int
    paid_yuan: int | None
    on_day: date | None


def list_followed(version: PlanVersion, *, today: date) -> list[Followed]:
    """Return the indicators of a version as they stood on a day, in the order of the table."""
    newest = (
        select(IndicatorReading.indicator_id, func.max(IndicatorReading.read_on).label("day"))
        .where(IndicatorReading.read_on <= today)
        .group_by(IndicatorReading.indicator_id)
        .subquery()
    )
    rows = db.session.execute(
        select(Indicator, IndicatorReading)
        .outerjoin(newest, newest.c.indicator_id == Indicator.id)
        .outerjoin(
            IndicatorReading,
            (IndicatorReading.indicator_id == Indicator.id)
            & (IndicatorReading.read_on == newest.c.day),
        )
        .where(Indicator.version_id == version.id)
        .order_by(Indicator.position)
    )
    return [_followed(version, indicator, reading, today) for indicator, reading in rows]


def record_reading(
    indicator_id: int,
    *,
    read_on: date,
    value: Decimal,
    source: str,
    entered_by: int | None,
    now: datetime,
) -> IndicatorReading:
    """Keep what an indicator was on a day. When its light turns worse, those who answer are told.

    Raises Refused for a day to come, or one that was read before.
    """
    if read_on > clock.today(now):
        raise Refused(Refusal.IN_THE_FUTURE)
    indicator = db.session.get_one(Indicator, indicator_id)
    version = db.session.get_one(PlanVersion, indicator.version_id)
    before = db.session.scalar(
        select(IndicatorReading.light)
        .where(IndicatorReading.indicator_id == indicator_id, IndicatorReading.read_on < read_on)
        .order_by(IndicatorReading.read_on.desc())
        .limit(1)
    )
    light = _light(version, indicator, value, read_on)
    reading = IndicatorReading(
        indicator_id=indicator_id,
        read_on=read_on,
        value=value,
        light=light,
        source=source,
        entered_by_id=entered_by,
        entered_at=now,
    )
    keep_once(reading, twice=Refusal.READ_TWICE)
    newest = db.session.scalar(
        select(func.max(IndicatorReading.read_on)).where(
            IndicatorReading.indicator_id == indicator_id
        )
    )
    if newest == read_on:
        indicator.current = value
        db.session.flush()
        if light in (Light.BEHIND, Light.BREACH) and light is not before:
            publish(
                IndicatorAlarm(version_id=version.id, indicator_id=indicator_id, light=light.value),
                now=now,
            )
    return reading


def list_readings(indicator_id: int) -> Sequence[IndicatorReading]:
    """Return what was read of an indicator, the newest first."""
    return db.session.scalars(
        select(IndicatorReading)
        .where(IndicatorReading.indicator_id == indicator_id)
        .order_by(IndicatorReading.read_on.desc())
    ).all()


def list_project_lines(version_id: int) -> list[ProjectLine]:
    """Return the projects of a version with their newest progress, in the order of the table."""
    newest = (
        select(ProjectProgress.project_id, func.max(ProjectProgress.on_day).label("day"))
        .group_by(ProjectProgress.project_id)
        .subquery()
    )
    rows = db.session.execute(
        select(Project, ProjectProgress)
        .outerjoin(newest, newest.c.project_id == Project.id)
        .outerjoin(
            ProjectProgress,
            (ProjectProgress.project_id == Project.id) & (ProjectProgress.on_day == newest.c.day),
        )
        .where(Project.version_id == version_id)
        .order_by(Project.position)
    )
    return [
        ProjectLine(
            p.id, p.code, p.name, p.responsible, p.helper, p.supervisor, p.deadline, p.cost_yuan,
            progress.percent if progress else 0,
            progress.paid_yuan if progress else None,
            progress.on_day if progress else None,
        )
        for p, progress in rows
    ]  # fmt: skip


def record_progress(
    project_id: int,
    *,
    on_day: date,
    percent: int,
    paid_yuan: int | None,
    note: str,
    entered_by: int | None,
    now: datetime,
) -> ProjectProgress:
    """Keep how far a project is. Raises Refused where it would go backwards or past its budget."""
    if on_day > clock.today(now):
        raise Refused(Refusal.IN_THE_FUTURE)
    project = db.session.execute(
        select(Project).where(Project.id == project_id).with_for_update()
    ).scalar_one()
    before = db.session.execute(
        select(ProjectProgress)
        .where(ProjectProgress.project_id == project_id)
        .order_by(ProjectProgress.on_day.desc())
        .limit(1)
    ).scalar_one_or_none()
    if before is not None and on_day <= before.on_day:
        raise Refused(Refusal.READ_TWICE if on_day == before.on_day else Refusal.BACKWARDS)
    refusal = rules.why_not_progress(
        before=before.percent if before else 0,
        percent=percent,
        paid_yuan=paid_yuan,
        cost_yuan=project.cost_yuan,
    )
    if refusal:
        raise Refused(refusal)
    progress = ProjectProgress(
        project_id=project_id,
        on_day=on_day,
        percent=percent,
        paid_yuan=paid_yuan,
        note=note,
        entered_by_id=entered_by,
        entered_at=now,
    )
    return keep_once(progress, twice=Refusal.READ_TWICE)


def _followed(
    version: PlanVersion, indicator: Indicator, reading: IndicatorReading | None, today: date
) -> Followed:
    current = reading.value if reading else indicator.current
    at_most = indicator.direction is Direction.AT_MOST
    base, target = indicator.base, indicator.target
    share = None
    if base is not None and target is not None and current is not None:
        share = rules.attainment(base=base, target=target, current=current, at_most=at_most)
    return Followed(
        id=indicator.id,
        code=indicator.code,
        name=indicator.name,
        unit=indicator.unit,
        is_binding=indicator.kind is IndicatorKind.BINDING,
        at_most=at_most,
        base=base,
        target=target,
        expected=_expected(version, indicator, today),
        current=current,
        read_on=reading.read_on if reading else None,
        light=reading.light if reading else _light(version, indicator, current, today),
        attainment=share,
    )


def _expected(version: PlanVersion, indicator: Indicator, day: date) -> Decimal | None:
    if indicator.base is None or indicator.target is None:
        return None
    return rules.expected_on(
        base=indicator.base,
        target=indicator.target,
        base_year=version.base_year,
        target_year=version.target_year,
        day=day,
    )


def _light(version: PlanVersion, indicator: Indicator, value: Decimal | None, day: date) -> Light:
    return rules.light_of(
        base=indicator.base,
        target=indicator.target,
        current=value,
        at_most=indicator.direction is Direction.AT_MOST,
        is_binding=indicator.kind is IndicatorKind.BINDING,
        expected=_expected(version, indicator, day),
    )
