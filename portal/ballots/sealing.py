"""Sealed papers: 128 bytes within, 176 without, and the key that opens them, in three shares.

The envelope is libsodium's sealed box, the shares are SLIP-39 words, two of three. Pure: nothing
here reads or keeps anything; the key lives in the caller's memory and nowhere else.
"""

import hashlib
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import shamir_mnemonic
from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, PublicKey, SealedBox
from shamir_mnemonic import wordlist
from shamir_mnemonic.constants import CUSTOMIZATION_STRING_EXTENDABLE, RADIX_BITS
from shamir_mnemonic.rs1024 import _polymod
from shamir_mnemonic.share import Share
from shamir_mnemonic.utils import MnemonicError

from portal.ballots.rules import MOST_SEALED

FORM = 1
"""The first byte of every paper: which form it is written in."""
MANIFEST_LENGTH = 16
PLAIN_LENGTH = 128
ENVELOPE_LENGTH = 176
MOST_VALUES = MOST_SEALED
"""Leaves at least 16 random bytes, so that equal choices are never equal papers."""
_HEAD = 1 + MANIFEST_LENGTH + 1

HOLDERS = 3
NEEDED = 2
WORDS = 33
"""So many words has one share of a key."""
_BEGINNING = 4
_BY_BEGINNING = {word[:_BEGINNING]: word for word in wordlist.WORDLIST}
"""No two words of the list begin with the same four letters."""


class Flaw(StrEnum):
    """Why a paper from the urn is spoiled: it counts as handed in, and for nothing."""

    NOT_OPENED = "not-opened"
    LENGTH = "length"
    FORM = "form"
    OTHER_BALLOT = "other-ballot"
    VALUES = "values"


class Spoiled(ValueError):
    """A paper that cannot be counted, with its flaw."""

    def __init__(self, flaw: Flaw) -> None:
        super().__init__(flaw.value)
        self.flaw = flaw


class Slip(StrEnum):
    """What is wrong with the words that holders have typed."""

    UNKNOWN_WORD = "unknown-word"
    WORD_COUNT = "word-count"
    WRONG_WORD = "wrong-word"
    WRONG_WORDS = "wrong-words"
    OTHER_BALLOT = "other-ballot"
    SAME_SHARE = "same-share"
    TOO_FEW = "too-few"


class WrongShare(ValueError):
    """Words that open nothing: which share (1 is the first typed), which word, and what is wrong.

    `count` is how many words there are.
    """

    def __init__(self, slip: Slip, *, share: int = 0, word: int = 0, count: int = 0) -> None:
        super().__init__(slip.value)
        self.slip, self.share, self.word, self.count = slip, share, word, count


@dataclass(frozen=True, repr=False)
class KeyPair:
    """The key of one ballot. `private` never leaves memory but as shares; it is not shown."""

    private: bytes
    public: str


def write_paper(manifest_sha256: str, values: Sequence[int]) -> bytes:
    """Return the 128 bytes that go into an envelope; ValueError for what no paper holds."""
    if not 1 <= len(values) <= MOST_VALUES:
        raise ValueError(f"a sealed paper holds 1 to {MOST_VALUES} values")
    head = bytes([FORM]) + bytes.fromhex(manifest_sha256)[:MANIFEST_LENGTH]
    written = head + bytes([len(values)]) + bytes(values)
    return written + secrets.token_bytes(PLAIN_LENGTH - len(written))


def read_paper(plain: bytes, manifest_sha256: str, *, options: int) -> tuple[int, ...]:
    """Return the values on a paper, one for each option; raise Spoiled for anything odd."""
    if len(plain) != PLAIN_LENGTH:
        raise Spoiled(Flaw.LENGTH)
    if plain[0] != FORM:
        raise Spoiled(Flaw.FORM)
    if plain[1 : _HEAD - 1] != bytes.fromhex(manifest_sha256)[:MANIFEST_LENGTH]:
        raise Spoiled(Flaw.OTHER_BALLOT)
    count = plain[_HEAD - 1]
    if count != options or count > MOST_VALUES:
        raise Spoiled(Flaw.VALUES)
    return tuple(plain[_HEAD : _HEAD + count])


def seal(plain: bytes, public_key: str) -> bytes:
    """Put a paper into an envelope that only the ballot's key opens."""
    return SealedBox(PublicKey(bytes.fromhex(public_key))).encrypt(plain)


