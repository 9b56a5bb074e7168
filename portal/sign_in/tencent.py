"""Sends messages by Tencent Cloud SMS: SendSms of 2021-01-11, signed with TC3-HMAC-SHA256.

The signature: https://cloud.tencent.com/document/api/382/52072; the request and its answers:
https://cloud.tencent.com/document/api/382/55981; the error words: …/382/59177.
"""

import hashlib
import hmac
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from portal.core import clock
from portal.core.outside import House, NoAnswer, NotReached
from portal.sign_in.sms import SENT, Answer, Kind, Outcome

ALGORITHM = "TC3-HMAC-SHA256"
SERVICE, ACTION, VERSION = "sms", "SendSms", "2021-01-11"
CONTENT_TYPE = "application/json; charset=utf-8"
LONGEST_PARAM = 60

# What is wrong with this phone or this text, and will be. Everything else may pass: a limit of the
# hour or the day, an empty account, a key or a template that the operator has yet to mend.
FOR_EVER = frozenset(
    {
        "FailedOperation.ContainSensitiveWord",
        "FailedOperation.PhoneNumberInBlacklist",
        "InvalidParameterValue.ContentLengthLimit",
        "InvalidParameterValue.IncorrectPhoneNumber",
        "InvalidParameterValue.ProhibitedUseUrlInTemplateParameter",
        "InvalidParameterValue.TemplateParameterFormatError",
        "InvalidParameterValue.TemplateParameterLengthLimit",
        "LimitExceeded.PhoneNumberSameContentDailyLimit",
        "UnsupportedOperation.ChineseMainlandTemplateToGlobalPhone",
        "UnsupportedOperation.UnsupportedRegion",
    }
)


@dataclass(frozen=True)
class Account:
    """Our account at the gateway, and the templates it has approved for us.

    The template of a code has two gaps, {1} the code and {2} its minutes; that of a notice one.
    """

    secret_id: str
    secret_key: str
    app_id: str
    sign_name: str
    templates: dict[Kind, str]
    region: str

    def __repr__(self) -> str:
        """Name the account without its key: this may end up in a log."""
        return f"Account(app_id={self.app_id!r})"


def sign(
    *, secret_id: str, secret_key: str, service: str, host: str, action: str, body: bytes, at: int
) -> str:
    """Return the Authorization of a POST to `/` at this Unix time (seconds)."""
    day = datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%d")
    scope = f"{day}/{service}/tc3_request"
    signed = "content-type;host;x-tc-action"
    request = "\n".join(
        (
            "POST",
            "/",
            "",
            f"content-type:{CONTENT_TYPE}",
            f"host:{host}",
            f"x-tc-action:{action.lower()}",
            "",
            signed,
            hashlib.sha256(body).hexdigest(),
        )
    )
    summary = "\n".join((ALGORITHM, str(at), scope, hashlib.sha256(request.encode()).hexdigest()))
    key = f"TC3{secret_key}".encode()
    for part in scope.split("/"):
        key = hmac.new(key, part.encode(), hashlib.sha256).digest()
    signature = hmac.new(key, summary.encode(), hashlib.sha256).hexdigest()
    return (
        f"{ALGORITHM} Credential={secret_id}/{scope}, SignedHeaders={signed}, Signature={signature}"
    )


class TencentSender:
    """Sends by the gateway. Shared by all threads; keeps nothing of what it sent."""

    is_slow = True

    def __init__(
        self, account: Account, house: House, *, now: Callable[[], datetime] = clock.now
    ) -> None:
        self.account, self.house, self.now = account, house, now

    def send(
        self, *, phone: str, text: str, kind: Kind = Kind.NOTICE, params: tuple[str, ...] = ()
    ) -> Answer:
        """Send a message; never raises.

        The gateway knows no repeated question from a new one, so a second try follows at once only
        where the first surely was not heard. Where the answer was lost the message may have left:
        that is LATER too, for a notice that comes twice is better than none.
        """
        body = self._body(phone, kind, params or (_one_line(text),))
        for is_last in (False, True):
            try:
                return read_answer(
                    self.house.ask("POST", "/", headers=self._head(body), content=body)
                )
            except NotReached as fault:
                if is_last:
                    return Answer(Outcome.LATER, f"not reached: {fault}")
            except NoAnswer as fault:
                return Answer(Outcome.LATER, f"no answer: {fault}")
        raise AssertionError("the last try returns")

    def _body(self, phone: str, kind: Kind, params: tuple[str, ...]) -> bytes:
        return json.dumps(
            {
                "PhoneNumberSet": [f"+86{phone}"],
                "SmsSdkAppId": self.account.app_id,
                "SignName": self.account.sign_name,
                "TemplateId": self.account.templates[kind],
                "TemplateParamSet": list(params),
            },
            ensure_ascii=False,
        ).encode()

    def _head(self, body: bytes) -> dict[str, str]:
        at = int(self.now().timestamp())
        return {
            "Content-Type": CONTENT_TYPE,
            "Host": self.house.host,
            "X-TC-Action": ACTION,
            "X-TC-Version": VERSION,
            "X-TC-Region": self.account.region,
            "X-TC-Timestamp": str(at),
            "Authorization": sign(
                secret_id=self.account.secret_id,
                secret_key=self.account.secret_key,
                service=SERVICE,
                host=self.house.host,
                action=ACTION,
                body=body,
                at=at,
            ),
        }


def read_answer(answer: dict[str, Any]) -> Answer:
    """Return what the gateway's answer means. Only its error word goes on, never its message."""
    response = answer.get("Response")
    if not isinstance(response, dict):
        return Answer(Outcome.LATER, "no answer: no Response")
    error = response.get("Error")
    if isinstance(error, dict):
        return _why_not(error.get("Code"))
    statuses = response.get("SendStatusSet")
    if not isinstance(statuses, list) or len(statuses) != 1 or not isinstance(statuses[0], dict):
        return Answer(Outcome.LATER, "no answer: no status")
    word = statuses[0].get("Code")
    return SENT if word == "Ok" else _why_not(word)


def _why_not(word: object) -> Answer:
    if not isinstance(word, str) or not re.fullmatch(r"[A-Za-z.]{1,80}", word):
        return Answer(Outcome.LATER, "no answer: no error word")
    return Answer(Outcome.REFUSED if word in FOR_EVER else Outcome.LATER, word)


def _one_line(text: str) -> str:
    plain = " ".join(text.split())
    return plain if len(plain) <= LONGEST_PARAM else plain[: LONGEST_PARAM - 1] + "…"
