"""What figures are made of: every notice with what the law asked and what was done."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from portal.core.db import db
from portal.notices.models import Notice
from portal.notices.reading import channels_of, state_of
from portal.notices.rules import (
    ChannelKind,
    IsRestDay,
    NoticeState,
    NoticeType,
    Unit,
    days_counted,
    working_days_counted,
)


@dataclass(frozen=True, kw_only=True)
class ComplianceLine:
    """One notice: how long it had to run and did, its ways, its deadline.

    ``counted`` is in ``unit``; before a meeting it is the whole days between.
    """

    notice_id: int
    title: str
    type: NoticeType
    subject_kind: str
    subject_id: int
    round: int
    state: NoticeState
    planned_for: date
    started_on: date | None
    last_on: date | None
    ends_at: datetime | None
    least: int
    unit: Unit
    counted: int | None
    deadline_on: date | None
    ways: int
    ways_up: int
    boards: int
    boards_with_photo: int

    @property
    def is_long_enough(self) -> bool | None:
        """Tell whether it ran, or will have run, as long as it must; None before its opening."""
        return None if self.counted is None else self.counted >= self.least

    @property
    def is_in_time(self) -> bool | None:
        """Tell whether it was up by its deadline; None where there is none, or it is not open."""
        if self.deadline_on is None or self.started_on is None:
            return None
        return self.started_on <= self.deadline_on

    def is_late(self, *, today: date) -> bool:
        """Tell whether its deadline has passed and it was not up by then."""
        if self.deadline_on is None or self.state is NoticeState.WITHDRAWN:
            return False
        return (self.started_on or today) > self.deadline_on


def list_for_compliance(*, is_rest_day: IsRestDay, now: datetime) -> list[ComplianceLine]:
    """Return every notice of the village, the oldest first, in three statements."""
    notices = db.session.scalars(select(Notice).order_by(Notice.id)).all()
    channels = channels_of(*(notice.id for notice in notices))
    lines = []
    for notice in notices:
        ways = channels[notice.id]
        mandatory = [line for line in ways if line.channel.is_mandatory]
        boards = [line for line in mandatory if line.channel.kind is ChannelKind.BOARD]
        is_open = notice.opened_at is not None
        lines.append(
            ComplianceLine(
                notice_id=notice.id,
                title=notice.title,
                type=notice.type,
                subject_kind=notice.subject_kind,
                subject_id=notice.subject_id or notice.id,
                round=notice.round,
                state=state_of(notice, now=now),
                planned_for=notice.planned_for,
                started_on=notice.started_on,
                last_on=notice.last_on,
                ends_at=notice.ends_at,
                least=notice.min_length,
                unit=notice.unit,
                counted=_counted(notice, is_rest_day) if is_open else None,
                deadline_on=notice.deadline_on,
                ways=len(mandatory),
                ways_up=sum(line.channel.up_at is not None for line in mandatory),
                boards=len(boards),
                boards_with_photo=sum(bool(line.photo_ids) for line in boards),
            )
        )
    return lines


def _counted(notice: Notice, is_rest_day: IsRestDay) -> int | None:
    if notice.started_on is None or notice.last_on is None:
        return None
    if notice.unit is Unit.WORKING_DAYS:
        return working_days_counted(notice.started_on, notice.last_on, is_rest_day=is_rest_day)
    days = days_counted(notice.started_on, notice.last_on)
    return days - 1 if notice.unit is Unit.DAYS_BEFORE else days
