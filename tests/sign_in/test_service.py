"""Whoever is on the roster gets in, and nobody else; and out is out."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from portal.core import clock
from portal.core.db import db, transaction
from portal.core.scope import village_scope
from portal.people.models import Household
from portal.sign_in import challenges, slips
from portal.sign_in import service as signing_in
from portal.sign_in.models import AccountSession, SignInChallenge
from portal.sign_in.rules import Refusal
from portal.sign_in.views import REFUSALS


def ask(client, at, phone="13800000001"):
    return client.post(at("/sign-in/phone"), data={"phone": phone})


def code_of(app):
    return app.extensions["sms"].messages[-1][1][:6]


def test_a_villager_signs_in_by_phone_and_out_again(app, cast, browse, at):
    client = browse(None)
    assert ask(client, at).location == at("/sign-in/code")
    done = client.post(at("/sign-in/code"), data={"code": code_of(app)})
    assert done.location == at("/")
    assert "Vera" in client.get(at("/me")).text
    cookie = client.get_cookie(app.config["SIGN_IN_COOKIE"]).value
    client.post(at("/sign-out"))
    assert "您还没有登录" in client.get(at("/me")).text
    client.set_cookie(app.config["SIGN_IN_COOKIE"], cookie)  # a copy of the cookie is worth nothing
    assert "您还没有登录" in client.get(at("/me")).text


def test_after_signing_in_people_are_where_they_wanted_to_go(app, cast, browse, at):
    client = browse(None)
    client.get(at("/sign-in") + "?next=" + at("/take-part"))
    ask(client, at)
    assert client.post(at("/sign-in/code"), data={"code": code_of(app)}).location == at(
        "/take-part"
    )


@pytest.mark.parametrize(
    "target", ["//evil.example/", "https://evil.example/", "/\\evil.example", "javascript:alert(1)"]
)
def test_nobody_is_sent_to_another_house(app, cast, browse, at, target):
    client = browse(None)
    client.get(at("/sign-in"), query_string={"next": target})
    ask(client, at)
    assert client.post(at("/sign-in/code"), data={"code": code_of(app)}).location == at("/")


def test_an_unknown_number_looks_the_same_and_gets_nothing(app, cast, browse, at):
    client = browse(None)
    assert ask(client, at, "13800009999").location == at("/sign-in/code")
    assert app.extensions["sms"].messages == []
    page = client.post(at("/sign-in/code"), data={"code": "123456"})
    assert "验证码不对" in page.text


def test_the_neighbour_is_unknown_here(app, cast, browse, at):
    ask(browse(None), at, "13900000009")
    assert app.extensions["sms"].messages == []


@pytest.mark.parametrize("phone", ["", "1380000000", "abc"])
def test_what_is_no_number_is_refused_in_words(cast, browse, at, phone):
    page = ask(browse(None), at, phone)
    assert page.status_code == 422
    assert "手机号" in page.text


def test_five_tries_and_then_not_even_the_right_code(app, cast, browse, at):
    client = browse(None)
    ask(client, at)
    right = code_of(app)
    wrong = f"{(int(right) + 1) % 10**6:06d}"
    for _ in range(5):
        assert "验证码不对" in client.post(at("/sign-in/code"), data={"code": wrong}).text
    assert "输错五次" in client.post(at("/sign-in/code"), data={"code": right}).text


def test_eight_guesses_at_once_share_five_tries(app, cast, village, race):
    with transaction():
        token, _, code = signing_in.ask_for_code("13800000001", now=clock.now())
    wrong = f"{(int(code) + 1) % 10**6:06d}"
    results = race(8, lambda _: challenges.try_code(token, wrong, now=clock.now()))
    assert sorted(results) == [Refusal.NO_TRIES_LEFT] * 3 + [Refusal.WRONG_CODE] * 5


def test_a_code_is_bound_to_the_browser_that_asked(app, cast, browse, at):
    ask(browse(None), at)
    other = browse(None)
    ask(other, at, "13800000002")
    page = other.post(at("/sign-in/code"), data={"code": app.extensions["sms"].messages[0][1][:6]})
    assert page.status_code == 422


def test_a_code_opens_once(app, cast, village, race):
    now = clock.now()
    with transaction():
        token, _, code = signing_in.ask_for_code("13800000001", now=now)
        assert challenges.try_code(token, code, now=now) is None
    key = f"r{cast.vera.resident_id}"
    results = race(4, lambda _: signing_in.begin_session(token, key, now=now, days=1))
    assert sum(isinstance(r, str) for r in results) == 1


def test_a_code_is_good_for_ten_minutes(cast, village):
    now = clock.now()
    token, _, code = signing_in.ask_for_code("13800000001", now=now)
    late = now + timedelta(minutes=10)
    assert challenges.try_code(token, code, now=late) is Refusal.CODE_EXPIRED
    assert challenges.try_code(token, code, now=late - timedelta(seconds=1)) is None


def test_five_codes_an_hour(cast, browse, at):
    client = browse(None)
    for _ in range(5):
        assert ask(client, at).status_code == 302
    assert "五次" in ask(client, at).text


def test_a_household_signs_in_with_its_slip_and_says_who_it_is(app, cast, browse, at, village):
    with transaction():
        group_id = next(
            iter(
                signing_in.db.session.scalars(
                    select(Household.group_id).where(Household.number == "001")
                )
            )
        )
        made = slips.draw_slips(group_id=group_id)
        slips.keep_slips(made, seen_at=clock.now(), now=clock.now())
        signing_in.db.session.add(
            signing_in.Resident(
                household_id=made[0].household_id,
                group_id=group_id,
                name="Vinzenz",
                sex="male",
                is_representative=False,
            )
        )
    client = browse(None)
    done = client.post(at("/sign-in/slip"), data={"slip": made[0].code.lower()})
    assert done.location == at("/sign-in/who")
    page = client.get(done.location)
    assert "Vera" in page.text
    assert "Vinzenz" in page.text
    assert "Max" not in page.text
    assert client.post(at("/sign-in/who"), data={"who": f"r{cast.max.resident_id}"}).location == at(
        "/sign-in"
    )
    client.post(at("/sign-in/who"), data={"who": f"r{cast.vera.resident_id}"})
    assert "Vera" in client.get(at("/me")).text


def test_new_slips_end_the_old_ones(cast, browse, at, village):
    with transaction():
        old = slips.make_slip(account_id=cast.paula.id, now=clock.now())
        new = slips.make_slip(account_id=cast.paula.id, now=clock.now())
    assert browse(None).post(at("/sign-in/slip"), data={"slip": old}).status_code == 422
    assert browse(None).post(at("/sign-in/slip"), data={"slip": new}).location == at("/")


def test_a_slip_of_the_neighbour_opens_nothing_here(cast, browse, at, neighbour):
    with village_scope(neighbour.id), transaction():
        slip = slips.make_slip(account_id=cast.nora.id, now=clock.now())
    assert browse(None).post(at("/sign-in/slip"), data={"slip": slip}).status_code == 422


def test_a_neighbour_is_a_stranger_here(cast, browse, at):
    client = browse(cast.nora)
    assert "另一个村" in client.get(at("/me")).text
    assert client.get(at("/desk")).status_code == 403


def test_nothing_secret_is_kept_in_the_clear(app, cast, village):
    with transaction():
        token, _, code = signing_in.ask_for_code("13800000001", now=clock.now())
        session = signing_in.start_session(cast.vera.id, now=clock.now(), days=1)
        slip = slips.make_slip(account_id=cast.vera.id, now=clock.now())
    kept = []
    for table in (SignInChallenge, AccountSession, signing_in.AccessCode):
        kept += [
            str(tuple(r))
            for r in db.session.execute(
                select(*table.__table__.c).where(table.__table__.c.village_id == village.id)
            )
        ]
    for secret in (token, session, slip):
        assert not any(secret in row for row in kept)
    assert not any(f"'{code}'" in row for row in kept)


def test_old_sign_ins_are_forgotten(cast, village):
    now = clock.now()
    with transaction():
        signing_in.ask_for_code("13800000001", now=now - timedelta(days=2))
        signing_in.ask_for_code("13800000001", now=now)
        signing_in.start_session(cast.vera.id, now=now - timedelta(days=40), days=1)
        assert signing_in.prune(now=now) == 2
    assert db.session.scalar(select(func.count()).select_from(SignInChallenge)) == 1


def test_every_refusal_has_words():
    assert set(REFUSALS) == set(Refusal)
