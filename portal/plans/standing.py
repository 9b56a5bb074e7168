"""Where a version stands as the clock has it, and its notice."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, and_, bindparam, literal, select

from portal.core import clock
from portal.core.db import db, table_of
from portal.core.scope import here, prepared
from portal.notices import rules as notice_rules
from portal.notices import service as notices
from portal.notices.models import Notice
from portal.notices.reading import in_force
from portal.notices.rules import NoticeType
from portal.notices.service import Opened
from portal.plans import life, rules
from portal.plans.models import PlanVersion
from portal.plans.reading import SUBJECT


def notice_of(version_id: int) -> Opened | None:
    """Return the latest notice of a version, running or over; None before the first."""
    return notices.find_opened(SUBJECT, version_id)


def void_notice_of(version: PlanVersion, state: rules.State) -> Notice | None:
    """Return the notice that was declared void, while no other has begun; else None."""
    if version.frozen_at is None or state not in rules.BEFORE_NOTICE:
        return None
    return notices.find_void(SUBJECT, version.id)


def get_with_notice(version_id: int) -> tuple[PlanVersion, Opened | None]:
    """Return a version and its latest notice in one statement, or raise NoResultFound."""
    version, notice = db.session.execute(
        select(PlanVersion, Notice)
        .outerjoin(Notice, and_(in_force(SUBJECT), Notice.subject_id == PlanVersion.id))
        .where(PlanVersion.id == version_id)
        .order_by(Notice.round.desc())
        .limit(1)
    ).one()
    return version, notices.opened(notice)


def state_of(version: PlanVersion, notice: Opened | None, *, now: datetime) -> rules.State:
    """Return the state of a version as the clock has it."""
    return life.state_at(
        version.state,
        ends_at=notice.ends_at if notice else None,
        in_force_on=version.in_force_on,
        target_year=version.target_year,
        now=now,
        today=clock.today(now),
    )


def is_on_notice(version_id: int, *, now: datetime) -> bool:
    """Tell whether the notice of a version is running."""
    return why_not_comment(version_id, now=now) is None


_VERSION, _NOTICE = table_of(PlanVersion), table_of(Notice)
STANDING = (_VERSION.c.state, _VERSION.c.in_force_on, _VERSION.c.target_year, _NOTICE.c.ends_at)
"""What tells the state of a version."""


def with_standing(query: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    """Let a query of one line have `STANDING`; it asks for `version_id` and `village_id`."""
    return (
        query.select_from(_VERSION)
        .outerjoin(
            _NOTICE,
            and_(
                in_force(SUBJECT),
                _NOTICE.c.subject_id == _VERSION.c.id,
                _NOTICE.c.village_id == _VERSION.c.village_id,
            ),
        )
        .where(
            _VERSION.c.id == bindparam("version_id"),
            _VERSION.c.village_id == bindparam("village_id"),
        )
        .order_by(_NOTICE.c.round.desc())
        .limit(literal(1, literal_execute=True))  # or SQLite plans it anew each time
    )


_STANDING = prepared(with_standing(select(*STANDING)))


def why_not_comment(version_id: int, *, now: datetime) -> rules.Refusal | None:
    """Say why no opinion can be given on a version now; None while its notice runs.

    Raises NoResultFound where there is no such version.
    """
    kept = db.session.execute(_STANDING, here(version_id=version_id)).one()
    return why_not_comment_on(kept, now=now)


def why_not_comment_on(kept: Any, *, now: datetime) -> rules.Refusal | None:
    """Return what `why_not_comment` does, of a plain line that has `STANDING`."""
    state = life.state_at(
        kept.state,
        ends_at=kept.ends_at,
        in_force_on=kept.in_force_on,
        target_year=kept.target_year,
        now=now,
        today=clock.today(now),
    )
    return rules.why_not_comment(state=state)


def publish_by(version: PlanVersion) -> date | None:
    """Return the last day on which an approved version is to be published; None before that."""
    return _publish_by([version])[version.id]


def list_to_publish() -> list[tuple[PlanVersion, date | None]]:
    """Return the approved versions that are still to be published, each with its last day."""
    query = select(PlanVersion).where(PlanVersion.state == rules.State.APPROVED)
    versions = db.session.scalars(query.order_by(PlanVersion.approved_on, PlanVersion.id)).all()
    last = _publish_by(versions)
    return [(version, last[version.id]) for version in versions]


def _publish_by(versions: Sequence[PlanVersion]) -> dict[int, date | None]:
    if not versions:
        return {}
    span, is_rest_day = notices.span_of(NoticeType.PLAN_APPROVED), notices.rest_days()
    return {
        version.id: notice_rules.deadline_of(
            span, event_on=version.approved_on, is_rest_day=is_rest_day
        )
        for version in versions
    }


def is_overdue(version: PlanVersion, *, now: datetime) -> bool:
    """Tell whether an approved version should have been published by now."""
    if version.state is not rules.State.APPROVED:
        return False
    last = publish_by(version)
    return last is not None and clock.today(now) > last
