"""Codes by phone: bound to browser, village and number; used once; and as hard to guess as said."""

import random
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from bench.codes import Policy, exact, simulate
from portal.core import clock, limits
from portal.core.db import db, transaction
from portal.core.limits import RateCount
from portal.core.scope import village_scope
from portal.people import posts
from portal.people import service as people
from portal.people.models import Account, Region, Resident
from portal.people.rules import Role
from portal.sign_in import caps, challenges, rules
from portal.sign_in import service as signing_in
from portal.sign_in.models import AccountSession, SignInChallenge
from portal.sign_in.rules import Refusal
from tests.sign_in.conftest import sessions_of

VERA, MAX, NORA, NOBODY = "13800000001", "13800000002", "13900000009", "13877777777"


def ask(client, at, phone=VERA, **where):
    return client.post(at("/sign-in/phone", **where), data={"phone": phone})


def enter(client, at, code, **where):
    return client.post(at("/sign-in/code", **where), data={"code": code})


def sent(app):
    return [text[:6] for _, text in app.extensions["sms"].messages]


# --- one code, one browser, one number, one village --------------------------------------------


def test_a_code_of_one_number_opens_no_other(app, cast, browse, at):
    client = browse(None)
    ask(client, at, MAX)
    ask(client, at, VERA)
    to_max, _ = sent(app)
    assert enter(client, at, to_max).status_code == 422


def test_a_code_opens_in_no_other_village(app, cast, browse, at, neighbour):
    client = browse(None)
    ask(client, at)
    (code,) = sent(app)
    assert enter(client, at, code, of=neighbour).status_code == 422
    assert enter(client, at, code).location == at("/")


def test_a_copied_door_opens_in_no_other_village(app, cast, village, neighbour):
    now = clock.now()
    with transaction():
        token, _, code = signing_in.ask_for_code(VERA, now=now)
    with village_scope(neighbour.id), transaction():
        assert challenges.try_code(token, code, now=now) is Refusal.CODE_EXPIRED
    with transaction():
        assert challenges.try_code(token, code, now=now) is None
    with village_scope(neighbour.id):
        assert signing_in.candidates(token, now=now) == []


def test_a_code_was_used_once_it_was_used(app, cast, browse, at):
    client, other = browse(None), browse(None)
    ask(client, at)
    (code,) = sent(app)
    with client.session_transaction() as mine:
        door = mine["door"]
    enter(client, at, code)
    with other.session_transaction() as copied:
        copied["door"] = door
    assert enter(other, at, code).status_code == 422
    assert other.get(at("/sign-in/who")).location == at("/sign-in")
    assert len(sessions_of(cast.vera)) == 1


def test_of_one_browser_only_the_newest_code_opens(app, cast, browse, at):
    client = browse(None)
    ask(client, at)
    with client.session_transaction() as mine:
        older = mine["door"]
    ask(client, at)
    first, second = sent(app)
    assert enter(client, at, first).status_code == 422
    with client.session_transaction() as mine:
        newer, mine["door"] = mine["door"], older
    assert enter(client, at, first).status_code == 422
    with client.session_transaction() as mine:
        mine["door"] = newer
    assert enter(client, at, second).location == at("/")


def test_somebody_who_asks_for_my_number_shuts_no_door_of_mine(app, cast, browse, at):
    mine, stranger = browse(None), browse(None)
    ask(mine, at)
    ask(stranger, at)
    assert enter(mine, at, sent(app)[0]).location == at("/")


def test_a_code_in_full_width_digits_is_the_same_code(app, cast, browse, at):
    client = browse(None)
    ask(client, at)
    wide = "".join(chr(ord(c) + 0xFEE0) for c in sent(app)[0])
    assert enter(client, at, f" {wide[:3]} {wide[3:]} ").location == at("/")


# --- known and unknown numbers -----------------------------------------------------------------


def test_known_and_unknown_numbers_get_the_same_answer(app, cast, browse, at, count_queries):
    """Same status, same page, same headers, as many statements: nothing tells who is on the roster."""
    answers = []
    for phone in (VERA, NOBODY, NORA, MAX):
        client = browse(None)
        client.get(at("/sign-in"))
        with count_queries() as counted:
            answer = ask(client, at, phone)
        page = client.get(at("/sign-in/code"))
        wrong = enter(client, at, "000000" if "000000" not in sent(app) else "000001")
        shape = sorted(name for name, _ in answer.headers)
        answers.append(
            (answer.status_code, answer.location, shape, counted.n, page.text, wrong.text)
        )
    assert answers[1:] == answers[:1] * 3
    assert [phone for phone, _ in app.extensions["sms"].messages] == [VERA, MAX]


