"""Sessions: begun anew at every door, ended on the server, listed and ended by their owner."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from portal.config import Settings, Sms
from portal.core import clock
from portal.core.access import Part
from portal.core.db import db, transaction
from portal.core.scope import enter_village, village_scope
from portal.people import posts
from portal.people import service as people
from portal.people.models import Account, AssistedSitting, Post
from portal.people.rules import AssistanceReason, Channel, Role
from portal.sign_in import factors, pins, sessions
from portal.sign_in import service as signing_in
from portal.sign_in.models import AccountSession
from portal.sign_in.rules import browser_label
from tests.sign_in.conftest import sessions_of

VERA, MAX = "13800000001", "13800000002"
STRANGER = "您还没有登录"


def cookie_of(app, client):
    return client.get_cookie(app.config["SIGN_IN_COOKIE"]).value


# --- what ends a session -----------------------------------------------------------------------


def by_sign_out(client, cast, at):
    client.post(at("/sign-out"))


def by_closing(client, cast, at):
    with transaction():
        db.session.get_one(Account, cast.max.account_id).is_active = False


def by_a_new_post(client, cast, at):
    with transaction():
        posts.give_post(
            cast.max.account_id, Role.GRID_WORKER, now=clock.now() + timedelta(seconds=1)
        )


def by_the_end_of_a_post(client, cast, at):
    post = db.session.scalar(select(Post.id).where(Post.account_id == cast.max.account_id))
    with transaction():
        posts.end_post(post, now=clock.now() + timedelta(seconds=1))


def by_starting_anew(client, cast, at):
    with transaction():
        factors.reset(
            cast.max.account_id,
            by_account_id=cast.ada.account_id,
            by_name="Ada",
            reason="lost",
            now=clock.now() + timedelta(seconds=1),
        )


def by_the_owner_elsewhere(client, cast, at):
    with transaction():
        sessions.end_sessions(cast.max.account_id, now=clock.now())


def by_a_changed_pin(client, cast, at):
    with transaction():
        pins.set_pin(cast.max.account_id, "2580", session_id=0, now=clock.now())
    with transaction():
        pins.set_pin(cast.max.account_id, "2590", session_id=0, now=clock.now())


def by_its_age(client, cast, at):
    with transaction():
        for row in sessions_of(cast.max):
            db.session.merge(row).expires_at = clock.now()


ENDS = [
    by_sign_out,
    by_closing,
    by_a_new_post,
    by_the_end_of_a_post,
    by_starting_anew,
    by_the_owner_elsewhere,
    by_a_changed_pin,
    by_its_age,
]


@pytest.mark.parametrize("ending", ENDS, ids=lambda e: e.__name__)
def test_an_old_cookie_opens_nothing(app, cast, browse, at, ending):
    client, copy = browse(cast.max), browse(None)
    copy.set_cookie(app.config["SIGN_IN_COOKIE"], cookie_of(app, client))
    assert copy.get(at("/desk/slips")).status_code == 200
    ending(client, cast, at)
    assert copy.get(at("/desk/slips")).location.startswith(at("/sign-in?next="))
    assert copy.post(at("/desk/slips"), data={}).status_code == 401
    assert STRANGER in copy.get(at("/me")).text


def test_signing_out_ends_the_sitting_too(app, cast, village, browse, at):
    client = browse(cast.max)
    now = clock.now()
    with transaction():
        sitting = AssistedSitting(
            helper_id=cast.max.account_id,
            witness_id=cast.sun.account_id,
            resident_id=cast.vera.resident_id,
            reason=AssistanceReason.ASKED,
            channel=Channel.ASSISTED,
            asked_at=now,
            witnessed_at=now,
            began_at=now,
            expires_at=now + timedelta(minutes=20),
        )
        db.session.add(sitting)
        db.session.flush()
        sitting_id = sitting.id
        db.session.merge(sessions_of_now(cast.max)).sitting_id = sitting_id
    assert client.post(at("/sign-out")).status_code == 303
    db.session.rollback()
    sitting = db.session.get_one(AssistedSitting, sitting_id, populate_existing=True)
    assert sitting.expires_at <= clock.now()  # whoever keeps the sittings tells the person


def sessions_of_now(person):
    query = select(AccountSession).where(AccountSession.account_id == person.account_id)
    return db.session.scalars(query).one()


# --- a new session each time -------------------------------------------------------------------


def test_a_planted_cookie_is_not_the_one_somebody_gets(app, cast, browse, at, code_by_phone):
    client = browse(None)
    client.set_cookie(app.config["SIGN_IN_COOKIE"], "planted")
    code_by_phone(VERA, client)
    assert cookie_of(app, client) != "planted"
    client.set_cookie(app.config["SIGN_IN_COOKIE"], "planted")
    assert STRANGER in client.get(at("/me")).text


def test_signing_in_over_a_session_ends_it(app, cast, browse, at, code_by_phone):
    client = browse(cast.max)
    before = cookie_of(app, client)
    code_by_phone(VERA, client)
    assert "Vera" in client.get(at("/me")).text
    client.set_cookie(app.config["SIGN_IN_COOKIE"], before)
    assert STRANGER in client.get(at("/me")).text


def test_the_form_cookie_of_before_is_gone(app, cast, browse, at, code_by_phone):
    client = browse(None)
    client.get(at("/sign-in") + "?next=" + at("/take-part"))
    code_by_phone(VERA, client)
    with client.session_transaction() as kept:
        assert "door" not in kept
        assert "next" not in kept


# --- the cookie --------------------------------------------------------------------------------

SAFE = {
    "production": True,
    "secret_key": "Zk3nW9qLr7Tx2VbY6mHc8JdPfGsA4uEo",
    "record_key": "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
    "sms": Sms.NONE,
    "second_factor": "required",
    "public_url": "https://village.example",
}


@pytest.mark.parametrize("database", ["sqlite"])
def test_the_cookie_is_for_this_house_and_for_no_script(app, cast, at, make_app, code_by_phone):
    client = code_by_phone(VERA)
    (flags,) = [c for c in client.last.headers.getlist("Set-Cookie") if c.startswith("sid=")]
    assert "HttpOnly" in flags
    assert "SameSite=Lax" in flags
    assert "Domain" not in flags
    live = make_app("sqlite", create=False, **SAFE)
    live.extensions["sms"] = app.extensions["sms"]
    client = live.test_client()
    with live.app_context():
        client.post(at("/sign-in/phone"), data={"phone": VERA}, base_url="https://village.example")
        code = app.extensions["sms"].messages[-1][1][:6]
        done = client.post(
            at("/sign-in/code"), data={"code": code}, base_url="https://village.example"
        )
    cookies = done.headers.getlist("Set-Cookie")
    (flags,) = [c for c in cookies if c.startswith("__Host-sid=")]
    assert {"Secure", "HttpOnly", "SameSite=Lax", "Path=/"} <= set(flags.split("; "))
    assert "Domain" not in flags
    assert all("Secure" in c for c in cookies)
    gone = client.post(at("/sign-out"), base_url="https://village.example")
    (flags,) = [c for c in gone.headers.getlist("Set-Cookie") if c.startswith("__Host-sid=")]
    assert "Max-Age=0" in flags
    assert "Secure" in flags


def test_a_cookie_of_another_name_is_not_ours(app, cast, browse, at):
    """Also one that old parsers took for ours (CVE-2023-23934)."""
    token = cookie_of(app, browse(cast.max))
    name = app.config["SIGN_IN_COOKIE"]
    for header in (f"={name}={token}", f"x{name}={token}", f"{name}x={token}", f"{name}="):
        page = app.test_client().get(at("/me"), headers={"Cookie": header})
        assert STRANGER in page.text, header


@pytest.mark.parametrize("token", ["", "x", "x" * 3900, "\x7f", "%00", "'--", "村"])
def test_no_odd_token_opens_anything(app, cast, browse, at, token):
    client = browse(None)
    client.set_cookie(app.config["SIGN_IN_COOKIE"], token)
    assert STRANGER in client.get(at("/me")).text


def test_pages_of_somebody_are_kept_by_nobody_on_the_way(cast, browse, at):
    for path in ("/sign-in/security", "/sign-in/security/pin", "/sign-in/switch"):
        page = browse(cast.vera).get(at(path))
        assert page.status_code == 200
        assert page.headers["Cache-Control"] == "private, no-store"
        assert "Cookie" in page.headers["Vary"]


# --- where they lead ---------------------------------------------------------------------------

ELSEWHERE = [
    "//evil.example/",
    "///evil.example",
    "https://evil.example/",
    "/\\evil.example",
    "\\\\evil.example",
    "javascript:alert(1)",
    "data:text/html,x",
    "/v/1\\..\\evil",
    "\t//evil.example",
    " https://evil.example",
]


@pytest.mark.parametrize("target", ELSEWHERE)
def test_nobody_is_led_to_another_house(strict, cast, browse, at, code_by_phone, totp, target):
    client = browse(None)
    client.get(at("/sign-in"), query_string={"next": target})
    assert code_by_phone(VERA, client).last.location == at("/")
    strong = browse(cast.max)
    with transaction():
        sessions_of_now_strong(cast.max)
    assert strong.get(at("/sign-in/second"), query_string={"next": target}).location == at("/me")


def sessions_of_now_strong(person):
    query = select(AccountSession).where(AccountSession.account_id == person.account_id)
    for row in db.session.scalars(query):
        row.strong_at = clock.now()


# --- the owner's list --------------------------------------------------------------------------

CHROME = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/130.0 Mobile Safari/537.36"
WECHAT = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0) AppleWebKit/605 MicroMessenger/8.0.49"


@pytest.mark.parametrize(
    ("agent", "label"),
    [
        (CHROME, "Chrome · Android"),
        (WECHAT, "WeChat · iPhone"),
        ("Mozilla/5.0 (Windows NT 10.0) Gecko/20100101 Firefox/128.0", "Firefox · Windows"),
        (
            "Mozilla/5.0 (Phone; OpenHarmony 5.0) Chrome/114 Safari HuaweiBrowser/5",
            "Huawei Browser · HarmonyOS",
        ),
        ("curl/8", ""),
        ("", ""),
    ],
)
def test_browser_label(agent, label):
    assert browser_label(agent) == label


def test_somebody_sees_where_they_are_signed_in_and_ends_it(app, cast, browse, at):
    mine, lost = browse(None), browse(None)
    for client, agent in ((mine, CHROME), (lost, WECHAT)):
        client.post(at("/sign-in/phone"), data={"phone": VERA})
        code = app.extensions["sms"].messages[-1][1][:6]
        client.post(at("/sign-in/code"), data={"code": code}, headers={"User-Agent": agent})
    browse(cast.max)
    page = mine.get(at("/sign-in/security")).text
    assert page.index("WeChat · iPhone") < page.index("Chrome · Android")
    assert page.count("本机") == 1
    assert page.count("验证码登录") == 2
    (there,) = re.findall(r"/sign-in/security/sessions/(\d+)/end", page)
    assert mine.post(at(f"/sign-in/security/sessions/{there}/end")).status_code == 303
    assert STRANGER in lost.get(at("/me")).text
    assert "Vera" in mine.get(at("/me")).text
    assert "WeChat · iPhone" not in mine.get(at("/sign-in/security")).text


def test_somebody_ends_all_others(app, cast, browse, at):
    mine, one, other, max_ = (browse(p) for p in (cast.vera, cast.vera, cast.vera, cast.max))
    assert mine.post(at("/sign-in/security/sessions/end-others")).status_code == 303
    assert [STRANGER in c.get(at("/me")).text for c in (mine, one, other, max_)] == [
        False,
        True,
        True,
        False,
    ]


def test_nobody_ends_somebody_elses_session(cast, browse, at):
    max_ = browse(cast.max)
    (row,) = sessions_of(cast.max)
    for person in (cast.vera, cast.ada, cast.nora):
        answer = browse(person).post(at(f"/sign-in/security/sessions/{row.id}/end"))
        assert answer.status_code == 404
    assert browse(None).post(at(f"/sign-in/security/sessions/{row.id}/end")).status_code == 401
    assert "Max" in max_.get(at("/me")).text


def test_the_list_asks_as_often_for_three_as_for_one(cast, browse, at, count_queries):
    client = browse(cast.vera)
    with count_queries() as one:
        client.get(at("/sign-in/security"))
    browse(cast.vera), browse(cast.vera)
    with count_queries() as three:
        client.get(at("/sign-in/security"))
    assert three.n == one.n


def test_a_session_of_the_neighbour_plays_no_part_here(cast, browse, at, neighbour):
    client = browse(cast.nora)
    assert client.get(at("/sign-in/switch")).status_code == 200
    assert client.get(at("/desk/sign-ins")).status_code == 403
    with village_scope(neighbour.id):
        count = db.session.scalar(select(func.count()).select_from(AccountSession))
    assert count == 1
    assert signing_in.find_account(cast.nora.account_id, now=clock.now()) is None


# --- production --------------------------------------------------------------------------------

UNSAFE = [
    ({"secret_key": ""}, "SECRET_KEY"),
    ({"secret_key": "k" * 31}, "SECRET_KEY"),
    ({"secret_key": "for-trying-out-only-never-in-production"}, "SECRET_KEY"),
    ({"secret_key": "k" * 32 + "only"}, "SECRET_KEY"),
    ({"secret_key": "try-out-key-" + "8" * 30}, "SECRET_KEY"),
    ({"secret_key": "a" * 64}, "SECRET_KEY"),
    ({"record_key": ""}, "RECORD_KEY"),
    ({"record_key": "0" * 64}, "RECORD_KEY"),
    ({"record_key": "01234567" * 8}, "RECORD_KEY"),
    (
        {"record_key": "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f6"},
        "RECORD_KEY",
    ),
    (
        {
            "record_key": "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
            "secret_key": "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
        },
        "RECORD_KEY",
    ),
    ({"record_earlier_keys": "abc"}, "record_earlier_keys"),
    ({"sms": "console"}, "PORTAL_SMS"),
    ({"second_factor": "offered"}, "SECOND_FACTOR"),
    ({"public_url": "http://village.example"}, "PUBLIC_URL"),
    ({"public_url": "http://127.0.0.1:8000"}, "PUBLIC_URL"),
    ({"push_test_origin": "http://127.0.0.1:1"}, "PUSH_TEST_ORIGIN"),
    ({"session_days": 366}, "session_days"),
    ({"sms_endpoint": "http://127.0.0.1:1"}, "SMS_ENDPOINT"),
    ({"wechat_door": "https://evil.example"}, "WECHAT_DOOR"),
    ({"wechat_endpoint": "https://evil.example"}, "WECHAT_ENDPOINT"),
]


@pytest.mark.parametrize(("unsafe", "named"), UNSAFE, ids=lambda v: str(v)[:50])
def test_production_refuses_what_is_unsafe(unsafe, named):
    with pytest.raises(ValueError, match=named):
        Settings(**SAFE | unsafe)


def test_production_takes_what_is_safe():
    assert Settings(**SAFE).production


def test_no_setting_lets_anybody_pass_unverified():
    """P27: there is no switch for it at all; whoever adds one has to name it here."""
    doubtful = [
        name
        for name in Settings.model_fields
        if re.search(r"skip|bypass|disable|insecure|unsafe|trust_all|debug|verif|test|demo", name)
    ]
    assert doubtful == ["push_test_origin"]


def test_a_fresh_house_lets_nobody_who_is_on_no_roster_vote(cast, browse, at):
    assert browse(cast.otto).get(at("/desk")).status_code == 403
    page = browse(cast.otto).get(at("/me"))
    assert page.status_code == 200


def test_many_are_found_at_once_as_each_alone(app, cast, browse, village, neighbour, count_queries):
    """Whoever listens is asked about with many others; it must never be answered otherwise."""
    now = clock.now()
    cookie = app.config["SIGN_IN_COOKIE"]
    tokens = [browse(person).get_cookie(cookie).value for person in vars(cast).values()]
    tokens += [browse(cast.vera).get_cookie(cookie).value, "never-given"]
    with transaction():
        sessions.end_session(tokens[-2], now=now)
        post = db.session.scalar(select(Post.id).where(Post.account_id == cast.paula.account_id))
        posts.end_post(post, now=now - timedelta(days=1))
    db.session.remove()
    enter_village(village.id)
    places = {place.id: place for place in map(people.find_village, (village.code, neighbour.code))}
    for is_factor_required in (False, True):
        facts = {"now": now, "is_factor_required": is_factor_required}
        alone = {
            (sessions.digest_of(token), place.id, place.code): viewer
            for token in tokens
            for place in places.values()
            if (viewer := sessions.find_viewer(token, place=place, **facts))
        }
        asked = [
            (sessions.digest_of(token), place.id, place.code)
            for token in tokens
            for place in places.values()
        ]
        with count_queries() as counted:
            together = sessions.find_viewers(asked, **facts)
        assert together == alone
        assert len(together) == 2 * len(vars(cast))
        assert sum("SELECT" in statement for statement in counted.statements) == 1
        parts = {part for viewer in together.values() for part in viewer.parts}
        assert (Part.COMMITTEE in parts) is not is_factor_required
        assert Part.PLANNER not in parts
