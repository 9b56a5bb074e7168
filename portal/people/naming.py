"""Whose names have no place in what a village publishes."""

from datetime import datetime

from sqlalchemy import select

from portal.core import clock, scope
from portal.core.db import db
from portal.people import posts
from portal.people.models import Region, Resident


def names_here(*, now: datetime) -> frozenset[str]:
    """Return the names of the village that we are in which have no place in what it publishes."""
    code = db.session.scalars(select(Region.code).where(Region.id == scope.require_village())).one()
    return names_to_find(code, now=now)


def names_to_find(village_code: str, *, now: datetime) -> frozenset[str]:
    """Return the names of this village's roster that have no place in what it publishes.

    Whoever holds a post here is named in public for it. One letter is no name that could be found,
    nor is a number: the voters of an election that was taken in have no other.
    """
    names = db.session.scalars(select(Resident.name).where(Resident.left_on.is_(None)).distinct())
    known = {name.strip() for name in names}
    holders = {line.name for line in posts.list_posts(village_code, day=clock.today(now))}
    return frozenset(name for name in known - holders if len(name) > 1 and not name.isdecimal())
