"""The village's own certificate: put in, made, renewed, taken out of use; its key is sealed."""

import base64
import json
from datetime import datetime, timedelta

from cryptography.fernet import InvalidToken
from sqlalchemy import func, select, update

from portal.core import outbox, secrets
from portal.core.db import db
from portal.core.errors import Refused
from portal.core.scope import require_village
from portal.disclosure import events, signing
from portal.disclosure.catalogue_models import DisclosureCertificate
from portal.disclosure.rules import Refusal
from portal.disclosure.signing import Key

WARN = timedelta(days=30)
"""How long before its end a certificate is to be renewed."""
MOST_BYTES = 64 * 1024


def find_certificate() -> DisclosureCertificate | None:
    """Return the certificate in use, or None."""
    return db.session.scalar(
        select(DisclosureCertificate)
        .where(DisclosureCertificate.ended_at.is_(None))
        .order_by(DisclosureCertificate.number.desc())
        .limit(1)
    )


def list_certificates() -> list[DisclosureCertificate]:
    """Return every certificate the village had, the newest first."""
    query = select(DisclosureCertificate).order_by(DisclosureCertificate.number.desc())
    return list(db.session.scalars(query))


def find_key(*, now: datetime) -> Key | None:
    """Return the key to sign with, or None. Raises Refused when its certificate has ended."""
    row = find_certificate()
    if row is None:
        return None
    if not row.begins_at <= now < row.ends_at:
        raise Refused(Refusal.CERTIFICATE_OVER)
    return _opened(row.sealed)


def put_in(data: bytes, password: str, *, account_id: int, now: datetime) -> DisclosureCertificate:
    """Use the key of a PKCS#12 file from now on. Raises Refused."""
    try:
        key = signing.read_pkcs12(data[: MOST_BYTES + 1], password)
    except (ValueError, TypeError) as fault:
        raise Refused(Refusal.BAD_KEY_FILE) from fault
    return _use(key, account_id=account_id, now=now)


def make(name: str, *, account_id: int | None, now: datetime) -> DisclosureCertificate:
    """Make a certificate that vouches for itself, and use it from now on."""
    return _use(signing.make_self_signed(name, now=now), account_id=account_id, now=now)


def end(*, now: datetime) -> bool:
    """Take the certificate out of use: what is generated from now on is not signed."""
    row = find_certificate()
    if row is None:
        return False
    row.ended_at = now
    db.session.flush()
    return True


def warn_of_ends(*, now: datetime) -> int:
    """Tell each village once that its certificate ends soon; a chore of every village."""
    found = db.session.execute(
        update(DisclosureCertificate)
        .where(
            DisclosureCertificate.ended_at.is_(None),
            DisclosureCertificate.warned_at.is_(None),
            DisclosureCertificate.ends_at < now + WARN,
        )
        .values(warned_at=now)
        .returning(DisclosureCertificate.id, DisclosureCertificate.village_id)
    ).all()
    for certificate_id, village_id in found:
        outbox.publish_in(
            village_id, events.CertificateEnds(certificate_id=certificate_id), now=now
        )
    return len(found)


def _use(key: Key, *, account_id: int | None, now: datetime) -> DisclosureCertificate:
    facts = signing.facts_of(key)
    if not facts.begins_at <= now < facts.ends_at:
        raise Refused(Refusal.CERTIFICATE_OVER)
    last = db.session.scalar(select(func.max(DisclosureCertificate.number))) or 0
    db.session.execute(
        update(DisclosureCertificate)
        .where(DisclosureCertificate.ended_at.is_(None))
        .values(ended_at=now)
    )
    row = DisclosureCertificate(
        number=last + 1,
        sealed=_sealed(key),
        subject=facts.subject,
        issuer=facts.issuer,
        fingerprint=facts.fingerprint,
        is_self_signed=facts.is_self_signed,
        begins_at=facts.begins_at,
        ends_at=facts.ends_at,
        account_id=account_id,
        made_at=now,
    )
    db.session.add(row)
    db.session.flush()
    return row


def _purpose() -> str:
    return f"village key {require_village()}"


def _sealed(key: Key) -> str:
    plain = {
        "private": _text(key.private),
        "certificate": _text(key.certificate),
        "chain": [_text(der) for der in key.chain],
        "fingerprint": key.fingerprint,
    }
    return secrets.seal(_purpose(), json.dumps(plain))


def _opened(sealed: str) -> Key:
    try:
        plain = json.loads(secrets.unseal(_purpose(), sealed))
    except InvalidToken as fault:  # another portal's secret, or another village's row
        raise Refused(Refusal.KEY_NOT_OURS) from fault
    return Key(
        private=base64.b64decode(plain["private"]),
        certificate=base64.b64decode(plain["certificate"]),
        chain=tuple(base64.b64decode(text) for text in plain["chain"]),
        fingerprint=plain["fingerprint"],
    )


def _text(der: bytes) -> str:
    return base64.b64encode(der).decode()
