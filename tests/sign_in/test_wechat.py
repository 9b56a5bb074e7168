"""WeChat opens the door for whoever tied it, in the browser that knocked, and for nobody else."""

import logging
import re
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from sqlalchemy import select

from portal.app import make_wechat
from portal.config import Settings
from portal.core import clock
from portal.core.db import db, transaction
from portal.core.errors import Refused
from portal.core.outbox import OutboxEvent
from portal.core.outside import House
from portal.core.scope import village_scope
from portal.people.models import Account, Resident
from portal.people.service import find_place
from portal.sign_in import sessions, wechat
from portal.sign_in.models import AccountSession, OutsideIdentity
from portal.sign_in.rules import Door, Refusal
from tests.sign_in.houses import WeChat, jsoned

INSIDE = {"User-Agent": "Mozilla/5.0 (Linux; Android 14) MicroMessenger/8.0.50"}
VERA, MAX = "oVeraVeraVeraVera0001", "oMaxMaxMaxMaxMaxMax01"


@pytest.fixture
def house():
    house = WeChat()
    yield house
    house.close()


@pytest.fixture
def app(app, house):
    app.extensions["wechat"] = wechat.WeChat(
        house.app_id,
        house.secret,
        "https://open.weixin.qq.com",
        House(house.origin, connect_seconds=0.5, read_seconds=0.5, whole_seconds=1),
    )
    return app


def tie(person, openid, house):
    with village_scope(person.village_id), transaction():
        wechat.tie(person.account_id, openid, app_id=house.app_id, now=clock.now())


def go(client, at, path="/sign-in/wechat"):
    """Go to WeChat; return what stands in the address."""
    answer = client.get(at(path), headers=INSIDE)
    address = answer.location
    if path != "/sign-in/wechat":
        address = re.search(r'href="(https://open[^"]+)"', answer.text)[1].replace("&amp;", "&")
    return address, parse_qs(urlsplit(address).query)


def come(client, at, code, state):
    return client.get(
        at("/sign-in/wechat/back"), query_string={"code": code, "state": state}, headers=INSIDE
    )


def knock(client, at, code):
    _, said = go(client, at)
    return come(client, at, code, said["state"][0])


def name_of(client, at):
    return re.findall("Vera|Max|Paula|Nora|您还没有登录", client.get(at("/me")).text)[:1]


def said_at(client, at):
    return client.get(at("/sign-in")).text


def test_the_address_is_the_one_of_the_papers(app, cast, browse, at, house):
    address, said = go(browse(None), at)
    origin = app.config["SETTINGS"].public_url
    assert address.startswith(
        f"https://open.weixin.qq.com/connect/oauth2/authorize?appid={house.app_id}&"
    )
    assert address.endswith("#wechat_redirect")
    names = re.findall(r"[?&]([a-z_]+)=", address)
    assert names == ["appid", "redirect_uri", "response_type", "scope", "state"]
    assert said["redirect_uri"] == [f"{origin}{at('/sign-in/wechat/back')}"]
    assert said["scope"] == ["snsapi_base"]
    assert re.fullmatch(r"[0-9a-f]{64}", said["state"][0])


def test_somebody_ties_wechat_and_comes_in_by_it(app, cast, browse, at, house):
    vera = browse(cast.vera)
    _, said = go(vera, at, "/sign-in/security/wechat")
    assert come(vera, at, house.grant(VERA), said["state"][0]).location == at("/sign-in/security")
    assert "微信已绑定" in vera.get(at("/sign-in/security")).text
    other = browse(None)
    assert knock(other, at, house.grant(VERA)).status_code == 303
    assert name_of(other, at) == ["Vera"]
    kinds = db.session.scalars(select(OutboxEvent.kind).order_by(OutboxEvent.id)).all()
    assert kinds[-1] == "sign-in.wechat-changed"


def test_of_the_openid_only_a_digest_is_kept(app, cast, village, house):
    tie(cast.vera, VERA, house)
    row = db.session.execute(
        select(*OutsideIdentity.__table__.c).where(OutsideIdentity.village_id == village.id)
    ).one()
    assert VERA not in str(tuple(row))
    assert re.fullmatch(r"[0-9a-f]{64}", row.subject_digest)


def test_an_unknown_wechat_is_told_to_come_by_phone_or_slip(app, cast, browse, at, house):
    client = browse(None)
    assert knock(client, at, house.grant(VERA)).location == at("/sign-in")
    assert "您的微信还没有绑定本村的账号" in said_at(client, at)
    assert db.session.scalars(select(AccountSession)).all() == []


