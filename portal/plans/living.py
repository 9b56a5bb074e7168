"""The one door to every step of a version, and what follows from each. Never commits."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import and_, or_, select

from portal.core import clock
from portal.core.db import db
from portal.core.errors import Refused
from portal.core.scope import all_villages, village_scope
from portal.notices import service as notices
from portal.notices.rules import ChannelKind, NoticeState, NoticeType
from portal.people.models import Account
from portal.plans import life
from portal.plans.guarding import NOTHING, Given
from portal.plans.life import IN_FORCE, Lack, Step
from portal.plans.life_models import PlanStep
from portal.plans.models import PlanVersion
from portal.plans.reading import SUBJECT
from portal.plans.rules import Refusal, State
from portal.plans.standing import notice_of
from portal.plans.stepping import IllegalStep, StepLacks, judge, lock, write
from portal.plans.writing import clone_version

REVISES = (State.DRAFT, State.ON_NOTICE, State.NOTICE_CLOSED, State.REPLYING, State.RETURNED)
"""A new version begun from here revises the old one; from elsewhere it only starts from it."""

_GIVES_WAY = tuple(state for state in REVISES if state is not State.RETURNED)


def take_step(
    version_id: int,
    step: Step,
    *,
    by: int | None,
    reason: str = "",
    given: Given = NOTHING,
    now: datetime,
) -> PlanStep:
    """Take a step of a version, or raise IllegalStep, StepLacks or Refused; all or nothing.

    `by` is the account that takes it; None: the clock, the law, or an import. What the clock has
    done meanwhile is written down first.
    """
    version = lock(version_id)
    _catch_up(version, now=now)
    if step is Step.VOID_NOTICE:
        return _void(version, by=by, reason=reason, now=now)
    if step is Step.OPEN_NOTICE:
        return _open(version, by=by, now=now)
    return walk(version, step, by=by, reason=reason, given=given, now=now)


def walk(
    version: PlanVersion,
    step: Step,
    *,
    by: int | None,
    reason: str = "",
    given: Given = NOTHING,
    now: datetime,
) -> PlanStep:
    """Write a step of a locked version down, with what goes before it and what follows."""
    if step is Step.TAKE_EFFECT:
        judge_or_raise(version, step, now=now)
        _supersede(_in_force_of(version), by_version=version, now=now)
    row = write(version, step, by=by, reason=reason, given=given, now=now)
    match step:
        case Step.SCHEDULE:
            _plan_notice(version, given, by=by, now=now)
        case Step.OPEN_NOTICE:
            _replace(version, now=now)
        case Step.FINISH_REPLY if row.before is State.DRAFT:
            _replace(version, now=now)
        case Step.WITHDRAW:
            _withdraw(version, row, by=by, now=now)
        case Step.START_REVISION | Step.START_AMENDMENT:
            _begin_next(version, row, given, now=now)
        case Step.PUBLISH:
            _catch_up(version, now=now)
    db.session.flush()
    return row


def judge_or_raise(version: PlanVersion, step: Step, *, now: datetime) -> None:
    """Raise IllegalStep or StepLacks where a step cannot be taken."""
    _, lacks = judge(version, step, now=now)
    if lacks:
        raise StepLacks(step, lacks)


def start_new_version(version_id: int, *, by: int | None = None, now: datetime) -> PlanVersion:
    """Start the next version of a plan as a draft with the same content and map.

    Raises Refused while the plan has another draft; a plan in force is amended instead.
    """
    try:
        take_step(version_id, Step.START_REVISION, by=by, now=now)
    except StepLacks as lacks:
        if any(lacking.lack is Lack.DRAFT_EXISTS for lacking in lacks.lacks):
            raise Refused(Refusal.DRAFT_EXISTS) from lacks
        raise
    return newest_of(version_id)


def newest_of(version_id: int) -> PlanVersion:
    """Return the newest version of the plan that a version is of."""
    plan_id = select(PlanVersion.plan_id).where(PlanVersion.id == version_id).scalar_subquery()
    query = select(PlanVersion).where(PlanVersion.plan_id == plan_id)
    return db.session.scalars(query.order_by(PlanVersion.number.desc()).limit(1)).one()


def names_of(account_ids: Collection[int]) -> dict[int, str]:
    """Return the names of accounts, of this village or of a region above it."""
    with all_villages("whoever moves a plan may have the account in the region above"):
        query = select(Account.id, Account.name).where(Account.id.in_(account_ids))
        return {account_id: name for account_id, name in db.session.execute(query)}


def _catch_up(version: PlanVersion, *, now: datetime) -> int:
    """Write down what the clock did; return how many steps that was."""
    taken = 0
    while step := _due(version, now=now):
        walk(version, step, by=None, now=now)
        taken += 1
    return taken


def catch_up(version_id: int, *, now: datetime) -> int:
    """Write down what the clock did to a version; return how many steps that was."""
    return _catch_up(lock(version_id), now=now)


def _due(version: PlanVersion, *, now: datetime) -> Step | None:
    notice = notice_of(version.id) if version.state is State.ON_NOTICE else None
    return life.due(
        version.state,
        ends_at=notice.ends_at if notice else None,
        in_force_on=version.in_force_on,
        target_year=version.target_year,
        now=now,
        today=clock.today(now),
    )


def _void(version: PlanVersion, *, by: int | None, reason: str, now: datetime) -> PlanStep:
    """Declare the running notice void; it tells us, and we write our step (`notices.py`)."""
    _, lacks = judge(version, Step.VOID_NOTICE, reason=reason, now=now)
    if lacks:
        raise StepLacks(Step.VOID_NOTICE, lacks)
    notice = notice_of(version.id)
    if notice is None:
        raise IllegalStep(version.state, Step.VOID_NOTICE)
    notices.void(notice.id, reason, voided_by=by, now=now)
    return _last(version.id)


def _open(version: PlanVersion, *, by: int | None, now: datetime) -> PlanStep:
    """Open the planned notice; it asks us to freeze, and we write our step (`notices.py`)."""
    judge_or_raise(version, Step.OPEN_NOTICE, now=now)
    planned = notices.find_latest(SUBJECT, version.id)
    assert planned is not None  # noqa: S101 -- judged just now
    notices.open_notice(planned.id, opened_by=by, is_rest_day=notices.rest_days(), now=now)
    return _last(version.id)


def _last(version_id: int) -> PlanStep:
    query = select(PlanStep).where(PlanStep.version_id == version_id)
    return db.session.scalars(query.order_by(PlanStep.number.desc()).limit(1)).one()


def _plan_notice(version: PlanVersion, given: Given, *, by: int | None, now: datetime) -> None:
    """Plan the notice for the day that was set, on the boards that were named."""
    assert version.scheduled_for is not None  # noqa: S101 -- judged
    planned = notices.find_latest(SUBJECT, version.id)
    if planned is not None and notices.state_of(planned, now=now) is NoticeState.PLANNED:
        notices.move_notice(
            planned.id, planned_for=version.scheduled_for, boards=given.boards, now=now
        )
        return
    notices.plan_notice(
        NoticeType.PLAN_DRAFT,
        subject_kind=SUBJECT,
        subject_id=version.id,
        title=version.title,
        planned_for=version.scheduled_for,
        ways=[notices.Way(ChannelKind.BOARD, place) for place in given.boards or ("",)],
        made_by=by,
        is_rest_day=notices.rest_days(),
        now=now,
    )


def _replace(version: PlanVersion, *, now: datetime) -> None:
    """Let the version that this one revises give way: the procedure goes on with the new one."""
    if version.replaces_id is None:
        return
    old = lock(version.replaces_id)
    if old.state in _GIVES_WAY:
        _supersede(old, by_version=version, now=now)


def _supersede(old: PlanVersion | None, *, by_version: PlanVersion, now: datetime) -> None:
    if old is not None:
        write(old, Step.SUPERSEDE, by=None, reason=f"→ {by_version.number}", now=now)


def _in_force_of(version: PlanVersion) -> PlanVersion | None:
    """Return the version of the same plan that is in force, locked."""
    found = db.session.scalar(
        select(PlanVersion.id).where(
            PlanVersion.plan_id == version.plan_id,
            PlanVersion.id != version.id,
            PlanVersion.state.in_(IN_FORCE),
        )
    )
    return None if found is None else lock(found)


def _withdraw(version: PlanVersion, row: PlanStep, *, by: int | None, now: datetime) -> None:
    """End what was running for it: its notice, and the amendment that it was to be."""
    if row.before is State.ON_NOTICE and (notice := notice_of(version.id)) is not None:
        notices.void(notice.id, row.reason, voided_by=by, now=now)
    if version.amends_id is not None:
        amended = lock(version.amends_id)
        if amended.state is State.AMENDING:
            write(amended, Step.END_AMENDMENT, by=None, now=now)


def _begin_next(version: PlanVersion, row: PlanStep, given: Given, *, now: datetime) -> None:
    """Begin the next version with the same content; say what it revises or amends."""
    new = clone_version(version.id, now=now)
    if row.step is Step.START_AMENDMENT:
        new.amends_id = version.id
        new.justification, new.consent = row.reason, given.consent.strip()
    elif row.before in REVISES:
        new.replaces_id = version.id
        new.amends_id = version.amends_id
        new.justification, new.consent = version.justification, version.consent


def tick(*, now: datetime) -> int:
    """Write down what the clock did to versions of all villages; return how many steps."""
    from_clock = 0
    for village_id, version_id in _waiting(now=now):
        with village_scope(village_id):
            from_clock += catch_up(version_id, now=now)
    return from_clock


def _waiting(*, now: datetime) -> list[tuple[int, int]]:
    """Return the versions that the clock may have moved, by village."""
    today = clock.today(now)
    rows = db.session.execute(
        select(PlanVersion.village_id, PlanVersion.id)
        .where(
            or_(
                PlanVersion.state == State.ON_NOTICE,
                and_(PlanVersion.state == State.PUBLISHED, PlanVersion.in_force_on <= today),
                and_(PlanVersion.state.in_(IN_FORCE), PlanVersion.target_year < today.year),
            )
        )
        .order_by(PlanVersion.id)
    )
    return [(village_id, version_id) for village_id, version_id in rows]
