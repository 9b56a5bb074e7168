"""Awards and reversals: who may, how often, and what is kept about it."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import NoResultFound

from portal.core.db import db, transaction
from portal.core.errors import Refused
from portal.people.models import Resident
from portal.people.rules import AgeBand, Sex
from portal.points import passbook, service
from portal.points.catalogue import PLANNING_POINTS
from portal.points.models import PointsTransfer
from portal.points.rules import Refusal

from .conftest import NOW, TODAY


def household_of(person):
    return db.session.scalar(select(Resident.household_id).where(Resident.id == person.resident_id))


def refused_award(give, wish, **facts):
    with pytest.raises(Refused) as refused, transaction():
        give(wish, **facts)
    return refused.value.reason


def test_nobody_awards_their_own_household(cast, give, wish):
    own = household_of(cast.max)
    assert refused_award(give, wish(who=cast.max), by=cast.max, own=own) is Refusal.OWN_HOUSEHOLD
    with transaction():
        give(wish(who=cast.vera), by=cast.max, own=own)


def test_somebody_of_the_neighbouring_village_is_not_found(cast, give, wish):
    with pytest.raises(NoResultFound), transaction():
        give(wish(who=cast.nora))


def test_somebody_who_has_left_earns_nothing_after(cast, give, wish):
    with transaction():
        db.session.execute(
            update(Resident).where(Resident.id == cast.vera.resident_id).values(left_on=TODAY)
        )
    assert refused_award(give, wish()) is Refusal.NOT_A_VILLAGER
    with transaction():
        give(wish(on=TODAY - timedelta(days=1)))


def test_the_cap_of_a_day_counts_one_person_and_what_was_taken_back_frees_it(cast, lin, give, wish):
    with transaction():
        first = give(wish("explain", times=6))
    assert refused_award(give, wish("explain")) is Refusal.CAP_OF_DAY
    with transaction():
        give(wish("explain", who=cast.sun, times=6))
        give(wish("explain", on=TODAY - timedelta(days=1)))
        service.reverse(
            first,
            reason="登记错人",
            key="k" * 16,
            account_id=lin.account_id,
            own_household_id=None,
            now=NOW,
        )
        give(wish("explain", times=6))


def test_the_cap_of_a_year_counts_the_household(give, wish):
    with transaction():
        give(wish("donation", times=3))
        give(wish("donation", times=2))
    assert refused_award(give, wish("donation")) is Refusal.CAP_OF_YEAR


def test_a_deed_is_judged_by_the_rules_of_its_day(give, wish, items):
    with transaction():
        newer = service.adopt_scheme(
            items=PLANNING_POINTS[:1], adopted_on=TODAY, in_force_from=TODAY, adopted_by="村民会议"
        )
        new_item = newer.items[0].id
        assert newer.number == 2
    assert refused_award(give, wish("meeting")) is Refusal.NOT_IN_FORCE
    old = TODAY - timedelta(days=1)
    with transaction():
        give(wish("meeting", on=old))
    items["meeting"] = new_item
    assert refused_award(give, wish("meeting", on=old)) is Refusal.NOT_IN_FORCE
    with transaction():
        give(wish("meeting"))


def test_before_the_first_scheme_nothing_is_awarded(give, wish):
    now = NOW.replace(year=2025, month=12, day=30)
    assert refused_award(give, wish(on=date(2025, 12, 30)), now=now) is Refusal.NOT_IN_FORCE


def test_the_facts_are_those_of_the_deed(cast, give, wish):
    with transaction():
        db.session.execute(
            update(Resident)
            .where(Resident.id == cast.vera.resident_id)
            .values(born_on=date(1996, 3, 8))
        )
        give(wish(on=date(2026, 3, 7)))
        give(wish(on=date(2026, 3, 8)))
        db.session.execute(
            update(Resident)
            .where(Resident.id == cast.vera.resident_id)
            .values(born_on=date(1940, 1, 1), sex=Sex.MALE)
        )

    kept = db.session.execute(
        select(PointsTransfer.age_band, PointsTransfer.sex, PointsTransfer.done_on).order_by(
            PointsTransfer.id
        )
    ).all()
    assert kept == [
        (AgeBand.FROM_18, Sex.FEMALE, date(2026, 3, 7)),
        (AgeBand.FROM_30, Sex.FEMALE, date(2026, 3, 8)),
    ]


def take_back(award, lin, **facts):
    wish = {
        "reason": "重复登记",
        "key": "r" * 16,
        "account_id": lin.account_id,
        "own_household_id": None,
        "now": NOW,
    }
    return service.reverse(award, **(wish | facts))


def test_a_reversal_takes_points_and_honour_back_and_says_why(cast, lin, give, wish):
    with transaction():
        award = give(wish())
        give(wish("survey"))
    household = household_of(cast.vera)
    assert passbook.standing(household, now=NOW).honour == 13

    with transaction():
        take_back(award, lin, reason=" 重复登记 ")

    standing = passbook.standing(household, now=NOW)
    assert (standing.available, standing.honour, standing.year) == (3, 3, 2026)
    book = passbook.passbook(standing.account_id, page=1)
    assert [(e.points, e.balance_after, e.transfer.reason) for e in book.items] == [
        (-10, 3, "重复登记"),
        (3, 13, "清理村口河道"),
        (10, 10, "清理村口河道"),
    ]


def test_a_reversal_needs_somebody_else(cast, lin, give, wish):
    with transaction():
        award = give(wish(), by=cast.max)
    for facts, expected in (
        ({"account_id": cast.max.account_id}, Refusal.SAME_PERSON),
        ({"own_household_id": household_of(cast.vera)}, Refusal.OWN_HOUSEHOLD),
        ({"reason": ""}, Refusal.NO_REASON),
    ):
        with pytest.raises(Refused) as refused, transaction():
            take_back(award, lin, **facts)
        assert refused.value.reason is expected


def test_a_reversal_sent_twice_is_one_and_a_reversal_is_not_reversed(lin, give, wish):
    with transaction():
        award = give(wish())
        first = take_back(award, lin).id
    with transaction():
        assert take_back(award, lin).id == first
    with pytest.raises(Refused) as refused, transaction():
        take_back(award, lin, key="s" * 16)
    assert refused.value.reason is Refusal.ALREADY_REVERSED
    with pytest.raises(NoResultFound), transaction():
        take_back(first, lin, key="t" * 16)


def test_honour_is_of_the_year_of_the_deed(cast, give, wish):
    with transaction():
        give(wish(on=date(2025, 12, 31)), now=NOW.replace(month=1))
        give(wish("survey"))

    household = household_of(cast.vera)
    assert passbook.standing(household, now=NOW).honour == 3
    assert passbook.standing(household, now=NOW).available == 13
    assert passbook.standing(household, now=NOW.replace(year=2025)).honour == 10


def test_points_stay_with_the_household_when_a_member_moves(cast, give, wish):
    with transaction():
        give(wish())
        old, new = household_of(cast.vera), household_of(cast.sun)
        db.session.execute(
            update(Resident)
            .where(Resident.id == cast.vera.resident_id)
            .values(household_id=new, is_representative=False)
        )
        give(wish("survey"))

    assert passbook.standing(old, now=NOW).available == 10
    assert passbook.standing(new, now=NOW).available == 3