def test_a_strange_state_opens_nothing(app, cast, browse, at, house):
    tie(cast.vera, VERA, house)
    client = browse(None)
    go(client, at)
    code = house.grant(VERA)
    answer = come(client, at, code, "0" * 64)
    assert answer.location == at("/sign-in")
    assert "不是在这个浏览器里开始的" in said_at(client, at)
    assert house.heard == []  # the code was not even shown to WeChat


def test_the_state_of_another_browser_opens_nothing(app, cast, browse, at, house):
    """Whoever sends you their own way back cannot make you sign in as them."""
    tie(cast.max, MAX, house)
    attacker, victim = browse(None), browse(None)
    _, said = go(attacker, at)
    go(victim, at)
    come(victim, at, house.grant(MAX), said["state"][0])
    assert name_of(victim, at) == ["您还没有登录"]


def test_nobody_ties_their_wechat_to_somebody_else(app, cast, browse, at, house):
    attacker, victim = browse(cast.max), browse(cast.vera)
    _, said = go(attacker, at, "/sign-in/security/wechat")
    go(victim, at, "/sign-in/security/wechat")
    come(victim, at, house.grant(MAX), said["state"][0])
    assert db.session.scalars(select(OutsideIdentity)).all() == []


def test_the_way_back_is_for_whoever_began_it(app, cast, browse, at, house):
    client = browse(cast.vera)
    _, said = go(client, at, "/sign-in/security/wechat")
    with transaction():
        token = sessions.start_session(cast.max.id, now=clock.now(), days=1)
    client.set_cookie(app.config["SIGN_IN_COOKIE"], token)
    come(client, at, house.grant(VERA), said["state"][0])
    assert db.session.scalars(select(OutsideIdentity)).all() == []


def test_a_way_back_is_gone_once(app, cast, browse, at, house):
    tie(cast.vera, VERA, house)
    client = browse(None)
    _, said = go(client, at)
    kept = client.get_cookie("form").value
    come(client, at, house.grant(VERA), said["state"][0])
    again = browse(None)
    again.set_cookie("form", kept)  # the browser's own former cookie, played once more
    come(again, at, house.grant(VERA), said["state"][0])
    assert name_of(again, at) == ["您还没有登录"]


def test_a_way_back_takes_ten_minutes_at_most(app, cast, village):
    now = clock.now()
    with transaction():
        token, state = wechat.begin(now=now)
    with pytest.raises(Refused) as refused, transaction():
        wechat.come_back(token, state, now=now + timedelta(minutes=10))
    assert refused.value.reason is Refusal.WECHAT_STATE


def test_a_code_is_good_once(app, cast, browse, at, house):
    tie(cast.vera, VERA, house)
    code = house.grant(VERA)
    assert knock(browse(None), at, code).status_code == 303
    thief = browse(None)
    assert knock(thief, at, code).location == at("/sign-in")
    assert "微信没有确认您的身份" in said_at(thief, at)
    assert name_of(thief, at) == ["您还没有登录"]


@pytest.mark.parametrize(
    ("mood", "reason"),
    [
        ("close", Refusal.WECHAT_DOWN),
        ("hang", Refusal.WECHAT_DOWN),
        ("drip", Refusal.WECHAT_DOWN),
        ((200, "text/html", b"<html>"), Refusal.WECHAT_DOWN),
        ((502, "text/html", b""), Refusal.WECHAT_DOWN),
        ((301, "text/html", b""), Refusal.WECHAT_DOWN),
        (jsoned({}), Refusal.WECHAT_DOWN),
        (jsoned({"openid": 7}), Refusal.WECHAT_DOWN),
        (jsoned({"openid": ""}), Refusal.WECHAT_DOWN),
        (jsoned({"openid": "o" * 500}), Refusal.WECHAT_DOWN),
        (jsoned({"errcode": -1, "errmsg": "system error"}), Refusal.WECHAT_DOWN),
        (jsoned({"errcode": 40125, "errmsg": "invalid appsecret"}), Refusal.WECHAT_DOWN),
        (jsoned({"errcode": 45011, "errmsg": "api minute-quota"}), Refusal.WECHAT_DOWN),
        (jsoned({"errcode": "x", "openid": VERA}), Refusal.WECHAT_DOWN),
        (jsoned({"errcode": 40029, "errmsg": "invalid code"}), Refusal.WECHAT_REFUSED),
        (jsoned({"errcode": 40163, "openid": VERA}), Refusal.WECHAT_REFUSED),
        (jsoned({"openid": VERA, "is_snapshotuser": 1}), Refusal.WECHAT_SNAPSHOT),
    ],
    ids=range(17),
)
def test_whatever_else_wechat_answers_opens_nothing(app, cast, house, mood, reason):
    tie(cast.vera, VERA, house)
    house.moods = [mood]
    with pytest.raises(Refused) as refused:
        app.extensions["wechat"].openid_of("a-code")
    assert refused.value.reason is reason
    assert len(house.heard) == 1  # a code is shown once only


