"""Moderation month by month: counted, published as a file, and entered into the public record."""

import csv
import hashlib
import io
from collections.abc import Iterator
from datetime import date, datetime, timedelta

from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlalchemy.exc import NoResultFound

from portal.core import clock
from portal.core.db import db
from portal.core.scope import village_scope
from portal.core.sheets import csv_bytes
from portal.moderation import months_rules, ports, service
from portal.moderation.appeals_models import ModerationAppeal
from portal.moderation.appeals_rules import Outcome
from portal.moderation.models import ModerationCase, ModerationDecision
from portal.moderation.months_models import ModerationMonth
from portal.moderation.months_rules import Counted, Line
from portal.moderation.months_words import words_of
from portal.moderation.recording import LANGUAGE
from portal.moderation.reports_models import ModerationReport
from portal.moderation.rules import Action
from portal.transparency import service as transparency
from portal.transparency.rules import Kept

KIND = "moderation-month"
GRACE = timedelta(hours=1)
"""So long after its end a month is closed: whatever was under way has arrived."""


def close_over(*, now: datetime) -> int:
    """Publish every month that is over, from the village's first decision on. A chore."""
    this_month = clock.today(now - GRACE).replace(day=1)
    begun = select(ModerationDecision.village_id, func.min(ModerationDecision.decided_at))
    ended = select(ModerationMonth.village_id, func.max(ModerationMonth.begins_on))
    rows = db.session.execute(ended.group_by(ModerationMonth.village_id))
    closed = {village_id: month for village_id, month in rows}
    count = 0
    begun = begun.group_by(ModerationDecision.village_id)
    for village_id, first in db.session.execute(begun).all():
        last = closed.get(village_id)
        month = clock.today(first).replace(day=1) if last is None else _next(last)
        with village_scope(village_id):
            while month < this_month:
                _close(month, now=now)
                count, month = count + 1, _next(month)
    return count


def gather(month: date, *, now: datetime) -> list[Line]:
    """Return the table of a month as it is now; the month need not be over."""
    begin, end = _span(month)
    keepers = [ports.ask(kind) for kind in ports.kinds()]
    within = (ModerationDecision.decided_at >= begin) & (ModerationDecision.decided_at < end)
    rows = db.session.execute(
        select(ModerationDecision.action, ModerationDecision.code, func.count())
        .where(within)
        .group_by(ModerationDecision.action, ModerationDecision.code)
    )
    decided = {(action, code): count for action, code, count in rows}
    reports: dict[str, list[int]] = {}
    for outcome, resident_id in db.session.execute(
        select(ModerationReport.outcome, ModerationReport.resident_id).where(
            ModerationReport.reported_at >= begin, ModerationReport.reported_at < end
        )
    ):
        reports.setdefault(outcome.value if outcome else "", []).append(resident_id)
    appeals = db.session.execute(
        select(
            ModerationAppeal.resident_id,
            ModerationAppeal.appealed_at,
            ModerationAppeal.answered_at,
            ModerationAppeal.outcome,
        ).where(
            ((ModerationAppeal.appealed_at >= begin) & (ModerationAppeal.appealed_at < end))
            | ((ModerationAppeal.answered_at >= begin) & (ModerationAppeal.answered_at < end))
        )
    ).all()
    answered = [a for a in appeals if a.answered_at is not None and begin <= a.answered_at < end]
    return months_rules.table(
        Counted(
            written=sum(
                k.count_since(begin) - (k.count_since(end) if end <= now else 0)
                for k in keepers
                if k
            ),
            written_and_hidden=_count_hidden(begin, end),
            hidden={code: n for (what, code), n in decided.items() if what is Action.HIDE and code},
            restored=decided.get((Action.RESTORE, None), 0),
            approved=decided.get((Action.APPROVE, None), 0),
            muted=decided.get((Action.MUTE, None), 0),
            lifted=decided.get((Action.LIFT, None), 0),
            appeals=[a.resident_id for a in appeals if begin <= a.appealed_at < end],
            granted=sum(a.outcome is Outcome.RESTORED for a in answered),
            confirmed=sum(a.outcome is Outcome.CONFIRMED for a in answered),
            took=[(a.resident_id, a.answered_at - a.appealed_at) for a in answered],
            reports=reports,
        )
    )


def _count_hidden(begin: datetime, end: datetime) -> int:
    """Count what was written in this span and hidden in it, each thing once: two per kind."""
    hidden: dict[str, dict[int, int]] = {}
    for kind, subject_id in db.session.execute(
        select(ModerationCase.subject_kind, ModerationCase.subject_id)
        .join(ModerationDecision, ModerationDecision.case_id == ModerationCase.id)
        .where(
            ModerationDecision.action == Action.HIDE,
            ModerationDecision.decided_at >= begin,
            ModerationDecision.decided_at < end,
            ModerationCase.subject_kind.in_(ports.kinds()),
        )
        .distinct()
    ):
        hidden.setdefault(kind, {})[subject_id] = 0
    return sum(
        begin <= waiting.subject.posted_at < end
        for kind, revisions in hidden.items()
        for waiting in service.list_these(kind, revisions)
    )


def list_months() -> list[ModerationMonth]:
    """Return the months that are closed, the newest first."""
    query = select(ModerationMonth).order_by(ModerationMonth.begins_on.desc())
    return list(db.session.scalars(query))


def get_month(month: str) -> ModerationMonth:
    """Return a closed month by its name, such as 2026-10, or raise NoResultFound."""
    try:
        begins_on = date.fromisoformat(f"{month}-01")
    except ValueError as wrong:
        raise NoResultFound(f"{month!r} is no month") from wrong
    query = select(ModerationMonth).where(ModerationMonth.begins_on == begins_on)
    return db.session.scalars(query).one()


def file_of(month: ModerationMonth) -> bytes:
    """Return the very file whose digest stands in the record."""
    return month.content.encode("utf-8-sig")


def lines_of(month: ModerationMonth) -> list[Line]:
    """Return the lines of the published file."""
    rows = list(csv.reader(io.StringIO(month.content)))[1:]
    return [(row[0], row[-1]) for row in rows if row]


class MonthKeeper:
    """Answers the public record's question (`transparency.ports.Keeper`) for these files."""

    def hash_files(self) -> Iterator[Kept]:
        """Hash every published file as it lies here now."""
        for month in db.session.scalars(select(ModerationMonth).order_by(ModerationMonth.id)):
            digest = hashlib.sha256(file_of(month)).hexdigest()
            yield Kept(month.record_number, digest, digest)


def _close(month: date, *, now: datetime) -> None:
    with force_locale(LANGUAGE):
        headers = (_("Key"), _("What"), _("Count or share"))
        rows = [(key, str(words_of(key)), figure) for key, figure in gather(month, now=now)]
        subject = _("Moderation in %(month)s: the table", month=f"{month:%Y-%m}")
    content = csv_bytes(headers, rows)
    digest = hashlib.sha256(content).hexdigest()
    number = transparency.append(
        kind=KIND, subject=subject, content_sha256=digest, file_sha256=digest, now=now
    ).number
    db.session.add(
        ModerationMonth(begins_on=month, content=content.decode("utf-8-sig"), record_number=number)
    )
    db.session.flush()


def _next(month: date) -> date:
    return (month + timedelta(days=31)).replace(day=1)


def _span(month: date) -> tuple[datetime, datetime]:
    """Return the moments between which a month lies in the village."""
    return clock.midnight_before(month), clock.midnight_before(_next(month))