def test_numbers_that_nobody_has_cost_the_village_no_message(app, cast, browse, at):
    app.config["SETTINGS"] = app.config["SETTINGS"].model_copy(update={"sms_per_day": 1})
    for phone in (NOBODY, "13877777778", "13877777779"):
        ask(browse(None), at, phone)
    assert sent(app) == []
    ask(browse(None), at, VERA)
    assert len(sent(app)) == 1


def test_the_budget_of_the_day_is_kept_and_the_page_says_so(app, cast, browse, at):
    app.config["SETTINGS"] = app.config["SETTINGS"].model_copy(update={"sms_per_day": 2})
    for phone in (VERA, MAX):
        ask(browse(None), at, phone)
    for phone in ("13800000003", NOBODY):  # again alike
        page = ask(browse(None), at, phone)
        assert page.status_code == 422
        assert "短信" in page.text
    assert len(sent(app)) == 2


def test_many_at_once_share_the_budget(app, cast, race):
    app.config["SETTINGS"] = app.config["SETTINGS"].model_copy(update={"sms_per_day": 3})
    assert race(8, lambda _: caps.take_sms(now=clock.now())).count(True) == 3


# --- limits ------------------------------------------------------------------------------------


def test_five_codes_an_hour_and_ten_a_day(village):
    now = clock.now().replace(hour=3, minute=0, second=0, microsecond=0)
    told = [
        caps.take_code(VERA, f"10.0.0.{i}", now=now + timedelta(minutes=20 * i)) for i in range(14)
    ]
    assert told[:10] == [None] * 10
    assert told[10:] == [Refusal.TOO_MANY_TODAY] * 4
    told = [caps.take_code(MAX, f"10.0.1.{i}", now=now) for i in range(7)]
    assert told == [None] * 5 + [Refusal.TOO_MANY_CODES] * 2
    assert caps.take_code(MAX, "10.0.1.8", now=now + timedelta(hours=1)) is None


def test_a_phone_is_counted_over_all_villages_of_the_house(village, neighbour):
    now = clock.now()
    told = []
    for i in range(8):
        with village_scope((village if i % 2 else neighbour).id):
            told.append(caps.take_code(VERA, f"10.0.0.{i}", now=now))
    assert told == [None] * 5 + [Refusal.TOO_MANY_CODES] * 3


def test_thirty_numbers_an_hour_over_one_line(village):
    now = clock.now()
    told = [caps.take_code(f"138000{i:05d}", "10.0.0.1", now=now) for i in range(31)]
    assert told == [None] * 30 + [Refusal.BUSY_ADDRESS]
    assert caps.take_code("13800099999", "10.0.0.2", now=now) is None


def test_limits_outlive_a_restart(app, cast, browse, at, make_app, database):
    for _ in range(5):
        ask(browse(None), at)
    anew = make_app(database, create=False)
    assert "五次" in ask(anew.test_client(), at).text
    assert anew.extensions["sms"].messages == []


def test_no_phone_and_no_address_stand_in_the_counts(app, cast, browse, at):
    ask(browse(None), at)
    with village_scope(cast.vera.village_id):
        keys = list(db.session.scalars(select(RateCount.key)))
    assert keys
    assert not any(VERA in key or "127.0.0.1" in key for key in keys)


# --- guessing ----------------------------------------------------------------------------------


def test_guessing_opens_no_more_than_the_policy_allows():
    """The small form of `python -m bench.codes`: the house's own rule, guessed at by the clever."""
    policy = Policy()
    assert policy == Policy(digits=6, tries=5, per_hour=5, per_day=10)
    assert exact(policy) == pytest.approx(1 - (1 - 5e-6) ** 10)
    easy = Policy(digits=3)
    found = simulate(easy, days=2_000, seed=1)
    assert found.guesses == 2_000 * 50
    expected = exact(easy)
    spread = (expected * (1 - expected) / found.days) ** 0.5
    assert abs(found.days_opened / found.days - expected) < 4 * spread
    assert found.most_in_a_day == 50


