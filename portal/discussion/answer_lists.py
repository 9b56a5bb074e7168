"""What the answering desk lists, what each opinion's readers see of its answers. Reads only."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, ScalarSelect, and_, case, func, not_, or_, select

from portal.core import clock
from portal.core.db import db
from portal.discussion import answer_rules as rules
from portal.discussion.answer_models import (
    AnswerAlarm,
    AnswerCase,
    AnswerDoubt,
    AnswerMove,
    AnswerReply,
)
from portal.discussion.answer_rules import ANSWERED, WARN_DAYS, Alarm, AnswerState
from portal.discussion.answer_steps import last_day
from portal.discussion.models import Comment
from portal.moderation import writing


class Show(StrEnum):
    """Which opinions the desk lists."""

    OPEN = "open"
    OVERDUE = "overdue"
    MINE = "mine"
    DRAFTED = "drafted"
    ANSWERED = "answered"
    ALL = "all"


@dataclass(frozen=True)
class Line:
    """An opinion on the desk: where its answer stands, until when, and whose it is.

    `due_on` is the owner's day; once the law's day is past (`is_late`) it is that one. `told_on`:
    on that day the township was told that it is overdue.
    """

    comment_id: int
    number: int
    state: AnswerState
    due_on: date
    owner_id: int | None
    revision: int
    is_late: bool
    told_on: date | None


@dataclass(frozen=True)
class Alarming:
    """An answer that the clock is to speak up about; `number` is that of the answer owed."""

    village_id: int
    version_id: int
    comment_id: int
    owner_id: int | None
    number: int


@dataclass(frozen=True)
class Shown:
    """What readers of an opinion see of its answers: the last one, and an earlier one if any."""

    reply: AnswerReply
    earlier: AnswerReply | None
    is_open_again: bool


def list_lines(
    version_id: int,
    show: Show,
    *,
    account_id: int,
    now: datetime,
    limit: int,
    after: int = 0,
) -> list[Line]:
    """Return the opinions on a version for the desk, the oldest first."""
    today = clock.today(now)
    told_at = (
        select(func.max(AnswerAlarm.told_at))
        .where(_alarms(Alarm.OVERDUE))
        .correlate(Comment)
        .scalar_subquery()
    )
    query = (
        select(Comment, AnswerCase, told_at, _doubted_at())
        .outerjoin(AnswerCase, AnswerCase.comment_id == Comment.id)
        .where(Comment.version_id == version_id, Comment.number > after)
        .where(_criterion(show, account_id=account_id, today=today))
        .order_by(Comment.number)
        .limit(limit)
    )
    return [_line(*row, today) for row in db.session.execute(query)]


def _line(
    comment: Comment,
    found: AnswerCase | None,
    told_at: datetime | None,
    doubted_at: datetime | None,
    today: date,
) -> Line:
    state = found.state if found else AnswerState.WAITING
    last = last_day(comment.done_at, doubted_at)
    is_late = state not in ANSWERED and last < today
    return Line(
        comment_id=comment.id,
        number=comment.number,
        state=state,
        due_on=found.due_on if found and not is_late else last,
        owner_id=found.owner_id if found else None,
        revision=found.revision if found else 0,
        is_late=is_late,
        told_on=clock.today(told_at) if told_at else None,
    )


def list_alarming(alarm: Alarm, *, today: date) -> list[Alarming]:
    """Return the answers in every village that this alarm was not given for yet."""
    is_due = _late(today)
    if alarm is Alarm.SOON:
        is_due = and_(_due(today + timedelta(days=WARN_DAYS)), not_(_late(today)))
    query = (
        select(
            Comment.village_id,
            Comment.version_id,
            Comment.id,
            AnswerCase.owner_id,
            _number(),
        )
        .outerjoin(AnswerCase, AnswerCase.comment_id == Comment.id)
        .where(_open(), is_due, ~select(AnswerAlarm.id).where(_alarms(alarm)).exists())
        .order_by(Comment.id)
    )
    return [Alarming(*row) for row in db.session.execute(query)]


def count_lines(version_id: int, *, account_id: int, now: datetime) -> dict[Show, int]:
    """Return how many opinions each list of the desk has, in one statement."""
    today = clock.today(now)
    counts = [
        func.count(case((_criterion(show, account_id=account_id, today=today), 1))) for show in Show
    ]
    row = db.session.execute(
        select(*counts)
        .select_from(Comment)
        .outerjoin(AnswerCase, AnswerCase.comment_id == Comment.id)
        .where(Comment.version_id == version_id)
    ).one()
    return dict(zip(Show, row, strict=True))


def count_open(*, now: datetime) -> tuple[int, int]:
    """Return how many opinions wait for an answer, and how many of them for too long."""
    late = and_(_open(), _late(clock.today(now)))
    waiting, for_long = db.session.execute(
        select(func.count(case((_open(), 1))), func.count(case((late, 1))))
        .select_from(Comment)
        .outerjoin(AnswerCase, AnswerCase.comment_id == Comment.id)
    ).one()
    return waiting, for_long


def count_unanswered(version_id: int | None = None) -> int:
    """Return how many opinions on a version, or on any, have no answer yet that was sent."""
    query = (
        select(func.count())
        .select_from(Comment)
        .outerjoin(AnswerCase, AnswerCase.comment_id == Comment.id)
        .where(_open())
    )
    if version_id is not None:
        query = query.where(Comment.version_id == version_id)
    return db.session.scalar(query) or 0


def count_by_version(*, now: datetime) -> dict[int, tuple[int, int, int]]:
    """Return of each version how many opinions came, how many wait, and how many for too long."""
    late = and_(_open(), _late(clock.today(now)))
    rows = db.session.execute(
        select(
            Comment.version_id,
            func.count(),
            func.count(case((_open(), 1))),
            func.count(case((late, 1))),
        )
        .select_from(Comment)
        .outerjoin(AnswerCase, AnswerCase.comment_id == Comment.id)
        .group_by(Comment.version_id)
    )
    return {version_id: (total, waiting, for_long) for version_id, total, waiting, for_long in rows}


def shown_answers(comment_ids: Collection[int]) -> dict[int, Shown]:
    """Return what readers see of the answers to these opinions, in one statement."""
    query = (
        select(AnswerReply, AnswerDoubt.id)
        .outerjoin(AnswerDoubt, AnswerDoubt.comment_id == AnswerReply.comment_id)
        .where(AnswerReply.comment_id.in_(comment_ids))
        .order_by(AnswerReply.number)
    )
    found: dict[int, Shown] = {}
    for reply, doubt_id in db.session.execute(query) if comment_ids else ():
        before = found.get(reply.comment_id)
        found[reply.comment_id] = Shown(
            reply=reply,
            earlier=before.reply if before else None,
            is_open_again=doubt_id is not None and reply.number == 1,
        )
    return found


def list_moves(case_id: int) -> Sequence[AnswerMove]:
    """Return every step about an answer, the first first."""
    query = select(AnswerMove).where(AnswerMove.case_id == case_id)
    return db.session.scalars(query.order_by(AnswerMove.number)).all()


def _owed() -> ColumnElement[bool]:
    """Return the criterion of opinions whose words are there to be answered, or will be."""
    return and_(Comment.hidden_code.is_(None), Comment.body != writing.TAKEN_BACK)


def _open() -> ColumnElement[bool]:
    undecided = or_(AnswerCase.id.is_(None), AnswerCase.state.not_in(ANSWERED))
    return and_(_owed(), undecided)


def _late(today: date) -> ColumnElement[bool]:
    """Return the criterion of opinions whose last day by the law is past (`last_day`)."""
    midnight = clock.midnight_before(today - timedelta(days=rules.DAYS))
    return func.coalesce(_doubted_at(), Comment.done_at) < midnight


def _due(day: date) -> ColumnElement[bool]:
    """Return the criterion of opinions that whoever sees to them answers until this day."""
    untouched = and_(AnswerCase.id.is_(None), _late(day + timedelta(days=1)))
    return or_(untouched, AnswerCase.due_on <= day)


def _doubted_at() -> ScalarSelect[datetime]:
    """Return when the author of an opinion asked for another look."""
    return (
        select(AnswerDoubt.doubted_at)
        .where(AnswerDoubt.comment_id == Comment.id)
        .correlate(Comment)
        .scalar_subquery()
    )


def _number() -> ColumnElement[int]:
    """Return the number of the answer that is owed: after a second look asked for, the second."""
    doubted = select(AnswerDoubt.id).where(AnswerDoubt.comment_id == Comment.id).exists()
    return case((doubted, 2), else_=1)


def _alarms(alarm: Alarm) -> ColumnElement[bool]:
    return and_(
        AnswerAlarm.comment_id == Comment.id,
        AnswerAlarm.alarm == alarm,
        AnswerAlarm.number == _number(),
    )


def _criterion(show: Show, *, account_id: int, today: date) -> ColumnElement[bool]:
    criteria: Mapping[Show, ColumnElement[bool]] = {
        Show.OPEN: _open(),
        Show.OVERDUE: and_(_open(), _late(today)),
        Show.MINE: and_(_open(), AnswerCase.owner_id == account_id),
        Show.DRAFTED: and_(_owed(), AnswerCase.state == AnswerState.DRAFTED),
        Show.ANSWERED: AnswerCase.state.in_(ANSWERED),
        Show.ALL: Comment.id.is_not(None),
    }
    return criteria[show]
