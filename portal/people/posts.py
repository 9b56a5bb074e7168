"""Who holds which post, where and for how long. Never commits."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, or_, select

from portal.core import clock
from portal.core.db import db
from portal.core.outbox import publish
from portal.core.scope import all_villages
from portal.people import rules
from portal.people.events import PostChanged
from portal.people.models import Account, Post, Region
from portal.people.rules import Role


@dataclass(frozen=True)
class RoleHolder:
    """Somebody who works for the village: the account, and the resident if they are one."""

    account_id: int
    resident_id: int | None


@dataclass(frozen=True)
class PostLine:
    """A post as lists show it."""

    id: int
    account_id: int
    name: str
    phone: str | None
    resident_id: int | None
    role: Role
    begins_on: date
    ends_on: date | None
    organisation: str
    duties: str
    region_code: str
    region_name: str
    is_active: bool


def in_force(day: date) -> ColumnElement[bool]:
    """Return the criterion of posts that are held on that day."""
    return (Post.begins_on <= day) & or_(Post.ends_on.is_(None), Post.ends_on >= day)


def give_post(
    account_id: int,
    role: Role,
    *,
    now: datetime,
    begins_on: date | None = None,
    ends_on: date | None = None,
    organisation: str = "",
    duties: str = "",
    given_by_id: int | None = None,
) -> Post:
    """Give an account a post in the village (or region) that we are in; its sessions end.

    Who gives which post to whom is for the caller to judge (`villages/rules.py`).
    """
    post = Post(
        account_id=account_id,
        role=role,
        begins_on=begins_on or clock.today(now),
        ends_on=ends_on,
        organisation=organisation,
        duties=duties,
        given_by_id=given_by_id,
        made_at=now,
    )
    db.session.add(post)
    db.session.flush()
    _end_sessions(account_id, now=now)
    publish(PostChanged(account_id=account_id, role=role.value, is_given=True), now=now)
    return post


def end_post(post_id: int, *, now: datetime) -> Post:
    """End a post: yesterday was its last day (or its first, if that is later). Sessions end."""
    post = db.session.get_one(Post, post_id)
    yesterday = clock.today(now) - timedelta(days=1)
    post.ends_on = max(min(post.ends_on or yesterday, yesterday), post.begins_on)
    db.session.flush()
    _end_sessions(post.account_id, now=now)
    publish(PostChanged(account_id=post.account_id, role=post.role.value, is_given=False), now=now)
    return post


def find_by_role(role: Role) -> RoleHolder | None:
    """Return the longest-serving holder of a post in this village, or None."""
    row = db.session.execute(
        select(Account.id, Account.resident_id)
        .join(Post, Post.account_id == Account.id)
        .where(Post.role == role, Account.is_active)
        .order_by(Post.id)
        .limit(1)
    ).one_or_none()
    return row and RoleHolder(*row)


def list_posts(place_code: str, *, day: date | None = None) -> list[PostLine]:
    """Return the posts of a place and of the regions above it; of that day, or of all times."""
    query = _lines().where(Region.code.in_(rules.lineage(place_code)))
    if day is not None:
        query = query.where(in_force(day))
    with all_villages("posts of the regions above count in the village"):
        return [PostLine(*row) for row in db.session.execute(query)]


def posts_of(account_id: int) -> list[PostLine]:
    """Return all posts of an account, in whatever place, the latest first."""
    with all_villages("one person can hold posts in many villages"):
        query = _lines().where(Post.account_id == account_id).order_by(None)
        return [PostLine(*row) for row in db.session.execute(query.order_by(Post.id.desc()))]


def holders(roles: Sequence[Role], *, day: date) -> list[int]:
    """Return the accounts that hold one of these posts in this very village on that day."""
    query = select(Post.account_id).join(Account, Account.id == Post.account_id)
    query = query.where(Post.role.in_(roles), in_force(day), Account.is_active)
    return list(dict.fromkeys(db.session.scalars(query.order_by(Post.id))))


def _end_sessions(account_id: int, *, now: datetime) -> None:
    with all_villages("whoever works in many villages has the account in one place"):
        db.session.get_one(Account, account_id).sessions_from = now
        db.session.flush()


def _lines() -> Select[*tuple[Any, ...]]:
    return (
        select(
            Post.id,
            Account.id,
            Account.name,
            Account.phone,
            Account.resident_id,
            Post.role,
            Post.begins_on,
            Post.ends_on,
            Post.organisation,
            Post.duties,
            Region.code,
            Region.name,
            Account.is_active,
        )
        .join(Account, Account.id == Post.account_id)
        .join(Region, Region.id == Post.village_id)
        .order_by(Post.begins_on, Post.id)
    )
