"""Printed codes: made, opened, out of date, taken back, and hard to guess."""

import math
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from portal.core import clock, secrets
from portal.core.db import db, transaction
from portal.core.errors import Refused
from portal.people.models import Household, Region, Resident
from portal.sign_in import caps, rules, slips
from portal.sign_in import service as signing_in
from portal.sign_in.models import AccessCode
from portal.sign_in.rules import Refusal

FAR = datetime(2126, 1, 1, tzinfo=UTC)


def home_of(person):
    return db.session.scalar(select(Resident.household_id).where(Resident.id == person.resident_id))


def make(person, *, now=None):
    return make_all(household_id=home_of(person), now=now)[0]


def make_all(*, now=None, **whose):
    with transaction():
        drawn = slips.draw_slips(**whose)
        slips.keep_slips(drawn, seen_at=FAR, now=now or clock.now())
    return drawn


def use(client, at, code):
    return client.post(at("/sign-in/slip"), data={"slip": code})


def test_every_code_is_one_of_5e17(cast):
    bits = math.log2(len(secrets.LETTERS)) * rules.CODE_LENGTH
    assert round(bits, 1) == 58.9
    assert not set("01ILOU") & set(secrets.LETTERS)  # what is easily mistaken
    code = make(cast.vera).code
    assert len(code) == rules.CODE_LENGTH
    assert set(code) <= set(secrets.LETTERS)


def test_a_year_of_guessing_opens_nothing():
    """As often as the caps allow, in a village of 450 households."""
    tries = caps.SLIPS_PER_VILLAGE.count * 365
    codes = len(secrets.LETTERS) ** rules.CODE_LENGTH
    assert 450 * tries / codes < 1e-8


def test_each_household_where_somebody_lives_gets_one(cast, village):
    with transaction():
        gone = db.session.get_one(Household, home_of(cast.wang))
        for resident in db.session.scalars(
            select(Resident).where(Resident.household_id == gone.id)
        ):
            resident.left_on = clock.today(clock.now())
    made = make_all()
    assert [(slip.number, slip.name) for slip in made] == [
        ("001", "Vera"),
        ("002", "Max"),
        ("003", "Sun"),
    ]
    assert len({slip.code for slip in made}) == 3
    assert db.session.scalar(select(func.count(AccessCode.id))) == 3


def test_a_group_gets_only_its_own(cast, village):
    group_id = db.session.scalar(
        select(Household.group_id).where(Household.id == home_of(cast.sun))
    )
    made = make_all(group_id=group_id)
    assert [slip.name for slip in made] == ["Sun", "Wang"]


def test_a_slip_opens_for_a_year_and_not_a_second_longer(cast, village):
    now = clock.now()
    code = make(cast.vera, now=now).code
    year = timedelta(days=365)
    with transaction():
        assert slips.open_with_slip(code, now=now + year - timedelta(seconds=1))
    with pytest.raises(Refused) as refused, transaction():
        slips.open_with_slip(code, now=now + year)
    assert refused.value.reason is Refusal.OLD_SLIP


def test_a_slip_out_of_date_says_so(cast, browse, at):
    code = make(cast.vera, now=clock.now() - timedelta(days=366)).code
    answer = use(browse(None), at, code)
    assert answer.status_code == 422
    assert "超过一年" in answer.text


def test_a_newer_slip_ends_the_older_and_what_was_begun_with_it(cast, browse, at):
    older = make(cast.vera).code
    now = clock.now()
    with transaction():
        door = slips.open_with_slip(older, now=now)
    make(cast.vera)
    assert signing_in.candidates(door, now=now) == []
    assert use(browse(None), at, older).status_code == 422


