"""Who holds which post, where and for how long. Never commits."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.orm import aliased

from portal.core import clock
from portal.core.db import db
from portal.core.outbox import publish
from portal.core.scope import all_villages, require_village
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
    """A post as lists show it. `ended_by` and `end_reason` stand where it was cut short."""

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
    office_hours: str = ""
    home_id: int = 0
    given_by: str | None = None
    ended_by: str | None = None
    end_reason: str = ""

    def state_on(self, day: date) -> str:
        """Return whether the term is "now", "next" (has not begun) or "done" on that day."""
        if self.ends_on is not None and self.ends_on < max(day, self.begins_on):
            return "done"
        return "now" if self.begins_on <= day else "next"

    @property
    def is_void(self) -> bool:
        """Tell whether it was taken back before its first day was over."""
        return self.ends_on is not None and self.ends_on < self.begins_on


def in_force(day: date) -> ColumnElement[bool]:
    """Return the criterion of posts that are held on that day: first and last day included."""
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
    office_hours: str = "",
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
        office_hours=office_hours,
        given_by_id=given_by_id,
        made_at=now,
    )
    db.session.add(post)
    db.session.flush()
    end_sessions(account_id, now=now)
    publish(PostChanged(account_id=account_id, role=role.value, is_given=True), now=now)
    return post


def end_post(
    post_id: int, *, now: datetime, ended_by_id: int | None = None, reason: str = ""
) -> Post:
    """End a post at once: yesterday was its last day, if it had any. Sessions end."""
    post = db.session.get_one(Post, post_id)
    yesterday = clock.today(now) - timedelta(days=1)
    post.ends_on = min(post.ends_on or yesterday, yesterday)
    post.ended_at, post.ended_by_id, post.end_reason = now, ended_by_id, reason
    db.session.flush()
    end_sessions(post.account_id, now=now)
    publish(PostChanged(account_id=post.account_id, role=post.role.value, is_given=False), now=now)
    return post


def end_sessions(account_id: int, *, now: datetime) -> None:
    """End every session of an account: whoever holds one signs in again."""
    with all_villages("whoever works in many villages has the account in one place"):
        db.session.get_one(Account, account_id).sessions_from = now
        db.session.flush()


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


def posts_of(*account_ids: int) -> list[PostLine]:
    """Return all posts of these accounts, in whatever place, the latest first."""
    with all_villages("one person can hold posts in many villages"):
        query = _lines().where(Post.account_id.in_(account_ids)).order_by(None)
        return [PostLine(*row) for row in db.session.execute(query.order_by(Post.id.desc()))]


def holders(roles: Sequence[Role], *, day: date) -> list[int]:
    """Return the accounts that hold one of these posts in this very village on that day."""
    query = select(Post.account_id).join(Account, Account.id == Post.account_id)
    query = query.where(Post.role.in_(roles), in_force(day), Account.is_active)
    return list(dict.fromkeys(db.session.scalars(query.order_by(Post.id))))


def holders_in_township(*, day: date) -> list[int]:
    """Return the accounts that hold a post in the township above this village on that day."""
    above = aliased(Region)
    query = (
        select(Post.account_id)
        .join(Account, Account.id == Post.account_id)
        .join(above, above.id == Post.village_id)
        .join(Region, Region.parent_id == above.id)
        .where(Region.id == require_village(), in_force(day), Account.is_active)
    )
    with all_villages("posts of the township count in its villages"):
        return list(dict.fromkeys(db.session.scalars(query.order_by(Post.id))))


def _lines() -> Select[*tuple[Any, ...]]:
    giver, ender = aliased(Account), aliased(Account)
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
            Post.office_hours,
            Account.village_id,
            giver.name,
            ender.name,
            Post.end_reason,
        )
        .join(Account, Account.id == Post.account_id)
        .join(Region, Region.id == Post.village_id)
        .outerjoin(giver, giver.id == Post.given_by_id)
        .outerjoin(ender, ender.id == Post.ended_by_id)
        .order_by(Post.begins_on, Post.id)
    )