def test_wechat_that_is_down_is_told_on_the_page(app, cast, browse, at, house):
    tie(cast.vera, VERA, house)
    house.moods = ["close"]
    client = browse(None)
    assert knock(client, at, "a-code").location == at("/sign-in")
    assert "微信暂时没有回应" in said_at(client, at)


def test_whoever_says_no_in_wechat_comes_back_without_a_code(app, cast, browse, at, house):
    client = browse(None)
    assert knock(client, at, "").location == at("/sign-in")
    assert house.heard == []


def test_nobody_of_another_village_gets_in(app, cast, browse, at, house, neighbour):
    tie(cast.nora, VERA, house)
    client = browse(None)
    assert knock(client, at, house.grant(VERA)).location == at("/sign-in")
    assert name_of(client, at) == ["您还没有登录"]
    home = browse(None)
    _, said = go(home, lambda path: at(path, neighbour))
    answer = come(home, lambda path: at(path, neighbour), house.grant(VERA), said["state"][0])
    assert answer.status_code == 303


def test_the_way_to_one_village_does_not_lead_back_to_another(
    app, cast, browse, at, house, neighbour
):
    tie(cast.nora, VERA, house)
    client = browse(None)
    _, said = go(client, at)
    come(client, lambda path: at(path, neighbour), house.grant(VERA), said["state"][0])
    assert db.session.scalars(select(AccountSession)).all() == []


def test_one_wechat_may_be_tied_in_two_villages(app, cast, village, house):
    tie(cast.vera, VERA, house)
    tie(cast.nora, VERA, house)
    assert wechat.find_tied(VERA, app_id=house.app_id) == cast.vera.id


def test_wechat_verifies_nobody(app, cast, browse, at, house):
    """Otto is on no roster, and no WeChat changes that."""
    tie(cast.otto, VERA, house)
    client = browse(None)
    knock(client, at, house.grant(VERA))
    token = client.get_cookie(app.config["SIGN_IN_COOKIE"]).value
    viewer = sessions.find_viewer(
        token,
        place=find_place(at("")[3:]),
        now=clock.now(),
        is_factor_required=True,
    )
    assert viewer.parts == frozenset()
    assert viewer.is_strong is False


def test_a_post_still_waits_for_its_second_proof(app, cast, browse, at, house):
    app.config["SECOND_FACTOR_REQUIRED"] = True
    tie(cast.max, MAX, house)
    client = browse(None)
    answer = knock(client, at, house.grant(MAX))
    assert answer.location.startswith(at("/sign-in/second"))
    assert client.get(at("/desk/slips")).status_code == 302


@pytest.mark.parametrize("what", ["closed", "young"])
def test_whoever_is_let_in_by_no_door_is_not_let_in_by_this(
    app, cast, browse, at, house, village, what
):
    tie(cast.vera, VERA, house)
    with transaction():
        if what == "closed":
            db.session.get_one(Account, cast.vera.id).is_active = False
        else:
            young = clock.today(clock.now()) - timedelta(days=365 * 10)
            db.session.get_one(Resident, cast.vera.resident_id).born_on = young
    client = browse(None)
    assert knock(client, at, house.grant(VERA)).location == at("/sign-in")
    assert name_of(client, at) == ["您还没有登录"]


def test_untied_it_opens_nothing_and_what_it_opened_is_shut(app, cast, browse, at, house):
    tie(cast.vera, VERA, house)
    by_wechat, by_phone = browse(None), browse(cast.vera)
    knock(by_wechat, at, house.grant(VERA))
    assert by_phone.post(at("/sign-in/security/wechat/untie")).status_code == 303
    assert name_of(by_wechat, at) == ["您还没有登录"]
    assert name_of(by_phone, at) == ["Vera"]
    client = browse(None)
    knock(client, at, house.grant(VERA))
    assert name_of(client, at) == ["您还没有登录"]


def test_nobody_unties_but_the_owner(app, cast, browse, at, house):
    tie(cast.vera, VERA, house)
    for person in (cast.max, cast.nora, cast.otto, None):
        browse(person).post(at("/sign-in/security/wechat/untie"))
    assert wechat.is_tied(cast.vera.id)


def test_one_account_has_one_wechat_and_one_wechat_one_account(app, cast, village, house):
    tie(cast.vera, VERA, house)
    for person, openid in ((cast.vera, MAX), (cast.max, VERA)):
        with pytest.raises(Refused) as refused:
            tie(person, openid, house)
        assert refused.value.reason is Refusal.WECHAT_TAKEN


