"""Shared phones: who is behind one door takes turns by PIN, and nobody else."""

import pytest
from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError
from sqlalchemy import select

from portal.core import clock
from portal.core.db import db, transaction
from portal.core.outbox import OutboxEvent
from portal.core.scope import village_scope
from portal.people import service as people
from portal.people.models import Account, Resident
from portal.sign_in import pins, rules, slips
from portal.sign_in.rules import Refusal
from tests.sign_in.conftest import sessions_of

VERA, MAX = "13800000001", "13800000002"
PIN = "2580"


@pytest.mark.parametrize(
    ("pin", "refusal"),
    [
        ("2580", None),
        ("258013", None),
        ("1212", None),
        ("258", Refusal.BAD_PIN),
        ("2580137", Refusal.BAD_PIN),
        ("25a0", Refusal.BAD_PIN),
        ("", Refusal.BAD_PIN),
        ("0000", Refusal.EASY_PIN),
        ("1234", Refusal.EASY_PIN),
        ("987654", Refusal.EASY_PIN),
    ],
)
def test_why_not_pin(pin, refusal):
    assert rules.why_not_pin(pin) is refusal


@pytest.fixture
def shared(cast):
    """Vera and Max have one phone; both have a PIN."""
    with transaction():
        db.session.get_one(Resident, cast.max.resident_id).phone = VERA
        for person in (cast.vera, cast.max):
            pins.set_pin(person.account_id, PIN, session_id=0, now=clock.now())
    return cast


@pytest.fixture
def sign_in(app, browse, at):
    """Sign somebody in on the shared phone."""

    def _sign_in(person):
        client = browse(None)
        client.post(at("/sign-in/phone"), data={"phone": VERA})
        code = app.extensions["sms"].messages[-1][1][:6]
        done = client.post(at("/sign-in/code"), data={"code": code})
        if done.location.endswith("/who"):
            client.post(at("/sign-in/who"), data={"who": f"r{person.resident_id}"})
        return client

    return _sign_in


def turn(client, at, person, pin=PIN):
    return client.post(at("/sign-in/switch"), data={"account_id": person.account_id, "pin": pin})


def tries_of(person):
    db.session.rollback()
    return db.session.scalar(select(Account.pin_tries).where(Account.id == person.account_id))


def test_max_takes_his_turn_on_the_shared_phone(app, shared, sign_in, at):
    client = sign_in(shared.vera)
    before = client.get_cookie(app.config["SIGN_IN_COOKIE"]).value
    assert "换人使用" in client.get(at("/me")).text
    page = client.get(at("/sign-in/switch")).text
    assert "切换到Max" in page
    assert "Sun" not in page
    assert turn(client, at, shared.max).location == at("/")
    assert "Max" in client.get(at("/me")).text
    assert client.get_cookie(app.config["SIGN_IN_COOKIE"]).value != before
    assert [s.ended_at is not None for s in sessions_of(shared.vera)] == [True]
    assert [s.door for s in sessions_of(shared.max)] == ["pin"]
    client.set_cookie(app.config["SIGN_IN_COOKIE"], before)
    assert "您还没有登录" in client.get(at("/me")).text


def test_and_vera_takes_it_back(shared, sign_in, at):
    client = sign_in(shared.vera)
    turn(client, at, shared.max)
    turn(client, at, shared.vera)
    assert "Vera" in client.get(at("/me")).text


def test_behind_one_slip_too(cast, village, browse, at):
    with transaction():
        home = db.session.get_one(Resident, cast.vera.resident_id).household_id
        anna = Resident(
            household_id=home,
            group_id=db.session.get_one(Resident, cast.vera.resident_id).group_id,
            name="Anna",
        )
        db.session.add(anna)
        db.session.flush()
        account = people.account_of(anna.id)
        pins.set_pin(account.id, PIN, session_id=0, now=clock.now())
        slip = slips.make_slip(household_id=home, now=clock.now())
    client = browse(None)
    client.post(at("/sign-in/slip"), data={"slip": slip})
    client.post(at("/sign-in/who"), data={"who": f"r{cast.vera.resident_id}"})
    assert "切换到Anna" in client.get(at("/sign-in/switch")).text
    done = client.post(at("/sign-in/switch"), data={"account_id": account.id, "pin": PIN})
    assert done.status_code == 303
    assert "Anna" in client.get(at("/me")).text


