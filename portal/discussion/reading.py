"""What was said about plans, read: one opinion, lists of them, and how many there are."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Integer, Select, and_, bindparam, case, func, select

from portal.core.db import db
from portal.core.scope import here, prepared, require_village
from portal.discussion.answer_lists import Shown, shown_answers
from portal.discussion.answer_models import AnswerCase
from portal.discussion.answer_rules import ANSWERED, CHANGES_PLAN
from portal.discussion.group_models import OpinionGroupMember
from portal.discussion.grouping import Together, people_together
from portal.discussion.models import Comment, CommentSpot
from portal.discussion.rules import Order
from portal.media import service as media
from portal.people.models import AssistedSitting, Resident, VillagerGroup
from portal.plans.spots import Spot
from portal.privacy import names

KIND = "opinion"
"""What moderation and the files of an opinion call it."""
MOST_SPOTS = 300
"""So many opinions are marked on one map."""


@dataclass(frozen=True)
class Opinion:
    """A comment as others see it: its author by group and masked name, unless he shows it.

    `is_taken_back`: the author took the words along; number and count stay. `is_objected`: a
    helper entered it, and the person said that it was not their will.
    """

    comment: Comment
    author: str
    group: str
    is_taken_back: bool = False
    is_objected: bool = False
    files: tuple[media.Shown, ...] = ()
    answer: Shown | None = None
    together: Together | None = None


@dataclass(frozen=True)
class Tally:
    """How many opinions a plan version has, and how many of them are hidden now.

    Where it was asked: how many are answered, and how many of those answers changed the plan.
    """

    total: int = 0
    hidden: int = 0
    answered: int = 0
    changed: int = 0


def get_opinion(comment_id: int) -> Opinion:
    """Return one opinion, or raise NoResultFound, as also for one of another village."""
    [found] = _with_files([db.session.execute(_opinions().where(Comment.id == comment_id)).one()])
    return found


def find_opinion(comment_id: int) -> Opinion | None:
    """Return one opinion without its files, or None."""
    row = db.session.execute(_opinions().where(Comment.id == comment_id)).one_or_none()
    return row and _opinion(*row)


def list_opinions(
    version_id: int,
    *,
    limit: int | None,
    before: int | None = None,
    after: int | None = None,
    about: str | None = None,
    order: Order = Order.NEWEST,
) -> list[Opinion]:
    """Return opinions on a version, or on the part of it that `about` names ("": the whole).

    `before` and `after` are numbers: what comes beyond them in this order, page by page; without
    a limit it is all of them.
    """
    query = _opinions().where(Comment.version_id == version_id)
    if about is not None:
        query = query.where(Comment.about == about)
    if before is not None:
        query = query.where(Comment.number < before)
    if after is not None:
        query = query.where(Comment.number > after)
    by = Comment.number.desc() if order is Order.NEWEST else Comment.number
    return _read(query.order_by(by).limit(limit))


def list_spots(version_id: int, *, number: int | None = None) -> list[tuple[int, Spot]]:
    """Return the numbers of opinions on spots of the map with these; of those others may read."""
    query = (
        select(Comment.number, CommentSpot.longitude, CommentSpot.latitude)
        .join(CommentSpot, CommentSpot.comment_id == Comment.id)
        .where(Comment.version_id == version_id)
        .where(Comment.hidden_code.is_(None), Comment.held_for.is_(None))
        .order_by(Comment.number.desc())
        .limit(MOST_SPOTS)
    )
    if number is not None:
        query = query.where(Comment.number == number)
    return [(n, Spot(*degrees)) for n, *degrees in db.session.execute(query)]


def list_newest(*, limit: int) -> list[Opinion]:
    """Return the newest opinions of the village on any plan, newest first."""
    return _read(_opinions().order_by(Comment.number.desc()).limit(limit))


def list_these(comment_ids: Collection[int]) -> list[Opinion]:
    """Return these opinions of the village by number, in one statement."""
    return _read(_opinions().where(Comment.id.in_(comment_ids)).order_by(Comment.number))


def list_said(resident_id: int, *, since: datetime, limit: int) -> list[str]:
    """Return the words of a resident's opinions since then, newest first."""
    return list(db.session.scalars(_SAID, here(resident_id=resident_id, since=since, limit=limit)))


_SAID = prepared(
    select(Comment.body)
    .where(
        Comment.village_id + 0 == bindparam("village_id"),  # or SQLite reads all of the village
        Comment.resident_id == bindparam("resident_id"),
        Comment.done_at >= bindparam("since"),
    )
    .order_by(Comment.id.desc())
    .limit(bindparam("limit", type_=Integer, literal_execute=True))  # nor plan it anew each time
)


