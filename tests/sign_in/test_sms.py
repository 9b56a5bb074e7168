"""Messages leave by the gateway: signed, once, and without a word in any log."""

import json
import logging
import socket
import time
from datetime import UTC, datetime

import pytest

from portal.app import make_sms_sender
from portal.config import Settings
from portal.core import outside
from portal.core.outside import House
from portal.sign_in import sms, tencent
from portal.sign_in.sms import SENT, Answer, ConsoleSender, Kind, Outcome
from tests.senders import OutboxSender
from tests.sign_in.houses import SmsGateway, jsoned

PHONE, CODE = "13800000001", "830417"
TEXT = "830417 是您登录青溪村的验证码，请勿告诉他人。"
SECRET = "do-not-tell-830417"


@pytest.fixture
def gateway():
    house = SmsGateway()
    yield house
    house.close()


def make_sender(gateway, *, origin=None, key=None, now=None, seconds=0.4):
    return tencent.TencentSender(
        tencent.Account(
            secret_id=gateway.secret_id,
            secret_key=key or gateway.secret_key,
            app_id="1400006666",
            sign_name="青溪村",
            templates={Kind.CODE: "1110", Kind.NOTICE: "2220"},
            region="ap-guangzhou",
        ),
        House(
            origin or gateway.origin,
            connect_seconds=seconds,
            read_seconds=seconds,
            whole_seconds=2 * seconds,
        ),
        **({"now": now} if now else {}),
    )


def send(sender, **facts):
    facts = {"phone": PHONE, "text": TEXT, "kind": Kind.CODE, "params": (CODE, "10")} | facts
    return sender.send(**facts)


# The example of the gateway's own paper on the signature (document/api/382/52072).
def test_the_signature_is_that_of_the_papers():
    body = (
        b'{"Limit": 1, "Filters": [{"Values": ["\\u672a\\u547d\\u540d"], "Name": "instance-name"}]}'
    )
    assert tencent.sign(
        secret_id="AKIDz8krbsJ5yKBZQpn74WFkmLPx3*******",
        secret_key="Gu5t9xGARNpq86cd98joQYCN3*******",
        service="cvm",
        host="cvm.tencentcloudapi.com",
        action="DescribeInstances",
        body=body,
        at=1551113065,
    ) == (
        "TC3-HMAC-SHA256 Credential=AKIDz8krbsJ5yKBZQpn74WFkmLPx3*******/2019-02-25/cvm/"
        "tc3_request, SignedHeaders=content-type;host;x-tc-action, Signature="
        "be4f67d323c78ab9acb7395e43c0dbcf822a9cfac32fea2449a7bc7726b770a3"
    )


def test_a_code_leaves_by_its_template(gateway):
    assert send(make_sender(gateway)) == SENT
    assert gateway.sent == [
        {
            "PhoneNumberSet": ["+8613800000001"],
            "SmsSdkAppId": "1400006666",
            "SignName": "青溪村",
            "TemplateId": "1110",
            "TemplateParamSet": ["830417", "10"],
        }
    ]
    asked = gateway.heard[0]["headers"]
    assert asked["content-type"] == "application/json; charset=utf-8"
    assert asked["host"] == gateway.origin.removeprefix("http://")
    assert abs(int(asked["x-tc-timestamp"]) - time.time()) < 5


def test_a_notice_is_the_gap_of_its_template(gateway):
    text = "青溪村：\n村规划表决已经开始。" + "长" * 80
    assert make_sender(gateway).send(phone=PHONE, text=text) == SENT
    assert gateway.sent[0]["TemplateId"] == "2220"
    (param,) = gateway.sent[0]["TemplateParamSet"]
    assert param.startswith("青溪村： 村规划表决已经开始。长长")
    assert len(param) == tencent.LONGEST_PARAM
    assert param.endswith("…")


def test_a_wrong_key_is_refused_and_may_be_mended(gateway):
    answer = send(make_sender(gateway, key="another"))
    assert answer == Answer(Outcome.LATER, "AuthFailure.SignatureFailure")
    assert gateway.sent == []


def test_the_day_of_the_signature_is_that_of_utc(gateway):
    """At half past seven in the village it is still yesterday in UTC."""
    moment = datetime(2026, 3, 1, 23, 30, tzinfo=UTC)
    gateway.clock = moment.timestamp
    assert send(make_sender(gateway, now=lambda: moment)) == SENT
    assert "/2026-03-01/sms/tc3_request" in gateway.heard[0]["headers"]["authorization"]


def test_a_clock_that_is_wrong_by_six_minutes_is_told(gateway):
    late = datetime.fromtimestamp(time.time() - 360, UTC)
    answer = send(make_sender(gateway, now=lambda: late))
    assert answer == Answer(Outcome.LATER, "AuthFailure.SignatureExpire")


