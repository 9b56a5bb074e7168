"""The evaluation of a year, its deviations and corrections. Never commits."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import select

from portal.core import clock
from portal.core.db import db, keep_once
from portal.core.errors import Refused
from portal.implementation import duties, monitoring, rules
from portal.implementation.duties import DutyLine
from portal.implementation.models import Duty, Evaluation, EvaluationLine
from portal.implementation.rules import DutyKind, Light, Refusal
from portal.plans import service as plans


def begin(version_id: int, year: int, *, made_by: int | None, now: datetime) -> Evaluation:
    """Begin the evaluation of a year: one line for each indicator, as it stood at the year's end.

    Raises Refused for a year that is not over, or has its evaluation.
    """
    known = select(Evaluation.id).where(
        Evaluation.version_id == version_id, Evaluation.year == year
    )
    is_taken = db.session.scalar(known) is not None
    refusal = rules.why_not_evaluate(year=year, today=clock.today(now), is_taken=is_taken)
    if refusal:
        raise Refused(refusal)
    evaluation = Evaluation(version_id=version_id, year=year, made_by_id=made_by, made_at=now)
    keep_once(evaluation, twice=Refusal.YEAR_TAKEN)
    version = plans.get_version(version_id)
    db.session.add_all(
        EvaluationLine(
            evaluation_id=evaluation.id,
            code=line.code,
            name=line.name,
            unit=line.unit,
            base=line.base,
            target=line.target,
            expected=line.expected,
            current=line.current,
            light=line.light,
        )
        for line in monitoring.list_followed(version, today=date(year, 12, 31))
    )
    db.session.flush()
    return evaluation


def write(evaluation_id: int, *, findings: str, outlook: str) -> Evaluation:
    """Keep the words of an evaluation. Raises Refused when it is finished."""
    evaluation = _open(evaluation_id)
    evaluation.findings, evaluation.outlook = findings, outlook
    db.session.flush()
    return evaluation


def get_line(line_id: int) -> EvaluationLine:
    """Return a line of an evaluation, or raise NoResultFound, which the app shows as 404."""
    return db.session.get_one(EvaluationLine, line_id)


def add_action(
    line_id: int,
    *,
    cause: str,
    what: str,
    owner: str,
    helper: str,
    supervisor: str,
    due_on: date,
    now: datetime,
) -> Duty:
    """Say why an indicator deviates, and what is done about it, by whom, until when.

    Raises Refused when the evaluation is finished.
    """
    line = get_line(line_id)
    _open(line.evaluation_id)
    line.cause = cause
    return duties.assign(
        DutyKind.CORRECTION,
        subject_id=line_id,
        what=what,
        owner=owner,
        helper=helper,
        supervisor=supervisor,
        due_on=due_on,
        now=now,
    )


def finish(evaluation_id: int, *, now: datetime) -> Evaluation:
    """Finish an evaluation: from now on it stays as it is.

    Raises Refused while findings are missing, or a deviation has neither cause nor action.
    """
    evaluation = _open(evaluation_id)
    lines = list_lines(evaluation_id)
    actions = actions_of(lines, today=clock.today(now))
    is_open = any(
        line.light in (Light.BEHIND, Light.BREACH) and not (line.cause and line.id in actions)
        for line in lines
    )
    if is_open or not evaluation.findings.strip():
        raise Refused(Refusal.NO_ACTION)
    evaluation.finished_at = now
    db.session.flush()
    return evaluation


def list_evaluations(version_id: int) -> Sequence[Evaluation]:
    """Return the evaluations of a version, the newest first."""
    return db.session.scalars(
        select(Evaluation)
        .where(Evaluation.version_id == version_id)
        .order_by(Evaluation.year.desc())
    ).all()


def get_evaluation(evaluation_id: int) -> Evaluation:
    """Return the evaluation, or raise NoResultFound, which the app shows as 404."""
    return db.session.get_one(Evaluation, evaluation_id)


def list_lines(evaluation_id: int) -> Sequence[EvaluationLine]:
    """Return the lines of an evaluation in the order of the indicator table."""
    return db.session.scalars(
        select(EvaluationLine)
        .where(EvaluationLine.evaluation_id == evaluation_id)
        .order_by(EvaluationLine.id)
    ).all()


def actions_of(lines: Sequence[EvaluationLine], *, today: date) -> dict[int, DutyLine]:
    """Return what is done about these lines, by line."""
    return duties.duties_of(DutyKind.CORRECTION, [line.id for line in lines], today=today)


def _open(evaluation_id: int) -> Evaluation:
    evaluation = db.session.execute(
        select(Evaluation).where(Evaluation.id == evaluation_id).with_for_update()
    ).scalar_one()
    if evaluation.finished_at is not None:
        raise Refused(Refusal.FINISHED)
    return evaluation
