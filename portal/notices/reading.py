"""Reading notices: one, those of a subject, lists. Constant numbers of statements."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, func, select

from portal.core.db import db
from portal.notices import rules
from portal.notices.models import Notice, NoticeChannel, NoticePhoto
from portal.notices.rules import ChannelFacts, NoticeState, NoticeType, Unit

GENERAL = "general"
"""The kind of subject of notices that are about themselves."""


@dataclass(frozen=True, kw_only=True)
class Opened:
    """A notice that was opened, as other features know it: nothing in it is open to doubt."""

    id: int
    type: NoticeType
    subject_id: int
    round: int
    opened_at: datetime
    opened_by: int | None
    started_on: date
    last_on: date
    ends_at: datetime
    min_length: int
    unit: Unit
    citation: str
    content_sha256: str
    record_number: int
    is_void: bool

    @property
    def days(self) -> int:
        """Return how many days it runs; the day it starts on is not counted."""
        return rules.days_counted(self.started_on, self.last_on)


@dataclass(frozen=True)
class ChannelLine:
    """A way of a notice, with the ids of its photos."""

    channel: NoticeChannel
    photo_ids: tuple[int, ...]

    @property
    def facts(self) -> ChannelFacts:
        """Return what the rules must know of it."""
        return ChannelFacts(
            kind=self.channel.kind,
            is_mandatory=self.channel.is_mandatory,
            up_at=self.channel.up_at,
            photo_count=len(self.photo_ids),
        )


def state_of(notice: Notice, *, now: datetime) -> NoticeState:
    """Return where a notice stands, as the clock has it."""
    return rules.state_at(
        opened_at=notice.opened_at,
        ends_at=notice.ends_at,
        voided_at=notice.voided_at,
        withdrawn_at=notice.withdrawn_at,
        now=now,
    )


def get_notice(notice_id: int) -> Notice:
    """Return the notice, or raise NoResultFound, which the app shows as 404."""
    return db.session.get_one(Notice, notice_id)


def opened(notice: Notice | None) -> Opened | None:
    """Return an opened notice as other features know it; None for none, or one only planned."""
    if (
        notice is None
        or notice.opened_at is None
        or notice.started_on is None
        or notice.last_on is None
        or notice.ends_at is None
        or notice.subject_id is None
        or notice.content_sha256 is None
        or notice.record_number is None
    ):
        return None
    return Opened(
        id=notice.id,
        type=notice.type,
        subject_id=notice.subject_id,
        round=notice.round,
        opened_at=notice.opened_at,
        opened_by=notice.opened_by,
        started_on=notice.started_on,
        last_on=notice.last_on,
        ends_at=notice.ends_at,
        min_length=notice.min_length,
        unit=notice.unit,
        citation=notice.citation,
        content_sha256=notice.content_sha256,
        record_number=notice.record_number,
        is_void=notice.voided_at is not None,
    )


def in_force(kind: str, type_: NoticeType = NoticeType.PLAN_DRAFT) -> ColumnElement[bool]:
    """Return the condition on `Notice` rows of a kind that were opened and are not void."""
    return and_(
        Notice.subject_kind == kind,
        Notice.type == type_,
        Notice.opened_at.is_not(None),
        Notice.voided_at.is_(None),
    )


def find_opened(
    kind: str, subject_id: int, *, type_: NoticeType = NoticeType.PLAN_DRAFT
) -> Opened | None:
    """Return the latest notice of a subject that was opened and is not void."""
    query = select(Notice).where(in_force(kind, type_), Notice.subject_id == subject_id)
    return opened(db.session.scalar(query.order_by(Notice.round.desc()).limit(1)))


def find_void(
    kind: str, subject_id: int, *, type_: NoticeType = NoticeType.PLAN_DRAFT
) -> Notice | None:
    """Return the latest notice of a subject that was opened, if it is void."""
    query = select(Notice).where(
        Notice.subject_kind == kind,
        Notice.subject_id == subject_id,
        Notice.type == type_,
        Notice.opened_at.is_not(None),
    )
    latest = db.session.scalar(query.order_by(Notice.round.desc()).limit(1))
    return latest if latest is not None and latest.voided_at is not None else None


def find_latest(
    kind: str, subject_id: int, *, type_: NoticeType = NoticeType.PLAN_DRAFT
) -> Notice | None:
    """Return the latest round of a subject, planned, running, over, void or withdrawn."""
    query = select(Notice).where(
        Notice.subject_kind == kind, Notice.subject_id == subject_id, Notice.type == type_
    )
    return db.session.scalar(query.order_by(Notice.round.desc()).limit(1))


def find_round(kind: str, subject_id: int) -> Notice:
    """Return the latest round of a subject of any type, or raise NoResultFound."""
    query = select(Notice).where(Notice.subject_kind == kind, Notice.subject_id == subject_id)
    return db.session.scalars(query.order_by(Notice.round.desc()).limit(1)).one()


def list_rounds(notice: Notice) -> list[Notice]:
    """Return all rounds of the subject of a notice, the first first."""
    query = select(Notice).where(
        Notice.subject_kind == notice.subject_kind,
        Notice.subject_id == notice.subject_id,
        Notice.type == notice.type,
    )
    return list(db.session.scalars(query.order_by(Notice.round)))


def list_notices(*, is_public: bool, limit: int = 200) -> list[Notice]:
    """Return notices, the newest first: those that were opened, or also those only planned."""
    query = select(Notice)
    if is_public:
        query = query.where(Notice.opened_at.is_not(None))
    order = func.coalesce(Notice.opened_at, Notice.made_at).desc()
    return list(db.session.scalars(query.order_by(order, Notice.id.desc()).limit(limit)))


def list_running(*, now: datetime, is_general: bool = False) -> list[Notice]:
    """Return the notices that run, the first to end first; general ones alone, if wished."""
    query = select(Notice).where(Notice.voided_at.is_(None), Notice.ends_at > now)
    if is_general:
        query = query.where(Notice.subject_kind == GENERAL)
    return list(db.session.scalars(query.order_by(Notice.ends_at, Notice.id)))


def list_planned() -> list[Notice]:
    """Return the notices that are planned and not open, the first to open first."""
    query = select(Notice).where(Notice.opened_at.is_(None), Notice.withdrawn_at.is_(None))
    return list(db.session.scalars(query.order_by(Notice.planned_for, Notice.id)))


def usual_boards() -> list[str]:
    """Return the boards on which the latest notice hangs or hung: where the next one will."""
    latest = (
        select(func.max(NoticeChannel.notice_id))
        .where(NoticeChannel.kind == rules.ChannelKind.BOARD, NoticeChannel.place != "")
        .scalar_subquery()
    )
    boards = select(NoticeChannel.place).where(
        NoticeChannel.notice_id == latest, NoticeChannel.kind == rules.ChannelKind.BOARD
    )
    return list(db.session.scalars(boards.order_by(NoticeChannel.id)))


def channels_of(*notice_ids: int) -> dict[int, list[ChannelLine]]:
    """Return the ways of each notice in their order, in two statements."""
    rows = db.session.scalars(
        select(NoticeChannel)
        .where(NoticeChannel.notice_id.in_(notice_ids))
        .order_by(NoticeChannel.notice_id, NoticeChannel.id)
    ).all()
    photos = _photos([row.id for row in rows])
    found: dict[int, list[ChannelLine]] = {notice_id: [] for notice_id in notice_ids}
    for row in rows:
        found[row.notice_id].append(ChannelLine(row, photos.get(row.id, ())))
    return found


def _photos(channel_ids: Collection[int]) -> dict[int, tuple[int, ...]]:
    rows = db.session.execute(
        select(NoticePhoto.channel_id, NoticePhoto.id)
        .where(NoticePhoto.channel_id.in_(channel_ids))
        .order_by(NoticePhoto.id)
    )
    found: dict[int, tuple[int, ...]] = {}
    for channel_id, photo_id in rows:
        found[channel_id] = (*found.get(channel_id, ()), photo_id)
    return found


def boards_of(notice_id: int) -> list[NoticeChannel]:
    """Return the boards on which a notice hangs or hung."""
    query = select(NoticeChannel).where(
        NoticeChannel.notice_id == notice_id, NoticeChannel.kind == rules.ChannelKind.BOARD
    )
    return list(db.session.scalars(query.order_by(NoticeChannel.id)))


def where_it_hangs(notice_id: int) -> str:
    """Return the boards of a notice in one line: the place of each, and what was noted of it."""
    return _line_of(boards_of(notice_id))


def _line_of(boards: Sequence[NoticeChannel]) -> str:
    said = [":".join(part for part in (b.place, b.note) if part) for b in boards]
    return ";".join(line for line in said if line)


def get_channel(notice_id: int, channel_id: int) -> NoticeChannel:
    """Return a way of a notice, or raise NoResultFound."""
    return db.session.scalars(
        select(NoticeChannel).where(
            NoticeChannel.id == channel_id, NoticeChannel.notice_id == notice_id
        )
    ).one()


def get_photo(notice_id: int, photo_id: int) -> NoticePhoto:
    """Return a photo of a notice, or raise NoResultFound."""
    return db.session.scalars(
        select(NoticePhoto)
        .join(NoticeChannel, NoticeChannel.id == NoticePhoto.channel_id)
        .where(NoticePhoto.id == photo_id, NoticeChannel.notice_id == notice_id)
    ).one()
