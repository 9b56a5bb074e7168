"""Opinions that say the like: suggested by a measure, bundled by people, taken apart again."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ScalarSelect, delete, func, select

from portal.core.db import db, keep_once
from portal.core.errors import Refused
from portal.discussion.group_models import OpinionGroup, OpinionGroupMember
from portal.discussion.likeness import alike
from portal.discussion.models import Comment
from portal.discussion.rules import GroupRefusal
from portal.moderation.writing import TAKEN_BACK

MOST_COMPARED = 2000
"""So many of the newest opinions are compared at once."""


@dataclass(frozen=True)
class Bundle:
    """Opinions that say the like. `group_id`: the group that some of them are in already."""

    group_id: int | None
    comments: Sequence[Comment]
    new_ids: frozenset[int]


@dataclass(frozen=True)
class Together:
    """The group of an opinion, and how many people said the like."""

    group_id: int
    people: int


def group_of(comment_ids: Collection[int]) -> dict[int, int]:
    """Return the group of each of these opinions that is in one."""
    rows = db.session.execute(
        select(OpinionGroupMember.comment_id, OpinionGroupMember.group_id).where(
            OpinionGroupMember.comment_id.in_(comment_ids)
        )
    )
    return {comment_id: group_id for comment_id, group_id in rows}


def members(group_id: int) -> list[int]:
    """Return the opinions of a group, by their ids, the first said first."""
    return [comment.id for comment in list_members(group_id)]


def list_members(group_id: int) -> list[Comment]:
    """Return the opinions of a group, the first said first."""
    query = (
        select(Comment)
        .join(OpinionGroupMember, OpinionGroupMember.comment_id == Comment.id)
        .where(OpinionGroupMember.group_id == group_id)
        .order_by(Comment.number)
    )
    return list(db.session.scalars(query))


def people_together() -> ScalarSelect[int]:
    """Return how many people said the like, as a column; the query has `OpinionGroupMember`."""
    own, others = OpinionGroupMember, OpinionGroupMember.__table__.alias("others")
    return (
        select(func.count(Comment.resident_id.distinct()))
        .select_from(Comment)
        .join(others, others.c.comment_id == Comment.id)
        .where(others.c.group_id == own.group_id, others.c.village_id == own.village_id)
        .correlate(own)
        .scalar_subquery()
    )


def list_groups(version_id: int) -> list[Bundle]:
    """Return the groups of a version with their opinions, the largest first."""
    query = (
        select(OpinionGroupMember.group_id, Comment)
        .join(Comment, Comment.id == OpinionGroupMember.comment_id)
        .where(Comment.version_id == version_id)
        .order_by(Comment.number)
    )
    found: dict[int, list[Comment]] = {}
    for group_id, comment in db.session.execute(query):
        found.setdefault(group_id, []).append(comment)
    bundles = [Bundle(group_id, comments, frozenset()) for group_id, comments in found.items()]
    return sorted(bundles, key=lambda bundle: -len(bundle.comments))


def suggest(version_id: int) -> list[Bundle]:
    """Return opinions on a version that seem to say the like and are not together yet."""
    query = (
        select(Comment, OpinionGroupMember.group_id)
        .outerjoin(OpinionGroupMember, OpinionGroupMember.comment_id == Comment.id)
        .where(Comment.version_id == version_id, Comment.body != TAKEN_BACK)
        .where(Comment.hidden_code.is_(None), Comment.held_for.is_(None))
        .order_by(Comment.number.desc())
        .limit(MOST_COMPARED)
    )
    rows = [(comment, group_id) for comment, group_id in db.session.execute(query)]
    comments = {comment.id: comment for comment, _group in rows}
    groups = {comment.id: group_id for comment, group_id in rows}
    found = []
    for ids in alike({key: comment.body for key, comment in comments.items()}):
        in_groups = {groups[key] for key in ids} - {None}
        new = frozenset(key for key in ids if groups[key] is None)
        if len(in_groups) > 1 or (in_groups and not new):
            continue  # people parted these, or they are together
        found.append(Bundle(next(iter(in_groups), None), [comments[key] for key in ids], new))
    return found


def put_together(
    version_id: int, comment_ids: Collection[int], *, account_id: int, now: datetime
) -> int:
    """Bundle opinions on a version; those already bundled bring their groups along.

    Return the group. Raises Refused where there are fewer than two, or where one is of another
    version, or where somebody else bundled one of them at the same time.
    """
    wanted = set(comment_ids)
    known = set(
        db.session.scalars(
            select(Comment.id).where(Comment.version_id == version_id, Comment.id.in_(wanted))
        )
    )
    if len(known) < 2 or known != wanted:
        raise Refused(GroupRefusal.TOO_FEW)
    before = group_of(wanted)
    groups = sorted(set(before.values()))
    if groups:
        group_id = groups[0]
        for other in groups[1:]:
            for row in db.session.scalars(
                select(OpinionGroupMember).where(OpinionGroupMember.group_id == other)
            ):
                row.group_id = group_id
            db.session.flush()
            _drop(other)
    else:
        group = OpinionGroup(version_id=version_id, made_by=account_id, made_at=now)
        db.session.add(group)
        db.session.flush()
        group_id = group.id
    for comment_id in sorted(wanted - set(before)):
        keep_once(
            OpinionGroupMember(
                group_id=group_id, comment_id=comment_id, put_by=account_id, put_at=now
            ),
            twice=GroupRefusal.STALE,
        )
    return group_id


def find_by_number(version_id: int, numbers: Collection[int]) -> list[int]:
    """Return the opinions on a version that have these numbers."""
    query = select(Comment.id).where(Comment.version_id == version_id, Comment.number.in_(numbers))
    found = list(db.session.scalars(query))
    if len(found) != len(numbers):
        raise Refused(GroupRefusal.TOO_FEW)
    return found


def take_out(comment_id: int) -> None:
    """Take an opinion out of its group; a group of one is none any more.

    Raises Refused where it is in none any more.
    """
    group_id = group_of([comment_id]).get(comment_id)
    if group_id is None:
        raise Refused(GroupRefusal.STALE)
    db.session.execute(
        delete(OpinionGroupMember).where(OpinionGroupMember.comment_id == comment_id)
    )
    left = members(group_id)
    if len(left) < 2:
        db.session.execute(
            delete(OpinionGroupMember).where(OpinionGroupMember.group_id == group_id)
        )
        _drop(group_id)


def _drop(group_id: int) -> None:
    db.session.execute(delete(OpinionGroup).where(OpinionGroup.id == group_id))