def test_five_wrong_tries_and_then_not_even_the_right_one(shared, sign_in, at):
    client = sign_in(shared.vera)
    for _ in range(4):
        assert "切换密码不对" in turn(client, at, shared.max, "9999").text
    assert "输错五次" in turn(client, at, shared.max, "9999").text
    assert turn(client, at, shared.max).status_code == 422
    assert "Vera" in client.get(at("/me")).text
    assert "输错五次" in client.get(at("/sign-in/switch")).text


def test_a_lock_outlives_a_restart_and_opens_by_a_code(
    app, shared, sign_in, at, make_app, database
):
    client = sign_in(shared.vera)
    for _ in range(5):
        turn(client, at, shared.max, "9999")
    anew = make_app(database, create=False).test_client()
    name = app.config["SIGN_IN_COOKIE"]
    anew.set_cookie(name, client.get_cookie(name).value)
    assert "输错五次" in turn(anew, at, shared.max).text
    max_ = sign_in(shared.max)
    assert tries_of(shared.max) == 0
    assert "Max" in max_.get(at("/me")).text
    assert turn(client, at, shared.max).status_code == 303


def test_a_right_pin_gives_the_tries_back(shared, sign_in, at):
    client = sign_in(shared.vera)
    for _ in range(4):
        turn(client, at, shared.max, "9999")
    assert turn(client, at, shared.max).status_code == 303
    assert tries_of(shared.max) == 0


def test_eight_guesses_at_once_share_five_tries(shared, sign_in, race):
    sign_in(shared.vera)
    (session,) = sessions_of(shared.vera)
    results = race(
        8, lambda _: pins.try_pin(session.id, shared.max.account_id, "9999", now=clock.now())
    )
    assert sorted(results) == [Refusal.PIN_LOCKED] * 3 + [Refusal.WRONG_PIN] * 5


def test_two_turns_at_once_begin_one_session(shared, sign_in, race):
    sign_in(shared.vera)
    (session,) = sessions_of(shared.vera)
    results = race(
        3,
        lambda _: pins.take_turn(session.id, shared.max.account_id, now=clock.now(), days=1),
    )
    assert sum(isinstance(result, str) for result in results) == 1
    assert len(sessions_of(shared.max)) == 1


# --- who is not behind the door ----------------------------------------------------------------


def test_a_right_pin_opens_nothing_from_another_phone(shared, browse, at, code_by_phone):
    """Sun knows Max's PIN; his phone is another, and nothing is even counted."""
    client = code_by_phone("13800000003")
    assert "切换到" not in client.get(at("/sign-in/switch")).text
    assert turn(client, at, shared.max).status_code == 422
    assert "Sun" in client.get(at("/me")).text
    assert tries_of(shared.max) == 0


def test_nor_from_a_session_that_came_in_by_no_phone(shared, browse, at):
    client = browse(shared.vera)  # by passkey, say
    turn(client, at, shared.max)
    assert "Vera" in client.get(at("/me")).text


def test_nor_from_the_neighbours_page(shared, sign_in, at, neighbour):
    client = sign_in(shared.vera)
    done = client.post(
        at("/sign-in/switch", of=neighbour),
        data={"account_id": shared.max.account_id, "pin": PIN},
    )
    assert done.status_code == 422
    assert "Vera" in client.get(at("/me")).text


