"""Looking at the lights of every version that is being worked on; a change of one is told once."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import exists, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import aliased

from portal.analysis.events import LightChanged
from portal.analysis.findings import intensity_of
from portal.analysis.intensity import Reading, Stage
from portal.analysis.models import AnalysisSetting, IntensityLight
from portal.analysis.rules import Light, Measure
from portal.analysis.settings import settings_of
from portal.core.db import db
from portal.core.outbox import publish
from portal.core.scope import village_scope
from portal.plans import service as plans
from portal.plans.models import PlanVersion

BATCH = 20
"""How many versions one round looks at, so that it never takes long."""
_WARNING = (Light.YELLOW, Light.RED)


def watch(*, now: datetime) -> int:
    """Look at the versions that were changed since their lights were last seen (a chore)."""
    seen = IntensityLight.version_id == PlanVersion.id
    changed = or_(
        ~exists().where(seen),
        exists().where(seen, IntensityLight.seen_at < PlanVersion.changed_at),
        exists().where(
            seen,
            AnalysisSetting.plan_id == PlanVersion.plan_id,
            IntensityLight.seen_at < AnalysisSetting.changed_at,
        ),
    )
    waiting = db.session.execute(
        select(PlanVersion.id, PlanVersion.village_id)
        .where(changed)
        .order_by(PlanVersion.changed_at.desc(), PlanVersion.id)
        .limit(BATCH)
    ).all()
    for version_id, village_id in waiting:
        with village_scope(village_id):
            look(version_id, now=now)
    return len(waiting)


def look(version_id: int, *, now: datetime) -> tuple[Reading, ...]:
    """Keep the lights of a version, and publish each that changed.

    The light of the target year counts. The first that is seen is news where it warns.
    """
    version = plans.get_version(version_id)
    readings = intensity_of(plans.content_of(version), settings_of(version.plan_id))
    for reading in readings:
        light = reading.light(Stage.TARGET)
        before = _keep(version_id, reading, light, now=now)
        if before is not light and (before is not None or light in _WARNING):
            publish(
                LightChanged(
                    version_id=version_id,
                    measure=reading.measure.value,
                    light=light.value,
                    before=before.value if before else "",
                ),
                now=now,
            )
    return readings


def _keep(version_id: int, reading: Reading, light: Light, *, now: datetime) -> Light | None:
    """Keep a light; return the one before, None for the first. One of two at once is the first.

    Whoever comes second finds the light as the first left it, and so says nothing again.
    """
    mine = (IntensityLight.version_id == version_id, IntensityLight.measure == reading.measure)
    query = select(IntensityLight.light).where(*mine).with_for_update()
    facts: dict[str, Light | Decimal | datetime | None] = {
        "light": light,
        "value": reading.target,
        "cap": reading.cap,
        "seen_at": now,
    }
    before = db.session.scalar(query)
    if before is None:
        fresh = IntensityLight(version_id=version_id, measure=reading.measure, **facts)
        try:
            with db.session.begin_nested():
                db.session.add(fresh)
            return None
        except IntegrityError:
            before = db.session.scalar(query)
    db.session.execute(update(IntensityLight).where(*mine).values(**facts))
    return before


@dataclass(frozen=True, slots=True)
class Red:
    """A version with the measures that were last seen above their caps."""

    version_id: int
    title: str
    measures: tuple[Measure, ...]


def list_red() -> list[Red]:
    """Return the newest version of each plan that has a measure above its cap."""
    other = aliased(PlanVersion)
    newer = exists().where(other.plan_id == PlanVersion.plan_id, other.number > PlanVersion.number)
    rows = db.session.execute(
        select(PlanVersion.id, PlanVersion.title, IntensityLight.measure)
        .join(IntensityLight, IntensityLight.version_id == PlanVersion.id)
        .where(IntensityLight.light == Light.RED, ~newer)
        .order_by(PlanVersion.id, IntensityLight.id)
    ).all()
    found: dict[tuple[int, str], list[Measure]] = {}
    for version_id, title, measure in rows:
        found.setdefault((version_id, title), []).append(measure)
    return [Red(*version, tuple(measures)) for version, measures in found.items()]
