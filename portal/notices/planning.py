"""Planning a notice: its day, its ways, and the proof that each way is up. Never commits."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select, update

from portal.core import clock
from portal.core.db import db, keep_once
from portal.core.errors import Refused
from portal.notices import days, pictures, rules, spans
from portal.notices.models import Notice, NoticeChannel, NoticePhoto
from portal.notices.reading import (
    GENERAL,
    channels_of,
    find_latest,
    get_channel,
    get_notice,
    state_of,
)
from portal.notices.rules import ChannelKind, IsRestDay, NoticeState, NoticeType, Refusal, Span

MAX_PHOTOS = 6


@dataclass(frozen=True)
class Way:
    """A channel as it is planned."""

    kind: ChannelKind
    place: str = ""
    is_mandatory: bool = True


ONLINE = Way(ChannelKind.ONLINE)
VILLAGE_BOARD = Way(ChannelKind.BOARD)


def plan_notice(
    kind: NoticeType,
    *,
    subject_kind: str = GENERAL,
    subject_id: int | None = None,
    title: str,
    body: str = "",
    what_to_do: str = "",
    planned_for: date,
    event_on: date | None = None,
    ways: Sequence[Way] = (ONLINE, VILLAGE_BOARD),
    length: int | None = None,
    shorter_reason: str = "",
    made_by: int | None,
    is_rest_day: IsRestDay,
    now: datetime,
) -> Notice:
    """Plan the next round of a notice; a general one without a subject begins its own. Refused.

    ``length`` may be longer than the span of its type; shorter only where its rule lets it, with
    a published reason. A board is always among the mandatory ways, and so is the portal (T5).
    """
    span = days.span_of(kind)
    _check_plan(kind, span, planned_for=planned_for, event_on=event_on, title=title, now=now)
    least = span.length
    length = least if length is None else length
    if refusal := spans.why_not_shorter(kind, length=length, least=least, reason=shorter_reason):
        raise Refused(refusal, floor=least)
    ways = _with_online(ways)
    _check_ways(ways)
    before = None
    if subject_id is not None:
        before = find_latest(subject_kind, subject_id, type_=kind)
        if before and state_of(before, now=now) in (NoticeState.PLANNED, NoticeState.RUNNING):
            raise Refused(Refusal.ALREADY_PLANNED)
    notice = Notice(
        type=kind,
        subject_kind=subject_kind,
        subject_id=subject_id,
        round=before.round + 1 if before else 1,
        title=title.strip(),
        body=body.strip(),
        what_to_do=what_to_do.strip(),
        planned_for=planned_for,
        event_on=event_on,
        deadline_on=rules.deadline_of(span, event_on=event_on, is_rest_day=is_rest_day),
        min_length=length,
        unit=span.unit,
        citation=span.citation,
        shorter_reason=shorter_reason.strip() if length < least else "",
        made_at=now,
        made_by=made_by,
    )
    keep_once(notice, twice=Refusal.ALREADY_PLANNED)
    if subject_id is None:
        notice.subject_id = notice.id
    for way in ways:
        db.session.add(
            NoticeChannel(
                notice_id=notice.id, kind=way.kind, place=way.place, is_mandatory=way.is_mandatory
            )
        )
    db.session.flush()
    return notice


def _check_plan(
    kind: NoticeType,
    span: Span,
    *,
    planned_for: date,
    event_on: date | None,
    title: str,
    now: datetime,
) -> None:
    if not title.strip():
        raise Refused(Refusal.EMPTY)
    if planned_for < clock.today(now):
        raise Refused(Refusal.PLANNED_IN_PAST)
    if kind in spans.EVENTFUL and event_on is None:
        raise Refused(Refusal.NO_EVENT)


def _with_online(ways: Sequence[Way]) -> list[Way]:
    rest = [way for way in ways if way.kind is not ChannelKind.ONLINE]
    return [ONLINE, *rest]


def _check_ways(ways: Sequence[Way]) -> None:
    if not any(way.kind is ChannelKind.BOARD and way.is_mandatory for way in ways):
        raise Refused(Refusal.NO_BOARD)
    if len({(way.kind, way.place) for way in ways}) < len(ways):
        raise Refused(Refusal.BOARD_TWICE)


def move_notice(notice_id: int, *, planned_for: date, now: datetime) -> Notice:
    """Plan another day for a notice that is not open yet. Raises Refused."""
    notice = lock(notice_id)
    if state_of(notice, now=now) is not NoticeState.PLANNED:
        raise Refused(Refusal.NOT_PLANNED)
    if planned_for < clock.today(now):
        raise Refused(Refusal.PLANNED_IN_PAST)
    notice.planned_for = planned_for
    db.session.flush()
    return notice


def lock(notice_id: int) -> Notice:
    """Return the notice for a change: whoever else changes it waits."""
    return db.session.execute(
        select(Notice)
        .where(Notice.id == notice_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).scalar_one()


def confirm_channel(
    notice_id: int,
    channel_id: int,
    *,
    up_at: datetime,
    note: str = "",
    photos: Sequence[bytes] = (),
    confirmed_by: int | None,
    now: datetime,
) -> NoticeChannel:
    """Say since when a way is up, a board with its photo. Of two at once, one. Raises Refused."""
    notice = get_notice(notice_id)
    channel = get_channel(notice_id, channel_id)
    kept = [pictures.read(photo) for photo in photos]
    refusal = rules.why_not_confirm(
        state=state_of(notice, now=now),
        kind=channel.kind,
        is_up=channel.up_at is not None,
        up_at=up_at,
        photo_count=len(kept),
        now=now,
    )
    if refusal:
        raise Refused(refusal)
    if len(kept) > MAX_PHOTOS:
        raise Refused(Refusal.TOO_MANY_PHOTOS)
    first = db.session.execute(
        update(NoticeChannel)
        .where(NoticeChannel.id == channel_id, NoticeChannel.up_at.is_(None))
        .values(up_at=up_at, note=note.strip(), confirmed_at=now, confirmed_by=confirmed_by)
        .returning(NoticeChannel.id)
    ).all()
    if not first:  # somebody else was quicker
        raise Refused(Refusal.ALREADY_UP)
    for picture in {picture.sha256: picture for picture in kept}.values():
        _keep(channel_id, picture, kept_by=confirmed_by, now=now)
    db.session.flush()
    db.session.refresh(channel)
    return channel


def add_photo(
    notice_id: int, channel_id: int, data: bytes, *, kept_by: int | None, now: datetime
) -> NoticePhoto:
    """Add a photo to a way that is up: later proof that it still hangs. Raises Refused."""
    notice = lock(notice_id)
    if state_of(notice, now=now) not in (NoticeState.PLANNED, NoticeState.RUNNING):
        raise Refused(Refusal.NOT_PLANNED)
    channel = get_channel(notice_id, channel_id)
    count = select(func.count()).where(NoticePhoto.channel_id == channel.id)
    if (db.session.scalar(count) or 0) >= MAX_PHOTOS:
        raise Refused(Refusal.TOO_MANY_PHOTOS)
    return _keep(channel.id, pictures.read(data), kept_by=kept_by, now=now)


def _keep(
    channel_id: int, picture: pictures.Picture, *, kept_by: int | None, now: datetime
) -> NoticePhoto:
    photo = NoticePhoto(
        channel_id=channel_id,
        sha256=picture.sha256,
        width=picture.width,
        height=picture.height,
        data=picture.data,
        kept_at=now,
        kept_by=kept_by,
    )
    return keep_once(photo, twice=Refusal.PHOTO_TWICE)


def missing_ways(notice_id: int) -> list[NoticeChannel]:
    """Return the mandatory ways of a notice that are not up yet."""
    return [
        line.channel
        for line in channels_of(notice_id)[notice_id]
        if line.channel.is_mandatory and not line.facts.is_up
    ]
