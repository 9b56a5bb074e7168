"""Opening a notice, declaring one void, beginning the next round. Never commits."""

from collections.abc import Iterator
from datetime import date, datetime

from sqlalchemy import select, update

from portal.core import clock
from portal.core.db import db
from portal.core.errors import Refused
from portal.core.outbox import publish
from portal.notices import general, ports, rules
from portal.notices.events import NoticeVoided
from portal.notices.models import Notice, NoticeChannel
from portal.notices.planning import Way, lock, plan_notice
from portal.notices.reading import GENERAL, channels_of, get_notice, state_of
from portal.notices.rules import ChannelKind, IsRestDay, NoticeState, Refusal, Span, Unit
from portal.notices.spans import MEETINGS
from portal.transparency.rules import Kept


def span_of(notice: Notice) -> Span:
    """Return the length of a notice as it was planned."""
    return Span(length=notice.min_length, unit=notice.unit, citation=notice.citation)


def preview_end(notice: Notice, *, is_rest_day: IsRestDay, now: datetime) -> tuple[date, date]:
    """Return the day a notice opened now would start on, and its last day (T1–T3, T5, T7).

    Online it is from its opening on, so it never starts before; nor before its planned day.
    """
    start = max(clock.today(now), notice.planned_for)
    end = rules.end_of(start, span_of(notice), event_on=notice.event_on, is_rest_day=is_rest_day)
    return start, end


def why_not_open(notice: Notice, *, now: datetime) -> Refusal | None:
    """Say why a notice cannot open now; its subject may still have a word."""
    return rules.why_not_open(
        state=state_of(notice, now=now),
        planned_for=notice.planned_for,
        deadline_on=notice.deadline_on,
        is_deadline_strict=notice.type in MEETINGS,
        channels=[line.facts for line in channels_of(notice.id)[notice.id]],
        today=clock.today(now),
    )


def open_notice(
    notice_id: int,
    *,
    typed_last_on: date | None = None,
    opened_by: int | None,
    is_rest_day: IsRestDay,
    now: datetime,
) -> Notice:
    """Open a notice whose mandatory ways are up: freeze its subject, compute its end. Refused.

    A typed end may be later than the computed one, never earlier (T4).
    """
    notice = get_notice(notice_id)
    if refusal := why_not_open(notice, now=now):
        raise Refused(refusal, deadline=notice.deadline_on)
    start, last = preview_end(notice, is_rest_day=is_rest_day, now=now)
    if typed_last_on is not None and notice.unit is not Unit.DAYS_BEFORE:
        if why := rules.why_not_typed_end(typed_last_on, computed=last):
            raise Refused(why, start=start, last=last)
        last = typed_last_on
    subject_id = notice.subject_id or notice.id
    subject = ports.subject(notice.subject_kind)
    frozen = subject.freeze(subject_id, by=opened_by, now=now)
    first = db.session.execute(
        update(Notice)
        .where(Notice.id == notice_id, Notice.opened_at.is_(None), Notice.withdrawn_at.is_(None))
        .values(
            opened_at=now,
            opened_by=opened_by,
            started_on=start,
            last_on=last,
            ends_at=clock.midnight_after(last),
            content_sha256=frozen.content_sha256,
            record_number=frozen.record_number,
            checked_at=now,
        )
        .returning(Notice.id)
    ).all()
    if not first:  # two who opened at once: the row is the last judge
        raise Refused(Refusal.ALREADY_RUNNING)
    db.session.execute(
        update(NoticeChannel)
        .where(NoticeChannel.notice_id == notice_id, NoticeChannel.kind == ChannelKind.ONLINE)
        .values(up_at=now, confirmed_at=now)
    )
    db.session.flush()
    db.session.refresh(notice)
    subject.opened(subject_id, now=now)
    return notice


def void(notice_id: int, reason: str, *, voided_by: int | None, now: datetime) -> Notice:
    """Declare a running notice void: it counts for nothing, and everybody reads why. Refused."""
    notice = lock(notice_id)
    if refusal := rules.why_not_void(state=state_of(notice, now=now), reason=reason):
        raise Refused(refusal)
    notice.voided_at, notice.voided_by, notice.void_reason = now, voided_by, reason.strip()
    db.session.flush()
    subject = ports.subject(notice.subject_kind)
    subject.voided(notice.subject_id or notice.id, reason=reason.strip(), by=voided_by, now=now)
    publish(NoticeVoided(notice_id=notice_id), now=now)
    return notice


def restart(
    notice_id: int,
    *,
    planned_for: date,
    title: str | None = None,
    body: str | None = None,
    what_to_do: str | None = None,
    event_on: date | None = None,
    made_by: int | None,
    is_rest_day: IsRestDay,
    now: datetime,
) -> Notice:
    """Plan the next round of a notice that is void or was withdrawn, by the same ways.

    Each is to be proved anew (T6).
    """
    before = get_notice(notice_id)
    if state_of(before, now=now) not in (NoticeState.VOID, NoticeState.WITHDRAWN):
        raise Refused(Refusal.NOT_RUNNING)
    ways = [
        Way(line.channel.kind, line.channel.place, line.channel.is_mandatory)
        for line in channels_of(notice_id)[notice_id]
    ]
    return plan_notice(
        before.type,
        subject_kind=before.subject_kind,
        subject_id=before.subject_id,
        title=before.title if title is None else title,
        body=before.body if body is None else body,
        what_to_do=before.what_to_do if what_to_do is None else what_to_do,
        planned_for=planned_for,
        event_on=event_on or before.event_on,
        ways=ways,
        length=before.min_length,
        shorter_reason=before.shorter_reason,
        made_by=made_by,
        is_rest_day=is_rest_day,
        now=now,
    )


def is_unchanged(notice: Notice) -> bool:
    """Tell whether what an open notice announces still is what it was at its start (T6)."""
    digest = ports.subject(notice.subject_kind).digest(notice.subject_id or notice.id)
    return digest == notice.content_sha256


class NoticeKeeper:
    """Answers the public record's question (`transparency.ports.Keeper`) for general notices."""

    def hash_files(self) -> Iterator[Kept]:
        """Hash every general notice that was opened, as it lies here now."""
        query = select(Notice).where(
            Notice.subject_kind == GENERAL, Notice.record_number.is_not(None)
        )
        for notice in db.session.scalars(query.order_by(Notice.id)).all():
            digest = general.sha256_of(notice)
            yield Kept(notice.record_number or 0, digest, digest)
