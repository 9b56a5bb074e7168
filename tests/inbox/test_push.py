"""Web push against a push service of our own: it deciphers and checks what arrives."""

from datetime import timedelta

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from sqlalchemy import func, select, update

from portal.config import Settings
from portal.core import outbox
from portal.core.db import db, transaction
from portal.core.scope import all_villages
from portal.inbox import delivering, ports, push
from portal.inbox.models import PushSubscription
from portal.inbox.rules import DeliveryState, Fault, Way
from portal.people import posts
from portal.sign_in import service as signing_in
from portal.sign_in.models import AccountSession
from tests.inbox.conftest import DAY
from tests.inbox.push_server import b64


@pytest.fixture
def app(app, pushing):
    app.extensions["sms"] = None
    app.extensions["ways_health"] = delivering.Health()
    return app


@pytest.fixture
def signed_in(cast):
    """Sign somebody in, and return the session's id."""

    def _signed_in(person, now=DAY):
        with transaction():
            signing_in.start_session(person.account_id, now=now, days=30)
            query = select(func.max(AccountSession.id))
            return db.session.scalar(query)

    return _signed_in


@pytest.fixture
def subscribe(server, signed_in):
    def _subscribe(person, name="phone", **facts):
        wish = server.subscription(name) | facts
        with transaction():
            return push.subscribe(
                account_id=person.account_id, session_id=signed_in_id(person), now=DAY, **wish
            )

    def signed_in_id(person):
        query = select(func.max(AccountSession.id)).where(
            AccountSession.account_id == person.account_id
        )
        return db.session.scalar(query)

    return _subscribe


@pytest.fixture
def subscriptions():
    def _subscriptions():
        db.session.rollback()
        with all_villages("tests look everywhere"):
            return list(db.session.scalars(select(PushSubscription).order_by(PushSubscription.id)))

    return _subscriptions


def test_two_allow_the_same_browser_at_once(race, cast, signed_in, server, subscriptions):
    """The key of the browser is the last judge: it belongs to one of them, and nobody fails."""
    sessions_of = [(person.account_id, signed_in(person)) for person in (cast.vera, cast.max)]
    wish = server.subscription("phone")

    def one(index):
        account_id, session_id = sessions_of[index % 2]
        return push.subscribe(account_id=account_id, session_id=session_id, now=DAY, **wish)

    assert race(4, one) == [True] * 4
    (kept,) = subscriptions()
    assert (kept.account_id, kept.session_id) in sessions_of


def deliver(app, now=DAY):
    return delivering.deliver_waiting(app, now=now)


def test_a_push_can_be_read_by_the_browser_alone_and_says_nothing(
    app, cast, village, server, signed_in, subscribe, tell
):
    signed_in(cast.vera)
    assert subscribe(cast.vera)
    tell(cast.vera, kind="test.small", ends_at=DAY + timedelta(hours=2))
    assert deliver(app) == 1
    path, headers, body = server.pushes[0]
    assert path == "/phone"
    assert (headers["TTL"], headers["Urgency"]) == ("7200", "normal")
    assert b"rain" not in body
    assert server.read() == {
        "title": "青溪村",
        "body": "青溪村有新消息",
        "path": f"/v/{village.code}/inbox",
    }
    claims = server.check_signature(push.find_keys().public)
    assert claims["aud"] == server.origin
    assert claims["sub"] == "mailto:operator@example.org"
    assert claims["exp"] == int((DAY + timedelta(hours=12)).timestamp())


def test_another_key_would_not_have_signed_it(app, cast, server, signed_in, subscribe, tell):
    signed_in(cast.vera)
    subscribe(cast.vera)
    tell(cast.vera)
    deliver(app)
    other = ec.generate_private_key(ec.SECP256R1()).public_key()
    other_key = b64(other.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint))
    _, headers, _ = server.pushes[0]
    headers["Authorization"] = headers["Authorization"].split("k=")[0] + f"k={other_key}"
    with pytest.raises(InvalidSignature):
        server.check_signature(other_key)


@pytest.mark.parametrize("status", [404, 410])
def test_a_browser_that_is_gone_is_forgotten(
    app, cast, server, signed_in, subscribe, tell, deliveries, subscriptions, status
):
    signed_in(cast.vera)
    subscribe(cast.vera)
    tell(cast.vera)
    server.status = status
    assert deliver(app) == 0
    assert subscriptions() == []
    assert [(d.state, d.fault, d.fault_note) for d in deliveries()] == [
        (DeliveryState.GIVEN_UP, Fault.REFUSED, f"HTTP {status}")
    ]


@pytest.mark.parametrize("status", [429, 500, 503, 401])
def test_a_service_that_is_busy_is_asked_again(
    app, cast, server, signed_in, subscribe, tell, deliveries, status
):
    signed_in(cast.vera)
    subscribe(cast.vera)
    tell(cast.vera)
    server.status = status
    assert deliver(app) == 0
    server.status = 201
    assert deliver(app, DAY + timedelta(minutes=1)) == 1
    assert [d.state for d in deliveries()] == [DeliveryState.SENT]


def test_no_redirect_is_followed(app, cast, server, signed_in, subscribe, tell, deliveries):
    signed_in(cast.vera)
    subscribe(cast.vera)
    tell(cast.vera)
    server.status, server.location = 307, f"{server.origin}/elsewhere"
    assert deliver(app) == 0
    assert [path for path, _, _ in server.pushes] == ["/phone"]


