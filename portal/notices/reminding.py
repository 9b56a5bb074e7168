"""Chores of notices: reminders, each once, and the watch over what is announced. Never commits."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlalchemy import or_, select
from sqlalchemy.exc import IntegrityError

from portal.core import clock
from portal.core.db import db
from portal.core.outbox import publish
from portal.core.scope import village_scope
from portal.notices import opening
from portal.notices.events import ReminderDue
from portal.notices.models import Notice, NoticeReminder
from portal.notices.reading import state_of
from portal.notices.timetable import LATE, Dates, Reminder, due

CHECK_EVERY = timedelta(hours=6)
AT_ONCE = 20
CHANGED = "公示的内容与公示开始时不一致(指纹不同),按规则自动作废,须重新公示。"
"""The reason everybody reads when the portal itself declares a notice void (T6)."""


def remind(*, now: datetime) -> int:
    """Give every reminder that is due, each once; return how many were given."""
    live = select(Notice).where(
        Notice.voided_at.is_(None),
        Notice.withdrawn_at.is_(None),
        or_(Notice.ends_at.is_(None), Notice.ends_at > now - LATE),
    )
    given = 0
    for notice in db.session.scalars(live.order_by(Notice.id)).all():
        marks = due(dates_of(notice, now=now), today=clock.today(now), now=now)
        if marks:
            with village_scope(notice.village_id):
                given += sum(give(notice.id, mark, now=now) for mark in marks)
    return given


def dates_of(notice: Notice, *, now: datetime) -> Dates:
    """Return what the timetable must know of a notice."""
    return Dates(
        state=state_of(notice, now=now),
        planned_for=notice.planned_for,
        deadline_on=notice.deadline_on,
        started_on=notice.started_on,
        last_on=notice.last_on,
        ends_at=notice.ends_at,
    )


def give(notice_id: int, what: Reminder, *, now: datetime) -> bool:
    """Give a reminder unless it was given: the key is the last judge. Tell whether it was now."""
    given = select(NoticeReminder.id).where(
        NoticeReminder.notice_id == notice_id, NoticeReminder.what == what
    )
    if db.session.scalar(given) is not None:
        return False
    try:
        with db.session.begin_nested():
            db.session.add(NoticeReminder(notice_id=notice_id, what=what, given_at=now))
            db.session.flush()
    except IntegrityError:
        return False
    publish(ReminderDue(notice_id=notice_id, what=what), now=now)
    return True


def void_changed(*, now: datetime) -> int:
    """Declare void what no longer is what it was at its start (T6); look at a few at a time."""
    found = 0
    for notice in _unchecked(now):
        with village_scope(notice.village_id):
            notice.checked_at = now
            db.session.flush()
            if not opening.is_unchanged(notice):
                opening.void(notice.id, CHANGED, voided_by=None, now=now)
                found += 1
    return found


def _unchecked(now: datetime) -> Iterator[Notice]:
    running = select(Notice).where(
        Notice.voided_at.is_(None), Notice.ends_at > now, Notice.checked_at < now - CHECK_EVERY
    )
    yield from db.session.scalars(running.order_by(Notice.checked_at).limit(AT_ONCE)).all()
