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
    key: str | None = None,
    now: datetime,
) -> Notice:
    """Plan the next round of a notice; a general one without a subject begins its own. Refused.

    The same key sent again brings back the notice that was planned with it.

    ``length`` may be longer than the span of its type; shorter only where its rule lets it, with
    a published reason. A board is always among the mandatory ways, and so is the portal (T5).
    """
    if (same := _of_key(key)) is not None:
        return same
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
        client_key=key,
    )
    try:
        keep_once(notice, twice=Refusal.ALREADY_PLANNED)
    except Refused:
        if (same := _of_key(key)) is not None:  # sent twice at once: the key is the last judge
            return same
        raise
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


def _of_key(key: str | None) -> Notice | None:
    return db.session.scalar(select(Notice).where(Notice.client_key == key)) if key else None


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
    if refusal := rules.why_not_day(planned_for, today=clock.today(now)):
        raise Refused(refusal)
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


def move_notice(
    notice_id: int, *, planned_for: date, boards: Sequence[str] = (), now: datetime
) -> Notice:
    """Plan another day for a notice that is not open yet, and other boards. Raises Refused.

    A board that is up stays, with its proof, whether it is named again or not.
    """
    notice = lock(notice_id)
    if state_of(notice, now=now) is not NoticeState.PLANNED:
        raise Refused(Refusal.NOT_PLANNED)
    if refusal := rules.why_not_day(planned_for, today=clock.today(now)):
        raise Refused(refusal)
    notice.planned_for = planned_for
    if boards:
        _hang_on(notice_id, boards)
    db.session.flush()
    return notice


def _hang_on(notice_id: int, places: Sequence[str]) -> None:
    """Plan these boards for a notice in place of those that are not up."""
    _check_ways([Way(ChannelKind.BOARD, place) for place in places])
    there = set()
    for line in channels_of(notice_id)[notice_id]:
        channel = line.channel
        if channel.kind is not ChannelKind.BOARD:
            continue
        if channel.up_at is None and channel.place not in places:
            db.session.delete(channel)
        else:
            there.add(channel.place)
    for place in places:
        if place not in there:
            db.session.add(
                NoticeChannel(
                    notice_id=notice_id, kind=ChannelKind.BOARD, place=place, is_mandatory=True
                )
            )


def withdraw(notice_id: int, *, withdrawn_by: int | None, now: datetime) -> Notice:
    """Take back a notice that is planned and not open: nobody was told of it. Raises Refused."""
    notice = lock(notice_id)
    if state_of(notice, now=now) is not NoticeState.PLANNED:
        raise Refused(Refusal.NOT_PLANNED)
    notice.withdrawn_at, notice.withdrawn_by = now, withdrawn_by
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
        made_at=notice.made_at,
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
