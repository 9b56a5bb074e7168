"""Who looked at what is kept about somebody."""

from dataclasses import dataclass
from datetime import datetime

from flask_sqlalchemy.pagination import Pagination
from sqlalchemy import ColumnElement, and_, func, or_, select

from portal.core import clock
from portal.core.audit import AccessLog, Look
from portal.core.db import db
from portal.core.masking import mask_name
from portal.core.personal import Person
from portal.core.scope import all_villages
from portal.people.models import Post, Resident, VillagerGroup
from portal.people.rules import Role

PAGE = 30


@dataclass(frozen=True)
class Seen:
    """One look: who, in which posts at that time, at what, why and when."""

    look: Look
    what: str
    name: str
    roles: tuple[Role, ...]
    about_me: bool
    reason: str
    done_at: datetime
    whom: str = ""


class Page(Pagination):
    """One page of a list that was cut already."""

    def __init__(self, lines: list[Seen], *, total: int, page: int, per_page: int) -> None:
        super().__init__(lines=lines, found=total, page=page, per_page=per_page, error_out=False)

    def _query_items(self) -> list[Seen]:
        return list(self._query_args["lines"])

    def _query_count(self) -> int:
        return int(self._query_args["found"])


def about(person: Person) -> ColumnElement[bool]:
    """Return the criterion of looks at this person, at their group, or at the whole village."""
    everybody = and_(AccessLog.resident_id.is_(None), AccessLog.village_id == person.village_id)
    if person.group_id is None:
        mine = and_(everybody, AccessLog.group_id.is_(None))
    else:
        of_group = or_(AccessLog.group_id.is_(None), AccessLog.group_id == person.group_id)
        mine = and_(everybody, of_group)
    return (
        mine
        if person.resident_id is None
        else or_(AccessLog.resident_id == person.resident_id, mine)
    )


def list_looks(person: Person, *, page: int) -> tuple[list[Seen], int]:
    """Return one page of the looks at this person, the newest first, and how many there are.

    An account without a resident stands on no roster: nobody's look at the roster met it.
    """
    if person.resident_id is None:
        return [], 0
    with all_villages("who looked may come from a region above"):
        query = select(AccessLog).where(about(person))
        total = db.session.scalar(select(func.count()).select_from(query.subquery())) or 0
        rows = list(
            db.session.scalars(
                query.order_by(AccessLog.id.desc()).limit(PAGE).offset((page - 1) * PAGE)
            )
        )
        lookers = {row.account_id for row in rows if row.account_id is not None}
        posts = list(db.session.scalars(select(Post).where(Post.account_id.in_(lookers))))
    return [_seen(row, posts, about_me=row.resident_id is not None) for row in rows], total


def list_all(*, page: int) -> tuple[list[Seen], int]:
    """Return one page of all looks at people of this village, and how many there are.

    Whose data it was stands there masked: the log must not give away what it watches over.
    """
    total = db.session.scalar(select(func.count()).select_from(AccessLog)) or 0
    query = (
        select(AccessLog, Resident.name, VillagerGroup.name)
        .outerjoin(Resident, Resident.id == AccessLog.resident_id)
        .outerjoin(
            VillagerGroup,
            VillagerGroup.id == func.coalesce(AccessLog.group_id, Resident.group_id),
        )
        .order_by(AccessLog.id.desc())
    )
    rows = db.session.execute(query.limit(PAGE).offset((page - 1) * PAGE)).all()
    lookers = {row.account_id for row, *_ in rows if row.account_id is not None}
    with all_villages("who looked may hold a post in a region above"):
        posts = list(db.session.scalars(select(Post).where(Post.account_id.in_(lookers))))
    return [
        _seen(
            row,
            posts,
            about_me=False,
            whom=" ".join(filter(None, (group, mask_name(name) if name else ""))),
        )
        for row, name, group in rows
    ], total


def _seen(row: AccessLog, posts: list[Post], *, about_me: bool, whom: str = "") -> Seen:
    return Seen(
        look=row.look,
        what=row.what,
        name=row.account_name,
        roles=_roles_on(posts, row),
        about_me=about_me,
        reason=row.reason,
        done_at=row.done_at,
        whom=whom,
    )


def _roles_on(posts: list[Post], row: AccessLog) -> tuple[Role, ...]:
    day = clock.today(row.done_at)
    held = [
        post.role
        for post in posts
        if post.account_id == row.account_id
        and post.begins_on <= day
        and (post.ends_on is None or post.ends_on >= day)
    ]
    return tuple(dict.fromkeys(held))
