"""How entries of the public record hang together, and how one sees that they do not. Pure."""

import hashlib
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

FIRST_PREVIOUS = "0" * 64
SHORTEST_DIGEST = 12
SHORT_DIGEST = 16
_CHECKPOINT = re.compile(
    r"(?P<origin>\S+)\n(?P<log>\S+)\n(?P<size>[1-9][0-9]{0,9})\n(?P<root>[0-9a-f]{64})\n"
)
_DIGEST = re.compile(r"[0-9a-f]{64}")


class NotACheckpoint(ValueError):
    """A text is none that the house signs."""


class Refusal(StrEnum):
    """Why nothing can be compared; views.py has the words."""

    NOTHING_GIVEN = "nothing-given"
    NOT_A_DIGEST = "not-a-digest"
    FILE_TOO_LARGE = "file-too-large"
    NOT_CONTINUED = "not-continued"


class Fault(StrEnum):
    """What is wrong with a record."""

    NUMBER_MISSING = "number-missing"
    PREVIOUS_DIFFERS = "previous-differs"
    ENTRY_CHANGED = "entry-changed"
    FILE_CHANGED = "file-changed"
    FILE_MISSING = "file-missing"
    FILE_NOT_RECORDED = "file-not-recorded"
    CONTENT_CHANGED = "content-changed"
    NO_KEEPER = "no-keeper"


class TreeFault(StrEnum):
    """What is wrong with a log, its tree or what was signed of it."""

    LEAF_MISSING = "leaf-missing"
    SHORTER = "shorter-than-signed"
    ROOT_DIFFERS = "root-differs"
    NODE_CHANGED = "node-changed"
    NOT_SIGNED = "not-signed"


@dataclass(frozen=True)
class Break:
    """One thing that is wrong, at which number of the record."""

    number: int
    fault: Fault


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One entry as plain values; `previous_sha256` is the leaf of the entry before."""

    village_code: str
    number: int
    kind: str
    subject: str
    content_sha256: str
    file_sha256: str
    previous_sha256: str
    created_at: datetime


@dataclass(frozen=True)
class Kept:
    """A file that some feature keeps, under the number it was recorded with, hashed just now."""

    number: int
    content_sha256: str
    file_sha256: str


def canonical(entry: Entry) -> bytes:
    """Return what is hashed: JSON, keys sorted, no spaces, UTF-8, time as ISO 8601 in UTC."""
    facts = {
        "content_sha256": entry.content_sha256,
        "created_at": entry.created_at.isoformat(timespec="microseconds"),
        "file_sha256": entry.file_sha256,
        "kind": entry.kind,
        "number": entry.number,
        "previous_sha256": entry.previous_sha256,
        "subject": entry.subject,
        "village": entry.village_code,
    }
    return json.dumps(facts, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def leaf_of(entry: Entry) -> str:
    """Return the entry's hash, SHA-256(00 ‖ entry), as RFC 6962 section 2.1 hashes a tree's leaf.

    Each entry holds the hash of the one before, which makes the record a chain; the same hashes are
    the leaves of its Merkle tree (tree.py).
    """
    return hashlib.sha256(b"\x00" + canonical(entry)).hexdigest()


def checkpoint_text(*, origin: str, log: str, size: int, root: str) -> str:
    """Return what the house signs of a log: whose it is, its name, its length and its root."""
    return f"{origin}\n{log}\n{size}\n{root}\n"


def read_checkpoint(text: str) -> tuple[str, str, int, str]:
    """Return the origin, log, size and root of a checkpoint's text, or raise NotACheckpoint."""
    found = _CHECKPOINT.fullmatch(text)
    if not found:
        raise NotACheckpoint(text)
    return found["origin"], found["log"], int(found["size"]), found["root"]


def why_broken(
    entries: Iterable[tuple[Entry, str]], *, first: int = 1, previous: str = FIRST_PREVIOUS
) -> Break | None:
    """Return the first fault of a chain given in its order with its stored leaves, or None.

    A chain that begins in the middle needs its first number, and the leaf before it.
    """
    for expected, (entry, leaf) in enumerate(entries, start=first):
        if entry.number != expected:
            return Break(expected, Fault.NUMBER_MISSING)
        if entry.previous_sha256 != previous:
            return Break(expected, Fault.PREVIOUS_DIFFERS)
        if leaf_of(entry) != leaf:
            return Break(expected, Fault.ENTRY_CHANGED)
        previous = leaf
    return None


def files_broken(entries: Iterable[Entry], kept: Iterable[Kept]) -> list[Break]:
    """Return what differs between the record and the files as they lie here now."""
    files = {file.number: file for file in kept}
    found = []
    for entry in entries:
        file = files.pop(entry.number, None)
        if file is None:
            found.append(Break(entry.number, Fault.FILE_MISSING))
        elif file.file_sha256 != entry.file_sha256:
            found.append(Break(entry.number, Fault.FILE_CHANGED))
        elif file.content_sha256 != entry.content_sha256:
            found.append(Break(entry.number, Fault.CONTENT_CHANGED))
    found += [Break(number, Fault.FILE_NOT_RECORDED) for number in sorted(files)]
    return found


def as_digest(text: str) -> str | None:
    """Return a pasted digest without spaces, in small letters; None if it is none."""
    plain = re.sub(r"[\s:-]", "", text).lower().removeprefix("sha256")
    return plain if _DIGEST.fullmatch(plain) else None


def as_beginning(text: str) -> str | None:
    """Return a digest, or its first 16 signs or more, without spaces; None if it is none."""
    plain = re.sub(r"[\s:-]", "", text).lower()
    return plain if len(plain) >= SHORT_DIGEST and is_prefix(plain) else None


_MENTIONED = re.compile(rb"(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])")
_ENDS = re.compile(rb"%%EOF[ \t]*(?:\r\n|\r|\n)?")
MOST_ENDS = 20


def digests_in(content: bytes) -> list[str]:
    """Return the digests that a file mentions in plain letters, each once."""
    return list(dict.fromkeys(found.decode() for found in _MENTIONED.findall(content)))[:MOST_ENDS]


def beginnings_of(content: bytes) -> list[str]:
    """Return the digests of the beginnings of a PDF: what it was before something was added.

    A PDF that is changed in the usual way keeps its earlier bytes and gets more behind them.
    """
    hashed, at, found = hashlib.sha256(), 0, []
    for end in list(_ENDS.finditer(content))[:MOST_ENDS]:
        hashed.update(content[at : end.end()])
        at = end.end()
        if at < len(content):
            found.append(hashed.hexdigest())
    return found


def is_prefix(text: str) -> bool:
    """Tell whether this can be the beginning of a digest, long enough to mean one only."""
    return SHORTEST_DIGEST <= len(text) <= 64 and re.fullmatch("[0-9a-f]+", text) is not None


def short(digest: str) -> str:
    """Return the part of a digest that stands in an address that people may have to type."""
    return digest[:SHORT_DIGEST]
