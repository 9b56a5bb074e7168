"""No statement leaves the village by oversight."""

import pytest
from sqlalchemy import delete, func, insert, select, union_all, update
from sqlalchemy.exc import StatementError
from sqlalchemy.orm import aliased

from portal.core.db import db, transaction
from portal.core.errors import VillageMissing
from portal.core.scope import all_villages, here, village_scope, within
from portal.people.models import Household, Resident, VillagerGroup

OWN = ["Max", "Sun", "Vera", "Wang"]
household = Household.__table__
resident = Resident.__table__


def names(query) -> list[str]:
    return sorted(db.session.scalars(query))


def test_a_query_stays_in_its_village(cast, village, neighbour):
    other = aliased(Resident)
    subquery = select(Resident.household_id).where(Resident.name.in_(["Nora", "Vera"]))
    assert names(select(Resident.name)) == OWN
    assert names(select(other.name)) == OWN
    assert (
        names(select(Resident.name).join(Household, Household.id == Resident.household_id)) == OWN
    )
    assert db.session.scalar(select(func.count()).select_from(Resident)) == 4
    assert db.session.scalar(select(func.count(Resident.id))) == 4
    assert len(db.session.scalars(select(Household).where(Household.id.in_(subquery))).all()) == 1
    assert names(select(select(Resident.name.label("n")).subquery().c.n)) == OWN
    assert names(select(func.max(Resident.name)).where(Resident.name == "Nora")) == [None]
    with village_scope(neighbour.id):
        assert names(select(Resident.name)) == ["Nora"]
    with all_villages("a test"):
        assert names(select(Resident.name)) == sorted([*OWN, "Nora"])


def test_a_union_stays_in_its_village(cast):
    both = union_all(select(Resident.name), select(Resident.name).where(Resident.name == "Nora"))
    inner = both.subquery()
    assert names(select(inner.c.name)) == OWN
    assert db.session.scalar(select(func.count()).select_from(inner)) == 4
    with pytest.raises(VillageMissing):  # bare, it would reach further: refused, not answered
        db.session.scalars(both)


def test_getting_by_key_stays_in_its_village(cast):
    assert db.session.get(Resident, cast.nora.resident_id) is None
    assert db.session.get(Resident, cast.vera.resident_id).name == "Vera"


def test_changing_and_deleting_stay_in_their_village(cast, neighbour):
    with transaction():
        db.session.execute(update(Resident).values(is_away=True))
        db.session.execute(delete(Household).where(Household.number == "901"))
    with village_scope(neighbour.id):
        assert db.session.scalars(select(Resident.is_away)).all() == [False]
        assert db.session.scalars(select(Household.number)).all() == ["901"]


@pytest.mark.parametrize(
    "planted",
    [
        select(household),
        select(household.c.number).where(household.c.id == 1),
        select(household)
        .join(VillagerGroup.__table__, VillagerGroup.__table__.c.id == household.c.group_id)
        .where(household.c.village_id == 1),
        union_all(select(household.c.id).where(household.c.village_id == 1), select(resident.c.id)),
        update(household).values(number="1"),
        delete(household),
        insert(household).from_select(
            ["village_id", "number"], select(resident.c.id, resident.c.name)
        ),
    ],
    ids=["all", "by key", "join", "union", "update", "delete", "insert from"],
)
def test_a_planted_core_statement_without_a_village_is_refused(village, planted):
    with pytest.raises(VillageMissing):
        db.session.execute(planted)


def test_an_insert_from_a_select_of_the_orm_names_its_village(cast, village):
    into = insert(VillagerGroup)
    with pytest.raises(VillageMissing), transaction():
        db.session.execute(
            into.from_select(
                ["village_id", "number", "name"],
                select(Resident.village_id, Resident.id + 100, Resident.name),
            )
        )
    with transaction():
        db.session.execute(
            into.from_select(
                ["village_id", "number", "name"],
                select(Resident.village_id, Resident.id + 100, Resident.name).where(
                    Resident.village_id == village.id
                ),
            )
        )
    assert db.session.scalar(select(func.count()).select_from(VillagerGroup)) == 6


@pytest.mark.parametrize(
    "planted",
    [
        select(Resident),
        select(Resident.name),
        select(func.count()).select_from(Resident),
        update(Resident).values(name="?"),
    ],
    ids=["rows", "column", "count", "update"],
)
def test_outside_of_any_village_nothing_of_a_village_is_reached(app, planted):
    with pytest.raises(VillageMissing):
        db.session.execute(planted)


def test_a_row_made_outside_of_any_village_is_refused(app):
    db.session.add(VillagerGroup(number=1, name="?"))
    with pytest.raises(StatementError, match="outside of any village"):
        db.session.flush()


def test_reading_every_village_needs_a_reason(app):
    with pytest.raises(ValueError, match="say why"), all_villages(""):
        pass


def test_what_is_built_once_stays_in_its_village(cast, village, neighbour):
    other, inner = aliased(Resident), select(Resident.name.label("n")).subquery()
    own = [
        within(query)
        for query in (
            select(Resident.name),
            select(other.name),
            select(inner.c.n),
            select(Resident.name).join(Household, Household.id == Resident.household_id),
            select(Resident.name).where(
                Resident.household_id.in_(select(Household.id).where(Household.id > 0))
            ),
        )
    ]
    for query in own:
        assert sorted(db.session.scalars(query, here())) == OWN
    with village_scope(neighbour.id):
        for query in own:
            assert db.session.scalars(query, here()).all() == ["Nora"]
    with all_villages("a test"), pytest.raises(VillageMissing):
        here()


@pytest.mark.parametrize(
    "planted",
    [
        select(resident.c.name),
        select(Household.id).outerjoin(resident, resident.c.household_id == Household.id),
        select(Household.id).where(Household.id.in_(select(resident.c.household_id))),
    ],
    ids=["table", "joined", "within"],
)
def test_what_is_built_once_names_no_bare_table(planted):
    with pytest.raises(VillageMissing):
        within(planted)
