"""Web push: whose browser may be told, what is said, and how it leaves the house. Never commits.

What is sent says only that there is news, and from where: a phone shows it to whoever looks at it.
It is enciphered for that one browser (RFC 8291) and signed by this house (RFC 8292).
"""

import base64
import binascii
import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import httpx
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from flask import current_app
from py_vapid import Vapid02  # type: ignore[import-untyped]  # it comes without types
from pywebpush import WebPusher  # type: ignore[import-untyped]  # likewise
from sqlalchemy import delete, select

from portal.core import secrets
from portal.core.db import db, insert_or
from portal.core.scope import all_villages, require_village
from portal.inbox import rules
from portal.inbox.models import PushSubscription
from portal.inbox.rules import Outcome
from portal.people.models import Account
from portal.sign_in.models import AccountSession

TIMEOUT = 10.0
SIGNED_FOR = timedelta(hours=12)
BROWSERS_EACH = 10
"""A person has so many browsers; the oldest makes room for a new one."""


@dataclass(frozen=True)
class Keys:
    """The key pair by which push services know this house, and whom they may ask about it."""

    private: Vapid02
    public: str
    contact: str


def find_keys() -> Keys | None:
    """Return the keys of this house, or None: then it has no web push."""
    settings = current_app.config["SETTINGS"]
    if not settings.push_private_key or not settings.push_contact:
        return None
    private = Vapid02.from_raw(settings.push_private_key.encode())
    point = private.public_key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    public = base64.urlsafe_b64encode(point).rstrip(b"=").decode()
    return Keys(private, public, settings.push_contact)


# --- whose browser -----------------------------------------------------------------------------


def subscribe(
    *, account_id: int, session_id: int, endpoint: str, p256dh: str, auth: str, now: datetime
) -> bool:
    """Keep a browser that may be told, in place of what was known of it before.

    False where the address is none of a known push service, or the browser's key is none.
    """
    origin = current_app.config["SETTINGS"].push_test_origin
    if not rules.is_push_endpoint(endpoint, test_origins=(origin,) if origin else ()):
        return False
    if not _is_point(p256dh) or len(_bytes(auth)) != 16:
        return False
    digest = _digest(endpoint)
    with all_villages("a browser belongs to a person, wherever it was allowed"):
        db.session.execute(
            delete(PushSubscription).where(PushSubscription.endpoint_digest == digest)
        )
        mine = select(PushSubscription.id).where(PushSubscription.account_id == account_id)
        kept = mine.order_by(PushSubscription.id.desc()).limit(BROWSERS_EACH - 1)
        db.session.execute(
            delete(PushSubscription)
            .where(
                PushSubscription.account_id == account_id,
                PushSubscription.id.not_in(list(db.session.scalars(kept))),
            )
            .execution_options(synchronize_session=False)
        )
    facts = {
        "village_id": require_village(),
        "account_id": account_id,
        "session_id": session_id,
        "endpoint": endpoint,
        "p256dh": p256dh,
        "auth": auth,
        "made_at": now,
    }
    db.session.execute(  # of two at once in one browser the later one holds
        insert_or(PushSubscription)
        .values(**facts, endpoint_digest=digest)
        .on_conflict_do_update(index_elements=["endpoint_digest"], set_=facts)
    )
    return True


def unsubscribe_session(*, account_id: int, session_id: int) -> bool:
    """Forget whatever was allowed in this session; tell whether anything was."""
    return _forget(
        PushSubscription.account_id == account_id, PushSubscription.session_id == session_id
    )


def is_subscribed(*, session_id: int | None) -> bool:
    """Tell whether the browser of this session is told."""
    query = select(PushSubscription.id).where(PushSubscription.session_id == session_id)
    with all_villages("a browser belongs to a person, wherever it was allowed"):
        return db.session.scalar(query.limit(1)) is not None


def has_browser(account_id: int) -> bool:
    """Tell whether any browser of this person is told."""
    query = select(PushSubscription.id).where(PushSubscription.account_id == account_id)
    with all_villages("a browser belongs to a person, wherever it was allowed"):
        return db.session.scalar(query.limit(1)) is not None