def has_been_read(resident_id: int) -> bool:
    """Tell whether everybody may read an opinion of this resident."""
    query = select(Comment.id).where(
        Comment.resident_id == resident_id,
        Comment.held_for.is_(None),
        Comment.hidden_code.is_(None),
    )
    return db.session.scalar(query.limit(1)) is not None


def list_of(resident_id: int, *, limit: int = 100) -> list[Opinion]:
    """Return what this resident said about plans, newest first."""
    query = _opinions().where(Comment.resident_id == resident_id)
    return _read(query.order_by(Comment.number.desc()).limit(limit))


def count_of(resident_id: int) -> int:
    """Return how many opinions this resident gave."""
    return (
        db.session.scalar(
            select(func.count()).select_from(Comment).where(Comment.resident_id == resident_id)
        )
        or 0
    )


def count_since(since: datetime) -> int:
    """Return how many opinions the village gave since then."""
    return (
        db.session.scalar(select(func.count()).select_from(Comment).where(Comment.done_at >= since))
        or 0
    )


_COUNTED = (func.count(), func.count(Comment.hidden_code))
_HERE = (Comment.village_id == bindparam("village"), Comment.version_id == bindparam("version"))
_TALLY = prepared(select(*_COUNTED).where(*_HERE))
_BY_ANCHOR = prepared(select(Comment.about, func.count()).where(*_HERE).group_by(Comment.about))
_IS_ANSWERED = AnswerCase.state.in_(ANSWERED)
_PARTS = prepared(
    select(
        Comment.about,
        *_COUNTED,
        func.count(case((_IS_ANSWERED, 1))),
        func.count(case((and_(_IS_ANSWERED, AnswerCase.decision.in_(CHANGES_PLAN)), 1))),
    )
    .outerjoin(
        AnswerCase,
        and_(
            AnswerCase.comment_id == Comment.id,
            AnswerCase.village_id == bindparam("village"),
        ),
    )
    .where(*_HERE)
    .group_by(Comment.about)
)


def tally(version_id: int) -> Tally:
    """Count the opinions on one version; a hidden one stays counted (trust.md T11)."""
    here = {"village": require_village(), "version": version_id}
    return Tally(*db.session.execute(_TALLY, here).one())


def tallies_of_parts(version_id: int) -> dict[str, Tally]:
    """Count the opinions on a version by what they are about ("" is the whole plan)."""
    here = {"village": require_village(), "version": version_id}
    return {about: Tally(*counts) for about, *counts in db.session.execute(_PARTS, here)}


def by_anchor(version_id: int) -> dict[str, int]:
    """Count the opinions on a version by what they are about, hidden ones too."""
    here = {"village": require_village(), "version": version_id}
    return {about: count for about, count in db.session.execute(_BY_ANCHOR, here)}


def tallies() -> dict[int, Tally]:
    """Count the opinions of the village by plan version."""
    rows = db.session.execute(select(Comment.version_id, *_COUNTED).group_by(Comment.version_id))
    return {version_id: Tally(total, hidden) for version_id, total, hidden in rows}


def _opinions() -> Select[Comment, str, bool, bool, str, datetime | None, int | None, int]:
    author = names.author(Comment.resident_id, Comment.show_name, Comment.done_at)
    return (
        select(
            Comment,
            *author,
            VillagerGroup.name,
            AssistedSitting.objected_at,
            OpinionGroupMember.group_id,
            people_together(),
        )
        .join(Resident, Resident.id == Comment.resident_id)
        .join(VillagerGroup, VillagerGroup.id == Comment.group_id)
        .outerjoin(AssistedSitting, AssistedSitting.id == Comment.sitting_id)
        .outerjoin(OpinionGroupMember, OpinionGroupMember.comment_id == Comment.id)
    )


def _read(
    query: Select[Comment, str, bool, bool, str, datetime | None, int | None, int],
) -> list[Opinion]:
    return _with_files(db.session.execute(query))


def _with_files(rows: Iterable[Any]) -> list[Opinion]:
    opinions = [_opinion(*row) for row in rows]
    ids = [opinion.comment.id for opinion in opinions]
    files, answers = media.shown(KIND, ids), shown_answers(ids)
    return [
        replace(
            opinion,
            files=tuple(files.get(opinion.comment.id, ())),
            answer=answers.get(opinion.comment.id),
        )
        for opinion in opinions
    ]


def _opinion(
    comment: Comment,
    name: str,
    is_whole: bool,
    is_taken_back: bool,
    group: str,
    objected_at: datetime | None,
    group_id: int | None,
    people: int,
) -> Opinion:
    return Opinion(
        comment,
        names.signed(name, is_whole),
        group,
        is_taken_back=is_taken_back,
        is_objected=objected_at is not None,
        together=None if group_id is None else Together(group_id, people),
    )
