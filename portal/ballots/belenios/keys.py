"""The key of an election, made by three trustees so that any two open it and nobody has it whole.

Three rounds: each makes a certificate, each shares (needs all certificates), each receives (needs
all shares). Whoever has the certificate's secret, 22 letters, needs nothing else. Pure.
"""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256

from portal.ballots.belenios.election import GROUP
from portal.ballots.belenios.tool import Absent, Bench, Failed, bench

TRUSTEES, NEEDED = 3, 2
STEP = ("setup", "generate-trustee-key-threshold", *GROUP)
OF_CERTIFICATES = (*STEP, "--certs", "certs", "--step")
WITH_SHARES = ("--polynomials", "shares")


@dataclass(frozen=True)
class NewKey:
    """A trustee's own secret, to be written down, and the certificate that everybody may see."""

    secret: str
    certificate: str


@dataclass(frozen=True)
class Received:
    """What a trustee has after the last round. `sealed` opens with the trustee's secret alone."""

    sealed: str
    output: str


def make_key() -> NewKey:
    """Round 1: make one trustee's secret and certificate."""
    with bench() as desk:
        desk.run(*STEP, "--step", "1")
        (secret,), (certificate,) = desk.find(".key"), desk.find(".cert")
        return NewKey(desk.take(secret).strip(), desk.take(certificate).strip())


def is_secret_of(certificate: str, secret: str) -> bool:
    """Tell whether this is the secret of that certificate: its holder has it written down."""
    try:
        share([certificate], secret)
    except Absent:
        raise
    except Failed:
        return False
    return True


def share(certificates: Sequence[str], secret: str) -> str:
    """Round 2: return what this trustee shares; Failed if the secret is of no certificate here."""
    with _certified(certificates) as desk:
        desk.run(*OF_CERTIFICATES, "2")
        desk.put("secret", secret)
        wanted = ("--key", "secret", "--threshold", str(NEEDED))
        return desk.run(*OF_CERTIFICATES, "3", *wanted).strip()


def receive(certificates: Sequence[str], shares: Sequence[str], secret: str, own: str) -> Received:
    """Round 3: return what the trustee with this `own` certificate has received and checked."""
    with _certified(certificates, shares) as desk:
        desk.run(*OF_CERTIFICATES, "4", *WITH_SHARES)
        given = desk.take(f"{_name_of(own)}.vinput")
        desk.put("secret", secret)
        output = desk.run(*OF_CERTIFICATES, "5", "--key", "secret", given=given).strip()
        return Received(json.loads(output)["private_key"], output)


def finish(certificates: Sequence[str], shares: Sequence[str], outputs: Sequence[str]) -> str:
    """Return the election's threshold key from what all trustees have received."""
    with _certified(certificates, shares) as desk:
        return desk.run(*OF_CERTIFICATES, "6", *WITH_SHARES, given=_lines(outputs)).strip()


@contextmanager
def _certified(certificates: Sequence[str], shares: Sequence[str] = ()) -> Iterator[Bench]:
    with bench() as desk:
        desk.put("certs", _lines(certificates))
        desk.put("shares", _lines(shares))
        yield desk


def _name_of(certificate: str) -> str:
    return sha256(json.loads(certificate)["message"].encode()).hexdigest()


def _lines(texts: Sequence[str]) -> str:
    return "".join(f"{text}\n" for text in texts)