def unsubscribe_all(account_id: int) -> bool:
    """Forget every browser of this person; tell whether there was any."""
    return _forget(PushSubscription.account_id == account_id)


def find_address(subscription_id: int, *, account_id: int, now: datetime) -> "Address | None":
    """Return where to send, or None: nobody may be told there any more, and it is forgotten.

    The session in which it was allowed must still be open: else the phone may be in other hands.
    """
    query = (
        select(PushSubscription.endpoint, PushSubscription.p256dh, PushSubscription.auth)
        .join(AccountSession, AccountSession.id == PushSubscription.session_id)
        .join(Account, Account.id == PushSubscription.account_id)
        .where(
            PushSubscription.id == subscription_id,
            PushSubscription.account_id == account_id,
            AccountSession.account_id == PushSubscription.account_id,
            AccountSession.ended_at.is_(None),
            AccountSession.expires_at > now,
            Account.is_active,
            Account.sessions_from.is_(None) | (AccountSession.began_at >= Account.sessions_from),
        )
    )
    with all_villages("a browser belongs to a person, wherever it was allowed"):
        row = db.session.execute(query).one_or_none()
    if row is None:
        forget(subscription_id)
        return None
    return Address(subscription_id, *row)


def forget(subscription_id: int) -> None:
    """Forget a browser that is not there any more."""
    _forget(PushSubscription.id == subscription_id)


def _forget(*criteria: Any) -> bool:
    with all_villages("a browser belongs to a person, wherever it was allowed"):
        gone = db.session.execute(
            delete(PushSubscription)
            .where(*criteria)
            .returning(PushSubscription.id)
            .execution_options(synchronize_session=False)
        )
        return bool(gone.all())


def _digest(endpoint: str) -> str:
    return secrets.digest("push", endpoint)


def _bytes(text: str) -> bytes:
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return b""


def _is_point(text: str) -> bool:
    try:
        ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), _bytes(text))
    except ValueError:
        return False
    return len(_bytes(text)) == 65


# --- leaving the house ------------------------------------------------------------------------


@dataclass(frozen=True)
class Address:
    """A browser behind a push service, and the keys that only it can read with."""

    subscription_id: int
    endpoint: str
    p256dh: str
    auth: str


@dataclass(frozen=True)
class Answer:
    """What a push service said. `is_gone`: that browser is not there any more."""

    outcome: Outcome
    note: str = ""
    is_gone: bool = False


def send(
    address: Address, facts: dict[str, str], *, is_urgent: bool, lives: timedelta, now: datetime
) -> Answer:
    """Send the facts to one browser and return what its push service said. Never raises OSError.

    No redirect is followed and no proxy of the environment is used: it goes to that host only.
    """
    keys = find_keys()
    if keys is None:
        return Answer(Outcome.LATER, "no keys")
    parts = urlsplit(address.endpoint)
    claims = {
        "aud": f"{parts.scheme}://{parts.netloc}",
        "exp": int((now + SIGNED_FOR).timestamp()),
        "sub": keys.contact,
    }
    browser = {
        "endpoint": address.endpoint,
        "keys": {"p256dh": address.p256dh, "auth": address.auth},
    }
    body = WebPusher(browser).encode(json.dumps(facts, ensure_ascii=False).encode())["body"]
    headers = {
        "Authorization": keys.private.sign(claims)["Authorization"],
        "Content-Encoding": "aes128gcm",
        "Content-Type": "application/octet-stream",
        "TTL": str(max(0, int(lives.total_seconds()))),
        "Urgency": "high" if is_urgent else "normal",
    }
    try:
        with httpx.Client(trust_env=False, follow_redirects=False, timeout=TIMEOUT) as client:
            status = client.post(address.endpoint, content=body, headers=headers).status_code
    except httpx.HTTPError as error:
        return Answer(Outcome.LATER, type(error).__name__)
    if status in (200, 201, 202, 204):
        return Answer(Outcome.SENT)
    if status in (404, 410):
        return Answer(Outcome.REFUSED, f"HTTP {status}", is_gone=True)
    if status in (400, 413):
        return Answer(Outcome.REFUSED, f"HTTP {status}")
    return Answer(Outcome.LATER, f"HTTP {status}")