def test_who_has_no_pin_is_closed_or_moved_is_not_listed(shared, sign_in, at):
    client = sign_in(shared.vera)

    def listed():
        return "切换到Max" in client.get(at("/sign-in/switch")).text

    assert listed()
    with transaction():
        db.session.get_one(Resident, shared.max.resident_id).phone = "13811112222"
    assert not listed()
    with transaction():
        db.session.get_one(Resident, shared.max.resident_id).phone = VERA
        db.session.get_one(Account, shared.max.account_id).is_active = False
    assert not listed()
    with transaction():
        db.session.get_one(Account, shared.max.account_id).is_active = True
        pins.remove_pin(shared.max.account_id, session_id=0, now=clock.now())
    assert not listed()
    assert turn(client, at, shared.max).status_code == 422


def test_a_child_takes_no_turn(shared, sign_in, at):
    client = sign_in(shared.vera)
    with transaction():
        today = clock.today(clock.now())
        child = db.session.get_one(Resident, shared.max.resident_id)
        child.born_on = today.replace(year=today.year - 10, day=1)
    assert "切换到Max" not in client.get(at("/sign-in/switch")).text
    assert turn(client, at, shared.max).status_code == 422


def test_a_turn_gives_no_post_that_needs_a_proof(strict, shared, sign_in, at):
    client = sign_in(shared.vera)
    assert turn(client, at, shared.max).location.startswith(at("/sign-in/second?"))
    assert client.get(at("/desk/slips")).status_code == 302


def test_strangers_take_no_turn(cast, browse, at):
    assert browse(None).get(at("/sign-in/switch")).location == at("/sign-in")
    assert turn(browse(None), at, cast.vera).location == at("/sign-in")


@pytest.mark.parametrize("who", ["", "x", "-1", "99999999999", "1 or 1"])
def test_odd_numbers_are_nobody(shared, sign_in, at, who):
    client = sign_in(shared.vera)
    done = client.post(at("/sign-in/switch"), data={"account_id": who, "pin": PIN})
    assert done.status_code == 422


# --- one's own PIN -----------------------------------------------------------------------------


def test_somebody_sets_changes_and_removes_their_pin(app, cast, browse, at):
    client, other = browse(cast.vera), browse(cast.vera)

    def put(pin, again=None):
        return client.post(at("/sign-in/security/pin"), data={"pin": pin, "again": again or pin})

    assert "两次输入的不一样" in put("2580", "2581").text
    assert "太容易猜" in put("1234").text
    assert "四到六位" in put("25").text
    assert put("2580").status_code == 303
    assert "Vera" in other.get(at("/me")).text  # the first PIN ends nothing
    assert put("２５９０").status_code == 303
    assert "您还没有登录" in other.get(at("/me")).text
    assert "Vera" in client.get(at("/me")).text
    assert client.post(at("/sign-in/security/pin/remove")).status_code == 303
    assert not pins.has_pin(cast.vera.account_id)
    kinds = select(OutboxEvent.facts).where(OutboxEvent.kind == "sign-in.pin-changed")
    db.session.rollback()
    assert [facts["is_set"] for facts in db.session.scalars(kinds)] == [True, True, False]


def test_a_pin_is_kept_as_argon2_under_our_key(app, cast, village):
    with transaction():
        pins.set_pin(cast.vera.account_id, PIN, session_id=0, now=clock.now())
    kept = db.session.scalar(select(Account.pin_digest).where(Account.id == cast.vera.account_id))
    assert kept.startswith("$argon2id$")
    with pytest.raises(VerifyMismatchError):
        PasswordHasher().verify(kept, PIN)


def test_the_same_pin_is_kept_differently_for_each(cast, village):
    with transaction():
        for person in (cast.vera, cast.max):
            pins.set_pin(person.account_id, PIN, session_id=0, now=clock.now())
    kept = set(
        db.session.scalars(select(Account.pin_digest).where(Account.pin_digest.is_not(None)))
    )
    assert len(kept) == 2


def test_the_neighbours_page_shows_nora_her_own_pin(cast, browse, at, neighbour):
    client = browse(cast.nora)
    client.post(at("/sign-in/security/pin", of=neighbour), data={"pin": PIN, "again": PIN})
    with village_scope(neighbour.id):
        assert pins.has_pin(cast.nora.account_id)