def test_of_two_who_tie_one_wechat_at_once_one_does(app, cast, village, house, race):
    people = [cast.vera, cast.max, cast.sun, cast.wang]

    def tie_one(index):
        wechat.tie(people[index].account_id, VERA, app_id=house.app_id, now=clock.now())
        return "tied"

    results = race(4, tie_one)
    assert results.count("tied") == 1
    assert [r.reason for r in results if r != "tied"] == [Refusal.WECHAT_TAKEN] * 3


def test_of_four_wechats_tied_to_one_account_at_once_one_is(app, cast, village, house, race):
    def tie_one(index):
        wechat.tie(cast.vera.id, f"oOne{index}OneOneOne", app_id=house.app_id, now=clock.now())
        return "tied"

    assert race(4, tie_one).count("tied") == 1


def test_a_way_back_is_taken_by_one_of_four_at_once(app, cast, village, race):
    with transaction():
        token, state = wechat.begin(now=clock.now())
    results = race(4, lambda _: wechat.come_back(token, state, now=clock.now()))
    assert results.count(None) == 1


def test_the_button_is_shown_inside_wechat_alone(app, cast, browse, at):
    client = browse(None)
    assert "微信登录" in client.get(at("/sign-in"), headers=INSIDE).text
    assert "微信登录" not in client.get(at("/sign-in")).text
    vera = browse(cast.vera)
    assert "请在微信里打开本页" in vera.get(at("/sign-in/security/wechat")).text
    assert "微信登录" in vera.get(at("/sign-in/security")).text


def test_a_house_without_wechat_has_no_such_door(app, cast, browse, at):
    app.extensions["wechat"] = None
    client = browse(None)
    assert "微信登录" not in client.get(at("/sign-in"), headers=INSIDE).text
    assert client.get(at("/sign-in/wechat")).status_code == 404
    assert client.get(at("/sign-in/wechat/back")).status_code == 404
    assert browse(cast.vera).get(at("/sign-in/security/wechat")).status_code == 404


def test_no_log_hears_the_secret_the_code_or_the_openid(app, cast, browse, at, house, caplog):
    caplog.set_level(logging.DEBUG)
    for name in ("httpx", "httpcore", "httpcore.connection", "httpcore.http11"):
        caplog.set_level(logging.DEBUG, logger=name)
    tie(cast.vera, VERA, house)
    house.moods = ["well", "close", house.fault(40125, f"invalid {house.secret}")]
    codes = [house.grant(VERA), "second-code", "third-code"]
    for code in codes:
        knock(browse(None), at, code)
    said = "\n".join(f"{r.name} {r.getMessage()} {r.exc_text} {r.args!r}" for r in caplog.records)
    said += repr(app.extensions["wechat"])
    assert "WeChat refused us: errcode 40125" in said
    for secret in (house.secret, VERA, *codes):
        assert secret not in said


# --- settings ----------------------------------------------------------------------------------

OURS = {"wechat_app_id": WeChat.app_id, "wechat_secret": WeChat.secret}
PRODUCTION = {
    "production": True,
    "secret_key": "0123456789abcdef0123456789abcdef",
    "record_key": "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
    "second_factor": "required",
    "sms": "none",
    "public_url": "https://village.example",
}


def test_production_asks_wechat_itself():
    made = make_wechat(Settings(**OURS, **PRODUCTION))
    assert made.door == "https://open.weixin.qq.com"
    assert made.house.origin == "https://api.weixin.qq.com"
    assert WeChat.secret not in repr(made)
    assert make_wechat(Settings()) is None


@pytest.mark.parametrize("name", ["wechat_door", "wechat_endpoint"])
@pytest.mark.parametrize("origin", ["http://api.weixin.qq.com", "https://evil.example"])
def test_production_asks_no_other_house(name, origin):
    with pytest.raises(ValueError, match=f"PORTAL_{name.upper()} is for tests only") as raised:
        Settings(**OURS, **PRODUCTION, **{name: origin})
    assert WeChat.secret not in str(raised.value)


@pytest.mark.parametrize("half", list(OURS))
def test_an_app_without_its_secret_starts_nothing(half):
    with pytest.raises(ValueError, match="go together"):
        Settings(**{half: OURS[half]})


def test_the_session_says_by_which_door_it_came(app, cast, browse, at, house):
    tie(cast.vera, VERA, house)
    knock(browse(None), at, house.grant(VERA))
    db.session.rollback()
    assert db.session.scalars(select(AccountSession.door)).all() == [Door.WECHAT]
