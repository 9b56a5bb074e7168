"""Who has to do what until when. Never commits."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from portal.core.db import db, keep_once
from portal.core.errors import Refused
from portal.implementation import rules
from portal.implementation.models import Duty
from portal.implementation.rules import DutyKind, DutyState, OwnerLine, Refusal
from portal.plans.models import Project


@dataclass(frozen=True, slots=True)
class DutyLine:
    """A duty as a list shows it."""

    id: int
    kind: DutyKind
    subject_id: int | None
    what: str
    owner: str
    helper: str
    supervisor: str
    due_on: date | None
    done_on: date | None
    done_note: str
    state: DutyState


def assign(
    kind: DutyKind,
    *,
    subject_id: int | None,
    what: str,
    owner: str,
    helper: str = "",
    supervisor: str = "",
    owner_account_id: int | None = None,
    due_on: date | None,
    now: datetime,
) -> Duty:
    """Say who has to do something until when; for a subject that has a duty, it is changed."""
    query = select(Duty).where(Duty.kind == kind, Duty.subject_id == subject_id)
    duty = None if subject_id is None else db.session.scalar(query.with_for_update())
    if duty is None:
        duty = Duty(kind=kind, subject_id=subject_id, made_at=now)
    duty.what, duty.owner, duty.helper, duty.supervisor = what, owner, helper, supervisor
    duty.owner_account_id, duty.due_on = owner_account_id, due_on
    return keep_once(duty, twice=Refusal.ALREADY_NAMED)


def assign_projects(version_id: int, *, now: datetime) -> int:
    """Make the duties of a version's projects as its table has them; return how many."""
    projects = db.session.scalars(
        select(Project).where(Project.version_id == version_id, Project.responsible != "")
    ).all()
    for project in projects:
        assign(
            DutyKind.PROJECT,
            subject_id=project.id,
            what=f"{project.code} {project.name}"[:400],
            owner=project.responsible,
            helper=project.helper,
            supervisor=project.supervisor,
            due_on=project.deadline,
            now=now,
        )
    return len(projects)


def finish(duty_id: int, *, note: str, today: date) -> Duty:
    """Say that a duty is done. Raises Refused for one that is done already."""
    duty = db.session.execute(select(Duty).where(Duty.id == duty_id).with_for_update()).scalar_one()
    if duty.done_on is not None:
        raise Refused(Refusal.DONE_ALREADY)
    duty.done_on, duty.done_note = today, note
    db.session.flush()
    return duty


def get_duty(duty_id: int, *, today: date) -> DutyLine:
    """Return the duty, or raise NoResultFound, which the app shows as 404."""
    return _line(db.session.get_one(Duty, duty_id), today)


def list_duties(*, today: date, kind: DutyKind | None = None) -> list[DutyLine]:
    """Return the duties of the village: what is overdue first, what is done last."""
    query = select(Duty).order_by(Duty.due_on.is_(None), Duty.due_on, Duty.id)
    if kind is not None:
        query = query.where(Duty.kind == kind)
    lines = [_line(duty, today) for duty in db.session.scalars(query)]
    return sorted(lines, key=lambda line: line.state is DutyState.DONE)


def list_owners(*, today: date) -> list[OwnerLine]:
    """Return who has something open, the most overdue first."""
    rows = db.session.execute(select(Duty.owner, Duty.due_on, Duty.done_on)).all()
    return rules.by_owner(rows, today)


def _line(duty: Duty, today: date) -> DutyLine:
    return DutyLine(
        duty.id,
        duty.kind,
        duty.subject_id,
        duty.what,
        duty.owner,
        duty.helper,
        duty.supervisor,
        duty.due_on,
        duty.done_on,
        duty.done_note,
        rules.duty_state(due_on=duty.due_on, done_on=duty.done_on, today=today),
    )


def duties_of(kind: DutyKind, subject_ids: Sequence[int], *, today: date) -> dict[int, DutyLine]:
    """Return the duties of these subjects, by subject."""
    rows = db.session.scalars(
        select(Duty).where(Duty.kind == kind, Duty.subject_id.in_(subject_ids))
    )
    return {duty.subject_id: _line(duty, today) for duty in rows if duty.subject_id is not None}
