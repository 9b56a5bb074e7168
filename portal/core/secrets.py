"""Codes and tokens: drawn at random, kept only as digests; what must be read again, enciphered."""

import base64
import hashlib
import hmac
import secrets

from cryptography.fernet import Fernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from flask import current_app

LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # none is easily mistaken for another


def token() -> str:
    """Return an opaque random text of 256 bits."""
    return secrets.token_urlsafe(32)


def digits(count: int) -> str:
    """Return that many random digits."""
    return "".join(str(secrets.randbelow(10)) for _ in range(count))


def letters(alphabet: str, count: int) -> str:
    """Return a random text of that many letters."""
    return "".join(secrets.choice(alphabet) for _ in range(count))


def digest(purpose: str, value: str) -> str:
    """Return the keyed digest under which a secret is kept: useless without our key."""
    key = str(current_app.config["SECRET_KEY"]).encode()
    return hmac.new(key, f"{purpose}\x00{value}".encode(), hashlib.sha256).hexdigest()


def same(one: str, other: str) -> bool:
    """Compare two digests without telling by the time it takes where they differ."""
    return hmac.compare_digest(one, other)


def seal(purpose: str, value: str) -> str:
    """Encipher a secret that we must be able to read again; `purpose` gives it a key of its own."""
    return _cipher(purpose).encrypt(value.encode()).decode()


def unseal(purpose: str, sealed: str) -> str:
    """Return what was enciphered; raises InvalidToken for another key or purpose."""
    return _cipher(purpose).decrypt(sealed.encode()).decode()


def _cipher(purpose: str) -> Fernet:
    key = str(current_app.config["SECRET_KEY"]).encode()
    drawn = HKDF(algorithm=SHA256(), length=32, salt=None, info=f"seal {purpose}".encode())
    return Fernet(base64.urlsafe_b64encode(drawn.derive(key)))