def open_box(envelope: bytes, private_key: bytes) -> bytes:
    """Return what is in an envelope; raise Spoiled where this key does not open it."""
    try:
        return SealedBox(PrivateKey(private_key)).decrypt(envelope)
    except (CryptoError, ValueError) as error:  # the latter: shorter than any envelope
        raise Spoiled(Flaw.NOT_OPENED) from error


def digest(envelope: bytes) -> str:
    """Return the digest an envelope is known by: in the urn, on the receipt, in the log."""
    return hashlib.sha256(envelope).hexdigest()


def make_key() -> KeyPair:
    """Draw a new key."""
    private = PrivateKey.generate()
    return KeyPair(bytes(private), bytes(private.public_key).hex())


def public_key_of(private_key: bytes) -> str:
    """Return the public half of a key."""
    return bytes(PrivateKey(private_key).public_key).hex()


def split(private_key: bytes) -> list[str]:
    """Return the three shares of a key, 33 words each; any two of them make it whole again."""
    (shares,) = shamir_mnemonic.generate_mnemonics(1, [(NEEDED, HOLDERS)], private_key)
    return shares


def share_digest(words: str) -> str:
    """Return the digest by which the words of one holder are known again."""
    return hashlib.sha256(plain_words(words).encode()).hexdigest()


def plain_words(typed: str) -> str:
    """Return words as they stand on the slip: small letters, no numbers, whole where begun."""
    letters = "".join(c if c.isalpha() else " " for c in typed.lower())
    return " ".join(_BY_BEGINNING.get(word[:_BEGINNING], word) for word in letters.split())


def combine(shares: Sequence[str], *, known: Mapping[str, int], public_key: str) -> bytes:
    """Return the private key made of two holders' words, or raise WrongShare.

    `known` are the digests of this ballot's shares with their holders' positions.
    """
    plain = [read_share(words, number=n) for n, words in enumerate(shares, start=1)]
    for number, words in enumerate(plain, start=1):
        if share_digest(words) not in known:
            raise WrongShare(Slip.OTHER_BALLOT, share=number)
    if len(set(plain)) < len(plain):
        raise WrongShare(Slip.SAME_SHARE, share=len(plain))
    if len(plain) < NEEDED:
        raise WrongShare(Slip.TOO_FEW)
    try:
        private = shamir_mnemonic.combine_mnemonics(plain[:NEEDED])
    except MnemonicError as error:  # each is whole, and together they are not
        raise WrongShare(Slip.OTHER_BALLOT) from error
    if public_key_of(private) != public_key:
        raise WrongShare(Slip.OTHER_BALLOT)
    return private


def read_share(typed: str, *, number: int) -> str:
    """Return one share in plain words, or raise WrongShare that tells which word is wrong."""
    words = plain_words(typed).split()
    for place, word in enumerate(words, start=1):
        if word not in wordlist.WORD_INDEX_MAP:
            raise WrongShare(Slip.UNKNOWN_WORD, share=number, word=place)
    if len(words) != WORDS:
        raise WrongShare(Slip.WORD_COUNT, share=number, count=len(words))
    try:
        Share.from_mnemonic(" ".join(words))
    except MnemonicError as error:
        place = wrong_word([wordlist.WORD_INDEX_MAP[word] for word in words])
        slip = Slip.WRONG_WORD if place else Slip.WRONG_WORDS
        raise WrongShare(slip, share=number, word=place) from error
    return " ".join(words)


def wrong_word(indices: Sequence[int]) -> int:
    """Return which word (1 is the first) alone is wrong, or 0 where more than one must be.

    The three words of the checksum are a Reed-Solomon code of distance four: one wrong word leaves
    a trace that no other single word leaves. The checksum is linear, so ten traces tell a word.
    """
    custom = list(CUSTOMIZATION_STRING_EXTENDABLE)
    trace = _polymod([*custom, *indices]) ^ 1
    untouched = _polymod([*custom, *[0] * len(indices)])
    for place in range(len(indices)):
        traces = {0}
        for bit in range(RADIX_BITS):
            only = [0] * len(indices)
            only[place] = 1 << bit
            one = _polymod([*custom, *only]) ^ untouched
            traces |= {known ^ one for known in traces}
        if trace in traces:
            return place + 1
    return 0