def test_a_service_that_is_away_is_asked_again(
    app, cast, server, signed_in, subscribe, tell, deliveries
):
    signed_in(cast.vera)
    subscribe(cast.vera)
    tell(cast.vera)
    server.stop()
    assert deliver(app) == 0
    assert [(d.state, d.fault_note) for d in deliveries()] == [
        (DeliveryState.WAITING, "ConnectError")
    ]


def end_by_sign_out(cast):
    with all_villages("a test"):
        db.session.execute(update(AccountSession).values(ended_at=DAY))


def end_by_a_post(cast):
    posts.end_sessions(cast.vera.account_id, now=DAY + timedelta(seconds=1))


@pytest.mark.parametrize(
    ("end", "later"),
    [
        (end_by_sign_out, timedelta()),
        (end_by_a_post, timedelta(seconds=2)),
        (lambda cast: None, timedelta(days=31)),  # the session is too old
    ],
)
def test_when_the_session_is_over_nothing_is_shown(
    app, cast, server, signed_in, subscribe, tell, deliveries, subscriptions, end, later
):
    signed_in(cast.vera)
    subscribe(cast.vera)
    tell(cast.vera)
    with transaction():
        end(cast)
    assert deliver(app, DAY + later) == 0
    assert server.pushes == []
    assert subscriptions() == []
    assert [(d.state, d.fault) for d in deliveries()] == [(DeliveryState.GIVEN_UP, Fault.NOBODY)]


def test_a_browser_belongs_to_whoever_allowed_it_last(
    app, cast, server, signed_in, subscribe, tell, subscriptions
):
    signed_in(cast.vera)
    subscribe(cast.vera)
    signed_in(cast.max)
    subscribe(cast.max)
    assert [s.account_id for s in subscriptions()] == [cast.max.id]
    tell(cast.vera)
    assert deliver(app) == 0


def test_a_person_has_ten_browsers_at_most(cast, signed_in, subscribe, subscriptions):
    signed_in(cast.vera)
    for number in range(13):
        assert subscribe(cast.vera, f"phone-{number}")
    assert [s.endpoint.split("-")[1] for s in subscriptions()] == [str(n) for n in range(3, 13)]


@pytest.mark.parametrize(
    "wrong",
    [
        {"endpoint": "https://evil.example/push"},
        {"endpoint": "https://fcm.googleapis.com.evil.example/push"},
        {"p256dh": b64(b"\x04" + b"\x01" * 64)},  # no point of the curve
        {"p256dh": "not base64 !"},
        {"auth": b64(b"short")},
    ],
)
def test_what_no_browser_sends_is_refused(cast, signed_in, subscribe, subscriptions, wrong):
    signed_in(cast.vera)
    assert subscribe(cast.vera, **wrong) is False
    assert subscriptions() == []


def test_over_http_a_browser_is_allowed_and_forgotten(app, cast, browse, at, server, subscriptions):
    assert browse(None).post(at("/inbox/browser"), data=server.subscription()).status_code == 401
    assert (
        browse(cast.nora).post(at("/inbox/browser"), data=server.subscription()).status_code == 403
    )
    client = browse(cast.vera)
    assert push.find_keys().public in client.get(at("/inbox/wishes")).text
    assert client.post(at("/inbox/browser"), data=server.subscription()).status_code == 204
    assert [s.account_id for s in subscriptions()] == [cast.vera.id]
    assert "关闭" in client.get(at("/inbox/wishes")).text
    evil = server.subscription() | {"endpoint": "https://evil.example/x"}
    assert client.post(at("/inbox/browser"), data=evil).status_code == 400
    other = browse(cast.vera)  # another session of hers: that browser was not allowed
    assert "关闭" not in other.get(at("/inbox/wishes")).text
    assert client.post(at("/inbox/browser/off")).status_code == 303
    assert subscriptions() == []


def test_whoever_takes_back_that_they_agreed_is_told_in_no_browser(
    app, cast, server, signed_in, subscribe, tell, subscriptions
):
    signed_in(cast.vera)
    subscribe(cast.vera)
    tell(cast.vera)
    with transaction():
        ports.say(cast.vera.id, Way.PUSH, is_given=False, now=DAY)
    assert deliver(app) == 0
    assert server.pushes == []
    outbox.handle_now()
    assert subscriptions() == []


def test_allowing_a_browser_is_agreeing(app, cast, browse, at, server):
    client = browse(cast.vera)
    assert client.post(at("/inbox/browser"), data=server.subscription()).status_code == 204
    db.session.rollback()
    assert ports.with_consent([cast.vera.id], Way.PUSH) == {cast.vera.id}
    client.post(at("/inbox/browser/off"))
    db.session.rollback()
    assert ports.with_consent([cast.vera.id], Way.PUSH) == set()


def test_a_key_that_was_made_is_a_key(app, monkeypatch):
    made = app.test_cli_runner().invoke(args=["make-push-key"]).output.strip()
    assert Settings(push_private_key=made, push_contact="mailto:a@example.org")
    monkeypatch.setattr(app.config["SETTINGS"], "push_private_key", made)
    assert len(push.find_keys().public) == 87
