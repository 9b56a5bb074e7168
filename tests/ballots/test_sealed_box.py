"""The script that seals on the phone, against libsodium itself."""

import gzip
import hashlib
import json
from base64 import b64decode, b64encode

import pytest
from nacl.bindings import crypto_box, crypto_scalarmult_base
from nacl.encoding import RawEncoder
from nacl.hash import blake2b
from nacl.signing import SigningKey

from portal.ballots import scripts, sealing
from portal.core.pages import PUBLIC_STATIC

BOX = PUBLIC_STATIC / "vendor" / "sealed_box.js"
MANIFEST = "ab" * 32
SEAL = """([plain, key]) => {
  const bytes = (text) => Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0));
  return btoa(String.fromCharCode(...sealedBox.seal(bytes(plain), bytes(key))));
}"""
KNOWN = "3f89989edeae790a7734dbf62857324bce052a65dbfa39306e94756650f5f752"


@pytest.fixture(scope="module")
def page(chromium):
    """A page with the shipped script and nothing else."""
    page = chromium.new_page()
    page.add_script_tag(path=BOX)
    yield page
    page.close()


def sealed(page, plain, public_key):
    text = page.evaluate(SEAL, [b64encode(plain).decode(), b64encode(public_key).decode()])
    return b64decode(text)


def test_what_the_phone_seals_libsodium_opens(page):
    key = sealing.make_key()
    envelopes = set()
    for values in [(1, 0, 0), (0, 0, 1), (2, 1, 3), (255,) * 94] * 3:
        paper = sealing.write_paper(MANIFEST, values)
        envelope = sealed(page, paper, bytes.fromhex(key.public))
        assert len(envelope) == sealing.ENVELOPE_LENGTH
        plain = sealing.open_box(envelope, key.private)
        assert sealing.read_paper(plain, MANIFEST, options=len(values)) == values
        envelopes.add(envelope)
    assert len(envelopes) == 12


def test_the_phone_seals_to_the_byte_as_libsodium_does(page):
    """With the same sender's key: drawn on the page, where chance is replaced by what is known."""
    secret, receiver = bytes(range(32)), bytes(range(100, 132))
    public, own = crypto_scalarmult_base(receiver), crypto_scalarmult_base(secret)
    plain = bytes(i * 7 % 256 for i in range(128))
    nonce = blake2b(own + public, digest_size=24, encoder=RawEncoder)
    expected = own + crypto_box(plain, nonce, public, secret)
    page.evaluate(
        "() => { window.chance = crypto.getRandomValues;"
        " crypto.getRandomValues = (some) => (some.set(some.map((_, at) => at)), some); }"
    )
    try:
        envelope = sealed(page, plain, public)
    finally:
        page.evaluate("() => { crypto.getRandomValues = window.chance; }")
    assert envelope == expected
    assert hashlib.sha256(envelope).hexdigest() == KNOWN
    assert sealing.open_box(envelope, receiver) == plain


def test_the_phone_knows_our_signature(page):
    signer = SigningKey.generate()
    message, other = b"promise|" + b"a" * 129, b"promise|" + b"b" * 129
    signature = signer.sign(message).signature
    check = "([m, s, k]) => sealedBox.isSigned(...[m, s, k].map((some) => Uint8Array.from(some)))"
    key = list(bytes(signer.verify_key))
    assert page.evaluate(check, [list(message), list(signature), key]) is True
    assert page.evaluate(check, [list(other), list(signature), key]) is False


def test_it_is_small_and_only_its_own_source_is_built_into_it():
    assert len(gzip.compress(BOX.read_bytes(), 9)) < 10_000
    frontend = PUBLIC_STATIC.parent / "frontend"
    locked = json.loads((frontend / "package-lock.json").read_text())["packages"]
    assert {name for name in ("tweetnacl", "blakejs") if f"node_modules/{name}" in locked} == {
        "tweetnacl",
        "blakejs",
    }
    for name in ("tweetnacl", "blakejs"):
        assert (PUBLIC_STATIC / "vendor" / f"{name}.LICENSE.txt").stat().st_size > 500


def test_the_digest_in_the_manifest_is_of_the_scripts_that_are_served():
    listed = "".join(
        f"{hashlib.sha256((PUBLIC_STATIC / path).read_bytes()).hexdigest()}  {path}\n"
        for path in scripts.SEALED
    )
    assert scripts.script_sha256() == hashlib.sha256(listed.encode()).hexdigest()
    for path in scripts.SEALED:
        named = b64decode(scripts.integrity(path).removeprefix("sha256-"))
        assert named.hex() == scripts.digests()[path]
