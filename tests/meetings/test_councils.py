"""Who sits in the villagers' council: seats by group, terms, and two who come at once."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select, text

from portal.core import clock
from portal.core.db import db, transaction
from portal.core.errors import Refused
from portal.meetings import council_rules, councils
from portal.meetings.council_models import Councillor
from portal.meetings.rules import Refusal
from portal.people.models import Resident, VillagerGroup

DAY = timedelta(days=1)
TODAY = clock.today(clock.now())


@pytest.mark.parametrize(("members", "needed"), [(1, 1), (2, 2), (3, 2), (4, 3), (9, 6), (10, 7)])
def test_two_thirds_or_more_are_a_quorum(members, needed):
    assert council_rules.quorum(members) == needed
    assert council_rules.has_quorum(members=members, present=needed)
    assert not council_rules.has_quorum(members=members, present=needed - 1)


def test_of_nobody_it_is_never_enough():
    assert not council_rules.has_quorum(members=0, present=0)


@pytest.mark.parametrize(
    ("seats", "taken", "refusal"),
    [
        (-1, (), Refusal.SEATS_OUT_OF_RANGE),
        (0, (), None),
        (9, (1, 9), None),
        (10, (), Refusal.SEATS_OUT_OF_RANGE),
        (1, (2,), Refusal.SEATS_TAKEN),
        (2, (2,), None),
    ],
)
def test_how_many_seats_a_group_can_have(seats, taken, refusal):
    assert council_rules.why_not_seats(seats, taken=taken) is refusal


def test_the_lowest_free_seat_is_taken():
    assert council_rules.free_seat(3, taken=(1, 3)) == 2
    assert council_rules.free_seat(2, taken=(1, 2)) is None
    assert council_rules.free_seat(0, taken=()) is None


@pytest.fixture
def seat(cast, village):
    """Let somebody sit for a term from `begins` days on until `ends`; their group has seats."""

    def make(person, *, begins=-30, ends=300, seats=2):
        with transaction():
            if seats is not None:
                group = councils.people.get_resident(person.resident_id).group_id
                councils.set_seats(group, seats, account_id=cast.max.id, now=clock.now())
            return councils.seat(
                person.resident_id,
                begins_on=TODAY + begins * DAY,
                ends_on=TODAY + ends * DAY,
                account_id=cast.max.id,
                now=clock.now(),
            ).id

    return make


def test_a_councillor_is_one_in_the_term_only(seat, cast):
    now = clock.now()
    councillor = seat(cast.vera)
    assert councils.is_councillor(cast.vera.resident_id, now=now)
    assert [line.name for line in councils.list_councillors(now=now)] == ["Vera"]
    assert not councils.is_councillor(cast.sun.resident_id, now=now)
    assert not councils.is_councillor(None, now=now)
    assert not councils.is_councillor(cast.vera.resident_id, now=now + 301 * DAY)
    assert not councils.is_councillor(cast.vera.resident_id, now=now - 31 * DAY)
    db.session.rollback()
    with transaction():
        councils.end(councillor, now=now)
    assert not councils.is_councillor(cast.vera.resident_id, now=now)
    db.session.rollback()
    with pytest.raises(Refused) as caught, transaction():
        councils.end(councillor, now=now)
    assert caught.value.reason is Refusal.ENDED_ALREADY


def test_no_seat_no_councillor(seat, cast):
    for wanted, facts in (
        (Refusal.NO_SEAT_FREE, {"seats": None}),
        (Refusal.TERM_BACKWARDS, {"begins": 5, "ends": 4}),
    ):
        with pytest.raises(Refused) as caught:
            seat(cast.vera, **facts)
        assert caught.value.reason is wanted
    seat(cast.vera)
    with pytest.raises(Refused) as caught:
        seat(cast.vera)
    assert caught.value.reason is Refusal.COUNCILLOR_ALREADY
    group = councils.people.get_resident(cast.vera.resident_id).group_id
    db.session.rollback()
    with pytest.raises(Refused) as caught, transaction():
        councils.set_seats(group, 0, account_id=None, now=clock.now())
    assert caught.value.reason is Refusal.SEATS_TAKEN


def test_a_term_that_ran_out_frees_its_seat(seat, cast):
    seat(cast.vera, begins=-300, ends=-1, seats=1)
    seat(cast.vera, seats=1)
    rows = db.session.execute(select(Councillor.seat, Councillor.ended_on).order_by(Councillor.id))
    assert rows.all() == [(1, TODAY - DAY), (1, None)]


def test_who_left_the_village_frees_the_seat(seat, cast, village):
    seat(cast.vera, seats=1)
    group = councils.people.get_resident(cast.vera.resident_id).group_id
    with transaction():
        db.session.get_one(Resident, cast.vera.resident_id).left_on = TODAY - DAY
        db.session.get_one(Resident, cast.wang.resident_id).group_id = group
    seat(cast.wang, seats=None)
    rows = db.session.execute(select(Councillor.seat, Councillor.ended_on).order_by(Councillor.id))
    assert rows.all() == [(1, TODAY - DAY), (1, None)]
    db.session.rollback()
    with transaction():
        db.session.get_one(Resident, cast.wang.resident_id).left_on = TODAY
    with transaction():
        councils.set_seats(group, 0, account_id=cast.max.id, now=clock.now())
    assert councils.seated_on(TODAY) == []


def test_whose_term_ran_out_in_one_group_sits_for_another(seat, cast, village):
    seat(cast.vera, begins=-300, ends=-1)
    with transaction():
        other = VillagerGroup(number=99, name="第99组")
        db.session.add(other)
        db.session.flush()
        db.session.get_one(Resident, cast.vera.resident_id).group_id = other.id
    seat(cast.vera)
    lines = councils.list_councillors(now=clock.now())
    assert [(line.group, line.seat) for line in lines] == [("第99组", 1)]


def test_of_four_at_once_one_sits(seat, cast, race, village):
    group = councils.people.get_resident(cast.vera.resident_id).group_id
    db.session.rollback()
    with transaction():
        councils.set_seats(group, 4, account_id=None, now=clock.now())

    def sit(_index):
        councils.seat(
            cast.vera.resident_id,
            begins_on=TODAY,
            ends_on=TODAY,
            account_id=None,
            now=clock.now(),
        )

    results = race(4, sit)
    assert sum(isinstance(result, Refused) for result in results) == 3
    assert db.session.scalar(select(func.count(Councillor.id))) == 1


def sit_at_once(race, cast):
    """Let four write the same person on the same seat, past all rules; return how many are kept."""
    facts = {
        "resident_id": cast.vera.resident_id,
        "group_id": councils.people.get_resident(cast.vera.resident_id).group_id,
        "seat": 1,
        "begins_on": TODAY,
        "ends_on": TODAY,
        "made_at": clock.now(),
    }
    db.session.rollback()
    race(4, lambda _index: db.session.add(Councillor(**facts)))
    return db.session.scalar(select(func.count(Councillor.id)))


def test_the_keys_are_the_last_judge_of_a_seat(cast, race):
    assert sit_at_once(race, cast) == 1


@pytest.mark.last_judge
def test_it_stands_on_its_keys(cast, race):
    with transaction():
        db.session.execute(text("DROP INDEX uq_councillor_resident"))
        db.session.execute(text("DROP INDEX uq_councillor_seat"))
    assert sit_at_once(race, cast) == 4


def test_the_page_names_them_to_everybody_and_costs_the_same(seat, cast, browse, at, count_queries):
    path = at("/meetings/council")
    assert browse(None).get(path).status_code == 200
    seat(cast.vera)
    db.session.rollback()
    with count_queries() as one:
        browse(None).get(path)
    seat(cast.sun, seats=3)
    seat(cast.wang, seats=4)
    db.session.rollback()
    with count_queries() as three:
        page = browse(None).get(path).text
    assert {name for name in ("Vera", "Sun", "Wang") if name in page} == {"Vera", "Sun", "Wang"}
    assert three.n == one.n <= 10


def test_whose_term_begins_later_does_not_sit_yet(seat, browse, at, cast):
    seat(cast.vera)
    seat(cast.sun, seats=3, begins=20)
    db.session.rollback()
    page = browse(None).get(at("/meetings/council")).text
    assert page.count('<p class="figure"><span><b>1</b>') == 2  # one sits, one must be there
    assert page.count("起，至") == 1


def test_the_committee_sets_seats_and_enters_councillors(cast, browse, at):
    group = councils.people.get_resident(cast.vera.resident_id).group_id
    db.session.rollback()
    client, path = browse(cast.max), at("/meetings/desk/council")
    form = {
        "who": "Vera",
        "begins_on": TODAY.isoformat(),
        "ends_on": (TODAY + 900 * DAY).isoformat(),
    }
    assert client.post(path, data=form | {"ends_on": ""}).status_code == 422
    assert client.post(path, data=form | {"who": "Nobody"}).status_code == 422
    assert client.post(path, data=form).status_code == 409  # no seat yet
    seats = {"group_id": group, "seats": "12"}
    assert client.post(f"{path}/seats", data=seats).status_code == 409
    assert client.post(f"{path}/seats", data=seats | {"seats": "x"}).status_code == 409
    assert client.post(f"{path}/seats", data=seats | {"seats": "2"}).status_code == 303
    assert client.post(path, data=form).status_code == 303
    row = db.session.scalars(select(Councillor)).one()
    db.session.rollback()
    assert (row.resident_id, row.seat) == (cast.vera.resident_id, 1)
    assert "Vera" in client.get(path).text
    assert client.post(f"{path}/{row.id}/end").status_code == 303
    assert client.post(f"{path}/{row.id}/end").status_code == 409
    assert browse(cast.vera).get(path).status_code == 403
    assert browse(None).get(at("/meetings/council")).text.count("Vera") == 0
