"""The work on the answer to an opinion, and how a step about it is counted. Never commits."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError, NoResultFound

from portal.core import clock
from portal.core.access import Part
from portal.core.db import db
from portal.core.errors import Refused
from portal.discussion import answer_rules as rules
from portal.discussion.answer_models import AnswerCase, AnswerDoubt, AnswerMove
from portal.discussion.answer_rules import AnswerState, AnswerStep, Refusal
from portal.discussion.models import Comment
from portal.moderation import writing


@dataclass(frozen=True, kw_only=True)
class Actor:
    """Who takes a step, and as what."""

    account_id: int
    resident_id: int | None
    part: Part


@dataclass
class Work:
    """An opinion with the work on its answer; `case` is None while nobody touched it."""

    comment: Comment
    case: AnswerCase | None

    @property
    def state(self) -> AnswerState:
        """Return where the answer stands."""
        return self.case.state if self.case else AnswerState.WAITING

    @property
    def revision(self) -> int:
        """Return how many steps were taken."""
        return self.case.revision if self.case else 0

    @property
    def due_on(self) -> date:
        """Return until when whoever sees to it answers."""
        return self.case.due_on if self.case else last_day(self.comment.done_at)

    @property
    def draft(self) -> tuple[int | None, str]:
        """Return what is alike in opinions whose drafts are one: joined, and advised the same."""
        return (self.case.together, self.case.expert) if self.case else (None, "")

    @property
    def is_owed(self) -> bool:
        """Tell whether an answer is owed: the words are there for everybody to read."""
        return self.comment.is_shown and self.comment.body != writing.TAKEN_BACK


def last_day(said_at: datetime, doubted_at: datetime | None = None) -> date:
    """Return the law's last day for an answer: counted anew once its author asked for another."""
    return rules.due_on(clock.today(doubted_at or said_at))


def get_work(comment_id: int) -> Work:
    """Return an opinion with the work on it. Raises NoResultFound."""
    return get_works([comment_id])[0]


def get_works(comment_ids: Collection[int]) -> list[Work]:
    """Return opinions with the work on them, by number. Raises NoResultFound for any missing."""
    query = (
        select(Comment, AnswerCase)
        .outerjoin(AnswerCase, AnswerCase.comment_id == Comment.id)
        .where(Comment.id.in_(comment_ids))
        .order_by(Comment.number)
        .execution_options(populate_existing=True)
    )
    works = [Work(comment, case) for comment, case in db.session.execute(query)]
    if not works or len(works) != len(set(comment_ids)):
        raise NoResultFound
    return works


def list_together(work: Work) -> list[Work]:
    """Return the opinions of one joint draft that can be sent now, this one among them."""
    if work.case is None or work.case.together is None:
        return [work]
    ids = select(AnswerCase.comment_id).where(
        AnswerCase.together == work.case.together, AnswerCase.state == AnswerState.DRAFTED
    )
    works = get_works({work.comment.id, *db.session.scalars(ids)})
    return [
        one
        for one in works
        if (one.draft == work.draft and one.is_owed) or one.comment is work.comment
    ]


def find_doubt(comment_id: int) -> AnswerDoubt | None:
    """Return what the author said against the first answer, or None."""
    return db.session.scalar(select(AnswerDoubt).where(AnswerDoubt.comment_id == comment_id))


def step(
    work: Work,
    kind: AnswerStep,
    seen: int,
    actor: Actor,
    now: datetime,
    *,
    note: str = "",
    **facts: object,
) -> AnswerMove:
    """Count one more step and write it down; of two at once one gets through. Raises Refused."""
    if seen != work.revision:
        raise Refused(Refusal.STALE)
    if work.case is None:
        work.case = AnswerCase(
            comment_id=work.comment.id,
            version_id=work.comment.version_id,
            revision=1,
            **{"due_on": last_day(work.comment.done_at)} | facts,
        )
        add(work.case, Refusal.STALE)
    else:
        found = db.session.scalar(
            update(AnswerCase)
            .where(AnswerCase.id == work.case.id, AnswerCase.revision == seen)
            .values(revision=seen + 1, **facts)
            .returning(AnswerCase.id)
            .execution_options(synchronize_session=False)
        )
        if found is None:
            raise Refused(Refusal.STALE)
        db.session.refresh(work.case)
    said = {AnswerStep.DRAFT: work.case.reason, AnswerStep.ADVISE: work.case.expert}
    move = AnswerMove(
        case_id=work.case.id,
        number=seen + 1,
        step=kind,
        account_id=actor.account_id,
        part=actor.part,
        taken_at=now,
        decision=work.case.decision,
        reason=said.get(kind, ""),
        note=writing.clean(note)[: rules.LONGEST_NOTE],
    )
    add(move, Refusal.STALE)
    return move


def add(row: object, refusal: Refusal) -> None:
    """Add a row; where somebody else was first the key is the last judge. Raises Refused."""
    try:
        with db.session.begin_nested():
            db.session.add(row)
    except IntegrityError as twice:
        raise Refused(refusal) from twice