def test_a_lost_slip_is_taken_back_and_whoever_found_it_is_out(cast, browse, at):
    code = make(cast.vera).code
    finder = browse(None)
    assert use(finder, at, code).status_code == 303
    by_phone = browse(cast.vera)
    with transaction():
        assert slips.take_back(home_of(cast.vera), now=clock.now()) is True
    assert "您还没有登录" in finder.get(at("/me")).text
    assert "Vera" in by_phone.get(at("/me")).text  # who came in by another door stays
    assert use(browse(None), at, code).status_code == 422
    with transaction():
        assert slips.take_back(home_of(cast.vera), now=clock.now()) is False


def test_of_four_printers_at_once_one_prints(cast, village, race):
    """Otherwise three of them would hand out paper that opens nothing."""
    home, seen_at = home_of(cast.vera), clock.now()

    def print_one(_index):
        drawn = slips.draw_slips(household_id=home)
        slips.keep_slips(drawn, seen_at=seen_at, now=clock.now())
        return drawn[0].code

    made = race(4, print_one)
    codes = [code for code in made if isinstance(code, str)]
    refusals = [fault.reason for fault in made if isinstance(fault, Refused)]
    assert len(codes) == 1
    assert refusals == [Refusal.PRINTED_MEANWHILE] * 3
    with transaction():
        assert slips.open_with_slip(codes[0], now=clock.now())


def test_four_slips_of_one_account_at_once_leave_one(cast, village, race):
    made = race(4, lambda _: slips.make_slip(account_id=cast.paula.id, now=clock.now()))
    assert all(isinstance(code, str) for code in made)
    good = 0
    for code in made:
        try:
            with transaction():
                slips.open_with_slip(code, now=clock.now())
            good += 1
        except Refused as refused:
            assert refused.reason is Refusal.UNKNOWN_SLIP
    assert good == 1


def test_after_twenty_wrong_slips_not_even_the_right_one_is_tried(cast, browse, at):
    code = make(cast.vera).code
    client = browse(None)
    for _ in range(caps.SLIPS_PER_ADDRESS.count):
        assert use(client, at, "AAAA-AAAA-AAAA").status_code == 422
    answer = use(client, at, code)
    assert answer.status_code == 429
    assert "试过的无效登录码太多" in answer.text
    assert use(client, at, code).status_code == 429


def test_a_whole_meeting_signs_in_over_one_line(cast, browse, at):
    code = make(cast.vera).code
    for _ in range(caps.SLIPS_PER_ADDRESS.count + 1):
        assert use(browse(None), at, code).status_code == 303


def test_a_committee_member_prints_no_slip_that_opens_a_post(cast, browse, at):
    """Whoever holds it would be the other one; the administrator may."""
    address = at(f"/desk/slips/residents/{cast.sun.resident_id}")
    assert browse(cast.max).post(address).status_code == 403
    assert browse(cast.ada).post(address).status_code == 422
    own = at(f"/desk/slips/residents/{cast.vera.resident_id}")
    assert browse(cast.max).post(own).status_code == 422


def test_a_wrong_address_on_paper_says_so_at_once_and_counts_as_a_try(cast, browse, at):
    someone = browse(None)
    code = make(cast.vera).code
    assert someone.get(at(f"/slip/{code}")).status_code == 200
    for _n in range(caps.SLIPS_PER_ADDRESS.count):
        wrong = someone.get(at("/slip/ABCD2345WXYZ"))
        assert wrong.status_code == 422
        assert "没有" in wrong.text or "不" in wrong.text
    assert someone.get(at(f"/slip/{code}")).status_code == 429
    assert use(someone, at, code).status_code == 429


def test_a_closed_village_prints_nothing(cast, browse, at, village):
    ada = browse(cast.ada)
    household_id = home_of(cast.vera)
    with transaction():
        db.session.get_one(Region, village.id).closed_at = clock.now()
    for address in (
        "/desk/slips",
        f"/desk/slips/households/{household_id}",
        f"/desk/slips/residents/{cast.vera.resident_id}",
    ):
        answer = ada.post(at(address), data={"whose": 0, "seen": 0})
        assert answer.status_code == 409
        assert "这个村已关闭" in answer.text
    assert db.session.scalar(select(func.count()).select_from(AccessCode)) == 0
