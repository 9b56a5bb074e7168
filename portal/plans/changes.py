"""Why a version is not as the one before it: each change and what caused it. Never commits."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from portal.core.db import db
from portal.core.errors import Refused
from portal.plans import differences, ports
from portal.plans.differences import Change
from portal.plans.gathering import content_of
from portal.plans.life import BEFORE_SUBMITTED
from portal.plans.life_models import PlanChange
from portal.plans.models import PlanVersion
from portal.plans.rules import Refusal


@dataclass(frozen=True)
class Cause:
    """Why a change was made, as its page shows it."""

    opinion_number: int | None
    cause: str
    reason: str


def find_base(version: PlanVersion) -> PlanVersion | None:
    """Return what a version is compared with: what it revises or amends, else the number before."""
    known = version.replaces_id or version.amends_id
    if known is not None:
        return db.session.get_one(PlanVersion, known)
    before = select(PlanVersion).where(
        PlanVersion.plan_id == version.plan_id, PlanVersion.number < version.number
    )
    return db.session.scalar(before.order_by(PlanVersion.number.desc()).limit(1))


def compare(before: PlanVersion, after: PlanVersion) -> tuple[Change, ...]:
    """Return every difference between two versions of a plan."""
    return differences.compare(content_of(before), content_of(after))


def causes_of(version_id: int) -> dict[str, Cause]:
    """Return what was said about the changes of a version, by place."""
    rows = db.session.scalars(select(PlanChange).where(PlanChange.version_id == version_id))
    return {row.place: Cause(row.opinion_number, row.cause, row.reason) for row in rows}


def unexplained(version: PlanVersion) -> list[Change]:
    """Return the changes of a version that nobody has said the cause of (O8)."""
    base = find_base(version)
    return [] if base is None else without_cause(version, compare(base, version))


def without_cause(version: PlanVersion, found: Iterable[Change]) -> list[Change]:
    """Return which of these changes of a version have no cause that stands.

    An opinion is none unless the answer that was sent adopts it.
    """
    causes, known = causes_of(version.id), ports.opinions()
    wrong: set[str] = set()
    if known is not None:
        adopted = {
            None, *(n for v in (version.id, version.replaces_id) if v for n in known.adopted(v))
        }  # fmt: skip
        wrong = {place for place, cause in causes.items() if cause.opinion_number not in adopted}
    standing = {place: cause for place, cause in causes.items() if place not in wrong}
    return [
        change
        for change in found
        if change.place in wrong or not differences.is_explained(change, standing)
    ]


def explain(
    version_id: int,
    place: str,
    *,
    opinion_number: int | None,
    cause: str,
    reason: str,
    made_by: int | None,
    now: datetime,
) -> PlanChange:
    """Say why a place of a version changed, or say it better. Raises Refused.

    From the submission on it stays as it was said: the approving authority reads it.
    """
    version = lock(version_id)
    if version.state not in BEFORE_SUBMITTED:
        raise Refused(Refusal.EXPLAINED_ALREADY)
    if opinion_number is None and not cause.strip():
        raise Refused(Refusal.NO_CAUSE)
    known = ports.opinions()
    if opinion_number is not None and known is not None:
        titles = [known.titles(v) for v in (version_id, version.replaces_id) if v is not None]
        if not any(opinion_number in of_version for of_version in titles):
            raise Refused(Refusal.NO_SUCH_OPINION)
    row = db.session.scalar(
        select(PlanChange).where(PlanChange.version_id == version_id, PlanChange.place == place)
    )
    if row is None:
        row = PlanChange(version_id=version_id, place=place)
        db.session.add(row)
    row.opinion_number, row.cause, row.reason = opinion_number, cause.strip(), reason.strip()
    row.made_by, row.made_at = made_by, now
    db.session.flush()
    return row


def lock(version_id: int) -> PlanVersion:
    """Return a version for a change: whoever else changes it waits. Raises NoResultFound."""
    return db.session.execute(
        select(PlanVersion)
        .where(PlanVersion.id == version_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).scalar_one()