@pytest.mark.parametrize(
    ("word", "outcome"),
    [
        ("LimitExceeded.DeliveryFrequencyLimit", Outcome.LATER),
        ("LimitExceeded.PhoneNumberDailyLimit", Outcome.LATER),
        ("LimitExceeded.PhoneNumberSameContentDailyLimit", Outcome.REFUSED),
        ("FailedOperation.InsufficientBalanceInSmsPackage", Outcome.LATER),
        ("FailedOperation.TemplateIncorrectOrUnapproved", Outcome.LATER),
        ("FailedOperation.PhoneNumberInBlacklist", Outcome.REFUSED),
        ("FailedOperation.ContainSensitiveWord", Outcome.REFUSED),
        ("InvalidParameterValue.IncorrectPhoneNumber", Outcome.REFUSED),
        ("InternalError.Timeout", Outcome.LATER),
        ("SomethingNew", Outcome.LATER),
    ],
)
def test_what_the_gateway_refuses_is_told_apart(gateway, word, outcome):
    gateway.moods = [gateway.status(word), gateway.error(word)]
    sender = make_sender(gateway)
    assert send(sender) == Answer(outcome, word)
    assert send(sender) == Answer(outcome, word)
    assert len(gateway.heard) == 2  # none was tried again by itself


@pytest.mark.parametrize(
    ("mood", "reason"),
    [
        ("close", "no answer: RemoteProtocolError"),
        ("hang", "no answer: ReadTimeout"),
        ("drip", "no answer: the answer is too slow"),
        ((200, "text/html", b"<html>login</html>"), "no answer: the answer is not JSON"),
        ((200, "application/json", b"\xff\xfe\x00"), "no answer: the answer is not JSON"),
        ((200, "application/json", b"[" * 60_000), "no answer: the answer is not JSON"),
        ((200, "application/json", b" " * 70_000), "no answer: the answer is too long"),
        ((200, "application/json", b"[]"), "no answer: the answer is not a JSON object"),
        ((500, "text/html", b"oh"), "no answer: the answer has status 500"),
        ((302, "text/html", b""), "no answer: the answer has status 302"),
        (jsoned({}), "no answer: no Response"),
        (jsoned({"Response": []}), "no answer: no Response"),
        (jsoned({"Response": {}}), "no answer: no status"),
        (jsoned({"Response": {"SendStatusSet": []}}), "no answer: no status"),
        (jsoned({"Response": {"SendStatusSet": [1]}}), "no answer: no status"),
        (jsoned({"Response": {"SendStatusSet": [{}]}}), "no answer: no error word"),
        (jsoned({"Response": {"Error": {"Code": SECRET}}}), "no answer: no error word"),
    ],
    ids=range(17),
)
def test_no_answer_is_later_and_is_asked_only_once(gateway, mood, reason):
    """Once: the message may have left already."""
    gateway.moods = [mood]
    assert send(make_sender(gateway)) == Answer(Outcome.LATER, reason)
    assert len(gateway.heard) == 1


@pytest.mark.alone
def test_a_gateway_that_drips_is_left_in_time(gateway):
    gateway.moods = ["drip"]
    began = time.monotonic()
    send(make_sender(gateway, seconds=0.3))
    assert time.monotonic() - began < 2


def test_who_was_surely_not_reached_is_tried_once_more():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    tried = []
    sender = make_sender(SmsGatewayNames, origin=f"http://127.0.0.1:{port}", now=clocked(tried))
    assert send(sender) == Answer(Outcome.LATER, "not reached: ConnectError")
    assert len(tried) == 2


class SmsGatewayNames:
    """The keys of the gateway, without a gateway."""

    secret_id, secret_key = SmsGateway.secret_id, SmsGateway.secret_key


def clocked(tried):
    def now():
        tried.append(1)
        return datetime.now(UTC)

    return now


def everything_said(caplog):
    return "\n".join(
        f"{record.name} {record.getMessage()} {record.exc_text} {record.args!r}"
        for record in caplog.records
    )


@pytest.mark.parametrize(
    "mood", ["well", "close", "hang", (500, "text/html", TEXT.encode()), "refused"]
)
def test_no_log_hears_a_code_a_phone_or_a_key(gateway, caplog, mood):
    caplog.set_level(logging.DEBUG)
    for name in ("httpx", "httpcore", "httpcore.connection", "httpcore.http11"):
        caplog.set_level(logging.DEBUG, logger=name)
    if mood == "refused":
        mood = gateway.error("LimitExceeded", f"{PHONE} {CODE} {gateway.secret_key}")
    gateway.moods = [mood]
    sender = make_sender(gateway)
    sms._send(sender, PHONE, TEXT, Kind.CODE, (CODE, "10"))
    said = everything_said(caplog) + repr(sender.account) + repr(vars(sender))
    assert (mood == "well") == ("was not sent" not in said)
    for secret in (CODE, PHONE, gateway.secret_key, gateway.secret_id, "青溪村"):
        assert secret not in said


