"""A village full of life, and a picture of everything that its database holds."""

from types import SimpleNamespace

import pytest
from sqlalchemy import func, select

from portal import demo
from portal.ballots.models import Turnout
from portal.core.db import Base, db, transaction
from portal.core.scope import all_villages, enter_village
from portal.discussion.models import Comment
from portal.people import service as people
from portal.people.models import Account
from portal.points.models import PointsTransfer
from portal.rooms.models import Message
from portal.surveys.models import Reply


@pytest.fixture
def lively(app, demonstration):
    """Find somebody in the demonstration village who took part in everything."""
    village = people.find_village(demo.CODE)
    enter_village(village.id)
    did = [
        set(db.session.scalars(select(model.resident_id)))
        for model in (Comment, Turnout, Reply, PointsTransfer, Message)
    ]
    posts = set(
        db.session.scalars(select(Account.resident_id).where(Account.phone == "13800000002"))
    )
    ranked = sorted(
        set.union(*did) - posts, key=lambda one: (-sum(one in some for some in did), one)
    )
    resident_id = ranked[0]
    with transaction():
        resident = people.get_resident(resident_id)
        resident.phone, resident.second_contact = "13700000001", "13700000002"
        account = people.account_of(resident_id)
        account.phone = resident.phone
    busy = SimpleNamespace(
        id=account.id, account_id=account.id, resident_id=resident_id, village_id=village.id,
        name=resident.name, kinds=sum(resident_id in some for some in did),
    )  # fmt: skip
    db.session.rollback()
    return SimpleNamespace(village=village, busy=busy)


@pytest.fixture
def picture(app):
    """Take a picture of all tables: name → rows as texts, in order."""

    def take() -> dict[str, list[str]]:
        db.session.rollback()
        with all_villages("a picture of the whole database"):
            return {
                name: [
                    repr(tuple(row))
                    for row in db.session.execute(table.select().order_by(*table.primary_key))
                ]
                for name, table in Base.metadata.tables.items()
            }

    return take


@pytest.fixture
def count(app):
    """Count the rows of a table."""

    def _count(model, *criteria) -> int:
        return db.session.scalar(select(func.count()).select_from(model).where(*criteria))

    return _count
