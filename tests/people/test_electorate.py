"""Who is of the electorate: one definition, said for one person and as a criterion for queries."""

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, func, select

from portal.ballots.electorate import expect_electors
from portal.ballots.profiles import Params
from portal.core.db import db
from portal.people import electorate
from portal.people import service as people
from portal.people.models import Household, Resident, VillagerGroup
from portal.people.rules import Basis, age_band, age_on

DAY = date(2026, 2, 28)
AGO, YET = DAY - timedelta(days=1), DAY + timedelta(days=1)


def person(**facts) -> Resident:
    known = {
        "name": "甲",
        "born_on": date(1980, 1, 1),
        "is_registered": True,
        "is_away": False,
        "admitted_on": None,
        "left_on": None,
    }
    return Resident(**known | facts)


@pytest.mark.parametrize(
    ("facts", "basis", "is_elector"),
    [
        ({}, Basis.REGISTERED, True),
        ({"is_away": True}, Basis.REGISTERED_AWAY, True),
        ({"is_registered": False}, Basis.NONE, False),
        ({"is_registered": False, "admitted_on": DAY}, Basis.ADMITTED, True),
        ({"is_registered": False, "admitted_on": YET}, Basis.NONE, False),
        ({"is_registered": False, "is_away": True, "admitted_on": AGO}, Basis.ADMITTED, True),
        ({"left_on": DAY}, Basis.NONE, False),
        ({"left_on": AGO}, Basis.NONE, False),
        ({"left_on": YET}, Basis.REGISTERED, True),
        ({"born_on": None}, Basis.REGISTERED, False),
        ({"born_on": date(2008, 2, 28)}, Basis.REGISTERED, True),
        ({"born_on": date(2008, 2, 29)}, Basis.REGISTERED, True),
        ({"born_on": date(2008, 3, 1)}, Basis.REGISTERED, False),
    ],
)
def test_the_electorate_of_v23(facts, basis, is_elector):
    assert electorate.basis_of(person(**facts), day=DAY) is basis
    assert electorate.is_of_electorate(person(**facts), day=DAY) is is_elector


days = st.dates(DAY - timedelta(days=800), DAY + timedelta(days=800))
births = st.one_of(
    st.none(),
    st.dates(date(1930, 1, 1), date(2026, 2, 1)),
    st.dates(date(2008, 2, 26), date(2008, 3, 3)),
)
registered = st.fixed_dictionaries(
    {
        "is_registered": st.just(True),
        "is_away": st.booleans(),
        "born_on": births,
        "left_on": st.none() | days,
    }
)
others = st.fixed_dictionaries(
    {
        "is_registered": st.just(False),
        "is_away": st.booleans(),
        "born_on": births,
        "left_on": st.none() | days,
        "admitted_on": st.none() | days,
    }
)


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    many=st.lists(registered | others, min_size=1, max_size=25),
    day=st.one_of(days, st.sampled_from([DAY, date(2024, 2, 29), date(2028, 2, 29)])),
)
def test_queries_and_the_rule_agree(village, many, day):
    """SQL and rule find the same people, and every count of the house is that number."""
    db.session.rollback()
    db.session.execute(delete(Resident))
    group = VillagerGroup(number=1, name="第1组")
    db.session.add(group)
    db.session.flush()
    household = Household(number="1", group_id=group.id)
    db.session.add(household)
    db.session.flush()
    everybody = [
        person(name=f"人{n}", household_id=household.id, group_id=group.id, **facts)
        for n, facts in enumerate(many)
    ]
    db.session.add_all(everybody)
    db.session.flush()
    by_rule = {p.name for p in everybody if electorate.is_of_electorate(p, day=day)}
    by_query = set(db.session.scalars(select(Resident.name).where(electorate.is_elector(day))))
    assert by_query == by_rule
    here = db.session.scalar(select(func.count(Resident.id)).where(electorate.is_here(day)))
    electors, residents, _ = people.count_roster(day=day)
    assert (electors, residents) == (len(by_rule), here)
    found = db.session.execute(select(Resident.name, electorate.age_band_on(day)))
    bands = {name: band for name, band in found}
    assert bands == {p.name: age_band(age_on(p.born_on, day)) for p in everybody}
    assert expect_electors(Params(min_age=18), on=day).electors == len(by_rule)
    db.session.rollback()
