"""People who work for villages and for the regions above them."""

from types import SimpleNamespace

import pytest

from portal.core import clock
from portal.core.db import db, transaction
from portal.core.scope import village_scope
from portal.people import posts
from portal.people import service as people
from portal.people.rules import Role
from portal.villages.staffing import Giver


@pytest.fixture
def hire(village):
    """Make an account at home in a place, with a post there; `of` is the place's code."""

    def _hire(name, role=None, of=village.code, phone=None, **facts):
        place = people.find_place(of)
        with transaction(), village_scope(place.id):
            account = people.add_account(name=name, phone=phone)
            if role is not None:
                posts.give_post(account.id, role, now=clock.now(), **facts)
            found = SimpleNamespace(
                id=account.id,
                account_id=account.id,
                village_id=place.id,
                name=name,
                resident_id=None,
            )
        db.session.remove()
        return found

    return _hire


@pytest.fixture
def giver(village):
    """Return what somebody may give in the village, by the posts they hold for it."""

    def _giver(account_id, *roles, region_code=""):
        return Giver(account_id, frozenset(roles or {Role.ADMIN}), region_code)

    return _giver


@pytest.fixture
def staff_of(village):
    """Return who holds which post for a place today."""

    def _staff(place=village):
        db.session.rollback()
        day = clock.today(clock.now())
        return {(p.name, p.role) for p in posts.list_posts(place.code, day=day)}

    return _staff
