"""A passkey in software: signs what it is asked, or, where a test wants it, something else."""

import hashlib
import json
import os
from dataclasses import dataclass, field

import cbor2
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from webauthn.helpers import bytes_to_base64url

PRESENT, VERIFIED, NEW = 0x01, 0x04, 0x40


@dataclass
class Key:
    """One passkey of one person at one house."""

    origin: str = "https://village.example"
    host: str = "village.example"
    flags: int = PRESENT | VERIFIED
    count: int = 0
    id: bytes = field(default_factory=lambda: os.urandom(32))
    secret: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )

    def make(self, options: dict, **other) -> str:
        """Answer to being asked for a new passkey; `other` replaces what is said."""
        numbers = self.secret.public_key().public_numbers()
        public = {1: 2, 3: -7, -1: 1, -2: _32(numbers.x), -3: _32(numbers.y)}
        new = bytes(16) + len(self.id).to_bytes(2, "big") + self.id + cbor2.dumps(public)
        data = self._data(self.flags | NEW) + new
        said = self._said("webauthn.create", options, other)
        attested = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})
        return self._answer(clientDataJSON=said, attestationObject=attested)

    def sign(self, options: dict, **other) -> str:
        """Answer to being asked to sign; `other` replaces what is said."""
        self.count += 1
        data = self._data(self.flags)
        said = self._said("webauthn.get", options, other)
        signed = self.secret.sign(data + hashlib.sha256(said).digest(), ec.ECDSA(SHA256()))
        return self._answer(clientDataJSON=said, authenticatorData=data, signature=signed)

    def _data(self, flags: int) -> bytes:
        host = hashlib.sha256(self.host.encode()).digest()
        return host + bytes([flags]) + self.count.to_bytes(4, "big")

    def _said(self, kind: str, options: dict, other: dict) -> bytes:
        said = {"type": kind, "challenge": options["challenge"], "origin": self.origin} | other
        return json.dumps(said).encode()

    def _answer(self, **response: bytes) -> str:
        name = bytes_to_base64url(self.id)
        said = {part: bytes_to_base64url(value) for part, value in response.items()}
        return json.dumps(
            {
                "id": name,
                "rawId": name,
                "type": "public-key",
                "response": said,
                "clientExtensionResults": {},
            }
        )


def _32(number: int) -> bytes:
    return number.to_bytes(32, "big")