def test_no_fault_carries_what_caused_it(gateway):
    gateway.moods = ["hang"]
    with pytest.raises(outside.NoAnswer) as raised:
        House(gateway.origin, read_seconds=0.2).ask("GET", "/", params={"secret": SECRET})
    assert raised.value.__suppress_context__
    assert SECRET not in str(raised.value)
    assert gateway.origin not in str(raised.value)


def test_others_who_use_httpx_are_heard_as_before(gateway, caplog):
    caplog.set_level(logging.INFO, logger="httpx")
    outside.httpx.get(gateway.origin + "/other")
    assert "/other" in everything_said(caplog)


# --- the portal --------------------------------------------------------------------------------

TENCENT = {
    "sms": "tencent",
    "sms_secret_id": SmsGateway.secret_id,
    "sms_secret_key": SmsGateway.secret_key,
    "sms_app_id": "1400006666",
    "sms_sign_name": "青溪村",
    "sms_code_template": "1110",
    "sms_notice_template": "2220",
}
PRODUCTION = {
    "production": True,
    "secret_key": "0123456789abcdef0123456789abcdef",
    "record_key": "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
    "second_factor": "required",
    "public_url": "https://village.example",
}


def test_production_starts_with_the_gateway():
    assert Settings(**TENCENT, **PRODUCTION).sms_endpoint == "https://sms.tencentcloudapi.com"


@pytest.mark.parametrize(
    "endpoint",
    [
        "http://sms.tencentcloudapi.com",
        "https://sms.tencentcloudapi.com.evil.example",
        "https://127.0.0.1:4443",
        "https://evil.example",
    ],
)
def test_production_gives_its_keys_to_no_other_house(endpoint):
    Settings(**TENCENT, sms_endpoint=endpoint)
    with pytest.raises(ValueError, match="PORTAL_SMS_ENDPOINT is for tests only"):
        Settings(**TENCENT, **PRODUCTION, sms_endpoint=endpoint)


@pytest.mark.parametrize("missing", [name for name in TENCENT if name != "sms"])
def test_a_gateway_half_said_starts_nothing(missing):
    with pytest.raises(ValueError, match=f"needs PORTAL_{missing.upper()}") as raised:
        Settings(**{name: value for name, value in TENCENT.items() if name != missing})
    assert SmsGateway.secret_key not in str(raised.value)


def test_settings_do_not_print_the_key():
    assert SmsGateway.secret_key not in repr(Settings(**TENCENT))


def test_a_fault_of_the_settings_prints_no_secret():
    with pytest.raises(ValueError, match="PORTAL_PUBLIC_URL") as raised:
        Settings(**TENCENT, **PRODUCTION | {"public_url": "http://village.example"})
    for secret in (SmsGateway.secret_key, PRODUCTION["secret_key"]):
        assert secret not in str(raised.value)


def test_the_portal_takes_the_sender_it_was_told(make_app):
    app = make_app(create=False)
    assert isinstance(app.extensions["sms"], OutboxSender)  # the tests' own


def sender_of(**settings):
    return make_sms_sender(Settings(secret_key="for tests", **settings))


def test_each_setting_has_its_sender():
    assert sender_of(sms="none") is None
    assert isinstance(sender_of(sms="console"), ConsoleSender)
    assert isinstance(sender_of(**TENCENT), tencent.TencentSender)


def test_a_villager_signs_in_by_a_code_of_the_gateway(app, cast, browse, at, gateway):
    sender = make_sender(gateway, seconds=5)
    app.extensions["sms"] = sender
    client = browse(None)
    assert client.post(at("/sign-in/phone"), data={"phone": PHONE}).status_code == 302
    code, minutes = waited_for(gateway)["TemplateParamSet"]
    assert minutes == "10"
    assert client.post(at("/sign-in/code"), data={"code": code}).status_code == 303


def waited_for(gateway):
    ends = time.monotonic() + 5
    while not gateway.sent and time.monotonic() < ends:
        time.sleep(0.01)
    return gateway.sent[0]


@pytest.mark.alone
def test_a_page_does_not_wait_for_a_gateway_that_hangs(app, cast, browse, at, gateway):
    gateway.moods = ["hang"]
    app.extensions["sms"] = make_sender(gateway, seconds=3)
    client = browse(None)
    began = time.monotonic()
    answer = client.post(at("/sign-in/phone"), data={"phone": PHONE})
    assert answer.location == at("/sign-in/code")
    assert time.monotonic() - began < 2
    gateway.is_over.set()


def test_the_page_is_the_same_when_the_gateway_refuses(app, cast, browse, at):
    app.extensions["sms"].answers = [Answer(Outcome.REFUSED, "LimitExceeded")]
    client = browse(None)
    assert client.post(at("/sign-in/phone"), data={"phone": PHONE}).location == at("/sign-in/code")
    assert app.extensions["sms"].messages == []


def test_the_console_prints(capsys):
    assert json.dumps(ConsoleSender().send(phone=PHONE, text=TEXT).outcome) == '"sent"'
    assert capsys.readouterr().out == f"[SMS] {PHONE}: {TEXT}\n"
