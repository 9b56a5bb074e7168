"""What residents report, and what becomes of it. Never commits."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, select, tuple_, update
from sqlalchemy.exc import NoResultFound

from portal.core import retention
from portal.core.access import Part
from portal.core.db import db, keep_once
from portal.core.errors import Refused
from portal.core.retention import Kept, limit_of
from portal.moderation import items, ports, reports_rules, service
from portal.moderation.models import ModerationDecision
from portal.moderation.reports_models import ModerationReport
from portal.moderation.reports_rules import Outcome
from portal.moderation.rules import Action, Code, Why

DAY = timedelta(days=1)
Thing = tuple[str, int]
"""The kind and id of something written."""


@dataclass(frozen=True)
class Reported:
    """One thing with the reports on it that wait: how many, for what, and the lines; no names.

    `newest` is the last of these reports, so that one which comes in between is not answered too.
    """

    kind: str
    subject_id: int
    name: str
    newest: int = 0
    first_at: datetime | None = None
    codes: Counter[Code] = field(default_factory=Counter)
    lines: tuple[str, ...] = ()

    @property
    def count(self) -> int:
        """Count the reports that wait."""
        return self.codes.total()


@dataclass(frozen=True)
class Mine:
    """One report of whoever asks, with what readers call the thing."""

    report: ModerationReport
    name: str


def get_reportable(
    kind: str, subject_id: int, *, resident_id: int | None, now: datetime
) -> service.Waiting:
    """Return a thing that this resident can read, or raise NoResultFound."""
    waiting = service.get_waiting(kind, subject_id)
    subject = waiting.subject
    is_shown = subject.hidden_code is None and subject.held_for is None
    if not is_shown or not ports.may_read(kind, subject_id, resident_id=resident_id, now=now):
        raise NoResultFound(f"this resident reads no {kind} {subject_id}")
    return waiting


def why_not_report(
    subject: ports.Subject, *, resident_id: int | None, now: datetime, line: str = ""
) -> reports_rules.Refusal | None:
    """Return why this person cannot report this thing now, or None."""
    mine = ModerationReport.resident_id == resident_id
    this = (ModerationReport.subject_kind == subject.kind) & (
        ModerationReport.subject_id == subject.subject_id
    )
    has_reported, in_a_day = db.session.execute(
        select(
            func.count().filter(this), func.count().filter(ModerationReport.reported_at > now - DAY)
        )
        .select_from(ModerationReport)
        .where(mine)
    ).one()
    return reports_rules.why_not_report(
        is_resident=resident_id is not None,
        is_author=resident_id is not None and resident_id == subject.author_resident_id,
        has_reported=bool(has_reported),
        in_a_day=in_a_day,
        line=line,
    )


def report(
    kind: str, subject_id: int, *, code: Code, line: str, resident_id: int | None, now: datetime
) -> ModerationReport:
    """Take a report, once per person and thing.

    Raises Refused, or NoResultFound for what this resident cannot read.
    """
    service.queue_up()
    subject = get_reportable(kind, subject_id, resident_id=resident_id, now=now).subject
    reason = why_not_report(subject, resident_id=resident_id, now=now, line=line)
    if reason or resident_id is None:
        raise Refused(reason or reports_rules.Refusal.NOT_A_RESIDENT)
    row = ModerationReport(
        resident_id=resident_id,
        subject_kind=kind,
        subject_id=subject_id,
        subject_number=subject.number,
        code=code,
        line=line,
        reported_at=now,
    )
    keep_once(row, twice=reports_rules.Refusal.TWICE)
    items.put(kind, subject_id, subject.number, why=Why.REPORTED, now=now)
    return row


def list_open() -> list[Reported]:
    """Return what waits, most reported first, then longest."""
    return sorted(_read_open(), key=lambda one: (-one.count, one.first_at))


def find_these(things: Collection[Thing]) -> dict[Thing, Reported]:
    """Return the reports on these that wait; what has none is left out. One statement, or none."""
    if not things:
        return {}
    this = tuple_(ModerationReport.subject_kind, ModerationReport.subject_id)
    return {(one.kind, one.subject_id): one for one in _read_open(this.in_(things))}


def find_open(kind: str, subject_id: int) -> Reported:
    """Return the reports on one thing that wait; none make a count of 0."""
    thing = kind, subject_id
    return find_these([thing]).get(thing) or Reported(*thing, "")


def count_open() -> int:
    """Count the reports that wait."""
    query = select(func.count()).select_from(ModerationReport)
    return db.session.scalar(query.where(ModerationReport.outcome.is_(None))) or 0


def list_of(resident_id: int, *, limit: int = 100) -> list[Mine]:
    """Return what this resident reported, newest first."""
    query = select(ModerationReport).where(ModerationReport.resident_id == resident_id)
    rows = db.session.scalars(query.order_by(ModerationReport.id.desc()).limit(limit))
    return [Mine(row, _name(row)) for row in rows]


def keep(
    kind: str,
    subject_id: int,
    *,
    seen: int,
    account_id: int,
    resident_id: int | None,
    now: datetime,
) -> ModerationDecision:
    """Answer the reports on a thing: it breaks no rule and stays; that stands in the log.

    Raises Refused, also when another report came since the one that was `seen`.
    """
    service.queue_up()
    waiting = service.get_waiting(kind, subject_id)
    if reason := reports_rules.why_not_keep(waiting=find_open(kind, subject_id).newest, seen=seen):
        raise Refused(reason)
    return service.decide(
        kind=kind,
        subject_id=subject_id,
        action=Action.APPROVE,
        code=None,
        note="",
        seen_revision=waiting.revision,
        account_id=account_id,
        resident_id=resident_id,
        part=Part.COMMITTEE,
        now=now,
    )


def settle(kind: str, subject_id: int, outcome: Outcome, *, upto: int, now: datetime) -> list[int]:
    """Give the reports on a thing, the last of them `upto`, their outcome; return who reported."""
    step = (
        update(ModerationReport)
        .where(
            ModerationReport.subject_kind == kind,
            ModerationReport.subject_id == subject_id,
            ModerationReport.outcome.is_(None),
            ModerationReport.id <= upto,
        )
        .values(outcome=outcome, answered_at=now)
        .returning(ModerationReport.resident_id)
        .execution_options(synchronize_session=False)
    )
    return sorted(db.session.scalars(step))


def prune(*, now: datetime) -> int:
    """Forget old answered reports, a bounded number at a time, as the privacy notice promises."""
    is_old = ModerationReport.answered_at < limit_of(Kept.REPORTS, now=now)
    return retention.forget(ModerationReport, is_old)


def _read_open(*where: ColumnElement[bool]) -> list[Reported]:
    query = select(ModerationReport).where(ModerationReport.outcome.is_(None), *where)
    piles: dict[Thing, list[ModerationReport]] = {}
    for row in db.session.scalars(query.order_by(ModerationReport.id)):
        piles.setdefault((row.subject_kind, row.subject_id), []).append(row)
    return [_reported(rows) for rows in piles.values()]


def _reported(rows: Sequence[ModerationReport]) -> Reported:
    first = rows[0]
    return Reported(
        kind=first.subject_kind,
        subject_id=first.subject_id,
        name=_name(first),
        newest=rows[-1].id,
        first_at=first.reported_at,
        codes=Counter(row.code for row in rows),
        lines=tuple(row.line for row in rows if row.line),
    )


def _name(row: ModerationReport) -> str:
    return ports.name_of(row.subject_kind, row.subject_number)