def test_the_real_door_stops_a_guesser_where_the_simulation_does(app, village):
    """A whole day of guessing at the real service: fifty tries, not one more."""
    now = clock.now().replace(hour=1, minute=0, second=0, microsecond=0)
    judged, wrong = 0, random.Random(7)
    for minute in range(0, 20 * 60, 12):
        at_ = now + timedelta(minutes=minute)
        if caps.take_code(VERA, "10.0.0.1", now=at_) is not None:
            continue
        with transaction():
            token, _, code = signing_in.ask_for_code(VERA, now=at_)
        for _ in range(8):
            guess = f"{(int(code) + wrong.randrange(1, 10**6)) % 10**6:06d}"
            with transaction():
                judged += challenges.try_code(token, guess, now=at_) is Refusal.WRONG_CODE
    assert judged == rules.CODES_PER_DAY * rules.CODE_TRIES == 50


# --- the young ---------------------------------------------------------------------------------


def born(person, years, *, days=0):
    day = clock.today(clock.now())
    with transaction():
        resident = db.session.get_one(Resident, person.resident_id)
        resident.born_on = date(day.year - years, day.month, 1) + timedelta(days=days + day.day - 1)


@pytest.mark.parametrize(
    ("years", "days", "refusal"),
    [(14, 1, Refusal.TOO_YOUNG), (14, 0, None), (17, 0, None), (13, 0, Refusal.TOO_YOUNG)],
)
def test_nobody_under_14_comes_in_by_any_door(cast, village, years, days, refusal):
    born(cast.vera, years, days=days)
    now = clock.now()
    account = db.session.get_one(Account, cast.vera.account_id)
    assert signing_in.why_not_admit(account, now=now) is refusal


def test_a_child_is_told_why(app, cast, browse, at):
    born(cast.vera, 10)
    client = browse(None)
    ask(client, at)
    done = enter(client, at, sent(app)[0])
    assert done.location == at("/sign-in")
    assert "未满 14" in client.get(done.location).text
    assert sessions_of(cast.vera) == []


def test_of_a_household_only_the_older_are_let_in(app, cast, browse, at):
    born(cast.vera, 10)
    with transaction():
        db.session.get_one(Resident, cast.max.resident_id).phone = VERA
    client = browse(None)
    ask(client, at)
    page = client.get(enter(client, at, sent(app)[0]).location).text
    assert "未满 14" in page
    refused = client.post(at("/sign-in/who"), data={"who": f"r{cast.vera.resident_id}"})
    assert refused.location == at("/sign-in")
    assert client.post(at("/sign-in/who"), data={"who": f"r{cast.max.resident_id}"}).location == at(
        "/"
    )


# --- whose phone -------------------------------------------------------------------------------


def test_a_closed_account_gets_no_code(app, cast, browse, at):
    with transaction():
        db.session.get_one(Account, cast.vera.account_id).is_active = False
    ask(browse(None), at)
    assert sent(app) == []


def test_who_works_for_the_county_comes_in_here_while_the_post_runs(app, cast, village, browse, at):
    county = db.session.scalar(select(Region.id).where(Region.code == village.code[:6]))
    day = clock.today(clock.now())
    with village_scope(county), transaction():
        oda = people.add_account(name="Oda", phone="13800000088")
        posts.give_post(
            oda.id, Role.OPERATOR, now=clock.now(), begins_on=day, ends_on=day + timedelta(days=9)
        )
    now = clock.now()
    assert signing_in.is_known("13800000088", now=now)
    assert not signing_in.is_known("13800000088", now=now + timedelta(days=10))
    client = browse(None)
    ask(client, at, "13800000088")
    assert enter(client, at, sent(app)[0]).status_code == 303


def test_sign_ins_are_forgotten_and_counts_too(cast, village):
    now = clock.now()
    with transaction():
        signing_in.ask_for_code(VERA, now=now - timedelta(days=3))
    caps.take_code(VERA, "10.0.0.1", now=now - timedelta(days=3))
    with transaction():
        assert signing_in.prune(now=now) == 1
        limits.prune(now=now)
    left = select(func.count()).select_from(SignInChallenge)
    assert db.session.scalar(left) == 0
    assert db.session.scalar(select(func.count()).select_from(AccountSession)) == 0
