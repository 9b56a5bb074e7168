"""Writing one step down: guards first, then its effects, its audit row and its public record.

This is the only place where the state of a version changes. Never commits.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from portal.core import clock, scope
from portal.core.db import db
from portal.core.errors import Refused
from portal.core.outbox import publish
from portal.people import posts
from portal.people import service as people
from portal.people.rules import Role
from portal.plans import life
from portal.plans.content import sha256
from portal.plans.events import VersionMoved
from portal.plans.gathering import content_of
from portal.plans.guarding import NOTHING, Asked, Given, lacks_of
from portal.plans.life import By, Lacking, Step, Way
from portal.plans.life_models import PlanStep
from portal.plans.models import Plan, PlanVersion
from portal.plans.rules import Refusal, State
from portal.plans.standing import notice_of
from portal.transparency import service as transparency
from portal.transparency.rules import Kept

CONTENT_KIND = "plan_version"
"""The kind of our entries in the public record: the content of a version, frozen for good."""
STEP_KIND = "plan_step"
"""The kind of the entries that are public acts on a version."""

COMMITTEE = (Role.HEAD, Role.COMMITTEE, Role.ADMIN)
ROLES: Mapping[By, tuple[Role, ...]] = {
    By.COMMITTEE: COMMITTEE,
    By.EDITORS: (*COMMITTEE, Role.PLANNER),
    By.ITSELF: (),
}


class IllegalStep(Refused):
    """There is no such step from here."""

    def __init__(self, state: State, step: Step) -> None:
        super().__init__(Refusal.ILLEGAL_STEP, state=state, step=step)


class StepLacks(Refused):
    """The step is there, and something is still missing: all of it."""

    def __init__(self, step: Step, lacks: list[Lacking]) -> None:
        super().__init__(Refusal.LACKING, step=step, lacks=lacks)
        self.lacks = lacks


def lock(version_id: int) -> PlanVersion:
    """Return a version for a step; whoever moves a version of the same plan waits."""
    plan_id = select(PlanVersion.plan_id).where(PlanVersion.id == version_id).scalar_subquery()
    db.session.execute(select(Plan.id).where(Plan.id == plan_id).with_for_update()).one()
    return db.session.execute(
        select(PlanVersion)
        .where(PlanVersion.id == version_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).scalar_one()


def judge(
    version: PlanVersion,
    step: Step,
    *,
    reason: str = "",
    given: Given = NOTHING,
    now: datetime,
) -> tuple[Way, list[Lacking]]:
    """Return where a step leads and everything that it still needs. Raises IllegalStep."""
    way = life.way(version.state, step)
    if way is None:
        raise IllegalStep(version.state, step)
    asked = Asked(
        version=version,
        step=step,
        reason=reason,
        given=given,
        notice=notice_of(version.id),
        now=now,
    )
    return way, lacks_of(asked, way)


def write(
    version: PlanVersion,
    step: Step,
    *,
    by: int | None,
    reason: str = "",
    given: Given = NOTHING,
    now: datetime,
) -> PlanStep:
    """Take a step of a locked version: raise IllegalStep or StepLacks, or write it down."""
    way, lacks = judge(version, step, reason=reason, given=given, now=now)
    role = _role_of(by, way, now=now)
    if lacks:
        raise StepLacks(step, lacks)
    before = version.state
    is_freezing = (before, step) in life.FREEZES
    if is_freezing:
        _freeze(version, now=now)
    said = {name: value for name, value in asdict(given).items() if value}
    _keep(version, step, said)
    version.state = way.to
    try:
        with db.session.begin_nested():
            db.session.flush()
    except IntegrityError as twice:  # another of the plan is in force: the index judges last
        raise Refused(Refusal.ANOTHER_IN_FORCE) from twice
    row = PlanStep(
        version_id=version.id,
        number=_next(version.id),
        step=step,
        before=before,
        after=way.to,
        account_id=by,
        role=role,
        taken_at=now,
        reason=reason.strip(),
        facts={
            name: value.isoformat() if isinstance(value, date) else value
            for name, value in said.items()
        },
        content_sha256=version.content_sha256,
    )
    row.record_number = _record(version, row, is_freezing=is_freezing, now=now)
    try:
        with db.session.begin_nested():
            db.session.add(row)
            db.session.flush()
    except IntegrityError as twice:
        raise Refused(Refusal.STEP_TAKEN) from twice
    publish(VersionMoved(version_id=version.id, step=step.value, state=way.to.value), now=now)
    return row


def list_steps(version_id: int) -> list[PlanStep]:
    """Return every step of a version, the first first."""
    query = select(PlanStep).where(PlanStep.version_id == version_id)
    return list(db.session.scalars(query.order_by(PlanStep.number)))


def _role_of(by: int | None, way: Way, *, now: datetime) -> str:
    """Return the post in which an account takes a step. Raises Refused where it has none for it."""
    if by is None:
        return ""
    codes = {region.code for region in people.path_of(scope.require_village())}
    day = clock.today(now)
    held = {
        post.role
        for post in posts.posts_of(by)
        if post.region_code in codes and post.state_on(day) == "now"
    }
    role = next((role for role in ROLES[way.by] if role in held), None)
    if role is None:
        raise Refused(Refusal.NOT_YOURS)
    return role.value


def _freeze(version: PlanVersion, *, now: datetime) -> None:
    version.content_sha256 = sha256(content_of(version))
    version.frozen_at = version.frozen_at or now


COLUMNS: Mapping[Step, tuple[str, ...]] = {
    Step.SCHEDULE: ("party_review_on", "party_review_note", "scheduled_for"),
    Step.SUBMIT: ("resolution",),
    Step.REVISE: ("resolution",),
    Step.APPROVE: ("approval_authority", "approval_number", "approved_on"),
    Step.PUBLISH: ("published_on", "in_force_on"),
}
"""What a step says that stays with the version."""


def _keep(version: PlanVersion, step: Step, said: Mapping[str, Any]) -> None:
    for name in COLUMNS.get(step, ()):
        if name in said:
            setattr(version, name, said[name])


def _next(version_id: int) -> int:
    query = select(func.max(PlanStep.number)).where(PlanStep.version_id == version_id)
    return (db.session.scalar(query) or 0) + 1


def _record(version: PlanVersion, row: PlanStep, *, is_freezing: bool, now: datetime) -> int | None:
    """Enter a frozen content, or a public act on one, into the public record."""
    subject = f"{version.title} · {version.number}"
    if is_freezing and row.step is not Step.TAKE_OVER:
        kind, digest = CONTENT_KIND, version.content_sha256 or ""
    elif row.step in life.RECORDED and version.content_sha256:
        kind, digest = STEP_KIND, digest_of(row)
        subject = f"{subject} · {row.step.value}"
    else:
        return None
    return transparency.append(
        kind=kind, subject=subject, content_sha256=digest, file_sha256=digest, now=now
    ).number


def digest_of(row: PlanStep) -> str:
    """Return the fingerprint of a public act: what, from where to where, when, why. No names."""
    facts = {
        "step": row.step.value,
        "number": row.number,
        "before": row.before.value,
        "after": row.after.value,
        "role": row.role,
        "taken_at": row.taken_at.isoformat(),
        "reason": row.reason,
        "facts": row.facts,
        "content_sha256": row.content_sha256,
    }
    text = json.dumps(facts, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


class StepKeeper:
    """Answers the public record's question (`transparency.ports.Keeper`) for public acts."""

    def hash_files(self) -> Iterator[Kept]:
        """Hash every public act as it lies here now."""
        query = select(PlanStep).where(
            PlanStep.record_number.is_not(None), PlanStep.step.in_(life.RECORDED)
        )
        for row in db.session.scalars(query.order_by(PlanStep.id)).all():
            if not is_freezing(row):
                digest = digest_of(row)
                yield Kept(row.record_number or 0, digest, digest)


def is_freezing(row: PlanStep) -> bool:
    """Tell whether a step froze the content, and so has the content's line in the record."""
    return (row.before, row.step) in life.FREEZES
