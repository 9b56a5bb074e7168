"""The house's signature (Ed25519): whoever has the public key can check what the house promised."""

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from flask import current_app


def sign(message: bytes) -> str:
    """Return the house's signature of a message, in hexadecimal."""
    return _key().sign(message).hex()


def public_key() -> str:
    """Return the key with which anybody checks our signatures, in hexadecimal."""
    return _key().public_key().public_bytes_raw().hex()


def known_keys() -> list[str]:
    """Return every key that ever signed for this house: the present one, then the earlier ones."""
    return [public_key(), *current_app.config["SETTINGS"].earlier_record_keys]


def is_signed(message: bytes, signature: str) -> bool:
    """Tell whether this house signed this message, with its present key or an earlier one."""
    return any(is_signed_by(key, message, signature) for key in known_keys())


def is_signed_by(key: str, message: bytes, signature: str) -> bool:
    """Tell whether the holder of a public key signed this message."""
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(key)).verify(
            bytes.fromhex(signature), message
        )
    except (ValueError, InvalidSignature):
        return False
    return True


def _key() -> Ed25519PrivateKey:
    seed = current_app.config["SETTINGS"].record_key.get_secret_value()
    return Ed25519PrivateKey.from_private_bytes(bytes.fromhex(seed))
